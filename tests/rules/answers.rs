//! An answer beside the accepted one, through the snapshots that keep both.

use crate::fixture::{Fixture, finding};
use libtest_mimic::Failed;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use vigie_contract::model::Contract;
use vigie_exchange::Response;
use vigie_judge::shape::Terms;
use vigie_judge::snapshot::Observation;

/// A recorded answer.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Recorded {
    status: u16,
    headers: BTreeMap<String, String>,
    body: Value,
}

pub(crate) fn run(fixture: &Fixture) -> Result<Vec<Value>, Failed> {
    let accepted = observation(&fixture.text("old.json")?)?;
    // What is kept must survive the file that keeps it.
    let accepted = Observation::parse(&accepted.file("fixture")).ok_or("the accepted snapshot does not read back")?;
    let deviations = observation(&fixture.text("new.json")?)?.changes_from(&accepted, &Terms::NONE);
    let findings = deviations.into_iter().map(|deviation| vigie_drift::find(deviation, |_| None));
    let reported =
        findings.map(|found| Ok(finding(&serde_json::to_value(found)?, ["pointer", "expected", "observed"])));
    reported.collect()
}

fn observation(text: &str) -> Result<Observation, Failed> {
    let recorded: Recorded = serde_json::from_str(text)?;
    let mut headers = http::HeaderMap::new();
    for (name, value) in &recorded.headers {
        headers.insert(http::HeaderName::try_from(name)?, value.try_into()?);
    }
    let status = http::StatusCode::from_u16(recorded.status)?;
    let response = Response { status, headers, body: recorded.body.to_string().into() };
    // The contract documents nothing of these answers: a snapshot must not need it.
    let document = serde_json::json!({"paths": {"/": {"get": {"operationId": "any", "responses": {}}}}});
    let contract = Contract::new("fixture", document);
    let operation = contract.operation("any").ok_or("the contract has its operation")?;
    Ok(Observation::of(&response, operation, Some(&recorded.body)))
}
