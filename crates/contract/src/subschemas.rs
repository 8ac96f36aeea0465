//! Where schemas stand: the keywords of a schema that contain schemas (those of JSON Schema 2020-12, and those before it that documents
//! still use), and what of a document is names or data.

use super::members;
use serde_json::{Map, Value};

/// How a keyword contains schemas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// One; `items` may have a list in older documents.
    One,
    /// A list.
    Listed,
    /// A map by names.
    Named,
}

/// What the schemas of a keyword speak of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// The value that the schema itself speaks of.
    Same,
    /// A part of it: a property, its name, an item, the content of a text.
    Part,
    /// Nothing, unless a reference leads there.
    Nothing,
}

/// What a keyword contains; `None` for one that contains no schemas.
#[must_use]
pub fn subschemas(keyword: &str) -> Option<(Holds, Of)> {
    Some(match keyword {
        "not" | "if" | "then" | "else" => (Holds::One, Of::Same),
        "allOf" | "anyOf" | "oneOf" => (Holds::Listed, Of::Same),
        "dependentSchemas" => (Holds::Named, Of::Same),
        "items"
        | "additionalItems"
        | "unevaluatedItems"
        | "contains"
        | "additionalProperties"
        | "unevaluatedProperties"
        | "propertyNames"
        | "contentSchema" => (Holds::One, Of::Part),
        "prefixItems" => (Holds::Listed, Of::Part),
        "properties" | "patternProperties" => (Holds::Named, Of::Part),
        "$defs" | "definitions" => (Holds::Named, Of::Nothing),
        _ => return None,
    })
}

/// A schema within another one.
#[derive(Debug, Clone, Copy)]
pub struct Child<'a> {
    /// The keyword that contains it.
    pub keyword: &'a str,
    /// Its name below the keyword, where the keyword has names.
    pub name: Option<&'a str>,
    /// Its position below the keyword, where the keyword has a list.
    pub position: usize,
    /// The schema.
    pub node: &'a Value,
}

/// The schemas that stand in a schema, in the order of its keywords. `items` has one schema, or a list in older documents.
#[must_use]
pub fn children(schema: &Value) -> Vec<Child<'_>> {
    let mut found = Vec::new();
    for (keyword, value) in members(schema) {
        let child = |name, position, node| Child { keyword, name, position, node };
        match (subschemas(keyword), value) {
            (None, _) => {}
            (Some((Holds::Named, _)), Value::Object(map)) => {
                found.extend(map.iter().map(|(name, node)| child(Some(name.as_str()), 0, node)));
            }
            (_, Value::Array(list)) => found.extend(list.iter().enumerate().map(|(at, node)| child(None, at, node))),
            (_, node) => found.push(child(None, 0, node)),
        }
    }
    found
}

/// The same schemas in the same order, to change them.
pub fn children_mut(schema: &mut Value) -> Vec<&mut Value> {
    let mut found = Vec::new();
    for (keyword, value) in schema.as_object_mut().into_iter().flatten() {
        match (subschemas(keyword), value) {
            (None, _) => {}
            (Some((Holds::Named, _)), Value::Object(map)) => found.extend(map.values_mut()),
            (_, Value::Array(list)) => found.extend(list),
            (_, node) => found.push(node),
        }
    }
    found
}

/// The value of a keyword, with each schema in it replaced by what becomes of it; `None` for a keyword that contains none.
pub fn map_schemas<'a>(keyword: &str, value: &'a Value, mut each: impl FnMut(&'a Value) -> Value) -> Option<Value> {
    Some(match (subschemas(keyword)?, value) {
        ((Holds::Named, _), Value::Object(map)) => {
            map.iter().map(|(name, schema)| (name.clone(), each(schema))).collect::<Map<_, _>>().into()
        }
        (_, Value::Array(list)) => list.iter().map(each).collect(),
        (_, schema) => each(schema),
    })
}

/// Maps outside of schemas whose keys are names that somebody gave.
const NAMED: [&str; 16] = [
    "additionalOperations",
    "callbacks",
    "content",
    "encoding",
    "headers",
    "links",
    "mediaTypes",
    "parameters",
    "pathItems",
    "paths",
    "requestBodies",
    "responses",
    "schemas",
    "securityDefinitions",
    "securitySchemes",
    "webhooks",
];

