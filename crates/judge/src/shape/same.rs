//! Which elements of an array are what they were, but for one key. They prove what elements that came and went do not.

use super::terms::below;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// Places, with `*` for elements, at which only one key of an object changed.
#[derive(Debug, Default)]
pub(super) struct Same {
    /// The key is gone, and what both still have is equal, or all the keys are.
    pub(super) lost: BTreeSet<String>,
    /// Its value is null on one side, or empty, and is not on the other; all else is equal.
    pub(super) hollow: BTreeSet<String>,
}

impl Same {
    /// Elements are compared in pairs, where there are as many as before.
    pub(super) fn of(accepted: &Value, observed: &Value) -> Self {
        let mut same = Self::default();
        same.collect(accepted, observed, "");
        same
    }

    fn collect(&mut self, old: &Value, new: &Value, pointer: &str) {
        match (old, new) {
            (Value::Object(old), Value::Object(new)) => {
                let differing = differing(old, new);
                let another = !old.keys().any(|key| new.contains_key(key));
                for (key, value) in old {
                    let inner = below(pointer, key);
                    let Some(observed) = new.get(key) else {
                        if another || differing == Some(0) {
                            self.lost.insert(inner);
                        }
                        continue;
                    };
                    if differing == Some(1) && hollowness(value) != hollowness(observed) {
                        self.hollow.insert(inner.clone());
                    }
                    self.collect(value, observed, &inner);
                }
            }
            (Value::Array(old), Value::Array(new)) if old.len() == new.len() => {
                let inner = format!("{pointer}/*");
                old.iter().zip(new).for_each(|(old, new)| self.collect(old, new, &inner));
            }
            _ => {}
        }
    }
}

/// How many of the keys that both have differ; `None` if not one is equal, for then nothing says that they are the same.
fn differing(old: &Map<String, Value>, new: &Map<String, Value>) -> Option<usize> {
    let common: Vec<bool> = old.iter().filter_map(|(key, value)| Some(value == new.get(key)?)).collect();
    common.contains(&true).then(|| common.iter().filter(|equal| !**equal).count())
}

/// Null, empty, or neither.
fn hollowness(value: &Value) -> u8 {
    match value {
        Value::Null => 2,
        Value::String(text) if text.trim().is_empty() => 1,
        Value::Array(items) if items.is_empty() => 1,
        _ => 0,
    }
}
