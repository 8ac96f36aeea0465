//! The texts of one place on both sides: did their form change, or only what they say?

use super::form::{Change, Form, Letters};
use super::recognise::decimal_mark;
use super::terms::Stated;
use std::collections::{BTreeMap, BTreeSet};
use unicode_normalization::UnicodeNormalization;
pub(crate) use unicode_normalization::char::is_combining_mark as is_accent;

/// More accepted texts than this are compared by their forms alone.
const MOST_PAIRS: usize = 64;
/// Characters that a code must share with the text that holds it.
const SHARED: usize = 4;
/// Digits of a phone number without its country, at least.
const SUBSCRIBER: usize = 8;

/// How sure it is that the observed texts are of a form that no accepted one has.
pub(super) fn change(accepted: &BTreeSet<String>, observed: &BTreeSet<String>, stated: &Stated<'_>) -> Change {
    let forms: BTreeSet<Form> = accepted.iter().filter_map(|text| Form::of(text)).collect();
    if forms.is_empty() {
        return Change::None;
    }
    let mut known: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for text in accepted {
        known.entry(fold(text)).or_default().push(text);
    }
    let is_padded = |text: &String| text.trim().len() < text.len();
    let was_padded = accepted.iter().any(is_padded);
    let of_one = |text: &String| {
        let Some(form) = Form::of(text) else { return Change::None };
        if is_padded(text) && !was_padded && form.is_written_by_programs() {
            return Change::Certain;
        }
        if accepted.contains(text) || stated.allows(text, form) {
            return Change::None;
        }
        let same = known.get(&fold(text)).map(Vec::as_slice).unwrap_or_default();
        let is_new = |old: &str| is_rewritten(old, text) && !accepted.iter().any(|other| shows_way(other, old, text));
        // Of several accepted ways to write it, one that is like the new one is enough.
        if !same.is_empty() && same.iter().all(|old| is_new(old)) {
            return Change::Certain;
        }
        let by_form = forms.iter().map(|old| old.change_to(form)).min().unwrap_or(Change::None);
        let holds = || accepted.len() <= MOST_PAIRS && accepted.iter().any(|old| shares_code(old, text));
        if by_form == Change::Doubtful && holds() { Change::Certain } else { by_form }
    };
    observed.iter().map(of_one).max().unwrap_or(Change::None)
}

/// A text without its accents: `é` is `e`, in one character or in two. `ø` and `œ` are letters of their own.
pub(crate) fn without_accents(text: &str) -> impl Iterator<Item = char> {
    text.nfd().filter(|letter| !is_accent(*letter))
}

/// Letters without case and accents, and digits: what a text says, however it is written. A number without leading zeros.
fn fold(text: &str) -> String {
    let folded: String = without_accents(&text.to_lowercase()).filter(|letter| letter.is_alphanumeric()).collect();
    if folded.is_empty() || folded.bytes().any(|byte| !byte.is_ascii_digit()) {
        return folded;
    }
    let number = folded.trim_start_matches('0');
    if number.is_empty() { "0".to_owned() } else { number.to_owned() }
}

/// Whether two texts that say the same are written in two ways that a program tells apart. Another accent or hyphen in a
/// name is a correction: `Jean Pierre`, `Jean-Pierre`.
fn is_rewritten(old: &str, new: &str) -> bool {
    let letters = |text: &str| text.chars().filter(|letter| letter.is_alphabetic()).collect::<Vec<_>>();
    let capitals = |text: &str| letters(text).iter().map(|letter| letter.is_uppercase()).collect::<Vec<_>>();
    let is_code = |text: &str| text.chars().all(char::is_alphanumeric);
    let is_spaced = |text: &str| text.trim().contains(char::is_whitespace);
    let has_digits = old.contains(|character: char| character.is_ascii_digit());
    if old.trim() == new.trim() || are_other_numbers(old.trim(), new.trim()) {
        return false;
    }
    letters(old).is_empty()
        || capitals(old) != capitals(new)
        || old.contains('_') != new.contains('_')
        || (has_digits && (is_code(old) != is_code(new) || !is_spaced(old) && !is_spaced(new)))
}

