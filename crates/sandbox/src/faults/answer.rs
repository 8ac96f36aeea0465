//! Faults that HTTP has words for: another answer, or the good one spoilt.

use super::body;
use super::kind::Kind;
use crate::reply::{HTML, JSON, Reply};
use axum::body::Body;
use axum::http::response::Parts;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use bytes::Bytes;
use serde_json::json;
use std::time::{Duration, SystemTime};

/// How far the clock of [`Kind::Skew`] is behind.
const SKEW: Duration = Duration::from_secs(24 * 60 * 60);
/// What a page of [`Kind::Maintenance`] asks for, in seconds.
const MAINTENANCE: &str = "120";
/// What [`Kind::Quota`] asks for, in seconds.
const QUOTA: &str = "1";

/// The answer of those faults that never come to the sandbox. What stands before it, a gateway, does not say that it is a
/// sandbox.
pub(super) fn instead(kind: Kind, target: &str) -> Option<Response> {
    let (status, media_type, body) = match kind {
        Kind::Page => (200, HTML, page("Portail", "Identifiez-vous pour continuer.")),
        Kind::Maintenance => {
            (503, HTML, page("Maintenance en cours", "Le service sera de retour dans quelques minutes."))
        }
        Kind::BadGateway => (502, HTML, page("502 Bad Gateway", "nginx")),
        Kind::Redirect => (302, HTML, page("302 Found", "nginx")),
        Kind::Error => (500, JSON, json!({"error": "internal server error"}).to_string()),
        Kind::Quota => (429, JSON, json!({"error": "too many requests"}).to_string()),
        _ => return None,
    };
    let mut response = Reply::new(status, media_type, body).of_gateway();
    let headers = response.headers_mut();
    match kind {
        Kind::Maintenance => drop(headers.insert(header::RETRY_AFTER, HeaderValue::from_static(MAINTENANCE))),
        Kind::Quota => drop(headers.insert(header::RETRY_AFTER, HeaderValue::from_static(QUOTA))),
        // What came as the target of a request can stand in a header.
        Kind::Redirect => drop(HeaderValue::from_str(target).map(|target| headers.insert(header::LOCATION, target))),
        _ => {}
    }
    Some(response)
}

fn page(title: &str, text: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"fr\"><head><title>{title}</title></head>\n\
         <body><h1>{title}</h1><p>{text}</p></body></html>\n"
    )
}

/// The good answer, spoilt.
pub(super) fn spoilt(kind: Kind, mut head: Parts, good: Bytes) -> Response {
    // The server counts anew.
    head.headers.remove(header::CONTENT_LENGTH);
    let body = match kind {
        Kind::BadGzip => body::bad_gzip().into(),
        Kind::GzipBomb => body::gzip_bomb().into_body(&mut head.headers),
        Kind::Huge => body::huge(good).into_body(&mut head.headers),
        Kind::Empty => Body::empty(),
        Kind::InvalidUtf8 => body::invalid_utf8(&good).into(),
        Kind::DuplicateKeys => body::duplicate_keys(&good).into(),
        Kind::DeepJson => body::deep_json().into(),
        _ => good.into(),
    };
    let mut insert = |name, value| drop(head.headers.insert(name, value));
    match kind {
        Kind::BadGzip | Kind::GzipBomb => insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip")),
        Kind::WrongType => insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8")),
        Kind::Skew => {
            let date = httpdate::fmt_http_date(SystemTime::now() - SKEW);
            // A date is visible ASCII.
            drop(HeaderValue::from_str(&date).map(|date| insert(header::DATE, date)));
        }
        _ => {}
    }
    Response::from_parts(head, body)
}
