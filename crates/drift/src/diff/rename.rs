//! What went and what came under a like name.

use strsim::normalized_damerau_levenshtein;

/// From here on, two names are like each other: `commmentaires` and `commentaires`, `codeINSEE` and `code_insee`.
const ALIKE: f64 = 0.6;
/// More pairs than this are not compared: when so much moved at once, names prove nothing, and each pair takes its time.
const MOST_PAIRS: usize = 250_000;
/// Numbers in the tables of all pairs of names that are compared.
const MOST_CELLS: usize = 20_000_000;
/// Letters of a name that is compared. The table of two names has a number for each pair of their letters.
const LONGEST: u16 = 500;

/// Pairs of positions whose names are alike and that `is_same` finds to be one thing. Each name is in one pair at most,
/// the most alike first.
pub(crate) fn pairs<S: AsRef<str>>(
    gone: &[S],
    come: &[S],
    mut is_same: impl FnMut(usize, usize) -> bool,
) -> Vec<(usize, usize)> {
    if gone.len().saturating_mul(come.len()) > MOST_PAIRS {
        return Vec::new();
    }
    let plain = |names: &[S]| names.iter().map(|name| Plain::of(name.as_ref())).collect::<Vec<_>>();
    let (gone, come) = (plain(gone), plain(come));
    let mut candidates: Vec<(f64, usize, usize)> = Vec::new();
    let mut left = MOST_CELLS;
    for (one, gone) in gone.iter().enumerate() {
        for (other, come) in come.iter().enumerate() {
            left = left.saturating_sub(gone.cells(come));
            if left == 0 {
                return Vec::new();
            }
            if let Some(likeness) = gone.likeness(come)
                && is_same(one, other)
            {
                candidates.push((likeness, one, other));
            }
        }
    }
    candidates.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| (a.1, a.2).cmp(&(b.1, b.2))));
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for (_, one, other) in candidates {
        if !pairs.iter().any(|(known, known_other)| *known == one || *known_other == other) {
            pairs.push((one, other));
        }
    }
    pairs
}

/// A name without what says nothing: case, separators and brackets.
struct Plain {
    text: String,
    length: u16,
    /// How often each letter stands in it; some letters share a number.
    letters: [u16; 37],
}

impl Plain {
    fn of(name: &str) -> Self {
        let text: String =
            name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        let mut plain = Self { text, length: 0, letters: [0; 37] };
        for letter in plain.text.chars() {
            plain.length = plain.length.saturating_add(1);
            let count = &mut plain.letters[u32::from(letter) as usize % 37];
            *count = count.saturating_add(1);
        }
        plain
    }

    /// Numbers in the table that their likeness takes.
    fn cells(&self, other: &Self) -> usize {
        if self.may_be_alike(other) { usize::from(self.length) * usize::from(other.length) } else { 1 }
    }

    /// Letters that only one of them has must all be edited: most pairs need no look at the order.
    fn may_be_alike(&self, other: &Self) -> bool {
        let longest = self.length.max(other.length);
        let common: u32 = self.letters.iter().zip(&other.letters).map(|(one, other)| u32::from(*one.min(other))).sum();
        longest <= LONGEST && f64::from(common) >= ALIKE * f64::from(longest)
    }

    /// From [`ALIKE`] to 1.
    fn likeness(&self, other: &Self) -> Option<f64> {
        if !self.may_be_alike(other) {
            return None;
        }
        Some(normalized_damerau_levenshtein(&self.text, &other.text)).filter(|likeness| *likeness >= ALIKE)
    }
}

#[cfg(test)]
mod tests {
    use super::pairs;

    #[test]
    fn like_names_pair_once_and_only_for_the_same_thing() {
        let gone = ["commmentaires", "code", "nom"];
        let come = ["commentaires", "commentaire", "codes_postaux", "prenoms"];
        assert_eq!(pairs(&gone, &come, |_, _| true), [(0, 0)]);
        assert_eq!(pairs(&gone, &come, |_, _| false), []);
        assert_eq!(pairs(&["codeINSEE"], &["code_insee"], |_, _| true), [(0, 0)]);
    }

    #[test]
    fn names_and_lists_without_end_are_left_alone() {
        let long = |letter: &str| vec![letter.repeat(1_000_000) + "x"];
        assert_eq!(pairs(&long("a"), &long("a"), |_, _| true), []);
        let many: Vec<String> = (0..501).map(|position| format!("name{position}")).collect();
        assert_eq!(pairs(&many, &many, |_, _| true), []);
        assert_eq!(pairs(&many[..10], &many[..10], |one, other| one == other).len(), 10);
    }
}
