//! Targets that are down, hide behind a page, have a prefix, or know only some scopes: an outage is never drift.

use serde_json::Value;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};
use vigie_harness::providers::provider;
use vigie_harness::runner::Plan;
use vigie_sandbox::{Options, Running};

const STUDENT: &str = "api_particulier_v3_mesri_statut_etudiant_with_ine";
const BODY: &str = r#"{"data": {"identite": {"nom_naissance": "SECRETNAME", "prenom": "Nolwenn", "date_naissance": "2004-02-12"}, "admissions": []}, "links": {}, "meta": {}}"#;

fn corpus() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::create_dir(folder.path().join(STUDENT)).expect("it is made");
    let case = format!("params: {{ine: 1234567890G}}\nstatus: 200\npayload: '{BODY}'\n");
    std::fs::write(folder.path().join(STUDENT).join("case.yml"), case).expect("it is written");
    folder
}

fn http(status: &str, media_type: &str, body: &str) -> String {
    support::host::http(status, [("Content-Type", media_type)], body)
}

fn check(folder: &Path, target: &str, token: Option<&str>, more: &[&str]) -> (Option<i32>, Value, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    command.args(["check", "--corpus", ".", "--format", "json", "--target", target]).args(more).current_dir(folder);
    command.env_remove("VIGIE_API_PARTICULIER_TOKEN");
    if let Some(token) = token {
        command.env("VIGIE_API_PARTICULIER_TOKEN", token);
    }
    let output = command.output().expect("vigie runs");
    let report = serde_json::from_slice(&output.stdout).unwrap_or_default();
    (output.status.code(), report, String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn an_outage_is_never_drift() {
    let folder = corpus();
    let page = "<html>Maintenance</html>";
    let json = r#"{"errors": []}"#;
    let cut = http("200 OK", "application/json", BODY).replace(&format!("{}", BODY.len()), "9999");
    for (name, answer) in [
        ("a page", http("200 OK", "text/html", page)),
        ("a page with 502", http("502 Bad Gateway", "text/html", page)),
        ("a page with 403", http("403 Forbidden", "text/html; charset=utf-8", page)),
        ("an empty 500", http("500 Internal Server Error", "text/plain", "")),
        ("a JSON 500", http("500 Internal Server Error", "application/json", json)),
        ("a documented 502", http("502 Bad Gateway", "application/json", json)),
        ("a 429", http("429 Too Many Requests", "application/json", json)),
        ("a redirect", http("302 Found", "text/plain", "").replace("Connection", "Location: /x\r\nConnection")),
        (
            "a token that is not taken",
            http("401 Unauthorized", "application/json", r#"{"errors": [{"code": "00103"}]}"#),
        ),
        ("an empty 200", http("200 OK", "application/json", "")),
        ("a cut body", cut),
        ("no HTTP at all", "hello\r\n\r\n".to_owned()),
    ] {
        // The probe must get through, whatever comes after it.
        let target = support::host::start(move |first| {
            if first.starts_with("HEAD") { http("204 No Content", "text/plain", "") } else { answer.clone() }
        });
        let (code, report, error) = check(folder.path(), &target, Some("token"), &[]);
        assert_eq!((code, &report["conclusion"]), (Some(3), &Value::from("inconclusive")), "{name}: {report} {error}");
        let class = report["cases"][0]["findings"][0]["class"].as_str().unwrap_or_default();
        assert_eq!(class, if name.contains("token") { "setup" } else { "outage" }, "{name}: {report}");
    }
}

#[test]
fn a_token_that_a_query_is_refused_for_is_no_drift() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::create_dir(folder.path().join("me")).expect("it is made");
    std::fs::write(folder.path().join("me/case.yml"), "status: 200\n").expect("it is written");
    let refusal = r#"{"errors": [{"message": "Invalid token", "extensions": {"code": "AUTHENTICATION_ERROR"}}], "data": {"me": null}}"#;
    let target = support::host::start(move |_| http("200 OK", "application/json", refusal));
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    command.args(["check", "--provider", "mobilic", "--corpus", ".", "--case", "*", "--operation", "me"]);
    let output = command.args(["--target", &target]).current_dir(folder.path()).env("VIGIE_MOBILIC_TOKEN", "t0ken");
    let output = output.output().expect("vigie runs");
    let text = String::from_utf8_lossy(&[&output.stdout[..], &output.stderr].concat()).into_owned();
    assert_eq!(output.status.code(), Some(3), "{text}");
    assert!(
        text.contains("token-refused") && text.contains("AUTHENTICATION_ERROR") && !text.contains("t0ken"),
        "{text}"
    );
}

#[test]
fn a_real_host_needs_a_token_and_its_values_are_never_written() {
    let folder = corpus();
    let target = support::host::start(|_| http("200 OK", "application/json", &BODY.replace("SECRETNAME", "OTHERNAME")));
    let (code, _, error) = check(folder.path(), &target, None, &[]);
    assert_eq!(code, Some(2));
    assert!(error.contains("VIGIE_API_PARTICULIER_TOKEN"), "{error}");
    let (code, _, error) = check(folder.path(), &target, Some("to\nken"), &[]);
    assert_eq!(code, Some(2));
    assert!(error.contains("VIGIE_API_PARTICULIER_TOKEN") && !error.contains("ken\n"), "{error}");

    let snapshots = folder.path().join("snaps");
    std::fs::create_dir(&snapshots).expect("it is made");
    let (code, report, _) = check(folder.path(), &target, Some("s3cret-token"), &["--snapshots", "snaps"]);
    assert_eq!(code, Some(0), "{report}");
    assert_eq!(std::fs::read_dir(&snapshots).expect("it reads").count(), 0);
    assert!(!report.to_string().contains("OTHERNAME") && !report.to_string().contains("s3cret"), "{report}");
}

#[test]
fn a_schema_that_is_answered_429_ends_the_run() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&seen);
    let target = support::host::start(move |first| {
        log.lock().expect("no panic").push(first.to_owned());
        http(
            if first.starts_with("HEAD") { "204 No Content" } else { "429 Too Many Requests" },
            "application/json",
            "{}",
        )
    });
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    command.args(["check", "--provider", "mobilic", "--target", &target]).current_dir(folder.path());
    let output = command.env("VIGIE_MOBILIC_TOKEN", "s3cret-token").output().expect("vigie runs");
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(*seen.lock().expect("no panic"), ["HEAD / HTTP/1.1", "POST /graphql HTTP/1.1"]);
}

