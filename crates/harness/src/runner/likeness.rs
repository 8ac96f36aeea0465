//! Whether an answer can be the provider's at all: one of another API has nothing of the contract, not even its errors.

use serde_json::{Map, Value};
use vigie_contract::model::Operation;
use vigie_exchange::Response;
use vigie_judge::{Judge, members};
use vigie_scenario::Dialect;
use vigie_scenario::recorded::is_json;

/// What is gone is told by a status that no other API has by chance, and often by nothing else.
const GONE: u16 = 410;

/// Whose answer it seems to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Likeness {
    /// It has something of the contract.
    Own,
    /// Its status is one of the contract, and its body says nothing of whose it is: the operation may have changed, or
    /// something in between answers everything alike.
    Unclear,
    /// It has nothing of the contract.
    Foreign,
}

/// Whose an answer seems to be, and its form: status, media type and what its body is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Origin {
    pub(super) likeness: Likeness,
    pub(super) form: String,
}

impl Origin {
    pub(super) fn of(judge: &Judge, operation: &Operation, dialect: &Dialect, response: &Response) -> Self {
        Self { likeness: likeness(judge, operation, dialect, response), form: form(response) }
    }
}

/// What two answers have in common that a machine gives to any request.
pub(super) fn form(response: &Response) -> String {
    let body = match response.body.json().map(|body| &**body) {
        Ok(Value::Object(members)) => format!("object {:?}", members.keys().collect::<Vec<_>>()),
        Ok(Value::Array(_)) => "list".to_owned(),
        Ok(Value::Null) => "null".to_owned(),
        Ok(_) => "value".to_owned(),
        Err(_) => "text".to_owned(),
    };
    format!("{} {} {body}", response.status, response.media_type().unwrap_or_default())
}

fn likeness(judge: &Judge, operation: &Operation, dialect: &Dialect, response: &Response) -> Likeness {
    let status = response.status.as_u16();
    let documented = operation.answer(status);
    let unclear = |is_unclear: bool| if is_unclear { Likeness::Unclear } else { Likeness::Foreign };
    if status == GONE {
        return Likeness::Own;
    }
    let media_type = response.media_type();
    if !media_type.as_deref().is_some_and(is_json) {
        // What succeeds as it should may be the provider's, whatever it has become.
        return unclear(documented.is_some_and(|answer| {
            response.status.is_success() || media_type.is_none_or(|own| answer.content.contains_key(&own))
        }));
    }
    let body = response.body.json_or_null();
    let statuses = operation.responses.keys().copied().chain(documented.map(|_| status));
    let mut schemas = statuses.map(|status| judge.schema(operation, status));
    match body {
        Value::Object(own) => {
            // A code deep in an error is no accident; `{"error": ..}` alone is what half of all APIs answer.
            let mut deep = dialect.codes.iter().filter(|pointer| pointer.matches('/').count() > 1);
            let is_own = schemas.any(|schema| fits(schema, own))
                || deep.any(|pointer| body.pointer(pointer).is_some_and(Value::is_string))
                || (operation.graphql.is_some() && is_data(judge.schema(operation, 200), own));
            if is_own { Likeness::Own } else { Likeness::Foreign }
        }
        Value::Array(items) => {
            let is_own =
                |schema: &Value| items.iter().filter_map(Value::as_object).any(|item| fits(&schema["items"], item));
            if schemas.any(is_own) { Likeness::Own } else { unclear(documented.is_some()) }
        }
        _ => unclear(documented.is_some()),
    }
}

/// Whether a body has something of a schema: two of its members, or the only one. A schema that names none says nothing.
fn fits(schema: &Value, body: &Map<String, Value>) -> bool {
    let members = members(schema);
    let shared = members.iter().filter(|name| body.contains_key(**name)).count();
    if members.is_empty() { schema.as_object().is_some_and(Map::is_empty) } else { shared >= members.len().min(2) }
}

/// Whether a body is the data of a GraphQL query alone, with something that the query selects.
fn is_data(schema: &Value, body: &Map<String, Value>) -> bool {
    let selected = members(&schema["properties"]["data"]);
    let is_clean = body.keys().all(|key| ["data", "errors", "extensions"].contains(&key.as_str()));
    is_clean
        && body
            .get("data")
            .and_then(Value::as_object)
            .is_some_and(|data| selected.iter().any(|own| data.contains_key(*own)))
}

#[cfg(test)]
mod tests;
