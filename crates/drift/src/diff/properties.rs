//! The properties of two objects: those that came, went or have another name, and those that both have.

use super::document::Document;
use super::facets::Facets;
use super::memo::Level;
use super::schema::Comparer;
use super::{rename, requiredness};
use crate::deviation::Kind;
use serde_json::Value;
use std::collections::BTreeSet;

impl<'a> Comparer<'_, 'a> {
    pub(super) fn compare_properties(&mut self, old: &Facets<'a>, new: &Facets<'a>) {
        let direction = self.direction;
        // What only travels the other way is no part of this one.
        let other_way = if direction.is_request { "readOnly" } else { "writeOnly" };
        let seen = |facets: &Facets<'a>, document: &Document<'a>| -> BTreeSet<&'a str> {
            let travels = |schemas: &[&'a Value]| !document.any_states(schemas, other_way);
            facets.properties.iter().filter(|(_, schemas)| travels(schemas)).map(|(name, _)| *name).collect()
        };
        let (old_names, mut new_names) = (seen(old, &self.differ.old), seen(new, &self.differ.new));
        // What must not be there is gone.
        let is_denied =
            |facets: &Facets<'a>, name: &str| facets.properties[name].iter().any(|schema| **schema == false);
        new_names.retain(|name| !is_denied(new, name) || !old_names.contains(name) || is_denied(old, name));
        let gone: Vec<&str> = old_names.difference(&new_names).copied().collect();
        let come: Vec<&str> = new_names.difference(&old_names).copied().collect();
        if self.is_trial() && (!gone.is_empty() || !come.is_empty()) {
            return self.decide();
        }
        let twins = rename::pairs(&gone, &come, |one, other| {
            // What was renamed may have changed a little as well, such as to be null.
            let outcome = self.attempt(&old.properties[gone[one]], &new.properties[come[other]]);
            outcome.level < Level::Deep && !outcome.blind
        });
        for (position, name) in gone.iter().enumerate() {
            let twin = twins.iter().find(|(one, _)| *one == position).map(|(_, other)| come[*other].to_owned());
            let stated = requiredness(old.required.contains(name));
            self.inside(name, |inner| inner.push_half(direction.property_removed, stated, Value::Null, twin));
        }
        for (position, name) in come.iter().enumerate() {
            let twin = twins.iter().find(|(_, other)| *other == position).map(|(one, _)| gone[*one].to_owned());
            let required = new.required.contains(name);
            let kind = if required { direction.property_added_required } else { direction.property_added_optional };
            self.inside(name, |inner| inner.push_half(kind, Value::Null, requiredness(required), twin));
        }
        // Required, and not described on either side: it may be anything, but must be there.
        for name in old.required.symmetric_difference(&new.required) {
            let is_described = |names: &BTreeSet<&str>, facets: &Facets<'_>| {
                names.contains(name) || facets.properties.contains_key(name)
            };
            if !is_described(&old_names, old) && !is_described(&new_names, new) {
                let is = new.required.contains(name);
                let kind = if is { direction.became_required } else { direction.became_optional };
                self.inside(name, |inner| inner.push(kind, requiredness(!is), requiredness(is)));
            }
        }
        for name in old_names.intersection(&new_names) {
            if self.is_decided() {
                return;
            }
            let (was, is) = (old.required.contains(name), new.required.contains(name));
            self.inside(name, |inner| {
                if was != is {
                    let kind = if is { direction.became_required } else { direction.became_optional };
                    inner.push(kind, requiredness(was), requiredness(is));
                }
                let was = inner.differ.old.any_states(&old.properties[name], "deprecated");
                let is = inner.differ.new.any_states(&new.properties[name], "deprecated");
                if was != is {
                    inner.push(Kind::PropertyDeprecatedChanged, was, is);
                }
                inner.compare_property(name, &old.properties[name], &new.properties[name]);
            });
        }
    }
}
