//! What a text looks like, and whether two texts of one place look alike.

use super::recognise::{addressed, dated, decimal_mark, is_mangled, is_placeholder, is_year};
use std::fmt;

/// What a text looks like. Real drift hides here: `2024-2025` became `2025`, `75002` became `75002 PARIS`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// `2025-01-31`
    Date,
    /// `31/01/2025`, `2025.01.31`: its separator, and whether the year comes first.
    OtherDate(char, bool),
    /// `2025-01-31T..`, and whether it tells its offset from UTC.
    DateTime(bool),
    /// `2024-2025`
    YearRange,
    /// `2025`, from 1900 to 2100: four digits.
    Year,
    /// Digits alone: how many, and whether the first is a zero, which no number has.
    Digits(usize, bool),
    /// `790.50`, and its decimal mark.
    Number(char),
    /// A code, `2A004`: digits and letters without a space, at least half of them digits, four or more.
    Code(usize),
    /// `f81d4fae-7dec-11d0-a765-00a0c91e6bf6`
    Uuid,
    /// `someone@example.org`
    Email,
    /// `https://..`
    Url,
    /// What programs write for nothing: `null`, `N/A`.
    Placeholder,
    /// Text in another encoding than it says, `GÃ©raldine`, or with the escapes of another notation, `G&eacute;raldine`.
    Mangled,
    /// A text with letters.
    Text(Letters, Build),
    /// No letter, and none of the above.
    Symbols,
}

/// Small letters, capitals, or both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Letters {
    /// None of them capital.
    Lower,
    /// None of them small.
    Upper,
    /// Both.
    Mixed,
}

/// What a text is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Build {
    /// One word as programs write it, `non_beneficiaire`: two or more ASCII letters and `_`.
    Identifier,
    /// Without a space, with digits: `3EME`, `FC-123-AB`.
    Token,
    /// One to three letters, and no digit.
    Brief,
    /// Words, and no digit.
    Words,
    /// Words and digits.
    Numbered,
}

/// How sure it is that two texts of one place differ in more than their value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// They look alike.
    None,
    /// Either may be a legal value where the other is.
    Doubtful,
    /// What reads the one does not read the other.
    Certain,
}

/// Digits of a phone number, with or without its country.
const PHONE: std::ops::RangeInclusive<usize> = 9..=15;

impl Form {
    /// The form of a text; `None` for an empty one.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let text = text.trim();
        let first = text.chars().next()?;
        let count = |is: fn(&char) -> bool| text.chars().filter(is).count();
        let (digits, letters) = (count(char::is_ascii_digit), count(|character| character.is_alphabetic()));
        let length = text.chars().count();
        if is_year(text) {
            return Some(Self::Year);
        }
        if digits == length {
            return Some(Self::Digits(length, first == '0' && length > 1));
        }
        if let Some(form) = dated(text).or_else(|| addressed(text)) {
            return Some(form);
        }
        if is_placeholder(text) {
            return Some(Self::Placeholder);
        }
        if is_mangled(text) {
            return Some(Self::Mangled);
        }
        if letters == 0 {
            return Some(decimal_mark(text).map_or(Self::Symbols, Self::Number));
        }
        if digits + letters == length && digits * 2 >= length && length >= 4 && text.is_ascii() {
            return Some(Self::Code(length));
        }
        let case = match (text.chars().any(char::is_uppercase), text.chars().any(char::is_lowercase)) {
            (true, true) => Letters::Mixed,
            (_, false) => Letters::Upper,
            (false, true) => Letters::Lower,
        };
        let spaced = text.contains(char::is_whitespace);
        let identifier = || text.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_');
        let build = match () {
            () if digits > 0 && spaced => Build::Numbered,
            () if digits > 0 => Build::Token,
            () if letters >= 2 && identifier() => Build::Identifier,
            () if letters < 4 => Build::Brief,
            () => Build::Words,
        };
        Some(Self::Text(case, build))
    }

    /// Whether programs write it for programs, and never people: one more space breaks who reads it.
    #[must_use]
    pub fn is_written_by_programs(self) -> bool {
        use Form::{Code, Date, DateTime, Digits, Number, Uuid, Year, YearRange};
        matches!(self, Date | DateTime(_) | Year | YearRange | Digits(..) | Number(_) | Code(_) | Uuid)
    }

    /// How sure it is that a text of the other form is of another form, whatever the texts say.
    #[must_use]
    pub fn change_to(self, new: Self) -> Change {
        use Build::{Brief, Identifier, Token};
        use Letters::{Lower, Mixed, Upper};
        match (self.general(), new.general()) {
            (old, new) if old == new => Change::None,
            (Self::Digits(old, old_zero), Self::Digits(new, new_zero)) => {
                match (old.min(new), old.abs_diff(new), old_zero || new_zero) {
                    (_, 0, _) => Change::None,
                    // `01` and `2023`, `999` and `1000`: so few digits prove nothing.
                    (..=3, _, _) if old.max(new) <= 3 => Change::None,
                    (..=3, ..=2, false) => Change::None,
                    // A counter grows by a digit, an amount by more; a code does not.
                    (_, 1, false) | (..=3, _, false) => Change::Doubtful,
                    _ => Change::Certain,
                }
            }
            // Both are a commune: `75056`, `2A004`.
            (Self::Digits(old, _), Self::Code(new)) | (Self::Code(old), Self::Digits(new, _)) if old == new => {
                Change::None
            }
            // `790` is `790.5` of another day; `7` and `0bis` are both a grant's level, `12` and `12 BIS` both a house.
            (Self::Digits(..), Self::Number(_))
            | (Self::Number(_), Self::Digits(..))
            | (Self::Digits(..=3, _), Self::Text(_, Build::Numbered | Token | Brief))
            | (Self::Text(_, Build::Numbered | Token | Brief), Self::Digits(..=3, _)) => Change::None,
            (Self::Text(old, old_build), Self::Text(new, new_build)) => match (old, new) {
                // What programs write is of one case; names are of any, though few are in small letters.
                (Lower, Upper | Mixed) | (Upper, Lower) if (old_build, new_build) == (Identifier, Identifier) => {
                    Change::Doubtful
                }
                _ => Change::None,
            },
            (Self::Digits(..=3, _), Self::Text(..) | Self::Code(_) | Self::Symbols)
            | (Self::Text(..) | Self::Code(_) | Self::Symbols, Self::Digits(..=3, _))
            | (Self::Code(_), Self::Code(_) | Self::Digits(..) | Self::Text(_, Token))
            | (Self::Digits(..), Self::Code(_))
            | (Self::Text(..), Self::Digits(..) | Self::Code(_) | Self::Symbols | Self::Placeholder)
            | (Self::Placeholder | Self::Mangled, _)
            | (Self::Symbols, Self::Text(..)) => Change::Doubtful,
            // `3008` and `COROLLA` are both a car's name.
            (Self::Digits(4, false), Self::Text(_, Identifier | Token)) if self != Self::Year => Change::Doubtful,
            // `0601020304`, `+33 6 01 02 03 04`: people write their numbers as they like.
            (Self::Digits(length, _), Self::Symbols) | (Self::Symbols, Self::Digits(length, _))
                if PHONE.contains(&length) =>
            {
                Change::Doubtful
            }
            _ => Change::Certain,
        }
    }

    /// A year is four digits that happen to be between 1900 and 2100.
    pub(super) fn general(self) -> Self {
        if self == Self::Year { Self::Digits(4, false) } else { self }
    }
}

