//! What every generated client carries into its calls: it puts the credentials in, and keeps the raw exchange.

use super::Credentials;
use crate::exchange::{Exchange, Request, Response};
use bytes::Bytes;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

/// What a client carries into each call. One Tap belongs to one call at a time: `Client::tapped` gives a fresh one.
#[derive(Clone, Debug, Default)]
pub struct Tap {
    credentials: Credentials,
    exchange: Arc<Mutex<Option<Exchange>>>,
    replayed: Option<Response>,
}

impl Tap {
    /// A Tap for real calls.
    #[must_use]
    pub fn new(credentials: Credentials) -> Self {
        Self { credentials, ..Self::default() }
    }

    /// A Tap that sends nothing: the call is answered with these bytes.
    #[must_use]
    pub fn replaying(response: Response) -> Self {
        Self { replayed: Some(response), ..Self::default() }
    }

    /// The same credentials, and room for another exchange.
    pub(crate) fn fresh(&self) -> Self {
        Self { credentials: self.credentials.clone(), exchange: Arc::default(), replayed: self.replayed.clone() }
    }

    /// The last exchange of this Tap, raw.
    #[must_use]
    pub fn exchange(&self) -> Option<Exchange> {
        self.exchange.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Before the call: the credentials go in.
    pub(crate) fn prepare(&self, request: &mut reqwest::Request) -> Result<(), String> {
        // Operations that share a path are told apart by a fragment, which is the contract's matter.
        request.url_mut().set_fragment(None);
        let unfit = |_| "the token holds characters that no HTTP header can carry".to_owned();
        request.headers_mut().extend(self.credentials.headers().map_err(unfit)?);
        Ok(())
    }

    /// The call: one read of the wire, kept as it came and handed on to the typed decode.
    pub(crate) async fn execute(
        &self,
        client: &reqwest::Client,
        request: reqwest::Request,
    ) -> reqwest::Result<reqwest::Response> {
        let sent = request_of(&request);
        let start = Instant::now();
        let response = match &self.replayed {
            Some(response) => response.clone(),
            None => read(client.execute(request).await?).await?,
        };
        let handed_on = rebuilt(&response);
        let exchange = Exchange { request: sent, response, elapsed: start.elapsed() };
        *self.exchange.lock().unwrap_or_else(PoisonError::into_inner) = Some(exchange);
        Ok(handed_on)
    }
}

/// A request without its credentials, which are marked as sensitive.
#[must_use]
pub fn request_of(request: &reqwest::Request) -> Request {
    let url = request.url();
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    let headers = request.headers().iter().filter(|(_, value)| !value.is_sensitive());
    Request {
        method: request.method().clone(),
        target: format!("{}{query}", url.path()),
        headers: headers.map(|(name, value)| (name.clone(), value.clone())).collect(),
        body: request.body().and_then(|body| body.as_bytes()).map(Bytes::copy_from_slice).unwrap_or_default(),
    }
}

/// Reads an answer to its end.
async fn read(response: reqwest::Response) -> reqwest::Result<Response> {
    let (status, headers) = (response.status(), response.headers().clone());
    Ok(Response { status, headers, body: response.bytes().await?.into() })
}

fn rebuilt(response: &Response) -> reqwest::Response {
    let mut rebuilt = http::Response::new(response.body.clone().into_bytes());
    *rebuilt.status_mut() = response.status;
    *rebuilt.headers_mut() = response.headers.clone();
    rebuilt.into()
}
