//! What a schema is for a client: the one thing that its type is read off, whichever way a document writes it.

use super::{object, typed};
use crate::schema::{Choice, Schema};
use serde_json::Value;

/// What the type of a schema is read off. Whatever else the schema says only forbids values, and a type that takes more refuses nothing.
pub(super) enum Kind<'a> {
    /// What a reference leads to. A dynamic one may lead elsewhere than it says, so it is none.
    Reference(&'a str),
    /// An object with properties.
    Object,
    /// One of these texts.
    Enum(Vec<&'a str>),
    /// A list; `None` where its elements have no one schema.
    List(Option<Schema<'a>>),
    /// An object without properties.
    Map,
    /// The only part, or the only alternative beside null.
    Only(Schema<'a>),
    /// A scalar of one type, or any JSON.
    Scalar,
}

impl<'a> Kind<'a> {
    pub(super) fn of(schema: Schema<'a>) -> Self {
        let only = only(schema);
        let carried = only.and_then(|only| only.keyword("$ref").as_str());
        if let Some(target) = schema.keyword("$ref").as_str().or(carried) {
            return Self::Reference(target);
        }
        match (own_type(schema), only) {
            (Type::One("object") | Type::Unsaid, _) if schema.node().get("properties").is_some() => Self::Object,
            (Type::One("object"), _) => Self::Map,
            // Elements of a list with a place for each have no one type.
            (Type::One("array"), _) if schema.node().get("prefixItems").is_some() => Self::List(None),
            (Type::One("array"), _) => Self::List(schema.own_items()),
            (Type::One("string"), _) => {
                let values = schema.keyword("enum").as_array().into_iter().flatten();
                let values: Vec<&str> = values.filter_map(Value::as_str).collect();
                if values.is_empty() { Self::Scalar } else { Self::Enum(values) }
            }
            (Type::Unsaid, Some(only)) => Self::Only(only),
            _ => Self::Scalar,
        }
    }
}

/// The type that a schema names, null aside.
enum Type<'a> {
    Unsaid,
    One(&'a str),
    /// Several, or null alone.
    Other,
}

fn own_type(schema: Schema<'_>) -> Type<'_> {
    let mut types = schema.own_types().filter(|name| *name != "null");
    match (types.next(), types.next()) {
        (Some(only), None) => Type::One(only),
        (None, _) if schema.keyword("type").is_null() => Type::Unsaid,
        _ => Type::Other,
    }
}

/// The one part, or the one alternative beside null, that a schema is made of.
pub(super) fn only(schema: Schema<'_>) -> Option<Schema<'_>> {
    let mut parts = schema.all_of();
    let part = parts.next().filter(|_| parts.next().is_none());
    part.or_else(|| Choice::ALL.into_iter().find_map(|choice| schema.lone(choice)))
}

/// Type only. `type: number, format: string` (codes with leading zeros) is text.
pub(super) fn scalar(schema: Schema<'_>) -> Value {
    match own_type(schema) {
        Type::One("integer") if is_wide(schema) => object([]),
        Type::One("integer") => object([("type", "integer".into()), ("format", "int64".into())]),
        Type::One("number") if schema.keyword("format") == "string" => typed("string"),
        Type::One("number") => object([("type", "number".into()), ("format", "double".into())]),
        Type::One(kind) => typed(kind),
        Type::Unsaid | Type::Other => object([]),
    }
}

/// Whether integers may be larger than 64 bits with a sign.
fn is_wide(schema: Schema<'_>) -> bool {
    const LARGEST: f64 = 9_223_372_036_854_775_808.0;
    let bounds = ["maximum", "exclusiveMaximum"].map(|keyword| schema.keyword(keyword).as_f64());
    schema.keyword("format") == "uint64" || bounds.into_iter().flatten().any(|bound| bound > LARGEST)
}
