//! The plausibility gate: a document that is empty, truncated, another one, or without most operations is not believed.
//!
//! Published documents were seen empty, cut to half and replaced by another version's; see docs/contracts.md. Believing one would
//! raise an alarm for each thing that is missing. Published documents, the two sides of a diff and GraphQL schemas go through the same
//! thresholds; what is vendored must besides be whole in itself ([`read`]), where a diff lives with what was broken before.

use super::canonical::operation_id;
use super::members;
use super::operations;
use super::schema::{Schema, address, follow, lookup};
use super::subschemas::each_object;
use super::tree::{self, Keep};
use serde_json::Value;
use std::collections::HashMap;

/// From this many on, operations that are gone at once are no change, given that they are half or more of what was: owners take one or
/// two away together, and those of a small API must be reported as removed, not doubted.
pub const MANY_OPERATIONS: usize = 3;

/// From this many on, half of the documented properties (or statuses) lost at once is a cut: the largest object of an API that was
/// seen has fewer, and an answer that is taken away with all that it has must still be reported.
const MANY_PROMISES: u64 = 20;

/// From this many on, references that newly lead nowhere are a cut: one or two are slips, which real documents are published with.
pub const MANY_REFERENCES: usize = 3;

/// Schemas within schemas whose properties are counted.
const DEEPEST: usize = 200;

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
    /// It has no operations at all.
    #[error("it has no operations, where the old one has {all}")]
    NoOperations {
        /// How many the old document has.
        all: usize,
    },
    /// Most operations are gone at once.
    #[error("{}{gone} of {all} {what} are gone at once{}", opening(named.as_ref()), first_of(first.as_ref()))]
    Gone {
        /// `operations`, or `accepted operations`.
        what: &'static str,
        /// How many are gone.
        gone: usize,
        /// How many the old document has.
        all: usize,
        /// The first of those that are gone.
        first: Option<String>,
        /// How the document is named, if otherwise than the old one.
        named: Option<String>,
    },
    /// Most of what the operations promise is gone at once.
    #[error("{lost} of {all} {what} are gone at once")]
    Hollow {
        /// `documented statuses`, or `documented properties of answers`.
        what: &'static str,
        /// How many are gone.
        lost: u64,
        /// How many the old document has.
        all: u64,
    },
}

fn opening(named: Option<&String>) -> String {
    named.map_or_else(String::new, |named| format!("it is another document, {named}: "))
}

fn first_of(first: Option<&String>) -> String {
    first.map_or_else(String::new, |first| format!(" (first: `{first}`)"))
}

/// How a document names itself beside the old one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Naming {
    /// The same title and major version.
    Same,
    /// Another title or major version, in words: `T 3 where T 2 was`.
    Other(String),
    /// GraphQL schemas have no names.
    Unknown,
}

/// What became of the operations of an old document.
#[derive(Debug, Clone)]
pub struct Operations {
    /// How they are called in a message.
    pub what: &'static str,
    /// How many are in the new document no more, under whatever name.
    pub gone: usize,
    /// How many there were.
    pub all: usize,
    /// The first of those that are gone, if it is to be named.
    pub first: Option<String>,
    /// How the new document is named.
    pub naming: Naming,
}

impl Operations {
    /// Refuses a document that has lost half of its operations, and three at least. One that is named otherwise may not have lost all
    /// of fewer either, nor may one without a name have lost all of several.
    pub fn check(self) -> Result<(), Implausible> {
        let Self { what, gone, all, first, naming } = self;
        let is_half = gone >= MANY_OPERATIONS && gone.saturating_mul(2) >= all;
        let is_another = match naming {
            Naming::Same => false,
            Naming::Other(_) => all > 0,
            Naming::Unknown => all > 1,
        };
        if is_half || (is_another && gone == all) {
            let named = if let Naming::Other(named) = naming { Some(named) } else { None };
            return Err(Implausible::Gone { what, gone, all, first, named });
        }
        Ok(())
    }
}

/// Refuses a document that has lost half of many promises of one kind.
pub fn promises(what: &'static str, all: u64, left: u64) -> Result<(), Implausible> {
    let lost = all.saturating_sub(left);
    if lost >= MANY_PROMISES && lost.saturating_mul(2) >= all {
        return Err(Implausible::Hollow { what, lost, all });
    }
    Ok(())
}

