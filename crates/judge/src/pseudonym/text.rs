//! A text, taken apart into what it is made of: dates, numbers, addresses and words, each with a pseudonym of its own.

use super::keyed::{Alphabet, Keyed};
use super::{Part, Pseudonyms};
use crate::shape::{Form, is_accent, without_accents};
use chrono::NaiveDate;
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use regex::{Captures, Regex};
use serde_json::{Number, Value};
use std::iter::repeat_n;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::compose;

/// Pieces of a text, the first that fits; what stands between them is punctuation, and stays. The formats of a provider take
/// the place of `FORMATS`.
pub(super) const PIECES: &str = r"(?x)
    (?P<kept>\{\{[^{}]*\}\}|https?://|&[A-Za-z]{2,8};)
    |(?P<uuid>\b[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}\b)
    |(?P<local>[\p{L}\p{N}._%+'-]+)@(?P<labels>[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*)\.[\p{L}\p{N}-]+
    |\b(?P<y>[0-9]{4})[-/.](?P<m>[0-9]{1,2})[-/.](?P<d>[0-9]{1,2})
        (?:[T\ ](?P<time>[0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?:[.,](?P<fraction>[0-9]+))?(?:[Zz]|[+-][0-9]{2}:?[0-9]{2})?)?\b
    |\b(?P<from>(?:19|20)[0-9]{2})-(?P<to>(?:19|20)[0-9]{2})\b
    |\b(?P<day>[0-9]{1,2})[/.\ -](?P<month>[0-9]{1,2})[/.\ -](?P<year>[0-9]{4})\b
    |FORMATS
    |(?P<word>[\p{L}\p{M}\p{N}]+)";
static WORDS: LazyLock<Regex> = LazyLock::new(|| regex(r"[\p{L}\p{M}\p{N}]+"));
static ASCII_WORDS: LazyLock<Regex> = LazyLock::new(|| regex("[0-9A-Za-z]+"));
/// What a URL cannot hold as it is.
const ENCODED: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'`').add(b'{').add(b'}').add(b'%');
/// The last label of an address at which nobody is (RFC 2606).
const NOWHERE: &str = "example";
/// Years whose pseudonym is one of the same span, as the first year, how many there are, and the first one of the pseudonyms.
/// Some years of the fourth may not be over: they become earlier ones, so that nobody is born tomorrow.
const SPANS: [(usize, usize, usize); 5] =
    [(1900, 50, 1900), (1950, 50, 1950), (2000, 20, 2000), (2020, 20, 2000), (2040, 61, 2040)];
/// The last day that every month has.
const EVERY_MONTH: usize = 28;
const DIGITS: Alphabet = "0123456789";
const NOT_ZERO: Alphabet = "123456789";
const LETTERS: Alphabet = "abcdefghijklmnopqrstuvwxyz";
/// Letters of a hexadecimal text, and its dashes.
const HEXADECIMAL: Alphabet = "abcdef";
const DASH: Alphabet = "-";
/// Characters of a hexadecimal text that is not a word.
const TOKEN: usize = 12;
/// Accents for a letter that has no character with the one of the original: one of them fits each letter but `q`.
const ACCENTS: [char; 6] = ['\u{301}', '\u{302}', '\u{307}', '\u{30c}', '\u{303}', '\u{327}'];

pub(super) fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap_or_else(|error| unreachable!("the pattern is ours: {error}"))
}

/// The words of a text: letters and digits.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    WORDS.find_iter(text).map(|word| word.as_str())
}

/// A word without its letter case and its accents: `GERALDINE` and `Géraldine` are one name.
pub(super) fn fold(word: &str) -> String {
    without_accents(&word.to_lowercase()).collect()
}

impl Pseudonyms {
    /// The pseudonym of a text: that of each of its pieces. Punctuation and spaces stay.
    pub fn text(&self, text: &str, part: Part) -> String {
        self.salted_text(text, part, "")
    }

    pub(super) fn salted_text(&self, text: &str, part: Part, salt: &str) -> String {
        let form = Form::of(text);
        if form == Some(Form::Placeholder) || part.keeps(text, self.known.formats.sexes) {
            return text.to_owned();
        }
        if form == Some(Form::Url)
            && text.contains('%')
            && let Ok(decoded) = percent_decode_str(text).decode_utf8()
            && decoded != text
        {
            let pseudonym = self.salted_text(&decoded, part, salt);
            return utf8_percent_encode(&pseudonym, ENCODED).to_string();
        }
        let writing = Writing { part, salt, mangled: form == Some(Form::Mangled), ..self.writing() };
        self.known.pieces.replace_all(text, |piece: &Captures<'_>| writing.piece(piece)).into_owned()
    }

    /// The pseudonym of a number: that of the text that says the same. Zero stays.
    pub(super) fn number(&self, number: &Number, part: Part, salt: &str) -> Value {
        let text = number.to_string();
        let (digits, exponent) = text.split_at(text.find('e').unwrap_or(text.len()));
        serde_json::from_str(&(self.salted_text(digits, part, salt) + exponent)).unwrap_or(Value::Null)
    }

    /// A word as a file may be called: no accents.
    pub(super) fn plain_word(&self, word: &str) -> String {
        Writing { salt: "name", ..self.writing() }.word(&fold(word))
    }

    fn writing(&self) -> Writing<'_> {
        Writing { keyed: &self.keyed, formats: &self.known.alone, part: Part::Any, salt: "", mangled: false }
    }
}

/// How the pieces of one text are replaced.
struct Writing<'a> {
    keyed: &'a Keyed,
    formats: &'a [Regex],
    part: Part,
    salt: &'a str,
    /// Whether it is in another encoding than it says: then what is not ASCII is that defect, and stays.
    mangled: bool,
}