impl fmt::Display for Form {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Self::Date => "date",
            Self::OtherDate(separator, true) => return write!(formatter, "date with the year first and `{separator}`"),
            Self::OtherDate(separator, false) => return write!(formatter, "date with the year last and `{separator}`"),
            Self::DateTime(true) => "date-time",
            Self::DateTime(false) => "date-time without an offset",
            Self::YearRange => "year-year",
            Self::Year => "year",
            Self::Digits(1, _) => "1 digit",
            Self::Digits(length, _) => return write!(formatter, "{length} digits"),
            Self::Number(mark) => return write!(formatter, "number with `{mark}`"),
            Self::Code(length) => return write!(formatter, "code of {length} characters"),
            Self::Uuid => "UUID",
            Self::Email => "email",
            Self::Url => "URL",
            Self::Placeholder => "placeholder",
            Self::Mangled => "broken encoding",
            Self::Text(Letters::Upper, _) => "upper case",
            Self::Text(Letters::Lower, _) => "lower case",
            Self::Text(Letters::Mixed, _) => "mixed case",
            Self::Symbols => "symbols",
        };
        formatter.write_str(name)
    }
}

#[cfg(test)]
mod tests {
    use super::{Change, Form};

    #[test]
    fn forms_of_real_values() {
        let form = |text| Form::of(text).map(|form| form.to_string()).unwrap_or_default();
        let expected = [
            ("2025-01-31", "date"),
            ("2021-06-31", "date"),
            ("31/01/2025", "date with the year last and `/`"),
            ("2025-01-31T00:00:00+01:00", "date-time"),
            ("2025-01-31T00:00:00", "date-time without an offset"),
            ("2025", "year"),
            ("2024-2025", "year-year"),
            ("75002", "5 digits"),
            ("7", "1 digit"),
            ("75002 PARIS", "upper case"),
            ("", ""),
            (" ", ""),
            ("Dupont", "mixed case"),
            ("ÉLÈVE", "upper case"),
            ("+33 6", "symbols"),
            ("-790.5", "number with `.`"),
            ("+33601020304", "symbols"),
            ("n/a", "placeholder"),
            ("GÃ©raldine", "broken encoding"),
            ("L&#39;Ha\u{ff}e", "broken encoding"),
            ("BERNARD THIERRY & SOPHIE; ÂGE", "upper case"),
            ("<jean@dupont.fr>", "lower case"),
            ("é23456789-x", "lower case"),
            ("0bis", "lower case"),
            ("2A004", "code of 5 characters"),
            ("geraldine@@durand.fr", "email"),
            ("f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "UUID"),
            ("https://vigie.example/a", "URL"),
        ];
        for (text, name) in expected {
            assert_eq!(form(text), name, "{text}");
        }
    }

    #[test]
    fn what_a_form_proves() {
        let expected = [
            (Change::None, &[("75056", "2A004"), ("7", "0bis"), ("999", "1000"), ("790", "790.5"), ("FR", "3EME")][..]),
            (Change::Doubtful, &[("99999", "100000"), ("COROLLA", "3008"), ("75", "Occitanie"), ("admis", "Inscrit")]),
            (
                Change::Certain,
                &[("01000", "1234"), ("13002526500013", "130025265"), ("75002", "Paris"), ("2025", "fin mars")],
            ),
            (
                Change::Certain,
                &[("2024-2025", "2025"), ("2025-01-31", "31/01/2025"), ("790.5", "790,5"), ("Géraldine", "GÃ©raldine")],
            ),
        ];
        for (change, pairs) in expected {
            for (old, new) in pairs {
                let forms = (Form::of(old), Form::of(new));
                let (Some(a), Some(b)) = forms else { panic!("{old:?} or {new:?} has no form") };
                assert_eq!(a.change_to(b), change, "{old} -> {new}");
            }
        }
    }
}
