//! Typed calls by operation id: how the harness reaches the generated builders.

use super::{Bytes, Error, ResponseValue};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// What a case gives to a typed call.
#[derive(Debug)]
pub(crate) struct Parameters {
    /// Parameters by wire name, as a scenario binds them.
    pub(crate) values: Map<String, Value>,
    /// The body as it is sent, of JSON or of a form; of a GraphQL operation with the query around its variables.
    pub(crate) body: Option<Value>,
    /// The body as it is sent, where it is neither.
    pub(crate) bytes: Option<Bytes>,
    /// Whether the case breaks the contract with its body: a body is made up, so that the answer can be read all the same.
    pub(crate) body_is_made_up: bool,
}

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

/// A type that setters of parameters take.
pub(crate) trait Parameter: Sized {
    const WANTED: &str;

    fn read(value: &Value) -> Option<Self>;
}

impl Parameter for String {
    const WANTED: &str = "text";

    fn read(value: &Value) -> Option<Self> {
        match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(flag) => Some(flag.to_string()),
            _ => None,
        }
    }
}

impl Parameter for i64 {
    const WANTED: &str = "an integer";

    fn read(value: &Value) -> Option<Self> {
        value.as_i64().or_else(|| value.as_str()?.parse().ok())
    }
}

impl Parameter for f64 {
    const WANTED: &str = "a number";

    fn read(value: &Value) -> Option<Self> {
        value.as_f64().or_else(|| value.as_str()?.parse().ok())
    }
}

impl Parameter for bool {
    const WANTED: &str = "a boolean";

    fn read(value: &Value) -> Option<Self> {
        value.as_bool().or_else(|| value.as_str()?.parse().ok())
    }
}

impl<T: Parameter> Parameter for Vec<T> {
    const WANTED: &str = "a list";

    fn read(value: &Value) -> Option<Self> {
        value.as_array()?.iter().map(T::read).collect()
    }
}

impl Parameters {
    /// Parameters alone, without a body.
    pub(crate) fn new(values: Map<String, Value>) -> Self {
        Self { values, body: None, bytes: None, body_is_made_up: false }
    }

    pub(crate) fn get<T: Parameter>(&self, name: &str) -> Result<Option<T>, Unfit> {
        let Some(value) = self.values.get(name) else { return Ok(None) };
        T::read(value).map(Some).ok_or_else(|| Unfit::parameter(name, T::WANTED))
    }

    /// The typed body; `least` is the least that fits its type.
    pub(crate) fn body<T: DeserializeOwned>(&self, least: &str) -> Result<Option<T>, Unfit> {
        self.typed(self.body.as_ref(), least)
    }

    /// The typed variables of a GraphQL operation.
    pub(crate) fn variables<T: DeserializeOwned>(&self, least: &str) -> Result<Option<T>, Unfit> {
        self.typed(self.body.as_ref().and_then(|body| body.get("variables")), least)
    }

    /// A body that has no type.
    pub(crate) fn bytes(&self) -> Option<Bytes> {
        self.bytes.clone().or_else(|| self.body_is_made_up.then(Bytes::new))
    }

    fn typed<T: DeserializeOwned>(&self, value: Option<&Value>, least: &str) -> Result<Option<T>, Unfit> {
        if self.body_is_made_up {
            return serde_json::from_str(least).map(Some).map_err(|_| Unfit("no body fits its type".to_owned()));
        }
        let Some(value) = value else { return Ok(None) };
        // What serde says of a mismatch quotes the value.
        T::deserialize(value).map(Some).map_err(|_| Unfit("the generated client has no such body".to_owned()))
    }
}

/// Turns the result of a typed call into what a judge can compare.
pub(crate) fn outcome<T: Serialize, E: Serialize>(
    result: Result<ResponseValue<T>, Error<E>>,
) -> Result<Outcome, Unfit> {
    told(result, |answer| serde_json::to_value(answer))
}

/// The same for an answer that is no JSON: what it holds is not looked at.
pub(crate) fn bytes_outcome<E: Serialize>(result: Result<ResponseValue<Bytes>, Error<E>>) -> Result<Outcome, Unfit> {
    told(result, |bytes| Ok(serde_json::from_slice(bytes).unwrap_or_default()))
}

fn told<T, E: Serialize>(
    result: Result<ResponseValue<T>, Error<E>>,
    json: impl FnOnce(&T) -> Result<Value, serde_json::Error>,
) -> Result<Outcome, Unfit> {
    let told = |value: Result<Value, serde_json::Error>| value.map_err(|error| Unfit(error.to_string()));
    match result {
        Ok(answer) => Ok(Outcome::Answer(told(json(&answer))?)),
        Err(Error::Api(body)) => Ok(Outcome::Error(told(serde_json::to_value(&*body))?)),
        Err(Error::Request(message)) => Err(Unfit(message)),
        Err(error) => Ok(Outcome::Refused(error.to_string())),
    }
}
