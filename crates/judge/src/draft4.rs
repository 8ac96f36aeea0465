//! Values against a schema of `OpenAPI` 2 or 3.0 as it is written, formats not asserted: what a sandbox takes as a parameter.
//!
//! It wraps `jsonschema` because that crate is generic: each crate that builds a validator of it compiles all of it once more.

use jsonschema::Draft;
use serde_json::Value;

/// A compiled schema of JSON Schema draft 4, which is what `OpenAPI` 2 and 3.0 use.
#[derive(Debug)]
pub struct Draft4(jsonschema::Validator);

impl Draft4 {
    /// Compiles a schema; an error says what is wrong with it.
    pub fn new(schema: &Value) -> Result<Self, String> {
        jsonschema::options().with_draft(Draft::Draft4).build(schema).map(Self).map_err(|error| error.to_string())
    }

    /// Whether the schema accepts a value.
    #[must_use]
    pub fn accepts(&self, value: &Value) -> bool {
        self.0.is_valid(value)
    }
}
