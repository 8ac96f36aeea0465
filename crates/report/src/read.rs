//! Reads what `--format json` of `vigie check` wrote, with the types that wrote it. The words of a rule come from the rule,
//! its class from the report: exceptions may have changed it.

use super::json::{TOOL, VERSION};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeMap;
use vigie_contract::bounds;
use vigie_drift::finding::{Class, text};
use vigie_drift::location::Location;
use vigie_drift::rules::by_id;
use vigie_drift::run::RunReport;

/// Values that a report may have: those of a hundred thousand findings.
const MOST_VALUES: usize = 2_000_000;

/// Why a file is not the report of a run that can be read.
#[derive(Debug, thiserror::Error)]
#[error("{file}: {reason}")]
pub struct ReadError {
    /// The file, as the user named it.
    pub file: String,
    /// What is wrong with it, and how to fix it.
    pub reason: String,
}

/// Reads the JSON report of a run. `file` is its name for an error.
pub fn read(file: &str, bytes: &[u8]) -> Result<RunReport, ReadError> {
    let wrong = |reason: String| ReadError { file: file.to_owned(), reason };
    if bytes.trim_ascii().is_empty() {
        return Err(wrong("it is empty: its run did not finish; run it again".into()));
    }
    if bounds::is_beyond(bytes, MOST_VALUES) {
        return Err(wrong(format!("it has more than {MOST_VALUES} values, so it is not the report of a run")));
    }
    let value: Value = serde_json::from_slice(bytes).map_err(|error| {
        let mend =
            if error.is_eof() { "it is truncated: run the command that wrote it again" } else { "it is not JSON" };
        wrong(format!("{mend} ({error})"))
    })?;
    let tool = value["tool"].as_str().unwrap_or("another program").to_owned();
    match &value["version"] {
        Value::Number(version) if version.as_u64() == Some(VERSION) => {}
        Value::Null => return Err(wrong(not_ours("it has no `version`"))),
        version => {
            let mend = format!("merge with {tool}, which wrote it, or write it again with this one");
            return Err(wrong(format!("a report of version {version}, and {TOOL} reads version {VERSION}: {mend}")));
        }
    }
    if value["conclusion"] == "unable" {
        return Err(wrong("its run failed to start, so it has no results: run it again".into()));
    }
    let unknown = unknown_rule(&value).map(str::to_owned);
    let mut report: RunReport = serde_json::from_value(value).map_err(|error| match &unknown {
        Some(rule) => {
            let rule = rule.escape_debug();
            wrong(format!("{TOOL} has no rule `{rule}`; {tool} wrote the report: merge with the same version"))
        }
        None => wrong(not_ours(&error.to_string())),
    })?;
    state(&mut report);
    Ok(report)
}

fn not_ours(why: &str) -> String {
    format!("not the report of a run ({why}); `vigie check --report json=FILE` writes one")
}

/// The first rule that this version does not have: of a finding, a cause, a failure that does not count, or a disagreement.
fn unknown_rule(report: &Value) -> Option<&str> {
    let of_cases = list(&report["cases"]).flat_map(|case| list(&case["findings"]));
    let named = ["causes", "ignored", "witnesses"].into_iter().flat_map(|part| list(&report[part]));
    let doubts = ["held", "unconfirmed"].into_iter().flat_map(|part| list(&report[part]));
    let all = of_cases.chain(named).map(|found| &found["rule"]).chain(doubts.flat_map(|doubt| list(&doubt["rules"])));
    all.filter_map(Value::as_str).find(|id| by_id(id).is_none())
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// What a finding of a case has in common with its cause: file, operation, place, kind, class, and what both sides state, as texts.
type Key<'a> = (&'a str, &'a str, &'a Location, usize, Class, Cow<'a, str>, Cow<'a, str>);

/// Gives the findings of cases what both sides state as values: a finding is written with texts, and its cause with the values
/// of which the cause's id is made.
fn state(report: &mut RunReport) {
    let mut stated: BTreeMap<Key<'_>, (&Value, &Value)> = BTreeMap::new();
    for cause in &report.causes {
        for place in &cause.places {
            let file = place.case.as_deref().unwrap_or_default();
            let (operation, location) = (place.operation.as_str(), &place.location);
            let (before, after) = (text(&cause.expected).into(), text(&cause.observed).into());
            let key = (file, operation, location, cause.rule.kind.rank(), cause.class, before, after);
            stated.entry(key).or_insert((&cause.expected, &cause.observed));
        }
    }
    for case in &mut report.cases {
        for finding in &mut case.findings {
            let fact = &mut finding.fact;
            let (expected, observed) = (text(&fact.expected).into(), text(&fact.observed).into());
            let (file, operation) = (case.file.as_str(), case.operation.as_str());
            let key: Key<'_> = (file, operation, &fact.location, fact.kind.rank(), finding.class, expected, observed);
            if let Some((before, after)) = stated.get(&key) {
                (fact.expected, fact.observed) = ((*before).clone(), (*after).clone());
            }
        }
    }
}
