use super::super::keyed::Keyed;
use super::super::{Formats, Part, Pseudonyms, ValueFormat};
use super::{LETTERS, Writing, accented, exists, fold, luhn};
use crate::shape::{Form, without_accents};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// What the French providers hand over, in short.
pub(crate) const FRENCH: Formats = Formats {
    values: &[
        ValueFormat { name: "SIREN", pattern: r"\b(?P<siren>[0-9]{8})(?P<check>[0-9])\b" },
        ValueFormat {
            name: "SIRET",
            pattern: r"\b(?P<siren>[0-9]{8})(?P<check>[0-9])(?P<establishment>[0-9]{4})(?P<check_all>[0-9])\b",
        },
        ValueFormat { name: "country", pattern: r"\b99(?P<country>[0-9]{3})\b" },
        ValueFormat { name: "phone", pattern: r"(?:\+33[ .-]?|\b0)[1-9](?P<subscriber>(?:[ .-]?[0-9]{2}){4})\b" },
    ],
    words: &[("jour", Part::Day), ("mois", Part::Month), ("annee", Part::Year), ("sexe", Part::Sex)],
    sexes: &["h"],
};

fn of(text: &str) -> String {
    Pseudonyms::new(b"key", FRENCH).text(text, Part::Any)
}

fn of_number(value: &Value, part: Part) -> Value {
    let Value::Number(number) = value else { panic!("a number") };
    Pseudonyms::new(b"key", FRENCH).number(number, part, "")
}

#[test]
fn a_person_is_the_same_person_inside_a_sentence() {
    let (name, date) = (of("OSTERMANN"), of("1989-07-18"));
    assert_eq!(of("Madame Liselotte OSTERMANN, née le 1989-07-18."), {
        format!("{} {} {name}, {} {} {date}.", of("Madame"), of("Liselotte"), of("née"), of("le"))
    });
    assert_eq!(of("liselotte.ostermann@mail.fr").split('@').next(), Some(&*of("liselotte.ostermann")));
    let parts: Vec<&str> = date.split('-').collect();
    assert_eq!(of("18/07/1989"), format!("{}/{}/{}", parts[2], parts[1], parts[0]));
    assert_eq!(of("1989"), parts[0]);
    assert!(
        of("2024-2025")
            .split_once('-')
            .is_some_and(|(a, b)| a.parse::<u32>().ok().map(|a| a + 1) == b.parse::<u32>().ok())
    );
}

#[test]
fn a_phone_number_is_the_same_however_it_is_written() {
    let digits = |text: &str| of(text).chars().filter(char::is_ascii_digit).collect::<String>();
    assert_eq!(digits("06 01 02 03 04"), digits("0601020304"));
    assert_eq!(digits("+33601020304")[2..], digits("0601020304")[1..]);
    assert!(of("+33 6 01 02 03 04").starts_with("+33 6 "));
}

#[test]
fn the_form_of_every_text_stays() {
    for text in [
        "2025-01-31",
        "2021-06-31",
        "31/01/2025",
        "1/2/2025",
        "2025.01.31",
        "2025-01-31T10:23:45.120+01:00",
        "2025-01-31T00:00:00",
        "2025-01-31 10:23",
        "2025",
        "2024-2025",
        "75002",
        "01000",
        "7",
        "00",
        "75002 PARIS",
        "ÉLÈVE",
        " ",
        "Dupont",
        "d'Artagnan",
        "LE GOFFIC",
        "+33 6 01 02 03 04",
        "-790.5",
        "790,50",
        "n/a",
        "GÃ©raldine",
        "L&#39;Ha\u{ff}e",
        "g&eacute;raldine",
        "BERNARD THIERRY & SOPHIE; ÂGE",
        "<jean@dupont.fr>",
        "0bis",
        "2A004",
        "3EME",
        "FC-123-AB",
        "0890003V",
        "geraldine@durand.fr",
        "f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
        "https://vigie.example/a?nom=M%C3%BCller%20x",
        "non_beneficiaire",
        "13002526500013",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl",
        "aGVsbG8gd29ybGQ=",
        "Nom: x; prénom: y\nligne 2",
        "M",
        "null",
    ] {
        let pseudonym = of(text);
        assert_eq!(Form::of(&pseudonym), Form::of(text), "{text} -> {pseudonym}");
        let kept = matches!(Form::of(text), None | Some(Form::Placeholder)) || text == "00";
        assert_eq!(pseudonym == text, kept, "{text} -> {pseudonym}");
    }
    assert_ne!(of("١٢٣"), "١٢٣");
    assert_eq!(of("{{mission}} and {{a-b}}").matches("{{mission}}").count(), 1);
}

