//! A call that the provider made: its request against the contract.

use super::{Judge, request};
use http::StatusCode;
use serde_json::Value;
use std::collections::BTreeMap;
use vigie_contract::model::Operation;
use vigie_drift::deviation::Deviation;
use vigie_exchange::{Request, Response};
use vigie_scenario::recorded::{self, Body, decode_form, is_json};

/// What is known of a call that came in.
#[derive(Debug)]
pub struct Call {
    /// Every fact.
    pub deviations: Vec<Deviation>,
    /// The body, if it is JSON.
    pub body: Option<Value>,
    /// The request in the form of an answer, with the status that it was answered with: what is kept of both is the same.
    pub as_response: Response,
}

impl Judge {
    /// Judges the request of a callback.
    #[must_use]
    pub fn call(&self, operation: &Operation, request: &Request, status: StatusCode) -> Call {
        let as_response = Response { status, headers: request.headers.clone(), body: request.body.clone().into() };
        let recorded = recorded(request);
        let mut deviations = request::judge(&self.contract, &self.schemas, operation, &recorded);
        deviations.extend(request::credentials(&self.contract, operation, &recorded));
        let body = match recorded.body {
            Body::Json { value, .. } => Some(value),
            _ => None,
        };
        Call { deviations, body, as_response }
    }
}

/// The request as a recording of it says it.
pub(super) fn recorded(request: &Request) -> recorded::Request {
    let media_type = request.media_type();
    let media_type = media_type.as_deref();
    let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let headers = request.headers.iter().map(|(name, value)| (name.to_string(), text(value.as_bytes())));
    let json = || serde_json::from_slice(&request.body).ok().filter(|_| media_type.is_none_or(is_json));
    let body = if request.body.is_empty() {
        Body::Absent
    } else if media_type == Some("application/x-www-form-urlencoded") {
        Body::Form(decode_form(&text(&request.body)))
    } else {
        json().map_or_else(|| Body::Text(text(&request.body)), |value| Body::Json { value, relaxed: false })
    };
    recorded::Request {
        method: request.method.to_string(),
        path: path.to_owned(),
        path_params: BTreeMap::new(),
        query: decode_form(query),
        headers: Some(headers.collect()),
        body,
    }
}
