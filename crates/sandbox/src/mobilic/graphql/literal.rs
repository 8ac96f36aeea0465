//! Values of scalars: what each takes, and how a value that it does not take is told.

use super::super::state::time::parse_day;
use apollo_compiler::Schema;
use apollo_compiler::ast::Value as Literal;
use serde_json::Value;

/// That a value is none of the scalar's.
pub(super) enum Misfit {
    /// `Expected type "T", found ..`
    Expected,
    /// The one message of this kind of value.
    Said(String),
}

/// A value as the scalar reads it.
pub(super) fn read(schema: &Schema, scalar: &str, value: &Value) -> Result<Value, Misfit> {
    let expected = || Err(Misfit::Expected);
    match (scalar, value) {
        // SQL would refuse a boolean, and does so later in words of its own.
        ("Int", Value::Number(_) | Value::String(_) | Value::Bool(_)) => int(value),
        ("Float", Value::Number(_))
        | ("Boolean", Value::Bool(_))
        | ("String" | "ID" | "JSONString" | "DateTime", Value::String(_))
        | ("GenericScalar", _) => Ok(value.clone()),
        ("Boolean", Value::Number(number)) => Ok(Value::Bool(number.as_f64() != Some(0.0))),
        ("String" | "ID", Value::Number(_)) => Ok(Value::String(value.to_string())),
        ("String", Value::Bool(flag)) => Ok(Value::String(if *flag { "true" } else { "false" }.to_owned())),
        ("TimeStamp", Value::Number(number)) => match number.as_i64() {
            // Milliseconds are no seconds.
            Some(seconds) if seconds < 100_000_000_000 => Ok(seconds.into()),
            _ => expected(),
        },
        ("TimeStamp", Value::String(text)) => text.parse::<i64>().map(Value::from).or(Err(Misfit::Expected)),
        ("Date", Value::String(text)) if parse_day(text).is_some() => Ok(value.clone()),
        ("ShortMonth", Value::String(text)) if parse_day(&format!("{text}-01")).is_some() => Ok(value.clone()),
        ("Email", Value::String(text)) if is_address(text) => Ok(value.clone()),
        ("Email", Value::String(_)) => Err(Misfit::Said("Invalid Email".to_owned())),
        (name, Value::String(text)) if values(schema, name).is_some_and(|values| values.contains(text)) => {
            Ok(value.clone())
        }
        _ => expected(),
    }
}

fn int(value: &Value) -> Result<Value, Misfit> {
    let number = match value {
        Value::Bool(_) => return Ok(value.clone()),
        Value::String(text) => {
            text.parse::<f64>().map_err(|_| Misfit::Said(format!("could not convert string to float: '{text}'")))?
        }
        other => other.as_f64().unwrap_or(f64::MAX),
    };
    if number.abs() > f64::from(i32::MAX) {
        return Err(Misfit::Expected);
    }
    #[allow(clippy::cast_possible_truncation, reason = "it was just compared with what fits")]
    let whole = number.trunc() as i64;
    Ok(whole.into())
}

/// The values of a scalar that is an enumeration in fact: its description lists them.
fn values(schema: &Schema, scalar: &str) -> Option<Vec<String>> {
    let description = schema.get_scalar(scalar)?.description.as_ref()?;
    let line = |line: &str| Some(line.trim().strip_prefix("- \"")?.split('"').next()?.to_owned());
    let values: Vec<String> = description.lines().filter_map(line).collect();
    (!values.is_empty()).then_some(values)
}

fn is_address(text: &str) -> bool {
    let Some((name, host)) = text.split_once('@') else { return false };
    !name.is_empty()
        && host.contains('.')
        && !host.starts_with('.')
        && !host.ends_with('.')
        && !text.contains([' ', ','])
}

/// A literal as JSON, as far as it holds no variable.
pub(super) fn plain(literal: &Literal) -> Option<Value> {
    Some(match literal {
        Literal::Null => Value::Null,
        Literal::Boolean(flag) => Value::Bool(*flag),
        Literal::String(text) => Value::String(text.clone()),
        Literal::Int(number) => serde_json::from_str(number.as_str()).ok()?,
        Literal::Float(number) => serde_json::from_str(number.as_str()).ok()?,
        Literal::List(items) => Value::Array(items.iter().map(|item| plain(item)).collect::<Option<_>>()?),
        Literal::Object(fields) => Value::Object(
            fields.iter().map(|(name, value)| Some((name.to_string(), plain(value)?))).collect::<Option<_>>()?,
        ),
        Literal::Variable(_) | Literal::Enum(_) => return None,
    })
}
