//! Calls back: the handshake of a new webhook, and events. Only to loopback addresses, whatever is asked.

use super::state::Delivery;
use reqwest::Url;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::OnceLock;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// How long a subscriber may take, in seconds.
const SECONDS: u64 = 5;
/// An answer's header with the seconds that it has taken on the sandbox's clock, which stands still.
pub(super) const TOOK: &str = "vigie-seconds";
/// How many events may wait in a session.
const WAITING: usize = 256;
/// The longest answer of a subscriber that is read.
const LONGEST: usize = 4 << 10;
/// How often an event is tried: once, and once more.
const TRIES: usize = 2;

/// What the callbacks of a session is asked.
#[derive(Debug)]
pub(super) enum Errand {
    /// An event.
    Deliver(Delivery),
    /// Word when everything before this is done.
    Rest(oneshot::Sender<()>),
}

/// Whether a URL stays on this machine: an address of it, or `localhost`.
pub(super) fn is_loopback(url: &Url) -> bool {
    let Some(host) = url.host_str().filter(|_| ["http", "https"].contains(&url.scheme())) else { return false };
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// The way to a session's callbacks, and the errands that it takes.
pub(super) fn errands() -> (mpsc::Sender<Errand>, mpsc::Receiver<Errand>) {
    mpsc::channel(WAITING)
}

/// Does the errands of a session in order, until the session is gone. A webhook whose subscriber does not acknowledge is
/// switched off.
pub(super) async fn work(mut errands: mpsc::Receiver<Errand>, switch_off: impl Fn(&str)) {
    while let Some(errand) = errands.recv().await {
        match errand {
            Errand::Deliver(delivery) => {
                if !delivered(&delivery).await {
                    switch_off(&delivery.webhook);
                }
            }
            // Nobody may wait for it any more.
            Errand::Rest(done) => drop(done.send(())),
        }
    }
}

/// Asks a URL whether it takes part: it has to answer with the token, as plain text, in time.
pub(super) async fn takes_part(url: &Url, token: &str) -> bool {
    let Some(client) = client().filter(|_| is_loopback(url)) else { return false };
    let mut url = url.clone();
    url.query_pairs_mut().append_pair("validationToken", token);
    let answered = async {
        let mut response = client.get(url).send().await.ok()?;
        let took = response.headers().get(TOOK).and_then(|took| took.to_str().ok()?.parse::<u64>().ok());
        if !response.status().is_success() || took.is_some_and(|took| took > SECONDS) {
            return None;
        }
        let mut text = Vec::new();
        while let Some(bytes) = response.chunk().await.ok()? {
            text.extend_from_slice(&bytes);
            if text.len() > LONGEST {
                return None;
            }
        }
        Some(text == token.as_bytes())
    };
    answered.await.unwrap_or(false)
}

async fn delivered(delivery: &Delivery) -> bool {
    for _ in 0..TRIES {
        if acknowledged(delivery).await {
            // At least once may be twice: the subscriber asked for it.
            return !delivery.twice || acknowledged(delivery).await;
        }
    }
    false
}

async fn acknowledged(delivery: &Delivery) -> bool {
    let Some(client) = client().filter(|_| is_loopback(&delivery.url)) else { return false };
    let mut request = client.post(delivery.url.clone()).header("content-type", "application/json; charset=utf-8");
    if let Some(token) = &delivery.token {
        request = request.header("kz-callback-token", token);
    }
    request.body(delivery.body.clone()).send().await.is_ok_and(|response| response.status().is_success())
}

/// One client for every session. It follows nobody elsewhere, knows no proxy, and asks nobody where `localhost` is.
fn client() -> Option<&'static reqwest::Client> {
    static CLIENT: OnceLock<Option<reqwest::Client>> = OnceLock::new();
    let made = CLIENT.get_or_init(|| {
        // An error means that the program has chosen a provider already, which is as good.
        rustls::crypto::ring::default_provider().install_default().ok();
        let builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy();
        let builder = builder.resolve("localhost", SocketAddr::from((Ipv4Addr::LOCALHOST, 0)));
        // Several tests, and several runtimes, may share the client: a kept connection would belong to one of them.
        let builder = builder.pool_max_idle_per_host(0).timeout(Duration::from_secs(SECONDS)).tls_certs_only([]);
        builder.build().ok()
    });
    made.as_ref()
}

#[cfg(test)]
mod tests {
    use super::{is_loopback, takes_part};
    use reqwest::Url;

    fn url(text: &str) -> Url {
        Url::parse(text).expect("a URL")
    }

    #[test]
    fn only_this_machine_is_called() {
        for here in ["http://127.0.0.1:9/a", "http://localhost/", "https://127.8.8.8/", "http://[::1]:9/"] {
            assert!(is_loopback(&url(here)), "{here}");
        }
        let there = [
            "http://192.0.2.1/",
            "https://hooks.example/",
            "http://127.0.0.1.example/",
            "ftp://127.0.0.1/",
            "http://0.0.0.0/",
        ];
        for there in there {
            assert!(!is_loopback(&url(there)), "{there}");
        }
    }

    #[tokio::test]
    async fn another_machine_takes_no_part_and_is_not_asked() {
        assert!(!takes_part(&url("http://192.0.2.1/"), "token").await);
    }
}
