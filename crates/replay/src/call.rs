//! Typed calls by operation id: how the harness reaches the generated builders.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use vigie::clients::{Bytes, Error, ResponseValue};

/// What a case gives to a typed call.
#[derive(Debug)]
pub(crate) struct Parameters {
    /// Parameters by wire name, as a scenario binds them.
    pub(crate) values: Map<String, Value>,
    /// The body as it is sent, of JSON or of a form; of a GraphQL operation with the query around its variables.
    pub(crate) body: Option<Value>,
    /// The body as it is sent, for operations whose body is neither.
    pub(crate) bytes: Option<Bytes>,
    /// Whether a body is made up, so that an answer can be read without the one that no builder makes.
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
pub(crate) enum Unfit {
    /// Because of its body alone.
    Body,
    /// Because of something else, which is told.
    Call(String),
}

impl Unfit {
    pub(crate) fn operation(id: &str) -> Self {
        Self::Call(format!("the generated client has no operation `{id}`"))
    }

    fn parameter(name: &str, wanted: &str) -> Self {
        Self::Call(format!("the generated client takes `{name}` as {wanted}"))
    }

    pub(crate) fn into_reason(self) -> String {
        match self {
            Self::Body => "the generated client has no such body".to_owned(),
            Self::Call(reason) => reason,
        }
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
    #[cfg(test)]
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
    pub(crate) fn bytes(&self) -> Result<Option<Bytes>, Unfit> {
        if self.body_is_made_up {
            return Ok(Some(Bytes::from_static(b"--x\r\n")));
        }
        self.bytes.clone().map(Some).ok_or(Unfit::Body)
    }

    fn typed<T: DeserializeOwned>(&self, value: Option<&Value>, least: &str) -> Result<Option<T>, Unfit> {
        match value {
            _ if self.body_is_made_up => serde_json::from_str(least).map(Some).map_err(|_| Unfit::Body),
            // What serde says of a mismatch quotes the value.
            Some(value) => T::deserialize(value).map(Some).map_err(|_| Unfit::Body),
            None if least == "{}" => Ok(None),
            None => Err(Unfit::Body),
        }
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
    let told = |value: Result<Value, serde_json::Error>| value.map_err(|error| Unfit::Call(error.to_string()));
    match result {
        Ok(answer) => Ok(Outcome::Answer(told(json(&answer))?)),
        Err(Error::Api(body)) => Ok(Outcome::Error(told(serde_json::to_value(&*body))?)),
        Err(Error::Request(message)) => Err(Unfit::Call(message)),
        Err(error) => Ok(Outcome::Refused(error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::{Outcome, Parameters, Unfit};
    use serde_json::{Map, Value, json};
    use vigie::clients::kaizala;
    use vigie::clients::{Bytes, Multipart, Tap};
    use vigie_exchange::{Request, Response};

    /// The outcome of a typed call of Kaizala, and the request that the builder made.
    async fn replayed(
        operation: &str,
        parameters: &Parameters,
        answer: &str,
    ) -> (Result<Outcome, Unfit>, Option<Request>) {
        let body = Bytes::copy_from_slice(answer.as_bytes());
        let tap = Tap::replaying(Response {
            status: http::StatusCode::OK,
            headers: http::HeaderMap::new(),
            body: body.into(),
        });
        let url = vigie::clients::base_url("http://127.0.0.1").expect("a URL");
        let http = vigie::clients::http_client(&url, kaizala::TIMEOUT).expect("a client");
        let client = kaizala::Client::new_with_client("http://127.0.0.1/v1", http, tap.clone());
        let outcome = crate::kaizala::replay(&client, operation, parameters).await;
        (outcome, tap.exchange().map(|exchange| exchange.request))
    }

    fn values(values: &Value) -> Map<String, Value> {
        values.as_object().expect("an object").clone()
    }

    #[tokio::test]
    async fn a_body_goes_through_its_type_and_comes_out_as_it_was() {
        let body = json!({"name": "Quai 4", "welcomeMessage": "Bonjour", "members": [], "groupType": "NewType"});
        let parameters = Parameters { body: Some(body.clone()), ..Parameters::new(Map::new()) };
        let (outcome, request) = replayed("createGroup", &parameters, r#"{"groupId": "g"}"#).await;
        let request = request.expect("it was built");
        assert_eq!(serde_json::from_slice::<Value>(&request.body).expect("JSON"), body);
        assert_eq!((request.target.as_str(), request.method.as_str()), ("/v1/groups", "POST"));
        assert!(matches!(outcome, Ok(Outcome::Answer(answer)) if answer["groupId"] == "g"));
    }

    #[tokio::test]
    async fn flags_and_numbers_are_parameters_and_paths_are_filled_in() {
        let given = values(&json!({"groupId": "a@1", "actionType": "Job", "fromDate": "1500000000", "count": 3}));
        let (_, request) = replayed("listActions", &Parameters::new(given), "{}").await;
        let request = request.expect("it was built");
        let (path, query) = request.target.split_once('?').expect("a query");
        assert_eq!(path, "/v1/groups/a@1/actions");
        let mut pairs: Vec<&str> = query.split('&').collect();
        pairs.sort_unstable();
        assert_eq!(pairs, ["actionType=Job", "count=3", "fromDate=1500000000"]);
        let (_, request) = replayed("listGroups", &Parameters::new(values(&json!({"showDetail": "true"}))), "{}").await;
        assert_eq!(request.expect("it was built").target, "/v1/groups?showDetail=true");
        let (outcome, _) = replayed("listGroups", &Parameters::new(values(&json!({"showDetail": 1}))), "{}").await;
        assert!(matches!(outcome, Err(Unfit::Call(reason)) if reason.contains("a boolean")));
    }

    #[tokio::test]
    async fn bytes_are_sent_as_they_are_with_their_boundary() {
        let bytes = Multipart::new().file("files", "a.png", "image/png", vec![0, 1]).into_bytes();
        let parameters = Parameters { bytes: Some(bytes.clone()), ..Parameters::new(Map::new()) };
        let (_, request) = replayed("uploadMedia", &parameters, r#"{"mediaResource": "m"}"#).await;
        let request = request.expect("it was built");
        assert_eq!(request.body, bytes);
        assert_eq!(request.headers["content-type"], "multipart/form-data; boundary=part-0");
    }

    #[tokio::test]
    async fn a_body_that_no_builder_makes_is_unfit_and_one_that_is_made_up_reads_the_answer() {
        let bad = json!({"name": 7});
        let mut parameters = Parameters { body: Some(bad), ..Parameters::new(Map::new()) };
        let (outcome, request) = replayed("createGroup", &parameters, r#"{"groupId": "g"}"#).await;
        assert!(matches!(outcome, Err(Unfit::Body)) && request.is_none(), "{outcome:?}");
        parameters.body = None;
        let (outcome, _) = replayed("createGroup", &parameters, "{}").await;
        assert!(matches!(outcome, Err(Unfit::Body)), "{outcome:?}");
        parameters.body_is_made_up = true;
        let (outcome, _) = replayed("createGroup", &parameters, r#"{"groupId": "g"}"#).await;
        assert!(matches!(outcome, Ok(Outcome::Answer(answer)) if answer["groupId"] == "g"));
        let (outcome, _) = replayed("uploadMedia", &parameters, r#"{"mediaResource": "m"}"#).await;
        assert!(matches!(outcome, Ok(Outcome::Answer(_))), "{outcome:?}");
        let (outcome, _) = replayed("noSuch", &parameters, "{}").await;
        assert!(matches!(outcome, Err(Unfit::Call(reason)) if reason.contains("`noSuch`")));
    }
}
