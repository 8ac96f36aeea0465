//! One of two documents, references followed.

use serde_json::Value;
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use vigie_contract::schema::{self, Choice, Followed, Schema};

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

/// References and lone parts around a schema that is asked for its discriminator.
const MOST_WRAPPERS: usize = 100;

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
        let is_made_of_others =
            |schema: Schema<'a>| reference(schema.node()).is_some() || schema.all_of().next().is_some();
        let states = |schema: Schema<'a>| {
            schema.keyword(flag) == true
                || (is_made_of_others(schema) && schema.parts().into_iter().any(|part| part.keyword(flag) == true))
        };
        schemas.iter().any(|schema| states(self.schema(schema)))
    }

    /// What tells the subtypes of a schema apart, where it stands for all of them: it has a discriminator, or is nothing but
    /// a reference to one that has. A subtype that names its base by `allOf` stands for itself.
    pub(super) fn discriminator(&self, schema: &'a Value) -> Option<&'a Value> {
        let mut schema = self.schema(schema);
        for _ in 0..MOST_WRAPPERS {
            if let Some(discriminator) = schema.node().get("discriminator") {
                return Some(discriminator);
            }
            let mut parts = schema.all_of();
            let wrapped = match (parts.next(), parts.next()) {
                (Some(only), None) if !schema.node().as_object()?.contains_key("properties") => Some(only),
                _ => None,
            };
            let subtype = schema.node();
            schema = schema
                .target()
                .or_else(|| Choice::ALL.into_iter().find_map(|choice| schema.lone(choice)))
                .or_else(|| wrapped.filter(|base| !self.is_subtype(subtype, *base)))?;
        }
        None
    }

    /// Whether a component is one of the subtypes that the discriminator of its base leads to.
    fn is_subtype(&self, subtype: &'a Value, base: Schema<'a>) -> bool {
        let Some(discriminator) = base.resolved().node().get("discriminator") else { return false };
        let subtypes = self.all_subtypes().get(&address(discriminator));
        subtypes.into_iter().flatten().any(|(_, known)| std::ptr::eq(*known, subtype))
    }

    /// Every component that says by `allOf` that it is of another one, by the discriminator of that one.
    fn all_subtypes(&self) -> &Subtypes<'a> {
        self.subtypes.get_or_init(|| {
            let mut subtypes = Subtypes::new();
            for (name, own) in self.root["components"]["schemas"].as_object().into_iter().flatten() {
                let stated =
                    ["x-ms-discriminator-value", "x-discriminator-value"].iter().find_map(|key| own[key].as_str());
                let bases = self.schema(own).parts().into_iter().filter(|part| !std::ptr::eq(part.node(), own));
                for discriminator in bases.filter_map(|base| base.node().get("discriminator")) {
                    subtypes.entry(address(discriminator)).or_default().push((stated.unwrap_or(name), own));
                }
            }
            subtypes
        })
    }

    /// The schemas that a discriminator leads to, by the value that it has in them: what its mapping names, and by their own
    /// names the alternatives beside it and every schema that says by `allOf` that it is of the one that has it. `None`
    /// stands for what is not in the document.
    pub(super) fn subtypes(
        &self,
        discriminator: &'a Value,
        alternatives: &[&'a Value],
    ) -> BTreeMap<&'a str, Option<&'a Value>> {
        let mut named: BTreeMap<&str, Option<&Value>> = BTreeMap::new();
        for (value, target) in discriminator["mapping"].as_object().into_iter().flatten() {
            let target = target.as_str().unwrap_or_default();
            let component = self.root["components"]["schemas"].get(target);
            named.insert(value, component.or_else(|| self.lookup(target)));
        }
        // What the mapping names has no other name.
        let known: BTreeSet<usize> = named.values().flatten().map(|schema| address(self.resolve(schema))).collect();
        let implied = self.all_subtypes().get(&address(discriminator)).into_iter().flatten().copied();
        let beside = alternatives.iter().filter_map(|one| Some((reference(one)?.rsplit('/').next()?, *one)));
        for (name, schema) in implied.chain(beside) {
            if !known.contains(&address(self.resolve(schema))) {
                named.entry(name).or_insert(Some(schema));
            }
        }
        named
    }
}
