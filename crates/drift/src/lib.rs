//! What changed between two contracts, or in an answer: facts ([`deviation`]), the one rule of each ([`rules`]), what it makes of it
//! ([`finding`]), what made many findings at once ([`causes`]), and what that does to a client ([`impact`]).
//!
//! [`diff`] and [`graphql`] compare two contracts. Pure: no IO, no clock.

pub mod causes;
pub mod comparison;
pub mod deviation;
pub mod diff;
pub mod example;
pub mod finding;
pub mod graphql;
pub mod impact;
pub mod location;
pub mod rules;
pub mod run;
mod verdict;

use crate::deviation::Deviation;
use crate::finding::Finding;
use rules::rule;

/// A deviation with its rule's opinion. `locate` turns a place in the contract into file and line.
pub fn find(deviation: Deviation, locate: impl Fn(&str) -> Option<String>) -> Finding {
    let rule = rule(deviation.kind);
    Finding {
        rule,
        class: rule.class(&deviation),
        certainty: rule.certainty(&deviation),
        contract: deviation.contract.as_deref().and_then(locate),
        fact: deviation,
    }
}
