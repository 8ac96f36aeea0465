//! Identical schemas become components, with names that depend on the facts alone.
//!
//! An object or an enum that stands in two places or more is hoisted. Its name is the shortest tail of its path
//! (`Adresse`, then `DataAdresse`, then with the operation) that no other hoisted shape claims.

use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Replaces repeated schemas of all responses and components by references.
pub(super) fn hoist(document: &mut Value) {
    let mut shapes: BTreeMap<String, Shape> = BTreeMap::new();
    visit_roots(document, &mut |schema, place| count(schema, place, &mut shapes));
    // A shape that the document names itself keeps that name, wherever it stands.
    let named: BTreeMap<String, String> =
        schemas(document).map(|(name, schema)| (key_of(schema), name.clone())).collect();
    shapes.retain(|key, shape| shape.count > 1 && !named.contains_key(key));
    let taken: BTreeSet<String> = named.values().cloned().collect();
    let mut component_names = name_shapes(&shapes, &taken);
    component_names.extend(named);

    visit_roots(document, &mut |schema, _| replace(schema, &component_names));
    for (key, name) in component_names.iter().filter(|(key, _)| shapes.contains_key(*key)) {
        let mut schema: Value = serde_json::from_str(key).unwrap_or_default();
        replace_children(&mut schema, &component_names);
        document["components"]["schemas"][name.as_str()] = schema;
    }
    if document["components"]["schemas"].as_object().is_some_and(Map::is_empty)
        && let Some(components) = document["components"].as_object_mut()
    {
        components.remove("schemas");
    }
}

struct Shape {
    count: usize,
    /// Words of the paths on which it stands, outermost first.
    places: Vec<Vec<String>>,
}

/// Calls `visit` with every schema of a response body, and with the children of every component.
fn visit_roots(document: &mut Value, visit: &mut impl FnMut(&mut Value, &[String])) {
    for operation in members(document, "paths").flat_map(|(_, item)| each(item)).map(|(_, operation)| operation) {
        let id = operation["operationId"].as_str().unwrap_or_default().to_owned();
        for (status, response) in members(operation, "responses") {
            let suffix = if status == "200" { "answer".to_owned() } else { status.clone() };
            for (_, content) in members(response, "content") {
                if let Some(schema) = content.get_mut("schema") {
                    visit(schema, &[id.clone(), suffix.clone()]);
                }
            }
        }
    }
    for (name, schema) in schemas(document) {
        for_each_child(schema, &mut |child, word| visit(child, &[name.clone(), word.to_owned()]));
    }
}

fn is_candidate(schema: &Value) -> bool {
    schema.get("properties").is_some_and(|properties| properties.as_object().is_some_and(|map| !map.is_empty()))
        || schema["enum"].as_array().is_some_and(|values| values.len() > 1)
}

/// The identity of a shape: its facts, wherever it may be null.
fn key_of(schema: &Value) -> String {
    let mut schema = schema.clone();
    if let Some(map) = schema.as_object_mut() {
        map.remove("nullable");
    }
    schema.to_string()
}

fn count(schema: &mut Value, place: &[String], shapes: &mut BTreeMap<String, Shape>) {
    if is_candidate(schema) {
        let shape = shapes.entry(key_of(schema)).or_insert(Shape { count: 0, places: Vec::new() });
        shape.count += 1;
        shape.places.push(place.to_vec());
        // The children of a repeated shape are repeated with it: they count once.
        if shape.count > 1 {
            return;
        }
    }
    for_each_child(schema, &mut |child, word| {
        let mut inner = place.to_vec();
        inner.push(word.to_owned());
        count(child, &inner, shapes);
    });
}

fn replace(schema: &mut Value, names: &BTreeMap<String, String>) {
    if is_candidate(schema)
        && let Some(name) = names.get(&key_of(schema))
    {
        let reference = json!({"$ref": format!("#/components/schemas/{name}")});
        *schema = if schema["nullable"] == true { json!({"nullable": true, "allOf": [reference]}) } else { reference };
        return;
    }
    replace_children(schema, names);
}

