//! Keywords that apply schemas to a part of a value: to elements by position, to names, under a condition.

use super::direction::{Direction, REQUEST, RESPONSE};
use super::facets::{Additional, Condition, Facets};
use super::memo::Outcome;
use super::rest::stated;
use super::schema::Comparer;
use crate::deviation::{Deviation, Kind};
use crate::finding::Class;
use crate::rules::rule;
use serde_json::Value;
use std::collections::BTreeSet;

/// How the values that fit a schema changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shift {
    Same,
    Wider,
    Narrower,
    /// Some values that fitted no longer do, and others do.
    Aside,
}

impl Shift {
    /// What two shifts at once come to.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Same, one) | (one, Self::Same) => one,
            (one, other) if one == other => one,
            _ => Self::Aside,
        }
    }

    /// Of things that came and went, each of which narrows a schema.
    fn of(has_gone: bool, has_come: bool) -> Self {
        match (has_gone, has_come) {
            (false, false) => Self::Same,
            (true, false) => Self::Wider,
            (false, true) => Self::Narrower,
            (true, true) => Self::Aside,
        }
    }
}

impl<'a> Comparer<'_, 'a> {
    /// Elements by their position, then all others.
    pub(super) fn compare_elements(&mut self, old: &Facets<'a>, new: &Facets<'a>) {
        let at = |facets: &Facets<'a>, position: usize| facets.prefix.get(position).unwrap_or(&facets.items).clone();
        for position in 0..old.prefix.len().max(new.prefix.len()) {
            self.inside("[]", |inner| inner.compare(&at(old, position), &at(new, position)));
        }
        if !old.items.is_empty() || !new.items.is_empty() {
            self.inside("[]", |inner| inner.compare(&old.items, &new.items));
        }
        let shift = self.shift(&old.contains, &new.contains);
        self.push_shift(shift, "contains", old.contains.first().copied(), new.contains.first().copied());
    }

    pub(super) fn compare_applicators(&mut self, old: &Facets<'a>, new: &Facets<'a>) {
        self.compare_patterned(old, new);
        let shift = self.shift(&old.names, &new.names);
        self.push_shift(shift, "propertyNames", old.names.first().copied(), new.names.first().copied());
        self.compare_dependent(old, new);
        self.compare_conditions(&old.conditions, &new.conditions);
        if !old.content.is_empty() || !new.content.is_empty() {
            self.inside("contentSchema", |inner| inner.compare(&old.content, &new.content));
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
                (Some(before), Some(after)) if before.is_empty() != after.is_empty() => {
                    let kind = if before.is_empty() {
                        self.direction.bounds_tightened
                    } else {
                        self.direction.bounds_loosened
                    };
                    self.push(kind, told(!before.is_empty()), told(!after.is_empty()));
                }
                (Some(before), Some(after)) => self.inside("*", |inner| inner.compare(&before, &after)),
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
            let shift = Shift::of(!was.is_subset(&is), !is.is_subset(&was));
            let told = |names: &BTreeSet<&str>| {
                (*names != none).then(|| serde_json::json!({ name: names.iter().collect::<Vec<_>>() }))
            };
            self.push_shift(shift, "dependentRequired", told(&was).as_ref(), told(&is).as_ref());
        }
        let names: BTreeSet<&str> = old.dependent.keys().chain(new.dependent.keys()).copied().collect();
        for name in names {
            let of = |facets: &Facets<'a>| facets.dependent.get(name).cloned().unwrap_or_default();
            let (was, is) = (of(old), of(new));
            let shift = self.shift(&was, &is);
            self.push_shift(shift, "dependentSchemas", was.first().copied(), is.first().copied());
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
        let shift = match (&gone[..], &come[..]) {
            ([old], [new]) if self.attempt(&[old.of], &[new.of]) == Outcome::SAME => {
                let then = self.shift(&[old.then], &[new.then]);
                then.and(self.shift(&[old.otherwise], &[new.otherwise]))
            }
            _ => Shift::of(!gone.is_empty(), !come.is_empty()),
        };
        let told = |conditions: &[Condition<'a>]| conditions.first().map(|one| one.of);
        self.push_shift(shift, "if", told(&gone), told(&come));
    }

    /// How the values that fit changed, as the rules of both directions see it; no schema allows anything.
    fn shift(&mut self, old: &[&'a Value], new: &[&'a Value]) -> Shift {
        if old.is_empty() || new.is_empty() {
            return Shift::of(!old.is_empty(), !new.is_empty());
        }
        if self.attempt(old, new) == Outcome::SAME {
            return Shift::Same;
        }
        match (self.breaks(&REQUEST, old, new), self.breaks(&RESPONSE, old, new)) {
            (false, _) => Shift::Wider,
            (true, false) => Shift::Narrower,
            (true, true) => Shift::Aside,
        }
    }

    /// Whether values are taken away, in a request, or brought, in an answer.
    pub(super) fn breaks(&self, direction: &'static Direction, old: &[&'a Value], new: &[&'a Value]) -> bool {
        let mut comparer = Comparer::new(self.differ, direction, self.root);
        comparer.text = self.text;
        // What rests on a pair that is open here is known when that one is closed, and not before.
        comparer.open.clone_from(&self.open);
        comparer.compare(old, new);
        comparer.found.iter().any(restricts) || comparer.outcome.blind
    }

    /// A keyword that narrows a schema. What is aside is the harmful one.
    fn push_shift(&mut self, shift: Shift, keyword: &str, old: Option<&Value>, new: Option<&Value>) {
        let direction = self.direction;
        let kind = match shift {
            Shift::Same => return,
            Shift::Narrower => direction.bounds_tightened,
            Shift::Aside if direction.is_request => direction.bounds_tightened,
            Shift::Wider | Shift::Aside => direction.bounds_loosened,
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
