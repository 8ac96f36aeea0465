//! A value in words that tell its type and form, and not what it is: values are people's.

use super::Form;
use serde_json::Value;

/// `a string that looks like: date`, `an integer`, `a list of 2 elements`.
#[must_use]
pub fn describe(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(_) => "a boolean".to_owned(),
        Value::Number(number) if number.is_f64() => "a fraction".to_owned(),
        Value::Number(_) => "an integer".to_owned(),
        Value::String(text) => Form::of(text)
            .map_or_else(|| "an empty string".to_owned(), |form| format!("a string that looks like: {form}")),
        Value::Array(items) => format!("a list of {} element{}", items.len(), if items.len() == 1 { "" } else { "s" }),
        Value::Object(_) => "an object".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::describe;
    use serde_json::json;

    #[test]
    fn values_in_words() {
        for (value, words) in [
            (json!(null), "null"),
            (json!(true), "a boolean"),
            (json!(7), "an integer"),
            (json!("2021-06-31"), "a string that looks like: date"),
            (json!(" "), "an empty string"),
            (json!([1]), "a list of 1 element"),
        ] {
            assert_eq!(describe(&value), words);
        }
    }
}
