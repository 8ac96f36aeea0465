//! The types of JSON, as schemas name them.

use serde_json::Value;

/// Whether a name is a type of `OpenAPI`, or of JSON Schema.
pub(in crate::contract) fn is_type(name: &str) -> bool {
    name == "null" || Types::named(name).is_some()
}

/// What is said of a type that is none.
pub(in crate::contract) fn note_of_type(name: &str) -> String {
    format!("`type: {name}` is not an OpenAPI type; it is read as a string of that format")
}

/// JSON types as a set of bits; null is kept apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Types(pub(super) u8);

impl Types {
    const NAMES: [(&'static str, u8); 6] = [
        ("string", 1),
        // Every integer is a number.
        ("number", 2 | 4),
        ("integer", 4),
        ("boolean", 8),
        ("array", 16),
        ("object", 32),
    ];

    pub(super) fn named(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, bits)| Self(*bits))
    }

    pub(super) fn is_integer(self) -> bool {
        self.0 == 4
    }

    pub(super) fn includes(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether some value fits both.
    pub(super) fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether a list or an object fits.
    pub(super) fn may_be_compound(self) -> bool {
        self.0 & (16 | 32) != 0
    }

    /// As a document would list them.
    pub(super) fn to_json(self) -> Value {
        let mut left = self.0;
        let mut names = Vec::new();
        for (name, bits) in Self::NAMES {
            if left & bits == bits {
                left &= !bits;
                names.push(Value::from(name));
            }
        }
        names.into()
    }
}
