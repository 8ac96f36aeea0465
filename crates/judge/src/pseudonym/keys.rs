//! Keys and codes: names that programs gave, beside which a map keyed by people, or a word that is somebody's, is data.

use super::{Pseudonyms, TELLING_INSIDE, text};
use serde_json::Value;
use std::collections::BTreeMap;
use vigie_contract::model::{escape, unescape};
use vigie_contract::schema::{Additional, Branches, Schema};

/// How long a code may be, and how many digits it may have; beyond that it may be somebody's number.
const LONGEST: usize = 60;
const MOST_DIGITS: usize = 5;
/// Letters that each word of `InvalidToken` has at least: `McDonald` is a name.
const SHORTEST_HUMP: usize = 3;
/// Digits of the largest place of a list.
const LARGEST_PLACE: usize = 4;
/// How many formats of keys are listed.
const FORMATS: usize = 6;
/// What becomes of the key of an object.
pub(super) enum Fate {
    /// It stays.
    Name,
    /// It has a pseudonym, as a value has.
    Data,
    /// It is left out.
    Unknown,
}

/// Whether somebody who answers for it has written a key: a contract, or an accepted answer.
pub type Known<'a> = &'a dyn Fn(&str) -> bool;

/// What stands in a pointer for a key that may be somebody's.
const ANY: &str = "*";

impl Pseudonyms {
    /// Whether a key of an object is a name, and nobody's: the contract lists it, or it is a word of the contract, in an object that
    /// the contract does not call a map, and tells no word of a value. Where no contract is asked, it is one that is written as
    /// programs write theirs.
    pub(super) fn names(&self, key: &str, schemas: &Branches<'_>, known: Option<Known<'_>>) -> bool {
        let is_name = || known.map_or_else(|| is_identifier(key), |known| known(key));
        schemas.lists(key) || (!schemas.is_map() && is_name() && !self.is_somebody(key))
    }

    /// What becomes of a key: a name stays, and a key of a map is data. What no contract knows of an answer has no pseudonym either,
    /// since another answer would seem to lack it.
    pub(super) fn fate(&self, key: &str, schemas: &Branches<'_>, known: Option<Known<'_>>) -> Fate {
        match known {
            _ if self.names(key, schemas, known) => Fate::Name,
            Some(_) if !schemas.is_map() => Fate::Unknown,
            _ => Fate::Data,
        }
    }

    /// Whether a key says one of the words that were learnt.
    fn is_somebody(&self, key: &str) -> bool {
        let is_learnt = |word: &str| word.len() >= TELLING_INSIDE && self.telling.contains(&text::fold(word));
        is_learnt(key) || text::words(&key.replace('_', " ")).any(is_learnt)
    }

    /// A JSON pointer into a body, without the keys that may be somebody's. Those of a contract that is known are nobody's where
    /// the object is no map; without one, those that are written as programs write theirs.
    #[must_use]
    pub fn pointer(&self, pointer: &str, schema: &Value, body: Option<&Value>, known: Option<Known<'_>>) -> String {
        let mut schemas = Branches::of(Schema::whole(schema));
        let mut nodes: Vec<&Value> = body.into_iter().collect();
        let mut told = String::with_capacity(pointer.len());
        for token in pointer.split('/').skip(1) {
            told.push('/');
            let key = unescape(token);
            // Digits are a place in a list, or the key of an object, which may be a number of somebody's.
            let is_place = !token.is_empty() && token.len() <= LARGEST_PLACE && is_number(token);
            let is_list = nodes.iter().any(|node| node.is_array()) || nodes.is_empty();
            if token == ANY || (is_place && is_list) {
                told.push_str(token);
                schemas = schemas.items();
                let place = token.parse::<usize>().ok();
                let is_meant = |(own, _): &(usize, &Value)| place.is_none_or(|place| place == *own);
                let items = nodes.into_iter().filter_map(Value::as_array);
                nodes =
                    items.flat_map(|items| items.iter().enumerate().filter(is_meant)).map(|(_, item)| item).collect();
                continue;
            }
            let is_nobodys = self.names(&key, &schemas, known);
            told.push_str(&if is_nobodys { escape(&key) } else { ANY.to_owned() });
            schemas = schemas.member(&key);
            nodes = nodes.into_iter().filter_map(|node| node.get(&key)).collect();
        }
        told
    }
}

