//! Failures of cases that do not count, in words.

use vigie_drift::run::{Doubt, RunReport};

/// What became of them.
pub(super) struct Fate<'a> {
    /// For a heading.
    pub(super) title: &'static str,
    /// For a line, after whom it is about.
    pub(super) told: &'static str,
    pub(super) doubts: &'a [Doubt],
}

/// The rules that a case failed, in one line.
pub(super) fn rules(doubt: &Doubt) -> String {
    doubt.rules.iter().map(|rule| rule.id).collect::<Vec<_>>().join(", ")
}

/// Those that held, and those of which nobody knows whether they last.
pub(super) fn fates(report: &RunReport) -> [Fate<'_>; 2] {
    [
        Fate { title: "Passed when retried", told: "failed once and passed when retried", doubts: &report.held },
        Fate { title: "Failed, not confirmed", told: "failed, and no retry confirmed it", doubts: &report.unconfirmed },
    ]
}
