//! Whether an answer can be the provider's at all: one of another API has nothing of the contract, not even its errors.

use crate::contract::model::{Answer, Operation};
use crate::exchange::Response;
use crate::judge::Judge;
use crate::scenario::Dialect;
use crate::scenario::recorded::is_json;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// What is gone is told by a status that no other API has by chance, and often by nothing else.
const GONE: u16 = 410;

/// Whether an answer has nothing of what the contract documents for its operation: neither its status nor its media type,
/// nor a body of that status or of another one, nor an error code at its place. What is no object is of another API only
/// by its status.
pub(super) fn is_foreign(judge: &Judge, operation: &Operation, dialect: &Dialect, response: &Response) -> bool {
    let status = response.status.as_u16();
    if status == GONE {
        return false;
    }
    let documented = operation.answer(status);
    let media_type = response.media_type();
    if !media_type.as_deref().is_some_and(is_json) {
        // What succeeds as it should is the provider's, whatever it has become.
        let known = |answer: &Answer| {
            response.status.is_success() || media_type.is_none_or(|own| answer.content.contains_key(&own))
        };
        return !documented.is_some_and(known);
    }
    let Ok(Value::Object(body)) = serde_json::from_slice(&response.body) else { return documented.is_none() };
    let statuses = operation.responses.keys().copied().chain(documented.map(|_| status));
    let fits = statuses.into_iter().any(|status| fits(judge.schema(operation, status), &body));
    // A code deep in an error is no accident; `{"error": ..}` alone is what half of all APIs answer.
    let mut deep = dialect.codes.iter().filter(|pointer| pointer.matches('/').count() > 1);
    let body = Value::Object(body);
    !(fits || deep.any(|pointer| body.pointer(pointer).is_some_and(Value::is_string)))
}

/// Whether a body has something of a schema: two of its members, or the only one. A schema that names none says nothing.
fn fits(schema: &Value, body: &Map<String, Value>) -> bool {
    let mut members = BTreeSet::new();
    collect(schema, &mut members);
    let shared = members.iter().filter(|name| body.contains_key(**name)).count();
    if members.is_empty() { schema.as_object().is_some_and(Map::is_empty) } else { shared >= members.len().min(2) }
}

/// The members of an object, by whatever alternative.
fn collect<'a>(schema: &'a Value, members: &mut BTreeSet<&'a str>) {
    members.extend(schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name.as_str()));
    for keyword in ["allOf", "oneOf", "anyOf"] {
        schema[keyword].as_array().into_iter().flatten().for_each(|one| collect(one, members));
    }
}

#[cfg(test)]
mod tests;
