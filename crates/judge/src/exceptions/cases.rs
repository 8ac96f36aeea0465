//! Exceptions on the cases of a run: a case's verdict follows from what still counts.

use super::place::Places;
use super::{Exceptions, Ledger, Scope};
use vigie_drift::deviation::Kind;
use vigie_drift::finding::{CaseReport, Class, Finding, Verdict};
use vigie_drift::rules::by_id;
use vigie_drift::run::RunReport;

impl Exceptions {
    /// The class that a finding of a case has here; `None` where it is ignored.
    #[must_use]
    pub fn class_here(&self, case: &CaseReport, finding: &Finding) -> Option<Class> {
        let judged = Ledger::new(self).judge(finding.clone(), &Places::of_case(case, finding), None);
        judged.ok().map(|finding| finding.class)
    }

    /// Applies the exceptions to a run, before its causes are told.
    pub fn apply_to_run(&self, report: &mut RunReport, scope: Scope) {
        let mut ledger = Ledger::new(self);
        for case in &mut report.cases {
            let mut stays = Vec::new();
            let mut kept = Vec::new();
            for finding in std::mem::take(&mut case.findings) {
                let places = Places::of_case(case, &finding);
                match ledger.judge(finding, &places, Some(&case.file)) {
                    Ok(finding) => kept.push(finding),
                    Err(ignored) => {
                        stays.extend(unjudged(&ignored.finding));
                        report.ignored.push(*ignored);
                    }
                }
            }
            kept.sort_by_key(|finding| finding.class);
            case.verdict = kept.iter().filter_map(verdict).chain(stays).min().unwrap_or(Verdict::Conforms);
            case.findings = kept;
        }
        report.notes.extend(ledger.notes(scope));
    }
}

/// A case without an answer does not conform, whatever is ignored.
fn unjudged(finding: &Finding) -> Option<Verdict> {
    by_id(finding.rule)?
        .verdict
        .filter(|verdict| matches!(verdict, Verdict::Outage | Verdict::Setup | Verdict::Skipped))
}

/// What a finding makes of its case, with the class that it has here.
fn verdict(finding: &Finding) -> Option<Verdict> {
    let rule = by_id(finding.rule)?;
    match finding.class {
        // Rules between two contracts have no verdict: they fail a case whose answer is a contract.
        Class::Breaking => rule.verdict.or(Some(subject(rule.kind))),
        class if class == rule.class => rule.verdict,
        _ => unjudged(finding),
    }
}

/// The verdict of a rule that fails no case by itself.
fn subject(kind: Kind) -> Verdict {
    match kind {
        Kind::CaseIdentityUnknown => Verdict::Params,
        Kind::HeaderMissing => Verdict::Headers,
        Kind::ScopeMasked => Verdict::Body,
        Kind::CaseShadowed => Verdict::Expectation,
        _ => Verdict::Snapshot,
    }
}
