//! Where schemas stand: the keywords of a schema that contain schemas (those of JSON Schema 2020-12, and those before it that documents
//! still use), and what of a document is names or data.

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

/// The schemas that stand in a schema, in the order of its keywords.
pub fn children(schema: &Value) -> impl Iterator<Item = Child<'_>> {
    let keywords = schema.as_object().into_iter().flatten().filter(|(keyword, _)| subschemas(keyword).is_some());
    keywords.flat_map(|(keyword, value)| {
        let named = is_named(keyword, value).then(|| value.as_object()).flatten();
        let child = move |name, position, node| Child { keyword, name, position, node };
        let named = named.into_iter().flatten().map(move |(name, node)| child(Some(name.as_str()), 0, node));
        let others = if is_named(keyword, value) { &[][..] } else { listed(value) };
        named.chain(others.iter().enumerate().map(move |(position, node)| child(None, position, node)))
    })
}

/// The same schemas in the same order, to change them.
pub fn children_mut(schema: &mut Value) -> impl Iterator<Item = &mut Value> {
    let keywords = schema.as_object_mut().into_iter().flatten().filter(|(keyword, _)| subschemas(keyword).is_some());
    keywords.flat_map(|(keyword, value)| {
        let (named, others): (Option<&mut Map<String, Value>>, &mut [Value]) = match value {
            value if !is_named(keyword, value) => (None, listed_mut(value)),
            value => (value.as_object_mut(), &mut []),
        };
        named.into_iter().flat_map(Map::values_mut).chain(others)
    })
}

/// The value of a keyword, with each schema in it replaced by what becomes of it; `None` for a keyword that contains none.
pub fn map_schemas(keyword: &str, value: &Value, mut each: impl FnMut(&Value) -> Value) -> Option<Value> {
    subschemas(keyword)?;
    Some(match value {
        Value::Object(map) if is_named(keyword, value) => {
            map.iter().map(|(name, schema)| (name.clone(), each(schema))).collect::<Map<_, _>>().into()
        }
        Value::Array(list) => list.iter().map(each).collect(),
        schema => each(schema),
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

/// Visits each object of a document, outermost first, but for maps of names and for data.
pub fn each_object_mut(document: &mut Value, visit: &mut impl FnMut(&mut Map<String, Value>)) {
    fn walk(node: &mut Value, has_names: bool, visit: &mut impl FnMut(&mut Map<String, Value>)) {
        match node {
            Value::Object(map) => {
                if !has_names {
                    visit(map);
                }
                for (key, value) in map {
                    if let Some(names) = names_below(key, has_names) {
                        walk(value, names, visit);
                    }
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| walk(item, false, visit)),
            _ => {}
        }
    }
    walk(document, false, visit);
}

fn is_named(keyword: &str, value: &Value) -> bool {
    value.is_object() && matches!(subschemas(keyword), Some((Holds::Named, _)))
}

/// `items` has one schema, or a list of them in older documents.
fn listed(value: &Value) -> &[Value] {
    value.as_array().map_or_else(|| std::slice::from_ref(value), Vec::as_slice)
}

fn listed_mut(value: &mut Value) -> &mut [Value] {
    match value {
        Value::Array(list) => list,
        schema => std::slice::from_mut(schema),
    }
}

#[cfg(test)]
mod tests {
    use super::{children, children_mut, each_object_mut, map_schemas};
    use serde_json::{Value, json};

    #[test]
    fn schemas_are_found_and_changed_in_one_order_wherever_they_stand() {
        let mut schema = json!({
            "additionalProperties": false, "allOf": [{"$id": "0"}, {"$id": "1"}], "const": {"not": {"$id": "data"}},
            "items": [{"$id": "2"}], "not": {"$id": "3"}, "patternProperties": {"^x": {"$id": "4"}},
            "properties": {"items": {"$id": "5"}}, "type": "object",
        });
        let found: Vec<Value> = children(&schema).map(|child| child.node.clone()).collect();
        let expected = (0..6).map(|id| json!({"$id": id.to_string()}));
        assert_eq!(found, std::iter::once(json!(false)).chain(expected).collect::<Vec<_>>());
        assert_eq!(children_mut(&mut schema).map(|node| node.clone()).collect::<Vec<_>>(), found);
        let named: Vec<_> = children(&schema).filter_map(|child| Some((child.keyword, child.name?))).collect();
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
        let mut found = Vec::new();
        each_object_mut(&mut document, &mut |map| found.extend(map.get("at").cloned()));
        assert_eq!(found, ["const", "x-name", "get", "answer"]);
    }
}
