//! HMAC-SHA-256 with the project's key, and the characters that are drawn from it.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::cell::RefCell;
use std::collections::HashMap;
use std::iter::zip;

/// Where a format leaves so few values, each of them gets another one of them: two of twelve months would be one by chance.
const FEW: usize = 1_000;
/// How many pseudonyms of a value are tried until one is nobody else's.
const TRIES: u32 = 1_000;

/// The characters that may stand at one place of a text.
pub(super) type Alphabet = &'static str;

/// Pseudonyms of one key in one recording.
pub(super) struct Keyed {
    mac: Hmac<Sha256>,
    /// Whose a pseudonym is already, by its kind. An HMAC may give two values the same one: then the second gets its next.
    taken: RefCell<HashMap<(String, String), String>>,
    /// By kind, the few values of a format in the order of their HMACs.
    orders: RefCell<HashMap<(String, usize), Vec<usize>>>,
}

impl Keyed {
    pub(super) fn new(key: &[u8]) -> Self {
        Self { mac: keyed(key), taken: RefCell::default(), orders: RefCell::default() }
    }

    /// As many bytes as are asked for: the HMAC of the value is the key of theirs, so that a long value is read once.
    fn bytes(&self, kind: &str, value: &str, attempt: u32) -> impl Iterator<Item = u8> + use<> {
        let seed = keyed(&hash(&self.mac, &[kind.as_bytes(), value.as_bytes(), &attempt.to_be_bytes()]));
        (0_u64..).flat_map(move |block| hash(&seed, &[&block.to_be_bytes()]))
    }

    /// Another number below `size`, and for each number its own: the next in the order of their HMACs.
    pub(super) fn among(&self, kind: &str, number: usize, size: usize) -> usize {
        let mut orders = self.orders.borrow_mut();
        let order = orders.entry((kind.to_owned(), size)).or_insert_with(|| {
            let mut order: Vec<usize> = (0..size).collect();
            order.sort_by_cached_key(|number| hash(&self.mac, &[kind.as_bytes(), &number.to_be_bytes()]));
            order
        });
        let place = order.iter().position(|own| *own == number);
        place.map_or(number, |place| order[(place + 1) % size])
    }

    /// A text with a character of each alphabet: neither the value nor, in this recording, the pseudonym of another value of
    /// its kind. `salt` is for the next attempt where the contract refuses the first one.
    pub(super) fn drawn(
        &self,
        kind: &str,
        salt: &str,
        value: &str,
        alphabets: &[Alphabet],
        fits: impl Fn(&str) -> bool,
    ) -> String {
        let salted = format!("{kind}{salt}");
        let sizes = || alphabets.iter().map(|alphabet| alphabet.len());
        if let Some(size) = sizes().try_fold(1_usize, |size, own| size.checked_mul(own).filter(|size| *size <= FEW)) {
            let place = |(alphabet, own): (&Alphabet, char)| alphabet.find(own).unwrap_or(0);
            let number = zip(zip(alphabets, value.chars()).map(place), sizes())
                .fold(0, |number, (place, size)| number * size + place);
            let mut number = self.among(&format!("{salted} {}", alphabets.concat()), number, size);
            let mut written = Vec::with_capacity(alphabets.len());
            for alphabet in alphabets.iter().rev() {
                written.extend(alphabet.as_bytes().get(number % alphabet.len()).copied().map(char::from));
                number /= alphabet.len();
            }
            return written.into_iter().rev().collect();
        }
        let mut taken = self.taken.borrow_mut();
        let mut pseudonym = String::new();
        for attempt in 0..TRIES {
            let bytes = self.bytes(&salted, value, attempt);
            pseudonym = zip(alphabets, bytes)
                .map(|(alphabet, byte)| char::from(alphabet.as_bytes()[usize::from(byte) % alphabet.len()]))
                .collect();
            if pseudonym != value
                && fits(&pseudonym)
                && *taken.entry((kind.to_owned(), pseudonym.clone())).or_insert_with(|| value.to_owned()) == value
            {
                break;
            }
        }
        pseudonym
    }
}

fn keyed(key: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).unwrap_or_else(|_| unreachable!("HMAC takes a key of any length"))
}

/// The HMAC of several parts, each with its length before it.
fn hash(mac: &Hmac<Sha256>, parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = mac.clone();
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::Keyed;
    use std::collections::BTreeSet;

    #[test]
    fn each_of_a_few_values_becomes_another_one_of_them() {
        for key in ["a", "b", "another key of more characters"] {
            let keyed = Keyed::new(key.as_bytes());
            for size in [2, 3, 9, 10, 12, 26, 28, 90, 676, 1000] {
                let all: BTreeSet<usize> = (0..size).map(|number| keyed.among("test", number, size)).collect();
                assert_eq!((all.len(), all.last()), (size, Some(&(size - 1))));
                assert!((0..size).all(|number| keyed.among("test", number, size) != number));
            }
        }
        let keyed = Keyed::new(b"a");
        assert_eq!((keyed.among("test", 0, 1), keyed.among("test", 7, 7)), (0, 7));
    }

    #[test]
    fn two_values_of_one_recording_have_two_pseudonyms_whatever_their_hashes_are() {
        const FOUR: [&str; 4] = ["0123456789"; 4];
        let keyed = Keyed::new(b"a");
        let of = |keyed: &Keyed, number: u32| keyed.drawn("test", "", &format!("{number:04}"), &FOUR, |_| true);
        // 6,000 of 10,000: without a second try, a quarter of them would share theirs.
        let all: BTreeSet<String> = (0..6_000).map(|number| of(&keyed, number)).collect();
        assert_eq!(all.len(), 6_000);
        assert!(
            (0..6_000).all(|number| all.contains(&of(&keyed, number)) && of(&keyed, number) != format!("{number:04}"))
        );
        // Alone, a value has the pseudonym that its hash says, whoever comes before.
        let (first, second) = (Keyed::new(b"a"), Keyed::new(b"a"));
        assert_eq!((of(&first, 1), of(&first, 2)), {
            let two = of(&second, 2);
            (of(&second, 1), two)
        });
        assert_ne!(of(&Keyed::new(b"b"), 1), of(&keyed, 1));
    }

    #[test]
    fn where_no_value_is_left_one_is_given_all_the_same() {
        let keyed = Keyed::new(b"a");
        let pseudonym = keyed.drawn("test", "", "0000", &["0123456789"; 4], |_| false);
        assert!(pseudonym.len() == 4 && pseudonym.bytes().all(|byte| byte.is_ascii_digit()), "{pseudonym}");
    }
}
