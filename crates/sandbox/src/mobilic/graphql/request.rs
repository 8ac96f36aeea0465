//! The forms of a body: JSON, a bare document, a form; one operation or a list.

use crate::gate::Incoming;
use axum::http::Method;
use serde_json::{Map, Value};

/// Operations in one list, at most.
const MOST: usize = 10;

/// One operation as it came.
pub(super) struct Request {
    pub(super) query: Option<String>,
    pub(super) variables: Result<Map<String, Value>, Unreadable>,
    pub(super) operation: Option<String>,
}

/// Why a body is not executed, in the words of the real server.
#[derive(Debug, Clone)]
pub(super) struct Unreadable(pub(super) String);

/// The operations of a request, and whether they came as a list.
pub(super) fn read(incoming: &Incoming, batches: bool) -> Result<(Vec<Request>, bool), Unreadable> {
    let unreadable = |message: &str| Err(Unreadable(message.to_owned()));
    let body = if incoming.method == Method::GET { Value::Object(Map::new()) } else { body(incoming)? };
    match body {
        Value::Array(_) if !batches => unreadable("Batch GraphQL requests are not enabled."),
        Value::Array(items) if items.is_empty() => unreadable("Received an empty list in the batch request."),
        Value::Array(items) if items.len() > MOST => {
            Err(Unreadable(format!("Batch request contains too many operations. Maximum allowed is {MOST}.")))
        }
        Value::Array(items) => {
            let requests: Result<Vec<Request>, Unreadable> =
                items.into_iter().map(|item| one(incoming, item)).collect();
            Ok((requests?, true))
        }
        body => Ok((vec![one(incoming, body)?], false)),
    }
}

fn body(incoming: &Incoming) -> Result<Value, Unreadable> {
    let text = String::from_utf8_lossy(&incoming.body);
    Ok(match incoming.media_type() {
        "application/json" => {
            serde_json::from_str(&text).map_err(|_| Unreadable("POST body sent invalid JSON.".to_owned()))?
        }
        "application/graphql" => serde_json::json!({"query": text}),
        "application/x-www-form-urlencoded" => {
            incoming.form().0.into_iter().map(|(name, value)| (name, Value::from(value))).collect()
        }
        _ => Value::Object(Map::new()),
    })
}

fn one(incoming: &Incoming, body: Value) -> Result<Request, Unreadable> {
    let Value::Object(body) = body else {
        let shown = match &body {
            Value::String(text) => format!("'{text}'"),
            Value::Null => "None".to_owned(),
            Value::Bool(true) => "True".to_owned(),
            Value::Bool(false) => "False".to_owned(),
            other => other.to_string(),
        };
        return Err(Unreadable(format!("GraphQL params should be a dict. Received {shown}.")));
    };
    let parameter = |name: &str| incoming.query.get(name).map(str::to_owned);
    let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned).or_else(|| parameter(name));
    let variables = match body.get("variables").cloned().or_else(|| parameter("variables").map(Value::from)) {
        Some(Value::Object(map)) => Ok(map),
        Some(Value::String(text)) if !text.is_empty() => {
            serde_json::from_str(&text).map_err(|_| Unreadable("Variables are invalid JSON.".to_owned()))
        }
        _ => Ok(Map::new()),
    };
    let query = text("query").filter(|query| !query.is_empty());
    let operation = text("operationName").filter(|name| !name.is_empty());
    Ok(Request { query, variables, operation })
}
