//! The fields of objects and interfaces, and of the root types, where they are operations.

use super::inputs::ARGUMENT;
use super::names::{Named, pairs};
use super::{Diff, Kind};
use crate::location::Location;
use serde_json::Value;
use std::collections::BTreeMap;
use vigie_contract::graphql::model::{Field, Root, TypeRef};

/// Whose fields they are.
pub(super) enum Owner<'s> {
    /// A root type: each field is an operation.
    Root(Root),
    /// A type by its name.
    Type(&'s str),
}

impl Owner<'_> {
    /// The operation of what is told about a field.
    pub(super) fn operation(&self, field: &str) -> String {
        match self {
            Self::Root(root) => format!("{} {field}", root.word()),
            Self::Type(_) => "*".into(),
        }
    }

    /// The place of a field itself.
    pub(super) fn field(&self, field: &str) -> Location {
        match self {
            Self::Root(_) => Location::Whole,
            Self::Type(name) => Location::name(format!("{name}.{field}")),
        }
    }

    /// The place of its value.
    fn answer(&self, field: &str) -> Location {
        match self {
            Self::Root(_) => Location::name("answer"),
            Self::Type(_) => self.field(field),
        }
    }

    /// The place of an argument.
    pub(super) fn argument(&self, field: &str, argument: &str) -> Location {
        match self {
            Self::Root(_) => Location::parameter("argument", argument),
            Self::Type(_) => Location::name(format!("{}({argument})", self.field(field))),
        }
    }

    /// Added, removed, deprecated.
    fn kinds(&self) -> [Kind; 3] {
        match self {
            Self::Root(_) => [Kind::OperationAdded, Kind::OperationRemoved, Kind::OperationDeprecatedChanged],
            Self::Type(_) => {
                [Kind::ResponsePropertyAdded, Kind::ResponsePropertyRemoved, Kind::PropertyDeprecatedChanged]
            }
        }
    }

    /// What tells one field from its twin: an operation by itself, a field by its place.
    fn path(&self, field: &str) -> String {
        match self {
            Self::Root(_) => self.operation(field),
            Self::Type(_) => self.field(field).to_string(),
        }
    }

    /// What a contract states of a field as a whole: of an operation its name.
    fn stated(&self, name: &str, field: &Field) -> String {
        match self {
            Self::Root(_) => name.to_owned(),
            Self::Type(_) => field.ty.to_string(),
        }
    }
}

impl Diff<'_> {
    pub(super) fn fields(&mut self, owner: &Owner<'_>, old: &BTreeMap<String, Field>, new: &BTreeMap<String, Field>) {
        self.fields_that_moved(owner, old, new);
        for (name, before) in old {
            let Some(after) = new.get(name) else { continue };
            let (operation, [_, _, deprecated]) = (owner.operation(name), owner.kinds());
            self.deprecation(deprecated, &operation, &owner.field(name), before.deprecated, after.deprecated);
            self.output(&operation, &owner.answer(name), &before.ty, &after.ty);
            let at = |argument: &str| owner.argument(name, argument);
            self.inputs(&operation, &at, &ARGUMENT, &before.arguments, &after.arguments);
        }
    }

    fn fields_that_moved(&mut self, owner: &Owner<'_>, old: &BTreeMap<String, Field>, new: &BTreeMap<String, Field>) {
        // Fields that went with their type are told at the type; an operation is always told.
        let is_told =
            |field: &Field| matches!(owner, Owner::Type(_)) && self.fates.removed.contains_key(field.ty.name.as_str());
        let gone: Vec<_> = old.iter().filter(|(name, field)| !new.contains_key(*name) && !is_told(field)).collect();
        let come: Vec<_> = new.iter().filter(|(name, _)| !old.contains_key(*name)).collect();
        let named = |fields: &[(&'_ String, &'_ Field)]| -> Vec<_> {
            fields.iter().map(|(name, field)| Named { name: (*name).clone(), ty: field.ty.to_string() }).collect()
        };
        let pairs = pairs(&named(&gone), &named(&come));
        let [added, removed, _] = owner.kinds();
        for (position, (name, field)) in gone.iter().enumerate() {
            let twin = pairs.iter().find(|(old, _)| *old == position).map(|(_, new)| owner.path(come[*new].0));
            self.tell(removed, &owner.operation(name), &owner.field(name), owner.stated(name, field), Value::Null);
            self.twin(twin);
        }
        for (position, (name, field)) in come.iter().enumerate() {
            let twin = pairs.iter().find(|(_, new)| *new == position).map(|(old, _)| owner.path(gone[*old].0));
            self.tell(added, &owner.operation(name), &owner.field(name), Value::Null, owner.stated(name, field));
            self.twin(twin);
        }
    }

    /// Gives what was told last its likely other half.
    pub(super) fn twin(&mut self, twin: Option<String>) {
        if let Some(last) = self.found.last_mut() {
            last.twin = twin;
        }
    }

    /// The type of a value of an answer: another type, or null where there was none.
    fn output(&mut self, operation: &str, at: &Location, old: &TypeRef, new: &TypeRef) {
        let is_as_deep = old.never_null.len() == new.never_null.len();
        if !is_as_deep || !self.names_the_same(old, new) {
            let narrowed = is_as_deep && is_narrower(&old.name, &new.name);
            let kind = if narrowed { Kind::ResponseTypeNarrowed } else { Kind::ResponseTypeChanged };
            self.tell(kind, operation, at, old.to_string(), new.to_string());
            if !narrowed {
                return;
            }
        }
        for (depth, (old, new)) in old.never_null.iter().zip(&new.never_null).enumerate() {
            let at = at.elements(depth);
            match (old, new) {
                (true, false) => self.tell(Kind::ResponseNullableAdded, operation, &at, false, true),
                (false, true) => self.tell(Kind::ResponseNullableRemoved, operation, &at, true, false),
                _ => {}
            }
        }
    }
}

/// Whether every value of the new scalar is one of the old: a whole number is a `Float`, and an `ID` is sent as text. No
/// other type is: a query has fragments and fields of its type, so that even one of its objects refuses some queries.
fn is_narrower(old: &str, new: &str) -> bool {
    matches!((old, new), ("Float", "Int") | ("ID", "String") | ("String", "ID"))
}
