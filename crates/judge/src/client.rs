//! Does the generated client build the request that was sent, read the answer, and keep all of it?

use super::Evidence;
use crate::shape::short;
use serde_json::{Number, Value};
use std::collections::BTreeSet;
use vigie_contract::model::escape;
use vigie_drift::deviation::{Deviation, Kind};
use vigie_drift::location::Location;
use vigie_exchange::Request;

/// The typed client's side of an exchange: it was fed the recorded answer, nothing was sent.
#[derive(Debug)]
pub struct Typed {
    /// The request that the typed builder made; `None` when the builder cannot express the case, as intended.
    pub request: Option<Request>,
    /// What the typed decode made of the answer.
    pub decoded: Decoded,
}

/// What a typed decode made of an answer.
#[derive(Debug)]
pub enum Decoded {
    /// The typed value, as JSON again.
    Value(Value),
    /// The decode refused it.
    Refused(String),
    /// The typed builder could not even be called.
    Unfit(String),
}

/// `body` is that of the answer, if it is JSON: of others the client keeps the bytes.
pub(super) fn judge(typed: &Typed, evidence: &Evidence<'_>, body: Option<&Value>) -> Vec<Deviation> {
    let mut deviations = Vec::new();
    if let Some(request) = &typed.request {
        let (sent, built) = (&evidence.exchange.request, request);
        let bodies = body_differences(sent, built);
        if normal(sent) != normal(built) || !bodies.is_empty() {
            let (expected, observed) = differing(sent, built, &evidence.operation.path, bodies);
            deviations.push(Deviation::new(Kind::ClientRequestDiffers, Location::Whole, expected, observed));
        }
    }
    match (&typed.decoded, body) {
        (Decoded::Value(value), Some(body)) => lost(body, value, "", &mut deviations),
        (Decoded::Refused(reason), Some(_)) => {
            deviations.push(Deviation::new(
                Kind::ClientDecodeFailed,
                Location::Whole,
                "a typed answer",
                reason.as_str(),
            ));
        }
        (Decoded::Unfit(reason), _) => {
            deviations.push(Deviation::new(
                Kind::ClientRequestDiffers,
                Location::Whole,
                "a typed call",
                reason.as_str(),
            ));
        }
        (Decoded::Value(_) | Decoded::Refused(_), None) => {}
    }
    deviations
}

/// Method, path, and the query without its order.
fn normal(request: &Request) -> (&http::Method, &str, Vec<&str>) {
    let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
    (&request.method, path, pairs(query))
}

/// The pairs of a query or a form, without their order.
fn pairs(text: &str) -> Vec<&str> {
    let mut pairs: Vec<&str> = text.split('&').collect();
    pairs.sort_unstable();
    pairs
}

/// Names of the pairs that one has and the other has not: their values may be an identity.
fn own<'a>(one: &[&'a str], other: &[&str]) -> Vec<&'a str> {
    let own = one.iter().filter(|pair| !other.contains(pair));
    own.map(|pair| pair.split('=').next().unwrap_or(pair)).collect()
}

/// The parameters, and the places of the body, in which two requests differ, by name. Of the path only its template is
/// told.
fn differing(sent: &Request, built: &Request, template: &str, bodies: Vec<String>) -> (String, String) {
    let ((method, path, sent), (built_method, built_path, built)) = (normal(sent), normal(built));
    let paths = (path != built_path).then(|| "the path".to_owned());
    let shared: Vec<String> = paths.into_iter().chain(bodies).collect();
    let told = |method: &http::Method, one: &[&str], other: &[&str]| {
        let names: Vec<&str> = own(one, other).into_iter().chain(shared.iter().map(String::as_str)).collect();
        format!("{method} {template}, own values of: {}", names.join(", "))
    };
    (told(method, &sent, &built), told(built_method, &built, &sent))
}

