//! Sends a bound request, once, and reads the answer to its end.

mod body;
mod failure;
mod outage;
mod prepared;

pub use body::MOST;
pub(crate) use body::whole;
pub use outage::Outage;
pub use prepared::Prepared;

use http::HeaderMap;
use http::header::{ACCEPT, CONTENT_TYPE};
use serde_json::Value;
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use vigie::clients::{ConnectError, base_url as base_url_of, http_builder, tap};
use vigie_exchange::Exchange;
use vigie_scenario::{Body, Bound};

/// What a case wants to read.
const JSON: &str = "application/json";

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

impl Transport {
    /// A way to a base URL. A call that takes longer than `timeout` is an outage.
    pub fn new(base_url: &str, timeout: Duration) -> Result<Self, ConnectError> {
        let url = base_url_of(base_url)?;
        Ok(Self { client: client(&url, timeout)?, base_url: url, timeout, secure: OnceLock::new() })
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
        let client = client(url, self.timeout)?;
        Ok(self.secure.get_or_init(|| client))
    }

    /// The request that asks whether anybody is there.
    pub fn prepare_probe(&self) -> Result<Prepared, Outage> {
        self.ready(&self.base_url, self.client.head(self.base_url.clone()))
    }

    /// The request for a path, without credentials.
    pub fn prepare_get(&self, path: &str) -> Result<Prepared, Outage> {
        self.ready(&self.base_url, self.client.get(at(&self.base_url, path)).header(ACCEPT, JSON))
    }

    /// The request of a case, ready to be sent.
    pub fn prepare(&self, bound: &Bound, envelope: &Envelope) -> Result<Prepared, Outage> {
        let base_url = envelope.base_url.as_ref().unwrap_or(&self.base_url);
        let url = at(base_url, &bound.path);
        let method = bound.method.parse().map_err(|error: http::method::InvalidMethod| unbuilt(&error))?;
        let mut request = self.client.request(method, url).header(ACCEPT, JSON);
        if !bound.query.is_empty() {
            request = request.query(&bound.query);
        }
        for (name, value) in &bound.headers {
            request = request.header(name, value);
        }
        if let Some((media_type, bytes)) = bound.body.as_ref().map(Body::encode) {
            request = request.header(CONTENT_TYPE, media_type).body(bytes);
        }
        for (name, value) in &envelope.headers {
            request = request.header(name, value);
        }
        self.ready(base_url, request)
    }

    /// A JSON body for a path, without credentials.
    pub fn prepare_post(&self, path: &str, body: &Value) -> Result<Prepared, Outage> {
        let request = self.client.post(at(&self.base_url, path)).header(ACCEPT, JSON).json(body);
        self.ready(&self.base_url, request)
    }

    fn ready(&self, base_url: &reqwest::Url, request: reqwest::RequestBuilder) -> Result<Prepared, Outage> {
        let client = self.client(base_url).map_err(|error| unbuilt(&error))?.clone();
        let request = request.build().map_err(|error| unbuilt(&error.without_url()))?;
        Ok(Prepared { client, request, prefix: base_url.path().trim_end_matches('/').len() })
    }

    /// Sends a request, once, and reads its answer.
    pub async fn execute(&self, prepared: &Prepared) -> Result<Exchange, Outage> {
        let mut sent = tap::request_of(&prepared.request);
        // A path before the API's own is the target's matter.
        sent.target.drain(..prepared.prefix);
        let request = prepared.request.try_clone().ok_or_else(|| unbuilt(&"its body can be read only once"))?;
        let start = Instant::now();
        let response = prepared.client.execute(request).await?;
        let response = body::read(response).await?;
        Ok(Exchange { request: sent, response, elapsed: start.elapsed() })
    }
}

fn at(base_url: &reqwest::Url, path: &str) -> reqwest::Url {
    let mut url = base_url.clone();
    url.set_path(&format!("{}{path}", base_url.path().trim_end_matches('/')));
    url
}

fn unbuilt(error: &dyn std::fmt::Display) -> Outage {
    Outage::Request(error.to_string())
}

/// An HTTP client. Of the time for a call, the half is enough for a connection: the rest is for the answer.
fn client(base_url: &reqwest::Url, timeout: Duration) -> Result<reqwest::Client, ConnectError> {
    let builder = http_builder(base_url, timeout).connect_timeout(timeout / 2);
    builder.build().map_err(|error| ConnectError::Http(error.without_url()))
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
        let probe = transport.prepare_probe().expect("it is built");
        assert!(matches!(transport.execute(&probe).await, Err(Outage::Timeout)));
    }
}
