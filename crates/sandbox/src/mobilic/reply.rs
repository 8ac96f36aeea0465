//! Answers as they leave the sandbox: JSON in ASCII, and the errors of every route but the GraphQL ones.

use super::state::Failure;
use crate::reply::{JSON, Reply, with};
use axum::body::Bytes;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use serde_json::{Value, json};
use std::fmt::Write;

/// A body with its media type.
pub(super) fn bytes(status: u16, media_type: HeaderValue, body: impl Into<Bytes>) -> Response {
    let response = Reply::new(status, media_type, body).into_response();
    with(with(response, header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"), header::VARY, "Accept-Encoding")
}

/// A JSON text; what is beyond ASCII is escaped.
pub(super) fn text(status: u16, body: &str) -> Response {
    bytes(status, JSON, ascii(body))
}

/// A JSON value, with the line break that the REST routes end with.
pub(super) fn json(status: u16, body: &Value) -> Response {
    text(status, &format!("{body}\n"))
}

/// An error of a REST route.
pub(super) fn error(status: u16, code: &str, message: &str) -> Response {
    json(status, &json!({"error": message, "error_code": code}))
}

/// A body that is not what the route reads.
pub(super) fn unparsed(details: &Value) -> Response {
    json(422, &json!({"details": {"json": details}, "error": "Parsing failed", "error_code": "INVALID_INPUTS"}))
}

/// A refusal, by the class of its code.
pub(super) fn failure(failure: &Failure) -> Response {
    let code = failure.code.unwrap_or("INTERNAL_SERVER_ERROR");
    let status = match code {
        "AUTHENTICATION_ERROR" => 401,
        "AUTHORIZATION_ERROR" => 403,
        "INVALID_INPUTS" => 422,
        "BAD_REQUEST" | "AUTHORIZATION_PARSING_ERROR" => 400,
        _ => 500,
    };
    error(status, code, &failure.message)
}

/// `404` of a path that is none.
pub(super) fn not_found() -> Response {
    let message = "The requested URL was not found on the server. If you entered the URL manually please check your \
                   spelling and try again.";
    error(404, "NOT_FOUND", message)
}

/// `405` of a route that has no such method.
pub(super) fn not_allowed(allowed: &str) -> Response {
    let message = "The method is not allowed for the requested URL.";
    with(error(405, "METHOD_NOT_ALLOWED", message), header::ALLOW, allowed)
}

/// `500` where the real server breaks.
pub(super) fn broken() -> Response {
    error(500, "INTERNAL_SERVER_ERROR", "An internal error occurred")
}

/// Characters beyond ASCII occur in strings only, where JSON can escape them.
fn ascii(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_ascii() {
            out.push(character);
        } else {
            for unit in character.encode_utf16(&mut [0; 2]) {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
    out
}
