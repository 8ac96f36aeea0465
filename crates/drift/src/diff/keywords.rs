//! Keywords that bound one value: enum, format, pattern, lengths, ranges.

use super::direction::Direction;
use super::facets::{BOUNDS, Facets};
use super::number::{divides, identity, order, plain};
use super::types::Types;
use crate::deviation::Kind;
use serde_json::{Number, Value, json};
use std::cmp::Ordering;
use std::collections::{BTreeSet, HashSet};

type Change = (Kind, Value, Value);

/// What differs, as kind, before and after.
pub(super) fn compare(direction: &Direction, old: &Facets<'_>, new: &Facets<'_>) -> Vec<Change> {
    let mut changes = Vec::new();
    values(direction, old, new, &mut changes);
    listed(direction, old, new, &mut changes);
    let (was, is) = (joined(&old.formats), joined(&new.formats));
    let kind_of_change = if adapts(direction, was.as_deref(), is.as_deref()) {
        direction.format_adapted
    } else {
        direction.format_changed
    };
    text([direction.format_added, kind_of_change, direction.format_removed], was, is, &mut changes);
    let patterns = [direction.pattern_added, direction.pattern_changed, direction.pattern_removed];
    text(patterns, joined(&old.patterns), joined(&new.patterns), &mut changes);
    bounds(direction, old, new, &mut changes);
    changes
}

fn values(direction: &Direction, old: &Facets<'_>, new: &Facets<'_>, changes: &mut Vec<Change>) {
    let stated = |facets: &Facets<'_>| Value::Array(list(facets.values.as_deref().unwrap_or_default()));
    match (old.constraint(), new.constraint()) {
        (None, None) => {}
        (None, Some(_)) => changes.push((direction.enum_constraint_added, Value::Null, stated(new))),
        (Some(_), None) => changes.push((direction.enum_constraint_removed, stated(old), Value::Null)),
        (Some(before), Some(after)) => {
            let less = |these: &[&Value], those: &[&Value]| {
                let those: HashSet<String> = those.iter().map(|value| identity(value)).collect();
                let own: Vec<&Value> =
                    these.iter().copied().filter(|value| !those.contains(&identity(value))).collect();
                list(&own)
            };
            let (added, removed) = (less(&after, &before), less(&before, &after));
            if !added.is_empty() {
                changes.push((direction.enum_added, Value::Null, added.into()));
            }
            if !removed.is_empty() {
                changes.push((direction.enum_removed, removed.into(), Value::Null));
            }
        }
    }
}

/// Values of a list that is not closed: an answer may have others, and a request should have these.
fn listed(direction: &Direction, old: &Facets<'_>, new: &Facets<'_>, changes: &mut Vec<Change>) {
    let less = |these: &Facets<'_>, those: &Facets<'_>| {
        let those: HashSet<String> = those.listed.into_iter().flatten().map(identity).collect();
        let values = these.listed.into_iter().flatten();
        list(&values.filter(|value| !those.contains(&identity(value))).collect::<Vec<_>>())
    };
    let (mut gone, come) = (less(old, new), less(new, old));
    if direction.is_request && new.listed.is_some() && !gone.is_empty() {
        changes.push((direction.enum_removed, std::mem::take(&mut gone).into(), Value::Null));
    }
    if !gone.is_empty() || !come.is_empty() {
        let told = |values: Vec<Value>| if values.is_empty() { Value::Null } else { values.into() };
        changes.push((Kind::ExtensibleEnumChanged, told(gone), told(come)));
    }
}

/// Whether a format of numbers became one that includes the old one, or that the old one includes in an answer.
fn adapts(direction: &Direction, old: Option<&str>, new: Option<&str>) -> bool {
    let (narrow, wide) = if direction.is_request { (old, new) } else { (new, old) };
    [("int32", "int64"), ("float", "double")].iter().any(|(one, other)| (narrow, wide) == (Some(*one), Some(*other)))
}

/// Values as they are printed: of very many, the first ones.
fn list(values: &[&Value]) -> Vec<Value> {
    const TOLD: usize = 300;
    let mut told: Vec<Value> = values.iter().take(TOLD).map(|value| (*value).clone()).collect();
    if values.len() > TOLD {
        told.push(format!("… and {} more", values.len() - TOLD).into());
    }
    told
}

/// What all parts of a schema say, as one text.
fn joined(texts: &BTreeSet<&str>) -> Option<String> {
    (!texts.is_empty()).then(|| texts.iter().copied().collect::<Vec<_>>().join(" and "))
}

