//! JSON in which an object has a key twice: readers take the first, the last or neither, so no contract allows it.

use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::collections::BTreeSet;
use std::fmt;

/// Whether an object of a JSON text has a key twice.
pub(super) fn has_key_twice(json: &[u8]) -> bool {
    serde_json::from_slice::<Once>(json).is_err_and(|error| error.is_data())
}

/// JSON whose keys stand once.
struct Once;

impl<'de> Deserialize<'de> for Once {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Self)
    }
}

impl<'de> Visitor<'de> for Once {
    type Value = Self;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self, A::Error> {
        while list.next_element::<Self>()?.is_some() {}
        Ok(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self, A::Error> {
        let mut known = BTreeSet::new();
        while let Some(key) = map.next_key::<String>()? {
            if !known.insert(key) {
                return Err(A::Error::custom("a key stands twice"));
            }
            map.next_value::<Self>()?;
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::has_key_twice;

    #[test]
    fn only_a_key_that_stands_twice_in_one_object_is_told() {
        for twice in [r#"{"a": 1, "a": 1}"#, r#"[{"b": {"a": null, "c": [], "a": "x"}}]"#] {
            assert!(has_key_twice(twice.as_bytes()), "{twice}");
        }
        for once in ["7", "-1.5", "null", "[true]", r#"{"a": {"a": 1}, "b": {"a": 1}}"#, "{", r#"{"a" 1}"#] {
            assert!(!has_key_twice(once.as_bytes()), "{once}");
        }
    }
}
