//! Two contracts, through `vigie diff`.

use crate::fixture::{Fixture, finding};
use libtest_mimic::Failed;
use serde_json::Value;
use std::process::Command;

pub(crate) fn run(fixture: &Fixture) -> Result<Vec<Value>, Failed> {
    let output = Command::new(env!("CARGO_BIN_EXE_vigie"))
        .arg("diff")
        .args([fixture.path("old.yml"), fixture.path("new.yml")])
        .args(["--format", "json"])
        .output()?;
    let report: Value = serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("no report ({error}): {}", String::from_utf8_lossy(&output.stderr)))?;
    let changes = report["changes"].as_array().ok_or("the report has no `changes`")?;
    Ok(changes.iter().map(|change| finding(change, ["location", "before", "after"])).collect())
}
