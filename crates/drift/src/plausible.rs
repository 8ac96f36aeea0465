//! The plausibility gate: a document that is empty, truncated, another one, or without most operations is not believed.
//!
//! Published documents were seen empty, cut to half and replaced by another version's; see docs/contracts.md. What is
//! vendored is held to more than what is only compared (`diff::credible`): nothing is tolerated, and less may be gone.

use crate::diff::properties_of_answers;
use serde_json::Value;
use vigie_contract::canonical::{METHODS, operation_id};
use vigie_contract::members;
use vigie_contract::tree::{self, Keep};

/// A document is refused when more than this share of the accepted operations is gone, in percent.
const MOST_GONE: u64 = 30;

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
    /// Most of what the operations promise is gone at once.
    #[error("{left} of {accepted} {what} are left")]
    Hollow {
        /// `documented statuses` or `properties of answers`.
        what: &'static str,
        /// How many are left.
        left: u64,
        /// How many the accepted contract has.
        accepted: u64,
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
    let tree = tree::parse(text, Keep::All).map_err(|error| Implausible::Syntax(error.to_string()))?;
    // A comparison lives with what had to be tolerated; what is vendored must need nothing of the kind.
    if let Some(tolerated) = tree.notes.into_iter().next() {
        return Err(Implausible::Syntax(tolerated));
    }
    let document = tree.value;
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
    let found = operations(document);
    let is_gone =
        |(id, place): &&(String, String)| !found.iter().any(|(other_id, other)| other_id == id || other == place);
    let expected = operations(accepted);
    let gone: Vec<&(String, String)> = expected.iter().filter(is_gone).collect();
    if let Some((id, _)) = gone.first().filter(|_| most(gone.len() as u64, expected.len() as u64)) {
        return Err(Implausible::MostGone { gone: gone.len(), accepted: expected.len(), first: id.clone() });
    }
    let answers = properties_of_answers;
    for (what, left, accepted) in [
        ("documented statuses", statuses(document), statuses(accepted)),
        ("properties of answers", answers(document), answers(accepted)),
    ] {
        if most(accepted.saturating_sub(left), accepted) {
            return Err(Implausible::Hollow { what, left, accepted });
        }
    }
    Ok(())
}

fn most(gone: u64, accepted: u64) -> bool {
    gone.saturating_mul(100) > accepted.saturating_mul(MOST_GONE)
}

/// How many statuses the operations document.
fn statuses(document: &Value) -> u64 {
    let answers = |operation: &Value| operation["responses"].as_object().map_or(0, |answers| answers.len() as u64);
    each_operation(document).map(|(_, _, operation)| answers(operation)).sum()
}

/// Title and major version: what makes a document the document of a contract.
fn identity(document: &Value) -> (String, String) {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let version = text(&document["info"]["version"]);
    let major = version.split('.').next().unwrap_or_default().to_owned();
    (text(&document["info"]["title"]), major)
}

/// Each operation by its id and by its place: a published document may lack ids that our overlay gives.
fn operations(document: &Value) -> Vec<(String, String)> {
    let each = each_operation(document);
    each.map(|(path, method, operation)| (operation_id(path, method, operation), format!("{method} {path}"))).collect()
}

fn each_operation(document: &Value) -> impl Iterator<Item = (&String, &String, &Value)> {
    members(&document["paths"]).flat_map(|(path, item)| {
        members(item)
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
        let schemes = &document["components"]["securitySchemes"];
        let used = operation.get("security").or_else(|| document.get("security")).and_then(Value::as_array);
        let mut names = used.into_iter().flatten().filter_map(Value::as_object).flat_map(serde_json::Map::keys);
        if let Some(undefined) = names.find(|name| !is_whole_scheme(&schemes[name.as_str()])) {
            let reason =
                format!("`{method} {path}` needs the security scheme `{undefined}`, which is not there, or not whole");
            return Err(Implausible::Broken(reason));
        }
    }
    match dangling(document, document) {
        Some(reference) => Err(Implausible::Broken(format!("`$ref: {reference}` leads nowhere"))),
        None => Ok(()),
    }
}

/// Whether a security scheme says what a caller must do: documents end with these, so that a cut shows here first.
fn is_whole_scheme(scheme: &Value) -> bool {
    let needed: &[&str] = match scheme["type"].as_str() {
        Some("http") => &["scheme"],
        Some("apiKey") => &["name", "in"],
        Some("oauth2") => &["flows"],
        Some("openIdConnect") => &["openIdConnectUrl"],
        _ => return false,
    };
    needed.iter().all(|key| scheme.get(*key).is_some_and(|value| !value.is_null()))
}

/// The first local reference that leads nowhere, or any reference to another file.
fn dangling(node: &Value, document: &Value) -> Option<String> {
    match node {
        Value::Object(map) => map.iter().find_map(|(key, value)| match value {
            Value::String(reference) if key == "$ref" => {
                let target = reference.strip_prefix('#').and_then(|pointer| document.pointer(pointer));
                target.is_none().then(|| reference.clone())
            }
            // A property may be called `$ref`; then its schema is a map.
            value if key == "$ref" && !value.is_object() => Some(value.to_string()),
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
        for tolerated in ["x: !tag 1\n", "x: 1\nx: 2\n", "x: .inf\n"] {
            let document = format!("{GOOD}{tolerated}");
            assert!(matches!(read(document.as_bytes()), Err(Implausible::Syntax(_))), "{tolerated}");
        }
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
    fn a_document_that_lost_its_answers_or_its_security_is_refused() {
        let full = GOOD.replace(
            "{description: d}",
            "{description: d, content: {application/json: {schema: {type: object, properties: {a: {type: string}}}}}}",
        );
        let accepted = read(full.as_bytes()).expect("it is whole");
        let hollow = read(GOOD.as_bytes()).expect("it is whole");
        assert!(matches!(same_contract(&hollow, &accepted), Err(Implausible::Hollow { left: 0, accepted: 3, .. })));
        for (scheme, is_whole) in [("{}", false), ("{type: http}", false), ("{type: http, scheme: bearer}", true)] {
            let document = format!("{GOOD}security: [{{t: []}}]\ncomponents: {{securitySchemes: {{t: {scheme}}}}}\n");
            assert_eq!(read(document.as_bytes()).is_ok(), is_whole, "{scheme}");
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
