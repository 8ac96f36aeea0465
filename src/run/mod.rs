//! Floor 0: what a run of cases found, as a whole.

mod witness;

pub use witness::{Party, Seen, Testimony, Witness};

use crate::comparison::Cause;
use crate::finding::{CaseReport, Class, Conclusion, Ignored, Verdict};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

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
    /// What a reader should know of the exceptions (those that ended, and those that nothing needs), and of published
    /// documents that are no witnesses.
    pub notes: Vec<String>,
    /// Cases that failed and held when they were sent again: they are reported as they held.
    pub held: Vec<Doubt>,
    /// Cases that failed, and of which no second look tells whether they would again: they prove nothing.
    pub unconfirmed: Vec<Doubt>,
    /// Documented properties that no answer of the run had, by operation with at least one 200.
    pub never_observed: BTreeMap<String, Vec<String>>,
    /// Where published document, served answers and accepted contract do not all agree; empty without a published one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub witnesses: Vec<Witness>,
    /// Operations with at least one 200 whose answer was read: of those that `never_observed` lacks, everything was in one.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub observed: BTreeSet<String>,
    /// Of a merged report: how many reports were expected, and not there.
    #[serde(skip_serializing_if = "is_zero")]
    pub missing_reports: usize,
}

/// A failure of a case that does not count.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Doubt {
    /// The case's file.
    pub file: String,
    /// The case's name.
    pub case: String,
    /// Operation id.
    pub operation: String,
    /// The rules that it failed, each once.
    pub rules: Vec<String>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

impl RunReport {
    /// Drift outranks an outage, and an answer that is not credible: what was seen was seen.
    #[must_use]
    pub fn conclusion(&self) -> Conclusion {
        let any = |wanted: &dyn Fn(Class) -> bool| {
            self.cases.iter().flat_map(|case| &case.findings).any(|finding| wanted(finding.class))
        };
        if any(&|class| class == Class::Breaking) {
            Conclusion::Drift
        } else if any(&Class::is_inconclusive)
            || self.missing_reports > 0
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