#[test]
fn nothing_of_a_value_is_left_in_any_encoding() {
    for text in [
        "https://host.fr/p?nom=OSTERMANN",
        "https://host.fr/p?nom=%4F%53TERMANN%20x",
        "&#79;STERMANN",
        "x-OSTERMANN_y",
        "\"OSTERMANN\"",
        "ostermann@ostermann.fr",
        "OSTERMANN2",
    ] {
        let pseudonym = of(text).to_lowercase();
        assert!(!pseudonym.contains("ostermann") && !pseudonym.contains("stermann"), "{text} -> {pseudonym}");
    }
}

#[test]
fn a_name_of_a_file_that_tells_somebody_is_concealed() {
    let mut pseudonyms = Pseudonyms::new(b"key", FRENCH);
    pseudonyms.learn(&"Liselotte OSTERMANN 200".into());
    assert_eq!(pseudonyms.concealed("200-sans-jeton"), "200-sans-jeton");
    for name in ["200-ostermann", "422-Liselotte-absente", "familleostermann"] {
        assert!(pseudonyms.tells(name), "{name}");
        let concealed = pseudonyms.concealed(name).to_lowercase();
        assert!(!concealed.contains("ostermann") && !concealed.contains("liselotte"), "{concealed}");
        assert_eq!(concealed.len(), name.len());
    }
    assert!(pseudonyms.concealed("422-Liselotte-absente").ends_with("-absente"));
}

