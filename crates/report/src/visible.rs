//! Foreign text as it may stand in somebody's terminal, log or page: what would steer it, or hide in it, is seen instead.

use serde::Serialize;
use serde_json::ser::{CharEscape, Formatter, PrettyFormatter, Serializer};
use std::fmt::Write as _;
use std::io::{self, Write};

/// What stands for a character that XML cannot have, or that a reader would not see.
const HIDDEN: char = '\u{fffd}';
/// What a sequence of styles may have at most: `ESC[1;38;2;255;255;255m`.
const LONGEST_STYLE: usize = 32;

/// A text without characters that steer a terminal, a parser or the direction of writing. Line breaks and tabs stay.
#[must_use]
pub fn visible(text: &str) -> String {
    text.replace("\r\n", "\n").chars().map(|character| if steers(character) { HIDDEN } else { character }).collect()
}

/// The same on one line, cut after `most` characters.
#[must_use]
pub fn line(text: &str, most: usize) -> String {
    let visible = visible(text);
    let mut line = String::with_capacity(visible.len().min(most));
    for (position, character) in visible.chars().enumerate() {
        if position == most {
            line.push('…');
            break;
        }
        line.push(if matches!(character, '\n' | '\t') { ' ' } else { character });
    }
    line
}

/// The same, whole: for a person's terminal.
#[must_use]
pub fn whole(text: &str) -> String {
    line(text, usize::MAX)
}

/// A text in which each character that steers has become one of as many bytes: places in it stay what they are.
#[must_use]
pub fn of_same_length(text: &str) -> String {
    let stand_in = |character: char| match character.len_utf8() {
        1 => "?",
        2 => "·",
        3 => "\u{fffd}",
        _ => "\u{fffd}?",
    };
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if steers(character) {
            shown.push_str(stand_in(character));
        } else {
            shown.push(character);
        }
    }
    shown
}

/// A value as indented JSON, in which what steers is escaped: a reader of JSON reads the same value.
pub fn json(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(out, Escaping(PrettyFormatter::new()))).map_err(io::Error::from)
}

/// Whether a character steers what shows it, or is not seen.
#[must_use]
pub fn steers(character: char) -> bool {
    let is_control = character.is_control() && !matches!(character, '\n' | '\t');
    // Directions, joiners, marks without a width, and the tags that repeat ASCII unseen.
    let is_format = matches!(
        character,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
    );
    // XML has no such characters, and Unicode none that mean anything.
    let is_none = matches!(character, '\u{fffe}' | '\u{ffff}');
    // Some readers of pages end a line here.
    let ends = matches!(character, '\u{2028}' | '\u{2029}');
    is_control || is_format || is_none || ends
}

/// Indented JSON with escapes for what steers.
struct Escaping<'a>(PrettyFormatter<'a>);

impl Formatter for Escaping<'_> {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some((start, character)) = rest.char_indices().find(|(_, character)| steers(*character)) {
            out.write_all(&rest.as_bytes()[..start])?;
            for unit in character.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}")?;
            }
            rest = &rest[start + character.len_utf8()..];
        }
        out.write_all(rest.as_bytes())
    }

    fn write_char_escape<W: ?Sized + Write>(&mut self, out: &mut W, escape: CharEscape) -> io::Result<()> {
        self.0.write_char_escape(out, escape)
    }

    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_array(out)
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array(out)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(out, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array_value(out)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object(out)
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object(out)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(out, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object_value(out)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object_value(out)
    }
}

/// How a line has begun, as far as a CI would take it for a command: `::set-output`, `##[group]`, `##vso[`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Start {
    Blank,
    Colon,
    Hash,
    Hashes,
    Text,
}

/// The edge of the program: whatever passes is text and colours, and nothing else. What steers is written as `\u{1b}`, and so is the
/// character that would make a command of a CI of a line.
#[derive(Debug)]
pub struct Visible<W: Write> {
    inner: W,
    start: Start,
    /// The beginning of a character or of a style whose end has not come.
    held: Vec<u8>,
}

impl<W: Write> Visible<W> {
    /// In front of a stream.
    pub fn new(inner: W) -> Self {
        Self { inner, start: Start::Blank, held: Vec::new() }
    }

