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
    let kind_of_change =
        if adapts(direction, old.format, new.format) { direction.format_adapted } else { direction.format_changed };
    text([direction.format_added, kind_of_change, direction.format_removed], old.format, new.format, &mut changes);
    let patterns = [direction.pattern_added, direction.pattern_changed, direction.pattern_removed];
    text(patterns, old.pattern, new.pattern, &mut changes);
    bounds(direction, old, new, &mut changes);
    if direction.is_request && old.default != new.default {
        let value = |value: Option<&Value>| value.cloned().unwrap_or_default();
        let both = old.default.is_some() && new.default.is_some();
        let kind = if both { Kind::RequestDefaultChanged } else { Kind::RequestDefaultDeclared };
        changes.push((kind, value(old.default), value(new.default)));
    }
    if old.excluded != new.excluded {
        // What is taken out of the values narrows them; what is put back widens them.
        let list = |facets: &Facets<'_>| match facets.excluded.len() {
            0 => Value::Null,
            _ => json!({"not": facets.excluded}),
        };
        let tighter = old.excluded.iter().all(|excluded| new.excluded.contains(excluded));
        let looser = new.excluded.iter().all(|excluded| old.excluded.contains(excluded));
        let is_tighter = if tighter == looser { direction.is_request } else { tighter };
        let kind = if is_tighter { direction.bounds_tightened } else { direction.bounds_loosened };
        changes.push((kind, list(old), list(new)));
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

/// Whether a format of numbers became one that includes the old one, or that the old one includes in an answer.
fn adapts(direction: &Direction, old: Option<&str>, new: Option<&str>) -> bool {
    let (narrow, wide) = if direction.is_request { (old, new) } else { (new, old) };
    [("int32", "int64"), ("float", "double")].iter().any(|(one, other)| (narrow, wide) == (Some(*one), Some(*other)))
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
            // Of whole numbers, those below 11 are those up to 10.
            let step = match facets.types {
                Some(types) if types.is_integer() => {
                    if inclusive == "minimum" {
                        1.0
                    } else {
                        -1.0
                    }
                }
                _ => 0.0,
            };
            let out = |number: &f64| Limit {
                number: number + step,
                is_out: step == 0.0,
                keyword: exclusive,
                stated: *number,
            };
            let within = |number: &f64| Limit { number: *number, is_out: false, keyword: inclusive, stated: *number };
            facets.bounds.get(exclusive).map(out).or_else(|| facets.bounds.get(inclusive).map(within))
        };
        push_bound(direction, (limit(old), limit(new)), inclusive == "minimum", changes);
    }
    for (keyword, greater_is_narrower) in BOUNDS {
        if !keyword.ends_with("inimum") && !keyword.ends_with("aximum") {
            let within = |number: &f64| Limit { number: *number, is_out: false, keyword, stated: *number };
            let limit = |facets: &Facets<'_>| facets.bounds.get(keyword).map(within);
            push_bound(direction, (limit(old), limit(new)), greater_is_narrower, changes);
        }
    }
}

/// A bound.
#[derive(Clone, Copy)]
struct Limit {
    number: f64,
    /// The number itself is out.
    is_out: bool,
    keyword: &'static str,
    /// As the document has it.
    stated: f64,
}

fn push_bound(
    direction: &Direction,
    (old, new): (Option<Limit>, Option<Limit>),
    greater_is_narrower: bool,
    changes: &mut Vec<Change>,
) {
    let is_tighter = match (old, new) {
        (None, None) => return,
        (None, _) => true,
        (_, None) => false,
        (Some(old), Some(new)) => {
            let (was, is) = (old.number, new.number);
            let is_same = (was - is).abs() < f64::EPSILON;
            let divides = |a: f64, b: f64| (b / a).fract().abs() < f64::EPSILON;
            match () {
                () if is_same && old.is_out == new.is_out => return,
                () if is_same => new.is_out,
                // Neither wider nor narrower is the harmful one: some value that was right is not, or the reverse.
                () if old.keyword == "multipleOf" && divides(was, is) == divides(is, was) => direction.is_request,
                () if old.keyword == "multipleOf" => divides(was, is),
                () => (is > was) == greater_is_narrower,
            }
        }
    };
    let stated = |limit: Option<Limit>| match limit {
        Some(Limit { keyword: "uniqueItems", .. }) => json!({"uniqueItems": true}),
        Some(limit) => json!({ limit.keyword: plain(limit.stated) }),
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
