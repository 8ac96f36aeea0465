//! Words, codes and tokens: letters become letters of the same case, digits become digits, in as many characters.

use super::keyed::Keyed;

/// Letters with an accent, and what they are without it.
const ACCENTS: [(&str, char); 15] = [
    ("àáâãäåā", 'a'),
    ("çćč", 'c'),
    ("ďđ", 'd'),
    ("èéêëēęě", 'e'),
    ("ğ", 'g'),
    ("ìíîïī", 'i'),
    ("łľ", 'l'),
    ("ñńň", 'n'),
    ("òóôõöøō", 'o'),
    ("ř", 'r'),
    ("śşš", 's'),
    ("ţť", 't'),
    ("ùúûüūů", 'u'),
    ("ýÿ", 'y'),
    ("źżž", 'z'),
];
/// A letter with an accent for each of the alphabet; each is one character in capitals too.
const ACCENTED: [char; 26] = [
    'à', 'ḃ', 'ç', 'ď', 'é', 'ḟ', 'ĝ', 'ĥ', 'î', 'ĵ', 'ķ', 'ĺ', 'ṁ', 'ñ', 'ô', 'ṗ', 'ø', 'ŕ', 'ś', 'ť', 'û', 'ṽ', 'ŵ',
    'ẋ', 'ý', 'ź',
];
/// Words of so many values are permuted; longer ones are never the same by chance.
const RANKED: u64 = 1 << 40;
/// Characters of a hexadecimal text that is no word.
const HEXADECIMAL: usize = 12;

/// A word without its letter case and its accents: who writes it `GERALDINE` means the same as who writes `Géraldine`.
pub(super) fn fold(word: &str) -> String {
    let plain = |letter: char| ACCENTS.iter().find(|(all, _)| all.contains(letter)).map_or(letter, |(_, base)| *base);
    word.chars().flat_map(char::to_lowercase).filter(|letter| !is_mark(*letter)).map(plain).collect()
}

/// An accent that is a character of its own.
fn is_mark(letter: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&letter)
}

impl Keyed {
    /// The pseudonym of a word, in the case and with the accents of this spelling of it.
    pub(super) fn word(&self, word: &str, salt: &str) -> String {
        let folded = fold(word);
        let pseudonym = self.folded(&folded, salt);
        let mut letters = pseudonym.chars();
        let mut written = String::with_capacity(word.len());
        for letter in word.chars() {
            if is_mark(letter) {
                written.push(letter);
                continue;
            }
            // A capital that is two small letters has two in its place.
            for _ in letter.to_lowercase().filter(|letter| !is_mark(*letter)) {
                let plain = letters.next().unwrap_or('x');
                let index = usize::try_from(u32::from(plain)).unwrap_or(0).wrapping_sub(usize::from(b'a'));
                let spelt = if letter.is_ascii() { plain } else { *ACCENTED.get(index).unwrap_or(&plain) };
                if letter.is_lowercase() {
                    written.push(spelt);
                } else {
                    written.extend(spelt.to_uppercase());
                }
            }
        }
        written
    }

    /// Plain letters and digits, one for each character.
    fn folded(&self, folded: &str, salt: &str) -> String {
        let label = format!("word{salt}");
        let bytes = folded.as_bytes();
        let is_hexadecimal = bytes.len() >= HEXADECIMAL
            && bytes.iter().all(u8::is_ascii_hexdigit)
            && bytes.iter().any(u8::is_ascii_digit);
        if is_hexadecimal {
            return self.hexadecimal(folded, salt);
        }
        let radix = |byte: u8| if byte.is_ascii_digit() { 10 } else { 26 };
        let ranked = folded.bytes().all(|byte| byte.is_ascii_alphanumeric()).then(|| {
            folded.bytes().try_fold((0_u64, 1_u64), |(rank, size), byte| {
                let digit = u64::from(if byte.is_ascii_digit() { byte - b'0' } else { byte - b'a' });
                let size = size.checked_mul(radix(byte)).filter(|size| *size <= RANKED)?;
                Some((rank * radix(byte) + digit, size))
            })
        });
        if let Some((rank, size)) = ranked.flatten() {
            // Words of another build are another range.
            let build: String = bytes.iter().map(|byte| if byte.is_ascii_digit() { '0' } else { 'a' }).collect();
            let mut rank = self.moved(&format!("{label}{build}"), rank, size);
            let mut letters = Vec::with_capacity(bytes.len());
            for byte in bytes.iter().rev() {
                let digit = u8::try_from(rank % radix(*byte)).unwrap_or(0);
                letters.push(char::from(digit + if byte.is_ascii_digit() { b'0' } else { b'a' }));
                rank /= radix(*byte);
            }
            return letters.into_iter().rev().collect();
        }
        let stream = self.stream(&label, folded);
        let letter = |(own, byte): (char, u8)| match own {
            own if own.is_numeric() => char::from(b'0' + byte % 10),
            _ => char::from(b'a' + byte % 26),
        };
        folded.chars().zip(stream).map(letter).collect()
    }