fn replace_children(schema: &mut Value, names: &BTreeMap<String, String>) {
    for_each_child(schema, &mut |child, _| replace(child, names));
}

fn for_each_child(schema: &mut Value, visit: &mut impl FnMut(&mut Value, &str)) {
    let Some(map) = schema.as_object_mut() else { return };
    for (key, value) in map {
        match key.as_str() {
            "properties" => each(value).for_each(|(name, child)| visit(child, name)),
            "items" => visit(value, "item"),
            "additionalProperties" if value.is_object() => visit(value, "value"),
            "oneOf" | "anyOf" | "allOf" => {
                value.as_array_mut().into_iter().flatten().for_each(|child| visit(child, "part"));
            }
            _ => {}
        }
    }
}

/// The words that the operations of all the places begin with: they tell nothing apart.
fn common_head<'a>(operations: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut head: Option<Vec<&str>> = None;
    for operation in operations {
        let words: Vec<&str> = operation.split('_').collect();
        head = Some(match head {
            None => words,
            Some(head) => head.into_iter().zip(words).take_while(|(a, b)| a == b).map(|(a, _)| a).collect(),
        });
    }
    head.unwrap_or_default().into_iter().map(str::to_owned).collect()
}

fn name_shapes(shapes: &BTreeMap<String, Shape>, taken: &BTreeSet<String>) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    let mut used = taken.clone();
    let document = common_head(shapes.values().flat_map(Shape::operations)).len();
    let mut open: Vec<(&String, Vec<String>)> =
        shapes.iter().map(|(key, shape)| (key, shape.words(document))).collect();
    for length in 1.. {
        let mut claims: BTreeMap<String, usize> = BTreeMap::new();
        for (_, words) in &open {
            *claims.entry(tail_name(words, length)).or_default() += 1;
        }
        let before = open.len();
        open.retain(|(key, words)| {
            let name = tail_name(words, length);
            let free = claims[&name] == 1 && !used.contains(&name);
            if free {
                used.insert(name.clone());
                names.insert((*key).clone(), name);
            }
            !free
        });
        let longest = open.iter().map(|(_, words)| words.len()).max().unwrap_or(0);
        if open.is_empty() {
            break;
        }
        // The whole path does not tell them apart (two shapes below one `oneOf`): number them, in the order of their facts.
        if length >= longest && open.len() == before {
            for (key, words) in open {
                let base = tail_name(&words, length);
                let mut name = format!("{base}2");
                let mut number = 2;
                while used.contains(&name) {
                    number += 1;
                    name = format!("{base}{number}");
                }
                used.insert(name.clone());
                names.insert(key.clone(), name);
            }
            break;
        }
    }
    names
}

impl Shape {
    fn operations(&self) -> impl Iterator<Item = &str> {
        self.places.iter().map(|place| place[0].as_str())
    }

    /// What its operations share (less the first `document` words, which all operations share), then its path.
    fn words(&self, document: usize) -> Vec<String> {
        let mut head = common_head(self.operations());
        head.drain(..document.min(head.len()));
        // The cut between two operations may leave a preposition: `.._with_ine`, `.._with_civility`.
        head.pop_if(|last| last == "with");
        let place = self.places.iter().min().map(Vec::as_slice).unwrap_or_default();
        if let [_, only] = place {
            // A whole body: one word of path alone would say nothing.
            return vec![format!("{}_{only}", head.join("_"))];
        }
        let path = place.iter().skip(1).filter(|word| *word != "item" && *word != "answer").cloned();
        std::iter::once(head.join("_")).chain(path).collect()
    }
}

