//! The keyed part: permutations of small ranges, and streams for what no range holds.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::cell::RefCell;
use std::collections::HashMap;

/// Ranges up to this size are permuted, so that two values never become one. In larger ones a value is moved by its own
/// keyed distance: two of ten thousand values meet once in twenty thousand projects, and the key alone does not lead back.
const PERMUTED: u64 = 1 << 40;
/// Half rounds of the network that permutes.
const ROUNDS: u8 = 8;

/// By label, where a value of a range of some size was moved to.
type Moved = HashMap<String, HashMap<(u64, u64), u64>>;

/// HMAC-SHA256 with the project's key.
pub(super) struct Keyed {
    mac: Hmac<Sha256>,
    /// Where values were moved to: most of what is recorded comes again and again.
    moved: RefCell<Moved>,
}

impl Keyed {
    pub(super) fn new(key: &[u8]) -> Self {
        match Hmac::<Sha256>::new_from_slice(key) {
            Ok(mac) => Self { mac, moved: RefCell::default() },
            Err(_) => unreachable!("HMAC takes a key of any length"),
        }
    }

    /// Each part is told apart from the next one by its length.
    fn block(&self, label: &str, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = self.mac.clone();
        for part in [label.as_bytes()].iter().chain(parts) {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }

    fn number(&self, label: &str, parts: &[&[u8]]) -> u64 {
        let block = self.block(label, parts);
        block.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
    }

    /// Another value of a range from 0, the same for the same value, and another one for another where the range can be
    /// permuted. Never the value itself, unless there is no other.
    pub(super) fn moved(&self, label: &str, value: u64, size: u64) -> u64 {
        if size < 2 || value >= size {
            return value;
        }
        if size > PERMUTED {
            let distance = self.number(label, &[&value.to_be_bytes(), &size.to_be_bytes()]) % (size - 1) + 1;
            return value.checked_add(distance).map_or_else(
                || u64::try_from((u128::from(value) + u128::from(distance)) % u128::from(size)).unwrap_or_default(),
                |sum| sum % size,
            );
        }
        let known = |moved: &Moved| moved.get(label)?.get(&(value, size)).copied();
        if let Some(moved) = known(&self.moved.borrow()) {
            return moved;
        }
        // The step of one, in an order of the range that only the key knows: one ring, so that nothing stays in its place.
        let next = (self.permuted(label, value, size, false) + 1) % size;
        let moved = self.permuted(label, next, size, true);
        self.moved.borrow_mut().entry(label.to_owned()).or_default().insert((value, size), moved);
        moved
    }

    /// A Feistel network over two digits, walked until it comes back into the range.
    fn permuted(&self, label: &str, value: u64, size: u64, back: bool) -> u64 {
        let high = size.isqrt() + 1;
        let low = size.div_ceil(high);
        let mut value = value;
        loop {
            let (mut left, mut right) = (value / low, value % low);
            let each = |round: u8, left: &mut u64, right: &mut u64| {
                let (moved, other, range) =
                    if round.is_multiple_of(2) { (left, *right, high) } else { (right, *left, low) };
                let distance = self.number(label, &[&[round], &size.to_be_bytes(), &other.to_be_bytes()]) % range;
                *moved = if back { (*moved + range - distance) % range } else { (*moved + distance) % range };
            };
            if back {
                (0..ROUNDS).rev().for_each(|round| each(round, &mut left, &mut right));
            } else {
                (0..ROUNDS).for_each(|round| each(round, &mut left, &mut right));
            }
            value = left * low + right;
            if value < size {
                return value;
            }
        }
    }

    /// As many bytes as are asked for, the same for the same text.
    pub(super) fn stream(&self, label: &str, text: &str) -> impl Iterator<Item = u8> + use<> {
        // The text is read once: a long one has many blocks.
        let seed = Self::new(&self.block(label, &[text.as_bytes()]));
        (0_u64..).flat_map(move |counter| seed.block("stream", &[&counter.to_be_bytes()]))
    }
}

#[cfg(test)]
mod tests {
    use super::Keyed;
    use std::collections::BTreeSet;

    #[test]
    fn a_small_range_is_permuted_and_nothing_stays_in_its_place() {
        for key in ["a", "b", "another key of more characters"] {
            let keyed = Keyed::new(key.as_bytes());
            for size in [2, 3, 9, 10, 12, 26, 28, 90, 676, 1000] {
                let moved: BTreeSet<u64> = (0..size).map(|value| keyed.moved("test", value, size)).collect();
                assert_eq!(moved.len() as u64, size, "{size}");
                assert!((0..size).all(|value| keyed.moved("test", value, size) != value && moved.contains(&value)));
            }
        }
        let keyed = Keyed::new(b"a");
        assert_eq!((keyed.moved("test", 0, 1), keyed.moved("test", 7, 7)), (0, 7));
    }

    #[test]
    fn a_large_range_has_room_for_all() {
        let keyed = Keyed::new(b"a");
        for size in [1 << 40, (1 << 40) + 1, u64::MAX] {
            let moved: BTreeSet<u64> = (0..500).map(|value| keyed.moved("test", value, size)).collect();
            assert_eq!(moved.len(), 500);
            assert!(moved.iter().all(|value| *value < size));
        }
        assert_ne!(keyed.moved("test", 1, 1 << 50), keyed.moved("other", 1, 1 << 50));
        assert!(keyed.moved("test", u64::MAX - 1, u64::MAX) < u64::MAX - 1);
    }
}