#[test]
fn damaged_snapshots_stop_the_run_and_hide_nothing() {
    let folder = corpus();
    let snapshots = folder.path().join(format!("snaps/api-particulier/{STUDENT}"));
    std::fs::create_dir_all(&snapshots).expect("it is made");
    for damaged in ["garbage", "---\nsource: x\n---\nstatus: 200\nmedia-type: a/b\nbodi:\n{}\n", ""] {
        std::fs::write(snapshots.join("case.snap"), damaged).expect("it is written");
        let (code, _, error) = check(folder.path(), "sandbox", None, &["--snapshots", "snaps"]);
        assert_eq!(code, Some(2), "{damaged:?}");
        assert!(error.contains("case.snap") && error.contains("not a snapshot"), "{error}");
    }
}

async fn served(folder: &Path) -> Running {
    let plan = Plan::new(provider("api-particulier").expect("ours"), Some(folder)).expect("the cases are good");
    let sandbox = plan.provider.sandbox(&plan.contracts, &plan.corpus, &Options::default()).expect("it is made");
    sandbox.start(([127, 0, 0, 1], 0).into()).await.expect("a free port")
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_a_real_tokens_scopes_do_not_open_are_masked() {
    let folder = corpus();
    let running = served(folder.path()).await;
    let (code, report, error) = check(folder.path(), &running.base_url(), Some("sandbox-scopes:mesri_admissions"), &[]);
    assert_eq!(code, Some(0), "{report} {error}");
    let findings = report["cases"][0]["findings"].as_array().cloned().unwrap_or_default();
    let masked: Vec<&str> =
        findings.iter().filter(|f| f["class"] == "masked").filter_map(|f| f["pointer"].as_str()).collect();
    assert_eq!(masked, ["/data/identite"], "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_path_before_the_apis_own_is_the_targets_matter() {
    let folder = corpus();
    let running = served(folder.path()).await;
    let address = running.address();
    // A proxy that strips `/prefix`.
    let proxy = support::host::start(move |first| {
        let mut upstream = std::net::TcpStream::connect(address).expect("the sandbox listens");
        let line = first.replacen(" /prefix ", " / ", 1).replacen("/prefix/", "/", 1).replace("HTTP/1.1", "HTTP/1.0");
        write!(upstream, "{line}\r\nAuthorization: Bearer sandbox-token\r\n\r\n").expect("it is sent");
        let mut answer = String::new();
        std::io::Read::read_to_string(&mut upstream, &mut answer).expect("it is read");
        answer.replacen("HTTP/1.0", "HTTP/1.1", 1).replacen("\r\n", "\r\nConnection: close\r\n", 1)
    });
    let (code, report, error) = check(folder.path(), &format!("{proxy}/prefix"), None, &[]);
    assert_eq!(code, Some(0), "{report} {error}");
    assert_eq!(report["cases"][0]["verdict"], "conforms");
}

#[test]
fn a_stored_answer_that_another_one_hides_is_judged_all_the_same() {
    let folder = corpus();
    let bad = std::fs::read_to_string(folder.path().join(STUDENT).join("case.yml")).expect("it reads");
    let bad = bad.replace("2004-02-12", "2004-02-30");
    std::fs::write(folder.path().join(STUDENT).join("later.yml"), bad).expect("it is written");
    let (code, report, _) = check(folder.path(), "sandbox", None, &[]);
    assert_eq!(code, Some(1));
    let rules: Vec<&str> =
        report["cases"][1]["findings"].as_array().into_iter().flatten().filter_map(|f| f["rule"].as_str()).collect();
    assert_eq!(rules, ["body-invalid", "case-shadowed"]);
}
