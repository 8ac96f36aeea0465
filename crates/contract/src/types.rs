//! The names of JSON types, as schemas have them.

/// The types of `OpenAPI`; JSON Schema has `null` beside them.
pub const TYPES: [&str; 6] = ["string", "number", "integer", "boolean", "array", "object"];

/// Whether a name is a type of `OpenAPI`, or of JSON Schema.
#[must_use]
pub fn is_type(name: &str) -> bool {
    name == "null" || TYPES.contains(&name)
}

/// What is said of a type that is none.
#[must_use]
pub fn note_of_type(name: &str) -> String {
    format!("`type: {name}` is not an OpenAPI type; it is read as a string of that format")
}
