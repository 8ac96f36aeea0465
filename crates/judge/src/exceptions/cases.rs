//! Exceptions on the cases of a run: a case's verdict follows from what still counts.

use super::place::Places;
use super::{Exceptions, Ledger, Scope};
use vigie_drift::finding::{CaseReport, Class, Finding};
use vigie_drift::run::RunReport;

impl Exceptions {
    /// The class that a finding of a case has here; `None` where it is ignored.
    #[must_use]
    pub fn class_here(&self, case: &CaseReport, finding: &Finding) -> Option<Class> {
        let places = Places::of_case(case, finding);
        let is_ignored = self.ignores.iter().any(|ignore| !self.ended(ignore) && ignore.meets(finding, &places));
        (!is_ignored).then(|| self.class(finding))
    }

    /// Applies the exceptions to a run, before its causes are told.
    pub fn apply_to_run(&self, report: &mut RunReport, scope: Scope) {
        let mut ledger = Ledger::new(self);
        for case in &mut report.cases {
            let mut set_aside = Vec::new();
            let mut kept = Vec::new();
            for finding in std::mem::take(&mut case.findings) {
                let places = Places::of_case(case, &finding);
                match ledger.judge(finding, &places, Some(&case.file)) {
                    Ok(finding) => kept.push(finding),
                    Err(ignored) => {
                        set_aside.push(ignored.finding.clone());
                        report.ignored.push(*ignored);
                    }
                }
            }
            kept.sort_by_key(|finding| finding.class);
            case.findings = kept;
            case.decide(&set_aside);
        }
        report.notes.extend(ledger.notes(scope));
    }
}
