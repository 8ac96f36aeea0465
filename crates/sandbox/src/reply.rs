//! Replies: a status, a media type and a body. The `Server` header of every answer is set here.

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, SERVER};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use bytes::Bytes;
use serde_json::Value;

pub(crate) const JSON: HeaderValue = HeaderValue::from_static("application/json");
pub(crate) const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");
pub(crate) const TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");

/// A prepared reply; a clone shares the body.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) media_type: HeaderValue,
    pub(crate) body: Bytes,
}

impl Reply {
    pub(crate) fn new(status: u16, media_type: HeaderValue, body: impl Into<Bytes>) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self { status, media_type, body: body.into() }
    }

    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::new(status, JSON, body.to_string())
    }

    pub(crate) fn text(status: u16, text: impl Into<Bytes>) -> Self {
        Self::new(status, TEXT, text)
    }

    /// The response of the sandbox.
    pub(crate) fn into_response(self) -> Response {
        let mut response = self.of_gateway();
        response.headers_mut().insert(SERVER, HeaderValue::from_static(crate::SERVER));
        response
    }

    /// The response of a gateway in front of the sandbox, which does not say that it is one.
    pub(crate) fn of_gateway(self) -> Response {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = self.status;
        // Room for the headers of the provider with the most of them.
        response.headers_mut().reserve(8);
        response.headers_mut().insert(CONTENT_TYPE, self.media_type);
        response
    }
}

/// One more header. A value that no header can hold is left out.
pub(crate) fn with(mut response: Response, name: HeaderName, value: &str) -> Response {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().append(name, value);
    }
    response
}
