//! Subscribers of the sandbox's own, on its endpoint: what a webhook's URL can do right and wrong, without a listener.

use super::refusal::Refusal;
use super::reply::{plain, response};
use crate::gate::Incoming;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;

/// The path below which they are.
pub(super) const PATH: &str = "/subscribers/";

/// Answers the handshake, or an event.
pub(super) fn answer(call: &Incoming, name: &str) -> Response {
    let token = call.query.any_case(&["validationToken"]).unwrap_or_default().to_owned();
    let asked = call.method == axum::http::Method::GET;
    match name {
        "right" => plain(StatusCode::OK, if asked { token } else { String::new() }),
        "quoted" => plain(StatusCode::OK, format!("\"{token}\"")),
        "silent" => plain(StatusCode::OK, String::new()),
        "undecoded" => {
            let bytes = token.bytes().map(|byte| format!("%{byte:02X}"));
            plain(StatusCode::OK, bytes.collect())
        }
        "late" => {
            let mut late = plain(StatusCode::OK, token);
            late.headers_mut().insert(super::callbacks::TOOK, HeaderValue::from_static("6"));
            late
        }
        // It takes part, and then acknowledges nothing.
        "failing" if asked => plain(StatusCode::OK, token),
        "failing" => plain(StatusCode::INTERNAL_SERVER_ERROR, String::new()),
        _ => response(Err(Refusal::absent("there is no such subscriber"))),
    }
}
