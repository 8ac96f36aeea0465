//! `OpenAPI` Overlay 1.0 and 1.1: our corrections and descriptions, applied to a document that is not ours.
//!
//! An action that matches nothing is an error: it means that the document moved under the overlay.
//! `build.rs` includes this file as it is, so it uses nothing else of the crate.

use super::path;
use jsonptr::{Delete, Pointer};
use serde::Deserialize;
use serde_json::Value;
use serde_json_path::JsonPath;

/// An overlay document: actions, in the order in which they apply.
#[derive(Debug, Clone, Deserialize)]
pub struct Overlay {
    #[serde(rename = "overlay")]
    version: String,
    extends: Option<String>,
    actions: Vec<Action>,
}

/// One action. Exactly one of `remove`, `update` and `copy` is set.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// RFC 9535 path of the nodes that change.
    #[serde(deserialize_with = "path::deserialize")]
    pub target: JsonPath,
    /// Why: every action gives its reason.
    #[serde(default)]
    pub description: String,
    /// Deletes the nodes.
    #[serde(default)]
    pub remove: bool,
    /// Merged into objects, appended to arrays, replaces scalars.
    pub update: Option<Value>,
    /// RFC 9535 path of the one node that is merged into the targets (Overlay 1.1).
    #[serde(default, deserialize_with = "path::deserialize_some")]
    pub copy: Option<JsonPath>,
}

/// What an overlay is applied for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Actions that correct facts: paths, ids, statuses, schemas.
    Facts,
    /// Actions that only add prose (`description`, `summary`): for rustdoc, never for the canonical form.
    Prose,
}

/// Why an overlay could not be read or applied.
#[derive(Debug, thiserror::Error)]
pub enum OverlayError {
    /// Not YAML, or not an overlay.
    #[error("not an overlay: {0}")]
    Syntax(#[from] serde_yaml::Error),
    /// A version that this applier does not know.
    #[error("overlay version `{0}` is not supported; write `overlay: 1.1.0`")]
    Version(String),
    /// The document has no such node.
    #[error("action {index} matches nothing: `{target}`; the document moved, or the path is wrong")]
    NoMatch {
        /// Position in `actions`, from 1.
        index: usize,
        /// The path as written.
        target: String,
    },
    /// The action cannot be done to the node it matches.
    #[error("action {index} (`{target}`): {reason}")]
    Invalid {
        /// Position in `actions`, from 1.
        index: usize,
        /// The path as written.
        target: String,
        /// What is wrong with it.
        reason: &'static str,
    },
}

impl Action {
    /// What the action is for, seen from what it writes.
    #[must_use]
    pub fn purpose(&self) -> Purpose {
        match &self.update {
            Some(Value::Object(update)) if update.keys().all(|key| key == "description" || key == "summary") => {
                Purpose::Prose
            }
            _ => Purpose::Facts,
        }
    }
}

impl Overlay {
    /// Reads an overlay document.
    pub fn parse(text: &str) -> Result<Self, OverlayError> {
        let overlay: Self = serde_yaml::from_str(text)?;
        if !overlay.version.starts_with("1.0.") && !overlay.version.starts_with("1.1.") {
            return Err(OverlayError::Version(overlay.version));
        }
        Ok(overlay)
    }

    /// Where the document that it extends is published.
    #[must_use]
    pub fn extends(&self) -> Option<&str> {
        self.extends.as_deref()
    }

    /// Applies the actions of one purpose, in order.
    pub fn apply(&self, document: &mut Value, purpose: Purpose) -> Result<(), OverlayError> {
        let actions = self.actions.iter().enumerate();
        for (position, action) in actions.filter(|(_, action)| action.purpose() == purpose) {
            apply_action(action, position + 1, document)?;
        }
        Ok(())
    }