/// The properties of answers, as messages call them.
pub const PROPERTIES: &str = "documented properties of answers";

/// How many properties the answers of operations have, references followed. A schema that contains itself counts once.
pub fn properties_of_answers<'d>(document: &'d Value, operations: impl Iterator<Item = &'d Value>) -> u64 {
    /// `known` has `None` for schemas that are being counted.
    fn count(schema: Schema<'_>, known: &mut HashMap<usize, Option<u64>>, depth: usize) -> u64 {
        if depth == DEEPEST {
            return 0;
        }
        let key = address(schema.node());
        if let Some(number) = known.get(&key) {
            return number.unwrap_or(0);
        }
        known.insert(key, None);
        let beside = schema.target().into_iter().chain(schema.children());
        let inner = beside.fold(0_u64, |all, inner| all.saturating_add(count(inner, known, depth + 1)));
        let number = inner.saturating_add(schema.own_properties().count() as u64);
        known.insert(key, Some(number));
        number
    }
    let mut known = HashMap::new();
    let answers = operations.flat_map(|operation| members(&operation["responses"]));
    let contents = answers.flat_map(|(_, answer)| members(&follow(document, answer).node["content"]));
    let schemas = contents.filter_map(|(_, content)| content.get("schema"));
    schemas.fold(0, |all, schema| all.saturating_add(count(Schema::new(document, schema), &mut known, 0)))
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
    let first = gone.first().map(|(id, _)| id.clone());
    let what = "accepted operations";
    Operations { what, gone: gone.len(), all: expected.len(), first, naming: Naming::Same }.check()?;
    promises("documented statuses", statuses(accepted), statuses(document))?;
    let answers =
        |document| properties_of_answers(document, each_operation(document).map(|(_, _, operation)| operation));
    promises(PROPERTIES, answers(accepted), answers(document))
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

