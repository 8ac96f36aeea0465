//! Two contracts, through `vigie diff`: every change, and every renaming that two of them make.

use crate::fixture::{Fixture, finding};
use libtest_mimic::Failed;
use serde_json::Value;
use std::process::Command;
use vigie_contract::canonical::canonical;
use vigie_contract::graphql;
use vigie_contract::read::{self, Document};
use vigie_drift::diff::diff;

/// `names` are the files of the two.
pub(crate) fn run(fixture: &Fixture, names: [&str; 2]) -> Result<Vec<Value>, Failed> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    command.arg("diff").args(names).args(["--format", "json"]).current_dir(fixture.path(""));
    let output = command.output()?;
    let report: Value = serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("no report ({error}): {}", String::from_utf8_lossy(&output.stderr)))?;
    let list = |name: &str| report[name].as_array().cloned().ok_or_else(|| format!("the report has no `{name}`"));
    let (changes, causes) = (list("changes")?, list("causes")?);
    let of_report = |reported: &Value| finding(reported, ["location", "before", "after"]);
    let mut found: Vec<Value> = changes.iter().map(of_report).collect();
    // A cause that is no change itself is a renaming: what went and what came are its changes.
    for cause in causes.iter().filter(|cause| !changes.iter().any(|change| change["rule"] == cause["rule"])) {
        for place in cause["places"].as_array().into_iter().flatten() {
            let mut reported = cause.clone();
            reported["operation"] = place["operation"].clone();
            reported["location"] = place["location"].clone();
            found.push(of_report(&reported));
        }
    }
    Ok(found)
}

/// Nothing may be found between a GraphQL schema and itself.
pub(crate) fn silence_of_schemas(fixture: &Fixture) -> Result<(), Failed> {
    for name in ["old.graphql", "new.graphql"] {
        let schema = graphql::read(&fixture.text(name)?)?;
        if let Some(deviation) = vigie_drift::graphql::diff(&schema, &schema).first() {
            return Err(format!("{name} beside itself: {deviation:?}").into());
        }
    }
    Ok(())
}

/// One of the two contracts.
pub(crate) fn document(fixture: &Fixture, name: &str) -> Result<Value, Failed> {
    match read::read(fixture.text(name)?.as_bytes())?.document {
        Document::OpenApi(document) => Ok(document),
        other => Err(format!("{name} is {}, not an OpenAPI contract", other.form()).into()),
    }
}

/// Nothing may be found between a contract and itself, nor between it and its canonical form, which says the same.
pub(crate) fn silence(fixture: &Fixture) -> Result<(), Failed> {
    for name in ["old.yml", "new.yml"] {
        let document = document(fixture, name)?;
        for (form, other) in [("itself", document.clone()), ("its canonical form", canonical(&document))] {
            if let Some(deviation) = diff(&document, &other).deviations.first() {
                return Err(format!("{name} beside {form}: {deviation:?}").into());
            }
        }
    }
    Ok(())
}
