//! Which elements of an array are what they were, but for a key.

use super::terms::below;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// Places, with `*` for elements, at which an object lacks a key that it had while all that both have is equal.
pub(super) fn lost_keys(accepted: &Value, observed: &Value) -> BTreeSet<String> {
    let mut lost = BTreeSet::new();
    collect(accepted, observed, "", &mut lost);
    lost
}

fn collect(old: &Value, new: &Value, pointer: &str, lost: &mut BTreeSet<String>) {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => {
            let is_same = is_same(old, new);
            for (key, value) in old {
                let inner = below(pointer, key);
                match new.get(key) {
                    Some(observed) => collect(value, observed, &inner, lost),
                    None if is_same => drop(lost.insert(inner)),
                    None => {}
                }
            }
        }
        (Value::Array(old), Value::Array(new)) if old.len() == new.len() => {
            let inner = format!("{pointer}/*");
            old.iter().zip(new).for_each(|(old, new)| collect(old, new, &inner, lost));
        }
        _ => {}
    }
}

fn is_same(old: &Map<String, Value>, new: &Map<String, Value>) -> bool {
    let mut common = old.iter().filter_map(|(key, value)| Some((value, new.get(key)?))).peekable();
    common.peek().is_some() && common.all(|(old, new)| old == new)
}
