//! Two schemas of one value as one that takes both: what an object of one type has, and what one of another has.

use serde_json::{Map, Value, json};

/// A schema for whatever either takes. Both were derived from the same query.
pub(super) fn join(one: Value, other: Value) -> Value {
    if one == other {
        return one;
    }
    let (Value::Object(mut one), Value::Object(mut other)) = (one, other) else { return json!({}) };
    let is_nullable = [&one, &other].iter().any(|side| side.get("nullable") == Some(&Value::Bool(true)));
    let ty = one.get("type").filter(|ty| other.get("type") == Some(ty)).and_then(Value::as_str).map(str::to_owned);
    let mut joined = match ty.as_deref() {
        Some("object") => objects(&mut one, &mut other),
        Some("array") => {
            let [one, other] = [one, other].map(|mut side| side.remove("items").unwrap_or_else(|| json!({})));
            json!({"type": "array", "items": join(one, other)})
        }
        Some("string") if one.contains_key("enum") && other.contains_key("enum") => {
            let values = |side: &Map<String, Value>| side["enum"].as_array().cloned().unwrap_or_default();
            let mut all = values(&one);
            all.extend(
                values(&other)
                    .into_iter()
                    .filter(|value| !one["enum"].as_array().is_some_and(|own| own.contains(value))),
            );
            json!({"type": "string", "enum": all})
        }
        _ => return json!({"anyOf": [one, other]}),
    };
    if is_nullable {
        joined["nullable"] = true.into();
    }
    joined
}

fn objects(one: &mut Map<String, Value>, other: &mut Map<String, Value>) -> Value {
    let required =
        |side: &Map<String, Value>| side.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
    let of_other = required(other);
    let both: Vec<Value> = required(one).into_iter().filter(|key| of_other.contains(key)).collect();
    let properties = |side: &mut Map<String, Value>| match side.remove("properties") {
        Some(Value::Object(properties)) => properties,
        _ => Map::new(),
    };
    let mut all = properties(one);
    for (key, value) in properties(other) {
        let joined = match all.remove(&key) {
            Some(own) => join(own, value),
            None => value,
        };
        all.insert(key, joined);
    }
    let mut joined = json!({"type": "object"});
    if !both.is_empty() {
        joined["required"] = both.into();
    }
    joined["properties"] = all.into();
    joined
}
