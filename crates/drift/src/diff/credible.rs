//! Whether a new document can stand for the API of the old one at all. Documents get published empty, cut off, or with
//! another document's content; believing one would raise an alarm for each thing that it lacks.

use super::operations::Surface;
use super::{Differ, Document};
use serde_json::Value;
use std::collections::{BTreeMap, HashSet};
use vigie_contract::model::escape;
use vigie_contract::plausible::{
    Implausible, MANY_REFERENCES, Naming, Operations, PROPERTIES, promises, properties_of_answers,
};

/// Says why a new document is not credible beside the old one.
pub fn credible(old: &Value, new: &Value) -> Result<(), Implausible> {
    let differ = Differ::new(old, new, super::Listing::Messages);
    let [before, after] = Surface::both(&differ.old, &differ.new);
    if before.operations.is_empty() {
        // Nothing can go from a document without operations.
        return Ok(());
    }
    let all = before.operations.len();
    if after.operations.is_empty() {
        return Err(Implausible::NoOperations { all });
    }
    let mut matching = before.matching(&after);
    differ.pair_moved(&before, &after, &mut matching);
    let mut gone = matching.removed.len();
    if gone * 2 >= all {
        // What was renamed is not gone.
        gone -= differ.twins(&before, &after, &matching.removed, &matching.added).len();
    }
    let (was, is) = (identity(old), identity(new));
    let naming = if was == is { Naming::Same } else { Naming::Other(format!("{is} where {was} was")) };
    Operations { what: "operations", gone, all, first: None, naming }.check()?;
    let broken = newly_dangling(&differ);
    if broken.len() >= MANY_REFERENCES {
        let first = broken.keys().next().map_or("", String::as_str);
        return Err(Implausible::Broken(format!("`$ref: {first}` leads nowhere, and {} more", broken.len() - 1)));
    }
    for (one, other) in &matching.pairs {
        let (one, other) = (&before.operations[*one], &after.operations[*other]);
        let answers = |node: &Value| node["responses"].as_object().map_or(0, serde_json::Map::len);
        if answers(one.node) > 0 && answers(other.node) == 0 {
            return Err(Implausible::Broken(format!("`{}` has no answers", other.name)));
        }
    }
    let answers = |root, surface: &Surface<'_>| {
        properties_of_answers(root, surface.operations.iter().map(|operation| operation.node))
    };
    promises(PROPERTIES, answers(old, &before), answers(new, &after))
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

/// References within the new document that lead nowhere, and did not in the old one, each with a place of it.
pub(super) fn newly_dangling(differ: &Differ<'_>) -> BTreeMap<String, String> {
    let mut broken = dangling(&differ.new);
    // Where nothing is broken, nobody need know what was broken before.
    if !broken.is_empty() {
        let known = dangling(&differ.old);
        broken.retain(|reference, _| !known.contains_key(reference));
    }
    broken
}

/// References within the document that lead nowhere, each with the JSON pointer of a place of it.
fn dangling(document: &Document<'_>) -> BTreeMap<String, String> {
    let mut walk = Walk { document, way: Vec::new(), seen: HashSet::new(), found: BTreeMap::new() };
    walk.visit(document.root);
    walk.found
}

struct Walk<'d, 'a> {
    document: &'d Document<'a>,
    /// The way from the root: keys, and positions in lists.
    way: Vec<Result<&'a str, usize>>,
    /// Most references stand in a document many times.
    seen: HashSet<&'a str>,
    found: BTreeMap<String, String>,
}

impl<'a> Walk<'_, 'a> {
    fn visit(&mut self, node: &'a Value) {
        match node {
            Value::Object(map) => {
                for (key, value) in map {
                    match value {
                        Value::String(reference) if key == "$ref" => {
                            let is_local = reference.starts_with('#') && self.seen.insert(reference);
                            if is_local && self.document.target(node).is_none() {
                                self.found.insert(reference.clone(), self.pointer());
                            }
                        }
                        // Examples are other people's data.
                        _ if key == "example" || key == "examples" => {}
                        Value::Object(_) | Value::Array(_) => {
                            self.way.push(Ok(key));
                            self.visit(value);
                            self.way.pop();
                        }
                        _ => {}
                    }
                }
            }
            Value::Array(items) => {
                for (position, item) in items.iter().enumerate() {
                    self.way.push(Err(position));
                    self.visit(item);
                    self.way.pop();
                }
            }
            _ => {}
        }
    }

    fn pointer(&self) -> String {
        let step = |step: &Result<&str, usize>| match step {
            Ok(key) => format!("/{}", escape(key)),
            Err(position) => format!("/{position}"),
        };
        self.way.iter().map(step).collect()
    }
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
        let refused = |new: &Value| credible(&old, new).expect_err("it is not credible").to_string();
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
        assert_eq!(credible(&whole, &old), Ok(()), "one is a slip, which is reported where it is");
        for status in ["401", "403"] {
            let reference = format!("#/components/responses/Gone{status}");
            old["paths"]["/a"]["get"]["responses"][status] = json!({ "$ref": reference });
        }
        assert!(credible(&whole, &old).is_err_and(|reason| reason.to_string().contains("components/responses/Gone")));
    }
}
