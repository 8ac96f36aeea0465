//! Does the generated client build the request that was sent, read the answer, and keep all of it?

use crate::contract::model::escape;
use crate::deviation::{Deviation, Kind};
use crate::exchange::{Exchange, Request};
use crate::shape::short;
use serde_json::Value;

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

pub(super) fn judge(typed: &Typed, exchange: &Exchange, body: &Value) -> Vec<Deviation> {
    let mut deviations = Vec::new();
    if let Some(request) = &typed.request
        && normal(request) != normal(&exchange.request)
    {
        let (expected, observed) = differing(&exchange.request, request);
        deviations.push(Deviation::new(Kind::ClientRequestDiffers, "", expected, observed));
    }
    match &typed.decoded {
        Decoded::Value(value) => lost(body, value, "", &mut deviations),
        Decoded::Refused(reason) => {
            deviations.push(Deviation::new(Kind::ClientDecodeFailed, "", "a typed answer", reason.as_str()));
        }
        Decoded::Unfit(reason) => {
            deviations.push(Deviation::new(Kind::ClientRequestDiffers, "", "a typed call", reason.as_str()));
        }
    }
    deviations
}

/// Method, path, and the query without its order.
fn normal(request: &Request) -> (&http::Method, &str, Vec<&str>) {
    let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
    let mut pairs: Vec<&str> = query.split('&').collect();
    pairs.sort_unstable();
    (&request.method, path, pairs)
}

/// The parameters in which two requests differ, by name: their values may be an identity.
fn differing(sent: &Request, built: &Request) -> (String, String) {
    let ((method, path, sent), (built_method, built_path, built)) = (normal(sent), normal(built));
    let names = |one: &[&str], other: &[&str]| {
        let own = one.iter().filter(|pair| !other.contains(pair));
        own.map(|pair| pair.split('=').next().unwrap_or(pair)).collect::<Vec<_>>().join(", ")
    };
    (
        format!("{method} {path}, own values of: {}", names(&sent, &built)),
        format!("{built_method} {built_path}, own values of: {}", names(&built, &sent)),
    )
}

/// What of the bytes did not survive the typed value.
fn lost(raw: &Value, typed: &Value, pointer: &str, deviations: &mut Vec<Deviation>) {
    match (raw, typed) {
        (Value::Object(raw), Value::Object(typed)) => {
            for (key, value) in raw {
                let inner = format!("{pointer}/{}", escape(key));
                match typed.get(key) {
                    Some(kept) => lost(value, kept, &inner, deviations),
                    None => deviations.push(Deviation::new(Kind::ClientDecodeLossy, inner, short(value), "dropped")),
                }
            }
        }
        (Value::Array(raw), Value::Array(typed)) if raw.len() == typed.len() => {
            for (position, (raw, typed)) in raw.iter().zip(typed).enumerate() {
                lost(raw, typed, &format!("{pointer}/{position}"), deviations);
            }
        }
        (Value::Number(raw), Value::Number(typed)) if raw.as_f64() == typed.as_f64() => {}
        (raw, typed) if raw == typed => {}
        (raw, typed) => deviations.push(Deviation::new(Kind::ClientDecodeLossy, pointer, short(raw), short(typed))),
    }
}

#[cfg(test)]
mod tests {
    use super::lost;
    use crate::deviation::Kind;
    use serde_json::json;

    #[test]
    fn a_dropped_key_and_a_changed_value_are_losses() {
        let mut deviations = Vec::new();
        lost(
            &json!({"a": 1, "b": null, "c": [], "d": {"e": "x"}, "n": 1}),
            &json!({"a": 2, "d": {}, "n": 1.0}),
            "",
            &mut deviations,
        );
        let places: Vec<(Kind, &str)> = deviations.iter().map(|d| (d.kind, d.pointer.as_str())).collect();
        let lossy = Kind::ClientDecodeLossy;
        assert_eq!(places, [(lossy, "/a"), (lossy, "/b"), (lossy, "/c"), (lossy, "/d/e")]);
    }
}
