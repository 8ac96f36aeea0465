//! Values that stand in GraphQL text, as JSON.

use apollo_compiler::ast;
use serde_json::{Number, Value};

/// What a value in GraphQL says in JSON.
#[must_use]
pub fn from_ast(value: &ast::Value) -> Value {
    match value {
        ast::Value::Null => Value::Null,
        ast::Value::Enum(name) | ast::Value::Variable(name) => name.as_str().into(),
        ast::Value::String(text) => text.as_str().into(),
        ast::Value::Boolean(value) => (*value).into(),
        ast::Value::Int(number) => number_of(number.as_str()),
        ast::Value::Float(number) => number_of(number.as_str()),
        ast::Value::List(items) => items.iter().map(|item| from_ast(item)).collect(),
        ast::Value::Object(members) => {
            let members = members.iter().map(|(name, value)| (name.to_string(), from_ast(value)));
            members.collect::<serde_json::Map<_, _>>().into()
        }
    }
}

/// `1`, `1.0` and `1e0` are the same number, and servers print a `Float` in either way.
fn number_of(text: &str) -> Value {
    if let Ok(whole) = text.parse::<i64>() {
        return whole.into();
    }
    let Some(number) = text.parse::<f64>().ok().filter(|number| number.is_finite()) else { return text.into() };
    let whole = format!("{number:.0}").parse::<i64>().ok().filter(|_| number.fract() == 0.0);
    whole.map_or_else(|| Number::from_f64(number).into(), Value::from)
}
