//! The JSON form of a leaf: a scalar or an enum.

use super::values::enumerated;
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{Name, Schema};
use serde_json::{Map, Value, json};

/// Where the forms of scalars stand in a document.
pub(super) const COMPONENTS: &str = "#/components/schemas/";

/// The form of a leaf, without null; `None` for a scalar of which nothing says how it is written, and for what is no leaf.
pub(super) fn form(schema: &Schema, components: &Map<String, Value>, name: &str) -> Option<Value> {
    match name {
        "Int" => return Some(json!({"type": "integer", "format": "int32"})),
        "Float" => return Some(json!({"type": "number"})),
        "String" | "ID" => return Some(json!({"type": "string"})),
        "Boolean" => return Some(json!({"type": "boolean"})),
        _ => {}
    }
    match schema.types.get(name)? {
        ExtendedType::Enum(words) => {
            let values: Vec<&str> = words.values.keys().map(Name::as_str).collect();
            Some(json!({"type": "string", "enum": values}))
        }
        // What the document says outright goes before what is read out of prose.
        ExtendedType::Scalar(_) if components.contains_key(name) => {
            Some(json!({"$ref": format!("{COMPONENTS}{name}")}))
        }
        ExtendedType::Scalar(scalar) => {
            let values = enumerated(scalar.description.as_ref()?)?;
            Some(json!({"type": "string", "enum": values}))
        }
        _ => None,
    }
}

/// The same form, or null.
pub(super) fn nullable(mut form: Value) -> Value {
    match form.as_object_mut() {
        // What stands beside a `$ref` is ignored.
        Some(members) if !members.contains_key("$ref") => {
            members.insert("nullable".into(), true.into());
            form
        }
        _ => json!({"nullable": true, "allOf": [form]}),
    }
}

/// The forms of scalars that a document states.
pub(super) fn components(document: &Value) -> Map<String, Value> {
    document["components"]["schemas"].as_object().cloned().unwrap_or_default()
}
