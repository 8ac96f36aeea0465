//! What goes over the wire.

use super::refusal::{Answer, Refusal};
use crate::gate::{Incoming, Query};
use crate::reply::{Reply, with};
use axum::extract::Request;
use axum::http::header::LOCATION;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use serde_json::Value;

/// Longest body of a call, uploads included.
const LONGEST: usize = 4 << 20;
const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=utf-8");

/// Reads a call.
pub(super) async fn read(request: Request) -> Answer<Incoming> {
    Incoming::read(request, LONGEST).await.map_err(|_| Refusal::too_long())
}

impl Query {
    /// A value that has to be there.
    pub(super) fn needed(&self, name: &str) -> Answer<&str> {
        self.any_case(&[name]).ok_or_else(|| Refusal::missing(name))
    }

    /// Whether a flag is raised.
    pub(super) fn flag(&self, names: &[&str]) -> bool {
        self.any_case(names).is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// A whole number.
    pub(super) fn integer(&self, name: &str) -> Answer<Option<i64>> {
        let number =
            |text: &str| text.parse().map_err(|_| Refusal::invalid(format!("{name} has to be a whole number")));
        self.any_case(&[name]).map(number).transpose()
    }
}

/// An answer, as a response. A null stands for an answer of which nothing is known: it has no body.
pub(super) fn response(answer: Answer) -> Response {
    match answer {
        Ok(Value::Null) => plain(StatusCode::OK, String::new()),
        Ok(value) => Reply::new(200, JSON, value.to_string()).into_response(),
        Err(refusal) => {
            let reply = Reply::new(refusal.status.as_u16(), JSON, refusal.body().to_string());
            refusal.header.into_iter().fold(reply.into_response(), |reply, (name, value)| with(reply, name, &value))
        }
    }
}

/// A response that points elsewhere.
pub(super) fn elsewhere(status: StatusCode, location: &str) -> Response {
    match HeaderValue::from_str(location) {
        Ok(_) => with(plain(status, String::new()), LOCATION, location),
        Err(_) => response(Err(Refusal::invalid("the URL cannot be sent in a header"))),
    }
}

/// A response in plain text.
pub(super) fn plain(status: StatusCode, text: String) -> Response {
    Reply::text(status.as_u16(), text).into_response()
}
