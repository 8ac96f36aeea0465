//! Second looks: what fails once and holds is no drift, what lasts is, and what cannot last is not asked for ever.

use serde_json::Value;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use support::staged;
use vigie_drift::finding::Conclusion;
use vigie_harness::runner::{Event, Events, Plan, Target};
use vigie_sandbox::SERVER;

const STUDENT: &str = "api_particulier_v3_mesri_statut_etudiant_with_ine";
const V2_STUDENT: &str = "api_particulier_v2_mesri_student_status";
const GOOD: &str = r#"{"data": {"identite": {"nom_naissance": "LE GOFF", "prenom": "Nolwenn", "date_naissance": "2004-02-12"}, "admissions": []}, "links": {}, "meta": {}}"#;
const UNKNOWN: &str = r#"{"errors": [{"code": "25003", "title": "t", "detail": "d", "source": null, "meta": {}}]}"#;
const FOREIGN: &str = r#"{"detail": "Not Found"}"#;

fn json(status: &str, body: &str) -> String {
    support::host::http(status, [("Content-Type", "application/json")], body)
}

fn good() -> String {
    json("200 OK", GOOD)
}

/// A day that no year has.
fn drifted() -> String {
    json("200 OK", &GOOD.replace("2004-02-12", "2004-02-30"))
}

fn failed() -> String {
    json("500 Internal Server Error", "{}")
}

/// The requests that came for cases.
type Log = Arc<Mutex<Vec<String>>>;

/// A target that answers the cases' requests: `answer` is told how many came before, and the first line. It does not tell
/// a token's scopes.
fn target(answer: impl Fn(usize, &str) -> String + Send + 'static) -> (String, Log) {
    let log = Log::default();
    let seen = Arc::clone(&log);
    let url = support::host::start(move |first| {
        if first.starts_with("HEAD") {
            return support::host::http("204 No Content", [], "");
        }
        if first.contains("/api/introspect") {
            return json("404 Not Found", "{}");
        }
        let count = {
            let mut seen = seen.lock().expect("no panic");
            seen.push(first.to_owned());
            seen.len() - 1
        };
        answer(count, first)
    });
    (url, log)
}

/// A folder with so many cases of the student operation.
fn corpus(cases: usize) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let operation = folder.path().join("cases").join(STUDENT);
    std::fs::create_dir_all(&operation).expect("it is made");
    for number in 0..cases {
        let case = format!("params: {{ine: 12345678{number:02}G}}\nstatus: 200\npayload: '{GOOD}'\n");
        std::fs::write(operation.join(format!("case-{number:02}.yml")), case).expect("it is written");
    }
    folder
}

fn vigie(folder: &Path, more: &[&str], token: Option<&str>) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    command.args(["check", "--corpus", "cases"]).args(more).current_dir(folder);
    command.env_remove("VIGIE_API_PARTICULIER_TOKEN");
    command.envs(token.map(|token| ("VIGIE_API_PARTICULIER_TOKEN", token)));
    let output = command.output().expect("vigie runs");
    let [out, err] = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    (output.status.code(), out, err)
}

/// Checks a target with a token that is good.
fn check(folder: &Path, target: &str) -> (Option<i32>, Value) {
    let (code, out, err) = vigie(folder, &["--format", "json", "--target", target], Some("token"));
    (code, serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}{err}")))
}

fn rules(report: &Value) -> Vec<&str> {
    let cases = report["cases"].as_array().into_iter().flatten();
    cases
        .flat_map(|case| case["findings"].as_array().into_iter().flatten())
        .filter_map(|f| f["rule"].as_str())
        .collect()
}

/// One case at a target that answers in turn; the last answer stays.
fn script(answers: Vec<String>) -> (Option<i32>, Value, usize) {
    let folder = corpus(1);
    let (url, log) = target(move |count, _| answers[count.min(answers.len() - 1)].clone());
    let (code, report) = check(folder.path(), &url);
    let requests = log.lock().expect("no panic").len();
    (code, report, requests)
}

