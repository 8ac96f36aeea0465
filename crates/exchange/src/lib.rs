//! One request and the raw answer to it.

mod body;

pub use body::Body;

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use std::fmt;
use std::time::Duration;

/// What was sent: the credentials of the request are not part of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// HTTP method.
    pub method: Method,
    /// Path and query, percent-encoded, as they went over the wire.
    pub target: String,
    /// Headers, names in lower case, without credentials.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Bytes,
}

/// What came back.
#[derive(Clone)]
pub struct Response {
    /// HTTP status.
    pub status: StatusCode,
    /// Headers, names in lower case.
    pub headers: HeaderMap,
    /// The complete body.
    pub body: Body,
}

/// One request, its answer, and how long it took until the last byte.
#[derive(Clone)]
pub struct Exchange {
    /// What was sent.
    pub request: Request,
    /// What came back.
    pub response: Response,
    /// From the first byte sent to the last byte read.
    pub elapsed: Duration,
}

impl Request {
    /// A request without headers and without a body.
    #[must_use]
    pub fn new(method: Method, target: impl Into<String>) -> Self {
        Self { method, target: target.into(), headers: HeaderMap::new(), body: Bytes::new() }
    }

    /// The media type without its parameters, in lower case.
    #[must_use]
    pub fn media_type(&self) -> Option<String> {
        media_type(&self.headers)
    }
}

impl Response {
    /// The media type without its parameters, in lower case.
    #[must_use]
    pub fn media_type(&self) -> Option<String> {
        media_type(&self.headers)
    }
}

fn media_type(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(http::header::CONTENT_TYPE)?.to_str().ok()?;
    Some(value.split(';').next().unwrap_or(value).trim().to_ascii_lowercase())
}

/// A query may hold a person's identity, so only the path is shown.
impl fmt::Debug for Request {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.target.split('?').next().unwrap_or_default();
        write!(formatter, "{} {path}", self.method)
    }
}

/// A body may hold a person's data, so only its length is shown.
impl fmt::Debug for Response {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} ({} bytes)", self.status, self.body.len())
    }
}

impl fmt::Debug for Exchange {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?} -> {:?} in {:?}", self.request, self.response, self.elapsed)
    }
}
