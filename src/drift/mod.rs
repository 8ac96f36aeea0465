//! Floor 2: opinions. A rule turns one kind of deviation into a finding. Pure: no IO.

pub mod causes;
pub mod example;
pub mod impact;
pub mod rules;

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