#[test]
fn a_failure_that_does_not_come_again_is_told_and_is_no_drift() {
    // A 5xx is sent again at once, twice, before it counts as one look.
    for (answers, rule) in
        [(vec![drifted(), good()], "body-invalid"), (vec![failed(), failed(), failed(), good()], "server-error")]
    {
        let (code, report, _) = script(answers);
        assert_eq!((code, &report["conclusion"]), (Some(0), &Value::from("conformant")), "{report}");
        assert_eq!(report["cases"][0]["verdict"], "conforms", "{report}");
        assert_eq!(report["held"][0]["rules"], serde_json::json!([rule]), "{report}");
        assert_eq!(report["held"][0]["operation"], STUDENT);
        assert_eq!(report["held"].as_array().map(Vec::len), Some(1));
    }
    let folder = corpus(3);
    let (url, _) = target(|count, _| if count < 3 { drifted() } else { good() });
    let (code, out, err) = vigie(folder.path(), &["--target", &url], Some("token"));
    assert_eq!(code, Some(0), "{out}{err}");
    assert!(
        out.contains("3 of 3 cases conform") && out.contains("3 cases failed once and passed when retried"),
        "{out}"
    );
}

#[test]
fn what_fails_every_time_is_drift_after_as_many_looks_as_it_takes() {
    let (code, report, requests) = script(vec![drifted()]);
    assert_eq!((code, requests), (Some(1), 5), "{report}");
    assert!(rules(&report).contains(&"body-invalid"), "{report}");
    assert_eq!((&report["held"], &report["unconfirmed"]), (&serde_json::json!([]), &serde_json::json!([])));
}

#[test]
fn one_case_that_lasts_costs_no_other_case_a_second_look() {
    let folder = corpus(3);
    let (url, log) = target(|_, first| if first.contains("1234567801G") { drifted() } else { good() });
    let (code, report) = check(folder.path(), &url);
    assert_eq!(code, Some(1), "{report}");
    let log = log.lock().expect("no panic");
    let of_others = log.iter().filter(|line| !line.contains("1234567801G")).count();
    assert_eq!((log.len(), of_others), (7, 2), "{log:?}");
}

#[test]
fn a_target_that_holds_every_other_time_is_no_drift() {
    let (code, report, requests) = script(vec![drifted(), failed(), drifted(), good(), drifted()]);
    assert_eq!(code, Some(0), "{report}");
    assert!(requests >= 2, "{report}");
}

#[test]
fn failures_of_other_kinds_do_not_hide_a_drift_and_are_not_told_with_it() {
    let answers = vec![json("404 Not Found", UNKNOWN), drifted(), drifted(), json("418 I", UNKNOWN), drifted()];
    let (code, report, _) = script(answers);
    assert_eq!(code, Some(1), "{report}");
    assert!(rules(&report).contains(&"body-invalid"), "{report}");
    assert!(!rules(&report).iter().any(|rule| rule.starts_with("status-")), "{report}");
    assert_eq!(report["cases"][0]["status"], 200);
}

#[test]
fn what_is_never_seen_twice_is_no_drift() {
    let answers = ["402 X", "405 X", "406 X", "407 X", "408 X"].map(|status| json(status, UNKNOWN)).to_vec();
    let (code, report, _) = script(answers);
    assert_eq!((code, rules(&report)), (Some(3), vec!["answer-unsteady"]), "{report}");
    assert_eq!(report["unconfirmed"][0]["rules"], serde_json::json!(["status-differs", "status-undocumented"]));
}

#[test]
fn an_outage_that_lasts_stays_one() {
    let (code, report, _) = script(vec![failed()]);
    assert_eq!((code, rules(&report)), (Some(3), vec!["server-error"]), "{report}");
}

#[test]
fn a_token_that_is_refused_is_not_sent_for_ever() {
    let refusal = r#"{"errors": [{"code": "00103", "title": "t", "detail": "d"}]}"#;
    let (code, report, requests) = script(vec![json("401 Unauthorized", refusal)]);
    assert_eq!((code, rules(&report), requests), (Some(3), vec!["token-expired"], 2), "{report}");
}

#[test]
fn the_same_request_under_way_elsewhere_is_no_drift() {
    let busy = UNKNOWN.replace("25003", "00015");
    let (code, report, _) = script(vec![json("409 Conflict", &busy)]);
    assert_eq!((code, rules(&report)), (Some(3), vec!["rate-limited"]), "{report}");
    let (code, report, _) = script(vec![json("409 Conflict", &busy), good()]);
    assert_eq!(code, Some(0), "{report}");
}

/// A folder with a case of each of two operations.
fn two_operations() -> tempfile::TempDir {
    let folder = corpus(2);
    let operation = folder.path().join("cases").join(V2_STUDENT);
    std::fs::create_dir_all(&operation).expect("it is made");
    std::fs::write(operation.join("none.yml"), "params: {ine: 1234567890H}\nstatus: 404\n").expect("it is written");
    folder
}

