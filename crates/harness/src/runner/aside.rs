//! What of a corpus is not judged, and stands in the report all the same.

use super::outcome::empty_report;
use vigie_drift::deviation::{Deviation, Kind};
use vigie_drift::finding::CaseReport;
use vigie_drift::location::Location;
use vigie_drift::run::{Elsewhere, RunReport, UnknownKey};
use vigie_scenario::{Case, Corpus, ScenarioError};

/// What is not judged.
#[derive(Debug, Default)]
pub(crate) struct Aside {
    /// Files that cannot be read, each as a case.
    pub(crate) unread: Vec<CaseReport>,
    pub(crate) elsewhere: Vec<Elsewhere>,
    unknown_keys: Vec<UnknownKey>,
    notes: Vec<String>,
}

impl Aside {
    /// Takes it out of a corpus.
    pub(super) fn take(corpus: &mut Corpus) -> Self {
        let unread = std::mem::take(&mut corpus.unread).into_iter().map(|unread| {
            let case = Case { name: unread.name, ..Case::call(&unread.topic, corpus.dialect) };
            unreadable(empty_report(&case), &unread.error)
        });
        Self {
            unread: unread.collect(),
            elsewhere: std::mem::take(&mut corpus.elsewhere),
            unknown_keys: std::mem::take(&mut corpus.unknown_keys),
            notes: corpus.hollow.iter().map(|folder| format!("{folder}: no case (`*.yml`) in this folder")).collect(),
        }
    }

    /// Whether there is nothing to report of it.
    pub(super) fn is_empty(&self) -> bool {
        self.unread.is_empty() && self.elsewhere.is_empty()
    }

    /// Puts it into a report. Exceptions come after it.
    pub(super) fn put(self, report: &mut RunReport) {
        report.cases.extend(self.unread);
        report.elsewhere = self.elsewhere;
        report.unknown_keys = self.unknown_keys;
        report.notes.extend(self.notes);
    }
}

/// The report of a file that cannot be read.
pub(crate) fn unreadable(mut report: CaseReport, error: &ScenarioError) -> CaseReport {
    let deviation = Deviation::new(Kind::CaseUnreadable, Location::Whole, "a file that can be read", error.reason());
    error.file().clone_into(&mut report.file);
    if report.case.is_empty() {
        report.case = stem(error.file());
    }
    report.with(vec![vigie_drift::find(deviation, |_| None)])
}

fn stem(file: &str) -> String {
    std::path::Path::new(file).file_stem().unwrap_or_default().to_string_lossy().into_owned()
}
