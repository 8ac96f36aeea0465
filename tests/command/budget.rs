//! Runs that end before their end: what they saw is told whole, and what they did not see proves nothing.
#![cfg(unix)]

use serde_json::Value;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};

const STUDENT: &str = "api_particulier_v3_mesri_statut_etudiant_with_ine";
const GOOD: &str = r#"{"data": {"identite": {"nom_naissance": "LE GOFF", "prenom": "Nolwenn", "date_naissance": "2004-02-12"}, "admissions": []}, "links": {}, "meta": {}}"#;

fn json(body: &str) -> String {
    support::host::http("200 OK", [("Content-Type", "application/json")], body)
}

/// A target that answers so many requests of cases with this body, and then no more; it tells when it falls silent.
fn target(answers: usize, body: String) -> (String, Receiver<()>) {
    let (silent, told): (Sender<()>, _) = channel();
    let left = std::sync::atomic::AtomicUsize::new(answers);
    let url = support::host::start(move |first| {
        if first.starts_with("HEAD") {
            return support::host::http("204 No Content", [], "");
        }
        if first.contains("/api/introspect") {
            return support::host::http("404 Not Found", [("Content-Type", "application/json")], "{}");
        }
        if left.load(std::sync::atomic::Ordering::Relaxed) > 0 {
            left.fetch_sub(1, std::sync::atomic::Ordering::Relaxed);
            return json(&body);
        }
        silent.send(()).ok();
        loop {
            std::thread::park();
        }
    });
    (url, told)
}

/// Starts a check of so many cases, one after the other.
fn start(cases: usize, target: &str, more: &[&str]) -> (Child, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let operation = folder.path().join("cases").join(STUDENT);
    std::fs::create_dir_all(&operation).expect("it is made");
    for number in 0..cases {
        let case = format!("params: {{ine: 12345678{number:02}G}}\nstatus: 200\npayload: '{GOOD}'\n");
        std::fs::write(operation.join(format!("case-{number:02}.yml")), case).expect("it is written");
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    command.args(["check", "--corpus", "cases", "--format", "json", "--jobs", "1", "--target", target]).args(more);
    command.current_dir(&folder).env("VIGIE_API_PARTICULIER_TOKEN", "token").stdout(Stdio::piped());
    (command.spawn().expect("vigie runs"), folder)
}

/// The exit status and the report, which is whole.
fn end(child: Child) -> (Option<i32>, Value) {
    let output = child.wait_with_output().expect("it ends");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    (output.status.code(), serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}")))
}

fn interrupt(child: &Child, signal: &str) {
    let sent = Command::new("kill").args([signal, &child.id().to_string()]).status().expect("kill runs");
    assert!(sent.success());
}

/// The one cause of a report: its rule, and how many cases it has.
fn cause(report: &Value) -> (Value, usize, Value) {
    assert_eq!(report["causes"].as_array().map(Vec::len), Some(1), "{report}");
    let cause = &report["causes"][0];
    (cause["rule"].clone(), cause["places"].as_array().map_or(0, Vec::len), cause["after"].clone())
}

#[test]
fn a_budget_that_is_spent_ends_the_run_with_a_whole_report() {
    let (url, _told) = target(2, GOOD.to_owned());
    let (child, _folder) = start(6, &url, &["--budget", "1s"]);
    let (code, report) = end(child);
    assert_eq!((code, &report["conclusion"]), (Some(3), &Value::from("inconclusive")), "{report}");
    assert_eq!(cause(&report), ("case-not-reached".into(), 4, "the budget of 1s is spent".into()));
    assert_eq!(report["summary"]["verdicts"], serde_json::json!({"setup": 4, "conforms": 2}));
}

#[test]
fn who_breaks_off_gets_a_whole_report() {
    for signal in ["-INT", "-TERM"] {
        let (url, told) = target(2, GOOD.to_owned());
        let (child, _folder) = start(6, &url, &[]);
        told.recv().expect("it comes to the third case");
        interrupt(&child, signal);
        let (code, report) = end(child);
        assert_eq!(code, Some(3), "{report}");
        assert_eq!(cause(&report), ("case-not-reached".into(), 4, "the run was broken off".into()));
    }
}

#[test]
fn a_failure_that_nobody_could_look_at_again_is_no_drift_and_one_that_was_seen_twice_is() {
    let drifted = GOOD.replace("2004-02-12", "2004-02-30");
    for (looks, expected) in [(1, 3), (2, 1)] {
        let (url, told) = target(looks, drifted.clone());
        let (child, _folder) = start(1, &url, &[]);
        told.recv().expect("it is looked at again");
        interrupt(&child, "-INT");
        let (code, report) = end(child);
        assert_eq!(code, Some(expected), "{report}");
        let unconfirmed = report["unconfirmed"].as_array().map(Vec::len);
        assert_eq!(unconfirmed, Some(usize::from(expected == 3)), "{report}");
    }
}

#[test]
fn a_budget_is_a_time() {
    for (budget, reason) in [("0s", "greater than zero"), ("10", "10m"), ("soon", "10m")] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
        let output = command.args(["check", "--budget", budget]).output().expect("vigie runs");
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(2) && told.contains("--budget") && told.contains(reason), "{told}");
    }
}
