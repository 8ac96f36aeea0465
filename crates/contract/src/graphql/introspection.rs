//! A schema from the answer to an introspection query, in any form since 2016: keys that came later may be missing.

use super::model::{BUILT_IN, Field, Input, Root, Schema, Type, TypeRef};
use super::{ReadError, literal};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// The query that asks a server for its schema: the operation `introspection`.
///
/// It asks for what introspection had in 2016: older servers refuse what came later, newer ones answer it all the same.
/// Seven levels are deep enough for `[[Int!]!]!`.
pub const INTROSPECTION: &str = "query introspection { __schema { queryType { name } mutationType { name } subscriptionType { name } \
types { ...Whole } } } \
fragment Whole on __Type { kind name description \
fields(includeDeprecated: true) { name args { ...Input } type { ...Ref } isDeprecated } \
inputFields { ...Input } interfaces { ...Ref } \
enumValues(includeDeprecated: true) { name isDeprecated } possibleTypes { ...Ref } } \
fragment Input on __InputValue { name type { ...Ref } defaultValue } \
fragment Ref on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name \
ofType { kind name ofType { kind name } } } } } } }";

/// Whether a JSON document is the answer to an introspection query.
#[must_use]
pub fn is_introspection(document: &Value) -> bool {
    answer(document).is_some()
}

fn answer(document: &Value) -> Option<&Value> {
    [document, &document["data"]].into_iter().map(|place| &place["__schema"]).find(|schema| schema.is_object())
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawType {
    kind: String,
    name: String,
    description: Option<String>,
    fields: Option<Vec<RawField>>,
    input_fields: Option<Vec<RawInput>>,
    interfaces: Option<Vec<Named>>,
    enum_values: Option<Vec<RawValue>>,
    possible_types: Option<Vec<Named>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawField {
    name: String,
    #[serde(default)]
    args: Vec<RawInput>,
    #[serde(rename = "type")]
    ty: RawRef,
    is_deprecated: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawInput {
    name: String,
    #[serde(rename = "type")]
    ty: RawRef,
    default_value: Option<String>,
    is_deprecated: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawValue {
    name: String,
    is_deprecated: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawRef {
    kind: String,
    name: Option<String>,
    of_type: Option<Box<RawRef>>,
}

/// Reads the answer to an introspection query.
pub(super) fn read(document: &Value) -> Result<Schema, ReadError> {
    let schema = answer(document).ok_or(ReadError::NotGraphQl)?;
    let root = |(root, key): (Root, &str)| Some((root, schema[key]["name"].as_str()?.to_owned()));
    let keys = [(Root::Query, "queryType"), (Root::Mutation, "mutationType"), (Root::Subscription, "subscriptionType")];
    let roots = keys.into_iter().filter_map(root).collect();
    let items = schema["types"].as_array().ok_or_else(|| ReadError::Broken("`__schema` has no `types`".into()))?;
    let mut types = BTreeMap::new();
    for (position, item) in items.iter().enumerate() {
        let at = |reason: String| {
            ReadError::Broken(format!(
                "`types[{position}]`, {}: {reason}",
                item["name"].as_str().unwrap_or("without a name")
            ))
        };
        let raw = RawType::deserialize(item).map_err(|error| at(error.to_string()))?;
        if raw.name.starts_with("__") || BUILT_IN.contains(&raw.name.as_str()) {
            continue;
        }
        let name = raw.name.clone();
        if types.insert(name, raw.read().map_err(at)?).is_some() {
            return Err(at("it stands twice".into()));
        }
    }
    Ok(Schema { roots, types })
}

impl RawType {
    fn read(self) -> Result<Type, String> {
        let names = |names: Option<Vec<Named>>| names.into_iter().flatten().map(|named| named.name).collect();
        Ok(match self.kind.as_str() {
            "SCALAR" => Type::Scalar { description: self.description },
            "OBJECT" => Type::Object { fields: fields(self.fields)?, interfaces: names(self.interfaces) },
            "INTERFACE" => Type::Interface { fields: fields(self.fields)? },
            "UNION" => Type::Union { members: names(self.possible_types) },
            "ENUM" => {
                let values = self.enum_values.into_iter().flatten();
                Type::Enum { values: values.map(|value| (value.name, value.is_deprecated)).collect() }
            }
            "INPUT_OBJECT" => Type::Input { fields: inputs(self.input_fields.unwrap_or_default())? },
            kind => return Err(format!("`{kind}` is no kind of type")),
        })
    }
}

fn fields(fields: Option<Vec<RawField>>) -> Result<BTreeMap<String, Field>, String> {
    let field = |raw: RawField| {
        let field = Field { ty: raw.ty.read()?, arguments: inputs(raw.args)?, deprecated: raw.is_deprecated };
        Ok((raw.name, field))
    };
    fields.into_iter().flatten().map(field).collect()
}

fn inputs(inputs: Vec<RawInput>) -> Result<BTreeMap<String, Input>, String> {
    let input = |raw: RawInput| {
        let default = raw.default_value.as_deref().map(literal::from_text).unwrap_or_default();
        Ok((raw.name, Input { ty: raw.ty.read()?, default, deprecated: raw.is_deprecated }))
    };
    inputs.into_iter().map(input).collect()
}

impl RawRef {
    fn read(&self) -> Result<TypeRef, String> {
        let (mut at, mut never_null, mut is_never_null) = (self, Vec::new(), false);
        loop {
            let inner = at.of_type.as_deref();
            match (at.kind.as_str(), inner, &at.name) {
                ("NON_NULL", Some(inner), _) => (at, is_never_null) = (inner, true),
                ("LIST", Some(inner), _) => {
                    never_null.push(std::mem::take(&mut is_never_null));
                    at = inner;
                }
                // The query that was asked stops at some depth, mostly seven.
                ("NON_NULL" | "LIST", None, _) => {
                    return Err("a type breaks off: ask for more levels of `ofType`".into());
                }
                (_, _, Some(name)) => {
                    never_null.push(is_never_null);
                    return Ok(TypeRef { name: name.clone(), never_null });
                }
                (_, _, None) => return Err("a type has no name".into()),
            }
        }
    }
}
