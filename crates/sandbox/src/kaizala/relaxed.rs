//! Bodies as the provider reads them: keys without quotes, a comma too many, and keys in any case.

use super::refusal::{Answer, Refusal};
use serde_json::{Map, Value};

/// Reads JSON, and what is almost JSON.
pub(super) fn read(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok().or_else(|| serde_json::from_str(&strict(text)).ok())
}

/// Puts quotes around bare keys, and leaves out commas before a closing bracket. Texts are left as they are.
fn strict(text: &str) -> String {
    let mut strict = String::with_capacity(text.len() + 64);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => quoted(rest),
            _ if is_name(first) => rest.find(|c| !is_name(c)).unwrap_or(rest.len()),
            _ => first.len_utf8(),
        };
        let (token, after) = rest.split_at(length);
        let next = after.trim_start().chars().next();
        if is_name(first) && next == Some(':') {
            strict.extend(["\"", token, "\""]);
        } else if first != ',' || !matches!(next, Some('}' | ']')) {
            strict.push_str(token);
        }
        rest = after;
    }
    strict
}

/// Length of the text that begins here, with its quotes.
fn quoted(text: &str) -> usize {
    let mut escaped = false;
    for (position, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return position + 1,
            _ => {}
        }
    }
    text.len()
}

fn is_name(character: char) -> bool {
    character.is_alphanumeric() || character == '_' || character == '$'
}

/// The members of an object, found in any case. What is null is absent.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields<'a>(pub(super) &'a Map<String, Value>);

impl<'a> Fields<'a> {
    /// The members of a value, which has to be an object.
    pub(super) fn of(value: &'a Value, what: &str) -> Answer<Self> {
        value.as_object().map(Self).ok_or_else(|| Refusal::invalid(format!("{what} has to be an object")))
    }

    /// A member by one of its names.
    pub(super) fn get(self, names: &[&str]) -> Option<&'a Value> {
        let member =
            |name: &&str| self.0.iter().find(|(key, value)| key.eq_ignore_ascii_case(name) && !value.is_null());
        names.iter().find_map(member).map(|(_, value)| value)
    }

    /// A text; an empty one counts as absent.
    pub(super) fn text(self, names: &[&str]) -> Answer<Option<&'a str>> {
        let Some(value) = self.get(names) else { return Ok(None) };
        let text = value.as_str().ok_or_else(|| Refusal::invalid(format!("{} has to be a text", names[0])))?;
        Ok(Some(text).filter(|text| !text.is_empty()))
    }

    /// A text that has to be there.
    pub(super) fn needed(self, names: &[&str]) -> Answer<&'a str> {
        self.text(names)?.ok_or_else(|| Refusal::missing(names[0]))
    }

    /// A boolean, or its name as a text.
    pub(super) fn flag(self, name: &str) -> Answer<Option<bool>> {
        let flag = |value: &Value| match value {
            Value::Bool(flag) => Some(*flag),
            Value::String(text) => text.to_ascii_lowercase().parse().ok(),
            _ => None,
        };
        let Some(value) = self.get(&[name]) else { return Ok(None) };
        flag(value).map(Some).ok_or_else(|| Refusal::invalid(format!("{name} has to be true or false")))
    }

    /// A whole number.
    pub(super) fn integer(self, names: &[&str]) -> Answer<Option<i64>> {
        let Some(value) = self.get(names) else { return Ok(None) };
        value.as_i64().map(Some).ok_or_else(|| Refusal::invalid(format!("{} has to be a whole number", names[0])))
    }

    /// A list; absent is none.
    pub(super) fn list(self, names: &[&str]) -> Answer<Option<&'a [Value]>> {
        let Some(value) = self.get(names) else { return Ok(None) };
        let list = value.as_array().ok_or_else(|| Refusal::invalid(format!("{} has to be a list", names[0])))?;
        Ok(Some(list))
    }

    /// A list of texts; absent is none.
    pub(super) fn texts(self, names: &[&str]) -> Answer<Option<Vec<&'a str>>> {
        let Some(list) = self.list(names)? else { return Ok(None) };
        let texts: Option<Vec<&str>> = list.iter().map(Value::as_str).collect();
        texts.map(Some).ok_or_else(|| Refusal::invalid(format!("{} has to be a list of texts", names[0])))
    }

    /// A list of texts that has to be there.
    pub(super) fn needed_texts(self, names: &[&str]) -> Answer<Vec<&'a str>> {
        self.texts(names)?.ok_or_else(|| Refusal::missing(names[0]))
    }

    /// One of these texts, in any case, as the list writes it.
    pub(super) fn one_of(self, name: &str, known: &[&'static str]) -> Answer<Option<&'static str>> {
        let Some(text) = self.text(&[name])? else { return Ok(None) };
        let found = known.iter().find(|known| known.eq_ignore_ascii_case(text));
        found.copied().map(Some).ok_or_else(|| Refusal::invalid(format!("{name} is none of {}", known.join(", "))))
    }
}

#[cfg(test)]
mod tests {
    use super::{Fields, read};
    use serde_json::json;

    #[test]
    fn bare_keys_and_a_comma_too_many_are_read() {
        let read = read(r#"{name: "a, b: {c,}", members :["+33639980002",], groupType:"Group",}"#);
        assert_eq!(read, Some(json!({"name": "a, b: {c,}", "members": ["+33639980002"], "groupType": "Group"})));
    }

    #[test]
    fn what_is_no_json_at_all_is_not_read() {
        for text in ["message=hello", "{message}", "{\"message\": hello}", "", "{\"a\": \"b", "{,}{", "\"\\"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn keys_are_found_in_any_case() {
        let value = json!({"TITLE": "a", "Choices": null});
        let fields = Fields::of(&value, "the body").expect("an object");
        assert_eq!(fields.get(&["title"]), Some(&json!("a")));
        assert_eq!(fields.get(&["choices"]), None);
    }
}