/// The places in which the bodies of two requests differ: of JSON and of forms without regard to their order.
fn body_differences(sent: &Request, built: &Request) -> Vec<String> {
    if sent.body == built.body {
        return Vec::new();
    }
    let is = |request: &Request, wanted: &str| {
        let content_type = request.headers.get(http::header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        content_type.is_some_and(|content_type| content_type.split(';').next().is_some_and(|own| own.ends_with(wanted)))
    };
    let both = |wanted: &str| is(sent, wanted) && is(built, wanted);
    let json = |request: &Request| serde_json::from_slice(&request.body).ok().map(without_idle_variables);
    let mut places = Vec::new();
    if both("json")
        && let (Some(sent), Some(built)) = (json(sent), json(built))
    {
        json_differences(&sent, &built, "body", &mut places);
    } else if both("x-www-form-urlencoded")
        && let (Ok(sent), Ok(built)) = (str::from_utf8(&sent.body), str::from_utf8(&built.body))
    {
        let (sent, built) = (pairs(sent), pairs(built));
        places.extend(own(&sent, &built).into_iter().chain(own(&built, &sent)).map(|name| format!("body.{name}")));
        places.sort_unstable();
        places.dedup();
    } else {
        places.push("body".to_owned());
    }
    places
}

/// A GraphQL request says the same with a variable that is null as without it.
fn without_idle_variables(mut body: Value) -> Value {
    if body["query"].is_string()
        && let Some(members) = body.as_object_mut()
    {
        if let Some(Value::Object(variables)) = members.get_mut("variables") {
            variables.retain(|_, value| !value.is_null());
        }
        members.retain(|name, value| name != "variables" || value.as_object().is_none_or(|map| !map.is_empty()));
    }
    body
}

fn json_differences(sent: &Value, built: &Value, place: &str, places: &mut Vec<String>) {
    match (sent, built) {
        (Value::Object(sent), Value::Object(built)) => {
            let names: BTreeSet<&String> = sent.keys().chain(built.keys()).collect();
            for name in names {
                let place = format!("{place}.{name}");
                match (sent.get(name), built.get(name)) {
                    (Some(sent), Some(built)) => json_differences(sent, built, &place, places),
                    _ => places.push(place),
                }
            }
        }
        (Value::Array(sent), Value::Array(built)) if sent.len() == built.len() => {
            for (sent, built) in sent.iter().zip(built) {
                json_differences(sent, built, &format!("{place}[]"), places);
            }
            places.dedup();
        }
        (Value::Number(sent), Value::Number(built)) if is_same(sent, built) => {}
        (sent, built) if sent == built => {}
        _ => places.push(place.to_owned()),
    }
}

/// Whether two numbers are one: `1` and `1.0` are, and an integer that a float only comes near is another one.
fn is_same(one: &Number, other: &Number) -> bool {
    let integer = |number: &Number| number.as_i64().map(i128::from).or(number.as_u64().map(i128::from));
    #[allow(clippy::cast_possible_truncation, reason = "beyond all integers of JSON the nearest one is compared")]
    let whole = |number: &Number| integer(number).or_else(|| number.as_f64().map(|float| float as i128));
    one.as_f64() == other.as_f64() && whole(one) == whole(other)
}

/// What of the bytes did not survive the typed value.
fn lost(raw: &Value, typed: &Value, pointer: &str, deviations: &mut Vec<Deviation>) {
    match (raw, typed) {
        (Value::Object(raw), Value::Object(typed)) => {
            for (key, value) in raw {
                let inner = format!("{pointer}/{}", escape(key));
                match typed.get(key) {
                    Some(kept) => lost(value, kept, &inner, deviations),
                    None => deviations.push(Deviation::new(
                        Kind::ClientDecodeLossy,
                        Location::pointer(inner),
                        short(value),
                        "dropped",
                    )),
                }
            }
        }
        (Value::Array(raw), Value::Array(typed)) if raw.len() == typed.len() => {
            for (position, (raw, typed)) in raw.iter().zip(typed).enumerate() {
                lost(raw, typed, &format!("{pointer}/{position}"), deviations);
            }
        }
        (Value::Number(raw), Value::Number(typed)) if is_same(raw, typed) => {}
        (raw, typed) if raw == typed => {}
        (raw, typed) => deviations.push(Deviation::new(
            Kind::ClientDecodeLossy,
            Location::pointer(pointer),
            short(raw),
            short(typed),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::{Decoded, Evidence, Typed, judge, lost};
    use http::{HeaderMap, HeaderValue, Method, StatusCode};
    use serde_json::{Value, json};
    use std::time::Duration;
    use vigie_contract::model::Contract;
    use vigie_drift::deviation::Kind;
    use vigie_exchange::{Exchange, Request, Response};
    use vigie_scenario::{Case, Dialect};

    fn request(content_type: &'static str, body: &str) -> Request {
        let mut request = Request::new(Method::POST, "/graphql");
        request.headers.insert("content-type", HeaderValue::from_static(content_type));
        request.body = body.to_owned().into();
        request
    }

    /// What is told of a request that was built, beside the one that was sent.
    fn told(sent: Request, built: Request) -> Option<(Value, Value)> {
        let response =
            Response { status: StatusCode::OK, headers: HeaderMap::new(), body: vigie_exchange::Body::default() };
        let exchange = Exchange { request: sent, response, elapsed: Duration::ZERO };
        let typed = Typed { request: Some(built), decoded: Decoded::Refused("bytes".to_owned()) };
        let paths = json!({"/graphql": {"post": {"operationId": "op", "responses": {}}}});
        let contract = Contract::new("t/v1", json!({"paths": paths}));
        let (operation, case) = (&contract.operations[0], Case::call("op", &Dialect::PLAIN));
        let evidence = Evidence { case: &case, operation, exchange: &exchange, typed: None, masked: &[] };
        let mut deviations = judge(&typed, &evidence, None);
        assert!(deviations.len() <= 1, "{deviations:?}");
        deviations.pop().map(|deviation| (deviation.expected, deviation.observed))
    }

    #[test]
    fn bodies_of_json_and_of_forms_have_no_order() {
        let json = |body| request("application/json; charset=utf-8", body);
        assert!(told(json(r#"{"a": 1, "b": [2.0]}"#), json(r#"{"b":[2],"a":1}"#)).is_none());
        let form = |body| request("application/x-www-form-urlencoded", body);
        assert!(told(form("a=1&b=x%20y"), form("b=x%20y&a=1")).is_none());
        assert!(told(form("a=1"), json(r#"{"a":1}"#)).is_some());
        assert!(told(request("image/png", "ab"), request("image/png", "ba")).is_some());
    }

    #[test]
    fn bodies_that_differ_are_told_by_place_and_never_by_value() {
        let json = |body| request("application/json", body);
        let sent = json(r#"{"name": "GOFF", "members": [{"phone": "+336"}, {"phone": "+337"}], "same": 1}"#);
        let (expected, observed) =
            told(sent, json(r#"{"members": [{"phone": "+338"}, {"phone": "+339"}], "same": 1}"#)).expect("it is told");
        let text = "POST /graphql, own values of: body.members[].phone, body.name";
        assert_eq!((expected, observed), (json!(text), json!(text)));
        let form = |body| request("application/x-www-form-urlencoded", body);
        let (expected, _) = told(form("code=s3cret&a=1"), form("a=1")).expect("it is told");
        assert_eq!(expected, "POST /graphql, own values of: body.code");
    }

    #[test]
    fn a_variable_that_is_null_is_none() {
        let json = |body| request("application/json", body);
        let bare = r#"{"query": "query me { me { id } }"}"#;
        assert!(told(json(r#"{"query": "query me { me { id } }", "variables": {"a": null}}"#), json(bare)).is_none());
        assert!(told(json(r#"{"query": "query me { me { id } }", "variables": {"a": 1}}"#), json(bare)).is_some());
        assert!(told(json(r#"{"a": null}"#), json("{}")).is_some());
    }

    #[test]
    fn a_dropped_key_and_a_changed_value_are_losses() {
        let mut deviations = Vec::new();
        lost(
            &json!({"a": 1, "b": null, "c": [], "d": {"e": "x"}, "n": 1, "z": 9_007_199_254_740_993_u64}),
            &json!({"a": 2, "d": {}, "n": 1.0, "z": 9_007_199_254_740_992.0}),
            "",
            &mut deviations,
        );
        let places: Vec<(Kind, &str)> = deviations.iter().map(|d| (d.kind, &*d.location.to_string().leak())).collect();
        let lossy = Kind::ClientDecodeLossy;
        assert_eq!(places, [(lossy, "/a"), (lossy, "/b"), (lossy, "/c"), (lossy, "/d/e"), (lossy, "/z")]);
    }
}
