//! Where schemas stand in a document and in each other, to read and to change, in one order.

use serde_json::Value;

/// Where schemas stand that are hoisted or hold others that are.
pub(super) enum Root<'a> {
    /// The schema of a response body, with operation id and status.
    Body(&'a Value, [&'a str; 2]),
    /// A component: it stays, what it holds may be hoisted.
    Component(&'a str, &'a Value),
}

pub(super) fn roots(document: &Value) -> impl Iterator<Item = Root<'_>> {
    let operations = each(&document["paths"]).flat_map(|(_, item)| each(item)).map(|(_, operation)| operation);
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
                let operations = each_mut(section).flat_map(|(_, item)| each_mut(item));
                let responses = operations.flat_map(|(_, operation)| members_mut(operation, "responses"));
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

pub(super) fn holds_schemas(key: &str, value: &Value) -> bool {
    matches!(key, "properties" | "items" | "oneOf" | "anyOf" | "allOf")
        || (key == "additionalProperties" && value.is_object())
}

/// The schemas that a schema holds, each with its word in a path.
pub(super) fn children(schema: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let holders = each(schema).filter(|(key, value)| holds_schemas(key, value));
    holders.flat_map(|(key, value)| {
        let (members, parts, only) = match (key, value) {
            ("properties", value) => (Some(each(value)), None, None),
            ("items", value) => (None, None, Some(("item", value))),
            ("additionalProperties", value) => (None, None, Some(("value", value))),
            (_, parts) => (None, Some(parts.as_array().into_iter().flatten().map(|part| ("part", part))), None),
        };
        members.into_iter().flatten().chain(parts.into_iter().flatten()).chain(only)
    })
}

/// The same schemas in the same order.
pub(super) fn children_mut(schema: &mut Value) -> impl Iterator<Item = &mut Value> {
    let holders = each_mut(schema).filter(|(key, value)| holds_schemas(key, value));
    holders.flat_map(|(key, value)| {
        let (members, parts, only) = match key.as_str() {
            "properties" => (Some(each_mut(value).map(|(_, child)| child)), None, None),
            "items" | "additionalProperties" => (None, None, Some(value)),
            _ => (None, Some(value.as_array_mut().into_iter().flatten()), None),
        };
        members.into_iter().flatten().chain(parts.into_iter().flatten()).chain(only)
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
