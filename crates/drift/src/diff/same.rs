//! Whether two values say the same, references followed, prose and extensions left out.

use super::document::{Document, address, reference};
use super::keys::{OF_NAMES, is_prose};
use super::number::identity;
use serde_json::Value;
use std::collections::{BTreeSet, HashSet};

/// Lists whose order says nothing.
const SETS: [&str; 3] = ["required", "enum", "type"];

/// Values within values that are followed.
const DEEPEST: usize = 200;

/// Whether two values say the same. What cannot be told counts as a difference.
pub(super) fn same<'a>(old: (&Document<'a>, &'a Value), new: (&Document<'a>, &'a Value), of_names: bool) -> bool {
    Sameness { old: old.0, new: new.0, seen: HashSet::new() }.of(old.1, new.1, of_names, 0)
}

struct Sameness<'d, 'a> {
    old: &'d Document<'a>,
    new: &'d Document<'a>,
    /// Pairs that were met: a value may contain itself.
    seen: HashSet<(usize, usize, bool)>,
}

impl<'a> Sameness<'_, 'a> {
    fn of(&mut self, old: &'a Value, new: &'a Value, of_names: bool, depth: usize) -> bool {
        self.old.step(1);
        if depth > DEEPEST {
            return false;
        }
        let (old, new) = if reference(old).is_some() || reference(new).is_some() {
            let (one, other) = (self.old.follow(old), self.new.follow(new));
            // The same reference to nowhere is the same; what another file says is not known.
            if one.stuck != other.stuck || one.stuck.is_some_and(|stuck| !stuck.starts_with('#')) {
                return false;
            }
            if !self.seen.insert((address(one.node), address(other.node), of_names)) {
                return true;
            }
            (one.node, other.node)
        } else {
            (old, new)
        };
        match (old, new) {
            (Value::Object(one), Value::Object(other)) => {
                let says = |key: &&String| of_names || !is_prose(key);
                let keys = |map: &'a serde_json::Map<String, Value>| map.keys().filter(says).collect::<BTreeSet<_>>();
                let keys = (keys(one), keys(other));
                keys.0 == keys.1
                    && keys.0.into_iter().all(|key| {
                        let (one, other) = (&one[key.as_str()], &other[key.as_str()]);
                        match key.as_str() {
                            // What each scope is for is prose.
                            "scopes" if !of_names && one.is_object() => names(one) == names(other),
                            key if !of_names && SETS.contains(&key) => set(one) == set(other),
                            key => self.of(one, other, !of_names && OF_NAMES.contains(&key), depth + 1),
                        }
                    })
            }
            (Value::Array(one), Value::Array(other)) => {
                one.len() == other.len()
                    && one.iter().zip(other).all(|(one, other)| self.of(one, other, false, depth + 1))
            }
            (one, other) => identity(one) == identity(other),
        }
    }
}

fn names(map: &Value) -> BTreeSet<&String> {
    map.as_object().into_iter().flatten().map(|(name, _)| name).collect()
}

fn set(list: &Value) -> BTreeSet<String> {
    list.as_array().map_or_else(|| BTreeSet::from([identity(list)]), |items| items.iter().map(identity).collect())
}
