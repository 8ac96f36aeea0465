//! Recorded exchanges, judged as they stand: nothing is sent.

use crate::runner::{Keys, locators, near_to, redact, unknown_operation, unreadable};
use serde_json::Value;
use vigie_contract::model::Contract;
use vigie_drift::causes;
use vigie_drift::deviation::{Deviation, Kind};
use vigie_drift::finding::{CaseReport, text};
use vigie_drift::location::Location;
use vigie_drift::run::RunReport;
use vigie_judge::exceptions::{Exceptions, Scope};
use vigie_judge::{Judge, Queries, Reading};
use vigie_scenario::ScenarioError;
use vigie_scenario::recorded::Recorded;

/// What a report says for a target: nothing was asked.
const TARGET: &str = "recorded";

/// Judges every exchange that could be read against the first of the contracts that has its operation; a query that the contract's schemas
/// answer is held to what it selects. No value of a record is told, but the path of one that no operation has: a person
/// recorded them, of whatever host.
#[must_use]
pub fn recorded(
    contracts: Vec<Contract>,
    queries: Option<Queries<'_>>,
    (exchanges, unread): (&[Recorded], &[ScenarioError]),
    exceptions: &Exceptions,
) -> RunReport {
    let judges: Vec<Judge> = contracts.into_iter().map(Judge::new).collect();
    let locators = locators(&judges);
    let mut report = RunReport { target: TARGET.to_owned(), ..RunReport::default() };
    for exchange in exchanges {
        let found = judges.iter().find_map(|judge| {
            let reading = judge.recorded(exchange)?;
            let own = queries.filter(|queries| queries.name == judge.contract.name);
            let reading = match own {
                Some(queries) => queries.read(exchange, reading),
                None => reading,
            };
            Some((judge, reading))
        });
        let locate = |pointer: &str| {
            let Contract { name, .. } = &found.as_ref()?.0.contract;
            Some(format!("specs/{name}/open-api.yml:{}", locators.get(name)?.line_of(pointer)))
        };
        // The contract's path: what was sent in it may be a person's number.
        let known = found.as_ref().and_then(|(judge, reading)| judge.contract.operation(&reading.operation));
        let path = known.map_or(exchange.request.path.as_str(), |operation| operation.path.as_str());
        let request = format!("{} {path}", exchange.request.method);
        let (judge, reading) = found.as_ref().map(|(judge, reading)| (*judge, reading)).unzip();
        let near = exchange.operation.as_deref().and_then(|id| near_to(judges.iter().map(|judge| &judge.contract), id));
        report.cases.push(case(exchange, (judge, near.as_deref()), reading, request, locate));
    }
    report.cases.extend(unread.iter().map(|error| unreadable(CaseReport::new("", "", ""), error)));
    report.cases.sort_by(|a, b| a.file.cmp(&b.file));
    exceptions.apply_to_run(&mut report, Scope::Part);
    report.causes = causes::in_cases(&report.cases);
    report
}

fn case(
    exchange: &Recorded,
    (judge, near): (Option<&Judge>, Option<&str>),
    reading: Option<&Reading>,
    request: String,
    locate: impl Fn(&str) -> Option<String>,
) -> CaseReport {
    let unknown = || {
        let named = exchange.operation.clone().unwrap_or_else(|| request.clone());
        vec![unknown_operation(&named, near)]
    };
    let answer = reading.and_then(|reading| reading.response.as_ref());
    let body = answer.and_then(|judgement| judgement.body.as_deref());
    let schema = judge.zip(reading).and_then(|(judge, reading)| {
        let status = exchange.response.as_ref()?.status?;
        Some(judge.schema(judge.contract.operation(&reading.operation)?, status))
    });
    let keys = Keys::of(body, schema.unwrap_or(&Value::Null));
    let hidden = |deviation: &Deviation| redact(deviation.clone(), &keys);
    let mut deviations =
        reading.map_or_else(unknown, |reading| reading.request.iter().chain(&reading.credentials).cloned().collect());
    // An answer without a status, or with a header that HTTP cannot have, is held to nothing.
    let is_unread = reading.is_some_and(|reading| reading.response.is_none());
    if is_unread && exchange.response.as_ref().is_some_and(|response| response.body.is_some()) {
        let told = "its answer has a body, and no status that the body could be judged by";
        deviations.push(Deviation::new(Kind::CaseUnreadable, Location::Whole, "an answer that can be judged", told));
    }
    deviations.extend(answer.into_iter().flat_map(|judgement| &judgement.deviations).map(hidden));
    let key = |deviation: &Deviation| {
        let words = |value: &Value| text(value);
        (deviation.kind.rank(), deviation.location.clone(), words(&deviation.expected), words(&deviation.observed))
    };
    deviations.sort_by_cached_key(key);
    deviations.dedup();
    let provider = judge.and_then(|judge| judge.contract.name.split('/').next()).unwrap_or_default().to_owned();
    let findings = deviations.into_iter().map(|deviation| vigie_drift::find(deviation, &locate)).collect();
    let operation =
        reading.map_or_else(|| exchange.operation.clone().unwrap_or_default(), |reading| reading.operation.clone());
    let mut report = CaseReport::new(&exchange.file, operation, &exchange.id);
    report.provider = provider;
    report.status = exchange.response.as_ref().and_then(|response| response.status);
    report.undocumented =
        answer.into_iter().flat_map(|judgement| &judgement.undocumented).map(|pointer| keys.pointer(pointer)).collect();
    report.request = request;
    report.with(findings)
}
