//! Whether a new document can stand for the API of the old one at all. Documents get published empty, cut off, or with
//! another document's content; believing one would raise an alarm for each thing that it lacks.

use super::operations::Surface;
use super::{Differ, Document};
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};

/// From here on, what is gone at once is more than a change, given that it is half or more of what was.
const MANY_OPERATIONS: usize = 3;
const MANY_PROPERTIES: u64 = 20;
/// References and schemas within schemas that are followed.
const DEEPEST: usize = 200;

/// Says why a new document is not credible beside the old one.
pub fn credible(old: &Value, new: &Value) -> Result<(), String> {
    let differ = Differ::new(old, new);
    let (before, after) = (Surface::of(&differ.old), Surface::of(&differ.new));
    if before.operations.is_empty() {
        // Nothing can go from a document without operations.
        return Ok(());
    }
    let all = before.operations.len();
    if after.operations.is_empty() {
        return Err(format!("it has no operations, where the old one has {all}"));
    }
    let matching = before.matching(&after);
    let mut gone = matching.removed.len();
    if gone * 2 >= all {
        // What was renamed is not gone.
        gone -= differ.twins(&before, &after, &matching.removed, &matching.added).len();
    }
    let (was, is) = (identity(old), identity(new));
    let is_another = was != is;
    if gone * 2 >= all && (gone >= MANY_OPERATIONS || (is_another && gone == all)) {
        let what = if is_another { format!("it is another document, {is} where {was} was: ") } else { String::new() };
        return Err(format!("{what}{gone} of {all} operations are gone at once"));
    }
    let broken = dangling(&differ.new);
    // Where nothing is broken, nobody need know what was broken before.
    let known = if broken.is_empty() { BTreeSet::new() } else { dangling(&differ.old) };
    if let Some(reference) = broken.difference(&known).next() {
        return Err(format!("it is cut off or broken: `$ref: {reference}` leads nowhere"));
    }
    for (one, other) in &matching.pairs {
        let (one, other) = (&before.operations[*one], &after.operations[*other]);
        let answers = |node: &Value| node["responses"].as_object().map_or(0, serde_json::Map::len);
        if answers(one.node) > 0 && answers(other.node) == 0 {
            return Err(format!("it is cut off or broken: `{}` has no answers", other.name));
        }
    }
    let (had, has) = (properties(&differ.old), properties(&differ.new));
    let lost = had.saturating_sub(has);
    if lost >= MANY_PROPERTIES && lost.saturating_mul(2) >= had {
        return Err(format!("{lost} of {had} documented properties of answers are gone at once"));
    }
    Ok(())
}

/// Title and major version.
fn identity(document: &Value) -> String {
    let info = &document["info"];
    let version = match &info["version"] {
        Value::String(version) => version.clone(),
        version => version.to_string(),
    };
    let major = version.split('.').next().unwrap_or_default().to_owned();
    format!("{} {major}", info["title"].as_str().unwrap_or("untitled"))
}

/// References within the document that lead nowhere.
fn dangling(document: &Document<'_>) -> BTreeSet<String> {
    fn walk(node: &Value, document: &Document<'_>, found: &mut BTreeSet<String>) {
        match node {
            Value::Object(map) => {
                for (key, value) in map {
                    match value {
                        Value::String(reference) if key == "$ref" => {
                            if reference.starts_with('#') && document.target(node).is_none() {
                                found.insert(reference.clone());
                            }
                        }
                        // Examples are other people's data.
                        _ if key == "example" || key == "examples" => {}
                        value => walk(value, document, found),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| walk(item, document, found)),
            _ => {}
        }
    }
    let mut found = BTreeSet::new();
    walk(document.root, document, &mut found);
    found
}

/// How many properties the answers of a document have, references followed.
pub(crate) fn properties_of_answers(document: &Value) -> u64 {
    properties(&Document::new(document))
}

fn properties(document: &Document<'_>) -> u64 {
    /// `known` has `None` for schemas that are being counted: a schema may contain itself.
    fn count(schema: &Value, document: &Document<'_>, known: &mut HashMap<usize, Option<u64>>, depth: usize) -> u64 {
        // What stands within that many others is not counted.
        if depth == DEEPEST {
            return 0;
        }
        let key = std::ptr::from_ref(schema) as usize;
        if let Some(number) = known.get(&key) {
            return number.unwrap_or(0);
        }
        known.insert(key, None);
        let mut number: u64 = 0;
        let mut add = |more: u64| number = number.saturating_add(more);
        if let Some(target) = document.target(schema) {
            add(count(target, document, known, depth + 1));
        }
        for (_, inner) in schema["properties"].as_object().into_iter().flatten() {
            add(count(inner, document, known, depth + 1).saturating_add(1));
        }
        for inner in ["items", "additionalProperties"].iter().filter_map(|key| schema.get(*key)) {
            add(count(inner, document, known, depth + 1));
        }
        for inner in ["allOf", "oneOf", "anyOf"].iter().filter_map(|key| schema[*key].as_array()).flatten() {
            add(count(inner, document, known, depth + 1));
        }
        known.insert(key, Some(number));
        number
    }
    let mut known = HashMap::new();
    let mut number: u64 = 0;
    for operation in Surface::of(document).operations {
        for (_, answer) in operation.node["responses"].as_object().into_iter().flatten() {
            for (_, content) in document.resolve(answer)["content"].as_object().into_iter().flatten() {
                number = number.saturating_add(count(&content["schema"], document, &mut known, 0));
            }
        }
    }
    number
}

#[cfg(test)]
mod tests {
    use super::credible;
    use serde_json::{Value, json};

    fn document(title: &str, version: &str, paths: &[&str]) -> Value {
        let answer = json!({"get": {"responses": {"200": {"description": "", "content": {"application/json": {"schema": {"type": "string"}}}}}}});
        let paths: serde_json::Map<String, Value> =
            paths.iter().map(|path| ((*path).to_owned(), answer.clone())).collect();
        json!({"openapi": "3.0.0", "info": {"title": title, "version": version}, "paths": paths})
    }

    #[test]
    fn empty_and_other_documents_and_lost_halves_are_not_credible() {
        let old = document("T", "2.1", &["/a", "/b", "/c", "/d", "/e", "/f"]);
        let refused = |new: &Value| credible(&old, new).expect_err("it is not credible");
        assert!(refused(&document("T", "2.2", &[])).contains("no operations"));
        assert!(refused(&document("T", "3.0", &["/v3/x", "/v3/y"])).contains("another document, T 3 where T 2 was"));
        assert!(refused(&document("T", "2.2", &["/a", "/b", "/c"])).starts_with("3 of 6 operations"));
        assert_eq!(credible(&old, &document("T", "3.0", &["/a", "/b", "/c", "/d", "/e"])), Ok(()));
        assert_eq!(credible(&document("T", "2.1", &["/a", "/b"]), &document("T", "2.1", &["/b"])), Ok(()));
        assert_eq!(credible(&document("T", "2.1", &[]), &old), Ok(()));
    }

    #[test]
    fn references_that_no_longer_lead_anywhere_are_a_cut() {
        let mut old = document("T", "1", &["/a", "/b"]);
        old["paths"]["/a"]["get"]["responses"]["404"] = json!({"$ref": "#/components/responses/Gone"});
        assert_eq!(credible(&old, &old), Ok(()), "it was so before");
        let mut whole = old.clone();
        whole["components"] = json!({"responses": {"Gone": {"description": ""}}});
        assert!(credible(&whole, &old).is_err_and(|reason| reason.contains("components/responses/Gone")));
    }
}
