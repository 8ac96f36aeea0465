//! A request body in the contract's own spelling: names and values that are written otherwise, where the contract says
//! that they are accepted all the same (`x-keys-without-case`, `x-tolerated`, `x-tolerated-values`).

use serde_json::{Map, Value};
use std::collections::BTreeSet;
use vigie_contract::model::escape;
use vigie_contract::schema::{Branches, Schema};
use vigie_drift::deviation::{Deviation, Kind};
use vigie_drift::location::Location;

/// Respells a body, and tells what of it the contract does not know or only tolerates.
pub(super) struct Speller {
    /// Whether names are matched without case: then another case is no other spelling.
    pub(super) without_case: bool,
    /// Everything that is not in the contract's words.
    pub(super) told: Vec<Deviation>,
}

impl Speller {
    /// A body in the spelling of its translated schema.
    pub(super) fn body(&mut self, schema: &Value, body: &Value, pointer: &str) -> Value {
        self.respell(&Branches::of(Schema::whole(schema)), body, pointer)
    }

    /// `schemas` are all that may stand at `pointer`.
    fn respell(&mut self, schemas: &Branches<'_>, body: &Value, pointer: &str) -> Value {
        match body {
            Value::Object(map) => self.object(schemas, map, pointer),
            Value::Array(items) => {
                let inner = schemas.items();
                let items = items.iter().enumerate();
                items.map(|(position, item)| self.respell(&inner, item, &format!("{pointer}/{position}"))).collect()
            }
            Value::String(text) => {
                let canonical = schemas.iter().find_map(|schema| spelled(schema.keyword("x-tolerated-values"), text));
                canonical.map_or_else(
                    || body.clone(),
                    |canonical| {
                        self.tell(pointer, format!("`{canonical}`"), "another spelling");
                        canonical.into()
                    },
                )
            }
            _ => body.clone(),
        }
    }

    fn object(&mut self, schemas: &Branches<'_>, map: &Map<String, Value>, pointer: &str) -> Value {
        let (known, other) = (schemas.names(), schemas.additional());
        let mut respelled = Map::new();
        for (key, value) in map {
            let name = self.name(schemas, &known, key).filter(|name| name == key || !map.contains_key(name));
            let inner = format!("{pointer}/{}", escape(key));
            let name = name.unwrap_or_else(|| key.clone());
            let value = match known.contains(name.as_str()) {
                true => {
                    if name != *key && !(self.without_case && name.eq_ignore_ascii_case(key)) {
                        self.tell(&inner, format!("`{name}`"), "another spelling");
                    }
                    self.respell(&schemas.property(&name), value, &inner)
                }
                false if !other.is_empty() => self.respell(&other, value, &inner),
                false => {
                    if !known.is_empty() {
                        self.tell(&inner, "a member that the contract lists", "another one");
                    }
                    value.clone()
                }
            };
            respelled.insert(name, value);
        }
        respelled.into()
    }

    /// The contract's name for a key.
    fn name(&self, schemas: &Branches<'_>, known: &BTreeSet<&str>, key: &str) -> Option<String> {
        if known.contains(key) {
            return Some(key.to_owned());
        }
        let tolerated = schemas.iter().find_map(|schema| spelled(schema.keyword("x-tolerated"), key));
        let mut alike = known.iter().filter(|name| self.without_case && name.eq_ignore_ascii_case(key));
        tolerated.or_else(|| alike.next().map(|name| (*name).to_owned()))
    }

    fn tell(&mut self, pointer: &str, expected: impl Into<Value>, observed: &str) {
        self.told.push(Deviation::new(Kind::RequestUndocumented, Location::pointer(pointer), expected, observed));
    }
}

/// What a map of spellings, `{canonical: [others]}`, says for one of the others.
fn spelled(spellings: &Value, text: &str) -> Option<String> {
    let is_one = |others: &Value| others.as_array().into_iter().flatten().any(|other| other == text);
    spellings.as_object()?.iter().find(|(_, others)| is_one(others)).map(|(canonical, _)| canonical.clone())
}

#[cfg(test)]
mod tests {
    use super::Speller;
    use serde_json::{Value, json};

    fn respell(without_case: bool, body: &Value) -> (Value, Vec<String>) {
        let schema = json!({
            "properties": {"kind": {"x-tolerated-values": {"Job": ["job"]}}},
            "oneOf": [{"properties": {"body": {"properties": {"length": {}}, "x-tolerated": {"length": ["size"]}}}}],
        });
        let mut speller = Speller { without_case, told: Vec::new() };
        let respelled = speller.body(&schema, body, "");
        (respelled, speller.told.into_iter().map(|deviation| deviation.location.to_string()).collect())
    }

    #[test]
    fn what_is_spelt_otherwise_is_respelt_and_told() {
        let (body, told) = respell(true, &json!({"Kind": "job", "body": {"size": 1, "More": 2}}));
        assert_eq!(body, json!({"kind": "Job", "body": {"length": 1, "More": 2}}));
        assert_eq!(told, ["/Kind", "/body/More", "/body/size"].map(str::to_owned));
    }

    #[test]
    fn case_counts_unless_the_contract_says_otherwise() {
        let (body, told) = respell(false, &json!({"Kind": "Job"}));
        assert_eq!((body, told), (json!({"Kind": "Job"}), vec!["/Kind".to_owned()]));
    }

    #[test]
    fn a_canonical_name_is_never_overwritten() {
        let (body, _) = respell(true, &json!({"body": {"length": 1, "size": 2}}));
        assert_eq!(body, json!({"body": {"length": 1, "size": 2}}));
    }
}
