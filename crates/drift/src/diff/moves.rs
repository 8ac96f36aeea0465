//! Operations that came back under other paths, where much of a document moved at once: a prefix or a version, other
//! names for the same things.

use super::Differ;
use super::answers::properties;
use super::operations::{Matching, Operation, Surface};
use std::collections::{BTreeMap, BTreeSet};
use vigie_contract::plausible::MANY_OPERATIONS;

/// More pairs than this are not compared.
const MOST_PAIRS: usize = 250_000;
/// From here on the words of two paths, or the contents of two answers, are alike.
const ALIKE: f64 = 0.35;
/// From here on both together are: what names and contents agree on a little may still be another thing.
const ALIKE_TOGETHER: f64 = 0.55;

impl<'a> Differ<'a> {
    /// Pairs operations that went with those that came in their place. Where few went, each is reported as removed: only
    /// many at once show that it was a move.
    pub(super) fn pair_moved(&self, old: &Surface<'a>, new: &Surface<'a>, matching: &mut Matching) {
        let (gone, come) = (&matching.removed, &matching.added);
        let is_many = gone.len() >= MANY_OPERATIONS && gone.len() * 2 >= old.operations.len();
        if !is_many || gone.len().saturating_mul(come.len()) > MOST_PAIRS {
            return;
        }
        let paths = |surface: &Surface<'a>, positions: &[usize]| -> Vec<Path> {
            let path = |position: &usize| (!surface.operations[*position].callback).then_some(*position);
            positions.iter().filter_map(path).map(|at| Path::of(&surface.operations[at], at)).collect()
        };
        let (gone, come) = (paths(old, gone), paths(new, come));
        let mut pairs = below_another_prefix(&gone, &come);
        self.pair_alike((old, &gone), (new, &come), &mut pairs);
        matching.removed.retain(|position| !pairs.iter().any(|(one, _)| one == position));
        matching.added.retain(|position| !pairs.iter().any(|(_, other)| other == position));
        matching.moved.extend(pairs);
    }

    /// Adds those whose paths have words in common and whose answers have properties in common, the most alike first.
    fn pair_alike(
        &self,
        (old, gone): (&Surface<'a>, &[Path]),
        (new, come): (&Surface<'a>, &[Path]),
        pairs: &mut Vec<(usize, usize)>,
    ) {
        let contents = |document, surface: &Surface<'a>, paths: &[Path]| -> Vec<BTreeSet<&'a str>> {
            paths.iter().map(|path| properties(document, &surface.operations[path.position])).collect()
        };
        let (was, is) = (contents(&self.old, old, gone), contents(&self.new, new, come));
        let before: Vec<_> = gone.iter().zip(telling(gone)).zip(&was).collect();
        let after: Vec<_> = come.iter().zip(telling(come)).zip(&is).collect();
        let mut candidates = Vec::new();
        for ((one, words), content) in &before {
            for ((other, other_words), other_content) in &after {
                let paths = likeness(words, other_words);
                if one.method != other.method || paths < ALIKE {
                    continue;
                }
                let contents = likeness(content, other_content);
                if contents >= ALIKE && paths + contents >= 2.0 * ALIKE_TOGETHER {
                    candidates.push((paths + contents, one.position, other.position));
                }
            }
        }
        candidates.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| (a.1, a.2).cmp(&(b.1, b.2))));
        for (_, one, other) in candidates {
            if !pairs.iter().any(|(known, known_other)| *known == one || *known_other == other) {
                pairs.push((one, other));
            }
        }
    }
}

/// An operation's way to be called, in parts.
struct Path {
    position: usize,
    method: String,
    /// Path parameters are `{}`.
    segments: Vec<String>,
}

impl Path {
    fn of(operation: &Operation<'_>, position: usize) -> Self {
        let (method, path) = operation.key.split_once(' ').unwrap_or_default();
        let segments = path.split('/').filter(|segment| !segment.is_empty()).map(str::to_owned).collect();
        Self { position, method: method.to_owned(), segments }
    }

    /// The words of its names, one and many of a thing being the same.
    fn words(&self) -> BTreeSet<String> {
        let words = self.segments.iter().flat_map(|segment| segment.split(|letter: char| !letter.is_alphanumeric()));
        let words = words.filter(|word| !word.is_empty()).map(str::to_lowercase);
        words.map(|word| word.strip_suffix('s').map_or_else(|| word.clone(), str::to_owned)).collect()
    }
}

/// The pairs that one and the same change of the first segments makes, if it makes many and most of those that went.
fn below_another_prefix(gone: &[Path], come: &[Path]) -> Vec<(usize, usize)> {
    let mut groups: BTreeMap<[&[String]; 2], Vec<(usize, usize)>> = BTreeMap::new();
    for one in gone {
        for other in come.iter().filter(|other| other.method == one.method) {
            let ends = one.segments.iter().rev().zip(other.segments.iter().rev());
            let same = ends.take_while(|(own, theirs)| own == theirs).count();
            let (prefix, rest) = one.segments.split_at(one.segments.len() - same);
            // Parameters alone are the end of any path.
            if rest.iter().any(|segment| !segment.starts_with("{}")) {
                let prefixes = [prefix, &other.segments[..other.segments.len() - same]];
                groups.entry(prefixes).or_default().push((one.position, other.position));
            }
        }
    }
    let most = groups.into_values().max_by_key(Vec::len).unwrap_or_default();
    if most.len() >= MANY_OPERATIONS && most.len() * 2 >= gone.len() { most } else { Vec::new() }
}

