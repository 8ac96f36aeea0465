//! What a contract takes one fact to be, where it refuses nothing: ids, notices, defaults, and how a text is read.

use super::side::Side;
use super::{Request, Response, request};
use serde_json::Value;
use vigie_contract::model::escape;

/// A fact about a request. `null` if the contract does not state it.
pub(super) fn request(side: &Side, witness: &Request, fact: &str) -> Value {
    if fact == "operation id" {
        return side.operation(&witness.operation).map_or(Value::Null, |operation| operation.id.clone().into());
    }
    let operation = written(side, &witness.operation);
    match fact.split_once(' ') {
        Some(("stated", pointer)) => stated(side, pointer),
        Some(("deprecated", parameter)) => flag(&parameter_of(operation, parameter)["deprecated"]),
        _ if fact == "deprecated" => flag(&operation["deprecated"]),
        _ if fact == "sunset" => operation["x-sunset"].clone(),
        _ => value(side, witness, parameter_of(operation, fact)),
    }
}

/// A fact about an answer.
pub(super) fn response(side: &Side, witness: &Response, fact: &str) -> Value {
    if let Some(pointer) = fact.strip_prefix("stated ") {
        return stated(side, pointer);
    }
    let operation = written(side, &witness.operation);
    let content = &operation["responses"][witness.status.to_string()]["content"][&witness.media_type];
    let Some(path) = fact.strip_prefix(&format!("deprecated {} ", witness.status)) else { return Value::Null };
    let property = path.split('.').fold(&content["schema"], |schema, name| &schema["properties"][name]);
    flag(&property["deprecated"])
}

/// What stands in the contract as it was written, where only a program that reads it acts on it.
fn stated(side: &Side, pointer: &str) -> Value {
    side.written.pointer(pointer).cloned().unwrap_or_default()
}

/// The operation as it was written.
fn written<'a>(side: &'a Side, operation: &str) -> &'a Value {
    let (method, path) = operation.split_once(' ').unwrap_or_default();
    let pointer = format!("/paths/{}/{}", escape(path), method.to_ascii_lowercase());
    side.written.pointer(&pointer).unwrap_or(&Value::Null)
}

/// A parameter by its place, `query:annee`.
fn parameter_of<'a>(operation: &'a Value, place: &str) -> &'a Value {
    let (location, name) = place.split_once(':').unwrap_or_default();
    let mut parameters = operation["parameters"].as_array().into_iter().flatten();
    parameters.find(|one| one["in"] == location && one["name"] == name).unwrap_or(&Value::Null)
}

fn flag(stated: &Value) -> Value {
    stated.as_bool().unwrap_or(false).into()
}

/// The value that the provider reads: what was sent, or the default.
fn value(side: &Side, witness: &Request, parameter: &Value) -> Value {
    let known = side.operation(&witness.operation);
    let Some(known) = known.and_then(|operation| operation.parameter(parameter["name"].as_str().unwrap_or_default()))
    else {
        return Value::Null;
    };
    match request::given(witness, known) {
        // `form`, which a query has unless it says otherwise, repeats the name unless it says otherwise.
        Some(given) => request::read(known, given, parameter["explode"] != false),
        None => parameter["schema"]["default"].clone(),
    }
}
