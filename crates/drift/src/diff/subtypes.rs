//! Discriminators: which property tells subtypes apart, its values, and the schema that each of them means.

use super::document::address;
use super::facets::Facets;
use super::keys;
use super::rest::stated;
use super::schema::Comparer;
use crate::deviation::Kind;
use serde_json::Value;

impl<'a> Comparer<'_, 'a> {
    pub(super) fn compare_subtypes(&mut self, old: &Facets<'a>, new: &Facets<'a>) {
        let (was, is) = match (old.discriminator, new.discriminator) {
            (None, None) => return,
            (Some(was), Some(is)) => (was, is),
            // Without it, values are told apart by what they have: the same ones are sent.
            (was, is) => return self.push(Kind::DiscriminatorDeclared, was.and_then(property), is.and_then(property)),
        };
        if property(was) != property(is) {
            self.push(Kind::DiscriminatorChanged, property(was), property(is));
        }
        if was.is_object() && is.is_object() {
            let location = self.location();
            for unread in self.differ.rest(&keys::DISCRIMINATOR, &location, was, is) {
                self.push_blind(unread.not_compared.unwrap_or_default(), unread.expected, unread.observed);
            }
        }
        // The form that is meant where the property is missing.
        let (one, other) = (was.get("defaultMapping"), is.get("defaultMapping"));
        if one != other {
            let told = |name| stated("defaultMapping", name);
            self.push(Kind::DiscriminatorChanged, told(one), told(other));
        }
        let direction = self.direction;
        let before = self.differ.old.subtypes(was, &old.variants);
        let after = self.differ.new.subtypes(is, &new.variants);
        for (value, schema) in &before {
            let Some(other) = after.get(value) else {
                self.push(direction.variant_removed, *value, Value::Null);
                self.subtypes.extend(schema.map(|schema| address(self.differ.old.resolve(schema))));
                continue;
            };
            match (schema, other) {
                (Some(schema), Some(other)) => self.compare(&[*schema], &[*other]),
                (schema, other) => {
                    let target = |discriminator: &Value| discriminator["mapping"][*value].clone();
                    let (was, is) = (target(was), target(is));
                    if schema.is_some() || other.is_some() || was != is {
                        self.push_blind("a schema that the discriminator names is not in the document", was, is);
                    }
                }
            }
        }
        for (value, schema) in after.iter().filter(|(value, _)| !before.contains_key(*value)) {
            self.push(direction.variant_added, Value::Null, *value);
            self.subtypes.extend(schema.map(|schema| address(self.differ.new.resolve(schema))));
        }
    }
}

/// The property that a discriminator names. Swagger 2.0 has nothing but this name.
fn property(discriminator: &Value) -> Option<&str> {
    discriminator.as_str().or_else(|| discriminator["propertyName"].as_str())
}
