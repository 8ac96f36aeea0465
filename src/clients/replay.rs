//! Typed calls by operation id: how the harness reaches the generated builders.

use super::{Error, ResponseValue};
use serde::Serialize;
use serde_json::{Map, Value};

/// Parameters by wire name, as a scenario binds them.
pub(crate) struct Parameters<'a>(pub(crate) &'a Map<String, Value>);

/// What the typed decode made of an answer, as JSON again.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// The success type.
    Answer(Value),
    /// The error type.
    Error(Value),
    /// The decode refused the body, or the contract has no body for the status.
    Refused(String),
}

/// The typed builder cannot express the call.
#[derive(Debug)]
pub(crate) struct Unfit(pub(crate) String);

impl Unfit {
    pub(crate) fn operation(id: &str) -> Self {
        Self(format!("the generated client has no operation `{id}`"))
    }

    fn parameter(name: &str, wanted: &str) -> Self {
        Self(format!("the generated client takes `{name}` as {wanted}"))
    }
}

impl Parameters<'_> {
    pub(crate) fn text(&self, name: &str) -> Result<Option<String>, Unfit> {
        self.scalar(name, "text", |value| match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(flag) => Some(flag.to_string()),
            _ => None,
        })
    }

    pub(crate) fn integer(&self, name: &str) -> Result<Option<i64>, Unfit> {
        self.scalar(name, "an integer", |value| value.as_i64().or_else(|| value.as_str()?.parse().ok()))
    }

    pub(crate) fn list(&self, name: &str) -> Result<Option<Vec<String>>, Unfit> {
        self.scalar(name, "a list of texts", |value| {
            value.as_array()?.iter().map(|item| item.as_str().map(str::to_owned)).collect()
        })
    }

    fn scalar<T>(&self, name: &str, wanted: &str, read: impl Fn(&Value) -> Option<T>) -> Result<Option<T>, Unfit> {
        let Some(value) = self.0.get(name) else { return Ok(None) };
        read(value).map(Some).ok_or_else(|| Unfit::parameter(name, wanted))
    }
}

/// Turns the result of a typed call into what a judge can compare.
pub(crate) fn outcome<T: Serialize, E: Serialize>(
    result: Result<ResponseValue<T>, Error<E>>,
) -> Result<Outcome, Unfit> {
    let json = |value: Result<Value, serde_json::Error>| value.map_err(|error| Unfit(error.to_string()));
    match result {
        Ok(answer) => Ok(Outcome::Answer(json(serde_json::to_value(&*answer))?)),
        Err(Error::Api(body)) => Ok(Outcome::Error(json(serde_json::to_value(&*body))?)),
        Err(Error::Request(message)) => Err(Unfit(message)),
        Err(error) => Ok(Outcome::Refused(error.to_string())),
    }
}