/// Whether two numbers have the same digits and are not the same: `-5` and `5`, `79.05` and `790.5`.
fn are_other_numbers(old: &str, new: &str) -> bool {
    let Some((old_mark, new_mark)) = decimal_mark(old).zip(decimal_mark(new)) else { return false };
    let is_fraction = |text: &str, mark: char| text.contains(mark);
    let alike = old_mark == new_mark && is_fraction(old, old_mark) && is_fraction(new, new_mark);
    alike || old.starts_with('-') != new.starts_with('-')
}

/// Whether another accepted text is written as the new one is, in all that sets the new one apart from the old one: then who
/// reads this place has met that way of writing.
fn shows_way(other: &str, old: &str, new: &str) -> bool {
    use Form::{Code, Digits, Email, Placeholder, Symbols, Text, Url, Uuid};
    let Some((form, of_other)) = Form::of(new).zip(Form::of(other)) else { return false };
    if fold(other) == fold(new) {
        return false;
    }
    match (form.general(), of_other.general()) {
        // These say nothing of case and separators.
        (Text(..), Text(..)) | (Code(_), Code(_)) => {}
        (form @ (Uuid | Email | Url | Placeholder | Symbols), of_other) if form == of_other => {}
        // A number that is shorter than the old one, without a zero before it: numbers are not filled up.
        (Digits(_, false), Digits(length, false)) if length < old.trim().len() => return true,
        (form, of_other) => return form == of_other,
    }
    let separators =
        |text: &str| text.trim().chars().filter(|letter| !letter.is_alphanumeric()).collect::<BTreeSet<_>>();
    let letters = |text: &str| match Form::of(text) {
        Some(Text(letters, _)) => Some(letters),
        // A code in capitals and one without letters look the same.
        _ => text.chars().any(char::is_lowercase).then_some(Letters::Lower),
    };
    let has_digits = |text: &str| text.contains(|character: char| character.is_ascii_digit());
    let cases = letters(old) == letters(new) || letters(other) == letters(new);
    // One word without digits shows nothing of how words, or the parts of a code, are joined.
    let shown =
        separators(other) == separators(new) && (!separators(new).is_empty() || has_digits(new) && form == of_other);
    cases && (separators(old) == separators(new) || shown)
}

/// Whether one text is a code and the other one contains it: `75002 PARIS`, a number that begins with that of its owner. Of two
/// phone numbers, the one with its country ends with the digits of the other, but for the zero of a call within the country.
fn shares_code(old: &str, new: &str) -> bool {
    let digits = |text: &str| {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        (!text.contains(char::is_alphabetic)).then(|| digits.trim_start_matches('0').to_owned())
    };
    let subscriber = |long: &str, short: &str| short.len() >= SUBSCRIBER && long.ends_with(short);
    if let Some((old, new)) = digits(old).zip(digits(new))
        && (subscriber(&old, &new) || subscriber(&new, &old))
    {
        return true;
    }
    let (short, long) = if old.len() < new.len() { (old, new) } else { (new, old) };
    let is_code = matches!(Form::of(short), Some(Form::Year | Form::Digits(SHARED.., _) | Form::Code(_)));
    is_code && (long.starts_with(short) || long.ends_with(short))
}

#[cfg(test)]
mod tests {
    use super::super::terms::Stated;
    use super::{Change, Form, change, fold};
    use std::collections::BTreeSet;

    fn of(old: &str, new: &str) -> Change {
        change(&[old.to_owned()].into(), &[new.to_owned()].into(), &Stated::default())
    }

    #[test]
    fn a_value_that_is_written_otherwise_has_another_form() {
        for (old, new) in [
            ("Paris", "PARIS"),
            ("M", "m"),
            ("GERALDINE", "Géraldine"),
            ("non_beneficiaire", "Non bénéficiaire"),
            ("non_beneficiaire", "non-beneficiaire"),
            ("01", "1"),
            ("00", "0"),
            ("01000", "1000"),
            ("FC-123-AB", "FC123AB"),
            ("0890003V", "0890003v"),
            ("0601020304", "06 01 02 03 04"),
            ("0601020304", "+33601020304"),
            ("2025-01-31", "20250131"),
            ("2025-01-31", "2025-01-31 "),
            ("jean@dupont.fr", "mailto:jean@dupont.fr"),
            ("75002 PARIS", "75002"),
            ("0890003V", "890003V"),
            ("75002", "7500"),
            ("2025-01-31", "fin janvier"),
        ] {
            assert_eq!(of(old, new), Change::Certain, "{old} -> {new}");
        }
    }

