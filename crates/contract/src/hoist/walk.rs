//! Where schemas stand in a document, to read and to change, in one order.

use crate::operations::{operations, operations_mut};
use crate::subschemas::Child;
use serde_json::Value;

/// Where schemas stand that are hoisted, or contain others that are.
pub(super) enum Root<'a> {
    /// The schema of a response body, with operation id and status.
    Body(&'a Value, [&'a str; 2]),
    /// A component: it stays, what it contains may be hoisted.
    Component(&'a str, &'a Value),
}

pub(super) fn roots(document: &Value) -> impl Iterator<Item = Root<'_>> {
    let operations = each(&document["paths"]).flat_map(|(_, item)| operations(item)).map(|(_, operation)| operation);
    let bodies = operations.flat_map(|operation| {
        let id = operation["operationId"].as_str().unwrap_or_default();
        each(&operation["responses"]).flat_map(move |(status, response)| {
            let suffix = if status == "200" { "answer" } else { status };
            let schemas = each(&response["content"]).filter_map(|(_, content)| content.get("schema"));
            schemas.map(move |schema| Root::Body(schema, [id, suffix]))
        })
    });
    let components = each(&document["components"]["schemas"]).map(|(name, schema)| Root::Component(name, schema));
    bodies.chain(components)
}

/// The same roots in the same order, each with whether it is a component.
pub(super) fn roots_mut(document: &mut Value) -> Vec<(&mut Value, bool)> {
    let mut roots = Vec::new();
    for (key, section) in each_mut(document) {
        match key.as_str() {
            "paths" => {
                let operations = each_mut(section).flat_map(|(_, item)| operations_mut(item));
                let responses = operations.flat_map(|operation| members_mut(operation, "responses"));
                let contents = responses.flat_map(|(_, response)| members_mut(response, "content"));
                let bodies = contents.filter_map(|(_, content)| content.get_mut("schema"));
                // Bodies come first, whatever the order of the sections.
                let bodies: Vec<_> = bodies.map(|schema| (schema, false)).collect();
                roots.splice(0..0, bodies);
            }
            "components" => roots.extend(members_mut(section, "schemas").map(|(_, schema)| (schema, true))),
            _ => {}
        }
    }
    roots
}

/// The word of a schema within another one in the path of its name.
pub(super) fn word<'a>(child: &Child<'a>) -> &'a str {
    child.name.unwrap_or(match child.keyword {
        "items" => "item",
        "additionalProperties" => "value",
        "allOf" | "anyOf" | "oneOf" => "part",
        keyword => keyword,
    })
}

pub(super) fn each(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flatten().map(|(key, value)| (key.as_str(), value))
}

fn each_mut(value: &mut Value) -> impl Iterator<Item = (&String, &mut Value)> {
    value.as_object_mut().into_iter().flatten()
}

/// The members of a map below a key. Nothing is added where there is none.
fn members_mut<'a>(value: &'a mut Value, key: &str) -> impl Iterator<Item = (&'a String, &'a mut Value)> {
    value.get_mut(key).into_iter().flat_map(each_mut)
}
