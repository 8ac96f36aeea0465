//! Keys and codes: names that programs gave, beside which a map keyed by people, or a word that is somebody's, is data.

use super::{Pseudonyms, TELLING_INSIDE, text, words};
use crate::contract::model::{escape, unescape};
use serde_json::Value;

/// How long a code may be, and how many digits it may have; beyond that it may be somebody's number.
const LONGEST: usize = 60;
const MOST_DIGITS: usize = 5;
/// Letters that each word of `InvalidToken` has at least: `McDonald` is a name.
const SHORTEST_HUMP: usize = 3;
/// Digits of the largest place of a list.
const LARGEST_PLACE: usize = 4;
/// What stands in a pointer for a key that may be somebody's.
const ANY: &str = "*";

impl Pseudonyms {
    /// Whether a key of an object is a name, and nobody's: the contract lists it, or it is written as programs write theirs,
    /// in an object that the contract does not call a map, and tells no word of a value.
    pub(super) fn names(&self, key: &str, schemas: &[&Value]) -> bool {
        let lists = |schema: &&Value| schema["properties"].get(key).is_some();
        let is_map = |schema: &&Value| schema["additionalProperties"].is_object() && schema["properties"].is_null();
        schemas.iter().any(lists) || (!schemas.iter().any(is_map) && is_identifier(key) && !self.is_somebody(key))
    }

    /// Whether what stands in the place of an error's code is one: a word alone, `UNAUTHORIZED`, if it is no word of a value.
    pub(super) fn is_code(&self, text: &str) -> bool {
        is_code(text) || (is_short(text) && text.bytes().all(of_name) && !self.is_somebody(text))
    }

    /// Whether a key says one of the words that were learnt.
    fn is_somebody(&self, key: &str) -> bool {
        let is_learnt = |word: &str| word.len() >= TELLING_INSIDE && self.telling.contains(&words::fold(word));
        is_learnt(key) || text::words(&key.replace('_', " ")).any(is_learnt)
    }

    /// A JSON pointer into an answer, without the keys that may be somebody's.
    #[must_use]
    pub fn pointer(&self, pointer: &str, schema: &Value) -> String {
        let mut schemas = branches(schema);
        let mut told = String::with_capacity(pointer.len());
        for token in pointer.split('/').skip(1) {
            told.push('/');
            let is_place = token.len() <= LARGEST_PLACE && token.bytes().all(|byte| byte.is_ascii_digit());
            if token == ANY || (is_place && !token.is_empty()) {
                told.push_str(token);
                schemas = below(&schemas, |schema| &schema["items"]);
                continue;
            }
            let key = unescape(token);
            told.push_str(&if self.names(&key, &schemas) { escape(&key) } else { ANY.to_owned() });
            schemas = member(&schemas, &key);
        }
        told
    }
}

/// A schema, and those that it is made of.
pub(super) fn branches(schema: &Value) -> Vec<&Value> {
    let parts = ["allOf", "anyOf", "oneOf"].into_iter().filter_map(|key| schema[key].as_array());
    let inner = parts.flatten().flat_map(branches);
    if schema.is_object() { std::iter::once(schema).chain(inner).collect() } else { Vec::new() }
}

pub(super) fn below<'a>(schemas: &[&'a Value], step: impl Fn(&'a Value) -> &'a Value) -> Vec<&'a Value> {
    schemas.iter().flat_map(|schema| branches(step(schema))).collect()
}

/// What is stated of a member of an object: as a property, or else as any other key.
pub(super) fn member<'a>(schemas: &[&'a Value], key: &str) -> Vec<&'a Value> {
    let listed = below(schemas, |schema| &schema["properties"][key]);
    if listed.is_empty() { below(schemas, |schema| &schema["additionalProperties"]) } else { listed }
}

/// Whether a text is written as codes of errors are: `00366`, `not_found`, `INVALID_INPUTS`, `InvalidToken`. A word alone may
/// be somebody's name.
#[must_use]
pub fn is_code(text: &str) -> bool {
    let all = |fits: fn(u8) -> bool| text.bytes().all(fits);
    let is_number = || all(|byte| byte.is_ascii_digit());
    let is_joined = || text.trim_matches('_').contains('_') && (all(of_lower) || all(of_upper));
    is_short(text) && !text.is_empty() && (is_number() || is_joined() || has_humps(text))
}

fn of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

fn of_lower(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_'
}

fn of_upper(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_'
}

/// Whether it is two words or more with a capital each, and nothing between them.
fn has_humps(text: &str) -> bool {
    let is_hump = |hump: &str| hump.len() >= SHORTEST_HUMP && hump.bytes().all(|byte| byte.is_ascii_lowercase());
    let mut humps = text.split(|letter: char| letter.is_ascii_uppercase());
    // Before the first capital there is nothing; the capital itself is a letter of its hump.
    humps.next() == Some("") && humps.clone().count() >= 2 && humps.all(|rest| is_hump(&format!("x{rest}")))
}

fn is_short(text: &str) -> bool {
    text.len() <= LONGEST && text.bytes().filter(u8::is_ascii_digit).count() <= MOST_DIGITS
}

/// Whether a key that no contract lists is written as programs write their names; else it may be somebody's.
fn is_identifier(key: &str) -> bool {
    is_short(key)
        && key.bytes().all(of_name)
        && key.starts_with(|first: char| first.is_ascii_lowercase() || first == '_')
}

#[cfg(test)]
mod tests {
    use super::is_code;
    use crate::pseudonym::Pseudonyms;
    use serde_json::{Value, json};

    #[test]
    fn codes_are_told_from_names() {
        for code in ["00366", "not_found", "INVALID_INPUTS", "USER_NOT_EMPLOYED_BY_COMPANY_2", "InvalidToken"] {
            assert!(is_code(code), "{code}");
        }
        for name in ["OSTERMANN", "ostermann", "Ostermann", "liselotte-ostermann", "Mme OSTERMANN", "1980575116001"] {
            assert!(!is_code(name), "{name}");
        }
        for name in ["McDonald", "", "_", "_ostermann", "Liselotte_Ostermann", "O", "é_é"] {
            assert!(!is_code(name), "{name}");
        }
    }

    #[test]
    fn a_pointer_keeps_names_and_loses_people() {
        let schema = json!({"properties": {
            "Nom": {}, "liste": {"items": {"allOf": [{"properties": {"OK": {}}}]}}, "par_nom": {"additionalProperties": {"properties": {"A/B": {}}}},
        }});
        let mut pseudonyms = Pseudonyms::new(&[]);
        pseudonyms.learn(&json!({"nom": "OSTERMANN"}));
        for (pointer, told) in [
            ("", ""),
            ("/Nom", "/Nom"),
            ("/nouveau", "/nouveau"),
            ("/liste/17/OK", "/liste/17/OK"),
            ("/liste/*/KO", "/liste/*/*"),
            ("/OSTERMANN", "/*"),
            ("/ostermann", "/*"),
            ("/dossier_ostermann/x", "/*/x"),
            ("/Liselotte Ostermann/0601020304", "/*/*"),
            ("/par_nom/liselotte/A~1B", "/par_nom/*/A~1B"),
        ] {
            assert_eq!(pseudonyms.pointer(pointer, &schema), told, "{pointer}");
        }
        assert_eq!(pseudonyms.pointer("/a/B/cD", &Value::Null), "/a/*/cD");
    }
}