    /// Writes what is known to be whole; the rest is held.
    fn pass(&mut self, bytes: &[u8], is_last: bool) -> io::Result<()> {
        let held = [std::mem::take(&mut self.held), bytes.to_vec()].concat();
        let mut shown = String::with_capacity(held.len());
        let mut rest = &held[..];
        while !rest.is_empty() {
            let valid = match str::from_utf8(rest) {
                Ok(text) => text,
                Err(error) => str::from_utf8(&rest[..error.valid_up_to()]).unwrap_or_default(),
            };
            if valid.is_empty() {
                // Not yet a character, or none at all.
                if !is_last && str::from_utf8(rest).is_err_and(|error| error.error_len().is_none()) {
                    break;
                }
                // A text takes everything.
                let _ = write!(shown, "\\x{:02x}", rest[0]);
                rest = &rest[1..];
                continue;
            }
            rest = &rest[valid.len()..];
            if let Some(held) = self.show(valid, &mut shown, is_last || !rest.is_empty()) {
                self.held = held.as_bytes().to_vec();
            }
        }
        self.held.extend_from_slice(rest);
        self.inner.write_all(shown.as_bytes())
    }

    /// Returns the beginning of a style whose end has not come.
    fn show<'t>(&mut self, text: &'t str, shown: &mut String, is_last: bool) -> Option<&'t str> {
        let mut rest = text;
        while let Some(character) = rest.chars().next() {
            if character == '\u{1b}' {
                match style(rest) {
                    Style::Whole(length) => {
                        shown.push_str(&rest[..length]);
                        rest = &rest[length..];
                        continue;
                    }
                    Style::Begun if !is_last => return Some(rest),
                    Style::Begun | Style::None => {}
                }
            }
            let (start, commands) = self.start.after(character);
            self.start = start;
            if commands || steers(character) {
                shown.extend(character.escape_unicode());
            } else {
                shown.push(character);
            }
            rest = &rest[character.len_utf8()..];
        }
        None
    }
}

impl Start {
    /// How the line has begun after one more character, and whether that makes a command of it.
    fn after(self, character: char) -> (Self, bool) {
        match (self, character) {
            (_, '\n') | (Self::Blank, ' ' | '\t') => (Self::Blank, false),
            (Self::Blank, ':') => (Self::Colon, false),
            (Self::Blank, '#') => (Self::Hash, false),
            (Self::Hash, '#') => (Self::Hashes, false),
            (Self::Colon, ':') | (Self::Hashes, '[' | 'v') => (Self::Text, true),
            // A character that is escaped takes nothing away from what stands before it.
            (start, other) if start == Self::Blank && steers(other) => (Self::Blank, false),
            _ => (Self::Text, false),
        }
    }
}

impl<W: Write> Write for Visible<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.pass(bytes, false)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if !self.held.is_empty() {
            self.pass(&[], true)?;
        }
        self.inner.flush()
    }
}

impl<W: Write> Drop for Visible<W> {
    fn drop(&mut self) {
        self.flush().ok();
    }
}

/// What begins with an ESC.
enum Style {
    /// A style of ours, of so many bytes.
    Whole(usize),
    Begun,
    None,
}

fn style(text: &str) -> Style {
    let Some(inner) = text.strip_prefix("\u{1b}[") else {
        return if text == "\u{1b}" { Style::Begun } else { Style::None };
    };
    let length = inner.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b';').count();
    match inner.as_bytes().get(length) {
        Some(b'm') if is_harmless(&inner[..length]) => Style::Whole(length + 3),
        None if length < LONGEST_STYLE => Style::Begun,
        _ => Style::None,
    }
}