    /// A text of hexadecimal digits stays one.
    pub(super) fn hexadecimal(&self, text: &str, salt: &str) -> String {
        let stream = self.stream(&format!("hexadecimal{salt}"), &text.to_ascii_lowercase());
        let letter = |(own, byte): (char, u8)| match own {
            '0'..='9' => char::from(b'0' + byte % 10),
            'a'..='f' => char::from(b'a' + byte % 6),
            'A'..='F' => char::from(b'A' + byte % 6),
            other => other,
        };
        text.chars().zip(stream).map(letter).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::keyed::Keyed;
    use super::{ACCENTED, fold};
    use std::collections::BTreeSet;

    #[test]
    fn a_name_is_the_same_name_in_every_spelling() {
        let keyed = Keyed::new(b"key");
        let name = keyed.word("geraldine", "");
        assert_eq!(keyed.word("GERALDINE", ""), name.to_uppercase());
        let spelt = keyed.word("Géraldine", "");
        assert!(spelt.to_lowercase().chars().zip(name.chars()).enumerate().all(|(place, (a, b))| place == 1 || a == b));
        assert_eq!(fold("GÉRALDINE"), fold("Ge\u{301}raldine"));
        let accented: Vec<char> = keyed.word("GÉRALDINE", "").chars().collect();
        assert!(!accented[1].is_ascii() && accented[1].is_uppercase());
        assert_eq!(keyed.word("Ge\u{301}raldine", "").chars().nth(2), Some('\u{301}'));
        assert_ne!(Keyed::new(b"another").word("geraldine", ""), name);
    }

    #[test]
    fn accents_have_capitals_of_one_character_that_fold_back() {
        for letter in ACCENTED {
            assert_eq!(letter.to_uppercase().count(), 1);
            assert_eq!(letter.to_uppercase().flat_map(char::to_lowercase).collect::<String>(), letter.to_string());
        }
        assert_eq!(ACCENTED.iter().collect::<BTreeSet<_>>().len(), 26);
    }

    #[test]
    fn characters_keep_their_kind_and_words_never_meet() {
        let keyed = Keyed::new(b"key");
        let mut seen = BTreeSet::new();
        let words: Vec<String> = (0..3000_u32)
            .map(|n| {
                let letter = |place: u32| char::from(b'a' + u8::try_from(n / 7_u32.pow(place) % 7).unwrap_or(0));
                (0..=n % 7).map(letter).chain((n % 3 == 0).then_some('7')).collect()
            })
            .collect();
        for word in words.iter().collect::<BTreeSet<_>>() {
            let pseudonym = keyed.word(word, "");
            assert_ne!(&pseudonym, word);
            assert!(word.chars().zip(pseudonym.chars()).all(|(a, b)| a.is_ascii_digit() == b.is_ascii_digit()));
            assert_eq!(word.len(), pseudonym.len());
            assert!(seen.insert(pseudonym));
        }
        assert!(keyed.word("9f86d081884c7d65", "").bytes().all(|byte| byte.is_ascii_hexdigit()));
        assert!(keyed.word("Œdème", "").chars().all(char::is_alphabetic));
        assert_eq!(keyed.word("محمد", "").chars().count(), 4);
    }
}
