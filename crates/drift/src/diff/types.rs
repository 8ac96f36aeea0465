//! The types of JSON, as schemas name them.

use serde_json::{Value, json};
use std::sync::LazyLock;

/// JSON types as a set of bits; null is kept apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Types(pub(super) u8);

impl Types {
    pub(super) const STRING: Self = Self(1);
    pub(super) const BOOLEAN: Self = Self(8);
    pub(super) const ARRAY: Self = Self(16);
    pub(super) const OBJECT: Self = Self(32);
    pub(super) const COMPOUND: Self = Self(16 | 32);

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
        self.meets(Self::COMPOUND)
    }

    /// As a document would list them.
    pub(super) fn to_json(self) -> Value {
        self.each().into_iter().map(|one| one.schema()["type"].clone()).collect()
    }

    /// Each of them alone, as a document would list them.
    pub(super) fn each(self) -> Vec<Self> {
        let mut left = self.0;
        let mut types = Vec::new();
        for (_, bits) in Self::NAMES {
            if left & bits == bits {
                left &= !bits;
                types.push(Self(bits));
            }
        }
        types
    }

    /// The schema of one type, which says nothing else.
    pub(super) fn schema(self) -> &'static Value {
        let position = Self::NAMES.iter().position(|(_, bits)| *bits == self.0).unwrap_or_default();
        &SCHEMAS[position]
    }

    /// Whether a schema is one of those that [`Types::schema`] gives: what stands beside it is about values of its type alone.
    pub(super) fn confines(schema: &Value) -> bool {
        SCHEMAS.iter().any(|one| std::ptr::eq(one, schema))
    }
}

static SCHEMAS: LazyLock<[Value; 6]> = LazyLock::new(|| Types::NAMES.map(|(name, _)| json!({ "type": name })));

#[cfg(test)]
mod tests {
    use crate::diff::diff;
    use serde_json::json;
    use vigie_contract::canonical::{canonical, tolerated};

    /// What a comparison takes it for is what is vendored, and it is said in the same words.
    #[test]
    fn a_type_that_is_none_is_what_a_comparison_takes_it_for() {
        let document = |schema: serde_json::Value| {
            let content =
                json!({"application/json": {"schema": {"type": "object", "properties": {"naissance": schema}}}});
            json!({"openapi": "3.0.0", "info": {"title": "T", "version": "1.0.0"},
                "paths": {"/a": {"get": {"responses": {"200": {"description": "d", "content": content}}}}}})
        };
        let odd = document(json!({"type": "date", "example": {"type": "thing"}}));
        let form = canonical(&odd);
        let schema = &form["paths"]["/a"]["get"]["responses"]["200"]["content"]["application/json"]["schema"];
        assert_eq!(schema["properties"]["naissance"], json!({"type": "string", "format": "date"}));
        let difference = diff(&form, &odd);
        assert_eq!(difference.deviations, []);
        let said: Vec<String> = tolerated(&odd).into_iter().map(|note| format!("new: {note}")).collect();
        assert_eq!((said.len(), &said), (1, &difference.notes));
        assert_eq!(tolerated(&form), std::collections::BTreeSet::new());
    }
}
