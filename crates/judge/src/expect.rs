//! Is the answer the error that the case expects, or none where it expects none?

use super::Evidence;
use super::properties::members;
use serde_json::Value;
use std::collections::BTreeSet;
use vigie_contract::model::Operation;
use vigie_drift::deviation::{Deviation, Kind};
use vigie_drift::finding::text;
use vigie_drift::location::Location;
use vigie_exchange::Response;
use vigie_scenario::Case;

/// What is reported of an error that has no code.
pub const UNCODED: &str = "an error without a code";

/// `schema` is that of the answer, references in place.
pub(super) fn judge(evidence: &Evidence<'_>, body: Option<&Value>, schema: &Value) -> Vec<Deviation> {
    let case = evidence.case;
    match &case.expect.code {
        Some(expected) => coded(case, expected, body).into_iter().collect(),
        None if case.expect.uncoded => uncoded(evidence, body).into_iter().collect(),
        None => {
            let listed = members(schema);
            unexpected(evidence, body, &listed).into_iter().chain(nothing(evidence, body, &listed)).collect()
        }
    }
}

/// Is the error code the one that the case expects?
fn coded(case: &Case, expected: &str, body: Option<&Value>) -> Option<Deviation> {
    let codes = case.dialect.codes;
    let found = codes.iter().find_map(|pointer| Some((*pointer, body?.pointer(pointer)?)));
    let (pointer, observed) = found.unzip();
    if observed.and_then(Value::as_str) == Some(expected) {
        return None;
    }
    let pointer = pointer.or_else(|| codes.first().copied()).unwrap_or_default();
    let observed = observed.map_or_else(|| "none".to_owned(), text);
    Some(Deviation::new(Kind::ErrorCodeDiffers, Location::pointer(pointer), expected, observed))
}

/// Is it an error without a code?
fn uncoded(evidence: &Evidence<'_>, body: Option<&Value>) -> Option<Deviation> {
    if is_uncoded(evidence.operation, &evidence.exchange.response) {
        return None;
    }
    let codes = evidence.case.dialect.codes;
    let observed = codes.iter().find_map(|pointer| body?.pointer(pointer)).map_or_else(|| "none".to_owned(), text);
    Some(Deviation::new(Kind::ErrorCodeDiffers, Location::Whole, UNCODED, observed))
}

/// A successful status is none where errors stand below it.
fn unexpected(evidence: &Evidence<'_>, body: Option<&Value>, listed: &BTreeSet<&str>) -> Option<Deviation> {
    let (response, body) = (&evidence.exchange.response, body?);
    if !response.status.is_success() || is_stored(evidence.case, response) {
        return None;
    }
    let told = |pointer: &str, observed: String| {
        Deviation::new(Kind::ErrorUnexpected, Location::pointer(pointer), "no error", observed)
    };
    let codes = evidence.case.dialect.codes.iter();
    if evidence.operation.graphql.is_some() {
        let errors = errors(body)?;
        let code = codes.clone().find_map(|pointer| body.pointer(pointer)).or_else(|| errors.iter().find_map(code_of));
        return Some(told("/errors", code.map_or_else(|| UNCODED.to_owned(), text)));
    }
    codes.filter_map(|pointer| Some((*pointer, body.pointer(pointer)?))).find_map(|(pointer, code)| {
        // It may be a member of a good answer.
        let is_listed = pointer.split('/').nth(1).is_some_and(|member| listed.contains(member));
        code.as_str().filter(|code| !code.is_empty() && !is_listed).map(|code| told(pointer, code.to_owned()))
    })
}

/// An object that has nothing of what the contract lists says nothing, even where all of it may be absent.
fn nothing(evidence: &Evidence<'_>, body: Option<&Value>, listed: &BTreeSet<&str>) -> Option<Deviation> {
    let response = &evidence.exchange.response;
    let members = body?.as_object()?;
    let is_meant = response.status.as_u16() == evidence.case.status && response.status.is_success();
    let masked = evidence.masked;
    let has_none = !listed.is_empty() && !listed.iter().any(|name| members.contains_key(*name));
    (is_meant && has_none && masked.is_empty() && !is_stored(evidence.case, response)).then(|| {
        let told = format!("an object without anything that the contract lists, with status {}", evidence.case.status);
        Deviation::new(Kind::AnswerEmpty, Location::Whole, "an answer that can be judged", told)
    })
}

fn is_stored(case: &Case, response: &Response) -> bool {
    case.payload.as_ref().is_some_and(|stored| *response.body == stored.as_bytes())
}

/// Whether a GraphQL answer of a successful status has errors, and none of them a code: a bug of the server.
pub(super) fn is_uncoded(operation: &Operation, response: &Response) -> bool {
    if operation.graphql.is_none() || !response.status.is_success() {
        return false;
    }
    let body = response.body.json_or_null();
    errors(body).is_some_and(|errors| !errors.iter().any(|error| code_of(error).is_some()))
}

/// The errors of a GraphQL answer, if it has any.
fn errors(body: &Value) -> Option<&Vec<Value>> {
    body["errors"].as_array().filter(|errors| !errors.is_empty())
}

fn code_of(error: &Value) -> Option<&Value> {
    error.pointer("/extensions/code").filter(|code| code.is_string())
}
