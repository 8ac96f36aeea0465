//! What published documents change, as the report of a check: `cargo xtask tracker` keeps issues for both alike.

use crate::specs::Spec;
use serde::Serialize;
use std::collections::BTreeMap;
use vigie_drift::comparison::Cause;
use vigie_drift::finding::{CaseReport, Class, Conclusion, Ignored, Verdict};
use vigie_report::VERSION;

/// The target of such a report: no host was asked for an answer.
pub(crate) const PUBLISHED: &str = "published";

/// The changes of one contract.
pub(super) struct Changes {
    file: String,
    causes: Vec<Cause>,
}

impl Changes {
    pub(super) fn new(spec: &Spec, mut causes: Vec<Cause>) -> Self {
        let file = format!("specs/{}/open-api.yml", spec.name);
        for place in causes.iter_mut().flat_map(|cause| &mut cause.places) {
            place.case = Some(file.clone());
        }
        Self { file, causes }
    }

    fn case(&self) -> CaseReport {
        let breaks = self.causes.iter().any(|cause| cause.class == Class::Breaking);
        let verdict = if breaks { Verdict::Body } else { Verdict::Conforms };
        CaseReport { verdict, ..CaseReport::new(&self.file, "*", "*") }
    }
}

/// The report, in the form of `vigie check --format json`.
#[derive(Serialize)]
pub(super) struct Report<'a> {
    version: u64,
    tool: &'static str,
    conclusion: Conclusion,
    target: &'static str,
    /// A contract is one case, for a document is compared as a whole.
    cases: Vec<CaseReport>,
    causes: Vec<&'a Cause>,
    ignored: [Ignored; 0],
    notes: [String; 0],
    never_observed: BTreeMap<String, Vec<String>>,
}

impl<'a> Report<'a> {
    pub(super) fn new(changes: &'a [Changes]) -> Self {
        let cases: Vec<CaseReport> = changes.iter().map(Changes::case).collect();
        let conforms = cases.iter().all(CaseReport::conforms);
        Self {
            version: VERSION,
            tool: concat!("xtask ", env!("CARGO_PKG_VERSION")),
            conclusion: if conforms { Conclusion::Conformant } else { Conclusion::Drift },
            target: PUBLISHED,
            cases,
            causes: changes.iter().flat_map(|changes| &changes.causes).collect(),
            ignored: [],
            notes: [],
            never_observed: BTreeMap::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Changes, Report};
    use serde_json::{json, to_value};

    #[test]
    fn a_contract_without_changes_is_a_case_that_conforms() {
        let changes = [Changes { file: "specs/menus/open-api.yml".into(), causes: vec![] }];
        let expected = json!({"version": 1, "tool": concat!("xtask ", env!("CARGO_PKG_VERSION")), "conclusion": "conformant",
            "target": "published",
            "cases": [{"file": "specs/menus/open-api.yml", "operation": "*", "case": "*", "verdict": "conforms", "findings": [],
                "undocumented": []}],
            "causes": [], "ignored": [], "notes": [], "never_observed": {}});
        assert_eq!(to_value(Report::new(&changes)).expect("it is JSON"), expected);
    }
}
