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

/// Those that held, and those of which nobody knows whether they last.
pub(super) fn fates(report: &RunReport) -> [Fate<'_>; 2] {
    [
        Fate { title: "Held when asked again", told: "failed once and held when asked again", doubts: &report.held },
        Fate {
            title: "Failed, and not confirmed",
            told: "failed, and no second look could tell whether it lasts",
            doubts: &report.unconfirmed,
        },
    ]
}
