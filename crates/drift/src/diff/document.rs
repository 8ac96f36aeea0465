//! One of two documents, references followed.

use serde_json::Value;
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use vigie_contract::schema::{self, Followed, Schema};

pub(super) use vigie_contract::schema::{address, reference};

/// A document that is compared.
pub(super) struct Document<'a> {
    pub(super) root: &'a Value,
    pub(super) notes: RefCell<BTreeSet<String>>,
    /// References, schemas and values that were visited: what a comparison costs is counted here.
    pub(super) steps: Cell<usize>,
    subtypes: OnceCell<Subtypes<'a>>,
}

/// Schemas with their names, by the address of the discriminator that leads to them.
type Subtypes<'a> = HashMap<usize, Vec<(&'a str, &'a Value)>>;

pub(super) static NOTHING: Value = Value::Null;

impl<'a> Document<'a> {
    pub(super) fn new(root: &'a Value) -> Self {
        Self { root, notes: RefCell::default(), steps: Cell::new(0), subtypes: OnceCell::new() }
    }

    pub(super) fn note(&self, note: String) {
        self.notes.borrow_mut().insert(note);
    }

    pub(super) fn step(&self, steps: usize) {
        self.steps.set(self.steps.get().saturating_add(steps));
    }

    /// Where a reference leads; `None` for what is no reference, or one that leads nowhere.
    pub(super) fn target(&self, node: &Value) -> Option<&'a Value> {
        reference(node).and_then(|reference| self.lookup(reference))
    }

    /// What a reference names in this document.
    pub(super) fn lookup(&self, reference: &str) -> Option<&'a Value> {
        self.step(1);
        let target = schema::lookup(self.root, reference);
        if target.is_none() && reference.starts_with('#') {
            self.note(format!("`$ref: {reference}` is unresolved in this document; it accepts anything"));
        }
        target
    }

    /// What a node stands for, however long the chain of references. A ring of them stands for its first node.
    pub(super) fn follow(&self, start: &'a Value) -> Followed<'a> {
        let followed = schema::follow_by(start, |reference| self.lookup(reference));
        if followed.is_ring {
            self.note("references form a cycle; it accepts anything".into());
        }
        followed
    }

    /// A schema of this document, to be asked what it says.
    pub(super) fn schema(&self, node: &'a Value) -> Schema<'a> {
        Schema::new(self.root, node)
    }

    /// What a node stands for, references followed.
    pub(super) fn resolve(&self, node: &'a Value) -> &'a Value {
        self.follow(node).node
    }

    /// A member of what a node stands for, references followed at both.
    pub(super) fn member(&self, node: &'a Value, key: &str) -> Followed<'a> {
        self.follow(self.resolve(node).get(key).unwrap_or(&NOTHING))
    }

    /// The entries of a map below a key, which may itself stand elsewhere.
    pub(super) fn entries(
        &self,
        node: &'a Value,
        key: &str,
    ) -> impl Iterator<Item = (&'a String, &'a Value)> + use<'a> {
        self.member(node, key).node.as_object().into_iter().flatten()
    }

    /// The items of a list below a key, which may itself stand elsewhere.
    pub(super) fn items(&self, node: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
        self.member(node, key).node.as_array().into_iter().flatten()
    }

    /// Whether one of the schemas sets a flag, itself or in what it is made of.
    pub(super) fn any_states(&self, schemas: &[&'a Value], flag: &str) -> bool {
        let mut seen = BTreeSet::new();
        let mut open: Vec<&Value> = schemas.to_vec();
        while let Some(schema) = open.pop() {
            if schema[flag] == true {
                return true;
            }
            let parts = schema["allOf"].as_array();
            if (parts.is_some() || reference(schema).is_some()) && seen.insert(address(schema)) {
                open.extend(parts.into_iter().flatten().chain(self.target(schema)));
            }
        }
        false
    }

    /// The schemas that a discriminator leads to, by the value that it has in them: what its mapping names, and every
    /// schema that says by `allOf` that it is of the one that has it. `None` stands for what is not in the document.
    pub(super) fn subtypes(&self, discriminator: &'a Value) -> BTreeMap<&'a str, Option<&'a Value>> {
        let subtypes = self.subtypes.get_or_init(|| {
            let mut subtypes = Subtypes::new();
            for (name, own) in self.root["components"]["schemas"].as_object().into_iter().flatten() {
                let parts = own["allOf"].as_array().into_iter().flatten().filter(|part| reference(part).is_some());
                for discriminator in parts.filter_map(|part| self.resolve(part).get("discriminator")) {
                    subtypes.entry(address(discriminator)).or_default().push((name, own));
                }
            }
            subtypes
        });
        let implied = subtypes.get(&address(discriminator)).into_iter().flatten();
        let mut named: BTreeMap<&str, Option<&Value>> = implied.map(|(name, schema)| (*name, Some(*schema))).collect();
        for (value, target) in discriminator["mapping"].as_object().into_iter().flatten() {
            let target = target.as_str().unwrap_or_default();
            let named_so = || self.root["components"]["schemas"].get(target);
            named.insert(value, named_so().or_else(|| self.lookup(target)));
        }
        named
    }
}
