//! Floor 3: sends a bound request, once, and reads the answer to its end.

use crate::clients::{ConnectError, Credentials, base_url as base_url_of, http_client, tap};
use crate::exchange::Exchange;
use crate::scenario::Bound;
use serde_json::Value;
use std::time::Instant;

/// A way to one target.
#[derive(Debug, Clone)]
pub struct Transport {
    client: reqwest::Client,
    base_url: reqwest::Url,
}

/// Why there is no exchange to judge. None of these is drift.
#[derive(Debug, thiserror::Error)]
pub enum Outage {
    /// Nobody listens there.
    #[error("connection refused or unreachable")]
    Unreachable,
    /// No whole answer in time.
    #[error("timed out")]
    Timeout,
    /// The answer broke off, or is no HTTP.
    #[error("the answer broke off: {0}")]
    Broken(String),
    /// Not sent: the target said that its quota is spent.
    #[error("not sent, since an earlier answer was 429")]
    Stopped,
    /// The request could not be built.
    #[error("the request could not be built: {0}")]
    Request(String),
}

impl Transport {
    /// A way to a base URL.
    pub fn new(base_url: &str) -> Result<Self, ConnectError> {
        let url = base_url_of(base_url)?;
        Ok(Self { client: http_client(&url)?, base_url: url })
    }

    /// Whether anybody listens, any answer will do; true if it is a vigie sandbox.
    pub async fn probe(&self) -> Result<bool, Outage> {
        let response = self.client.head(self.base_url.clone()).send().await.map_err(Outage::from)?;
        Ok(response.headers().get(http::header::SERVER).is_some_and(|server| server == crate::sandbox::SERVER))
    }

    /// Sends a request and reads its answer.
    pub async fn send(&self, bound: &Bound, credentials: &Credentials) -> Result<Exchange, Outage> {
        let mut url = self.base_url.clone();
        url.set_path(&format!("{}{}", self.base_url.path().trim_end_matches('/'), bound.path));
        let unbuilt = |error: &dyn std::fmt::Display| Outage::Request(error.to_string());
        let method = bound.method.parse().map_err(|error| unbuilt(&error as &http::method::InvalidMethod))?;
        let mut request = self.client.request(method, url).header(http::header::ACCEPT, "application/json");
        if !bound.query.is_empty() {
            request = request.query(&bound.query);
        }
        for (name, value) in &bound.headers {
            request = request.header(name, value);
        }
        for (name, value) in credentials.headers().map_err(|error| unbuilt(&error))? {
            request = request.header(name, value);
        }
        self.exchange(request).await
    }

    /// Sends a JSON body to a path, without credentials.
    pub async fn post(&self, path: &str, body: &Value) -> Result<Exchange, Outage> {
        let mut url = self.base_url.clone();
        url.set_path(&format!("{}{path}", self.base_url.path().trim_end_matches('/')));
        let request = self.client.post(url).header(http::header::ACCEPT, "application/json").json(body);
        self.exchange(request).await
    }

    async fn exchange(&self, request: reqwest::RequestBuilder) -> Result<Exchange, Outage> {
        let request = request.build().map_err(|error| Outage::Request(error.without_url().to_string()))?;
        let mut sent = tap::request_of(&request);
        // A path before the API's own is the target's matter.
        let prefix = self.base_url.path().trim_end_matches('/').len();
        sent.target.drain(..prefix);
        let start = Instant::now();
        let response = self.client.execute(request).await.map_err(Outage::from)?;
        let response = tap::read(response).await.map_err(Outage::from)?;
        Ok(Exchange { request: sent, response, elapsed: start.elapsed() })
    }
}

impl From<reqwest::Error> for Outage {
    fn from(error: reqwest::Error) -> Self {
        if error.is_timeout() {
            Self::Timeout
        } else if error.is_connect() {
            Self::Unreachable
        } else {
            let error = error.without_url();
            let cause = std::error::Error::source(&error).map(ToString::to_string);
            Self::Broken(cause.unwrap_or_else(|| error.to_string()))
        }
    }
}
