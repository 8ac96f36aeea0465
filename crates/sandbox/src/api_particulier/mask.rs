//! Scopes: which ones open an operation, and which keys of its answer a token does not see.

use bytes::Bytes;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};

/// The scopes that a token holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Granted {
    /// All of them, and answers are never masked.
    All,
    /// These, by number; answers are masked.
    Some(Vec<usize>),
}

/// What `scopes.yml` says.
#[derive(Debug, Default)]
pub(super) struct Scopes {
    names: Vec<String>,
    numbers: HashMap<String, usize>,
    operations: HashMap<String, Lock>,
}

/// The scopes of one operation.
#[derive(Debug, Clone, Default)]
pub(super) struct Lock {
    keys: Vec<usize>,
    /// Tokens of a pointer, with the scopes that show it.
    pointers: Vec<(Vec<String>, Vec<usize>)>,
}

impl Scopes {
    /// Reads the text of `scopes.yml`: operation, then scope, then pointers.
    pub(super) fn read(text: &str) -> Result<Self, serde_yaml::Error> {
        let book: BTreeMap<String, BTreeMap<String, Vec<String>>> = serde_yaml::from_str(text)?;
        let mut scopes = Self::default();
        for (operation, opened) in book {
            let mut lock = Lock::default();
            for (scope, pointers) in opened {
                let number = scopes.number(scope);
                lock.keys.push(number);
                for pointer in pointers {
                    lock.show(&pointer, number);
                }
            }
            scopes.operations.insert(operation, lock);
        }
        Ok(scopes)
    }

    fn number(&mut self, scope: String) -> usize {
        let Self { names, numbers, .. } = self;
        *numbers.entry(scope).or_insert_with_key(|scope| {
            names.push(scope.clone());
            names.len() - 1
        })
    }

    /// The lock of an operation; one without scopes is open.
    pub(super) fn lock(&self, operation: &str) -> Lock {
        self.operations.get(operation).cloned().unwrap_or_default()
    }

    /// The known ones of a list with commas.
    pub(super) fn granted(&self, list: &str) -> Granted {
        let mut granted: Vec<usize> =
            list.split(',').filter_map(|scope| self.numbers.get(scope.trim()).copied()).collect();
        granted.sort_unstable();
        granted.dedup();
        Granted::Some(granted)
    }

    /// The names of held scopes, sorted.
    pub(super) fn names(&self, granted: &Granted) -> Vec<&str> {
        let mut names: Vec<&str> = match granted {
            Granted::All => self.names.iter().map(String::as_str).collect(),
            Granted::Some(numbers) => numbers.iter().map(|number| self.names[*number].as_str()).collect(),
        };
        names.sort_unstable();
        names
    }
}

impl Lock {
    fn show(&mut self, pointer: &str, scope: usize) {
        // `/` is the whole answer of v2.
        let tokens: Vec<String> =
            pointer.split('/').skip(1).filter(|token| !token.is_empty()).map(str::to_owned).collect();
        match self.pointers.iter_mut().find(|(known, _)| *known == tokens) {
            Some((_, scopes)) => scopes.push(scope),
            None => self.pointers.push((tokens, vec![scope])),
        }
    }

    /// Whether one of the scopes opens the operation.
    pub(super) fn opens(&self, granted: &Granted) -> bool {
        match granted {
            Granted::All => true,
            Granted::Some(granted) => self.keys.is_empty() || self.keys.iter().any(|key| granted.contains(key)),
        }
    }

    /// The body without the keys that no held scope shows.
    pub(super) fn mask(&self, body: &Bytes, granted: &Granted) -> Bytes {
        let Granted::Some(granted) = granted else { return body.clone() };
        let mut hidden = self.pointers.iter().filter(|(_, shown)| !shown.iter().any(|scope| granted.contains(scope)));
        let Some(first) = hidden.next() else { return body.clone() };
        // A stored text that is no JSON has no keys.
        let Ok(mut value) = serde_json::from_slice::<Value>(body) else { return body.clone() };
        for (tokens, _) in std::iter::once(first).chain(hidden) {
            remove(&mut value, tokens);
        }
        Bytes::from(value.to_string())
    }
}

fn remove(value: &mut Value, tokens: &[String]) {
    match (tokens, value) {
        ([], value) => *value = Value::Object(serde_json::Map::new()),
        ([star, rest @ ..], Value::Array(items)) if star == "*" => items.iter_mut().for_each(|item| remove(item, rest)),
        ([key], Value::Object(object)) => drop(object.remove(key)),
        ([key, rest @ ..], Value::Object(object)) => {
            if let Some(value) = object.get_mut(key) {
                remove(value, rest);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::{Granted, Scopes};
    use bytes::Bytes;
    use serde_json::{Value, json};

    const TEXT: &str =
        "op:\n  a: [/data/a]\n  b: [/data/b, '/data/list/*/b']\n  both: [/data/a]\n  nothing: []\nwhole:\n  w: [/]\n";

    fn masked(operation: &str, granted: &str, body: &Value) -> Value {
        let scopes = Scopes::read(TEXT).expect("it parses");
        let bytes = scopes.lock(operation).mask(&Bytes::from(body.to_string()), &scopes.granted(granted));
        serde_json::from_slice(&bytes).expect("JSON")
    }

    #[test]
    fn keys_that_no_held_scope_shows_are_removed() {
        let body = json!({"data": {"a": 1, "b": 2, "free": 3, "list": [{"a": 1, "b": 2}, {"b": 3}]}});
        let without_b = json!({"data": {"a": 1, "free": 3, "list": [{"a": 1}, {}]}});
        assert_eq!(masked("op", "a", &body), without_b);
        assert_eq!(masked("op", "both", &body), without_b);
        assert_eq!(masked("op", "a,b", &body), body);
        assert_eq!(masked("whole", "a", &body), json!({}));
        assert_eq!(masked("unlisted", "", &body), body);
    }

    #[test]
    fn one_scope_opens_even_if_it_shows_nothing() {
        let scopes = Scopes::read(TEXT).expect("it parses");
        assert!(scopes.lock("op").opens(&scopes.granted("nothing")));
        assert!(!scopes.lock("op").opens(&scopes.granted("w,unheard-of")));
        assert!(scopes.lock("op").opens(&Granted::All));
        assert!(scopes.lock("unlisted").opens(&scopes.granted("")));
    }

    #[test]
    fn a_text_that_is_no_json_is_left_as_it_is() {
        let scopes = Scopes::read(TEXT).expect("it parses");
        assert_eq!(scopes.lock("op").mask(&Bytes::from("<html>"), &scopes.granted("a")), "<html>");
    }
}