fn text(kinds: [Kind; 3], old: Option<String>, new: Option<String>, changes: &mut Vec<Change>) {
    let value = |text: Option<String>| text.map_or(Value::Null, Value::from);
    let kind = match (&old, &new) {
        (old, new) if old == new => return,
        (None, _) => kinds[0],
        (Some(_), Some(_)) => kinds[1],
        (_, None) => kinds[2],
    };
    changes.push((kind, value(old), value(new)));
}

fn bounds(direction: &Direction, old: &Facets<'_>, new: &Facets<'_>, changes: &mut Vec<Change>) {
    for (inclusive, exclusive) in [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")] {
        let is_minimum = inclusive == "minimum";
        let limit = |facets: &Facets<'_>| {
            let is_integer = facets.types.is_some_and(Types::is_integer);
            let out =
                facets.bounds.get(exclusive).map(|number| Limit::without(exclusive, number, is_minimum, is_integer));
            let within = facets.bounds.get(inclusive).map(|number| Limit::of(inclusive, number));
            match (out, within) {
                (Some(out), Some(within)) if within.is_narrower(&out, is_minimum) => Some(within),
                (out, within) => out.or(within),
            }
        };
        push_bound(direction, (limit(old), limit(new)), is_minimum, changes);
    }
    for (keyword, greater_is_narrower) in BOUNDS {
        // How many elements must fit says nothing without what they must fit; then one must, unless another number is stated.
        let (is_of_contains, contain) =
            (keyword.ends_with("Contains"), !old.contains.is_empty() && !new.contains.is_empty());
        if !keyword.ends_with("inimum") && !keyword.ends_with("aximum") && (contain || !is_of_contains) {
            let one = (keyword == "minContains").then(|| Number::from(1));
            let stated = |facets: &Facets<'_>| facets.bounds.get(keyword).cloned().or_else(|| one.clone());
            let limit = |facets: &Facets<'_>| stated(facets).map(|number| Limit::of(keyword, &number));
            push_bound(direction, (limit(old), limit(new)), greater_is_narrower, changes);
        }
    }
}

/// A bound.
struct Limit {
    number: Number,
    /// The number itself is out.
    is_out: bool,
    keyword: &'static str,
    /// As the document has it.
    stated: Number,
}

impl Limit {
    fn of(keyword: &'static str, number: &Number) -> Self {
        Self { number: number.clone(), is_out: false, keyword, stated: number.clone() }
    }

    /// Of whole numbers, those below 11 are those up to 10.
    fn without(keyword: &'static str, stated: &Number, is_minimum: bool, is_integer: bool) -> Self {
        let step = if is_minimum { 1 } else { -1 };
        let next = plain(stated).as_i64().filter(|_| is_integer).and_then(|number| number.checked_add(step));
        let number = next.map_or_else(|| stated.clone(), Number::from);
        Self { number, is_out: next.is_none(), keyword, stated: stated.clone() }
    }

    fn is_narrower(&self, other: &Self, is_minimum: bool) -> bool {
        let narrower = if is_minimum { Ordering::Greater } else { Ordering::Less };
        order(&self.number, &other.number) == narrower
    }
}

fn push_bound(
    direction: &Direction,
    (old, new): (Option<Limit>, Option<Limit>),
    greater_is_narrower: bool,
    changes: &mut Vec<Change>,
) {
    let is_tighter = match (&old, &new) {
        (None, None) => return,
        (None, _) => true,
        (_, None) => false,
        (Some(old), Some(new)) => {
            let order = order(&new.number, &old.number);
            let divides = |a: &Limit, b: &Limit| divides(&a.number, &b.number);
            match () {
                () if order == Ordering::Equal && old.is_out == new.is_out => return,
                () if order == Ordering::Equal => new.is_out,
                // Neither wider nor narrower is the harmful one: some value that was right is not, or the reverse.
                () if old.keyword == "multipleOf" && divides(old, new) == divides(new, old) => direction.is_request,
                () if old.keyword == "multipleOf" => divides(old, new),
                () => (order == Ordering::Greater) == greater_is_narrower,
            }
        }
    };
    let stated = |limit: Option<Limit>| match limit {
        Some(Limit { keyword: "uniqueItems", .. }) => json!({"uniqueItems": true}),
        Some(limit) => json!({ limit.keyword: plain(&limit.stated) }),
        None => Value::Null,
    };
    let kind = if is_tighter { direction.bounds_tightened } else { direction.bounds_loosened };
    changes.push((kind, stated(old), stated(new)));
}
