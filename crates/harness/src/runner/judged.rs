//! A case that was judged by one look at it.

use super::brake::Met;
use super::foreign::Origin;
use super::witness::Heard;
use vigie_drift::deviation::Deviation;
use vigie_drift::finding::{CaseReport, Finding};
use vigie_exchange::Response;
use vigie_judge::Observed;
use vigie_judge::snapshot::Observation;

/// A case that was judged.
pub struct Judged {
    /// What was found.
    pub report: CaseReport,
    /// What a snapshot keeps of the answer; `None` without an answer.
    pub observation: Option<Observation>,
    /// The answer that was judged, for who records it.
    pub(super) answer: Option<Response>,
    /// Documented properties that a 200 answer had.
    pub(super) seen: Option<Observed>,
    /// What a published document says of the answer.
    pub(super) heard: Option<Heard>,
    /// Beside each finding, what another look must have in common to have seen the same.
    pub(super) marks: Vec<String>,
    /// Whether the answer may take the place of the accepted one, and which causes must be accepted for it; none where
    /// nothing differs.
    pub(super) successor: Option<Vec<String>>,
    /// What came of its request.
    pub(super) met: Met,
    /// Whose the answer seems to be; `None` without one that was judged.
    pub(super) origin: Option<Origin>,
}

impl Judged {
    /// A report without an answer.
    pub(super) fn of(report: CaseReport) -> Self {
        let marks = report.findings.iter().map(mark).collect();
        Self {
            report,
            observation: None,
            answer: None,
            seen: None,
            heard: None,
            marks,
            successor: None,
            met: Met::Nobody,
            origin: None,
        }
    }

    /// Drops the findings that do not count.
    pub(super) fn retain(&mut self, counts: &[bool]) {
        let mut own = counts.iter();
        self.report.findings.retain(|_| own.next().copied().unwrap_or(true));
        let mut own = counts.iter();
        self.marks.retain(|_| own.next().copied().unwrap_or(true));
        self.report.decide(&[]);
    }

    /// Tells one thing more.
    pub(super) fn with(mut self, finding: Finding) -> Self {
        self.marks.push(mark(&finding));
        self.report.findings.push(finding);
        self.report.decide(&[]);
        self
    }
}

/// What makes a finding the same one as another look's.
pub(super) fn mark(finding: &Finding) -> String {
    let Finding { rule, fact: Deviation { operation, location, expected, observed, .. }, .. } = finding;
    serde_json::json!([rule, operation, location, expected, observed]).to_string()
}
