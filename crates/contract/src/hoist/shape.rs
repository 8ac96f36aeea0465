//! What makes two schemas one shape: digests, made from the inside out.

use crate::members;
use crate::subschemas::{children, subschemas};
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::hash::{Hash, Hasher};

/// A schema in its identity: its facts, wherever it may be null.
#[derive(Clone, Copy)]
pub(super) struct Shape<'a> {
    pub(super) digest: u64,
    pub(super) schema: &'a Value,
}

impl Hash for Shape<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.digest.hash(state);
    }
}

impl Eq for Shape<'_> {}

impl PartialEq for Shape<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.digest == other.digest && same(self.schema, other.schema)
    }
}

pub(super) fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            let facts = |map: &'_ Map<String, Value>| map.len() - usize::from(map.contains_key("nullable"));
            facts(one) == facts(other)
                && one.iter().all(|(key, value)| key == "nullable" || other.get(key) == Some(value))
        }
        _ => one == other,
    }
}

pub(super) fn without_null(schema: &Value) -> Value {
    let mut schema = schema.clone();
    if let Some(map) = schema.as_object_mut() {
        map.remove("nullable");
    }
    schema
}

/// Names of shapes, by digest. A digest that two shapes share names the one that is equal.
pub(super) struct Names(pub(super) HashMap<u64, (Value, String)>);

impl Names {
    pub(super) fn get(&self, shape: &Shape<'_>) -> Option<&str> {
        let (schema, name) = self.0.get(&shape.digest)?;
        same(schema, shape.schema).then_some(name.as_str())
    }
}

/// The digests of all schemas in the order of the walk, each made once from those of its children.
pub(super) struct Digests(Vec<Digest>);

struct Digest {
    key: u64,
    /// Where the walk goes on behind the schema and all that it contains.
    end: usize,
}

impl Digests {
    pub(super) fn of<'a>(schemas: impl Iterator<Item = &'a Value>) -> Self {
        let mut digests = Self(Vec::new());
        for schema in schemas {
            digests.add(schema);
        }
        digests
    }

    pub(super) fn key(&self, at: usize) -> u64 {
        self.0[at].key
    }

    pub(super) fn end(&self, at: usize) -> usize {
        self.0[at].end
    }

    /// Adds a schema; gives its digest with whether it may be null.
    fn add(&mut self, schema: &Value) -> (u64, bool) {
        let at = self.0.len();
        self.0.push(Digest { key: 0, end: 0 });
        // A sum, so that the order of a map does not matter.
        let mut key = 0_u64;
        for (word, value) in members(schema).filter(|(key, _)| subschemas(key).is_none() && *key != "nullable") {
            key = key.wrapping_add(hash((word.as_str(), value)));
        }
        for child in children(schema) {
            key = key.wrapping_add(hash((child.keyword, child.name, child.position, self.add(child.node))));
        }
        if schema.is_boolean() {
            key = hash(schema);
        }
        self.0[at] = Digest { key, end: self.0.len() };
        (key, schema["nullable"] == true)
    }
}

fn hash(value: impl Hash) -> u64 {
    let mut hasher = Mixer(0);
    value.hash(&mut hasher);
    hasher.finish()
}

/// A quick hash, since every value of a document goes through it. Shapes are compared before they are taken for one.
struct Mixer(u64);

impl Hasher for Mixer {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.write_u64(u64::from_le_bytes(word));
        }
    }

    fn write_u8(&mut self, byte: u8) {
        self.write_u64(byte.into());
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }

    fn write_usize(&mut self, word: usize) {
        self.write_u64(word as u64);
    }

    fn finish(&self) -> u64 {
        self.0 ^ self.0 >> 32
    }
}
