//! The labelled history of a real contract, one trial a pair: every labelled change is found, in its words and at its
//! place, and nothing else. It needs the published documents, so it is left out where `VIGIE_UPSTREAM` is not set.

use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, ExitCode};

/// Changes that vigie tells and the labels do not have, with the reason.
const BEYOND_THE_LABELS: [(&str, &str); 1] = [(
    // A string that was never null comes with `enum: [.., null]`. Elsewhere the labels call a value that may now be null
    // breaking, and an enum with null says it as well as `nullable` does.
    "2023-03-10_e7ea248.yaml",
    "response-nullable-added GET /api/v2/situations-pole-emploi 200 codeCertificationCNAV",
)];

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let folder =
        std::env::var_os("VIGIE_UPSTREAM").map(|upstream| Path::new(&upstream).join("api-particulier/history"));
    let trials = match folder.filter(|folder| folder.is_dir()) {
        Some(folder) => pairs(&folder),
        None => vec![Trial::test("skipped: VIGIE_UPSTREAM is not set", || Ok(())).with_ignored_flag(true)],
    };
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn pairs(folder: &Path) -> Vec<Trial> {
    let text = std::fs::read_to_string(folder.join("changes.json")).expect("the labels");
    let labels: Value = serde_json::from_str(&text).expect("JSON");
    let pairs = labels["pairs"].as_array().expect("pairs").clone();
    let trial = |pair: Value| {
        let folder = folder.to_path_buf();
        let name = format!("{} -> {}", word(&pair["from"]), word(&pair["to"]));
        Trial::test(name, move || agrees(&folder, &pair))
    };
    pairs.into_iter().map(trial).collect()
}

fn agrees(folder: &Path, pair: &Value) -> Result<(), Failed> {
    let (old, new) = (word(&pair["from"]), word(&pair["to"]));
    let (code, report) = diff(&folder.join(old), &folder.join(new));
    // Another document under the same name is no removal of every operation: it is not credible.
    if pair["nature"] == "document-identity-switch" {
        let rules: Vec<&str> = list(&report["changes"]).map(|change| word(&change["rule"])).collect();
        return if (code, &rules[..]) == (3, &["document-implausible"]) {
            Ok(())
        } else {
            Err(format!("exit {code}, {rules:?}").into())
        };
    }
    let mut missed = count(list(&pair["changes"]).map(|change| key(change, &word(&change["kind"]).replace('.', "-"))));
    // The labels know no error codes.
    let found = list(&report["changes"]).filter(|change| !word(&change["rule"]).starts_with("error-code-"));
    let mut extra = count(found.map(|change| key(change, word(&change["rule"]))));
    for (key, found) in &mut extra {
        if let Some(labelled) = missed.get_mut(key) {
            let both = (*found).min(*labelled);
            *found -= both;
            *labelled -= both;
        }
    }
    let is_known = |key: &str| BEYOND_THE_LABELS.iter().any(|(to, change)| *to == new && key.contains(change));
    let expected_beyond = BEYOND_THE_LABELS.iter().filter(|(to, _)| *to == new).count();
    let beyond = extra.iter().filter(|(key, count)| **count > 0 && is_known(key)).count();
    if beyond != expected_beyond {
        return Err(format!("{beyond} changes beyond the labels, and {expected_beyond} are known").into());
    }
    let missed: Vec<&String> = missed.iter().filter(|(_, count)| **count > 0).map(|(key, _)| key).collect();
    let extra: Vec<&String> =
        extra.iter().filter(|(key, count)| **count > 0 && !is_known(key)).map(|(key, _)| key).collect();
    let expected = i32::from(pair["verdict"] == "breaking");
    if missed.is_empty() && extra.is_empty() && code == expected {
        return Ok(());
    }
    Err(format!("exit {code}, expected {expected}\nmissed: {missed:#?}\nextra: {extra:#?}").into())
}

fn diff(old: &Path, new: &Path) -> (i32, Value) {
    let output = Command::new(env!("CARGO_BIN_EXE_vigie"))
        .arg("diff")
        .args([old, new])
        .args(["--format", "json"])
        .output()
        .expect("vigie starts");
    let report = serde_json::from_slice(&output.stdout).expect("a JSON report");
    (output.status.code().expect("an exit status"), report)
}

/// Everything that a label says of a change.
fn key(change: &Value, rule: &str) -> String {
    let stated = |value: &Value| match value {
        Value::Array(values) => {
            let mut values: Vec<String> = values.iter().map(Value::to_string).collect();
            values.sort();
            values.join(",")
        }
        value => value.to_string(),
    };
    format!(
        "{rule} {} {} ({}, {}) {} -> {}",
        word(&change["operation"]),
        word(&change["location"]),
        word(&change["label"]),
        word(&change["certainty"]),
        stated(&change["before"]),
        stated(&change["after"]),
    )
}

fn count(keys: impl Iterator<Item = String>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for key in keys {
        *counts.entry(key).or_default() += 1;
    }
    counts
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn word(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
