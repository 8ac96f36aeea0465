//! Documents over HTTPS: within a time and a size, and from the host that the user named.

use crate::transport::{Outage, whole};
use http::StatusCode;
use http::header::{ACCEPT, ACCEPT_ENCODING, LOCATION, USER_AGENT};
use reqwest::Url;
use reqwest::redirect::{Attempt, Policy};
use std::fmt;
use std::time::{Duration, Instant};
use vigie::clients::{http_builder, is_here};

/// For one file, from the first packet to the last byte.
const FOR_FILE: Duration = Duration::from_secs(60);
/// For a document and all its files.
const FOR_ALL: Duration = Duration::from_secs(300);
/// Redirects on one host that are followed.
const MOST_REDIRECTS: usize = 3;
/// Who asks: some hosts refuse requests without a name.
const AGENT: &str = concat!("vigie/", env!("CARGO_PKG_VERSION"), " (", env!("CARGO_PKG_REPOSITORY"), ")");

/// One origin (scheme, host and port) that documents are read from.
pub(crate) struct Site {
    client: reqwest::Client,
    /// The commands that read documents have no runtime of their own.
    runtime: tokio::runtime::Runtime,
    origin: url::Origin,
    for_file: Duration,
    until: Instant,
}

impl fmt::Debug for Site {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Site({})", self.origin.ascii_serialization())
    }
}

/// Whether a name is an address on the web, and not that of a file.
pub(crate) fn is_url(name: &str) -> bool {
    let scheme = name.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
    scheme.is_some_and(|scheme| ["http", "https"].contains(&scheme.as_str()))
}

/// An address that may be asked. The reason never has the address in it: there may be a secret in that.
pub(crate) fn address(name: &str) -> Result<Url, String> {
    let mut url = Url::parse(name).map_err(|error| format!("not a URL: {error}"))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(
            "the URL has a user or a password; documents are read without. Download it, and name the file".into()
        );
    }
    if url.scheme() != "https" && !is_here(&url) {
        return Err("documents are read over https; http is for this machine alone".into());
    }
    url.set_fragment(None);
    Ok(url)
}

/// An address as messages show it: the query may have a key in it.
pub(crate) fn shown(url: &Url) -> String {
    let mut shown = url.clone();
    // What is no base for other addresses has no user and no host.
    let is_plain = shown.set_username("").is_ok() && shown.set_password(None).is_ok();
    shown.set_query(None);
    shown.set_fragment(None);
    if is_plain { shown.to_string() } else { "another address".to_owned() }
}

impl Site {
    /// The origin of an address.
    pub(crate) fn of(url: &Url) -> Result<Self, String> {
        Self::within(url, FOR_FILE, FOR_ALL)
    }

    fn within(url: &Url, for_file: Duration, for_all: Duration) -> Result<Self, String> {
        let origin = url.origin();
        let stays = origin.clone();
        let policy = Policy::custom(move |attempt: Attempt<'_>| {
            let is_followed = attempt.url().origin() == stays && attempt.previous().len() <= MOST_REDIRECTS;
            if is_followed { attempt.follow() } else { attempt.stop() }
        });
        let client = http_builder(url, for_file).redirect(policy).build();
        let client = client.map_err(|error| format!("no HTTP client: {}", error.without_url()))?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| format!("the async runtime did not start: {error}"))?;
        Ok(Self { client, runtime, origin, for_file, until: Instant::now() + for_all })
    }

    /// What an address of this origin answers, and where it was in the end.
    pub(crate) fn get(&self, url: &Url, most: u64) -> Result<(Url, Vec<u8>), String> {
        if url.origin() != self.origin {
            return Err("it is on another host than the document".into());
        }
        let left = self.until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err("the files of the document took too long".into());
        }
        let time = self.for_file.min(left);
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let request = self.client.get(url.clone()).timeout(time).header(USER_AGENT, AGENT);
        let request = request.header(ACCEPT, "*/*").header(ACCEPT_ENCODING, "gzip");
        let answer = async {
            let response = request.send().await?;
            if response.status() != StatusCode::OK {
                return Ok(Err(refusal(&response)));
            }
            let end = response.url().clone();
            Ok(Ok((end, whole(response, most).await?)))
        };
        let answer: Result<_, Outage> = self.runtime.block_on(answer);
        let (end, body) = answer.map_err(|outage| reason(&outage, time))??;
        // A login answers with success, and as anything: neither YAML nor JSON nor GraphQL begins so.
        if body.trim_ascii_start().first() == Some(&b'<') {
            return Err("it answers with a web page, not with a document; is there a login before it?".into());
        }
        Ok((end, body.into()))
    }
}

