//! What went and what came under a like name.

use strsim::normalized_damerau_levenshtein;

/// From here on, two names are like each other: `commmentaires` and `commentaires`, `codeINSEE` and `code_insee`.
const ALIKE: f64 = 0.6;

/// Pairs of positions whose names are alike and that `is_same` finds to be one thing. Each name is in one pair at most,
/// the most alike first.
pub(in crate::contract) fn pairs<S: AsRef<str>>(
    gone: &[S],
    come: &[S],
    mut is_same: impl FnMut(usize, usize) -> bool,
) -> Vec<(usize, usize)> {
    let mut candidates: Vec<(f64, usize, usize)> = Vec::new();
    for (one, gone) in gone.iter().enumerate() {
        for (other, come) in come.iter().enumerate() {
            let likeness = likeness(gone.as_ref(), come.as_ref());
            if likeness >= ALIKE && is_same(one, other) {
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

/// From 0 to 1; case, separators and brackets say nothing.
fn likeness(a: &str, b: &str) -> f64 {
    let plain = |name: &str| -> String {
        name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    normalized_damerau_levenshtein(&plain(a), &plain(b))
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
}
