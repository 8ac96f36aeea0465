//! What is known of an answer beside the accepted one: what the contract states, and what the token may not see.

use super::form::Form;
use serde_json::Value;
use vigie_contract::model::escape;
use vigie_contract::schema::{Branches, Schema};

/// What is known of a whole answer.
#[derive(Debug, Clone, Copy)]
pub struct Terms<'a> {
    /// The JSON schema of the body; null where the contract has none.
    pub schema: &'a Value,
    /// JSON pointers that the token's scopes do not open, with `*` for elements.
    pub masked: &'a [String],
}

impl Terms<'_> {
    /// No contract, and a token with every scope.
    pub const NONE: Terms<'static> = Terms { schema: &Value::Null, masked: &[] };
}

/// What the contract states of one location, by whatever alternative.
#[derive(Debug, Clone, Default)]
pub(super) struct Stated<'a>(Branches<'a>);

impl<'a> Stated<'a> {
    /// Of a whole answer.
    pub(super) fn of(terms: &Terms<'a>) -> Self {
        Self(Branches::of(Schema::whole(terms.schema)))
    }

    /// The location of a member.
    pub(super) fn member(&self, key: &str) -> Self {
        Self(self.0.property(key))
    }

    /// The location of the elements.
    pub(super) fn element(&self) -> Self {
        Self(self.0.items())
    }

    /// Whether the contract says that the keys of an object here are data.
    pub(super) fn is_map(&self) -> bool {
        self.0.is_map()
    }

    /// The location of each value of a map.
    pub(super) fn value(&self) -> Self {
        Self(self.0.additional())
    }

    /// Whether a number may have a fraction, also where the accepted one has none.
    pub(super) fn allows_fractions(&self) -> bool {
        self.0.iter().any(|schema| schema.own_types().any(|name| name == "number"))
    }

    /// Whether the contract lists a text, or its form. A pattern says less: that of a school year allows `2025` and
    /// `2024-2025`, and the one in place of the other breaks who reads it.
    pub(super) fn allows(&self, text: &str, form: Form) -> bool {
        let lists = |schema: Schema<'_>| {
            schema.keyword("enum").as_array().is_some_and(|values| values.iter().any(|value| value == text))
        };
        let formats = |schema: Schema<'_>| match schema.keyword("format").as_str() {
            Some("date") => form == Form::Date,
            Some("date-time") => form == Form::DateTime(true),
            Some("email") => form == Form::Email,
            Some("uri") => form == Form::Url,
            Some("uuid") => form == Form::Uuid,
            _ => false,
        };
        self.0.iter().any(|schema| formats(schema) || lists(schema))
    }
}

/// Whether a pointer is at or below one that the token's scopes do not open.
#[must_use]
pub fn is_masked(pointer: &str, masked: &[String]) -> bool {
    let tokens: Vec<&str> = pointer.split('/').collect();
    masked.iter().any(|pattern| {
        let pattern: Vec<&str> = pattern.split('/').collect();
        tokens.len() >= pattern.len()
            && pattern.iter().zip(&tokens).all(|(wanted, token)| *wanted == "*" || wanted == token)
    })
}

/// A pointer one level down.
pub(super) fn below(pointer: &str, key: &str) -> String {
    format!("{pointer}/{}", escape(key))
}

#[cfg(test)]
mod tests {
    use super::is_masked;

    #[test]
    fn a_masked_pointer_covers_what_is_below_it_in_every_element() {
        let masked = ["/data/admissions/*/regime".to_owned()];
        assert!(is_masked("/data/admissions/3/regime/code", &masked));
        assert!(is_masked("/data/admissions/*/regime", &masked));
        assert!(!is_masked("/data/admissions/3/est_inscrit", &masked));
    }
}
