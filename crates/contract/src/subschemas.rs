//! The keywords of a schema that hold schemas: those of JSON Schema 2020-12, and those before it that documents still use.

/// How a keyword holds schemas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// One; `items` may have a list in older documents.
    One,
    /// A list.
    Listed,
    /// A map by names.
    Named,
}

/// What the schemas of a keyword speak of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// The value that the schema itself speaks of.
    Same,
    /// A part of it: a property, its name, an item, what a text holds.
    Part,
    /// Nothing, unless a reference leads there.
    Nothing,
}

/// What a keyword holds; `None` for one that holds no schemas.
#[must_use]
pub fn subschemas(keyword: &str) -> Option<(Holds, Of)> {
    Some(match keyword {
        "not" | "if" | "then" | "else" => (Holds::One, Of::Same),
        "allOf" | "anyOf" | "oneOf" => (Holds::Listed, Of::Same),
        "dependentSchemas" => (Holds::Named, Of::Same),
        "items"
        | "additionalItems"
        | "unevaluatedItems"
        | "contains"
        | "additionalProperties"
        | "unevaluatedProperties"
        | "propertyNames"
        | "contentSchema" => (Holds::One, Of::Part),
        "prefixItems" => (Holds::Listed, Of::Part),
        "properties" | "patternProperties" => (Holds::Named, Of::Part),
        "$defs" | "definitions" => (Holds::Named, Of::Nothing),
        _ => return None,
    })
}
