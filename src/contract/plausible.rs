//! The plausibility gate: a document that is empty, truncated, another one, or without most operations is not believed.
//!
//! Published documents were seen empty, cut to half and replaced by another version's; see docs/contracts.md.

use super::canonical::{METHODS, operation_id};
use serde_json::Value;
use std::collections::BTreeSet;

/// A document is refused when more than this share of the accepted operations is gone, in percent.
const MOST_GONE: usize = 30;

/// Why a document is not credible.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum Implausible {
    /// No bytes, or only white space.
    #[error("the document is empty")]
    Empty,
    /// Not YAML (or JSON), with the parser's message, which has line and column.
    #[error("the document is not YAML: {0}")]
    Syntax(String),
    /// YAML, but no `OpenAPI` 3.0 document.
    #[error("the document is not OpenAPI 3.0: {0}")]
    NotOpenApi(&'static str),
    /// It breaks off: a reference leads nowhere, or an operation has no responses.
    #[error("the document is truncated or broken: {0}")]
    Broken(String),
    /// The title or the major version is another one's.
    #[error("the document is of another API or version: `{found}`, expected `{expected}`")]
    Other {
        /// Title and version of the document.
        found: String,
        /// Title and version of the accepted contract.
        expected: String,
    },
    /// Most operations are gone at once.
    #[error("{gone} of {accepted} accepted operations are gone (first: `{first}`)")]
    MostGone {
        /// How many are gone.
        gone: usize,
        /// How many the accepted contract has.
        accepted: usize,
        /// The first of those that are gone, by id.
        first: String,
    },
}

/// Reads bytes as an `OpenAPI` document that is whole in itself.
pub fn read(bytes: &[u8]) -> Result<Value, Implausible> {
    let text = std::str::from_utf8(bytes).map_err(|error| Implausible::Syntax(error.to_string()))?;
    if text.trim().is_empty() {
        return Err(Implausible::Empty);
    }
    // Through YAML's own value, since statuses may be written as numbers.
    let document: serde_yaml::Value =
        serde_yaml::from_str(text).map_err(|error| Implausible::Syntax(error.to_string()))?;
    let document = super::yaml::to_json(document).map_err(Implausible::Syntax)?;
    if !document["openapi"].as_str().is_some_and(|version| version.starts_with("3.0.")) {
        return Err(Implausible::NotOpenApi("no `openapi: 3.0.x` at the top"));
    }
    if document["paths"].as_object().is_none_or(serde_json::Map::is_empty) {
        return Err(Implausible::NotOpenApi("it has no paths"));
    }
    if document["info"]["title"].as_str().is_none() || document["info"]["version"].as_str().is_none() {
        return Err(Implausible::NotOpenApi("it has no title or version"));
    }
    whole(&document)?;
    Ok(document)
}

/// Compares a document with the accepted contract of the same name.
pub fn same_contract(document: &Value, accepted: &Value) -> Result<(), Implausible> {
    let (found, expected) = (identity(document), identity(accepted));
    if found != expected {
        let describe = |(title, version): (String, String)| format!("{title} {version}");
        return Err(Implausible::Other { found: describe(found), expected: describe(expected) });
    }
    let (found, expected) = (operations(document), operations(accepted));
    let gone: Vec<&String> = expected.difference(&found).collect();
    match gone.first() {
        Some(first) if gone.len() * 100 > expected.len() * MOST_GONE => {
            Err(Implausible::MostGone { gone: gone.len(), accepted: expected.len(), first: (*first).clone() })
        }
        _ => Ok(()),
    }
}

/// Title and major version: what makes a document the document of a contract.
fn identity(document: &Value) -> (String, String) {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let version = text(&document["info"]["version"]);
    let major = version.split('.').next().unwrap_or_default().to_owned();
    (text(&document["info"]["title"]), major)
}

fn operations(document: &Value) -> BTreeSet<String> {
    each_operation(document).map(|(path, method, operation)| operation_id(path, method, operation)).collect()
}

