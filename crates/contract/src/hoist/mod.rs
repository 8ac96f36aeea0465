//! Identical schemas become components, with names that depend on the facts alone.
//!
//! An object or an enum that stands in two places or more is hoisted. Its name is the shortest tail of its path
//! (`Adresse`, then `DataAdresse`, then with the operation) that no other hoisted shape claims.

mod name;
mod shape;
mod walk;

use crate::subschemas::{children, children_mut};
use name::name_shapes;
use serde_json::{Map, Value, json};
use shape::{Digests, Names, Shape, without_null};
use std::collections::{BTreeSet, HashMap};
use walk::{roots, word};

/// Replaces repeated schemas of all responses and components by references.
pub(super) fn hoist(document: &mut Value) {
    let roots = roots(document);
    let schemas = || roots.iter().filter_map(|root| Some((root, document.pointer(&root.pointer)?)));
    let digests = Digests::of(schemas().map(|(_, schema)| schema));
    let (mut names, hoisted) = {
        let mut walk = Walk { digests: &digests, at: 0 };
        let mut shapes = HashMap::new();
        // A shape that the document names itself keeps that name, wherever it stands.
        let mut named = Names(HashMap::new());
        for (root, schema) in schemas() {
            let mut words = root.words.iter().map(String::as_str).collect();
            if root.is_component {
                named.0.insert(digests.key(walk.at), (schema.clone(), root.words[0].clone()));
                walk.children(schema, &mut words, &mut shapes);
            } else {
                walk.count(schema, &mut words, &mut shapes);
            }
        }
        shapes.retain(|shape, places| places.len() > 1 && named.get(shape).is_none());
        let taken: BTreeSet<&str> = named.0.values().map(|(_, name)| name.as_str()).collect();
        let hoisted: Vec<(Value, String)> =
            name_shapes(&shapes, &taken).into_iter().map(|(shape, name)| (without_null(shape.schema), name)).collect();
        (named, hoisted)
    };
    for (schema, name) in &hoisted {
        names.0.insert(Digests::of([schema].into_iter()).key(0), (schema.clone(), name.clone()));
    }
    let mut walk = Walk { digests: &digests, at: 0 };
    for root in &roots {
        match document.pointer_mut(&root.pointer) {
            Some(schema) if root.is_component => walk.replace_children(schema, &names),
            Some(schema) => walk.replace(schema, &names),
            None => {}
        }
    }
    for (mut schema, name) in hoisted {
        let digests = Digests::of([&schema].into_iter());
        Walk { digests: &digests, at: 0 }.replace_children(&mut schema, &names);
        document["components"]["schemas"][name.as_str()] = schema;
    }
    if document["components"]["schemas"].as_object().is_some_and(Map::is_empty)
        && let Some(components) = document["components"].as_object_mut()
    {
        components.remove("schemas");
    }
}

/// Words of the paths on which a shape stands, outermost first.
type Shapes<'a> = HashMap<Shape<'a>, Vec<Vec<&'a str>>>;

/// A walk over all schemas, beside their digests.
struct Walk<'d> {
    digests: &'d Digests,
    at: usize,
}

impl Walk<'_> {
    fn count<'a>(&mut self, schema: &'a Value, place: &mut Vec<&'a str>, shapes: &mut Shapes<'a>) {
        if is_candidate(schema) {
            let places = shapes.entry(Shape { digest: self.digests.key(self.at), schema }).or_default();
            places.push(place.clone());
            // The children of a repeated shape are repeated with it: they count once.
            if places.len() > 1 {
                self.at = self.digests.end(self.at);
                return;
            }
        }
        self.children(schema, place, shapes);
    }

    fn children<'a>(&mut self, schema: &'a Value, place: &mut Vec<&'a str>, shapes: &mut Shapes<'a>) {
        self.at += 1;
        for child in children(schema) {
            place.push(word(&child));
            self.count(child.node, place, shapes);
            place.pop();
        }
    }

    fn replace(&mut self, schema: &mut Value, names: &Names) {
        if is_candidate(schema)
            && let Some(name) = names.get(&Shape { digest: self.digests.key(self.at), schema })
        {
            self.at = self.digests.end(self.at);
            let reference = json!({"$ref": format!("#/components/schemas/{name}")});
            *schema =
                if schema["nullable"] == true { json!({"nullable": true, "allOf": [reference]}) } else { reference };
            return;
        }
        self.replace_children(schema, names);
    }

    fn replace_children(&mut self, schema: &mut Value, names: &Names) {
        self.at += 1;
        for child in children_mut(schema) {
            self.replace(child, names);
        }
    }
}

fn is_candidate(schema: &Value) -> bool {
    schema.get("properties").is_some_and(|properties| properties.as_object().is_some_and(|map| !map.is_empty()))
        || schema["enum"].as_array().is_some_and(|values| values.len() > 1)
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
    fn schemas_below_every_keyword_are_shared() {
        let shape = json!({"type": "object", "properties": {"a": {"type": "string"}}});
        let mut document = document(&[
            ("api_one", json!({"type": "array", "prefixItems": [shape, false], "contains": true})),
            ("api_two", json!({"type": "object", "patternProperties": {"^x": shape}})),
        ]);
        hoist(&mut document);
        let reference = json!({"$ref": "#/components/schemas/PrefixItems"});
        assert_eq!(schema(&document, "api_one")["prefixItems"], json!([reference, false]));
        assert_eq!(schema(&document, "api_two")["patternProperties"]["^x"], reference);
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