/// Keywords of data, in which nothing is a reference.
const DATA: [&str; 5] = ["const", "default", "enum", "example", "examples"];

/// Whether what stands below a key of a document is a map whose keys are names; `None` for data. `is_name` says that the key is a
/// name itself.
#[must_use]
pub fn names_below(key: &str, is_name: bool) -> Option<bool> {
    let is_data = DATA.contains(&key) || key.starts_with("x-");
    let is_map = || NAMED.contains(&key) || matches!(subschemas(key), Some((Holds::Named, _)));
    (is_name || !is_data).then(|| !is_name && is_map())
}

/// Whether a map is a reference: where names are expected, one stands for all of them.
fn is_reference(map: &Map<String, Value>) -> bool {
    map.get("$ref").is_some_and(Value::is_string)
}

/// Visits each object of a part of a document, outermost first, but for maps of names and for data. `has_names` is that of the part.
pub fn each_object<'a>(node: &'a Value, has_names: bool, visit: &mut impl FnMut(&'a Map<String, Value>)) {
    match node {
        Value::Object(map) => {
            if !has_names || is_reference(map) {
                visit(map);
            }
            for (key, value) in map {
                if let Some(names) = names_below(key, has_names) {
                    each_object(value, names, visit);
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| each_object(item, false, visit)),
        _ => {}
    }
}

/// The same, to change them.
pub fn each_object_mut(node: &mut Value, has_names: bool, visit: &mut impl FnMut(&mut Map<String, Value>)) {
    match node {
        Value::Object(map) => {
            if !has_names || is_reference(map) {
                visit(map);
            }
            for (key, value) in map {
                if let Some(names) = names_below(key, has_names) {
                    each_object_mut(value, names, visit);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| each_object_mut(item, false, visit)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::{children, children_mut, each_object, each_object_mut, map_schemas};
    use serde_json::{Value, json};

    #[test]
    fn schemas_are_found_and_changed_in_one_order_wherever_they_stand() {
        let mut schema = json!({
            "additionalProperties": false, "allOf": [{"$id": "0"}, {"$id": "1"}], "const": {"not": {"$id": "data"}},
            "items": [{"$id": "2"}], "not": {"$id": "3"}, "patternProperties": {"^x": {"$id": "4"}},
            "properties": {"items": {"$id": "5"}}, "type": "object",
        });
        let found: Vec<Value> = children(&schema).into_iter().map(|child| child.node.clone()).collect();
        let expected = (0..6).map(|id| json!({"$id": id.to_string()}));
        assert_eq!(found, std::iter::once(json!(false)).chain(expected).collect::<Vec<_>>());
        assert_eq!(children_mut(&mut schema).into_iter().map(|node| node.clone()).collect::<Vec<_>>(), found);
        let named: Vec<_> =
            children(&schema).into_iter().filter_map(|child| Some((child.keyword, child.name?))).collect();
        assert_eq!(named, [("patternProperties", "^x"), ("properties", "items")]);
    }

    #[test]
    fn a_keyword_keeps_its_form_when_its_schemas_change() {
        let changed = |keyword: &str, value: Value| map_schemas(keyword, &value, |_| json!(true));
        assert_eq!(changed("items", json!([{}, {}])), Some(json!([true, true])));
        assert_eq!(changed("items", json!({})), Some(json!(true)));
        assert_eq!(changed("$defs", json!({"a": {}})), Some(json!({"a": true})));
        assert_eq!(changed("enum", json!([{}])), None);
    }

    #[test]
    fn names_and_data_of_a_document_are_no_objects_of_it() {
        let named = |name: &str| json!({"properties": {name: {"at": name}}, "default": {"at": "data"}});
        let mut document = json!({
            "paths": {"/a": {"get": {"at": "get", "responses": {"default": {"at": "answer"}}, "x-note": {"at": "data"}}}},
            "components": {"schemas": {"default": named("const"), "example": named("x-name")}, "examples": {"a": {"at": "data"}}},
        });
        let (mut found, mut changed) = (Vec::new(), Vec::new());
        each_object(&document, false, &mut |map| found.extend(map.get("at").cloned()));
        each_object_mut(&mut document, false, &mut |map| changed.extend(map.get_mut("at").map(Value::take)));
        assert_eq!(found, ["const", "x-name", "get", "answer"]);
        assert_eq!(changed, found);
    }
}
