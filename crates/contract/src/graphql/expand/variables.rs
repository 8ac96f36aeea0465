//! What a caller gives to an operation: its variables, as a schema of `OpenAPI` 3.0.

use super::answer::wrap;
use super::leaf::{COMPONENTS, form};
use super::literal::from_ast;
use apollo_compiler::ast::{Type, Value as Literal, VariableDefinition};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{Name, Node, Schema};
use serde_json::{Map, Value, json};

/// What variables are derived from.
pub(super) struct Variables<'a> {
    pub(super) schema: &'a Schema,
    pub(super) components: &'a Map<String, Value>,
    /// Input objects, by name: they may hold themselves, so each is a component.
    pub(super) inputs: Map<String, Value>,
    /// Types of which nothing says how they are written.
    pub(super) unknown: Vec<Name>,
}

impl Variables<'_> {
    /// All variables of an operation, as an object.
    pub(super) fn of(&mut self, variables: &[Node<VariableDefinition>]) -> Value {
        let members = variables.iter().map(|variable| (&variable.name, &variable.ty, variable.default_value.as_ref()));
        self.object(members)
    }

    fn object<'v>(
        &mut self,
        members: impl Iterator<Item = (&'v Name, &'v Node<Type>, Option<&'v Node<Literal>>)>,
    ) -> Value {
        let (mut properties, mut required) = (Map::new(), Vec::new());
        for (name, ty, default) in members {
            let mut property = wrap(ty, self.named(ty.inner_named_type()));
            if let Some(default) = default.map(|value| from_ast(value)).filter(|value| !value.is_null()) {
                if property.get("$ref").is_some() {
                    property = json!({"allOf": [property]});
                }
                property["default"] = default;
            } else if ty.is_non_null() {
                required.push(name.as_str());
            }
            properties.insert(name.to_string(), property);
        }
        let mut object = json!({"type": "object", "properties": properties});
        if !required.is_empty() {
            object["required"] = json!(required);
        }
        object
    }

    fn named(&mut self, name: &Name) -> Value {
        let schema = self.schema;
        let Some(ExtendedType::InputObject(input)) = schema.types.get(name) else {
            return form(schema, self.components, name).unwrap_or_else(|| {
                self.unknown.push(name.clone());
                json!({})
            });
        };
        if !self.inputs.contains_key(name.as_str()) {
            // It is known before it is read, since it may hold itself.
            self.inputs.insert(name.to_string(), Value::Null);
            let members = input.fields.iter().map(|(name, field)| (name, &field.ty, field.default_value.as_ref()));
            let object = self.object(members);
            self.inputs.insert(name.to_string(), object);
        }
        json!({"$ref": format!("{COMPONENTS}{name}")})
    }
}
