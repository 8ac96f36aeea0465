//! Floor 0: what a run of cases found, as a whole.

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

/// One thing on which published document, served answers and accepted contract do not all agree.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Witness {
    /// Who agrees with whom.
    pub testimony: Testimony,
    /// The two that agree; none where nothing can be said.
    pub agree: Vec<Party>,
    /// What follows.
    pub advice: String,
    /// Where it was seen.
    pub seen: Seen,
    /// The id of the cause: of findings of this run, or of changes of the document.
    pub cause: String,
    /// Its rule.
    pub rule: String,
    /// The contract, or the schema of one: `api-particulier/v3`, `mobilic/schema.graphql`.
    pub contract: String,
    /// The operation of its first place: an operation id, or method and path.
    pub operation: String,
    /// Its first place: a JSON pointer, or words.
    pub location: String,
    /// How many places it has.
    pub places: usize,
}

/// One of three that tell what an API does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Party {
    /// The document that the provider publishes.
    Published,
    /// The answers of this run.
    Served,
    /// The contract that was accepted.
    Accepted,
}

/// Where a disagreement was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Seen {
    /// The answers of this run are not what was accepted.
    InAnswers,
    /// The published document is not what was accepted.
    InDocument,
}

/// Who agrees with whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Testimony {
    /// Published and served agree.
    ContractBehind,
    /// Published and accepted agree.
    ServiceDiffers,
    /// Accepted and served agree.
    DocumentAhead,
    /// No two agree, or not the same two everywhere.
    Undecided,
    /// The answers fit the published document and the accepted contract, which differ.
    NotShown,
    /// No answer of this run could show it.
    NotSeen,
}

impl Testimony {
    /// The two that agree.
    #[must_use]
    pub fn agree(self) -> &'static [Party] {
        match self {
            Self::ContractBehind => &[Party::Published, Party::Served],
            Self::ServiceDiffers => &[Party::Published, Party::Accepted],
            Self::DocumentAhead => &[Party::Accepted, Party::Served],
            Self::Undecided | Self::NotShown | Self::NotSeen => &[],
        }
    }

    /// What it says, and what follows.
    #[must_use]
    pub fn advice(self) -> &'static str {
        match self {
            Self::ContractBehind => "published and served agree: the accepted contract is behind, regenerate it",
            Self::ServiceDiffers => "published and accepted agree: the service does something else, tell its provider",
            Self::DocumentAhead => {
                "accepted and served agree: the document changed and the service did not, wait before you regenerate"
            }
            Self::Undecided => "no two agree, or not the same two everywhere: look at each place",
            Self::NotShown => "the document changed, and the answers of this run fit it before and after",
            Self::NotSeen => "the document changed, and no answer of this run could show it",
        }
    }
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
        let any = |class| self.cases.iter().flat_map(|case| &case.findings).any(|finding| finding.class == class);
        if any(Class::Breaking) {
            Conclusion::Drift
        } else if any(Class::Outage)
            || any(Class::Setup)
            || any(Class::Implausible)
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