#[test]
fn another_api_is_no_drift() {
    for folder in [corpus(1), two_operations()] {
        let (url, log) = target(|_, _| json("404 Not Found", FOREIGN));
        let (code, report) = check(folder.path(), &url);
        assert_eq!(code, Some(3), "{report}");
        assert!(rules(&report).iter().all(|rule| *rule == "wrong-host"), "{report}");
        assert_eq!(report["causes"].as_array().map(Vec::len), Some(1), "{report}");
        let requests = log.lock().expect("no panic").len();
        assert!(requests <= 10, "{requests} requests");
    }
}

#[test]
fn an_answer_that_is_known_makes_foreign_ones_drift() {
    // One case of three is answered as promised.
    let known = |_: usize, first: &str| {
        if first.contains("1234567801G") { good() } else { json("404 Not Found", FOREIGN) }
    };
    let (url, _) = target(known);
    let (code, report) = check(two_operations().path(), &url);
    assert_eq!(code, Some(1), "{report}");
    assert!(!rules(&report).contains(&"wrong-host"), "{report}");
    // One operation alone has moved: what everybody may ask is still answered.
    let (url, _) =
        target(
            |_, first| {
                if first.contains("/api/ping") { json("200 OK", "\"pong\"") } else { json("404 Not Found", FOREIGN) }
            },
        );
    let (code, report) = check(corpus(1).path(), &url);
    assert_eq!(code, Some(1), "{report}");
    assert!(rules(&report).contains(&"status-differs"), "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_that_goes_down_is_left_alone() {
    let folder = corpus(60);
    // Five answers, then connections wait for ever.
    let (url, log) = target(|count, _| {
        if count < 5 {
            return good();
        }
        loop {
            std::thread::park();
        }
    });
    let provider = staged::within(url.clone(), Duration::from_millis(300));
    let mut plan = Plan::new(provider, Some(&folder.path().join("cases"))).expect("the cases are good");
    (plan.target, plan.jobs) = (Target::Url(url), 4);
    let report = plan.start(|_| true).await.expect("it answers").run().await.expect("it runs");
    assert_eq!(report.conclusion(), Conclusion::Inconclusive);
    assert_eq!(report.cases.len(), 60);
    let silent = report.cases.iter().filter(|case| !case.findings.is_empty()).count();
    assert_eq!((silent, report.causes.len()), (55, 1), "{:?}", report.causes);
    assert_eq!(report.causes[0].rule.id, "answer-timeout");
    assert!(report.notes.iter().any(|note| note.contains("nothing more was sent")), "{:?}", report.notes);
    assert!(log.lock().expect("no panic").len() <= 6, "the host takes one connection at a time");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_reports_its_cases_its_retries_and_what_it_waits_for() {
    let folder = corpus(2);
    // With the first answer the quota is spent; the second case fails once.
    let (url, _) = target(|count, _| match count {
        0 => {
            let quota = [("Content-Type", "application/json"), ("RateLimit-Remaining", "0"), ("RateLimit-Reset", "2")];
            support::host::http("200 OK", quota, GOOD)
        }
        1 => drifted(),
        _ => good(),
    });
    let provider = staged::within(url.clone(), Duration::from_secs(10));
    let mut plan = Plan::new(provider, Some(&folder.path().join("cases"))).expect("the cases are good");
    let host = url.trim_start_matches("http://").to_owned();
    (plan.target, plan.jobs) = (Target::Url(url), 1);
    let events: Arc<Mutex<Vec<String>>> = Arc::default();
    let log = Arc::clone(&events);
    plan.events = Events::to(move |event| {
        let told = match event {
            Event::CaseDone { operation, case } => format!("done: {operation}/{case}"),
            Event::Retry { operation, case, attempt } => format!("attempt {attempt}: {operation}/{case}"),
            Event::WaitingForRateLimit { host, time } => {
                assert!((1..=2).contains(&time.as_millis().div_ceil(1000)), "{time:?}");
                format!("waiting for {host}")
            }
        };
        log.lock().expect("no panic").push(told);
    });
    let report = plan.start(|_| true).await.expect("it answers").run().await.expect("it runs");
    assert_eq!(report.conclusion(), Conclusion::Conformant);
    let expected = [
        format!("done: {STUDENT}/case-00"),
        format!("waiting for {host}"),
        format!("attempt 2: {STUDENT}/case-01"),
        format!("done: {STUDENT}/case-01"),
    ];
    assert_eq!(*events.lock().expect("no panic"), expected);
}

/// A target that is taken for a vigie sandbox, so that snapshots of it may be proposed.
fn double(answer: impl Fn(usize) -> String + Send + 'static) -> String {
    let count = Mutex::new(0);
    support::host::start(move |first| {
        if first.starts_with("HEAD") {
            return support::host::http("204 No Content", [("Server", SERVER)], "");
        }
        let mut count = count.lock().expect("no panic");
        *count += 1;
        answer(*count - 1)
    })
}

fn proposals(folder: &Path) -> Vec<String> {
    let operation = folder.join("snaps/api-particulier").join(STUDENT);
    let entries = std::fs::read_dir(operation).expect("there are snapshots");
    let names = entries.map(|entry| entry.expect("it reads").file_name().to_string_lossy().into_owned());
    names.filter(|name| Path::new(name).extension().is_some_and(|ending| ending == "new")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shard_of_one_case_looks_as_often_as_the_whole_run() {
    let requests = Arc::new(Mutex::new(0));
    let counted = Arc::clone(&requests);
    let url = double(move |_| {
        *counted.lock().expect("no panic") += 1;
        drifted()
    });
    let provider = vigie_harness::providers::provider("api-particulier").expect("ours");
    let mut plan = Plan::of_topic(provider, STUDENT).expect("our own");
    plan.target = Target::Url(url);
    let session = plan.start(|scenario| scenario.name == "200-inscrit").await.expect("it answers");
    assert_eq!(session.len(), 1);
    let report = session.run().await.expect("it runs");
    assert_eq!(report.conclusion(), Conclusion::Drift);
    // Seven looks; in each of them the second request asks for the stored answer by its name.
    assert_eq!(*requests.lock().expect("no panic"), 14);
}

#[test]
fn a_fluke_hides_no_stored_answer() {
    let folder = corpus(1);
    let check = |answer: fn(usize) -> String| {
        let url = double(answer);
        let (code, out, err) = vigie(folder.path(), &["--format", "json", "--target", &url], None);
        let report: Value = serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}{err}"));
        (code, report)
    };
    // Asked for by its name the double has it, and without the name too, once the failure is over.
    let (code, report) = check(|count| if count == 0 { drifted() } else { good() });
    assert_eq!((code, rules(&report)), (Some(0), vec![]), "{report}");
    assert_eq!(report["held"][0]["rules"], serde_json::json!(["body-invalid"]), "{report}");
    // Nothing but the name gets it.
    let (code, report) = check(|count| if count == 1 { good() } else { json("404 Not Found", UNKNOWN) });
    assert_eq!((code, rules(&report)), (Some(0), vec!["case-shadowed"]), "{report}");
}

#[test]
fn only_what_counts_in_the_end_is_proposed() {
    let folder = corpus(1);
    std::fs::create_dir(folder.path().join("snaps")).expect("it is made");
    let snapshots = ["--snapshots", "snaps", "--format", "json"];
    let url = double(|_| good());
    assert_eq!(vigie(folder.path(), &[&snapshots[..], &["--target", &url]].concat(), None).0, Some(0));
    let snapshot = folder.path().join("snaps/api-particulier").join(STUDENT).join("case-00.snap");
    std::fs::rename(snapshot.with_extension("snap.new"), &snapshot).expect("it was proposed");
    // A name in another form: the contract takes it, and the accepted answer does not. A double is asked twice in each look,
    // the second time for the stored answer by its name.
    let other = || json("200 OK", &GOOD.replace("LE GOFF", "Le Goff"));
    let url = double(move |count| if count < 2 { other() } else { good() });
    let (code, out, err) = vigie(folder.path(), &[&snapshots[..], &["--target", &url]].concat(), None);
    assert_eq!(code, Some(0), "{out}{err}");
    assert!(out.contains("value-form-changed") && out.contains("\"held\""), "{out}");
    assert_eq!(proposals(folder.path()), [""; 0]);
    let url = double(move |_| other());
    let (code, out, err) = vigie(folder.path(), &[&snapshots[..], &["--target", &url]].concat(), None);
    assert_eq!(code, Some(1), "{out}{err}");
    assert_eq!(proposals(folder.path()), ["case-00.snap.new"]);
    let report: Value = serde_json::from_str(&out).expect("a report");
    assert!(report["cases"][0]["pending"].as_str().is_some_and(|file| file.ends_with("case-00.snap.new")), "{report}");
}
