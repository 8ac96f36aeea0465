//! Keywords that apply schemas to a part of a value: to elements by position, to names, under a condition.

use super::direction::Direction;
use super::facets::{Additional, Condition, Facets};
use super::memo::{Level, Outcome};
use super::rest::stated;
use super::schema::Comparer;
use crate::deviation::{Deviation, Kind};
use crate::finding::Class;
use crate::rules::rule;
use serde_json::Value;
use std::collections::BTreeSet;

/// What a change of a part does to those who use the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    None,
    /// All that was sent is still accepted, or all that is answered could be before.
    Harmless,
    Harmful,
    /// What differs could not be compared.
    Blind,
}

impl Change {
    /// What two changes at once come to.
    fn and(self, other: Self) -> Self {
        [Self::Harmful, Self::Blind, Self::Harmless]
            .into_iter()
            .find(|one| [self, other].contains(one))
            .unwrap_or(Self::None)
    }
}

impl<'a> Comparer<'_, 'a> {
    /// Elements by their position, then all others.
    pub(super) fn compare_elements(&mut self, old: &Facets<'a>, new: &Facets<'a>) {
        let at = |facets: &Facets<'a>, position: usize| facets.prefix.get(position).unwrap_or(&facets.items).clone();
        for position in 0..old.prefix.len().max(new.prefix.len()) {
            let (before, after) = (at(old, position), at(new, position));
            self.inside("[]", |inner| inner.compare_stated("prefixItems", &before, &after));
        }
        if !old.items.is_empty() || !new.items.is_empty() {
            let is_of_rest = !old.prefix.is_empty() || !new.prefix.is_empty();
            self.inside("[]", |inner| {
                if is_of_rest {
                    inner.compare_stated("items", &old.items, &new.items);
                } else {
                    inner.compare(&old.items, &new.items);
                }
            });
        }
        let change = self.change(&old.contains, &new.contains);
        self.push_change(change, "contains", old.contains.first().copied(), new.contains.first().copied());
    }

    /// Two schemas, where none allows anything on purpose: nobody forgot it.
    pub(super) fn compare_stated(&mut self, keyword: &str, old: &[&'a Value], new: &[&'a Value]) {
        let is_open =
            |schemas: &[&Value]| schemas.iter().all(|schema| schema.as_object().is_some_and(serde_json::Map::is_empty));
        if is_open(old) == is_open(new) {
            return self.compare(old, new);
        }
        let change = self.change(old, new);
        self.push_change(change, keyword, old.first().copied(), new.first().copied());
    }

    pub(super) fn compare_applicators(&mut self, old: &Facets<'a>, new: &Facets<'a>) {
        self.compare_patterned(old, new);
        let change = self.change(&old.names, &new.names);
        self.push_change(change, "propertyNames", old.names.first().copied(), new.names.first().copied());
        self.compare_dependent(old, new);
        self.compare_conditions(&old.conditions, &new.conditions);
        if !old.content.is_empty() || !new.content.is_empty() {
            self.inside("contentSchema", |inner| inner.compare_stated("contentSchema", &old.content, &new.content));
        }
    }

    /// A pattern that one side does not have: there its names are those of any other property.
    fn compare_patterned(&mut self, old: &Facets<'a>, new: &Facets<'a>) {
        let patterns: BTreeSet<&str> = old.patterned.keys().chain(new.patterned.keys()).copied().collect();
        let others = |facets: &Facets<'a>| match &facets.additional {
            Additional::Schema(schemas) => Some(schemas.clone()),
            Additional::Open => Some(Vec::new()),
            Additional::Closed => None,
        };
        for pattern in patterns {
            let of = |facets: &Facets<'a>| facets.patterned.get(pattern).cloned().or_else(|| others(facets));
            let told = |is_there: bool| {
                if is_there { stated("patternProperties", Some(&pattern.into())) } else { Value::Null }
            };
            match (of(old), of(new)) {
                (Some(before), Some(after)) => {
                    self.inside("*", |inner| inner.compare_stated("patternProperties", &before, &after));
                }
                (None, Some(_)) => self.push(self.direction.bounds_loosened, Value::Null, told(true)),
                (Some(_), None) => self.push(self.direction.bounds_tightened, told(true), Value::Null),
                (None, None) => {}
            }
        }
    }

    /// What must be there, or fit, if a name is there.
    fn compare_dependent(&mut self, old: &Facets<'a>, new: &Facets<'a>) {
        let names: BTreeSet<&str> =
            old.dependent_required.keys().chain(new.dependent_required.keys()).copied().collect();
        for name in names {
            let none = BTreeSet::new();
            let of = |facets: &'_ Facets<'a>| facets.dependent_required.get(name).cloned().unwrap_or_default();
            let (was, is) = (of(old), of(new));
            let change = self.listed(!was.is_subset(&is), !is.is_subset(&was));
            let told = |names: &BTreeSet<&str>| {
                (*names != none).then(|| serde_json::json!({ name: names.iter().collect::<Vec<_>>() }))
            };
            self.push_change(change, "dependentRequired", told(&was).as_ref(), told(&is).as_ref());
        }
        let names: BTreeSet<&str> = old.dependent.keys().chain(new.dependent.keys()).copied().collect();
        for name in names {
            let of = |facets: &Facets<'a>| facets.dependent.get(name).cloned().unwrap_or_default();
            let (was, is) = (of(old), of(new));
            let change = self.change(&was, &is);
            self.push_change(change, "dependentSchemas", was.first().copied(), is.first().copied());
        }
    }

    fn compare_conditions(&mut self, old: &[Condition<'a>], new: &[Condition<'a>]) {
        let mut come: Vec<Condition<'a>> = new.to_vec();
        let mut gone: Vec<Condition<'a>> = Vec::new();
        for condition in old {
            let is_same = |comparer: &mut Self, other: &Condition<'a>| {
                [(condition.of, other.of), (condition.then, other.then), (condition.otherwise, other.otherwise)]
                    .into_iter()
                    .all(|(old, new)| comparer.attempt(&[old], &[new]) == Outcome::SAME)
            };
            match come.iter().position(|other| is_same(self, other)) {
                Some(at) => drop(come.remove(at)),
                None => gone.push(*condition),
            }
        }
        let change = match (&gone[..], &come[..]) {
            ([old], [new]) if self.attempt(&[old.of], &[new.of]).level == Level::Same => {
                let own = self.change(&[old.of], &[new.of]);
                let then = self.change(&[old.then], &[new.then]);
                own.and(then).and(self.change(&[old.otherwise], &[new.otherwise]))
            }
            _ => self.listed(!gone.is_empty(), !come.is_empty()),
        };
        let told = |conditions: &[Condition<'a>]| conditions.first().map(|one| one.of);
        self.push_change(change, "if", told(&gone), told(&come));
    }

    /// What a change of a schema does that every value, or every name, must fit; no schema allows anything.
    pub(super) fn change(&mut self, old: &[&'a Value], new: &[&'a Value]) -> Change {
        if old.is_empty() || new.is_empty() {
            return self.listed(!old.is_empty(), !new.is_empty());
        }
        match self.attempt(old, new) {
            Outcome::SAME => Change::None,
            Outcome { level: Level::Same, .. } => Change::Blind,
            _ if self.breaks(self.direction, old, new) => Change::Harmful,
            _ => Change::Harmless,
        }
    }

    /// Of things that came and went, each of which takes values away.
    pub(super) fn listed(&self, has_gone: bool, has_come: bool) -> Change {
        match (has_gone, has_come) {
            (false, false) => Change::None,
            (true, true) => Change::Harmful,
            (_, has_come) if has_come == self.direction.is_request => Change::Harmful,
            _ => Change::Harmless,
        }
    }

    /// Whether values are taken away, in a request, or brought, in an answer.
    pub(super) fn breaks(&self, direction: &'static Direction, old: &[&'a Value], new: &[&'a Value]) -> bool {
        let mut comparer = Comparer::new(self.differ, direction, self.root).written(self.notation);
        // What rests on a pair that is open here is known when that one is closed, and not before.
        comparer.open.clone_from(&self.open);
        comparer.compare(old, new);
        comparer.found.iter().any(restricts) || comparer.outcome.blind || comparer.cut.is_some()
    }

    /// A keyword that narrows a schema.
    pub(super) fn push_change(&mut self, change: Change, keyword: &str, old: Option<&Value>, new: Option<&Value>) {
        let direction = self.direction;
        let kind = match change {
            Change::None => return,
            Change::Blind => {
                let reason = format!("what differs below `{keyword}` could not be compared");
                return self.push_blind(reason, stated(keyword, old), stated(keyword, new));
            }
            change if (change == Change::Harmful) == direction.is_request => direction.bounds_tightened,
            _ => direction.bounds_loosened,
        };
        self.push(kind, stated(keyword, old), stated(keyword, new));
    }
}

/// Whether a change takes values away, in a request, or brings some, in an answer. That a type is stated, or an object
/// opened, is no break by itself; here it counts.
fn restricts(deviation: &Deviation) -> bool {
    let counts = match deviation.kind {
        Kind::RequestTypeDeclared => true,
        Kind::ResponseAdditionalPropertiesChanged => deviation.observed == true,
        _ => false,
    };
    counts || rule(deviation.kind).class(deviation) != Class::Compatible
}
