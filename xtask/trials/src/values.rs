//! Other numbers.

use crate::generate::{Mutants, Place};
use crate::kind::Kind;
use serde_json::{Number, Value, json};

/// A month or a count stays one; an enumerated number becomes another member.
pub(crate) fn numbers(mutants: &mut Mutants<'_>, number: &Number, place: Place<'_>, pointer: &str) {
    let members = place.members();
    mutants.types(pointer, &[json!(number.to_string()), json!(true), json!([number]), json!({ "valeur": number })]);
    for member in &members {
        mutants.set(Kind::OtherMember, pointer, (*member).clone());
    }
    if !members.is_empty() {
        mutants.set(Kind::EnumUnknown, pointer, json!(4242));
        return;
    }
    if let Some(whole) = number.as_i64() {
        let other = if whole == 12 { 11 } else { whole + 1 };
        mutants.set(Kind::OtherNumber, pointer, json!(other));
        let kind = if place.allows_fractions() { Kind::OtherNumber } else { Kind::Type };
        mutants.set(kind, pointer, Number::from_f64(other_fraction(number)).map_or(Value::Null, Value::Number));
    } else {
        mutants.set(Kind::OtherNumber, pointer, json!(other_fraction(number)));
        mutants.set(Kind::OtherNumber, pointer, json!(790));
    }
}

fn other_fraction(number: &Number) -> f64 {
    number.as_f64().unwrap_or_default() + 0.25
}
