//! The verdict of a case: the only place that decides it.

use crate::deviation::Kind;
use crate::finding::{CaseReport, Class, Finding, Verdict};

impl CaseReport {
    /// The report of a case of which nothing is known yet.
    #[must_use]
    pub fn new(file: impl Into<String>, operation: impl Into<String>, case: impl Into<String>) -> Self {
        Self {
            file: file.into(),
            provider: String::new(),
            operation: operation.into(),
            case: case.into(),
            status: None,
            verdict: Verdict::Conforms,
            findings: Vec::new(),
            undocumented: Vec::new(),
            request: String::new(),
            pending: None,
            pending_causes: Vec::new(),
        }
    }

    /// The same case with these findings, worst first, and the verdict that follows from them.
    #[must_use]
    pub fn with(mut self, findings: Vec<Finding>) -> Self {
        self.findings = findings;
        self.findings.sort_by_key(|finding| finding.class);
        self.decide(&[]);
        self
    }

    /// Decides the verdict anew, after findings were added, dropped or got another class. An exception may have `ignored` some
    /// of them; a case without an answer does not conform all the same.
    pub fn decide(&mut self, ignored: &[Finding]) {
        let counting = self.findings.iter().filter_map(of_finding);
        let verdict = counting.chain(ignored.iter().filter_map(unanswered)).min();
        self.verdict = verdict.unwrap_or(Verdict::Conforms);
    }
}

/// What a finding makes of its case, with the class that it has here.
fn of_finding(finding: &Finding) -> Option<Verdict> {
    let rule = finding.rule;
    match finding.class {
        // Rules between two contracts have no verdict: they fail a case whose answer is a contract.
        Class::Breaking => rule.verdict.or(Some(by_subject(rule.kind))),
        class if class == rule.class => rule.verdict,
        _ => unanswered(finding),
    }
}

/// What a finding makes of its case even if it is ignored: it was not judged.
fn unanswered(finding: &Finding) -> Option<Verdict> {
    let verdict = finding.rule.verdict?;
    matches!(verdict, Verdict::Outage | Verdict::Setup | Verdict::Skipped).then_some(verdict)
}

/// The verdict of a rule that fails no case by itself.
fn by_subject(kind: Kind) -> Verdict {
    match kind {
        Kind::CaseIdentityUnknown => Verdict::Params,
        Kind::HeaderMissing => Verdict::Headers,
        Kind::ScopeMasked => Verdict::Body,
        Kind::CaseShadowed => Verdict::Expectation,
        _ => Verdict::Snapshot,
    }
}
