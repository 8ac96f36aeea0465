//! Default values as JSON, so that both forms of a schema state the same one.

use apollo_compiler::ast::{self, Definition, Selection};
use apollo_compiler::parser::Parser;
use serde_json::{Number, Value};

/// What introspection gives: the value as GraphQL text. Some servers print what is not GraphQL; it is kept as it is.
pub(super) fn from_text(text: &str) -> Value {
    parse(text).unwrap_or_else(|| text.into())
}

/// The parser has no door for a lone value, so it is read as the argument of a query.
fn parse(text: &str) -> Option<Value> {
    let query = format!("{{f(a:{text}\n)}}");
    let document = Parser::new().recursion_limit(super::DEEPEST).parse_ast(query, "default").ok()?;
    let [Definition::OperationDefinition(operation)] = document.definitions.as_slice() else { return None };
    let [Selection::Field(field)] = operation.selection_set.as_slice() else { return None };
    let [argument] = field.arguments.as_slice() else { return None };
    Some(from_ast(&argument.value))
}

/// What SDL gives.
pub(super) fn from_ast(value: &ast::Value) -> Value {
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

#[cfg(test)]
mod tests {
    use super::from_text;
    use serde_json::json;

    #[test]
    fn every_kind_of_value_is_read() {
        let text = r#"{a: [1, 2.5, -3], b: "t", c: RED, d: true, e: null}"#;
        assert_eq!(from_text(text), json!({"a": [1, 2.5, -3], "b": "t", "c": "RED", "d": true, "e": null}));
    }

    #[test]
    fn one_number_in_two_spellings_is_the_same() {
        assert_eq!(from_text("1.0"), from_text("1"));
        assert_ne!(from_text("1.5"), from_text("1"));
    }

    #[test]
    fn what_is_no_value_is_kept_as_text() {
        for text in ["<unprintable>", "1) { x } f(a: 1", "", "1, b: 2"] {
            assert_eq!(from_text(text), json!(text));
        }
    }
}