/// How one text is written.
fn writing(part: Part, check: impl Fn(&Writing<'_>)) {
    check(&Writing { keyed: &Keyed::new(b"key"), formats: &[], part, salt: "", mangled: false });
}

#[test]
fn every_date_that_exists_becomes_another_that_exists_and_agrees_with_its_parts() {
    writing(Part::Any, |writing| {
        let (mut seen, mut of) = (BTreeSet::new(), 0);
        for year in 1900..=2039 {
            for (month, day) in (1..=12).flat_map(|month| (1..=31).map(move |day| (month, day))) {
                let date @ (y, m, d) = writing.date(year, month, day);
                assert_eq!(exists(y, m, d), exists(year, month, day), "{year}-{month}-{day} -> {date:?}");
                assert_ne!(date, (year, month, day));
                assert_eq!(y / 100, year / 100);
                if exists(year, month, day) {
                    assert_eq!(date, (writing.year(year), writing.month(month), writing.day(day)));
                    if year < 2020 && day <= 28 {
                        seen.insert(date);
                        of += 1;
                    }
                }
            }
        }
        assert_eq!(seen.len(), of);
    });
}

#[test]
fn what_is_no_part_of_a_date_stays() {
    writing(Part::Any, |writing| {
        let moved = (writing.year(1899), writing.year(2999), writing.month(13), writing.day(32));
        assert_eq!(moved, (1899, 2999, 13, 32));
        assert_eq!(writing.date(0, 0, 0), (0, 0, 0));
        assert!((2020..=2039).all(|year| (2000..=2019).contains(&writing.year(year))));
        // What lies ahead still does.
        assert!((2040..=2100).all(|year| (2040..=2100).contains(&writing.year(year)) && writing.year(year) != year));
    });
}

#[test]
fn a_part_of_a_date_is_that_part_of_the_date_s_pseudonym() {
    let parts: Vec<u64> = of("1989-07-18").split('-').map(|part| part.parse().expect("a number")).collect();
    for (number, part, place) in [(1989, Part::Year, 0), (7, Part::Month, 1), (18, Part::Day, 2)] {
        assert_eq!(of_number(&json!(number), part), json!(parts[place]));
    }
    let month = Pseudonyms::new(b"key", FRENCH).text("07", Part::Month);
    assert_eq!(month, format!("{:02}", parts[1]));
    assert_eq!(of_number(&json!(32), Part::Day), json!(32));
    for day in 1..=31 {
        assert!(of_number(&json!(day), Part::Day).is_u64(), "{day}");
    }
}

#[test]
fn checksums_hold_where_they_held() {
    let holds = |text: &str| luhn(text).is_multiple_of(10);
    for siret in ["13002526500013", "21920023500014", "00000000000000", "13002526500014"] {
        let pseudonym = of(siret);
        assert_eq!((pseudonym.len(), holds(&pseudonym)), (14, holds(siret)), "{siret} -> {pseudonym}");
    }
    let pseudonyms = Pseudonyms::new(b"key", FRENCH);
    assert!(pseudonyms.text("13002526500013", Part::Any).starts_with(&pseudonyms.text("130025265", Part::Any)));
    for value in (0..2_000_000_u64).step_by(9_973) {
        let text = format!("{:09}", value * 491 % 1_000_000_000);
        let pseudonym = pseudonyms.text(&text, Part::Any);
        assert_eq!((pseudonym.len(), holds(&pseudonym)), (9, holds(&text)), "{text} -> {pseudonym}");
    }
}

#[test]
fn runs_keep_their_length_and_their_zeros_and_never_meet() {
    writing(Part::Any, |writing| {
        for length in 1..=4 {
            let step = if length == 4 { 7 } else { 1 };
            let values = (0..10_u32.pow(length)).step_by(step);
            let texts: Vec<String> = values.map(|value| format!("{value:0width$}", width = length as usize)).collect();
            let mut seen = BTreeSet::new();
            for text in &texts {
                let pseudonym = writing.run("digits", text);
                assert_eq!(pseudonym.len(), text.len());
                assert_eq!(pseudonym.starts_with('0'), text.starts_with('0'), "{text} -> {pseudonym}");
                assert!(pseudonym != *text || text.trim_matches('0').is_empty(), "{text}");
                seen.insert(pseudonym);
            }
            assert_eq!(seen.len(), texts.len());
        }
    });
    for text in ["2147483647", "1234567890"] {
        assert!(of(text).parse::<i32>().is_ok());
    }
    assert_eq!(of("123456789012345678901234567890").len(), 30);
    assert!(of("99100").starts_with("99") && of("99100") != "99100");
}

#[test]
fn eight_digits_that_are_a_date_stay_one() {
    let date = of("1989-07-18");
    let parts: Vec<&str> = date.split('-').collect();
    assert_eq!(of("19890718"), parts.concat());
    assert_eq!(of("18071989"), format!("{}{}{}", parts[2], parts[1], parts[0]));
}

#[test]
fn a_number_has_the_digits_of_its_text() {
    assert_eq!(of_number(&json!(75002), Part::Any).to_string(), of("75002"));
    assert_eq!(of_number(&json!(0), Part::Any), json!(0));
    assert_eq!(of_number(&json!(0.0), Part::Any), json!(0.0));
    for number in
        [json!(-790.25), json!(12), json!(1_700_000_000_000_i64), json!(1e300), json!(u64::MAX - 1), json!(0.5)]
    {
        let pseudonym = of_number(&number, Part::Any);
        assert_ne!(pseudonym, number);
        assert_eq!(pseudonym.is_f64(), number.is_f64(), "{number} -> {pseudonym}");
        assert_eq!(pseudonym.to_string().len(), number.to_string().len(), "{number} -> {pseudonym}");
    }
}

#[test]
fn a_name_is_the_same_name_in_every_spelling() {
    let name = of("geraldine");
    assert_eq!(of("GERALDINE"), name.to_uppercase());
    for spelling in ["Géraldine", "GÉRALDINE", "Ge\u{301}raldine"] {
        let spelt = of(spelling);
        assert_eq!(fold(&spelt), name, "{spelt}");
        assert_ne!(spelt.to_lowercase(), name, "it keeps its accent");
        assert_eq!(spelt.chars().next().map(char::is_uppercase), Some(true));
    }
    assert_eq!(of("GÉRALDINE").to_uppercase(), of("GÉRALDINE"));
    assert_ne!(Pseudonyms::new(b"another", FRENCH).text("geraldine", Part::Any), name);
}

#[test]
fn an_accent_fits_every_letter_in_one_character() {
    for base in LETTERS.chars().filter(|base| *base != 'q').flat_map(|base| [base, base.to_ascii_uppercase()]) {
        assert_eq!(accented(base, '\u{300}').chars().count(), 1, "{base}");
    }
    assert_eq!(fold(&accented('q', '\u{300}')), "q");
}

#[test]
fn characters_keep_their_kind_and_words_never_meet() {
    let pseudonyms = Pseudonyms::new(b"key", FRENCH);
    let mut seen = BTreeSet::new();
    let words: BTreeSet<String> = (0..3000_u32)
        .map(|n| {
            let letter = |place: u32| char::from(b'a' + u8::try_from(n / 7_u32.pow(place) % 7).unwrap_or(0));
            (0..=n % 7).map(letter).chain((n % 3 == 0).then_some('7')).collect()
        })
        .collect();
    for word in &words {
        let pseudonym = pseudonyms.text(word, Part::Any);
        assert_ne!(&pseudonym, word);
        assert!(word.chars().zip(pseudonym.chars()).all(|(a, b)| a.is_ascii_digit() == b.is_ascii_digit()));
        assert_eq!(word.len(), pseudonym.len());
        assert!(seen.insert(pseudonym));
    }
    assert!(of("9f86d081884c7d65").bytes().all(|byte| byte.is_ascii_hexdigit()));
    assert!(without_accents(&of("Œdème")).all(char::is_alphabetic));
    assert_eq!(of("محمد").chars().count(), 4);
}
