//! Default values as JSON, so that both forms of a schema state the same one.

use super::expand::from_ast;
use apollo_compiler::ast::{Definition, Selection};
use apollo_compiler::parser::Parser;
use serde_json::Value;

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
