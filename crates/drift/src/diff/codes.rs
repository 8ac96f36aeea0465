//! Error codes. No schema has them: they stand in the named examples of the errors, and in `x-error-codes` of a document
//! in canonical form.

use super::Document;
use crate::deviation::{Deviation, Kind};
use crate::location::Location;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Codes by the name of the example that has them; those without an example under no name.
type Codes = BTreeMap<String, BTreeSet<String>>;

/// What differs between the codes of one status.
pub(super) fn compare<'a>(
    status: &Location,
    (old_document, old): (&Document<'a>, &'a Value),
    (new_document, new): (&Document<'a>, &'a Value),
) -> Vec<Deviation> {
    let (old, new) = (codes(old_document, old), codes(new_document, new));
    let all = |codes: &Codes| codes.values().flatten().cloned().collect::<BTreeSet<String>>();
    let (old_codes, new_codes) = (all(&old), all(&new));
    let mut gone: BTreeSet<&String> = old_codes.difference(&new_codes).collect();
    let mut come: BTreeSet<&String> = new_codes.difference(&old_codes).collect();
    let mut deviations = Vec::new();
    // An example of the same name with one code before and another one now: the error has another code.
    for (name, before) in old.iter().filter(|(name, _)| !name.is_empty()) {
        let only = |codes: &BTreeSet<String>| codes.first().filter(|_| codes.len() == 1).cloned();
        if let (Some(was), Some(is)) = (only(before), new.get(name).and_then(only))
            && gone.contains(&was)
            && come.contains(&is)
        {
            gone.remove(&was);
            come.remove(&is);
            deviations.push(Deviation::new(Kind::ErrorCodeChanged, status.clone(), was, is));
        }
    }
    deviations.extend(
        gone.into_iter().map(|code| Deviation::new(Kind::ErrorCodeRemoved, status.clone(), code.as_str(), Value::Null)),
    );
    deviations.extend(
        come.into_iter().map(|code| Deviation::new(Kind::ErrorCodeAdded, status.clone(), Value::Null, code.as_str())),
    );
    deviations
}

fn codes<'a>(document: &Document<'a>, answer: &'a Value) -> Codes {
    let mut codes = Codes::new();
    for (_, content) in document.entries(answer, "content") {
        let content = document.resolve(content);
        let stated = content["x-error-codes"].as_array().into_iter().flatten().filter_map(Value::as_str);
        codes.entry(String::new()).or_default().extend(stated.map(str::to_owned));
        for (name, example) in document.entries(content, "examples") {
            let example = document.resolve(example);
            codes.entry(name.clone()).or_default().extend(codes_of(&example["value"]));
        }
        codes.entry("example".into()).or_default().extend(codes_of(&content["example"]));
    }
    codes
}

/// `errors[].code` of the structured form, `error` of the flat one.
fn codes_of(body: &Value) -> BTreeSet<String> {
    let text =
        |value: &Value| value.as_str().map(str::to_owned).or_else(|| value.as_u64().map(|code| code.to_string()));
    let errors = body["errors"].as_array().into_iter().flatten();
    errors.filter_map(|error| text(&error["code"])).chain(text(&body["error"])).collect()
}
