//! Placeholders: `{{mission}}` stands for what an earlier step captured.

use super::bind::text;
use super::{Case, Credential};
use serde_json::Value;
use std::collections::BTreeMap;

/// What the steps of a scenario captured so far, by name.
pub type Captures = BTreeMap<String, Value>;

/// The name that stands for the address at which a scenario listens.
pub const CALLBACK: &str = "callback";

/// A piece of a text.
enum Piece<'a> {
    Text(&'a str),
    /// What stands between `{{` and `}}`.
    Name(&'a str),
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, (name, after))) =
        rest.split_once("{{").and_then(|(before, after)| Some((before, after.split_once("}}")?)))
    {
        if !before.is_empty() {
            pieces.push(Piece::Text(before));
        }
        pieces.push(Piece::Name(name.trim()));
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    pieces
}

/// The names in a text.
pub(super) fn names(text: &str) -> impl Iterator<Item = &str> {
    pieces(text).into_iter().filter_map(|piece| match piece {
        Piece::Name(name) => Some(name),
        Piece::Text(_) => None,
    })
}

/// Whether something may be the name of a capture.
pub(super) fn is_name(name: &str) -> bool {
    let starts = |first: char| first.is_ascii_alphabetic() || first == '_';
    name.starts_with(starts) && name.chars().all(|letter| letter.is_ascii_alphanumeric() || "_-".contains(letter))
}

/// A case with what its placeholders stand for, or the names that nobody captured.
pub fn fill(case: &Case, captures: &Captures) -> Result<Case, Vec<String>> {
    let mut filler = Filler { captures, missing: Vec::new() };
    let mut own = case.clone();
    for value in own.params.values_mut().chain(&mut own.body) {
        filler.value(value);
    }
    for text in own.headers.values_mut().chain(&mut own.expect.code) {
        filler.text(text);
    }
    if let Credential::Headers(headers) = &mut own.credential {
        for text in headers.values_mut() {
            filler.text(text);
        }
    }
    filler.missing.sort();
    filler.missing.dedup();
    if filler.missing.is_empty() { Ok(own) } else { Err(filler.missing) }
}

struct Filler<'a> {
    captures: &'a Captures,
    missing: Vec<String>,
}

impl Filler<'_> {
    /// A whole text takes the captured value with its type.
    fn value(&mut self, value: &mut Value) {
        match value {
            Value::String(own) => {
                if let [Piece::Name(name)] = pieces(own)[..] {
                    match self.captures.get(name) {
                        Some(captured) => *value = captured.clone(),
                        None => self.missing.push(name.to_owned()),
                    }
                } else {
                    self.text(own);
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.value(item)),
            Value::Object(members) => members.values_mut().for_each(|member| self.value(member)),
            _ => {}
        }
    }

    fn text(&mut self, own: &mut String) {
        let mut filled = String::with_capacity(own.len());
        for piece in pieces(own) {
            match piece {
                Piece::Text(text) => filled.push_str(text),
                Piece::Name(name) => match self.captures.get(name) {
                    Some(captured) => filled.push_str(&text(captured)),
                    None => self.missing.push(name.to_owned()),
                },
            }
        }
        *own = filled;
    }
}

#[cfg(test)]
mod tests {
    use super::{Captures, fill, is_name};
    use crate::{Case, Credential, SOME};
    use serde_json::json;

    fn case() -> Case {
        let mut case = Case::call("op", &SOME);
        let params = json!({"id": "{{id}}", "text": "no {{ id }}, {{name}}", "deep": [{"a": ["{{list}}"]}], "n": 1});
        case.params = params.as_object().cloned().expect("an object");
        case.credential = Credential::Headers([("Authorization".into(), "Bearer {{name}}".into())].into());
        case.body = Some(json!("{{name}}{{name}}"));
        case
    }

    #[test]
    fn a_whole_text_takes_the_type_and_an_inner_one_the_text() {
        let captures: Captures =
            [("id".into(), json!(7)), ("name".into(), json!("x")), ("list".into(), json!([1]))].into();
        let filled = fill(&case(), &captures).expect("all are there");
        assert_eq!(json!(filled.params), json!({"id": 7, "text": "no 7, x", "deep": [{"a": [[1]]}], "n": 1}));
        assert_eq!(filled.credential, Credential::Headers([("Authorization".into(), "Bearer x".into())].into()));
        assert_eq!(filled.body, Some(json!("xx")));
    }

    #[test]
    fn no_debug_output_shows_the_headers_of_a_credential() {
        let captures: Captures =
            [("id".into(), json!(7)), ("name".into(), json!("s3cret")), ("list".into(), json!(1))].into();
        let told = format!("{:?}", fill(&case(), &captures).expect("all are there").credential);
        assert!(told.contains("Authorization") && !told.contains("s3cret"), "{told}");
    }

    #[test]
    fn what_nobody_captured_is_named_once() {
        assert_eq!(fill(&case(), &Captures::new()).expect_err("nothing is there"), ["id", "list", "name"]);
    }

    #[test]
    fn names_are_words() {
        assert!(is_name("endpointUrl") && is_name("_a-1"));
        assert!(!is_name("") && !is_name("1a") && !is_name("a b") && !is_name("$.a"));
    }
}
