//! Floor 3: sends a bound request, once, and reads the answer to its end.

use crate::clients::{ConnectError, base_url as base_url_of, http_client, tap};
use crate::deviation::{Deviation, Kind};
use crate::exchange::Exchange;
use crate::scenario::{Body, Bound};
use http::HeaderMap;
use serde_json::Value;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// A way to one target, and to the hosts that it names.
#[derive(Debug)]
pub struct Transport {
    client: reqwest::Client,
    base_url: reqwest::Url,
    timeout: Duration,
    /// The client for a host that speaks TLS where the target does not.
    secure: OnceLock<reqwest::Client>,
}

/// What goes around a bound request.
#[derive(Debug, Clone, Default)]
pub struct Envelope {
    /// Where it is sent, if not to the target itself.
    pub base_url: Option<reqwest::Url>,
    /// Further headers; credentials are marked as sensitive.
    pub headers: HeaderMap,
}

/// Why there is no exchange to judge. None of these is drift.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Outage {
    /// Nobody listens there, or no way leads there.
    #[error("connection refused or unreachable")]
    Refused,
    /// The host's name resolves to no address.
    #[error("the name of the host is not known")]
    UnknownHost,
    /// No TLS came about, so nothing was sent.
    #[error("no secure connection: {0}")]
    Tls(String),
    /// No whole answer in time.
    #[error("timed out")]
    Timeout,
    /// The body is larger than so many bytes, as it came or inflated.
    #[error("the body is larger than {0} bytes")]
    TooLarge(usize),
    /// The answer broke off, or is no HTTP.
    #[error("the answer broke off: {0}")]
    Broken(String),
    /// Not sent: the target said that the token's quota is spent.
    #[error("not sent, since an earlier answer was 429")]
    Stopped,
    /// The request could not be built.
    #[error("the request could not be built: {0}")]
    Request(String),
}

impl Transport {
    /// A way to a base URL. A call that takes longer than `timeout` is an outage.
    pub fn new(base_url: &str, timeout: Duration) -> Result<Self, ConnectError> {
        let url = base_url_of(base_url)?;
        Ok(Self { client: http_client(&url, timeout)?, base_url: url, timeout, secure: OnceLock::new() })
    }

    /// The target.
    #[must_use]
    pub fn base_url(&self) -> &reqwest::Url {
        &self.base_url
    }

    fn client(&self, url: &reqwest::Url) -> Result<&reqwest::Client, ConnectError> {
        // A client for a target without TLS has loaded no certificates.
        if url.scheme() == self.base_url.scheme() || url.scheme() == "http" {
            return Ok(&self.client);
        }
        if let Some(client) = self.secure.get() {
            return Ok(client);
        }
        let client = http_client(url, self.timeout)?;
        Ok(self.secure.get_or_init(|| client))
    }

    /// Whether anybody listens, any answer will do; true if it is a vigie sandbox.
    pub async fn probe(&self) -> Result<bool, Outage> {
        let response = self.client.head(self.base_url.clone()).send().await.map_err(Outage::from)?;
        Ok(response.headers().get(http::header::SERVER).is_some_and(|server| server == crate::sandbox::SERVER))
    }

    /// Sends a request and reads its answer.
    pub async fn send(&self, bound: &Bound, envelope: &Envelope) -> Result<Exchange, Outage> {
        let base_url = envelope.base_url.as_ref().unwrap_or(&self.base_url);
        let prefix = base_url.path().trim_end_matches('/');
        let mut url = base_url.clone();
        url.set_path(&format!("{prefix}{}", bound.path));
        let unbuilt = |error: &dyn std::fmt::Display| Outage::Request(error.to_string());
        let client = self.client(base_url).map_err(|error| unbuilt(&error))?;
        let method = bound.method.parse().map_err(|error| unbuilt(&error as &http::method::InvalidMethod))?;
        let mut request = client.request(method, url).header(http::header::ACCEPT, "application/json");
        if !bound.query.is_empty() {
            request = request.query(&bound.query);
        }
        for (name, value) in &bound.headers {
            request = request.header(name, value);
        }
        if let Some((media_type, bytes)) = bound.body.as_ref().map(Body::encode) {
            request = request.header(http::header::CONTENT_TYPE, media_type).body(bytes);
        }
        for (name, value) in &envelope.headers {
            request = request.header(name, value);
        }
        exchange(client, request, prefix.len()).await
    }

    /// Sends a JSON body to a path, without credentials.
    pub async fn post(&self, path: &str, body: &Value) -> Result<Exchange, Outage> {
        let mut url = self.base_url.clone();
        let prefix = self.base_url.path().trim_end_matches('/');
        url.set_path(&format!("{prefix}{path}"));
        let request = self.client.post(url).header(http::header::ACCEPT, "application/json").json(body);
        exchange(&self.client, request, prefix.len()).await
    }
}

/// Sends a request. A path before the API's own, so many bytes, is the target's matter.
async fn exchange(
    client: &reqwest::Client,
    request: reqwest::RequestBuilder,
    prefix: usize,
) -> Result<Exchange, Outage> {
    let request = request.build().map_err(|error| Outage::Request(error.without_url().to_string()))?;
    let mut sent = tap::request_of(&request);
    sent.target.drain(..prefix);
    let start = Instant::now();
    let response = client.execute(request).await.map_err(Outage::from)?;
    let response = tap::read(response).await.map_err(Outage::from)?;
    Ok(Exchange { request: sent, response, elapsed: start.elapsed() })
}

impl Outage {
    /// The fact that a report tells.
    #[must_use]
    pub fn deviation(&self) -> Deviation {
        let kind = match self {
            Self::Refused => Kind::HostRefused,
            Self::UnknownHost => Kind::HostUnknown,
            Self::Tls(_) => Kind::TlsFailed,
            Self::Timeout => Kind::AnswerTimeout,
            Self::TooLarge(_) => Kind::AnswerTooLarge,
            Self::Broken(_) => Kind::AnswerBroken,
            Self::Stopped => Kind::RateLimited,
            Self::Request(_) => Kind::RequestUnbuilt,
        };
        Deviation::new(kind, "", "an answer", self.to_string())
    }
}

impl From<reqwest::Error> for Outage {
    fn from(error: reqwest::Error) -> Self {
        if error.is_timeout() {
            Self::Timeout
        } else if error.is_connect() {
            of_connection(&error)
        } else {
            let error = error.without_url();
            let cause = std::error::Error::source(&error).map(ToString::to_string);
            Self::Broken(cause.unwrap_or_else(|| error.to_string()))
        }
    }
}

/// Why no connection came about, by what lies below the error.
fn of_connection(error: &reqwest::Error) -> Outage {
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        if let Some(tls) = error.downcast_ref::<rustls::Error>() {
            return Outage::Tls(tls.to_string());
        }
        // What resolves names has a type of its own, which is not public.
        if error.to_string().contains("dns error") {
            return Outage::UnknownHost;
        }
        cause = match error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    Outage::Refused
}

#[cfg(test)]
mod tests {
    use super::{Outage, Transport};
    use std::time::Duration;

    #[tokio::test]
    async fn who_does_not_answer_within_the_time_of_the_provider_is_an_outage() {
        // Connections wait here, and nobody takes them.
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("it has one"));
        let transport = Transport::new(&url, Duration::from_millis(50)).expect("a base URL");
        assert!(matches!(transport.probe().await, Err(Outage::Timeout)));
    }
}
