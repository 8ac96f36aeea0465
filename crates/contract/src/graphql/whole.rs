//! Whether a schema is whole in itself: a document that was cut between two definitions parses, and is not.

use super::ReadError;
use super::model::{BUILT_IN, Input, Root, Schema, Type};

/// Refuses a schema without queries, with a name that leads nowhere, or with a type that has nothing in it.
pub(super) fn check(schema: &Schema) -> Result<(), ReadError> {
    if !schema.roots.contains_key(&Root::Query) {
        return Err(ReadError::Broken("it has no query type, so that nothing can be asked".into()));
    }
    for (root, name) in &schema.roots {
        if !matches!(schema.types.get(name), Some(Type::Object { .. })) {
            return Err(ReadError::Broken(format!("the {} type `{name}` is no object type", root.word())));
        }
    }
    for (name, ty) in &schema.types {
        // An introspection may say anything in the place of a name.
        if !is_name(name) || !ty.parts().into_iter().all(is_name) {
            return Err(ReadError::Broken("a type or a part of one has a name that GraphQL does not allow".into()));
        }
        if ty.parts().is_empty() && !matches!(ty, Type::Scalar { .. }) {
            return Err(ReadError::Broken(format!("`{} {name}` has nothing in it", ty.word())));
        }
        let is_known = |used: &&str| schema.types.contains_key(*used) || BUILT_IN.contains(used);
        if let Some(unknown) = named(ty).into_iter().find(|used| !is_known(used)) {
            return Err(ReadError::Broken(format!("`{name}` names the type `{unknown}`, which is not there")));
        }
    }
    Ok(())
}

/// Letters, digits and `_`, and no digit first.
fn is_name(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    text.bytes().all(is_part) && text.bytes().next().is_some_and(|first| !first.is_ascii_digit())
}

/// Every type that a type names.
fn named(ty: &Type) -> Vec<&str> {
    fn of(input: &Input) -> &str {
        &input.ty.name
    }
    match ty {
        Type::Scalar { .. } | Type::Enum { .. } => Vec::new(),
        Type::Object { fields, .. } | Type::Interface { fields } => {
            let interfaces = if let Type::Object { interfaces, .. } = ty { Some(interfaces) } else { None };
            let fields =
                fields.values().flat_map(|field| field.arguments.values().map(of).chain([field.ty.name.as_str()]));
            fields.chain(interfaces.into_iter().flatten().map(String::as_str)).collect()
        }
        Type::Union { members } => members.iter().map(String::as_str).collect(),
        Type::Input { fields } => fields.values().map(of).collect(),
    }
}
