//! Numbers, compared without a loss: `9007199254740993` is not `9007199254740992`, and `1` is `1.0`.

use serde_json::{Number, Value};
use std::cmp::Ordering;

/// How two numbers compare.
pub(super) fn order(a: &Number, b: &Number) -> Ordering {
    match (a.as_i128(), b.as_i128()) {
        (Some(a), Some(b)) => a.cmp(&b),
        _ => float(a).total_cmp(&float(b)),
    }
}

pub(super) fn float(number: &Number) -> f64 {
    number.as_f64().unwrap_or_default()
}

/// A value as a text that two values share if they are one.
pub(super) fn identity(value: &Value) -> String {
    match value {
        Value::Number(number) => plain(number).to_string(),
        value => value.to_string(),
    }
}

/// A number as a document writes it: `5`, not `5.0`.
#[allow(clippy::cast_possible_truncation, reason = "whole numbers below 2^53 only")]
pub(super) fn plain(number: &Number) -> Number {
    let value = float(number);
    if number.is_f64() && value.fract() == 0.0 && value.abs() < 9e15 { (value as i64).into() } else { number.clone() }
}
