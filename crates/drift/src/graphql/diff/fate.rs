//! What became of the types that are gone: removed with what used them, or there under another name.

use super::fields::Owner;
use crate::graphql::reach::Reach;
use std::collections::{BTreeMap, BTreeSet};
use vigie_contract::graphql::model::{Input, Root, Schema, Type, TypeRef};

/// Renamings within renamed types are followed so many times.
const ROUNDS: usize = 4;

/// The types that are gone, by what is told about them. One that is in no map is told where it was used.
#[derive(Default)]
pub(super) struct Fates<'s> {
    /// Every type that the old operations reach and the new schema does not have.
    pub(super) gone: BTreeSet<&'s str>,
    /// Several uses went with it: told at the type, with these uses.
    pub(super) removed: BTreeMap<&'s str, Vec<String>>,
    /// Several uses have the same other type now: told at the type.
    pub(super) retyped: BTreeMap<&'s str, &'s str>,
    /// The new type with much the same in it, with which it is compared.
    renamed: BTreeMap<&'s str, &'s str>,
}

/// What the uses of a gone type became.
#[derive(Default)]
struct Uses<'s> {
    /// Places that went.
    went: Vec<String>,
    /// Unions and interfaces that are still there, of which it was one form.
    left: Vec<&'s str>,
    /// Objects that are still there and implemented it.
    implemented: Vec<String>,
    /// How many places have another type now, and which.
    turned: (usize, BTreeSet<&'s str>),
}

impl<'s> Fates<'s> {
    pub(super) fn of(old: &'s Schema, new: &'s Schema, reach: &Reach<'s>) -> Self {
        let is_gone = |name: &&str| !new.types.contains_key(*name) && !old.roots.values().any(|root| root == name);
        let names = old.types.keys().map(String::as_str);
        let mut fates =
            Self { gone: names.filter(|name| reach.has(name)).filter(is_gone).collect(), ..Self::default() };
        if fates.gone.is_empty() {
            return fates;
        }
        for _ in 0..ROUNDS {
            let known = fates.renamed.len();
            let uses = fates.uses(old, new, reach);
            (fates.removed, fates.retyped) = Default::default();
            for (name, uses) in uses {
                fates.decide(name, uses, old, new);
            }
            if fates.renamed.len() == known {
                break;
            }
        }
        fates
    }

    /// The name under which an old type is to be looked for in the new schema.
    pub(super) fn successor<'a>(&self, name: &'a str) -> &'a str
    where
        's: 'a,
    {
        self.renamed.get(name).copied().unwrap_or(name)
    }

    fn decide(&mut self, name: &'s str, uses: Uses<'s>, old: &'s Schema, new: &'s Schema) {
        let (turned, into) = uses.turned;
        if let (Some(successor), 1) = (into.first(), into.len()) {
            if !old.types.contains_key(*successor) && are_alike(&old.types[name], &new.types[*successor]) {
                self.renamed.insert(name, successor);
            }
            if turned > 1 {
                self.retyped.insert(name, successor);
            }
        } else if into.is_empty() && (uses.went.len() + uses.left.len() > 1 || !uses.implemented.is_empty()) {
            let left = uses.left.into_iter().map(str::to_owned);
            self.removed.insert(name, uses.went.into_iter().chain(left).chain(uses.implemented).collect());
        }
    }

    fn uses(&self, old: &'s Schema, new: &'s Schema, reach: &Reach<'s>) -> BTreeMap<&'s str, Uses<'s>> {
        let mut uses = Tally { gone: &self.gone, uses: BTreeMap::new() };
        for root in Root::ALL {
            if let (Some(before), Some(after)) = (old.roots.get(&root), new.roots.get(&root)) {
                uses.fields(&Owner::Root(root), (old, before), (new, after));
            }
        }
        let is_root = |name: &str| old.roots.values().any(|root| root == name);
        for (name, ty) in old.types.iter().filter(|(name, _)| reach.has(name) && !is_root(name)) {
            let Some(after) = new.types.get(self.successor(name)) else { continue };
            match (ty, after) {
                (Type::Input { fields }, Type::Input { fields: after }) => {
                    uses.inputs(fields, after, &|field| format!("{name}.{field}"));
                }
                _ => uses.fields(&Owner::Type(name), (old, name), (new, self.successor(name))),
            }
            if let Type::Object { interfaces, .. } = ty {
                for interface in interfaces {
                    uses.of(interface, |uses| uses.implemented.push(name.clone()));
                }
            }
        }
        for (name, members) in reach.members.iter().filter(|(name, _)| reach.values.contains(*name)) {
            if new.types.contains_key(self.successor(name)) {
                for member in members {
                    uses.of(member, |uses| uses.left.push(name));
                }
            }
        }
        uses.uses
    }
}

/// The uses of the gone types, as they are found.
struct Tally<'a, 's> {
    gone: &'a BTreeSet<&'s str>,
    uses: BTreeMap<&'s str, Uses<'s>>,
}

impl<'s> Tally<'_, 's> {
    fn of(&mut self, name: &'s str, note: impl FnOnce(&mut Uses<'s>)) {
        if self.gone.contains(name) {
            note(self.uses.entry(name).or_default());
        }
    }

    fn turned(&mut self, old: &'s TypeRef, new: &'s TypeRef) {
        self.of(&old.name, |uses| {
            uses.turned.0 += 1;
            uses.turned.1.insert(&new.name);
        });
    }

    fn fields(
        &mut self,
        owner: &Owner<'_>,
        (old, name): (&'s Schema, &'s str),
        (new, successor): (&'s Schema, &'s str),
    ) {
        let (Some(before), Some(after)) = (old.fields(name), new.fields(successor)) else { return };
        for (name, field) in before {
            if let Some(after) = after.get(name) {
                self.turned(&field.ty, &after.ty);
                let operation = if let Owner::Root(_) = owner { owner.operation(name) + " " } else { String::new() };
                let at = |argument: &str| format!("{operation}{}", owner.argument(name, argument));
                self.inputs(&field.arguments, &after.arguments, &at);
            } else if let Owner::Type(_) = owner {
                // An operation that went is told whatever became of its type.
                self.of(&field.ty.name, |uses| uses.went.push(owner.field(name).to_string()));
            }
        }
    }

    fn inputs(
        &mut self,
        old: &'s BTreeMap<String, Input>,
        new: &'s BTreeMap<String, Input>,
        at: &dyn Fn(&str) -> String,
    ) {
        for (name, input) in old {
            match new.get(name) {
                Some(after) => self.turned(&input.ty, &after.ty),
                None => self.of(&input.ty.name, |uses| uses.went.push(at(name))),
            }
        }
    }
}

/// Whether two types of the same kind share half of what they have.
fn are_alike(one: &Type, other: &Type) -> bool {
    let (parts, others) = (one.parts(), other.parts());
    one.word() == other.word() && parts.intersection(&others).count() * 2 >= parts.len().max(others.len())
}
