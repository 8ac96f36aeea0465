//! The figures of `vigie check`: time, CPU, peak memory, and what it found.

use super::process::{Usage, measure};
use super::stats::{Spread, memory, time};
use super::table::Table;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};
use vigie_drift::deviation::Kind;
use vigie_drift::rules::by_id;

/// How often a check is measured, after one that is not.
const RUNS: usize = 11;

/// Measures a check of the own cases, or of a corpus. `name` begins each row.
pub(super) fn figures(
    binary: &Path,
    name: &str,
    corpus: Option<&Path>,
    goal: &str,
    table: &mut Table,
) -> Result<(), String> {
    eprintln!("{name}: {RUNS} runs");
    // A folder of its own: beside `./snapshots`, a check writes proposals.
    let folder = tempfile::tempdir().map_err(|error| format!("no temporary folder: {error}"))?;
    let output = folder.path().join("report");
    let run = |arguments: &[&str]| -> Result<Usage, String> {
        let failed = |reason: String| format!("{} check: {reason}", binary.display());
        let file = File::create(&output).map_err(|error| failed(error.to_string()))?;
        let mut command = Command::new(binary);
        command.arg("check").args(arguments).current_dir(folder.path()).stdin(Stdio::null()).stdout(file);
        if let Some(corpus) = corpus {
            command.arg("--corpus").arg(corpus);
        }
        let usage = measure(&mut command).map_err(|error| failed(error.to_string()))?;
        match usage.code {
            Some(0 | 1) => Ok(usage),
            code => Err(failed(format!("ended with {code:?}; a report would have been 0 or 1"))),
        }
    };
    // The first run finds the files in no cache; its report is the one that is read.
    run(&["--format", "json"])?;
    let report = std::fs::read(&output).map_err(|error| format!("{}: {error}", output.display()))?;
    let found = summary(&report)?;
    let format: &[&str] = if corpus.is_some() { &["--format", "json"] } else { &[] };
    let runs = (0..RUNS).map(|_| run(format)).collect::<Result<Vec<_>, String>>()?;

    let unknown = || "unknown on this system".to_owned();
    let wall = Spread::of(runs.iter().map(|run| run.wall)).map(|spread| spread.show(time));
    table.row(format!("{name}: wall time"), goal, wall.unwrap_or_else(unknown));
    let cpu = Spread::of(runs.iter().filter_map(|run| run.cpu)).map(|spread| spread.show(time));
    table.row(format!("{name}: CPU, user and system"), "< 0.3 s", cpu.unwrap_or_else(unknown));
    let peak = Spread::of(runs.iter().filter_map(|run| run.peak)).map(|spread| spread.show(memory));
    table.row(format!("{name}: peak memory"), "", peak.unwrap_or_else(unknown));
    for (measure, result) in found {
        table.row(format!("{name}: {measure}"), "", result);
    }
    Ok(())
}

/// How many answers the typed clients read and kept whole, by the version in the operation's id.
fn decoded(report: &Value) -> String {
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for case in report["cases"].as_array().into_iter().flatten().filter(|case| case["status"].is_u64()) {
        let words = case["operation"].as_str().unwrap_or_default().split('_');
        let is_version = |word: &&str| word.strip_prefix('v').is_some_and(|number| number.parse::<u32>().is_ok());
        let (whole, all) = counts.entry(words.clone().find(is_version).unwrap_or("other")).or_default();
        let mut findings = case["findings"].as_array().into_iter().flatten();
        let is_lost = |finding: &Value| {
            let rule = finding["rule"].as_str().and_then(by_id);
            rule.is_some_and(|rule| matches!(rule.kind, Kind::ClientDecodeFailed | Kind::ClientDecodeLossy))
        };
        *all += 1;
        *whole += usize::from(!findings.any(is_lost));
    }
    let texts = counts.iter().map(|(version, (whole, all))| format!("{version} {whole} of {all}"));
    texts.collect::<Vec<_>>().join(", ")
}

/// What a JSON report found, as rows.
fn summary(report: &[u8]) -> Result<[(&'static str, String); 4], String> {
    let report: Value = serde_json::from_slice(report).map_err(|error| format!("the report is not JSON: {error}"))?;
    let summary = &report["summary"];
    let number = |name: &str| {
        summary[name].as_u64().ok_or_else(|| format!("the report has no `summary.{name}`; did its format change?"))
    };
    let verdicts = summary["verdicts"].as_object().into_iter().flatten();
    let verdicts: Vec<String> = verdicts.map(|(verdict, cases)| format!("{verdict} {cases}")).collect();
    Ok([
        ("cases that conform", format!("{} of {}", number("conform")?, number("cases")?)),
        ("verdicts", verdicts.join(", ")),
        ("cases with undocumented properties", number("with_undocumented")?.to_string()),
        ("payloads decoded without loss", decoded(&report)),
    ])
}

#[cfg(test)]
mod tests {
    use super::summary;

    #[test]
    fn a_report_is_summed_up_and_another_form_is_told() {
        let report = br#"{"summary": {"cases": 9, "conform": 6, "with_undocumented": 2, "verdicts": {"body": 3, "conforms": 6}}, "cases": [
            {"operation": "api_v2_a", "status": 200, "findings": [{"rule": "client-decode-lossy"}]},
            {"operation": "api_v2_a", "status": 404, "findings": [{"rule": "body-invalid"}]},
            {"operation": "api_v2_b", "findings": []},
            {"operation": "api_v3_c", "status": 200, "findings": []}]}"#;
        let rows = summary(report).expect("it is a report");
        assert_eq!(rows.map(|(_, result)| result), ["6 of 9", "body 3, conforms 6", "2", "v2 1 of 2, v3 1 of 1"]);
        let error = summary(br#"{"summary": {"cases": 9}}"#).err().unwrap_or_default();
        assert!(error.contains("summary.conform"), "{error}");
    }
}
