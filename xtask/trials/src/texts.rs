//! Texts written otherwise, and other texts.
//!
//! Nothing of the judge's own idea of a form is used here: what it overlooks must show.

use crate::generate::{Mutants, Place};
use crate::kind::Kind;
use serde_json::json;

/// Names as people have them, in the styles that real answers have.
const CAPITALS: [&str; 4] = ["MARTIN", "LE GOFF", "JEAN-PIERRE", "D'ORNANO"];
const MIXED: [&str; 4] = ["Nguyen", "McDonald", "d'Artagnan", "Jean-Pierre"];

/// Every mutant of a text that keeps its type.
pub(crate) fn texts(mutants: &mut Mutants<'_>, text: &str, place: Place<'_>, pointer: &str) {
    if text.trim().is_empty() {
        return;
    }
    let mut set = |kind, other: String| mutants.set(kind, pointer, json!(other));
    set(Kind::EmptiedText, String::new());
    let members = place.members();
    let enumerated = !members.is_empty();
    let case = if enumerated { Kind::EnumCase } else { Kind::TextCase };
    for other in [text.to_uppercase(), text.to_lowercase()] {
        // Two members may differ in their case alone.
        if !members.iter().any(|member| **member == other) {
            set(case, other);
        }
    }
    if enumerated {
        set(Kind::EnumUnknown, "valeur inconnue".into());
        members
            .iter()
            .filter_map(|member| member.as_str())
            .for_each(|member| set(Kind::OtherMember, member.to_owned()));
        return;
    }
    let parts: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    let all_digits = parts.iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    match &lengths[..] {
        [4, 2, 2] if all_digits => dates(&mut set, parts[0], parts[1], parts[2]),
        [4, 4] if all_digits => years(&mut set, parts[0], parts[1]),
        [4] if all_digits && ("1900"..="2100").contains(&text) => year(&mut set, text),
        _ if fixed(place) => {}
        _ if is_code(text) => codes(&mut set, text, place),
        _ => words(&mut set, text),
    }
}

/// Whether a pattern allows one text alone.
fn fixed(place: Place<'_>) -> bool {
    place.pattern().is_some_and(|pattern| !pattern.contains('\\') && !pattern.contains('['))
}

fn dates(set: &mut impl FnMut(Kind, String), year: &str, month: &str, day: &str) {
    for form in [
        format!("{day}/{month}/{year}"),
        format!("{year}/{month}/{day}"),
        format!("{day}-{month}-{year}"),
        format!("{day}.{month}.{year}"),
        format!("{year}{month}{day}"),
        format!("{year}-{month}-{day}T00:00:00+01:00"),
        format!("{year}-{month}-{day} 00:00:00"),
        format!("{year}-{month}"),
        format!("{day} septembre {year}"),
        year.to_owned(),
    ] {
        set(Kind::DateForm, form);
    }
    for other in ["2023-11-30", "1987-02-01"] {
        set(Kind::OtherDate, other.to_owned());
    }
}

fn years(set: &mut impl FnMut(Kind, String), first: &str, second: &str) {
    for form in [first.to_owned(), second.to_owned(), format!("{first}/{second}"), format!("{first}-{}", &second[2..])]
    {
        set(Kind::YearForm, form);
    }
    set(Kind::OtherDate, format!("{}-{}", next(first), next(second)));
}

fn year(set: &mut impl FnMut(Kind, String), year: &str) {
    for form in [format!("{year}-{}", next(year)), year[2..].to_owned() + " ans", format!("{year}-01-01")] {
        set(Kind::YearForm, form);
    }
    set(Kind::OtherDate, next(year));
}

fn next(year: &str) -> String {
    year.parse::<u32>().map_or_else(|_| year.to_owned(), |year| (year + 1).to_string())
}

/// A code has no space, and digits beside capitals at most.
fn is_code(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase() || byte == b'-')
        && text.bytes().any(|byte| byte.is_ascii_digit())
}

fn codes(set: &mut impl FnMut(Kind, String), code: &str, place: Place<'_>) {
    let digits = code.bytes().filter(u8::is_ascii_digit).count();
    // Three characters, or a model's name such as `WB9HR8`, are no code that a program could rely on.
    if code.len() >= 4 && digits * 2 >= code.len() && !code.contains('-') {
        set(Kind::CodeForm, format!("{code} PARIS"));
        set(Kind::CodeForm, code[..code.len() - 1].to_owned());
        set(Kind::CodeForm, format!("{}-{}", &code[..2], &code[2..]));
        set(Kind::CodeForm, "INCONNU".to_owned());
    }
    if let Some(bare) = code.strip_prefix('0').filter(|bare| !bare.is_empty()) {
        set(Kind::CodeForm, bare.to_owned());
    }
    let numbered = place.pattern().is_some() || code.len() > 1;
    if numbered {
        set(Kind::OtherCode, rotate(code, 1));
        set(Kind::OtherCode, rotate(code, 3));
    }
    // A commune of Corsica.
    if digits == 5 && code.len() == 5 && place.pattern().is_none() {
        set(Kind::OtherCode, "2A004".to_owned());
    }
}

/// The next digits and letters: the same length and the same make.
fn rotate(text: &str, by: u8) -> String {
    let turn = |byte: u8, first: u8, count: u8| char::from(first + (byte - first + by) % count);
    let other = |character: char| match u8::try_from(character) {
        Ok(byte @ b'0'..=b'9') => turn(byte, b'0', 10),
        Ok(byte @ b'A'..=b'Z') => turn(byte, b'A', 26),
        Ok(byte @ b'a'..=b'z') => turn(byte, b'a', 26),
        _ => character,
    };
    text.chars().map(other).collect()
}

fn words(set: &mut impl FnMut(Kind, String), text: &str) {
    set(Kind::OtherName, rotate(text, 1));
    let post_code = text.split_once(' ').filter(|(code, _)| code.len() == 5 && code.parse::<u32>().is_ok());
    if let Some((code, _)) = post_code {
        set(Kind::CodeForm, code.to_owned());
        set(Kind::OtherName, "13005 MARSEILLE".to_owned());
        set(Kind::OtherName, "7000 BIZERTE".to_owned());
        return;
    }
    let digits = text.contains(|character: char| character.is_ascii_digit());
    let (small, capital) = (text.contains(char::is_lowercase), text.contains(char::is_uppercase));
    let names: &[&str] = match (small, capital, digits) {
        _ if text.contains('@') => &["someone.else@example.org"],
        (.., true) => &["8 BIS RUE NEUVE", "BIS RUE NEUVE", "BATIMENT C", "Porte 12"],
        (false, true, _) => &CAPITALS,
        (true, true, _) => &MIXED,
        _ => &[],
    };
    for name in names.iter().filter(|name| name.to_lowercase() != text.to_lowercase()) {
        set(Kind::OtherName, (*name).to_owned());
    }
}