fn each_operation(document: &Value) -> impl Iterator<Item = (&String, &str, &Value)> {
    members(&document["paths"])
        .flat_map(|(path, item)| operations::operations(item).map(move |(method, operation)| (path, method, operation)))
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
        if let Some(undefined) = names.find(|name| !is_whole_scheme(follow(document, &schemes[name.as_str()]).node)) {
            let reason =
                format!("`{method} {path}` needs the security scheme `{undefined}`, which is not there, or not whole");
            return Err(Implausible::Broken(reason));
        }
    }
    match dangling(document) {
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
fn dangling(document: &Value) -> Option<String> {
    let mut found = None;
    each_object(document, false, &mut |map| match map.get("$ref") {
        Some(Value::String(own)) if lookup(document, own).is_some() => {}
        Some(reference) if found.is_none() => {
            found = Some(reference.as_str().map_or_else(|| reference.to_string(), str::to_owned));
        }
        _ => {}
    });
    found
}

#[cfg(test)]
mod tests {
    use super::{Implausible, Naming, Operations, promises, properties_of_answers, read, same_contract};
    use serde_json::json;

    const GOOD: &str = "openapi: 3.0.0\ninfo: {title: T, version: 2.1.0}\npaths:\n  /a: {get: {responses: {200: {description: d}}}}\n  /b: {get: {responses: {200: {description: d}}}}\n  /c: {get: {responses: {200: {description: d}}}}\n";

    #[test]
    fn a_whole_document_passes_and_numeric_statuses_are_read() {
        let document = read(GOOD.as_bytes()).expect("it is whole");
        assert!(document["paths"]["/a"]["get"]["responses"]["200"].is_object());
        assert_eq!(same_contract(&document, &document), Ok(()));
    }

    #[test]
    fn a_whole_document_may_end_in_any_way_and_refer_to_its_security_schemes() {
        for end in ["", "\n\n", "# The end.", "\n# The end.\n", "...\n", "  \n"] {
            let document = format!("{}{end}", GOOD.trim_end().to_owned() + if end.is_empty() { "" } else { "\n" });
            assert!(read(document.as_bytes()).is_ok(), "{end:?}");
        }
        assert!(read(GOOD.replace('\n', "\r\n").as_bytes()).is_ok());
        let secured = |scheme: &str| {
            format!(
                "{GOOD}security: [{{key: []}}]\ncomponents: {{securitySchemes: {{key: {{$ref: '#/components/securitySchemes/own'}}, own: {{{scheme}}}}}}}\n"
            )
        };
        assert!(read(secured("type: apiKey, name: k, in: header").as_bytes()).is_ok());
        assert!(matches!(read(secured("type: apiKey, name: k").as_bytes()), Err(Implausible::Broken(_))));
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
        let properties = ["a", "b", "c", "d", "e", "f", "g"].map(|name| format!("{name}: {{}}")).join(", ");
        let full = GOOD.replace(
            "{description: d}",
            &format!("{{description: d, content: {{application/json: {{schema: {{type: object, properties: {{{properties}}}}}}}}}}}"),
        );
        let accepted = read(full.as_bytes()).expect("it is whole");
        let hollow = read(GOOD.as_bytes()).expect("it is whole");
        assert!(matches!(same_contract(&hollow, &accepted), Err(Implausible::Hollow { lost: 21, all: 21, .. })));
        for (scheme, is_whole) in [("{}", false), ("{type: http}", false), ("{type: http, scheme: bearer}", true)] {
            let document = format!("{GOOD}security: [{{t: []}}]\ncomponents: {{securitySchemes: {{t: {scheme}}}}}\n");
            assert_eq!(read(document.as_bytes()).is_ok(), is_whole, "{scheme}");
        }
    }

    #[test]
    fn a_document_without_most_operations_is_refused_by_count() {
        let four = format!("{GOOD}  /d: {{get: {{responses: {{200: {{description: d}}}}}}}}\n");
        let accepted = read(four.as_bytes()).expect("it is whole");
        let without = |text: &str, path: &str| {
            text.replace(&format!("  /{path}: {{get: {{responses: {{200: {{description: d}}}}}}}}\n"), "")
        };
        let three = without(&four, "b");
        assert_eq!(same_contract(&read(three.as_bytes()).expect("it is whole"), &accepted), Ok(()));
        let two = without(&three, "c");
        assert_eq!(same_contract(&read(two.as_bytes()).expect("it is whole"), &accepted), Ok(()));
        let one = read(without(&two, "d").as_bytes()).expect("it is whole");
        let gone = same_contract(&one, &accepted).expect_err("most is gone");
        assert_eq!(gone.to_string(), "3 of 4 accepted operations are gone at once (first: `get_b`)");
    }

    #[test]
    fn half_of_many_and_all_of_several_operations_are_no_change() {
        let other = || Naming::Other("T 3 where T 2 was".into());
        for (gone, all, naming, is_refused) in [
            (1, 1, Naming::Same, false),
            (1, 2, Naming::Same, false),
            (2, 2, Naming::Same, false),
            (2, 3, Naming::Same, false),
            (3, 3, Naming::Same, true),
            (1, 4, Naming::Same, false),
            (2, 4, Naming::Same, false),
            (3, 6, Naming::Same, true),
            (2, 5, Naming::Same, false),
            (3, 7, Naming::Unknown, false),
            (1, 1, Naming::Unknown, false),
            (2, 2, Naming::Unknown, true),
            (1, 1, other(), true),
            (1, 2, other(), false),
            (0, 5, other(), false),
        ] {
            let operations = Operations { what: "operations", gone, all, first: None, naming };
            assert_eq!(operations.clone().check().is_err(), is_refused, "{operations:?}");
        }
    }

    #[test]
    fn half_of_many_promises_is_no_change() {
        for (all, left, is_refused) in [(20, 0, true), (19, 0, false), (40, 20, true), (41, 21, false), (3, 9, false)] {
            assert_eq!(promises("properties", all, left).is_err(), is_refused, "{left} of {all}");
        }
    }

    #[test]
    fn properties_are_counted_in_every_part_and_alternative() {
        let node = json!({"type": "object", "properties": {"a": {}, "next": {"$ref": "#/components/schemas/Node"}}});
        let schema = json!({"allOf": [{"$ref": "#/components/schemas/Node"}], "oneOf": [{"items": {"properties": {"b": {}}}}, {"additionalProperties": {"properties": {"c": {}}}}]});
        let operation = json!({"responses": {"200": {"$ref": "#/components/responses/Good"}}});
        let good = json!({"content": {"application/json": {"schema": schema}}});
        let document = json!({"components": {"schemas": {"Node": node}, "responses": {"Good": good}}});
        assert_eq!(properties_of_answers(&document, [&operation].into_iter()), 4);
    }
}
