//! YAML or JSON text as one JSON tree, as tolerant as real documents need it and bounded in size.
//!
//! Keys that are numbers or booleans become text, merge keys are merged, a key that stands twice is told and the last
//! one counts. An alias may stand for much: what the whole expands to is bounded.

use super::bounds;
use serde::de::{DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, VariantAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::cell::{Cell, RefCell};
use std::fmt;

/// What a document may have, aliases expanded, so that two of them take less than 500 MB: a contract of 40 MB has less. A value
/// counts as one and takes some eighty bytes; an object counts as [`OBJECT`] more, which is the memory that it takes beside its
/// members.
const MOST_VALUES: usize = 2_900_000;
const OBJECT: usize = 6;
/// Values in a text of YAML, whose reader takes in the whole before it hands out the first: another hundred bytes for each.
const MOST_ITEMS: usize = 1_500_000;
/// Brackets of one kind that may be open at once. The YAML reader takes time in proportion to them for each token, and
/// refuses more than 128 of both kinds in the end; the rest is room for prose that does not close what it opens.
pub(super) const MOST_OPEN: usize = 200;

/// Bytes of a text that count as one more value.
const BYTES_OF_VALUE: usize = 100;

/// Things that were tolerated, of which each is reported.
const MOST_NOTES: usize = 100;

/// Keys whose texts promise nothing.
const PROSE: [&str; 2] = ["description", "summary"];

/// A document's tree.
#[derive(Debug)]
pub struct Tree {
    /// The tree.
    pub value: Value,
    /// What was tolerated.
    pub notes: Vec<String>,
}

/// Why a text has no tree.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {message}")]
pub struct TreeError {
    /// What the reader met.
    pub message: String,
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
    /// The text ends where more was expected.
    pub at_end: bool,
}

/// What of a text becomes part of its tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// Everything.
    All,
    /// All but descriptions and summaries: most of a contract's bytes, and not a part of what it promises.
    Facts,
}

/// Reads a text: JSON when it begins like JSON and is, YAML otherwise.
pub fn parse(text: &str, keep: Keep) -> Result<Tree, TreeError> {
    // The YAML reader takes what follows the mark of some editors for a second document.
    let text = text.trim_start_matches('\u{feff}');
    let state = State { left: Cell::new(MOST_VALUES), notes: RefCell::default(), keep };
    let value = if looks_like_json(text) {
        // What has too many values is not read, since what was read of it until then would take all the memory that it may.
        if bounds::is_beyond(text.as_bytes(), MOST_VALUES) {
            return Err(TreeError { message: too_many(MOST_VALUES), line: 1, column: 1, at_end: false });
        }
        from_json(text, &state).or_else(|error| match state.left.get() {
            0 => Err(error),
            _ => from_yaml(text, &state).map_err(|_| error),
        })
    } else {
        from_yaml(text, &state)
    }?;
    Ok(Tree { value, notes: state.notes.into_inner() })
}

/// Whether a text begins as JSON does.
pub(super) fn looks_like_json(text: &str) -> bool {
    text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '['])
}

/// How many values a text has, about: lines, items of lists in one line, and lists in lists.
fn items(text: &str) -> usize {
    let items = |line: &str| 1 + memchr::memchr_iter(b',', line.as_bytes()).count() + dashes(line);
    text.lines().filter(|line| !matches!(line.trim_start().as_bytes().first(), None | Some(b'#'))).map(items).sum()
}

/// Lists that begin on one line: `- - -`.
fn dashes(line: &str) -> usize {
    let mut rest = line.trim_start_matches(' ');
    let mut count = 0;
    while let Some(inner) = rest.strip_prefix("- ") {
        rest = inner.trim_start_matches(' ');
        count += 1;
    }
    count
}

/// The line on which too many brackets are open, or lists begin.
pub(super) fn too_deep(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    if let Some(at) = text.lines().position(|line| dashes(line) > MOST_OPEN) {
        return Some(at + 1);
    }
    [(b'[', b']'), (b'{', b'}')].into_iter().find_map(|(opening, closing)| {
        let mut open = 0_usize;
        let at = memchr::memchr2_iter(opening, closing, bytes).find(|at| {
            open = if bytes[*at] == opening { open + 1 } else { open.saturating_sub(1) };
            open > MOST_OPEN
        })?;
        Some(memchr::memchr_iter(b'\n', &bytes[..at]).count() + 1)
    })
}

/// Whether the values that a YAML text stands for are more than that.
pub(super) fn expands_beyond(text: &str, most: usize) -> bool {
    let state = State { left: Cell::new(most), notes: RefCell::default(), keep: Keep::All };
    Seed::new(&state).deserialize(serde_yaml::Deserializer::from_str(text)).is_err() && state.left.get() == 0
}

fn from_json(text: &str, state: &State) -> Result<Value, TreeError> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = Seed::new(state).deserialize(&mut deserializer).and_then(|value| deserializer.end().map(|()| value));
    value.map_err(|error| TreeError {
        at_end: error.is_eof(),
        line: error.line(),
        column: error.column(),
        message: without_place(&error.to_string()),
    })
}

