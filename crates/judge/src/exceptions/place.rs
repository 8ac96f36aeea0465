//! Where an exception holds.

use vigie_contract::model::unescape;
use vigie_drift::finding::{CaseReport, Finding};

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
        let locations = match (case.status, finding.fact.pointer.strip_prefix('/')) {
            (Some(status), Some(path)) => vec![format!("{status} {}", in_words(path))],
            (Some(status), None) if finding.fact.pointer.is_empty() => vec![status.to_string()],
            (Some(status), None) => vec![format!("{status} header {}", finding.fact.pointer)],
            (None, _) => vec![],
        };
        Self { operations, locations }
    }
}

/// `data/admissions/0/date_fin` is `data.admissions[].date_fin`.
#[must_use]
pub fn in_words(path: &str) -> String {
    let mut words = String::new();
    for token in path.split('/') {
        if token == "*" || !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_digit()) {
            words.push_str("[]");
        } else {
            if !words.is_empty() {
                words.push('.');
            }
            words.push_str(&unescape(token));
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::in_words;

    #[test]
    fn a_pointer_in_the_words_of_a_comparison() {
        assert_eq!(in_words("data/admissions/0/date_fin"), "data.admissions[].date_fin");
        assert_eq!(in_words("*/a~1b/3"), "[].a/b[]");
    }
}