    #[test]
    fn values_of_other_people_are_no_other_form() {
        for (old, new) in [
            ("JEAN", "JEAN-PIERRE"),
            ("DUPONT", "McDonald"),
            ("Dupont", "d'Artagnan"),
            ("DUPONT", "d'Artagnan"),
            ("Jean Pierre", "Jean-Pierre"),
            ("SAINT ETIENNE", "SAINT-ÉTIENNE"),
            ("DUPONT ", "DUPONT"),
            ("0601020304", "0636656565"),
            ("75056", "2A004"),
            ("10 RUE DE LA PAIX", "BIS RUE NEUVE"),
            ("APPARTEMENT 51", "Bâtiment B"),
            ("APPARTEMENT 51", "RESIDENCE DES COLOMBES"),
            ("75002 PARIS", "7000 BIZERTE"),
            ("3EME", "3EME GENERALE"),
            ("M.", "MME"),
            ("09", "10"),
            ("9", "10"),
            ("2024-2025", "2025-2026"),
            ("123456A", "123457B"),
            ("WB9HR8", "CR1L8DXFABAAAAN"),
            ("f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "00000000-7dec-11d0-a765-00a0c91e6bf6"),
        ] {
            assert_eq!(of(old, new), Change::None, "{old} -> {new}");
        }
    }

    #[test]
    fn a_text_that_is_written_as_another_accepted_one_is_of_no_new_form() {
        let many = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<BTreeSet<_>>();
        for (accepted, observed, change_of) in [
            (&["MOHAMED", "Lucille"][..], &["Mohamed", "Lucille"][..], Change::None),
            (&["MOHAMED", "Jean Paul"], &["Mohamed", "Jean Paul"], Change::None),
            (&["M", "f"], &["m", "f"], Change::None),
            (&["01", "2"], &["1", "2"], Change::None),
            (&["FC-123-AB", "GH456CD"], &["FC123AB", "GH456CD"], Change::None),
            (&["0601020304", "06 11 22 33 44"], &["06 01 02 03 04"], Change::None),
            (&["MOHAMED", "LUCILLE"], &["Mohamed", "LUCILLE"], Change::Certain),
            (&["non_beneficiaire", "inscrit"], &["non-beneficiaire", "inscrit"], Change::Certain),
            (&["non_beneficiaire", "inscrit"], &["nonbeneficiaire", "inscrit"], Change::Certain),
            (&["01", "02"], &["1", "02"], Change::Certain),
            (&["FC-123-AB", "GH-456-CD"], &["FC123AB", "GH-456-CD"], Change::Certain),
        ] {
            assert_eq!(
                change(&many(accepted), &many(observed), &Stated::default()),
                change_of,
                "{accepted:?} {observed:?}"
            );
        }
    }

    /// Two values of one kind, each in the same formats.
    const WRITTEN: [(&str, &[[&str; 2]]); 15] = [
        (
            "date",
            &[
                ["2025-01-31", "2024-12-25"],
                ["2025/01/31", "2024/12/25"],
                ["31/01/2025", "25/12/2024"],
                ["31.01.2025", "25.12.2024"],
                ["31 01 2025", "25 12 2024"],
                ["20250131", "20241225"],
                ["31 janvier 2025", "25 décembre 2024"],
            ],
        ),
        (
            "date-time",
            &[
                ["2025-01-31T10:00:00Z", "2024-12-25T11:30:00Z"],
                ["2025-01-31T10:00:00", "2024-12-25T11:30:00"],
                ["2025-01-31 10:00:00", "2024-12-25 11:30:00"],
                ["2025-01-31", "2024-12-25"],
                ["1738317600", "1735126200"],
            ],
        ),
        (
            "offset",
            &[
                ["2025-01-31T10:00:00-01:00", "2024-12-25T11:30:00Z"],
                ["2025-01-31T10:00:00+01:00", "2024-12-25T11:30:00Z"],
            ],
        ),
        ("school year", &[["2024-2025", "2023-2024"], ["2024/2025", "2023/2024"], ["20242025", "20232024"]]),
        ("amount", &[["1790.50", "12.75"], ["1790,50", "12,75"], ["1 790,50", "2 012,75"], ["1790,50 €", "12,75 €"]]),
        ("signed amount", &[["790.5", "12.5"], ["790,5", "-12,5"]]),
        ("number", &[["007", "012"], ["7", "12"]]),
        ("year", &[["02026", "01234"], ["2026", "1234"]]),
        ("commune", &[["2A004", "12B033"], ["2a004", "12b033"]]),
        ("plate", &[["FC-123-AB", "GH-456-CD"], ["FC123AB", "GH456CD"], ["fc-123-ab", "gh-456-cd"]]),
        (
            "UUID",
            &[
                ["f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "a0b1c2d3-0000-4000-8000-00a0c91e6bff"],
                ["F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6", "A0B1C2D3-0000-4000-8000-00A0C91E6BFF"],
            ],
        ),
        ("email", &[["jean@dupont.example", "lea@martin.example"], ["JEAN@DUPONT.EXAMPLE", "LEA@MARTIN.EXAMPLE"]]),
        (
            "phone",
            &[
                ["0601020304", "0611223344"],
                ["06 01 02 03 04", "06 11 22 33 44"],
                ["06.01.02.03.04", "06.11.22.33.44"],
                ["+33601020304", "+33611223344"],
            ],
        ),
        (
            "name",
            &[
                ["JEAN PAUL", "ANNE MARIE"],
                ["Jean Paul", "Anne Marie"],
                ["jean paul", "anne marie"],
                ["jean_paul", "anne_marie"],
            ],
        ),
        (
            "listed value",
            &[
                ["NON_INSCRIT", "EN_COURS"],
                ["non_inscrit", "en_cours"],
                ["Non inscrit", "En cours"],
                ["non-inscrit", "en-cours"],
            ],
        ),
    ];

    #[test]
    fn a_format_that_an_accepted_text_has_is_no_new_one() {
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<BTreeSet<_>>();
        for (kind, formats) in WRITTEN {
            for (at, [text, another]) in formats.iter().enumerate() {
                for (_, [rewritten, of_format]) in formats.iter().enumerate().filter(|(other, _)| *other != at) {
                    let accepted = texts(&[text, of_format]);
                    let found = change(&accepted, &texts(&[rewritten]), &Stated::default());
                    assert_eq!(found, Change::None, "{kind}: {accepted:?} -> {rewritten}");
                    // Without a text of that format it is new.
                    let differs = fold(text) == fold(rewritten) || Form::of(text) != Form::of(rewritten);
                    if differs && kind != "offset" {
                        let found = change(&texts(&[text, another]), &texts(&[rewritten]), &Stated::default());
                        assert_ne!(found, Change::None, "{kind}: {text}, {another} -> {rewritten}");
                    }
                }
            }
        }
    }

    #[test]
    fn what_one_of_two_accepted_ways_to_write_it_is_like_is_no_new_one() {
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<BTreeSet<_>>();
        let accepted = texts(&["Jean Pierre", "JEAN-PIERRE"]);
        assert_eq!(change(&accepted, &texts(&["Jean-Pierre"]), &Stated::default()), Change::None);
        for (old, new) in [("-5", "5"), ("79.05", "790.5"), ("-790,5", "790,5")] {
            assert_eq!(of(old, new), Change::None, "{old} -> {new}");
        }
        assert_eq!(of("790.50", "79050"), Change::Certain);
    }

    #[test]
    fn one_form_among_many_is_enough() {
        let many = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        let accepted = many(&["2025", "2024-2025"]);
        assert_eq!(change(&accepted, &many(&["2026"]), &Stated::default()), Change::None);
        assert_eq!(change(&accepted, &many(&["2026", "26"]), &Stated::default()), Change::None);
        assert_eq!(change(&accepted, &many(&["2026", "2025/2026"]), &Stated::default()), Change::Certain);
    }
}
