//! Where two values differ, and values on one short line.

use super::terms::below;
use serde_json::{Map, Value};

/// The first place at which two values differ, with short texts of both.
pub(super) fn first_difference(a: &Value, b: &Value, pointer: String) -> Option<(String, String, String)> {
    let members = |a: &Map<String, Value>, b: &Map<String, Value>| {
        a.iter()
            .find_map(|(key, value)| first_difference(value, b.get(key).unwrap_or(&Value::Null), below(&pointer, key)))
    };
    match (a, b) {
        (Value::Object(a), Value::Object(b)) => members(a, b).or_else(|| {
            let new = b.iter().find(|(key, _)| !a.contains_key(*key));
            new.map(|(key, value)| (below(&pointer, key), "absent".to_owned(), short(value)))
        }),
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            let mut pairs = a.iter().zip(b).enumerate();
            pairs.find_map(|(position, (a, b))| first_difference(a, b, format!("{pointer}/{position}")))
        }
        (Value::Array(a), Value::Array(b)) => {
            Some((pointer, format!("{} elements", a.len()), format!("{} elements", b.len())))
        }
        (a, b) if a == b => None,
        (a, b) => Some((pointer, short(a), short(b))),
    }
}

/// A value on one short line.
#[must_use]
pub fn short(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
