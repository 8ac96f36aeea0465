//! How fields of an answer are read that serde would read with a loss, or would refuse.

use serde::de::{Deserialize, Deserializer, Error, Unexpected, Visitor};
use serde_json::Value;
use std::fmt;

/// Any JSON that is there: a null is not the same as nothing.
#[allow(dead_code, reason = "not every contract has such a field")]
pub(crate) fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// Integers as JSON Schema has them: `687.0` is one.
#[allow(dead_code, reason = "not every contract has such a field")]
pub(crate) fn integers<'de, D: Deserializer<'de>, T: Integers<'de>>(deserializer: D) -> Result<T, D::Error> {
    T::read(deserializer)
}

/// An integer, or what is made of integers.
pub(crate) trait Integers<'de>: Sized {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
}

/// The same for what is made of it.
struct Whole<T>(T);

impl<'de, T: Integers<'de>> Deserialize<'de> for Whole<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::read(deserializer).map(Self)
    }
}

impl<'de, T: Integers<'de>> Integers<'de> for Option<T> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let inner = Option::<Whole<T>>::deserialize(deserializer)?;
        Ok(inner.map(|whole| whole.0))
    }
}

impl<'de, T: Integers<'de>> Integers<'de> for Vec<T> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let items = Vec::<Whole<T>>::deserialize(deserializer)?;
        Ok(items.into_iter().map(|whole| whole.0).collect())
    }
}

impl<'de> Integers<'de> for i64 {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_i64(Integer)
    }
}

struct Integer;

impl Visitor<'_> for Integer {
    type Value = i64;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("i64")
    }

    fn visit_i64<E>(self, number: i64) -> Result<i64, E> {
        Ok(number)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<i64, E> {
        i64::try_from(number).map_err(|_| E::invalid_value(Unexpected::Unsigned(number), &self))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<i64, E> {
        /// Up to here every integer is a float of its own.
        const EXACT: f64 = 9_007_199_254_740_992.0;
        if number.fract() == 0.0 && number.abs() <= EXACT {
            #[allow(clippy::cast_possible_truncation, reason = "it has no fraction and is small enough")]
            return Ok(number as i64);
        }
        Err(E::invalid_type(Unexpected::Float(number), &self))
    }
}

#[cfg(test)]
mod tests {
    use super::{Whole, present};
    use serde::Deserialize;
    use serde_json::{Value, json};

    #[test]
    fn an_integer_may_be_written_with_a_point() {
        let read = |text: &str| serde_json::from_str::<Whole<Option<Vec<Option<i64>>>>>(text).map(|whole| whole.0).ok();
        assert_eq!(
            read("[1, 687.0, null, -2.0, 1e3]"),
            Some(Some(vec![Some(1), Some(687), None, Some(-2), Some(1000)]))
        );
        assert_eq!(read("null"), Some(None));
        for refused in ["[1.5]", "[\"1\"]", "[1e300]", "[9223372036854775808]", "[true]"] {
            assert_eq!(read(refused), None, "{refused}");
        }
        assert_eq!(read("[9223372036854775807]"), Some(Some(vec![Some(i64::MAX)])));
    }

    #[test]
    fn a_null_is_not_the_same_as_nothing() {
        #[derive(Deserialize)]
        struct Any {
            #[serde(default, deserialize_with = "present")]
            any: Option<Value>,
        }
        let read = |json: Value| Any::deserialize(json).expect("it reads").any;
        assert_eq!(read(json!({"any": null})), Some(Value::Null));
        assert_eq!(read(json!({"any": {}})), Some(json!({})));
        assert_eq!(read(json!({})), None);
    }
}
