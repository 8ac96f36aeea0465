//! References to anything but schemas, replaced by what they lead to, so that no reader after this must follow them.

use super::schema::{address, lookup};
use super::subschemas::{each_object, names_below};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::HashMap;

/// Sections of a document that have operations.
const SECTIONS: [&str; 2] = ["paths", "webhooks"];
/// Values that references may add to one document: a shared answer is copied to every operation that has it.
const MOST_VALUES: usize = 250_000;
/// Values within values, references followed.
const DEEPEST: usize = 200;

/// The document with what its references lead to in their place. A reference in a ring, or to more values than may be added,
/// stays. Most documents have none: they are not copied.
pub(super) fn inline(document: &Value) -> Cow<'_, Value> {
    if !SECTIONS.iter().any(|section| leads_elsewhere(&document[section])) {
        return Cow::Borrowed(document);
    }
    let (mut resolved, mut inliner) = (document.clone(), Inliner::new(document));
    for section in SECTIONS {
        if let Some(items) = resolved.get_mut(section) {
            inliner.walk(items, true);
        }
    }
    Cow::Owned(resolved)
}

/// Whether no reference would stay.
pub(super) fn is_bounded(document: &Value) -> bool {
    let mut inliner = Inliner::new(document);
    SECTIONS.iter().all(|section| {
        !leads_elsewhere(&document[section])
            || inliner.size(&document[section], Some(true), 0).is_some_and(|size| size.values < MOST_VALUES)
    })
}

struct Inliner<'a> {
    document: &'a Value,
    /// What stands behind a reference; `None` while it is being measured, and for what has no end.
    sizes: HashMap<usize, Option<Size>>,
    /// Values that may still be added.
    left: usize,
}

/// How large a value is, references followed.
#[derive(Clone, Copy)]
struct Size {
    values: usize,
    height: usize,
}

impl<'a> Inliner<'a> {
    fn new(document: &'a Value) -> Self {
        Self { document, sizes: HashMap::new(), left: MOST_VALUES }
    }

    fn walk(&mut self, node: &mut Value, has_names: bool) {
        if let Some(target) = self.target(node) {
            let size = self.behind(target, 0);
            if let Some(left) = size.and_then(|size| self.left.checked_sub(size.values)) {
                self.left = left;
                *node = target.clone();
                self.walk(node, has_names);
            }
            return;
        }
        match node {
            Value::Object(map) => {
                for (key, value) in map {
                    if let Some(names) = names_below(key, has_names) {
                        self.walk(value, names);
                    }
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.walk(item, false)),
            _ => {}
        }
    }

    fn target(&self, node: &Value) -> Option<&'a Value> {
        lookup(self.document, node.get("$ref")?.as_str().filter(|target| is_elsewhere(target))?)
    }

    fn behind(&mut self, target: &'a Value, depth: usize) -> Option<Size> {
        if let Some(known) = self.sizes.get(&address(target)) {
            return *known;
        }
        self.sizes.insert(address(target), None);
        let size = self.size(target, Some(false), depth);
        self.sizes.insert(address(target), size);
        size
    }

    /// `has_names` is that of [`names_below`]: data is copied, and no reference in it is followed.
    fn size(&mut self, node: &'a Value, has_names: Option<bool>, depth: usize) -> Option<Size> {
        if depth == DEEPEST {
            return None;
        }
        if let Some(target) = self.target(node).filter(|_| has_names.is_some()) {
            return self.behind(target, depth + 1);
        }
        let mut size = Size { values: 1, height: 0 };
        let inner: Vec<(&Value, Option<bool>)> = match node {
            Value::Object(map) => {
                map.iter().map(|(key, value)| (value, has_names.and_then(|named| names_below(key, named)))).collect()
            }
            Value::Array(items) => items.iter().map(|item| (item, has_names.map(|_| false))).collect(),
            _ => return Some(size),
        };
        for (value, names) in inner {
            let inner = self.size(value, names, depth + 1)?;
            size.values = size.values.saturating_add(inner.values);
            size.height = size.height.max(inner.height + 1);
        }
        Some(size).filter(|size| size.height < DEEPEST)
    }
}

fn leads_elsewhere(items: &Value) -> bool {
    let mut found = false;
    let reference = |map: &Map<String, Value>| map.get("$ref").and_then(Value::as_str).is_some_and(is_elsewhere);
    each_object(items, true, &mut |map| found |= reference(map));
    found
}

fn is_elsewhere(reference: &str) -> bool {
    !reference.starts_with("#/components/schemas/")
}

#[cfg(test)]
mod tests {
    use super::{inline, is_bounded, leads_elsewhere};
    use serde_json::{Value, json};

    fn document(reference: &str, times: usize, shared: &Value) -> Value {
        let one = json!({"get": {"responses": {"400": {"$ref": reference}}}});
        let paths: serde_json::Map<String, Value> = (0..times).map(|at| (format!("/{at}"), one.clone())).collect();
        json!({"paths": paths, "components": {"responses": {"E": shared}}})
    }

    #[test]
    fn a_shared_answer_is_copied_where_it_stands() {
        let error = json!({"description": "no"});
        let document = document("#/components/responses/E", 2, &error);
        assert!(is_bounded(&document));
        assert_eq!(inline(&document)["paths"]["/1"]["get"]["responses"]["400"], error);
    }

    #[test]
    fn data_is_no_reference() {
        let data = json!({"schema": {"default": {"$ref": "#/components/responses/E"}}});
        let document = document("#/components/responses/E", 1, &data);
        assert_eq!(inline(&document)["paths"]["/0"]["get"]["responses"]["400"], data);
    }

    #[test]
    fn rings_and_what_grows_without_measure_stay_references() {
        let large: Vec<usize> = (0..2_000).collect();
        for document in [
            document("#/paths", 2, &Value::Null),
            document("#/components/responses/E", 2_000, &json!({"x": large})),
            document("#/components/responses/E", 1, &json!({"x": {"$ref": "#/components/responses/E"}})),
        ] {
            assert!(!is_bounded(&document));
            assert!(leads_elsewhere(&inline(&document)["paths"]));
        }
    }
}
