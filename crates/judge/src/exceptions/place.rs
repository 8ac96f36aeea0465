//! Where an exception holds.

use vigie_drift::finding::{CaseReport, Finding};
use vigie_drift::location::Location;

/// Other names of a finding's place, so that one exception serves both contracts and answers.
#[derive(Debug, Default)]
pub(super) struct Places {
    pub(super) operations: Vec<String>,
    pub(super) locations: Vec<String>,
}

impl Places {
    /// A case's operation by its id and by method and path; a JSON pointer in the words of a comparison.
    pub(super) fn of_case(case: &CaseReport, finding: &Finding) -> Self {
        let operations = vec![case.operation.clone(), case.request.clone()];
        let location = &finding.fact.location;
        let locations = match (case.status, location) {
            (Some(status), Location::Whole) => vec![status.to_string()],
            (Some(status), location) => match location.in_words() {
                Some(words) => vec![format!("{status} {words}")],
                None => vec![format!("{status} header {location}")],
            },
            (None, _) => vec![],
        };
        Self { operations, locations }
    }
}
