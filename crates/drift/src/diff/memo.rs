//! What is known of pairs of schemas. A pair that is met again while it is being compared is taken for equal; what rests
//! on that is known once the pair turned out to be, and forgotten when it did not.

use std::collections::HashMap;

/// Schemas that must all hold, by where they stand in memory, in order and each once.
pub(super) type Place = Vec<usize>;

/// How values are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Notation {
    Json,
    Xml,
    /// As the fields of a form, each of which has a notation of its own, by where the media types of both sides stand in memory.
    Form([usize; 2]),
    /// As texts, as in parameters; and whether the elements of a list are values of their own on each side.
    Text([bool; 2]),
}

/// A pair of schemas in one direction.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Pair {
    pub(super) is_request: bool,
    pub(super) notation: Notation,
    pub(super) old: Place,
    pub(super) new: Place,
}

/// How far two schemas are apart.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    /// They say the same.
    #[default]
    Same,
    /// One of them may be null.
    Null,
    /// Values of the same type, which keep to other rules.
    Own,
    /// Another type, or something within differs.
    Deep,
}

/// What a comparison of two schemas came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Outcome {
    pub(super) level: Level,
    /// Something of them could not be compared.
    pub(super) blind: bool,
}

impl Outcome {
    pub(super) const SAME: Self = Self { level: Level::Same, blind: false };

    pub(super) fn join(&mut self, other: Self) {
        self.level = self.level.max(other.level);
        self.blind |= other.blind;
    }
}

/// Pairs that may be open at once.
pub(super) const MOST_OPEN: usize = 512;

/// Open pairs that were taken for equal, a bit each by their position.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Leans([u64; MOST_OPEN / 64]);

impl Leans {
    pub(super) fn insert(&mut self, at: usize) {
        self.0[at / 64] |= 1 << (at % 64);
    }

    pub(super) fn join(&mut self, other: Self) {
        self.0.iter_mut().zip(other.0).for_each(|(own, other)| *own |= other);
    }

    pub(super) fn without(mut self, at: usize) -> Self {
        self.0[at / 64] &= !(1 << (at % 64));
        self
    }

    fn contains(&self, at: usize) -> bool {
        self.0[at / 64] & (1 << (at % 64)) != 0
    }

    fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }
}

/// What is known, and what is known unless an open pair proves to differ.
#[derive(Debug, Default)]
pub(super) struct Memo {
    known: HashMap<Pair, Outcome>,
    pending: HashMap<Pair, (Outcome, Leans)>,
    /// The pending pairs in the order in which they were compared.
    trail: Vec<Pair>,
}

impl Memo {
    /// What a pair came to, and which open pairs that leans on.
    pub(super) fn get(&self, pair: &Pair) -> Option<(Outcome, Leans)> {
        self.known.get(pair).map(|outcome| (*outcome, Leans::default())).or_else(|| self.pending.get(pair).copied())
    }

    /// Where the trail stands: what comes after is within the pair that is opened now.
    pub(super) fn mark(&self) -> usize {
        self.trail.len()
    }

    /// Takes down what the pair at position `own` of the open ones came to, and closes it.
    pub(super) fn settle(&mut self, pair: Pair, outcome: Outcome, leans: Leans, own: usize, mark: usize) {
        let leans = leans.without(own);
        let held = outcome.level == Level::Same;
        let mut kept = Vec::new();
        for inner in self.trail.split_off(mark) {
            let Some((_, leaning)) = self.pending.get_mut(&inner) else { continue };
            if leaning.contains(own) {
                if !held {
                    self.pending.remove(&inner);
                    continue;
                }
                *leaning = leaning.without(own);
                leaning.join(leans);
                if leaning.is_empty()
                    && let Some((outcome, _)) = self.pending.remove(&inner)
                {
                    self.known.insert(inner, outcome);
                    continue;
                }
            }
            kept.push(inner);
        }
        self.trail.extend(kept);
        // Taking open pairs for equal hides differences, and makes none.
        if leans.is_empty() || outcome.level == Level::Deep {
            self.known.insert(pair, outcome);
        } else {
            // It may be on the trail already, but before what it leans on now was opened.
            self.pending.insert(pair.clone(), (outcome, leans));
            self.trail.push(pair);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Leans, Level, Memo, Notation, Outcome, Pair};

    fn pair(number: usize) -> Pair {
        Pair { is_request: true, notation: Notation::Json, old: vec![number], new: vec![number] }
    }

    /// The outer pair 1 is open, 2 within it leans on it, and 3 within 2 on both.
    fn memo(outer: Level) -> Memo {
        let outcome = |level| Outcome { level, blind: false };
        let on = |positions: &[usize]| {
            let mut leans = Leans::default();
            for at in positions {
                leans.insert(*at);
            }
            leans
        };
        let mut memo = Memo::default();
        memo.settle(pair(3), outcome(Level::Same), on(&[0, 1]), 2, 0);
        memo.settle(pair(2), outcome(Level::Same), on(&[0, 1]), 1, 0);
        assert!(memo.get(&pair(3)).is_some_and(|(_, leans)| leans == on(&[0])), "it leans on the outer pair alone now");
        memo.settle(pair(1), outcome(outer), on(&[0]), 0, 0);
        memo
    }

    #[test]
    fn what_leans_on_a_pair_is_known_or_forgotten_with_it() {
        for number in 1..=3 {
            assert_eq!(memo(Level::Same).get(&pair(number)), Some((Outcome::SAME, Leans::default())), "{number}");
            let found = memo(Level::Deep).get(&pair(number)).map(|(outcome, _)| outcome.level);
            assert_eq!(found, (number == 1).then_some(Level::Deep), "{number}");
        }
    }
}
