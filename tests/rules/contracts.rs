//! Two contracts, compared: every change, and every renaming that two of them make.

use crate::fixture::{Fixture, finding};
use libtest_mimic::Failed;
use serde_json::Value;
use vigie::contract::diff::{credible, diff};
use vigie::contract::read::{self, Document};
use vigie::deviation::{Deviation, Kind};
use vigie::drift::{causes, find};
use vigie::finding::Finding;

pub(crate) fn run(fixture: &Fixture) -> Result<Vec<Value>, Failed> {
    let (old, new) = (document(fixture, "old.yml")?, document(fixture, "new.yml")?);
    let deviations = match credible(&old, &new) {
        Ok(()) => diff(&old, &new).deviations,
        Err(reason) => vec![Deviation::new(Kind::DocumentImplausible, "", Value::Null, reason)],
    };
    let changes: Vec<Finding> = deviations.into_iter().map(|deviation| find(deviation, |_| None)).collect();
    let mut found = Vec::new();
    for change in &changes {
        // A finding writes values as text; here they are what the contracts state.
        let mut reported = serde_json::to_value(change)?;
        reported["expected"] = change.expected.clone();
        reported["observed"] = change.observed.clone();
        found.push(finding(&reported, ["pointer", "expected", "observed"]));
    }
    let is_renaming = |rule: &str| !changes.iter().any(|change| change.rule == rule);
    for cause in causes::group(&changes).into_iter().filter(|cause| is_renaming(cause.rule)) {
        let mut reported = serde_json::to_value(&cause)?;
        for place in cause.places {
            reported["operation"] = place.operation.into();
            reported["location"] = place.location.into();
            found.push(finding(&reported, ["location", "before", "after"]));
        }
    }
    Ok(found)
}

/// One of the two contracts.
pub(crate) fn document(fixture: &Fixture, name: &str) -> Result<Value, Failed> {
    match read::read(fixture.text(name)?.as_bytes())?.document {
        Document::OpenApi(document) => Ok(document),
        other => Err(format!("{name} is no OpenAPI document but {}", other.kind()).into()),
    }
}