/// What an answer that is no success says.
fn refusal(response: &reqwest::Response) -> String {
    let status = response.status();
    let location = response.headers().get(LOCATION).and_then(|place| place.to_str().ok());
    let place = location.and_then(|place| response.url().join(place).ok());
    match (status, place) {
        (status, Some(place)) if status.is_redirection() && place.origin() == response.url().origin() => {
            format!("status {}, redirected more than {MOST_REDIRECTS} times", status.as_u16())
        }
        (status, Some(place)) if status.is_redirection() => {
            format!("status {}, redirected to {}; if it moved there, name that URL", status.as_u16(), shown(&place))
        }
        (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN, _) => {
            format!("status {}: vigie sends no credentials. Download it, and name the file", status.as_u16())
        }
        (StatusCode::NOT_FOUND | StatusCode::GONE, _) => format!("status {}: nothing is there", status.as_u16()),
        (status, _) => format!("status {}", status.as_u16()),
    }
}

fn reason(outage: &Outage, time: Duration) -> String {
    match outage {
        Outage::Timeout | Outage::Unreachable => format!("no complete answer within {time:.0?}"),
        Outage::TooLarge(most) if *most >= 1 << 20 => format!("larger than {} MiB", most >> 20),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Site, Url, address, is_url, shown};
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::time::Duration;

    #[test]
    fn an_answer_that_does_not_come_or_drips_is_given_up() {
        for drips in [false, true] {
            let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
            let url = format!("http://{}/api.yml", listener.local_addr().expect("it has one"));
            std::thread::spawn(move || {
                let (mut stream, _) = listener.accept().expect("it is asked");
                let mut head = [0; 1024];
                assert!(stream.read(&mut head).is_ok_and(|count| count > 0), "it asks");
                let mut said = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
                while said.is_ok() {
                    std::thread::sleep(Duration::from_millis(5));
                    said = if drips { stream.write_all(b"#") } else { Ok(()) };
                }
            });
            let url = address(&url).expect("it may be asked");
            let site = Site::within(&url, Duration::from_millis(100), Duration::from_millis(150)).expect("a client");
            assert_eq!(site.get(&url, 1 << 20).expect_err("too slow"), "no complete answer within 100ms");
            std::thread::sleep(Duration::from_millis(60));
            assert_eq!(site.get(&url, 1 << 20).expect_err("late"), "the files of the document took too long");
        }
    }

    #[test]
    fn no_other_host_is_asked_and_no_address_with_a_password() {
        let url = address("https://docs.example/api.yml#/info").expect("it may be asked");
        assert_eq!(url.as_str(), "https://docs.example/api.yml");
        let site = Site::of(&url).expect("a client");
        for other in ["https://other.example/a.yml", "https://docs.example:444/a.yml", "http://docs.example/a.yml"] {
            let other = Url::parse(other).expect("a URL");
            assert!(site.get(&other, 1).expect_err("refused").contains("another host"), "{other}");
        }
        for (name, reason) in [
            ("https://me:s3cret@docs.example/a.yml", "a user or a password"),
            ("https://s3cret@docs.example/a.yml", "a user or a password"),
            ("http://docs.example/a.yml?key=s3cret", "over https"),
            ("https://?s3cret", "not a URL"),
        ] {
            let error = address(name).expect_err("refused");
            assert!(error.contains(reason) && !error.contains("s3cret"), "{error}");
        }
        assert!(address("http://[::1]:8080/a.yml").is_ok());
    }

    #[test]
    fn a_query_is_not_shown() {
        let url = Url::parse("https://me:s3cret@docs.example/a.yml?key=s3cret#s3cret").expect("a URL");
        assert_eq!(shown(&url), "https://docs.example/a.yml");
        assert_eq!(shown(&Url::parse("data:s3cret").expect("a URL")), "another address");
    }

    #[test]
    fn only_what_names_a_host_is_an_address() {
        assert!(is_url("HTTPS://docs.example/a.yml") && is_url("http://localhost/"));
        assert!(!is_url("HEAD:api.yml") && !is_url("https:api.yml") && !is_url("ftp://docs.example/a.yml"));
    }
}
