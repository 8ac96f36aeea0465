//! Discriminators: which property tells subtypes apart, its values, and the schema that each of them means.

use super::document::Document;
use super::facets::Facets;
use super::schema::Comparer;
use super::variants::stated_name;
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
        let direction = self.direction;
        let before = self.differ.old.subtypes(was, &old.variants);
        let after = self.differ.new.subtypes(is, &new.variants);
        for (value, schema) in &before {
            let Some(other) = after.get(value) else {
                if !is_lone_alternative((&self.differ.old, old), *schema, new) {
                    self.push(direction.variant_removed, *value, Value::Null);
                }
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
            if !is_lone_alternative((&self.differ.new, new), *schema, old) {
                self.push(direction.variant_added, Value::Null, *value);
            }
        }
    }
}

/// The property that a discriminator names. Swagger 2.0 has nothing but this name.
fn property(discriminator: &Value) -> Option<&str> {
    discriminator.as_str().or_else(|| discriminator["propertyName"].as_str())
}

/// Whether a schema is an alternative that the other side does not have: it is reported as one.
fn is_lone_alternative<'a>(
    (document, facets): (&Document<'a>, &Facets<'a>),
    schema: Option<&'a Value>,
    other: &Facets<'a>,
) -> bool {
    let is_it = |variant: &&&'a Value| {
        schema.is_some_and(|schema| std::ptr::eq(document.resolve(variant), document.resolve(schema)))
    };
    let own = facets.variants.iter().find(is_it);
    own.is_some_and(|own| !other.variants.iter().any(|variant| stated_name(&[*variant]) == stated_name(&[*own])))
}
