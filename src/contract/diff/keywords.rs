//! Keywords that bound one value: enum, format, pattern, lengths, ranges.

use super::direction::Direction;
use super::facets::{BOUNDS, Facets};
use crate::deviation::Kind;
use serde_json::{Value, json};

type Change = (Kind, Value, Value);

/// What differs, as kind, before and after.
pub(super) fn compare(direction: &Direction, old: &Facets<'_>, new: &Facets<'_>) -> Vec<Change> {
    let mut changes = Vec::new();
    values(direction, old, new, &mut changes);
    let formats = [direction.format_added, direction.format_changed, direction.format_removed];
    text(formats, old.format, new.format, &mut changes);
    let patterns = [direction.pattern_added, direction.pattern_changed, direction.pattern_removed];
    text(patterns, old.pattern, new.pattern, &mut changes);
    bounds(direction, old, new, &mut changes);
    if direction.is_request && old.default != new.default {
        let value = |value: Option<&Value>| value.cloned().unwrap_or_default();
        changes.push((Kind::RequestDefaultChanged, value(old.default), value(new.default)));
    }
    changes
}

fn values(direction: &Direction, old: &Facets<'_>, new: &Facets<'_>, changes: &mut Vec<Change>) {
    let list = |values: &[&Value]| Value::Array(values.iter().map(|value| (*value).clone()).collect());
    let stated = |facets: &Facets<'_>| list(facets.values.as_deref().unwrap_or_default());
    match (old.constraint(), new.constraint()) {
        (None, None) => {}
        (None, Some(_)) => changes.push((direction.enum_constraint_added, Value::Null, stated(new))),
        (Some(_), None) => changes.push((direction.enum_constraint_removed, stated(old), Value::Null)),
        (Some(before), Some(after)) => {
            let less = |these: &[&Value], those: &[&Value]| -> Vec<Value> {
                let is_new = |value: &&&Value| !those.iter().any(|other| same(value, other));
                these.iter().filter(is_new).map(|value| (*value).clone()).collect()
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

/// `1` and `1.0` are one number.
fn same(a: &Value, b: &Value) -> bool {
    a == b || (a.is_number() && a.as_f64() == b.as_f64())
}

fn text(kinds: [Kind; 3], old: Option<&str>, new: Option<&str>, changes: &mut Vec<Change>) {
    let value = |text: Option<&str>| text.map_or(Value::Null, Value::from);
    let kind = match (old, new) {
        (old, new) if old == new => return,
        (None, _) => kinds[0],
        (Some(_), Some(_)) => kinds[1],
        (_, None) => kinds[2],
    };
    changes.push((kind, value(old), value(new)));
}

fn bounds(direction: &Direction, old: &Facets<'_>, new: &Facets<'_>, changes: &mut Vec<Change>) {
    for (inclusive, exclusive) in [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")] {
        let limit = |facets: &Facets<'_>| {
            let found = |keyword| facets.bounds.get(keyword).map(|number| (*number, keyword == exclusive, keyword));
            found(exclusive).or_else(|| found(inclusive))
        };
        push_bound(direction, (limit(old), limit(new)), inclusive == "minimum", changes);
    }
    for (keyword, greater_is_narrower) in BOUNDS {
        if !keyword.ends_with("inimum") && !keyword.ends_with("aximum") {
            let limit = |facets: &Facets<'_>| facets.bounds.get(keyword).map(|number| (*number, false, keyword));
            push_bound(direction, (limit(old), limit(new)), greater_is_narrower, changes);
        }
    }
}

/// A bound: its number, whether the number itself is out, its keyword.
type Limit = Option<(f64, bool, &'static str)>;

fn push_bound(direction: &Direction, (old, new): (Limit, Limit), greater_is_narrower: bool, changes: &mut Vec<Change>) {
    let is_tighter = match (old, new) {
        (old, new) if old == new => return,
        (None, _) => true,
        (_, None) => false,
        (Some((was, _, "multipleOf")), Some((is, ..))) => {
            // Neither wider nor narrower is the harmful one: some value that was right is not, or the reverse.
            let divides = |a: f64, b: f64| (b / a).fract().abs() < f64::EPSILON;
            if divides(was, is) || divides(is, was) { divides(was, is) } else { direction.is_request }
        }
        (Some((was, was_out, _)), Some((is, is_out, _))) if (was - is).abs() < f64::EPSILON => is_out && !was_out,
        (Some((was, ..)), Some((is, ..))) => (is > was) == greater_is_narrower,
    };
    let stated = |limit: Limit| match limit {
        Some((_, _, "uniqueItems")) => json!({"uniqueItems": true}),
        Some((number, _, keyword)) => json!({ keyword: plain(number) }),
        None => Value::Null,
    };
    let kind = if is_tighter { direction.bounds_tightened } else { direction.bounds_loosened };
    changes.push((kind, stated(old), stated(new)));
}

/// A number as a document writes it: `5`, not `5.0`.
#[allow(clippy::cast_possible_truncation, reason = "whole numbers below 2^53 only")]
fn plain(number: f64) -> Value {
    if number.fract() == 0.0 && number.abs() < 9e15 { json!(number as i64) } else { json!(number) }
}
