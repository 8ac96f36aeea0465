//! Every mutant of an answer: one field changed in every way that there is for it.

use crate::kind::Kind;
use crate::{texts, values};
use serde_json::{Map, Value, json};

/// One changed answer.
#[derive(Debug)]
pub struct Mutant {
    /// How it was changed.
    pub kind: Kind,
    /// Where, as a JSON pointer.
    pub pointer: String,
    /// What stands there now, for a reader.
    pub now: String,
    /// The whole answer.
    pub body: Value,
}

/// What the contract states of one place, as JSON schema; null where it states nothing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a>(pub(crate) &'a Value);

impl<'a> Place<'a> {
    fn member(self, key: &str) -> Self {
        Self(&self.0["properties"][key])
    }

    fn is_of(self, kind: &str) -> bool {
        let kinds = &self.0["type"];
        kinds == kind || kinds.as_array().is_some_and(|kinds| kinds.iter().any(|one| one == kind))
    }

    /// Whether the contract says what may stand here, and null may not.
    fn forbids_null(self) -> bool {
        self.0.get("type").is_some() && !self.is_of("null")
    }

    pub(crate) fn allows_fractions(self) -> bool {
        self.is_of("number")
    }

    /// The members that the contract lists, null apart.
    pub(crate) fn members(self) -> Vec<&'a Value> {
        self.0["enum"].as_array().into_iter().flatten().filter(|member| !member.is_null()).collect()
    }

    pub(crate) fn pattern(self) -> Option<&'a str> {
        self.0["pattern"].as_str()
    }
}

/// Collects the mutants of one answer.
pub(crate) struct Mutants<'a> {
    original: &'a Value,
    found: Vec<Mutant>,
}

/// Every mutant of an answer under its schema, in the order of its fields.
#[must_use]
pub fn mutants(original: &Value, schema: &Value) -> Vec<Mutant> {
    let mut mutants = Mutants { original, found: Vec::new() };
    mutants.visit(original, Place(schema), "");
    mutants.found
}

