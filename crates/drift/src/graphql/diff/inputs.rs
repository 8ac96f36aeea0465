//! What a caller gives: arguments, and the fields of input objects.

use super::names::{Named, pairs};
use super::{Diff, Kind};
use crate::location::Location;
use serde_json::Value;
use std::collections::BTreeMap;
use vigie_contract::graphql::model::Input;

/// The kinds of deviation for something that a caller gives.
pub(super) struct Words {
    added_required: Kind,
    added_optional: Kind,
    removed: Kind,
    became_required: Kind,
    became_optional: Kind,
    deprecated: Kind,
}

/// Of an argument.
pub(super) const ARGUMENT: Words = Words {
    added_required: Kind::ParameterAddedRequired,
    added_optional: Kind::ParameterAddedOptional,
    removed: Kind::ParameterRemoved,
    became_required: Kind::ParameterBecameRequired,
    became_optional: Kind::ParameterBecameOptional,
    deprecated: Kind::ParameterDeprecatedChanged,
};

/// Of a field of an input object.
pub(super) const FIELD: Words = Words {
    added_required: Kind::RequestPropertyAddedRequired,
    added_optional: Kind::RequestPropertyAddedOptional,
    removed: Kind::RequestPropertyRemoved,
    became_required: Kind::RequestPropertyBecameRequired,
    became_optional: Kind::RequestPropertyBecameOptional,
    deprecated: Kind::PropertyDeprecatedChanged,
};

type Inputs = BTreeMap<String, Input>;
type Place<'a> = &'a dyn Fn(&str) -> Location;

impl Diff<'_> {
    /// Everything about arguments or input fields; `at` gives the place of each.
    pub(super) fn inputs(&mut self, operation: &str, at: Place<'_>, words: &Words, old: &Inputs, new: &Inputs) {
        self.inputs_that_moved(operation, at, words, old, new);
        for (name, before) in old {
            if let Some(after) = new.get(name) {
                let at = at(name);
                self.deprecation(words.deprecated, operation, &at, before.deprecated, after.deprecated);
                self.input(operation, &at, words, before, after);
            }
        }
    }

    fn inputs_that_moved(&mut self, operation: &str, at: Place<'_>, words: &Words, old: &Inputs, new: &Inputs) {
        let is_told = |input: &Input| self.fates.removed.contains_key(input.ty.name.as_str());
        let gone: Vec<_> = old.iter().filter(|(name, input)| !new.contains_key(*name) && !is_told(input)).collect();
        let come: Vec<_> = new.iter().filter(|(name, _)| !old.contains_key(*name)).collect();
        // One that became required under another name is still the same one.
        let named = |inputs: &[(&String, &Input)]| -> Vec<_> {
            let ty = |input: &Input| input.ty.to_string().trim_end_matches('!').to_owned();
            inputs.iter().map(|(name, input)| Named { name: (*name).clone(), ty: ty(input) }).collect()
        };
        let pairs = pairs(&named(&gone), &named(&come));
        for (position, (name, input)) in gone.iter().enumerate() {
            let twin = pairs.iter().find(|(old, _)| *old == position).map(|(_, new)| at(come[*new].0).to_string());
            self.tell(words.removed, operation, &at(name), need(input), Value::Null);
            self.twin(twin);
        }
        for (position, (name, input)) in come.iter().enumerate() {
            let twin = pairs.iter().find(|(_, new)| *new == position).map(|(old, _)| at(gone[*old].0).to_string());
            let kind = if input.is_required() { words.added_required } else { words.added_optional };
            self.tell(kind, operation, &at(name), Value::Null, need(input));
            self.twin(twin);
        }
    }

    fn input(&mut self, operation: &str, at: &Location, words: &Words, old: &Input, new: &Input) {
        let (was_required, is_required) = (old.is_required(), new.is_required());
        match (was_required, is_required) {
            (false, true) => self.tell(words.became_required, operation, at, false, true),
            (true, false) => self.tell(words.became_optional, operation, at, true, false),
            _ if old.default != new.default => {
                self.tell(Kind::RequestDefaultChanged, operation, at, old.default.clone(), new.default.clone());
            }
            _ => {}
        }
        let is_as_deep = old.ty.never_null.len() == new.ty.never_null.len();
        if !is_as_deep || !self.names_the_same(&old.ty, &new.ty) {
            // A wider type is no comfort: variables are declared with the name of their type, and compared by it.
            self.tell(Kind::RequestTypeChanged, operation, at, old.ty.to_string(), new.ty.to_string());
            return;
        }
        // Whether the value as a whole may be null is part of whether it may be left out, unless that stays the same.
        let told = usize::from(was_required != is_required);
        for (depth, (old, new)) in old.ty.never_null.iter().zip(&new.ty.never_null).enumerate().skip(told) {
            let at = at.elements(depth);
            match (old, new) {
                (true, false) => self.tell(Kind::RequestNullableAdded, operation, &at, false, true),
                (false, true) => self.tell(Kind::RequestNullableRemoved, operation, &at, true, false),
                _ => {}
            }
        }
    }
}

fn need(input: &Input) -> &'static str {
    if input.is_required() { "required" } else { "optional" }
}