fn each_operation(document: &Value) -> impl Iterator<Item = (&String, &String, &Value)> {
    document["paths"].as_object().into_iter().flatten().flat_map(|(path, item)| {
        let methods = item.as_object().into_iter().flatten();
        methods
            .filter(|(method, _)| METHODS.contains(&method.as_str()))
            .map(move |(method, operation)| (path, method, operation))
    })
}

fn whole(document: &Value) -> Result<(), Implausible> {
    for (path, method, operation) in each_operation(document) {
        let responses = operation["responses"].as_object();
        if responses.is_none_or(serde_json::Map::is_empty) {
            return Err(Implausible::Broken(format!("`{method} {path}` has no responses")));
        }
    }
    match dangling(document, document) {
        Some(reference) => Err(Implausible::Broken(format!("`$ref: {reference}` leads nowhere"))),
        None => Ok(()),
    }
}

/// The first local reference that leads nowhere, or any reference to another file.
fn dangling(node: &Value, document: &Value) -> Option<String> {
    match node {
        Value::Object(map) => map.iter().find_map(|(key, value)| match value {
            Value::String(reference) if key == "$ref" => {
                let target = reference.strip_prefix('#').and_then(|pointer| document.pointer(pointer));
                target.is_none().then(|| reference.clone())
            }
            value => dangling(value, document),
        }),
        Value::Array(items) => items.iter().find_map(|item| dangling(item, document)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Implausible, read, same_contract};

    const GOOD: &str = "openapi: 3.0.0\ninfo: {title: T, version: 2.1.0}\npaths:\n  /a: {get: {responses: {200: {description: d}}}}\n  /b: {get: {responses: {200: {description: d}}}}\n  /c: {get: {responses: {200: {description: d}}}}\n";

    #[test]
    fn a_whole_document_passes_and_numeric_statuses_are_read() {
        let document = read(GOOD.as_bytes()).expect("it is whole");
        assert!(document["paths"]["/a"]["get"]["responses"]["200"].is_object());
        assert_eq!(same_contract(&document, &document), Ok(()));
    }

    #[test]
    fn every_kind_of_broken_document_is_refused() {
        assert_eq!(read(b" \n\n"), Err(Implausible::Empty));
        assert!(matches!(read(b"openapi: [3.0.0\n"), Err(Implausible::Syntax(_))));
        assert!(matches!(read(b"\xff\xfe"), Err(Implausible::Syntax(_))));
        assert!(matches!(read(b"<html></html>"), Err(Implausible::NotOpenApi(_))));
        assert!(matches!(read(b"swagger: '2.0'\n"), Err(Implausible::NotOpenApi(_))));
        let cut = &GOOD[..GOOD.len() - 34];
        assert!(read(cut.as_bytes()).is_err(), "{cut}");
        let dangling = GOOD.replace("{description: d}", "{$ref: '#/components/responses/X'}");
        assert!(matches!(read(dangling.as_bytes()), Err(Implausible::Broken(_))));
    }

    #[test]
    fn another_api_or_version_is_refused_and_a_minor_version_is_not() {
        let accepted = read(GOOD.as_bytes()).expect("it is whole");
        let minor = read(GOOD.replace("2.1.0", "2.4.0").as_bytes()).expect("it is whole");
        assert_eq!(same_contract(&minor, &accepted), Ok(()));
        for other in [GOOD.replace("2.1.0", "3.0.0"), GOOD.replace("title: T", "title: U")] {
            let other = read(other.as_bytes()).expect("it is whole");
            assert!(matches!(same_contract(&other, &accepted), Err(Implausible::Other { .. })));
        }
    }

    #[test]
    fn a_document_without_most_operations_is_refused_by_count() {
        let accepted = read(GOOD.as_bytes()).expect("it is whole");
        let less = read(GOOD.replace("  /b: {get: {responses: {200: {description: d}}}}\n", "").as_bytes())
            .expect("it is whole");
        let refused = same_contract(&less, &accepted);
        assert_eq!(refused, Err(Implausible::MostGone { gone: 1, accepted: 3, first: "get_b".into() }));
    }
}
