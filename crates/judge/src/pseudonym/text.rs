//! A text, taken apart into what it is made of.

use super::keyed::Keyed;
use super::{Part, Pseudonyms};
use crate::shape::Form;
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use regex::{Captures, Regex};
use std::sync::LazyLock;

/// Pieces of a text, the first that fits; what stands between them is punctuation, and stays.
static PIECES: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r"(?x)
        (?P<placeholder>\{\{[^{}]*\}\})
        |(?P<scheme>https?://)
        |(?P<escape>&(?:[A-Za-z]{2,8}|\#[0-9]{1,6});)
        |(?P<uuid>\b[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}\b)
        |(?P<local>[\p{L}\p{N}._%+'-]+)@(?P<domain>[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+)
        |\b(?P<y>[0-9]{4})-(?P<m>[0-9]{2})-(?P<d>[0-9]{2})
            (?:(?P<t>[T\ ])(?P<time>[0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?:[.,](?P<fraction>[0-9]+))?
            (?P<zone>[Zz]|[+-][0-9]{2}:?[0-9]{2})?)?\b
        |\b(?P<from>[0-9]{4})-(?P<to>[0-9]{4})\b
        |\b(?P<day>[0-9]{1,2})(?P<s1>[/.\ -])(?P<month>[0-9]{1,2})(?P<s2>[/.\ -])(?P<year>[0-9]{4})\b
        |\b(?P<year1>[0-9]{4})(?P<s3>[/.])(?P<month1>[0-9]{1,2})(?P<s4>[/.])(?P<day1>[0-9]{1,2})\b
        |(?P<trunk>\+33[\ .-]?|\b0)(?P<subscriber>[1-9](?:[\ .-]?[0-9]{2}){4})\b
        |(?P<word>[\p{L}\p{M}\p{N}]+)";
    Regex::new(pattern).unwrap_or_else(|error| unreachable!("the pattern is ours: {error}"))
});
static WORDS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[\p{L}\p{M}\p{N}]+").unwrap_or_else(|error| unreachable!("it is ours: {error}")));
/// What a URL cannot hold as it is.
const ENCODED: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'`').add(b'{').add(b'}').add(b'%');
/// The last label of an address at which nobody is (RFC 2606).
const NOWHERE: &str = "example";
/// Years between the two of a range: `2024-2025`.
const LONGEST_RANGE: u64 = 9;

/// The words of a text: letters and digits.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    WORDS.find_iter(text).map(|word| word.as_str())
}

impl Pseudonyms {
    /// The pseudonym of a text: that of each of its pieces. Punctuation and spaces stay.
    pub fn text(&self, text: &str, part: Part) -> String {
        self.salted_text(text, part, "")
    }

    pub(super) fn salted_text(&self, text: &str, part: Part, salt: &str) -> String {
        let form = Form::of(text);
        if form == Some(Form::Placeholder) || part.keeps(text) {
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
        let writing = Writing { keyed: &self.keyed, part, salt, mangled: form == Some(Form::Mangled) };
        PIECES.replace_all(text, |piece: &Captures<'_>| writing.piece(piece)).into_owned()
    }
}

/// How the pieces of one text are replaced.
struct Writing<'a> {
    keyed: &'a Keyed,
    part: Part,
    salt: &'a str,
    /// Whether it is in another encoding than it says: then what is not ASCII is that defect, and stays.
    mangled: bool,
}

impl Writing<'_> {
    fn piece(&self, piece: &Captures<'_>) -> String {
        let named = |name: &str| piece.name(name).map(|part| part.as_str());
        let number = |name: &str| named(name).and_then(|digits| digits.parse::<u64>().ok()).unwrap_or(0);
        let whole = piece.get(0).map_or("", |whole| whole.as_str());
        if named("placeholder").or(named("scheme")).is_some() {
            return whole.to_owned();
        }
        if let Some(escape) = named("escape") {
            return self.escape(escape);
        }
        if let Some(uuid) = named("uuid") {
            return self.uuid(uuid);
        }
        if let (Some(local), Some(domain)) = (named("local"), named("domain")) {
            let (labels, last) = domain.rsplit_once('.').unwrap_or(("", domain));
            let is_upper = last.chars().all(char::is_uppercase);
            let last = if is_upper { NOWHERE.to_uppercase() } else { NOWHERE.to_owned() };
            return format!("{}@{}.{last}", self.words(local), self.words(labels));
        }
        if named("y").is_some() {
            let (year, month, day) = self.keyed.date((number("y"), number("m"), number("d")));
            let time = named("time").map(|time| self.time(time)).unwrap_or_default();
            let fraction = named("fraction").map(|digits| format!(".{}", self.keyed.plain(digits, "fraction")));
            let (t, zone) = (named("t").unwrap_or_default(), named("zone").unwrap_or_default());
            return format!("{year:04}-{month:02}-{day:02}{t}{time}{}{zone}", fraction.unwrap_or_default());
        }
        if let (Some(from), Some(to)) = (named("from"), named("to")) {
            let (first, last) = (number("from"), number("to"));
            if (1900..=2100).contains(&first) && (first..=first + LONGEST_RANGE).contains(&last) {
                let pseudonym = self.keyed.year(first);
                return format!("{pseudonym}-{}", pseudonym + last - first);
            }
            return format!("{}-{}", self.keyed.digits(from, self.salt), self.keyed.digits(to, self.salt));
        }
        if let (Some(day), Some(month)) = (named("day"), named("month")) {
            let date = self.keyed.date((number("year"), number("month"), number("day")));
            let (s1, s2) = (named("s1").unwrap_or_default(), named("s2").unwrap_or_default());
            return format!("{}{s1}{}{s2}{:04}", padded(date.2, day), padded(date.1, month), date.0);
        }
        if let (Some(day), Some(month)) = (named("day1"), named("month1")) {
            let date = self.keyed.date((number("year1"), number("month1"), number("day1")));
            let (s1, s2) = (named("s3").unwrap_or_default(), named("s4").unwrap_or_default());
            return format!("{:04}{s1}{}{s2}{}", date.0, padded(date.1, month), padded(date.2, day));
        }
        if let (Some(trunk), Some(subscriber)) = (named("trunk"), named("subscriber")) {
            let digits: String = subscriber.chars().filter(char::is_ascii_digit).collect();
            // The first digit tells the kind of number: a region, a mobile.
            let mut moved = self.keyed.plain(&digits[1..], "subscriber").into_bytes().into_iter();
            let rest = subscriber[1..].chars();
            let rest = rest.map(|own| if own.is_ascii_digit() { moved.next().map_or(own, char::from) } else { own });
            return format!("{trunk}{}{}", &digits[..1], rest.collect::<String>());
        }
        self.word(whole)
    }

    fn words(&self, text: &str) -> String {
        WORDS.replace_all(text, |word: &Captures<'_>| self.word(&word[0])).into_owned()
    }

    fn word(&self, word: &str) -> String {
        if word.bytes().all(|byte| byte.is_ascii_digit()) {
            return self.keyed.of_part(word, self.part, self.salt);
        }
        if self.mangled {
            let plain = |character: char| character.is_ascii();
            let parts = word.split_inclusive(|character: char| !plain(character));
            let part = |part: &str| {
                let end = part.find(|character: char| !plain(character)).unwrap_or(part.len());
                self.keyed.word(&part[..end], self.salt) + &part[end..]
            };
            return parts.map(part).collect();
        }
        self.keyed.word(word, self.salt)
    }

    /// `&eacute;` says how a text was written; `&#79;` is a letter of it.
    fn escape(&self, escape: &str) -> String {
        let code = escape.strip_prefix("&#").and_then(|rest| rest.strip_suffix(';')).and_then(|code| code.parse().ok());
        match code.and_then(char::from_u32).filter(|letter| letter.is_alphanumeric()) {
            Some(_) => self.words(escape),
            None => escape.to_owned(),
        }
    }

    /// The version and the variant of a UUID stay.
    fn uuid(&self, uuid: &str) -> String {
        let pseudonym = self.keyed.hexadecimal(uuid, self.salt);
        let kept = |(place, (own, new)): (usize, (char, char))| if matches!(place, 14 | 19) { own } else { new };
        uuid.chars().zip(pseudonym.chars()).enumerate().map(kept).collect()
    }

    /// Midnight is mostly no time at all.
    fn time(&self, time: &str) -> String {
        if time.bytes().all(|byte| matches!(byte, b'0' | b':')) {
            return time.to_owned();
        }
        let moved = |(place, digits): (usize, &str)| {
            let (label, size) = if place == 0 { ("hour", 24) } else { ("minute", 60) };
            format!("{:02}", self.keyed.moved(label, digits.parse().unwrap_or(0), size))
        };
        time.split(':').enumerate().map(moved).collect::<Vec<_>>().join(":")
    }
}

/// In as many digits as before, where it was padded.
fn padded(number: u64, original: &str) -> String {
    if original.len() == 2 { format!("{number:02}") } else { number.to_string() }
}

#[cfg(test)]
mod tests {
    use super::super::{Part, Pseudonyms};
    use crate::shape::Form;

    fn of(text: &str) -> String {
        Pseudonyms::new(b"key").text(text, Part::Any)
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
        let mut pseudonyms = Pseudonyms::new(b"key");
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
}
