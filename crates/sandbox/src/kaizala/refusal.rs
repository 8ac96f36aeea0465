//! How the sandbox refuses: the provider's form, with the three codes that are known. The statuses are the sandbox's own
//! choice, but for 400, 415 and 429.

use crate::BadSession;
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderName, StatusCode};
use serde_json::{Value, json};

/// What a call answers.
pub(super) type Answer<T = Value> = Result<T, Refusal>;

/// The code of a call that is not as it has to be.
const PARAMETERS: &str = "InvalidParameters";
/// What is not known of an error.
const UNKNOWN: &str = "";

/// A refused call.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    code: &'static str,
    category: &'static str,
    message: String,
    pub(super) header: Option<(HeaderName, String)>,
}

impl Refusal {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        let category = if [PARAMETERS, UNKNOWN].contains(&code) { UNKNOWN } else { "AuthException" };
        Self { status, code, category, message: message.into(), header: None }
    }

    /// No access token, or not a good one.
    pub(super) fn token(message: &str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "InvalidToken", message)
    }

    /// The connector or its refresh token is not good.
    pub(super) fn stranger(message: &str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Unauthenticated", message)
    }

    /// A good token that does not reach so far.
    pub(super) fn beyond(message: &str) -> Self {
        Self::new(StatusCode::FORBIDDEN, "Unauthenticated", message)
    }

    /// There is no such thing.
    pub(super) fn absent(message: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, PARAMETERS, message)
    }

    /// The parameters or the body are not as they have to be.
    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, PARAMETERS, message)
    }

    /// A part of the body that has to be there.
    pub(super) fn missing(name: &str) -> Self {
        Self::invalid(format!("{name} is missing"))
    }

    /// There is such a path, and it is not called so.
    pub(super) fn method() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, UNKNOWN, "no such method here")
    }

    /// A body that is too long to be read.
    pub(super) fn too_long() -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, UNKNOWN, "the body is too long")
    }

    /// A part of an upload has no media type.
    pub(super) fn untyped() -> Self {
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, UNKNOWN, "the part has no media type of its own")
    }

    /// Too many calls of one connector.
    pub(super) fn throttled(seconds: u64) -> Self {
        let refusal = Self::new(StatusCode::TOO_MANY_REQUESTS, UNKNOWN, "too many calls");
        Self { header: Some((RETRY_AFTER, seconds.to_string())), ..refusal }
    }

    /// The provider's form of an error.
    pub(super) fn body(&self) -> Value {
        json!({"message": self.message, "errorCode": self.code, "errorCategoryKey": self.category})
    }
}

impl From<BadSession> for Refusal {
    fn from(refused: BadSession) -> Self {
        Self::invalid(refused.to_string())
    }
}
