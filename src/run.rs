//! Floor 0: what a run of cases found, as a whole.

use crate::comparison::Cause;
use crate::finding::{CaseReport, Class, Conclusion, Ignored, Verdict};
use serde::Serialize;
use std::collections::BTreeMap;

/// A whole run.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RunReport {
    /// `sandbox`, or the base URL.
    pub target: String,
    /// Every case, sorted by file.
    pub cases: Vec<CaseReport>,
    /// The findings of all cases by what made them, worst first.
    pub causes: Vec<Cause>,
    /// Findings that exceptions take out; no case and no cause has them.
    pub ignored: Vec<Ignored>,
    /// What a reader should know of the exceptions: those that ended, and those that nothing needs.
    pub notes: Vec<String>,
    /// Documented properties that no answer of the run had, by operation with at least one 200.
    pub never_observed: BTreeMap<String, Vec<String>>,
}

impl RunReport {
    /// Drift outranks an outage, and an answer that is not credible: what was seen was seen.
    #[must_use]
    pub fn conclusion(&self) -> Conclusion {
        let any = |class| self.cases.iter().flat_map(|case| &case.findings).any(|finding| finding.class == class);
        if any(Class::Breaking) {
            Conclusion::Drift
        } else if any(Class::Outage)
            || any(Class::Setup)
            || any(Class::Implausible)
            || self.cases.iter().all(|case| case.verdict == Verdict::Skipped)
        {
            Conclusion::Inconclusive
        } else {
            Conclusion::Conformant
        }
    }

    /// How many cases have each verdict.
    #[must_use]
    pub fn verdicts(&self) -> BTreeMap<Verdict, usize> {
        let mut counts = BTreeMap::new();
        for case in &self.cases {
            *counts.entry(case.verdict).or_default() += 1;
        }
        counts
    }
}
