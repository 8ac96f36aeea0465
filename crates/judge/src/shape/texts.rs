//! The texts of one place on both sides: did their form change, or only what they say?

use super::form::{Change, Form, Letters};
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
        if same.iter().any(|old| is_new(old)) {
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
    if old.trim() == new.trim() {
        return false;
    }
    letters(old).is_empty()
        || capitals(old) != capitals(new)
        || old.contains('_') != new.contains('_')
        || (has_digits && (is_code(old) != is_code(new) || !is_spaced(old) && !is_spaced(new)))
}

/// Whether another accepted text is written as the new one is, in all that sets the new one apart from the old one: then who
/// reads this place has met that way of writing.
fn shows_way(other: &str, old: &str, new: &str) -> bool {
    let separators =
        |text: &str| text.trim().chars().filter(|letter| !letter.is_alphanumeric()).collect::<BTreeSet<_>>();
    let letters = |text: &str| match Form::of(text) {
        Some(Form::Text(letters, _)) => Some(letters),
        // A code in capitals and one without letters look the same.
        _ => text.chars().any(char::is_lowercase).then_some(Letters::Lower),
    };
    let (form, of_other) = (Form::of(new), Form::of(other));
    let is_text = |form| matches!(form, Some(Form::Text(..)));
    let has_digits = |text: &str| text.contains(|character: char| character.is_ascii_digit());
    if fold(other) == fold(new) || is_text(form) != is_text(of_other) || (!is_text(form) && form != of_other) {
        return false;
    }
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
    use super::{Change, change};
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

    #[test]
    fn one_form_among_many_is_enough() {
        let many = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        let accepted = many(&["2025", "2024-2025"]);
        assert_eq!(change(&accepted, &many(&["2026"]), &Stated::default()), Change::None);
        assert_eq!(change(&accepted, &many(&["2026", "26"]), &Stated::default()), Change::None);
        assert_eq!(change(&accepted, &many(&["2026", "2025/2026"]), &Stated::default()), Change::Certain);
    }
}
