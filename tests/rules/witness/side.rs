//! One of the two contracts, asked through the judge that judges every exchange.

use super::Response;
use super::opinion::Opinion;
use http::{HeaderMap, Method, StatusCode};
use libtest_mimic::Failed;
use serde_json::{Value, json};
use std::time::Duration;
use vigie_contract::canonical::canonical;
use vigie_contract::model::{Answer, Contract, Operation, escape, unescape};
use vigie_drift::deviation::{Deviation, Kind};
use vigie_drift::finding::text;
use vigie_exchange::Exchange;
use vigie_judge::{Evidence, Judge, Judgement};
use vigie_sandbox::api_particulier::dialect::DIALECT;
use vigie_scenario::Case;

/// A contract, canonical for the judge and as it was written for what only a reader sees.
pub(super) struct Side {
    pub(super) judge: Judge,
    pub(super) written: Value,
}

impl Side {
    pub(super) fn new(written: Value) -> Self {
        Self { judge: Judge::new(Contract::new("fixture", canonical(&written))), written }
    }

    /// An operation by method and path, `GET /v1/menus`.
    pub(super) fn operation(&self, name: &str) -> Option<&Operation> {
        let mut operations = self.judge.contract.operations.iter();
        operations.find(|operation| format!("{} {}", operation.method, operation.path) == name)
    }

    /// What stands in the canonical contract at a JSON pointer, `null` if nothing does.
    pub(super) fn stated(&self, pointer: &str) -> &Value {
        self.judge.contract.document.pointer(pointer).unwrap_or(&Value::Null)
    }

    /// What the contract says of an answer.
    pub(super) fn judge(&self, response: &Response) -> Result<Opinion, Failed> {
        let mut opinion = Opinion::default();
        let Some(operation) = self.operation(&response.operation) else {
            opinion.undocumented(format!("operation {}", response.operation));
            return Ok(opinion);
        };
        let mut headers = HeaderMap::new();
        for (name, value) in &response.headers {
            headers.insert(http::HeaderName::try_from(name)?, text(value).try_into()?);
        }
        let body = response.body.as_ref().map(|body| {
            headers.insert(
                http::header::CONTENT_TYPE,
                http::HeaderValue::from_str(&response.media_type).expect("plain text"),
            );
            if response.media_type.contains("json") { body.to_string() } else { text(body) }
        });
        let judgement = judgement(&self.judge, operation, response.status, headers, body.unwrap_or_default());
        if response.body.is_some() || !is_about_the_body(&judgement) {
            object(&judgement, &response.status.to_string(), &mut opinion);
        }
        if let Some(answer) = operation.responses.get(&response.status) {
            self.headers(response, answer, &mut opinion);
            self.error_codes(response, answer, &mut opinion);
        }
        opinion.reasons.sort();
        Ok(opinion)
    }

    /// The judge tells every documented header that is absent; only a required one is refused.
    fn headers(&self, response: &Response, answer: &Answer, opinion: &mut Opinion) {
        let given = |name: &String| response.headers.keys().any(|given| given.eq_ignore_ascii_case(name));
        for name in answer.headers.iter().filter(|name| !given(name)) {
            if self.stated(&format!("{}/headers/{}", answer.pointer, escape(name)))["required"] == true {
                opinion.absent(&format!("header {name}"));
            }
        }
        let documented = |given: &String| answer.headers.iter().any(|name| name.eq_ignore_ascii_case(given));
        for name in response.headers.keys().filter(|name| !documented(name)) {
            opinion.undocumented(format!("header {name}"));
        }
    }

    fn error_codes(&self, response: &Response, answer: &Answer, opinion: &mut Opinion) {
        let place = format!("{}/content/{}/x-error-codes", answer.pointer, escape(&response.media_type));
        let Some(named) = self.stated(&place).as_array() else { return };
        let Some(body) = &response.body else { return };
        let codes = body["errors"].as_array().into_iter().flatten().map(|error| &error["code"]);
        for code in codes.chain(body.get("error")).filter(|code| !named.contains(code)) {
            opinion.undocumented(format!("error code '{}'", text(code)));
        }
    }

    /// What the contract says of a value with this schema. The judge is asked as if an answer were made of it.
    pub(super) fn value(&self, schema: &Value, value: &Value, place: &str, opinion: &mut Opinion) {
        let document = json!({
            "paths": {"/": {"get": {"operationId": "value", "responses": {"200": {"content": {"application/json": {"schema": schema}}}}}}},
            "components": self.stated("/components"),
        });
        let judge = Judge::new(Contract::new("value", document));
        let operation = judge.contract.operation("value").expect("it was made a line above");
        let headers =
            HeaderMap::from_iter([(http::header::CONTENT_TYPE, http::HeaderValue::from_static("application/json"))]);
        object(&judgement(&judge, operation, 200, headers, value.to_string()), place, opinion);
    }
}

fn judgement(judge: &Judge, operation: &Operation, status: u16, headers: HeaderMap, body: String) -> Judgement {
    let status = StatusCode::from_u16(status).expect("a witness has a final status");
    let exchange = Exchange {
        request: vigie_exchange::Request::new(Method::GET, "/"),
        response: vigie_exchange::Response { status, headers, body: body.into() },
        elapsed: Duration::ZERO,
    };
    // A case that expects just this status: only the contract is asked.
    let case = Case { status: status.as_u16(), ..Case::call(&operation.id, &DIALECT) };
    judge.judge(&Evidence { case: &case, operation, exchange: &exchange, typed: None, masked: &[] })
}

/// An answer that is shown without its body says nothing about media types.
fn is_about_the_body(judgement: &Judgement) -> bool {
    judgement.deviations.iter().all(|deviation| deviation.kind == Kind::MediaTypeUndocumented)
}

fn object(judgement: &Judgement, place: &str, opinion: &mut Opinion) {
    for deviation in &judgement.deviations {
        let Deviation { kind, expected, observed, .. } = deviation;
        let (expected, observed) = (text(expected), text(observed));
        let place = words(place, &deviation.location.to_string());
        match kind {
            // Whether one is required, the judge does not ask.
            Kind::HeaderMissing => {}
            Kind::StatusUndocumented => opinion.undocumented(format!("status {observed}")),
            Kind::MediaTypeUndocumented => opinion.undocumented(format!("media type {observed}")),
            Kind::BodyInvalid if observed == "absent" => opinion.absent(&place),
            _ => opinion.refused(format!("{place}: {expected}, got {observed}")),
        }
    }
    for pointer in &judgement.undocumented {
        opinion.undocumented(format!("property {}", words(place, pointer)));
    }
}

/// `200` and `/foyer/0/nom` are `200 foyer[].nom`.
fn words(place: &str, pointer: &str) -> String {
    let mut path = String::new();
    for token in pointer.split('/').skip(1) {
        if token.bytes().all(|byte| byte.is_ascii_digit()) {
            path.push_str("[]");
        } else {
            path.push_str(if path.is_empty() { "" } else { "." });
            path.push_str(&unescape(token));
        }
    }
    format!("{place} {path}").trim_end().to_owned()
}
