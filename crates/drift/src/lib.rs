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
pub mod rules;
pub mod run;

use crate::deviation::Deviation;
use crate::finding::{Finding, Verdict};
use rules::rule;

/// A deviation with its rule's opinion. `locate` turns a place in the contract into file and line.
pub fn find(deviation: Deviation, locate: impl Fn(&str) -> Option<String>) -> Finding {
    let rule = rule(deviation.kind);
    Finding {
        rule: rule.id,
        class: rule.class(&deviation),
        certainty: rule.certainty(&deviation),
        info: rule.info,
        title: rule.title,
        why: rule.why,
        witness: rule.witness,
        contract: deviation.contract.as_deref().and_then(locate),
        operation: deviation.operation,
        pointer: deviation.pointer,
        expected: deviation.expected,
        observed: deviation.observed,
        twin: deviation.twin,
        not_compared: deviation.not_compared,
    }
}

/// The one word for a case with these deviations.
#[must_use]
pub fn verdict(deviations: &[Deviation]) -> Verdict {
    deviations.iter().filter_map(|deviation| rule(deviation.kind).verdict).min().unwrap_or(Verdict::Conforms)
}
