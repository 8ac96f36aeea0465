//! What goes over the wire.

use super::refusal::{Answer, Refusal};
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::header::{CONTENT_TYPE, LOCATION, SERVER};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::Response;
use serde_json::Value;

/// Longest body of a call, uploads included.
const LONGEST: usize = 4 << 20;

/// A call, read to its end.
pub(super) struct Call {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) query: Query,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

/// The query of a call: names in any case.
pub(super) struct Query(Vec<(String, String)>);

impl Call {
    /// Reads a request.
    pub(super) async fn read(request: Request) -> Answer<Self> {
        let (head, body) = request.into_parts();
        let body = axum::body::to_bytes(body, LONGEST).await.map_err(|_| Refusal::too_long())?;
        let query = Query::read(head.uri.query().unwrap_or_default());
        let path = head.uri.path().to_owned();
        Ok(Self { method: head.method, path, query, headers: head.headers, body })
    }

    /// A request header as text; empty counts as absent.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok().filter(|text| !text.is_empty())
    }
}

impl Query {
    /// Reads a query, or a form.
    pub(super) fn read(text: &str) -> Self {
        Self(form_urlencoded::parse(text.as_bytes()).into_owned().collect())
    }

    /// A value by one of its names; empty counts as absent.
    pub(super) fn get(&self, names: &[&str]) -> Option<&str> {
        let wanted = |(own, value): &&(String, String)| {
            !value.is_empty() && names.iter().any(|name| own.eq_ignore_ascii_case(name))
        };
        self.0.iter().find(wanted).map(|(_, value)| value.as_str())
    }

    /// A value that has to be there.
    pub(super) fn needed(&self, name: &str) -> Answer<&str> {
        self.get(&[name]).ok_or_else(|| Refusal::missing(name))
    }

    /// Whether a flag is raised.
    pub(super) fn flag(&self, names: &[&str]) -> bool {
        self.get(names).is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// A whole number.
    pub(super) fn integer(&self, name: &str) -> Answer<Option<i64>> {
        let number =
            |text: &str| text.parse().map_err(|_| Refusal::invalid(format!("{name} has to be a whole number")));
        self.get(&[name]).map(number).transpose()
    }
}

/// An answer of a room, as a response. A null stands for an answer of which nothing is known: it has no body.
pub(super) fn response(answer: Answer) -> Response {
    let (status, value, header) = match answer {
        Ok(Value::Null) => return plain(StatusCode::OK, String::new()),
        Ok(value) => (StatusCode::OK, value, None),
        Err(refusal) => (refusal.status, refusal.body(), refusal.header),
    };
    let mut response = plain(status, value.to_string());
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    if let Some((name, value)) = header {
        response.headers_mut().insert(name, HeaderValue::from_str(&value).expect("a number is a header value"));
    }
    response
}

/// A response that points elsewhere.
pub(super) fn elsewhere(status: StatusCode, location: &str) -> Response {
    let Ok(location) = HeaderValue::from_str(location) else {
        return response(Err(Refusal::invalid("the URL cannot be sent in a header")));
    };
    let mut response = plain(status, String::new());
    response.headers_mut().insert(LOCATION, location);
    response
}

/// A response in plain text.
pub(super) fn plain(status: StatusCode, text: String) -> Response {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(SERVER, HeaderValue::from_static(crate::SERVER));
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}
