//! Which request a fault strikes.

use super::kind::Kind;
use super::spec::{FaultError, Faults, Often, nearest};
use std::sync::atomic::{AtomicU64, Ordering};
use vigie_contract::model::Contract;
use vigie_scenario::pattern::Pattern;

/// The faults of a sandbox, and how many requests each has seen.
#[derive(Debug)]
pub(super) struct Draws(Vec<Draw>);

#[derive(Debug)]
struct Draw {
    operations: Pattern,
    kind: Option<Kind>,
    often: Often,
    seed: u64,
    /// The requests of its operations so far.
    seen: AtomicU64,
}

impl Draws {
    /// Ready to draw; each fault must have an operation that it can strike.
    pub(super) fn new(faults: &Faults, contracts: &[Contract]) -> Result<Self, FaultError> {
        let ids: Vec<&str> = contracts
            .iter()
            .flat_map(|contract| &contract.operations)
            .filter(|operation| !operation.callback)
            .map(|operation| operation.id.as_str())
            .collect();
        let draw = |(place, fault): (u64, &super::Fault)| {
            let glob = fault.operations.clone();
            let operations = match Pattern::glob(&glob) {
                Ok(read) => read,
                Err(reason) => return Err(FaultError::Glob { glob, reason }),
            };
            if !ids.iter().any(|id| operations.fits(id)) {
                let near = nearest(&glob, ids.iter().copied()).map(str::to_owned);
                return Err(FaultError::Operation { glob, near });
            }
            // Two faults of the same share do not strike the same requests.
            let seed = splitmix(faults.seed.wrapping_add(splitmix(place)));
            Ok(Draw { operations, kind: fault.kind, often: fault.often, seed, seen: AtomicU64::new(0) })
        };
        (0..).zip(&faults.faults).map(draw).collect::<Result<_, _>>().map(Self)
    }

    /// What strikes the next request of an operation.
    pub(super) fn next(&self, operation: &str) -> Option<Kind> {
        let draws = self.0.iter().filter(|draw| draw.operations.fits(operation));
        // Each fault counts the requests that none before it struck.
        draws.into_iter().find_map(Draw::next)
    }
}

impl Draw {
    fn next(&self) -> Option<Kind> {
        let number = self.seen.fetch_add(1, Ordering::Relaxed);
        let drawn = splitmix(self.seed.wrapping_add(number));
        let strikes = match self.often {
            Often::Always => true,
            Often::First(first) => number < first,
            Often::Share(share) => fraction(drawn) < share,
        };
        // Another draw: the one above is small wherever the fault strikes.
        let any = || Kind::ALL[usize::try_from(splitmix(drawn) % Kind::ALL.len() as u64).unwrap_or_default()];
        strikes.then(|| self.kind.unwrap_or_else(any))
    }
}

/// A number of [0, 1), from the 53 bits that one can hold.
#[expect(clippy::cast_precision_loss, reason = "53 bits are what a number holds")]
fn fraction(drawn: u64) -> f64 {
    (drawn >> 11) as f64 / (1_u64 << 53) as f64
}

/// Sebastiano Vigna's `splitmix64`: every number gives another one, and neighbours have nothing in common.
fn splitmix(number: u64) -> u64 {
    let mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::{Draws, splitmix};
    use crate::faults::{FaultError, Faults, Kind};
    use serde_json::json;
    use std::collections::BTreeMap;
    use vigie_contract::model::Contract;

    fn draws(faults: &[&str], seed: u64) -> Result<Draws, FaultError> {
        let get = |id: &str| json!({"get": {"operationId": id}});
        let contract = Contract::new("cars", json!({"paths": {"/cars": get("cars_list"), "/bikes": get("bikes")}}));
        let faults = faults.iter().map(|fault| fault.parse().expect("a fault")).collect();
        Draws::new(&Faults { faults, seed }, &[contract])
    }

    #[test]
    fn numbers_are_those_of_its_inventor() {
        // The first of the published sequence for the seed 1234567, whose state moves by the same constant.
        assert_eq!(splitmix(1_234_567), 6_457_827_717_110_365_317);
    }

    #[test]
    fn a_seed_repeats_itself_and_another_one_does_not() {
        let struck = |seed| {
            let draws = draws(&["any:20%"], seed).expect("faults");
            (0..200).map(|_| draws.next("bikes")).collect::<Vec<_>>()
        };
        assert_eq!(struck(7), struck(7));
        assert_ne!(struck(7), struck(8));
    }

    #[test]
    fn a_share_is_kept_and_any_is_every_kind() {
        let draws = draws(&["any:5%"], 1).expect("faults");
        let mut kinds = BTreeMap::new();
        for kind in (0..100_000).filter_map(|_| draws.next("bikes")) {
            *kinds.entry(kind).or_insert(0) += 1;
        }
        let struck: u32 = kinds.values().sum();
        assert!((4_700..=5_300).contains(&struck), "{struck} of 100000 at 5 %");
        assert_eq!(kinds.len(), Kind::ALL.len(), "{kinds:?}");
    }

    #[test]
    fn the_first_requests_of_an_operation_are_struck_and_the_first_fault_wins() {
        let draws = draws(&["cars*=stall:2x", "*=page:1x"], 0).expect("faults");
        let kinds: Vec<_> = ["cars_list", "bikes", "cars_list", "cars_list", "bikes"].map(|id| draws.next(id)).into();
        assert_eq!(kinds, [Some(Kind::Stall), Some(Kind::Page), Some(Kind::Stall), None, None]);
    }

    #[test]
    fn a_fault_that_can_strike_nothing_is_an_error() {
        let error = draws(&["stall", "bike=page"], 0).expect_err("no operation `bike`");
        assert!(error.to_string().starts_with("no operation matches `bike`, did you mean `bikes`?"), "{error}");
        assert!(matches!(draws(&["a[=page"], 0), Err(FaultError::Glob { .. })));
    }
}
