//! Numbers, compared without a loss: `9007199254740993` is not `9007199254740992`, and `1` is `1.0`.

use serde_json::{Number, Value};
use std::cmp::Ordering;

/// A number as a document writes it: some digits, and how many of them stand behind the point.
#[derive(Clone, Copy)]
struct Decimal {
    digits: i128,
    places: u32,
}

impl Decimal {
    /// `None` for what has more digits than any bound of a document.
    fn of(number: &Number) -> Option<Self> {
        let text = number.to_string();
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((&text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits: i128 = format!("{whole}{fraction}").parse().ok()?;
        let places = i64::try_from(fraction.len()).ok()? - exponent.parse::<i64>().ok()?;
        Self { digits, places: 0 }.moved(places)
    }

    /// With the point this many places further left.
    fn moved(self, places: i64) -> Option<Self> {
        if let Ok(places) = u32::try_from(places) {
            return Some(Self { places, ..self });
        }
        let power = 10_i128.checked_pow(u32::try_from(-places).ok()?)?;
        Some(Self { digits: self.digits.checked_mul(power)?, places: 0 })
    }

    /// The digits of two numbers with the point at the same place.
    fn aligned(self, other: Self) -> Option<(i128, i128)> {
        let places = self.places.max(other.places);
        let at = |one: Self| one.digits.checked_mul(10_i128.checked_pow(places - one.places)?);
        Some((at(self)?, at(other)?))
    }
}

fn aligned(a: &Number, b: &Number) -> Option<(i128, i128)> {
    Decimal::of(a)?.aligned(Decimal::of(b)?)
}

/// How two numbers compare.
pub(super) fn order(a: &Number, b: &Number) -> Ordering {
    aligned(a, b).map_or_else(|| float(a).total_cmp(&float(b)), |(a, b)| a.cmp(&b))
}

/// Whether the second number is a multiple of the first one.
pub(super) fn divides(a: &Number, b: &Number) -> bool {
    aligned(a, b).is_some_and(|(a, b)| b.checked_rem(a) == Some(0))
}

fn float(number: &Number) -> f64 {
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

#[cfg(test)]
mod tests {
    use super::{divides, order};
    use serde_json::Number;
    use std::cmp::Ordering::{Equal, Greater, Less};

    fn number(text: &str) -> Number {
        text.parse().expect("a number")
    }

    #[test]
    fn numbers_are_compared_digit_by_digit() {
        for (one, other, expected) in [
            ("9007199254740993", "9007199254740992", Greater),
            ("9007199254740993", "9007199254740992.0", Greater),
            ("18446744073709551615", "18446744073709551614", Greater),
            ("-9223372036854775808", "-9223372036854775807", Less),
            ("1", "1.0", Equal),
            ("1e3", "1000", Equal),
            ("0.1", "0.10000000000000002", Less),
            ("1e300", "1e299", Greater),
            ("-0.5", "0", Less),
        ] {
            assert_eq!(order(&number(one), &number(other)), expected, "{one} {other}");
        }
    }

    #[test]
    fn multiples_are_exact() {
        for (one, other) in [("0.01", "0.1"), ("0.1", "0.3"), ("2", "4.0"), ("0.7", "4.9")] {
            assert!(divides(&number(one), &number(other)), "{one} {other}");
        }
        for (one, other) in [("0.1", "0.01"), ("3", "10"), ("0.3", "1"), ("0", "1")] {
            assert!(!divides(&number(one), &number(other)), "{one} {other}");
        }
    }
}
