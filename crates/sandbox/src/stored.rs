//! Stored answers: each has a name, and is found by the key of what was sent.

use crate::reply::Reply;
use std::collections::HashMap;

/// The stored answers of one operation.
pub(crate) struct Stored {
    replies: Vec<Reply>,
    names: HashMap<String, usize>,
    keys: HashMap<String, usize>,
    /// The answer where no other one matches.
    pub(crate) fallback: Reply,
}

impl Stored {
    pub(crate) fn new(fallback: Reply) -> Self {
        Self { replies: Vec::new(), names: HashMap::new(), keys: HashMap::new(), fallback }
    }

    /// Keeps an answer. Of two with one name or one key, the first is found.
    pub(crate) fn keep(&mut self, name: &str, keys: impl IntoIterator<Item = String>, reply: Reply) {
        let number = self.replies.len();
        self.replies.push(reply);
        self.names.entry(name.to_owned()).or_insert(number);
        for key in keys {
            self.keys.entry(key).or_insert(number);
        }
    }

    /// The answer to exactly what a key stands for.
    pub(crate) fn exact(&self, key: &str) -> Option<&Reply> {
        self.keys.get(key).map(|number| &self.replies[*number])
    }

    /// The answer of this name, or else the fallback.
    pub(crate) fn named(&self, name: &str) -> &Reply {
        self.names.get(name).map_or(&self.fallback, |number| &self.replies[*number])
    }
}
