//! `vigie check --exchanges`, on the real binary.
#![cfg(feature = "harness")]

use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};

const STUDENT: &str = "/v3/mesri/statut_etudiant/ine";

fn check(folder: &Path, more: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    command.args(["check", "--exchanges", "."]).args(more).current_dir(folder).output().expect("vigie runs")
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn records(records: &[(&str, String)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, text) in records {
        std::fs::write(folder.path().join(name), text).expect("it is written");
    }
    folder
}

fn record(query: &str, birth: &str) -> String {
    let identity = format!("{{nom_naissance: KERMORVAN, prenom: Enora, date_naissance: '{birth}'}}");
    format!(
        "request: {{method: GET, path: {STUDENT}, query: {query}}}\nresponse:\n  status: 200\n  body:\n    \
         data: {{identite: {identity}, admissions: []}}\n    links: {{}}\n    meta: {{}}\n"
    )
}

#[test]
fn records_are_judged_on_both_sides_and_their_values_are_not_told() {
    let folder = records(&[
        ("a.yaml", record("{ine: 2305118746K, recipient: '13002526500013'}", "2005-03-14")),
        ("b.yaml", record("{recipient: '13002526500013'}", "2005-02-30")),
        ("c.yml", "request: {method: GET, path: /v3/nowhere}".to_owned()),
    ]);
    let output = check(folder.path(), &["--format", "json"]);
    assert_eq!(output.status.code(), Some(1), "{}", err(&output));
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(!text.contains("KERMORVAN") && !text.contains("2005-02-30") && !text.contains("13002526500013"), "{text}");
    let report: Value = serde_json::from_str(&text).expect("a JSON report");
    assert_eq!(report["target"], "recorded");
    let rules = |case: usize| -> Vec<String> {
        let findings = report["cases"][case]["findings"].as_array().expect("findings");
        findings.iter().map(|found| format!("{} {}", found["rule"], found["pointer"]).replace('"', "")).collect()
    };
    assert_eq!(rules(0), [""; 0]);
    assert_eq!(rules(1), ["body-invalid /data/identite/date_naissance", "request-invalid ine"]);
    assert_eq!(rules(2), ["operation-unknown "]);
}

#[test]
fn what_cannot_be_read_says_which_file_and_where() {
    let folder = records(&[("bad.yaml", "request: {method: GET}".to_owned())]);
    let output = check(folder.path(), &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("bad.yaml: `request.path` is absent: expected a text"), "{}", err(&output));
    let broken = records(&[("broken.yaml", "request:\n  method: [GET\n".to_owned())]);
    let output = check(broken.path(), &[]);
    assert!(output.status.code() == Some(2) && err(&output).contains("broken.yaml"), "{}", err(&output));
    let output = check(records(&[]).path(), &[]);
    assert!(output.status.code() == Some(2) && err(&output).contains("no recorded exchanges"), "{}", err(&output));
    let output = check(folder.path(), &["--provider", "nobody"]);
    assert!(output.status.code() == Some(2) && err(&output).contains("no provider `nobody`"), "{}", err(&output));
}