/// Whether a style is one of those that we draw with: bold, dim, slanted, underlined, and colours of letters. Nothing hides or blinks.
fn is_harmless(parameters: &str) -> bool {
    let mut parameters =
        parameters.split(';').map(|own| if own.is_empty() { Some(0) } else { own.parse::<u16>().ok() });
    while let Some(parameter) = parameters.next() {
        let is_known = match parameter {
            Some(0..=4 | 22..=24 | 30..=37 | 39 | 90..=97) => true,
            Some(38) => match parameters.next() {
                Some(Some(5)) => parameters.next().flatten().is_some(),
                Some(Some(2)) => (0..3).all(|_| parameters.next().flatten().is_some()),
                _ => false,
            },
            _ => false,
        };
        if !is_known {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::{Visible, json, line, of_same_length, steers, visible};
    use serde_json::{Value, json};
    use std::io::Write;

    #[test]
    fn nothing_steers_and_what_is_cut_is_told() {
        assert_eq!(visible("a\u{1b}[31mb\u{0}\r\nc\td\re\u{202e}f\u{ffff}"), "a�[31mb�\nc\td�e�f�");
        assert_eq!(line("un\ndeux\ttrois", 40), "un deux trois");
        assert_eq!(line("éàü", 3), "éàü");
        assert_eq!(line("éàüß", 3), "éàü…");
    }

    #[test]
    fn places_stay_where_they_are() {
        let text = "é\u{1b}a\u{9b}b\u{202e}c\u{e0041}d\n";
        let shown = of_same_length(text);
        assert_eq!((shown.len(), shown.as_str()), (text.len(), "é?a·b\u{fffd}c\u{fffd}?d\n"));
    }

    #[test]
    fn json_is_the_same_value_and_steers_nothing() {
        let value =
            json!({"a\u{9b}": ["\u{202e}x\u{1b}\u{7f}", "é\n\"\\", "\u{e0041}\u{feff}"], "b": {"c": [1, null, {}]}});
        let mut text = Vec::new();
        json(&value, &mut text).expect("it is written");
        let text = String::from_utf8(text).expect("it is UTF-8");
        assert!(!text.chars().any(steers), "{text}");
        assert!(text.contains(r#""\u202ex\u001b\u007f""#) && text.contains(r#""\udb40\udc41\ufeff""#), "{text}");
        assert_eq!(serde_json::from_str::<Value>(&text).expect("it is JSON"), value);
        let plain = json!({"a": [1, {"é": "b"}], "c": {}, "d": []});
        let mut own = Vec::new();
        json(&plain, &mut own).expect("it is written");
        assert_eq!(String::from_utf8(own).ok(), serde_json::to_string_pretty(&plain).ok());
    }

    fn passed(parts: &[&[u8]]) -> String {
        let mut out = Vec::new();
        let mut edge = Visible::new(&mut out);
        for part in parts {
            edge.write_all(part).expect("a list takes everything");
        }
        drop(edge);
        String::from_utf8(out).expect("it is UTF-8")
    }

    #[test]
    fn styles_pass_and_nothing_else_that_begins_with_escape() {
        let ours = "\u{1b}[1m\u{1b}[31merror\u{1b}[0m \u{1b}[38;2;255;30;30;1mx\u{1b}[39;0m\u{1b}[m";
        assert_eq!(passed(&[ours.as_bytes()]), ours);
        assert_eq!(passed(&[&ours.as_bytes()[..3], &ours.as_bytes()[3..9], &ours.as_bytes()[9..]]), ours);
        for (foreign, shown) in [
            ("\u{1b}]0;title\u{7}", "\\u{1b}]0;title\\u{7}"),
            ("\u{1b}[2J", "\\u{1b}[2J"),
            ("\u{1b}[8mhidden", "\\u{1b}[8mhidden"),
            ("\u{1b}[1;7mx", "\\u{1b}[1;7mx"),
            ("\u{1b}", "\\u{1b}"),
            ("\u{1b}[31", "\\u{1b}[31"),
            ("a\rb\u{9b}31m\u{202e}c\u{200b}", "a\\u{d}b\\u{9b}31m\\u{202e}c\\u{200b}"),
        ] {
            assert_eq!(passed(&[foreign.as_bytes()]), shown);
        }
    }

    #[test]
    fn characters_may_come_in_parts_and_what_is_none_is_seen() {
        let text = "é€😀".as_bytes();
        for cut in 1..text.len() {
            assert_eq!(passed(&[&text[..cut], &text[cut..]]), "é€😀", "{cut}");
        }
        assert_eq!(passed(&[b"a\xffb\xe2\x82"]), "a\\xffb\\xe2\\x82");
    }

    #[test]
    fn no_line_is_a_command_of_a_ci() {
        for (foreign, shown) in [
            ("::set-output name=x::y", ":\\u{3a}set-output name=x::y"),
            ("a\n  ::add-mask::x", "a\n  :\\u{3a}add-mask::x"),
            ("a\n\u{1b}[1m::stop", "a\n\u{1b}[1m:\\u{3a}stop"),
            ("\u{200b}::x", "\\u{200b}:\\u{3a}x"),
            ("##[group]x", "##\\u{5b}group]x"),
            ("##vso[task]", "##\\u{76}so[task]"),
            ("## vigie: drift\n### Notes", "## vigie: drift\n### Notes"),
            ("a::b\n: c", "a::b\n: c"),
        ] {
            assert_eq!(passed(&[foreign.as_bytes()]), shown);
        }
    }
}