fn from_yaml(text: &str, state: &State) -> Result<Value, TreeError> {
    if let Some(line) = too_deep(text) {
        let message =
            format!("more than {MOST_OPEN} brackets of one kind are open at once, or lists within each other");
        return Err(TreeError { message, line, column: 1, at_end: false });
    }
    // The YAML reader takes in the whole text before it hands out its first value.
    if memchr::memchr3_iter(b'\n', b',', b'-', text.as_bytes()).count() > MOST_ITEMS && items(text) > MOST_ITEMS {
        return Err(TreeError { message: too_many(MOST_ITEMS), line: 1, column: 1, at_end: false });
    }
    Seed::new(state).deserialize(serde_yaml::Deserializer::from_str(text)).map_err(|error| {
        let place = error.location();
        let line = place.as_ref().map_or(1, serde_yaml::Location::line);
        let column = place.as_ref().map_or(1, serde_yaml::Location::column);
        let rest = text.lines().skip(line).any(|line| !line.trim().is_empty());
        TreeError { at_end: place.is_some() && !rest, line, column, message: without_place(&error.to_string()) }
    })
}

fn too_many(most: usize) -> String {
    format!("it has more than {most} values")
}

/// A message without the place that the reader appends: it is told once.
fn without_place(message: &str) -> String {
    message.split(" at line ").next().unwrap_or(message).to_owned()
}

struct State {
    left: Cell<usize>,
    notes: RefCell<Vec<String>>,
    keep: Keep,
}

impl State {
    fn count<E: Error>(&self, values: usize) -> Result<(), E> {
        let left = self.left.get().checked_sub(values);
        self.left.set(left.unwrap_or(0));
        left.map(drop).ok_or_else(|| E::custom("it has more values than a document may have, aliases expanded"))
    }

    /// A text that an alias stands for is copied each time.
    fn charge<E: Error>(&self, text: &str) -> Result<(), E> {
        let left = self.left.get().saturating_sub(text.len() / BYTES_OF_VALUE);
        self.left.set(left);
        if left == 0 { self.count(1) } else { Ok(()) }
    }

    fn note(&self, note: String) {
        let mut notes = self.notes.borrow_mut();
        if notes.len() < MOST_NOTES && !notes.contains(&note) {
            notes.push(note);
            if notes.len() == MOST_NOTES {
                notes.push("more of the document was tolerated, and is not listed".into());
            }
        }
    }
}

#[derive(Clone, Copy)]
struct Seed<'a> {
    state: &'a State,
    /// A text here is prose, and becomes null.
    prose: bool,
}

impl<'a> Seed<'a> {
    fn new(state: &'a State) -> Self {
        Self { state, prose: false }
    }

    /// A number that JSON cannot write.
    fn as_text(self, number: impl fmt::Display) -> Value {
        self.state.note(format!("{number} is not a JSON number; it is read as text"));
        number.to_string().into()
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.state.count(1)?;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or_else(|| self.as_text(value), Value::Number))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Value, E> {
        Ok(self.as_text(value))
    }

    fn visit_u128<E>(self, value: u128) -> Result<Value, E> {
        Ok(self.as_text(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        self.state.charge(value)?;
        Ok(if self.prose { Value::Null } else { value.into() })
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = items.next_element_seed(Seed::new(self.state))? {
            values.push(value);
        }
        // Most lists are short, and room for four would be more than they need.
        values.shrink_to_fit();
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        self.state.count(OBJECT)?;
        let mut map = Map::new();
        let mut merged = Vec::new();
        let seed = Seed::new(self.state);
        while let Some(key) = members.next_key_seed(Key)? {
            // A property may be called so: then its schema is a map, and stays.
            let prose = self.state.keep == Keep::Facts && PROSE.contains(&key.as_str());
            let value = members.next_value_seed(Seed { prose, ..seed })?;
            if key == "<<" {
                merged.push(value);
            } else if !(prose && value.is_null()) {
                if map.contains_key(&key) {
                    self.state.note(format!("the key `{key}` is duplicated in one object; the last one counts"));
                }
                map.insert(key, value);
            }
        }
        for value in merged {
            merge(&mut map, value);
        }
        Ok(Value::Object(map))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<Value, A::Error> {
        let (tag, value) = data.variant_seed(Seed::new(self.state))?;
        self.state.note(format!("the YAML tag {tag} is ignored"));
        value.newtype_variant_seed(self)
    }
}

/// A key is the text that it is written as, `200` or `null`.
struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key {
    type Value = String;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<String, E> {
        Ok(key.to_owned())
    }
}

/// YAML's merge key: members of the other mapping, where the mapping has none of its own.
fn merge(map: &mut Map<String, Value>, other: Value) {
    match other {
        Value::Object(other) => {
            for (key, value) in other {
                map.entry(key).or_insert(value);
            }
        }
        Value::Array(others) => others.into_iter().for_each(|other| merge(map, other)),
        _ => {}
    }
}

#[cfg(test)]
mod tests;
