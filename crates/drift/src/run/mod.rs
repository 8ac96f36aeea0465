//! What a run of cases found, as a whole.

mod corpus;
mod witness;

pub use corpus::{Elsewhere, UnknownKey};
pub use witness::{Party, Seen, Testimony, Witness};

use crate::comparison::Cause;
use crate::finding::{CaseReport, Class, Conclusion, Ignored, Verdict};
use crate::rules::Rule;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A whole run.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct RunReport {
    /// `sandbox`, or the base URL.
    pub target: String,
    /// Every case, sorted by file.
    pub cases: Vec<CaseReport>,
    /// The findings of all cases by what made them, worst first.
    pub causes: Vec<Cause>,
    /// Findings that exceptions take out; no case and no cause has them.
    #[serde(default)]
    pub ignored: Vec<Ignored>,
    /// What a reader should know of the exceptions (those that ended, and those that nothing needs), and of published
    /// documents that are no witnesses.
    #[serde(default)]
    pub notes: Vec<String>,
    /// Cases that failed and held when they were sent again: they are reported as they held.
    #[serde(default)]
    pub held: Vec<Doubt>,
    /// Cases that failed, and of which no second look tells whether they would again: they prove nothing.
    #[serde(default)]
    pub unconfirmed: Vec<Doubt>,
    /// Documented properties that no answer of the run had, by operation with at least one 200.
    #[serde(default)]
    pub never_observed: BTreeMap<String, Vec<String>>,
    /// Where published document, served answers and accepted contract do not all agree; empty without a published one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub witnesses: Vec<Witness>,
    /// Operations with at least one 200 whose answer was read: of those that `never_observed` lacks, everything was in one.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub observed: BTreeSet<String>,
    /// Cases of a corpus that belong to another provider, one entry for each of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub elsewhere: Vec<Elsewhere>,
    /// Keys of case files that no case has; they were ignored.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown_keys: Vec<UnknownKey>,
    /// Of a merged report: how many reports were expected, and not there.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub missing_reports: usize,
    /// New snapshots that could not be written, nor old proposals be removed; a note has the first reason.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub unwritten_snapshots: usize,
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
    pub rules: Vec<&'static Rule>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

impl RunReport {
    /// Drift wins over whatever could not be judged. A run is conformant only if everything that was meant to be judged was.
    #[must_use]
    pub fn conclusion(&self) -> Conclusion {
        let mut classes = self.cases.iter().flat_map(|case| &case.findings).map(|finding| finding.class);
        if classes.clone().any(|class| class == Class::Breaking) {
            Conclusion::Drift
        } else if classes.any(Class::is_inconclusive)
            || self.missing_reports > 0
            || self.unwritten_snapshots > 0
            || self.is_empty()
        {
            Conclusion::Inconclusive
        } else {
            Conclusion::Conformant
        }
    }

    /// Whether nothing was judged, whatever the reason: then nothing can be said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cases.iter().all(|case| case.verdict == Verdict::Skipped)
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
