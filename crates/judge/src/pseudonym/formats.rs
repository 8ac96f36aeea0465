//! Formats that only the values of one country or one provider have: data that a provider hands over.

use super::Part;
use super::text::{PIECES, regex};
use regex::Regex;

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

/// Formats, ready to be found.
pub(super) struct Known {
    pub(super) formats: Formats,
    /// The pieces of a text, each format among them.
    pub(super) pieces: Regex,
    /// Each format alone.
    pub(super) alone: Vec<Regex>,
}

impl Known {
    pub(super) fn new(formats: Formats) -> Self {
        let unnamed = regex(r"\(\?P<\w+>");
        let patterns: Vec<&str> = formats.values.iter().map(|format| format.pattern).collect();
        let all = match patterns.join("|") {
            none if none.is_empty() => none,
            all => format!("|(?P<format>(?-x:{}))", unnamed.replace_all(&all, "(?:")),
        };
        let alone = |ValueFormat { name, pattern }: &ValueFormat| {
            let alone = Regex::new(&format!("^(?:{pattern})$"));
            alone.unwrap_or_else(|error| unreachable!("the format of a {name} is ours: {error}"))
        };
        let alone = formats.values.iter().map(alone).collect();
        Self { formats, pieces: regex(&PIECES.replace("|FORMATS", &all)), alone }
    }
}
