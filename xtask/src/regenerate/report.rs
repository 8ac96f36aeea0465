//! What published documents change, as the report of a check: `cargo xtask tracker` keeps issues for both alike.

use crate::specs::Spec;
use serde_json::{Value, json};
use vigie_drift::comparison::Cause;
use vigie_drift::finding::Class;

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
}

/// The report, in the form of `vigie check --format json`. A contract is one case, for a document is compared as a whole.
pub(super) fn report(changes: &[Changes]) -> Value {
    let breaks = |changes: &Changes| changes.causes.iter().any(|cause| cause.class == Class::Breaking);
    let case = |changes: &Changes| {
        let verdict = if breaks(changes) { "body" } else { "conforms" };
        json!({"file": changes.file, "operation": "*", "case": "*", "verdict": verdict, "findings": [], "undocumented": []})
    };
    let causes: Vec<&Cause> = changes.iter().flat_map(|changes| &changes.causes).collect();
    let conclusion = if changes.iter().any(breaks) { "drift" } else { "conformant" };
    json!({"version": 1, "tool": concat!("xtask ", env!("CARGO_PKG_VERSION")), "conclusion": conclusion, "target": PUBLISHED,
        "cases": changes.iter().map(case).collect::<Vec<_>>(), "causes": causes, "ignored": [], "notes": [],
        "never_observed": {}})
}
