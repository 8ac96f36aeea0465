//! What went and what came: which two are likely one under another name.

use std::collections::BTreeSet;

/// More pairs than this are not compared: when so much moved at once, names prove nothing.
const MOST_PAIRS: usize = 10_000;
/// From 0, nothing in common, to 1, the same.
const LIKE: f64 = 0.66;

/// Something with a name and the type that it states.
pub(super) struct Named {
    pub(super) name: String,
    pub(super) ty: String,
}

/// The likeliest pairs of the same type and like names, each name in one pair at most, by position.
pub(super) fn pairs(gone: &[Named], come: &[Named]) -> Vec<(usize, usize)> {
    if gone.len().saturating_mul(come.len()) > MOST_PAIRS {
        return Vec::new();
    }
    let mut likely: Vec<(f64, usize, usize)> = Vec::new();
    for (old, went) in gone.iter().enumerate() {
        let same = come.iter().enumerate().filter(|(_, came)| came.ty == went.ty);
        likely.extend(same.map(|(new, came)| (likeness(&went.name, &came.name), old, new)));
    }
    likely.retain(|(likeness, ..)| *likeness >= LIKE);
    likely.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let (mut taken_old, mut taken_new) = (BTreeSet::new(), BTreeSet::new());
    likely.retain(|(_, old, new)| {
        let is_free = !taken_old.contains(old) && !taken_new.contains(new);
        is_free && taken_old.insert(*old) && taken_new.insert(*new)
    });
    likely.into_iter().map(|(_, old, new)| (old, new)).collect()
}

/// How like two names are, however their words are joined. A name within the other counts, such as `mail` in `userMail`.
fn likeness(one: &str, other: &str) -> f64 {
    let plain = |name: &str| name.replace('_', "").to_lowercase();
    let (one, other) = (plain(one), plain(other));
    let (short, long) = if one.len() < other.len() { (&one, &other) } else { (&other, &one) };
    let is_within = long.contains(short.as_str()) && short.len() * 2 >= long.len();
    let likeness = strsim::normalized_levenshtein(&one, &other);
    if is_within { likeness.max(LIKE) } else { likeness }
}

#[cfg(test)]
mod tests {
    use super::{Named, pairs};

    fn paired(gone: &[&str], come: &[&str]) -> Vec<(usize, usize)> {
        let named = |names: &[&str]| {
            names.iter().map(|name| Named { name: (*name).into(), ty: "Int".into() }).collect::<Vec<_>>()
        };
        pairs(&named(gone), &named(come))
    }

    #[test]
    fn like_names_pair_once_and_the_likest_first() {
        assert_eq!(paired(&["mail"], &["email"]), [(0, 0)]);
        assert_eq!(paired(&["user_id"], &["usersId", "userId"]), [(0, 1)]);
        assert_eq!(paired(&["aDate", "bDate"], &["aDates"]), [(0, 0)]);
    }

    #[test]
    fn other_names_do_not() {
        for (gone, come) in [("startTime", "endTime"), ("fromDate", "toDate"), ("id", "siren"), ("a", "b")] {
            assert!(paired(&[gone], &[come]).is_empty(), "{gone} {come}");
        }
    }
}
