//! What two schemas have apart: operations first, then each type that both reach, by name.

mod fate;
mod fields;
mod inputs;
mod names;

use super::reach::Reach;
use crate::deviation::{Deviation, Kind};
use crate::location::Location;
use fate::Fates;
use fields::Owner;
use serde_json::Value;
use std::collections::BTreeSet;
use vigie_contract::graphql::expand::enumerated;
use vigie_contract::graphql::model::{Root, Schema, Type, TypeRef};

/// Every change between two schemas, each told once: at an operation if it is the operation's own, else at the type.
///
/// What no operation of both schemas reaches is not told. Operations are named `query me`; a change of a type has the
/// operation `*`. Places are `argument:id` and `answer` of an operation, and `User.email`, `User.tags[]`,
/// `User.missions(first)` or `TransportType` of a type.
#[must_use]
pub fn diff(old: &Schema, new: &Schema) -> Vec<Deviation> {
    let (before, after) = (Reach::of(old), Reach::of(new));
    let fates = Fates::of(old, new, &before);
    let mut diff = Diff { before, after, fates, found: Vec::new() };
    for root in Root::ALL {
        let fields = |schema: &Schema| schema.roots.get(&root).and_then(|name| schema.fields(name)).cloned();
        diff.fields(&Owner::Root(root), &fields(old).unwrap_or_default(), &fields(new).unwrap_or_default());
    }
    diff.gone_types();
    let is_root = |name: &String| old.roots.values().any(|root| root == name);
    for (name, ty) in old.types.iter().filter(|(name, _)| !is_root(name)) {
        let successor = diff.fates.successor(name);
        if let Some(as_new) = new.types.get(successor) {
            diff.types(name, ty, successor, as_new);
        }
    }
    diff.found
}

/// The comparison under way.
struct Diff<'s> {
    /// What the operations of the old schema reach.
    before: Reach<'s>,
    /// What those of the new one reach.
    after: Reach<'s>,
    /// What became of the types that are gone.
    fates: Fates<'s>,
    found: Vec<Deviation>,
}

/// Whether a type is part of answers and of requests.
#[derive(Clone, Copy)]
struct Used {
    output: bool,
    input: bool,
}

impl<'s> Diff<'s> {
    fn tell(&mut self, kind: Kind, operation: &str, at: &Location, old: impl Into<Value>, new: impl Into<Value>) {
        self.found.push(Deviation::new(kind, at.clone(), old, new).of(operation));
    }

    /// Both sides must say whether it is deprecated: a document that cannot say it proves nothing.
    fn deprecation(&mut self, kind: Kind, operation: &str, at: &Location, old: Option<bool>, new: Option<bool>) {
        if let (Some(old), Some(new)) = (old, new)
            && old != new
        {
            self.tell(kind, operation, at, old, new);
        }
    }

    /// Whether two uses name the same type; the other name of a type may be told at the type.
    fn names_the_same(&self, old: &TypeRef, new: &TypeRef) -> bool {
        old.name == new.name || self.fates.retyped.get(old.name.as_str()) == Some(&new.name.as_str())
    }

    /// What became of the types that are gone, where that is one fact.
    fn gone_types(&mut self) {
        for (name, uses) in self.fates.removed.clone() {
            self.tell(Kind::TypeRemoved, "*", &Location::name(name), uses, Value::Null);
        }
        for (name, successor) in self.fates.retyped.clone() {
            let used = Used { output: self.before.output.contains(name), input: self.before.input.contains(name) };
            self.type_changed(name, used, name, successor);
        }
    }

    /// A change of a type as a whole, in each direction in which it is used.
    fn type_changed(&mut self, name: &str, used: Used, old: &str, new: &str) {
        for (is_used, kind) in [(used.output, Kind::ResponseTypeChanged), (used.input, Kind::RequestTypeChanged)] {
            if is_used {
                self.tell(kind, "*", &Location::name(name), old, new);
            }
        }
    }