impl Writing<'_> {
    fn piece(&self, piece: &Captures<'_>) -> String {
        let named = |name: &str| piece.name(name).map(|part| part.as_str());
        let number = |name: &str| named(name).map_or(0, number);
        let whole = &piece[0];
        if named("kept").is_some() {
            return whole.to_owned();
        }
        if let (Some(local), Some(labels)) = (named("local"), named("labels")) {
            return format!("{}@{}.{NOWHERE}", self.words(local), self.words(labels));
        }
        for [year, month, day] in [["y", "m", "d"], ["year", "month", "day"]] {
            if named(year).is_some() {
                let date = self.date(number(year), number(month), number(day));
                let moved = [(year, date.0), (month, date.1), (day, date.2)];
                // In as many digits as before, where it was padded.
                let digits = |number: usize, own: &str| format!("{number:0width$}", width = own.len());
                let moved = moved.map(|(name, number)| (name, named(name).map(|own| digits(number, own))));
                let fraction = named("fraction").map(|digits| self.digits(digits));
                let time = named("time").map(|time| self.time(time));
                return replaced(piece, moved.into_iter().chain([("time", time), ("fraction", fraction)]));
            }
        }
        if named("from").is_some() {
            let first = self.year(number("from"));
            return format!("{first}-{}", first + number("to") - number("from"));
        }
        if let Some(text) = named("format")
            && let Some(written) = self.formatted(text)
        {
            return written;
        }
        self.word(whole)
    }

    fn words(&self, text: &str) -> String {
        WORDS.replace_all(text, |word: &Captures<'_>| self.word(&word[0])).into_owned()
    }

    /// In the case and with the accents of this spelling of the word.
    fn word(&self, word: &str) -> String {
        if word.bytes().all(|byte| byte.is_ascii_digit()) {
            return self.digits(word);
        }
        if self.mangled && !word.is_ascii() {
            return ASCII_WORDS.replace_all(word, |part: &Captures<'_>| self.word(&part[0])).into_owned();
        }
        let folded = fold(word);
        let is_token = folded.len() >= TOKEN
            && folded.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
            && folded.bytes().any(|byte| byte.is_ascii_digit());
        let alphabet = |letter: char| match letter {
            '-' => DASH,
            letter if letter.is_numeric() => DIGITS,
            _ if is_token => HEXADECIMAL,
            _ => LETTERS,
        };
        let alphabets: Vec<Alphabet> = folded.chars().map(alphabet).collect();
        let pseudonym = self.keyed.drawn("word", self.salt, &folded, &alphabets, |_| true);
        let mut letters = pseudonym.chars();
        let mut written = String::with_capacity(word.len());
        for letter in word.nfd() {
            if is_accent(letter) {
                let accented = written.pop().map(|base| accented(base, letter));
                written.push_str(&accented.unwrap_or_default());
                continue;
            }
            // A capital that is two small letters has two in its place.
            for plain in letters.by_ref().take(without_accents(&letter.to_lowercase().to_string()).count()) {
                written.push(if letter.is_uppercase() { plain.to_ascii_uppercase() } else { plain });
            }
        }
        written
    }

    /// A run of digits, by what it may be.
    fn digits(&self, text: &str) -> String {
        if let Some(written) = self.formatted(text).filter(|_| !matches!(self.part, Part::Day | Part::Month)) {
            return written;
        }
        let part = |range: std::ops::Range<usize>| text.get(range).map_or(0, number);
        let is_date = |year, month, day| (1900..2040).contains(&year) && exists(year, month, day);
        match (self.part, text.len()) {
            (Part::Day | Part::Month, 1 | 2) => {
                let moved = if self.part == Part::Day { self.day(number(text)) } else { self.month(number(text)) };
                let width = if text.starts_with('0') { text.len() } else { 1 };
                format!("{moved:0width$}")
            }
            (_, 8) if is_date(part(0..4), part(4..6), part(6..8)) => {
                let (year, month, day) = self.date(part(0..4), part(4..6), part(6..8));
                format!("{year:04}{month:02}{day:02}")
            }
            (_, 8) if is_date(part(4..8), part(2..4), part(0..2)) => {
                let (year, month, day) = self.date(part(4..8), part(2..4), part(0..2));
                format!("{day:02}{month:02}{year:04}")
            }
            (_, 4) if (1900..=2100).contains(&part(0..4)) => self.year(part(0..4)).to_string(),
            _ => self.run("digits", text),
        }
    }

    /// A text in a format of the provider.
    fn formatted(&self, text: &str) -> Option<String> {
        let (format, groups) = self.formats.iter().find_map(|format| Some((format, format.captures(text)?)))?;
        let mut written = String::with_capacity(text.len());
        let mut end = 0;
        for (name, group) in format.capture_names().flatten().filter_map(|name| Some((name, groups.name(name)?))) {
            written.push_str(&text[end..group.start()]);
            end = group.end();
            if name.starts_with("check") {
                written = checked(&written, &text[..end]);
                continue;
            }
            let digits: String = group.as_str().chars().filter(char::is_ascii_digit).collect();
            let run = self.run(name, &digits);
            let mut moved = run.chars();
            let moved = |own: char| if own.is_ascii_digit() { moved.next().unwrap_or(own) } else { own };
            written.extend(group.as_str().chars().map(moved));
        }
        Some(written + &text[end..])
    }

    /// Digits that are nothing but digits: as many, and as many zeros before the first other one. What reads a number as one of
    /// 32 or 64 bits must be able to read its pseudonym.
    fn run(&self, kind: &str, text: &str) -> String {
        let zeros = text.len() - text.trim_start_matches('0').len();
        let rest = text.len().saturating_sub(zeros + 1);
        let first = (zeros < text.len()).then_some(NOT_ZERO);
        let alphabets: Vec<Alphabet> = repeat_n("0", zeros).chain(first).chain(repeat_n(DIGITS, rest)).collect();
        let is_wide =
            |text: &str| (text.parse::<i32>().is_err(), text.parse::<i64>().is_err(), text.parse::<u64>().is_err());
        self.keyed.drawn(kind, self.salt, text, &alphabets, |pseudonym| is_wide(pseudonym) <= is_wide(text))
    }

    /// What is not a year of a living person stays: a case may want it refused.
    fn year(&self, year: usize) -> usize {
        let span = SPANS.iter().find(|(first, size, _)| (*first..first + size).contains(&year));
        span.map_or(year, |(first, size, new)| new + self.keyed.among(&format!("year {first}"), year - first, *size))
    }

    /// A thirteenth month stays what it is.
    fn month(&self, month: usize) -> usize {
        if (1..=12).contains(&month) { 1 + self.keyed.among("month", month - 1, 12) } else { month }
    }

    /// Days that not every month has become others, which every month has.
    fn day(&self, day: usize) -> usize {
        let kind = if day > EVERY_MONTH { "late day" } else { "day" };
        let moved = || 1 + self.keyed.among(kind, (day - 1) % EVERY_MONTH, EVERY_MONTH);
        if (1..=31).contains(&day) { moved() } else { day }
    }

    /// A date agrees with its parts wherever they stand alone, and exists. One that does not exist becomes the same day of a
    /// year in which it does not exist either.
    fn date(&self, year: usize, month: usize, day: usize) -> (usize, usize, usize) {
        let pseudonym = self.year(year);
        if exists(year, month, day) || !(29..=31).contains(&day) {
            return (pseudonym, self.month(month), self.day(day));
        }
        let is_other = |other: &usize| *other != year && !exists(*other, month, day);
        ((pseudonym..pseudonym + 4).find(is_other).unwrap_or(pseudonym), month, day)
    }

    /// Midnight is mostly no time at all.
    fn time(&self, time: &str) -> String {
        if time.bytes().all(|byte| matches!(byte, b'0' | b':')) {
            return time.to_owned();
        }
        let moved = |(place, digits): (usize, &str)| {
            let (kind, size) = if place == 0 { ("hour", 24) } else { ("minute", 60) };
            format!("{:02}", self.keyed.among(kind, number(digits), size))
        };
        time.split(':').enumerate().map(moved).collect::<Vec<_>>().join(":")
    }
}

/// A piece with other texts in the place of its parts.
fn replaced<'a>(piece: &Captures<'_>, parts: impl Iterator<Item = (&'a str, Option<String>)>) -> String {
    let start = piece.get(0).map_or(0, |whole| whole.start());
    let found = parts.filter_map(|(name, new)| Some((piece.name(name)?.range(), new?)));
    let mut found: Vec<(std::ops::Range<usize>, String)> = found.collect();
    found.sort_by_key(|(range, _)| range.start);
    let mut text = piece[0].to_owned();
    for (range, new) in found.into_iter().rev() {
        text.replace_range(range.start - start..range.end - start, &new);
    }
    text
}

fn number(digits: &str) -> usize {
    digits.parse().unwrap_or(0)
}

fn exists(year: usize, month: usize, day: usize) -> bool {
    let small = |number: usize| u32::try_from(number).unwrap_or(0);
    i32::try_from(year).is_ok_and(|year| NaiveDate::from_ymd_opt(year, small(month), small(day)).is_some())
}

/// Appends the last digit: as far from the checksum as that of the original is from its own.
fn checked(body: &str, original: &str) -> String {
    let sum = luhn(&format!("{body}0")) % 10;
    format!("{body}{}", (luhn(original) + 10 - sum) % 10)
}

/// The sum of Luhn: a multiple of ten where the checksum holds.
fn luhn(digits: &str) -> u32 {
    let weigh = |(place, byte): (usize, u8)| match u32::from(byte - b'0') << (place % 2) {
        double @ 10.. => double - 9,
        digit => digit,
    };
    digits.bytes().filter(u8::is_ascii_digit).rev().enumerate().map(weigh).sum()
}

/// A letter with an accent, in one character if there is one.
fn accented(base: char, accent: char) -> String {
    let one = [accent].into_iter().chain(ACCENTS).find_map(|accent| compose(base, accent));
    one.map_or_else(|| format!("{base}{accent}"), String::from)
}

#[cfg(test)]
pub(super) use tests::FRENCH;

#[cfg(test)]
mod tests;
