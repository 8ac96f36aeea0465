//! Keyed pseudonyms. The same value has the same pseudonym wherever it stands, and one of the same form.
//!
//! A text is taken apart into dates, numbers, addresses and words, and each has its own pseudonym: so a name is the same in
//! a parameter, in a field and inside a sentence, in capitals and in small letters, with and without its accents. What is
//! nobody's stays: booleans, nulls, keys, the values that the contract lists, codes of errors.

mod formats;
mod keyed;
mod keys;
mod outline;
mod part;
mod text;
mod tree;

pub use formats::{Formats, ValueFormat};
pub use keys::{Known, is_code, more_properties};
pub use part::Part;
pub use tree::{Terms, Unfit};

use keyed::Keyed;
use serde_json::Value;
use std::collections::BTreeSet;

/// How many letters or digits something must have to give somebody away in a name of a file.
const TELLING: usize = 3;
/// How many it must have to do so inside a longer word.
const TELLING_INSIDE: usize = 5;

/// The pseudonyms of one project, and the words that a name of a file must not tell. It has no `Debug`: it holds the key.
pub struct Pseudonyms {
    keyed: Keyed,
    known: formats::Known,
    telling: BTreeSet<String>,
    /// Words of a contract, which give nobody away.
    public: BTreeSet<String>,
}

impl Pseudonyms {
    /// Those of a key, for values of these formats too. Whoever has the key can try values until one has the pseudonym that is
    /// asked for.
    #[must_use]
    pub fn new(key: &[u8], formats: Formats) -> Self {
        Self {
            keyed: Keyed::new(key),
            known: formats::Known::new(formats),
            telling: BTreeSet::new(),
            public: BTreeSet::new(),
        }
    }

    /// What a value is, as its key says.
    #[must_use]
    pub fn part(&self, key: &str) -> Part {
        Part::of(key, self.known.formats.words)
    }

    /// Learns the words of a value: a key that nobody documented, or the name of a case, may tell one of them.
    pub fn learn(&mut self, value: &Value) {
        match value {
            Value::String(text) => self.telling.extend(text::words(text).map(text::fold)),
            Value::Number(number) => drop(self.telling.insert(number.to_string())),
            Value::Array(items) => items.iter().for_each(|item| self.learn(item)),
            Value::Object(members) => members.values().for_each(|member| self.learn(member)),
            Value::Null | Value::Bool(_) => {}
        }
    }

    /// Takes the words of a contract for nobody's, in the names of files and steps.
    pub fn know<'w>(&mut self, words: impl Iterator<Item = &'w str>) {
        self.public.extend(words.map(text::fold));
    }

    /// Whether a name tells a word that was learnt.
    #[must_use]
    pub fn tells(&self, name: &str) -> bool {
        text::words(name).any(|word| self.gives_away(word))
    }

    /// A name of a file or a step without the words that were learnt: the first number, a status, is nobody's.
    #[must_use]
    pub fn concealed(&self, name: &str) -> String {
        let mut concealed = String::with_capacity(name.len());
        let mut end = 0;
        for word in text::words(name) {
            // A word is a part of the name, so its place can be told.
            let start = name[end..].find(word).map_or(end, |place| end + place);
            concealed.push_str(&name[end..start]);
            let is_status = start == 0 && word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_digit());
            if !is_status && self.gives_away(word) {
                concealed.push_str(&self.plain_word(word));
            } else {
                concealed.push_str(word);
            }
            end = start + word.len();
        }
        concealed + &name[end..]
    }

    fn gives_away(&self, word: &str) -> bool {
        let word = text::fold(word);
        if self.public.contains(&word) {
            return false;
        }
        let within = |own: &String| own.chars().count() >= TELLING_INSIDE && word.contains(own.as_str());
        (word.chars().count() >= TELLING && self.telling.contains(&word)) || self.telling.iter().any(within)
    }
}
