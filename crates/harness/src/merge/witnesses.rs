//! What the shards' published documents witness, made one.

use super::Shard;
use std::collections::BTreeMap;
use vigie_drift::run::{Seen, Testimony, Witness};

/// What is witnessed: a cause in a contract, in the answers or in the document.
type Key<'a> = (&'a str, &'a str, Seen);

/// One witness a thing. What a shard could not see, another one may have seen; where two saw different things, it is
/// undecided.
pub(super) fn witnesses(shards: &[Shard]) -> Vec<Witness> {
    let mut told: BTreeMap<Key<'_>, Vec<&Witness>> = BTreeMap::new();
    for witness in shards.iter().flat_map(|shard| &shard.report.witnesses) {
        told.entry((&witness.contract, &witness.cause, witness.seen)).or_default().push(witness);
    }
    let mut merged: Vec<Witness> = told.into_values().map(|told| one(&told)).collect();
    merged.sort();
    merged
}

fn one(told: &[&Witness]) -> Witness {
    let first = told.iter().min().copied().unwrap_or(told[0]);
    let testimonies = || told.iter().map(|witness| witness.testimony);
    let strong = |testimony: &Testimony| !matches!(testimony, Testimony::NotSeen | Testimony::NotShown);
    let mut saying: Vec<Testimony> = testimonies().filter(strong).collect();
    saying.sort_unstable();
    saying.dedup();
    let testimony = match saying[..] {
        [] if testimonies().any(|testimony| testimony == Testimony::NotShown) => Testimony::NotShown,
        [] => Testimony::NotSeen,
        [only] => only,
        _ => Testimony::Undecided,
    };
    // Of a document every shard sees all places; of the answers each sees its own.
    let counts = told.iter().map(|witness| witness.places);
    let places = if first.seen == Seen::InDocument { counts.max().unwrap_or(0) } else { counts.sum() };
    Witness {
        testimony,
        agree: testimony.agree().to_vec(),
        advice: testimony.advice().to_owned(),
        places,
        ..first.clone()
    }
}
