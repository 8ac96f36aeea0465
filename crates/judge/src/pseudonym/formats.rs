//! Formats that only the values of one country or one provider have: data that a provider hands over.

use super::Part;
use super::text::{PIECES, regex};
use regex::Regex;
use std::cell::LazyCell;

/// What values and keys look like beyond the generic formats.
#[derive(Debug, Clone, Copy)]
pub struct Formats {
    /// Formats of values.
    pub values: &'static [ValueFormat],
    /// Words of keys, and what a value below such a key is.
    pub words: &'static [(&'static str, Part)],
    /// Values of [`Part::Sex`] in small letters.
    pub sexes: &'static [&'static str],
}

/// A format of values: digits in a fixed arrangement.
#[derive(Debug, Clone, Copy)]
pub struct ValueFormat {
    /// What it is called.
    pub name: &'static str,
    /// A regular expression. The digits of a named group become others, the same ones for the same digits under the same name
    /// of a group. A group whose name begins with `check` is the Luhn digit of all digits before it. All else stays.
    pub pattern: &'static str,
}

impl Formats {
    /// None but the generic ones.
    pub const NONE: Self = Self { values: &[], words: &[], sexes: &[] };
}

/// Formats, ready to be found. They are compiled when the first text is read: most runs only learn words.
pub(super) struct Known {
    pub(super) formats: Formats,
    /// The pieces of a text, each format among them.
    pub(super) pieces: LazyCell<Regex, Box<dyn FnOnce() -> Regex + Send>>,
    /// Each format alone.
    pub(super) alone: LazyCell<Vec<Regex>, Box<dyn FnOnce() -> Vec<Regex> + Send>>,
}

impl Known {
    pub(super) fn new(formats: Formats) -> Self {
        Self {
            formats,
            pieces: LazyCell::new(Box::new(move || pieces(formats.values))),
            alone: LazyCell::new(Box::new(move || formats.values.iter().map(alone).collect())),
        }
    }
}

fn pieces(formats: &[ValueFormat]) -> Regex {
    let patterns: Vec<&str> = formats.iter().map(|format| format.pattern).collect();
    let formats = match patterns.join("|") {
        none if none.is_empty() => none,
        all => format!("|(?P<format>(?-x:{}))", regex(r"\(\?P<\w+>").replace_all(&all, "(?:")),
    };
    regex(&PIECES.replace("|FORMATS", &formats))
}

fn alone(ValueFormat { name, pattern }: &ValueFormat) -> Regex {
    let alone = Regex::new(&format!("^(?:{pattern})$"));
    alone.unwrap_or_else(|error| unreachable!("the format of a {name} is ours: {error}"))
}