/// `["api_x", "data", "adresse"]` with length 2 is `DataAdresse`.
fn tail_name(words: &[String], length: usize) -> String {
    let tail = &words[words.len().saturating_sub(length)..];
    let pascal = |word: &str| {
        let mut chars = word.chars();
        chars.next().map(|first| first.to_uppercase().chain(chars).collect::<String>()).unwrap_or_default()
    };
    tail.iter().flat_map(|word| word.split(|c: char| !c.is_alphanumeric())).map(pascal).collect()
}

fn schemas(document: &mut Value) -> impl Iterator<Item = (&String, &mut Value)> {
    document.pointer_mut("/components/schemas").into_iter().flat_map(each)
}

/// The members of a map below a key. Nothing is added where there is none.
fn members<'a>(value: &'a mut Value, key: &str) -> impl Iterator<Item = (&'a String, &'a mut Value)> {
    value.get_mut(key).into_iter().flat_map(each)
}

fn each(value: &mut Value) -> impl Iterator<Item = (&String, &mut Value)> {
    value.as_object_mut().into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::hoist;
    use serde_json::{Value, json};

    fn document(bodies: &[(&str, Value)]) -> Value {
        let mut document = json!({"paths": {}, "components": {"schemas": {}}});
        for (id, schema) in bodies {
            document["paths"][format!("/{id}")]["get"] = json!({
                "operationId": id, "responses": {"200": {"content": {"application/json": {"schema": schema}}}}
            });
        }
        document
    }

    fn schema<'a>(document: &'a Value, id: &str) -> &'a Value {
        &document["paths"][format!("/{id}")]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    }

    #[test]
    fn same_shapes_share_a_component_and_null_stays_at_the_place() {
        let shape = json!({"type": "object", "properties": {"a": {"type": "string"}}});
        let mut nullable = shape.clone();
        nullable["nullable"] = true.into();
        let holder = |inner: &Value, extra: &str| json!({"type": "object", "properties": {"adresse": inner, extra: {"type": "string"}}});
        let mut document = document(&[("api_v1_x_one", holder(&shape, "p")), ("api_v1_x_two", holder(&nullable, "q"))]);
        hoist(&mut document);
        let reference = json!({"$ref": "#/components/schemas/Adresse"});
        assert_eq!(schema(&document, "api_v1_x_one")["properties"]["adresse"], reference);
        assert_eq!(
            schema(&document, "api_v1_x_two")["properties"]["adresse"],
            json!({"nullable": true, "allOf": [reference]})
        );
        assert_eq!(document["components"]["schemas"]["Adresse"], shape);
    }

    #[test]
    fn other_shapes_under_one_property_name_get_longer_names() {
        let shape = |name: &str| json!({"type": "object", "properties": {name: {"type": "string"}}});
        let holder = |outer: &str, inner: Value, extra: &str| json!({"type": "object", "properties": {outer: {"type": "object", "properties": {"code": inner, extra: {"type": "string"}}}}});
        let mut document = document(&[
            ("a_one", holder("x", shape("1"), "p")),
            ("a_two", holder("x", shape("1"), "q")),
            ("b_one", holder("y", shape("2"), "p")),
            ("b_two", holder("y", shape("2"), "q")),
        ]);
        hoist(&mut document);
        let names: Vec<&String> = document["components"]["schemas"].as_object().expect("an object").keys().collect();
        assert_eq!(names, ["XCode", "YCode"]);
    }

    #[test]
    fn an_answer_without_a_body_stays_without_one() {
        let mut document = document(&[]);
        document["paths"]["/a"]["get"] = json!({"operationId": "a", "responses": {"204": {}}});
        hoist(&mut document);
        assert_eq!(document["paths"]["/a"]["get"]["responses"]["204"], json!({}));
    }

    #[test]
    fn what_stands_once_stays_in_place() {
        let mut document = document(&[("one", json!({"type": "object", "properties": {"a": {"type": "string"}}}))]);
        let before = schema(&document, "one").clone();
        hoist(&mut document);
        assert_eq!(*schema(&document, "one"), before);
        assert!(document["components"].get("schemas").is_none());
    }
}
