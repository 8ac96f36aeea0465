//! Fields of a record, read tolerantly and refused with their place.

use serde_json::Value;

/// A place of a record that is not what it has to be.
#[derive(Debug, thiserror::Error)]
#[error("`{place}` is {is}: expected {expected}")]
pub(super) struct Misread {
    place: String,
    is: &'static str,
    expected: &'static str,
}

impl Misread {
    pub(super) fn new(place: &str, value: &Value, expected: &'static str) -> Self {
        let is = match value {
            Value::Null => "absent",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a text",
            Value::Array(_) => "a list",
            Value::Object(_) => "a map",
        };
        Self { place: place.to_owned(), is, expected }
    }

    pub(super) fn below(mut self, outer: &str) -> Self {
        self.place = if self.place.is_empty() { outer.to_owned() } else { format!("{outer}.{}", self.place) };
        self
    }
}

/// A media type without its parameters, in lower case.
pub(super) fn essence(content_type: &str) -> String {
    content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

pub(super) fn header<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

pub(super) fn optional(map: &Value, name: &str) -> Result<Option<String>, Misread> {
    match &map[name] {
        Value::Null => Ok(None),
        value => scalar(value).map(Some).ok_or_else(|| Misread::new(name, value, "a text")),
    }
}

pub(super) fn required(map: &Value, name: &str) -> Result<String, Misread> {
    optional(map, name)?.ok_or_else(|| Misread::new(name, &Value::Null, "a text"))
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    }
}

/// Names and values: a map whose values may be lists, or a list of maps with one name each.
pub(super) fn pairs(map: &Value, name: &str) -> Result<Option<Vec<(String, String)>>, Misread> {
    const EXPECTED: &str = "a map from names to texts, or a list of such maps";
    let misread = |value: &Value| Misread::new(name, value, EXPECTED);
    let maps = match &map[name] {
        Value::Null => return Ok(None),
        Value::Object(map) => vec![map],
        Value::Array(maps) => {
            maps.iter().map(|map| map.as_object().ok_or_else(|| misread(map))).collect::<Result<_, _>>()?
        }
        other => return Err(misread(other)),
    };
    let mut pairs = Vec::new();
    for (key, value) in maps.into_iter().flatten() {
        let values = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        for value in values.iter().filter(|value| !value.is_null()) {
            pairs.push((key.clone(), scalar(value).ok_or_else(|| misread(value))?));
        }
    }
    Ok(Some(pairs))
}