    fn types(&mut self, name: &'s str, old: &'s Type, successor: &'s str, new: &'s Type) {
        let used = Used {
            output: self.before.output.contains(name) && self.after.output.contains(successor),
            input: self.before.input.contains(name) && self.after.input.contains(successor),
        };
        if !used.output && !used.input {
            return;
        }
        match (old, new) {
            (Type::Object { fields: old, .. }, Type::Object { fields: new, .. }) => {
                self.fields(&Owner::Type(name), old, new);
            }
            (Type::Interface { fields: old }, Type::Interface { fields: new }) => {
                self.fields(&Owner::Type(name), old, new);
                self.members(name, successor);
            }
            (Type::Union { .. }, Type::Union { .. }) => self.members(name, successor),
            (Type::Enum { values: old }, Type::Enum { values: new }) => {
                let words = |ty: &'s std::collections::BTreeMap<String, _>| ty.keys().map(String::as_str).collect();
                self.values(name, used, &words(old), &words(new));
                for (value, was) in old {
                    let at = Location::name(format!("{name}.{value}"));
                    self.deprecation(
                        Kind::PropertyDeprecatedChanged,
                        "*",
                        &at,
                        *was,
                        new.get(value).copied().flatten(),
                    );
                }
            }
            (Type::Input { fields: old }, Type::Input { fields: new }) => {
                self.inputs("*", &|field| Location::name(format!("{name}.{field}")), &inputs::FIELD, old, new);
            }
            (Type::Scalar { description: Some(old) }, Type::Scalar { description: Some(new) }) => {
                if let (Some(old), Some(new)) = (enumerated(old), enumerated(new)) {
                    self.values(name, used, &old, &new);
                }
            }
            (Type::Scalar { .. }, Type::Scalar { .. }) => {}
            _ => self.type_changed(name, used, old.word(), new.word()),
        }
    }

    /// The words of an enum, or of a scalar that lists them in its description.
    fn values(&mut self, name: &str, used: Used, old: &BTreeSet<&str>, new: &BTreeSet<&str>) {
        let came: Vec<&str> = new.difference(old).copied().collect();
        let went: Vec<&str> = old.difference(new).copied().collect();
        for (is_used, added, removed) in [
            (used.output, Kind::ResponseEnumValueAdded, Kind::ResponseEnumValueRemoved),
            (used.input, Kind::RequestEnumValueAdded, Kind::RequestEnumValueRemoved),
        ] {
            if is_used && !came.is_empty() {
                self.tell(added, "*", &Location::name(name), Value::Null, came.clone());
            }
            if is_used && !went.is_empty() {
                self.tell(removed, "*", &Location::name(name), went.clone(), Value::Null);
            }
        }
    }

    /// The objects that a union or interface may be.
    fn members(&mut self, name: &str, successor: &str) {
        let (old, new) = (self.before.members.get(name).cloned(), self.after.members.get(successor).cloned());
        let (old, new) = (old.unwrap_or_default(), new.unwrap_or_default());
        // An interface that no field has is only named in fragments: nobody waits for its objects.
        let is_value = self.before.values.contains(name) && self.after.values.contains(successor);
        let kept: BTreeSet<&str> = old.iter().map(|member| self.fates.successor(member)).collect();
        for member in old {
            let is_gone = self.fates.gone.contains(member);
            let is_told = is_gone && (!is_value || self.fates.removed.contains_key(member));
            if !new.contains(self.fates.successor(member)) && self.before.output.contains(member) && !is_told {
                self.tell(Kind::TypeMemberRemoved, "*", &Location::name(name), member, Value::Null);
            }
        }
        for member in new.difference(&kept).filter(|_| is_value) {
            self.tell(Kind::ResponseVariantAdded, "*", &Location::name(name), Value::Null, *member);
        }
    }
}

#[cfg(test)]
mod tests;
