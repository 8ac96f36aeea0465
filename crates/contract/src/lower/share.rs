//! Equal answers of GraphQL operations as one type.
//!
//! Two queries that select the same of a type of the schema are answered alike. What they get is one type, called as in the schema; where
//! several selections of a type are shared, the one that is used most has its name, and the others keep that of their first place.

use super::{Lowering, name::pascal, reference};
use crate::schema::{Schema, each_reference};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What was lowered so far of answers that say of which type they are.
#[derive(Default)]
pub(super) struct Shared {
    /// By type of the schema, and by what was selected of it.
    known: HashMap<(String, String), usize>,
    found: Vec<Found>,
}

struct Found {
    /// The type of the schema.
    title: String,
    /// The name of the component, after its first place.
    name: String,
    places: usize,
}

impl Lowering<'_> {
    /// Puts the component of an answer under its name, or finds the one that is equal.
    pub(super) fn answered(&mut self, schema: Schema<'_>, name: &str, lowered: Value) -> Result<Value, String> {
        let Some(title) = schema.keyword("title").as_str().filter(|_| !self.masked) else {
            return self.component(name, lowered);
        };
        let key = (title.to_owned(), lowered.to_string());
        if let Some(at) = self.shared.known.get(&key) {
            let found = &mut self.shared.found[*at];
            found.places += 1;
            return Ok(reference(&found.name));
        }
        self.shared.known.insert(key, self.shared.found.len());
        self.shared.found.push(Found { title: title.to_owned(), name: name.to_owned(), places: 1 });
        self.component(name, lowered)
    }

    /// Calls shared components after their types, here and in the paths.
    pub(super) fn name_shared(&mut self, paths: &mut Map<String, Value>) {
        let mut chosen: BTreeMap<&str, &Found> = BTreeMap::new();
        for found in self.shared.found.iter().filter(|found| found.places > 1) {
            let best = chosen.entry(&found.title).or_insert(found);
            if found.places > best.places {
                *best = found;
            }
        }
        let mut taken: BTreeSet<String> = self.components.keys().cloned().collect();
        let wanted = chosen.into_iter().map(|(title, found)| (found.name.clone(), pascal(title)));
        let names: HashMap<String, String> = wanted.filter(|(_, name)| taken.insert(name.clone())).collect();
        let renamed = |name: &String| names.get(name).unwrap_or(name).clone();
        let components = std::mem::take(&mut self.components);
        self.components = components.into_iter().map(|(name, schema)| (renamed(&name), schema)).collect();
        self.enums = self.enums.iter().map(renamed).collect();
        for node in self.components.values_mut().chain(paths.values_mut()) {
            each_reference(node, |reference| {
                if let Some(name) = reference.rsplit('/').next().and_then(|name| names.get(name)) {
                    *reference = format!("#/components/schemas/{name}");
                }
            });
        }
    }
}