/// The keys of an object that the contract does not list, in words that tell their format and not what they are: `2 more
/// properties: 1 text of 13 characters, 1 number`. `None` where it lists all, or wants something else than an object.
#[must_use]
pub fn more_properties(body: &Value, pointer: &str, schema: &Value) -> Option<String> {
    let mut schemas = Branches::of(Schema::whole(schema));
    for token in pointer.split('/').skip(1) {
        let is_place = is_number(token) && schemas.iter().any(|schema| schema.own_items().is_some());
        schemas = if is_place { schemas.items() } else { schemas.member(&unescape(token)) };
    }
    // Where the contract wants no object, it lists no keys either.
    let wants = |schema: Schema<'_>| {
        schema.keyword("properties").is_object() || matches!(schema.own_additional(), Additional::Closed)
    };
    let keys = body.pointer(pointer)?.as_object().filter(|_| schemas.iter().any(wants))?.keys();
    let more: Vec<&String> = keys.filter(|key| !schemas.lists(key)).collect();
    let mut formats: BTreeMap<Option<usize>, usize> = BTreeMap::new();
    for key in &more {
        let length = (!is_number(key) || key.is_empty()).then(|| key.chars().count());
        *formats.entry(length).or_default() += 1;
    }
    let counted = |count: usize, what: &str, end: &str| format!("{count} {what}{}", if count == 1 { "" } else { end });
    // Texts first, by their length.
    let of_format = |(length, count): (&Option<usize>, &usize)| match length {
        Some(length) => format!("{} of {}", counted(*count, "text", "s"), counted(*length, "character", "s")),
        None => counted(*count, "number", "s"),
    };
    let (texts, numbers): (Vec<_>, Vec<_>) = formats.iter().partition(|(length, _)| length.is_some());
    let all: Vec<String> = texts.into_iter().chain(numbers).map(of_format).collect();
    let left = all.len().saturating_sub(FORMATS);
    let rest = if left == 0 { String::new() } else { format!(" and {left} other lengths") };
    let properties = if more.len() == 1 { "property" } else { "properties" };
    (!more.is_empty())
        .then(|| format!("{} more {properties}: {}{rest}", more.len(), all[..all.len() - left].join(", ")))
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a text is written as codes of errors are: `00366`, `not_found`, `INVALID_INPUTS`, `InvalidToken`. A word alone may
/// be somebody's name.
#[must_use]
pub fn is_code(text: &str) -> bool {
    let all = |fits: fn(u8) -> bool| text.bytes().all(fits);
    let is_joined = || text.trim_matches('_').contains('_') && (all(of_lower) || all(of_upper));
    is_short(text) && !text.is_empty() && (is_number(text) || is_joined() || has_humps(text))
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
    use super::{is_code, more_properties};
    use crate::pseudonym::Formats;
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
        let mut pseudonyms = Pseudonyms::new(&[], Formats::NONE);
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
            assert_eq!(pseudonyms.pointer(pointer, &schema, None, None), told, "{pointer}");
        }
        assert_eq!(pseudonyms.pointer("/a/B/cD", &Value::Null, None, None), "/a/*/cD");
    }

    #[test]
    fn where_the_words_of_the_contract_are_known_no_other_key_is_told() {
        let schema = json!({"properties": {
            "Nom": {}, "liste": {"items": {"properties": {"OK": {}}}}, "par_nom": {"additionalProperties": {"type": "integer"}},
        }});
        let body =
            json!({"1980": {"7": 1}, "liste": [{"OK": {"12": 1}}], "par_nom": {"mois": 1}, "nouveau": [{"0601": 1}]});
        let mut pseudonyms = Pseudonyms::new(&[], Formats::NONE);
        pseudonyms.learn(&json!({"nom": "brest"}));
        let known = |key: &str| ["mois", "brest"].contains(&key);
        for (pointer, told) in [
            ("/Nom", "/Nom"),
            ("/nouveau", "/*"),
            ("/mois", "/mois"),
            ("/brest", "/*"),
            ("/par_nom/mois", "/par_nom/*"),
            ("/1980", "/*"),
            ("/1980/7", "/*/*"),
            ("/liste/0/OK/12", "/liste/0/OK/*"),
            ("/liste/*/OK/12", "/liste/*/OK/*"),
            ("/nouveau/0/0601", "/*/0/*"),
            ("/nouveau/*/0601", "/*/*/*"),
        ] {
            assert_eq!(pseudonyms.pointer(pointer, &schema, Some(&body), Some(&known)), told, "{pointer}");
        }
    }

    #[test]
    fn keys_that_the_contract_does_not_list_are_counted_by_their_format() {
        let schema = json!({"properties": {"list": {"items": {"allOf": [{"properties": {"nom": {}}}]}}}});
        let body =
            json!({"list": [{"nom": 1, "Liselotte": 1, "Ostermann": 1, "0601020304": 1, "": 1}, {"nom": 2}, {"a": 1}]});
        let told = |pointer: &str| more_properties(&body, pointer, &schema);
        let first = "4 more properties: 1 text of 0 characters, 2 texts of 9 characters, 1 number";
        assert_eq!(told("/list/0").as_deref(), Some(first));
        assert_eq!(told("/list/1"), None);
        assert_eq!(told("/list/2").as_deref(), Some("1 more property: 1 text of 1 character"));
        assert_eq!(told("/list/0/nom"), None);
    }
}