impl Mutants<'_> {
    /// Adds the answer with another value at a place.
    pub(crate) fn set(&mut self, kind: Kind, pointer: &str, value: Value) {
        let now = value.to_string();
        self.edit(kind, pointer, now, |place| *place = value);
    }

    fn edit(&mut self, kind: Kind, pointer: &str, now: String, edit: impl FnOnce(&mut Value)) {
        let mut body = self.original.clone();
        if let Some(place) = body.pointer_mut(pointer) {
            edit(place);
        }
        if body != *self.original {
            self.found.push(Mutant { kind, pointer: pointer.to_owned(), now, body });
        }
    }

    fn visit(&mut self, value: &Value, place: Place<'_>, pointer: &str) {
        if !pointer.is_empty() && !value.is_null() {
            let kind = if place.forbids_null() { Kind::NullForbidden } else { Kind::NullAllowed };
            self.set(kind, pointer, Value::Null);
        }
        match value {
            Value::Null => self.fill(place, pointer),
            Value::Bool(is) => {
                self.types(
                    pointer,
                    &[json!(is.to_string()), json!(u8::from(*is)), json!(if *is { "oui" } else { "non" })],
                );
                self.set(Kind::Flipped, pointer, json!(!is));
            }
            Value::Number(number) => values::numbers(self, number, place, pointer),
            Value::String(text) => {
                let number = text.parse::<u32>().map_or(json!(1), |number| json!(number));
                self.types(pointer, &[number, json!(true), json!([text]), json!({ "valeur": text })]);
                texts::texts(self, text, place, pointer);
            }
            Value::Array(items) => self.list(items, place, pointer),
            Value::Object(map) => self.object(map, place, pointer),
        }
    }

    pub(crate) fn types(&mut self, pointer: &str, others: &[Value]) {
        for other in others {
            self.set(Kind::Type, pointer, other.clone());
        }
    }

    /// A value where null was: what another element has there, or of the type that the contract states.
    fn fill(&mut self, place: Place<'_>, pointer: &str) {
        let mut siblings = (0..10).filter_map(|position| self.original.pointer(&at_element(pointer, position)?));
        if let Some(value) = siblings.find(|value| !value.is_null()).cloned() {
            self.set(Kind::Filled, pointer, value);
            return;
        }
        let value = match () {
            () if !place.members().is_empty() => place.members()[0].clone(),
            () if place.0["format"] == "date" => json!("2024-09-01"),
            () if place.is_of("string") && place.pattern().is_none() => json!("RESIDENCE DES LILAS"),
            () if place.is_of("integer") || place.is_of("number") => json!(3),
            () if place.is_of("boolean") => json!(true),
            () => return,
        };
        self.set(Kind::Filled, pointer, value);
    }

    fn list(&mut self, items: &[Value], place: Place<'_>, pointer: &str) {
        if let Some(first) = items.first() {
            self.types(pointer, &[first.clone(), json!("liste"), json!({ "0": first })]);
            self.set(Kind::EmptiedList, pointer, json!([]));
            let mut longer = items.to_vec();
            longer.push(first.clone());
            self.set(Kind::OtherLength, pointer, longer.into());
        }
        if items.len() > 1 {
            self.set(Kind::OtherLength, pointer, items[..items.len() - 1].into());
            self.set(Kind::OtherLength, pointer, items[1..].into());
            self.set(Kind::OtherOrder, pointer, items.iter().rev().cloned().collect());
        }
        for (position, item) in items.iter().enumerate() {
            self.visit(item, Place(&place.0["items"]), &format!("{pointer}/{position}"));
        }
    }

    fn object(&mut self, map: &Map<String, Value>, place: Place<'_>, pointer: &str) {
        let closed = place.0["additionalProperties"] == false;
        let added = if closed { Kind::AddedClosed } else { Kind::AddedOpen };
        self.edit(added, pointer, "+ nouvelleCle".into(), |object| object["nouvelleCle"] = json!("valeur"));
        if !pointer.is_empty() {
            self.types(pointer, &[json!([map]), json!("objet")]);
        }
        if !map.is_empty() {
            self.set(Kind::EmptiedObject, pointer, json!({}));
        }
        for (key, value) in map {
            self.edit(Kind::Dropped, pointer, format!("- {key}"), |object| drop(take(object, key)));
            let renamed = if key.contains('_') { key.replace('_', "") } else { format!("{key}_2") };
            self.edit(Kind::Renamed, pointer, format!("{key} -> {renamed}"), |object| {
                object[&renamed] = take(object, key);
            });
            let inner = format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
            self.visit(value, place.member(key), &inner);
        }
    }
}

/// The same place in another element of the list around it.
fn at_element(pointer: &str, position: usize) -> Option<String> {
    let tokens: Vec<&str> = pointer.split('/').collect();
    let index =
        tokens.iter().rposition(|token| token.bytes().all(|byte| byte.is_ascii_digit()) && !token.is_empty())?;
    let position = position.to_string();
    Some([&tokens[..index], &[position.as_str()], &tokens[index + 1..]].concat().join("/"))
}

fn take(object: &mut Value, key: &str) -> Value {
    object.as_object_mut().and_then(|object| object.remove(key)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::mutants;
    use crate::kind::Kind;
    use serde_json::json;
    use std::collections::BTreeSet;

    #[test]
    fn a_small_answer_has_every_kind_of_mutant() {
        let schema = json!({"properties": {
            "nom": {"type": "string"}, "statut": {"type": ["string", "null"], "enum": ["inscrit", "admis", null]},
            "fin": {"type": ["string", "null"], "format": "date"}, "closed": {"additionalProperties": false},
        }});
        let body = json!({
            "nom": "DUPONT", "statut": "inscrit", "fin": null, "debut": "2024-09-01", "annee": "2024-2025",
            "code": "75056", "quotient": 700, "boursier": true, "enfants": [{"rang": 1}, {"rang": 2}], "closed": {},
        });
        let found = mutants(&body, &schema);
        let kinds: BTreeSet<Kind> = found.iter().map(|mutant| mutant.kind).collect();
        let missing: Vec<Kind> = Kind::ALL.iter().copied().filter(|kind| !kinds.contains(kind)).collect();
        assert_eq!(missing, []);
        assert!(found.iter().all(|mutant| mutant.body != body));
        let again: Vec<_> = mutants(&body, &schema).into_iter().map(|mutant| mutant.body).collect();
        assert_eq!(again, found.into_iter().map(|mutant| mutant.body).collect::<Vec<_>>());
    }
}
