//! A recorded exchange beside its contract.

use crate::fixture::{Fixture, finding};
use libtest_mimic::Failed;
use serde_json::Value;
use vigie_contract::model::Contract;
use vigie_harness::exchanges::recorded;
use vigie_judge::exceptions::Exceptions;
use vigie_scenario::recorded::read_file;

pub(crate) fn run(fixture: &Fixture) -> Result<Vec<Value>, Failed> {
    let contract = Contract::new(&fixture.rule(), fixture.yaml("contract.yml")?);
    let exchange = read_file(&fixture.path("recorded.yml")).map_err(|error| error.to_string())?;
    let report = serde_json::to_value(recorded(vec![contract], None, (&[exchange], &[]), &Exceptions::default()))?;
    let findings = report["cases"][0]["findings"].as_array().ok_or("the report has no case")?;
    Ok(findings.iter().map(|found| finding(found, ["pointer", "expected", "observed"])).collect())
}