/// The words of each path without those that most of them have: they tell none from another.
fn telling(paths: &[Path]) -> Vec<BTreeSet<String>> {
    let mut words: Vec<BTreeSet<String>> = paths.iter().map(Path::words).collect();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for word in words.iter().flatten() {
        *counts.entry(word.clone()).or_default() += 1;
    }
    for own in &mut words {
        own.retain(|word| counts[word] * 2 <= paths.len().max(2));
    }
    words
}

/// How much of two sets is common to both, from 0 to 1.
fn likeness<T: Ord>(one: &BTreeSet<T>, other: &BTreeSet<T>) -> f64 {
    let of = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    if one.is_empty() && other.is_empty() {
        return 0.0;
    }
    2.0 * of(one.intersection(other).count()) / (of(one.len()) + of(other.len()))
}

#[cfg(test)]
mod tests {
    use crate::deviation::Kind;
    use serde_json::{Map, Value, json};

    /// A document with operations, each with the properties of its answer.
    fn document(operations: &[(&str, &str)]) -> Value {
        let operation = |properties: &str| {
            let properties: Map<String, Value> =
                properties.split_whitespace().map(|name| (name.to_owned(), json!({"type": "string"}))).collect();
            let content = json!({"application/json": {"schema": {"type": "object", "properties": properties}}});
            json!({"get": {"responses": {"200": {"description": "", "content": content}}}})
        };
        let paths: Map<String, Value> =
            operations.iter().map(|(path, properties)| ((*path).to_owned(), operation(properties))).collect();
        json!({"openapi": "3.0.3", "info": {"title": "Harbour", "version": "1.0.0"}, "paths": paths})
    }

    /// Whether the new document is credible, and the kinds of what is reported.
    fn compare(old: &Value, new: &Value) -> (bool, Vec<Kind>) {
        let kinds = super::super::diff(old, new).deviations.iter().map(|deviation| deviation.kind).collect();
        (super::super::credible(old, new).is_ok(), kinds)
    }

    const OLD: [(&str, &str); 4] = [
        ("/berths", "number length depth"),
        ("/berths/{id}/ships", "name flag tonnage"),
        ("/pilots", "name licence"),
        ("/tides/{day}", "high low at"),
    ];

    #[test]
    fn a_prefix_that_comes_changes_or_goes_is_a_move_whatever_the_answers_are() {
        for prefixes in [["", "/v2"], ["/v1", "/v2"], ["/api/harbour", ""]] {
            let [old, new] = prefixes.map(|prefix| {
                let paths: Vec<String> = OLD.iter().map(|(path, _)| format!("{prefix}{path}")).collect();
                document(&paths.iter().map(|path| (path.as_str(), "")).collect::<Vec<_>>())
            });
            assert_eq!(compare(&old, &new), (true, vec![Kind::OperationPathChanged; 4]), "{prefixes:?}");
        }
    }

    #[test]
    fn renamed_paths_with_like_answers_are_a_move_and_their_answers_are_compared() {
        let new = [
            ("/port/quays/berth", "number length depth"),
            ("/port/quays/{id}/ship", "name flag tonnage"),
            ("/port/staff/pilot", "name licence"),
            ("/port/water/tides/{day}", "high low at moon"),
        ];
        let (is_credible, mut kinds) = compare(&document(&OLD), &document(&new));
        assert!(is_credible);
        kinds.retain(|kind| *kind != Kind::OperationPathChanged);
        assert_eq!(kinds, [Kind::ResponsePropertyAdded]);
    }

    #[test]
    fn what_only_names_or_only_answers_have_in_common_is_no_move() {
        let same_answers = [
            ("/orchards", "number length depth"),
            ("/orchards/{id}/apples", "name flag tonnage"),
            ("/wells", "name licence"),
            ("/frost/{month}", "high low at"),
        ];
        let same_names = [
            ("/port/quays/berth", "title"),
            ("/port/quays/{id}/ship", "title"),
            ("/port/staff/pilot", "title"),
            ("/port/water/tides/{day}", "title"),
        ];
        for other in [same_answers, same_names] {
            let (is_credible, kinds) = compare(&document(&OLD), &document(&other));
            assert!(!is_credible && !kinds.contains(&Kind::OperationPathChanged), "{other:?} {kinds:?}");
        }
        // Nothing came.
        assert!(!compare(&document(&OLD), &document(&OLD[..1])).0);
    }

    #[test]
    fn few_that_went_are_removals_and_an_order_is_no_move() {
        let less = [&OLD[..2], &[("/crew/pilot", "name licence")]].concat();
        let (is_credible, kinds) = compare(&document(&OLD), &document(&less));
        assert!(is_credible && !kinds.contains(&Kind::OperationPathChanged), "{kinds:?}");
        let mut turned = OLD;
        turned.reverse();
        assert_eq!(compare(&document(&OLD), &document(&turned)), (true, vec![]));
    }
}