    /// Applies those actions of one purpose that can be applied, in order, and returns why the others cannot: for a document
    /// that is looked at, and not taken in.
    pub fn apply_what_fits(&self, document: &mut Value, purpose: Purpose) -> Vec<OverlayError> {
        let actions = self.actions.iter().enumerate().filter(|(_, action)| action.purpose() == purpose);
        actions.filter_map(|(position, action)| apply_action(action, position + 1, document).err()).collect()
    }
}

fn apply_action(action: &Action, index: usize, document: &mut Value) -> Result<(), OverlayError> {
    let invalid = |reason| OverlayError::Invalid { index, target: action.target.to_string(), reason };
    let pointers = matches(&action.target, document);
    if pointers.is_empty() {
        return Err(OverlayError::NoMatch { index, target: action.target.to_string() });
    }
    let patch = match (action.remove, &action.update, &action.copy) {
        (true, None, None) => {
            // Backwards, so that the positions in an array stay true.
            for pointer in pointers.iter().rev() {
                if !remove(document, pointer) {
                    return Err(invalid("the root of the document cannot be removed"));
                }
            }
            return Ok(());
        }
        (false, Some(update), None) => update.clone(),
        (false, None, Some(source)) => {
            let [source] = &matches(source, document)[..] else {
                return Err(invalid("`copy` must select exactly one node"));
            };
            document.pointer(source).cloned().unwrap_or_default()
        }
        _ => return Err(invalid("write exactly one of `remove: true`, `update` and `copy`")),
    };
    for pointer in &pointers {
        if let Some(node) = document.pointer_mut(pointer) {
            match node {
                Value::Array(items) => items.push(patch.clone()),
                _ if node.is_object() != patch.is_object() => {
                    return Err(invalid("the update is not of the target's kind (object or scalar)"));
                }
                _ => merge(node, &patch),
            }
        }
    }
    Ok(())
}

/// JSON pointers of what a path selects, in document order.
fn matches(path: &JsonPath, document: &Value) -> Vec<String> {
    path.query_located(document).locations().map(serde_json_path::NormalizedPath::to_json_pointer).collect()
}

fn remove(document: &mut Value, pointer: &str) -> bool {
    let pointer = Pointer::parse(pointer).ok().filter(|pointer| !pointer.is_root());
    pointer.is_some_and(|pointer| document.delete(pointer).is_some())
}

/// Objects merge, arrays are concatenated, anything else is replaced.
fn merge(node: &mut Value, patch: &Value) {
    match (node, patch) {
        (Value::Object(object), Value::Object(patch)) => {
            for (key, value) in patch {
                match object.get_mut(key) {
                    Some(old) => merge(old, value),
                    None => {
                        object.insert(key.clone(), value.clone());
                    }
                }
            }
        }
        (Value::Array(items), Value::Array(more)) => items.extend(more.iter().cloned()),
        (node, patch) => *node = patch.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Overlay, Purpose};
    use serde_json::{Value, json};

    fn apply(actions: &str, mut document: Value) -> Result<Value, String> {
        let text = format!("overlay: 1.1.0\ninfo: {{title: t, version: '1'}}\nactions:\n{actions}");
        Overlay::parse(&text)
            .and_then(|overlay| overlay.apply(&mut document, Purpose::Facts))
            .map(|()| document)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn update_merges_objects_appends_to_arrays_and_replaces_scalars() {
        let document = json!({"a": {"b": 1, "list": [1]}, "list": ["x"], "n": 1});
        let actions = "- {target: $.a, update: {b: 2, c: {d: 3}, list: [2]}}\n- {target: $.list, update: y}\n- {target: $.n, update: 7}\n";
        let expected = json!({"a": {"b": 2, "c": {"d": 3}, "list": [1, 2]}, "list": ["x", "y"], "n": 7});
        assert_eq!(apply(actions, document), Ok(expected));
    }

    #[test]
    fn remove_takes_every_match_out_of_an_array() {
        let document = json!({"list": [{"k": 1}, {"k": 2}, {"k": 1}, {"k": 1}]});
        let actions = "- {target: '$.list[?@.k == 1]', remove: true}\n";
        assert_eq!(apply(actions, document), Ok(json!({"list": [{"k": 2}]})));
    }

    #[test]
    fn copy_takes_one_node_to_the_targets() {
        let document = json!({"from": {"a": 1}, "to": {"b": 2}});
        assert_eq!(
            apply("- {target: $.to, copy: $.from}\n", document),
            Ok(json!({"from": {"a": 1}, "to": {"a": 1, "b": 2}}))
        );
    }

    #[test]
    fn an_action_that_matches_nothing_is_an_error_with_its_number_and_path() {
        let error = apply("- {target: $.a, update: {b: 1}}\n- {target: '$.gone', remove: true}\n", json!({"a": {}}));
        let error = error.expect_err("the second action matches nothing");
        assert!(error.contains("action 2") && error.contains("gone"), "{error}");
    }

    #[test]
    fn what_fits_is_applied_where_the_rest_is_only_told() {
        let text = "overlay: 1.0.0\ninfo: {title: t, version: '1'}\nactions:\n- {target: $.gone, remove: true}\n- {target: $.a, update: {x: 1}}\n";
        let overlay = Overlay::parse(text).expect("it parses");
        let mut document = json!({"a": {}});
        let errors = overlay.apply_what_fits(&mut document, Purpose::Facts);
        assert_eq!((errors.len(), document), (1, json!({"a": {"x": 1}})));
        assert!(errors[0].to_string().starts_with("action 1 matches nothing"), "{}", errors[0]);
    }

    #[test]
    fn prose_and_facts_are_told_apart() {
        let text = "overlay: 1.0.0\ninfo: {title: t, version: '1'}\nactions:\n- {target: $.a, update: {description: d}}\n- {target: $.a, update: {x: 1}}\n";
        let overlay = Overlay::parse(text).expect("it parses");
        let mut document = json!({"a": {}});
        overlay.apply(&mut document, Purpose::Prose).expect("it applies");
        assert_eq!(document, json!({"a": {"description": "d"}}));
    }
}
