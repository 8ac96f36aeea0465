//! Politeness, seen from the other side: a host that counts what comes, and says what it has had enough of.
//!
//! Requests leave at nine tenths of the allowed pace, so that a window of a second at the host may be a tenth off and still holds
//! no more than is allowed. No test asserts how long anything takes, only what came, in which order, and how far apart at least.

use serde_json::Value;
use std::fmt::Write as _;
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use support::wire::{Log, Seen, say};
use vigie_harness::pace::{Pace, Rate, Repeat};
use vigie_harness::transport::{Outage, Transport};

const STUDENT: &str = "api_particulier_v3_mesri_statut_etudiant_with_ine";
const BODY: &str = r#"{"data": {"identite": {"nom_naissance": "KERMORVAN", "prenom": "Enora", "date_naissance": "2004-02-12"}, "admissions": []}, "links": {}, "meta": {}}"#;
const JSON: (&str, &str) = ("Content-Type", "application/json");
const SAFE: Repeat = Repeat { is_safe: true, expected: 200..=200 };
const WRITE: Repeat = Repeat { is_safe: false, expected: 200..=200 };

/// A folder of so many cases, each about another person.
fn corpus(cases: usize) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::create_dir(folder.path().join(STUDENT)).expect("it is made");
    for number in 0..cases {
        let case = format!("params: {{ine: {number:010}G}}\nstatus: 200\npayload: '{BODY}'\n");
        std::fs::write(folder.path().join(STUDENT).join(format!("case-{number:02}.yml")), case).expect("it is written");
    }
    folder
}

fn check(folder: &Path, target: &str, token: &str, pace: Option<&Path>) -> Child {
    let mut command = command(folder, target, token);
    if let Some(pace) = pace {
        command.env("VIGIE_PACE_DIR", pace);
    }
    command.spawn().expect("vigie runs")
}

fn command(folder: &Path, target: &str, token: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    command.args(["check", "--corpus", ".", "--case", "*", "--format", "json", "--target", target]).current_dir(folder);
    command.env("VIGIE_API_PARTICULIER_TOKEN", token).env_remove("VIGIE_PACE_DIR").env_remove("VIGIE_SHARDS");
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// The report of a check that ends with this status.
fn report(child: Child, code: i32) -> Value {
    let output = child.wait_with_output().expect("it ends");
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{error} {}", String::from_utf8_lossy(&output.stdout));
    serde_json::from_slice(&output.stdout).expect("a report")
}

/// How many requests are in the fullest second.
fn fullest(seen: &[Seen]) -> usize {
    let second = Duration::from_secs(1);
    let within = |one: &Seen| seen.iter().filter(|other| other.at >= one.at && other.at - one.at < second).count();
    seen.iter().map(within).max().unwrap_or_default()
}

/// Scopes that open the whole answer.
const SCOPES: &str = r#"{"scopes": ["mesri_identite", "mesri_admissions"]}"#;

/// A refusal in the form of the contract: anything else would be another API's.
const REFUSED: &[u8] = br#"{"errors": [{"code": "02003", "title": "None", "detail": "Nobody is found.", "meta": {}}]}"#;

/// What a host answers that is well: to who asks for the scopes of the token, and to everybody else.
fn body(first: &str) -> &'static [u8] {
    if asks_for_scopes(first) { SCOPES.as_bytes() } else { BODY.as_bytes() }
}

fn asks_for_scopes(first: &str) -> bool {
    first.contains("/api/introspect")
}

fn good(first: &str, stream: &mut TcpStream) -> std::io::Result<()> {
    say(stream, "200 OK", &[JSON], body(first))
}

#[test]
fn a_run_of_sixty_cases_sends_no_more_than_twenty_in_any_second() {
    let (folder, (target, log)) = (corpus(60), support::wire::start(|_, first, stream| good(first, stream)));
    let start = Instant::now();
    let report = report(check(folder.path(), &target, "token", None), 0);
    assert_eq!(report["conclusion"], "conformant");
    let seen = log.seen();
    // Each case once, since it conforms; the question whether anybody is there, and which scopes the token has.
    assert_eq!(seen.len(), 62, "{seen:?}");
    println!("62 requests in {:?}, {} in the fullest second", start.elapsed(), fullest(&seen));
    assert!((10..=20).contains(&fullest(&seen)), "{:?}", fullest(&seen));
}

#[test]
fn two_processes_with_one_folder_keep_one_pace() {
    let (folder, (target, log)) = (corpus(30), support::wire::start(|_, first, stream| good(first, stream)));
    let pace = folder.path().join("pace");
    let both = [0, 1].map(|_| check(folder.path(), &target, "token", Some(&pace)));
    for child in both {
        report(child, 0);
    }
    println!("two processes: {} requests, {} in the fullest second", log.seen().len(), fullest(&log.seen()));
    assert!(fullest(&log.seen()) <= 20, "{:?}", fullest(&log.seen()));
    // Each asks whether anybody is there, and all its cases; who comes later knows the scopes from the other one.
    assert!((63..=64).contains(&log.seen().len()), "{}", log.seen().len());
    let mut written = String::new();
    for file in std::fs::read_dir(&pace).expect("the folder is made") {
        let _ = write!(written, "{}", std::fs::read_to_string(file.expect("a file").path()).expect("it is text"));
    }
    assert!(written.contains("next") && !written.contains("token\""), "{written}");
}

#[test]
fn a_429_ends_the_run_of_this_process_and_of_those_after_it() {
    let (target, log) = support::wire::start(|number, first, stream| match number {
        0..3 => good(first, stream),
        _ => say(stream, "429 Too Many Requests", &[JSON, ("Retry-After", "42")], b"{}"),
    });
    let folder = corpus(40);
    let pace = folder.path().join("pace");
    let first = report(check(folder.path(), &target, "token", Some(&pace)), 3);
    let rules: Vec<&str> = findings(&first).filter_map(|finding| finding["rule"].as_str()).collect();
    assert!(rules.len() >= 30 && rules.iter().all(|rule| *rule == "rate-limited"), "{rules:?}");
    assert!(first["notes"].to_string().contains("42 s"), "{}", first["notes"]);
    // What was under way when the 429 came had left already.
    let sent = log.seen().len();
    assert!(sent <= 20, "{sent}");
    let second = report(check(folder.path(), &target, "token", Some(&pace)), 3);
    assert!(findings(&second).all(|finding| finding["rule"] == "rate-limited"), "{second}");
    assert_eq!(log.seen().len(), sent, "the second process sent something");
}

fn findings(report: &Value) -> impl Iterator<Item = &Value> {
    let cases = report["cases"].as_array().into_iter().flatten();
    cases.filter_map(|case| case["findings"].as_array()).flatten()
}

#[test]
fn nothing_is_sent_before_a_spent_quota_is_renewed() {
    // The scopes, two cases, and then none is left for three seconds.
    let (target, log) = support::wire::start(|number, first, stream| {
        let left = 2_usize.saturating_sub(number).to_string();
        let headers = [JSON, ("RateLimit-Limit", "20"), ("RateLimit-Remaining", &left), ("RateLimit-Reset", "3")];
        say(stream, "200 OK", if number < 3 { &headers } else { &headers[..1] }, body(first))
    });
    let folder = corpus(6);
    report(check(folder.path(), &target, "token", None), 0);
    let calls = log.calls();
    assert_eq!(calls.len(), 7);
    // The clocks of the two processes are one; what is lost is the way of the answer.
    let pause = calls[3].at - calls[0].at;
    assert!(pause > Duration::from_millis(2500), "{pause:?}");
}

#[test]
fn a_failing_host_is_asked_three_times_a_look_and_no_more_and_one_that_recovers_conforms() {
    let folder = corpus(1);
    // A run of one case looks at it five times, until one look conforms. What asks to be left alone for an hour is.
    for (status, headers, times) in [
        ("500 Internal Server Error", &[JSON][..], 5 * 3),
        ("502 Bad Gateway", &[JSON], 5 * 3),
        ("503 Service Unavailable", &[JSON, ("Retry-After", "3600")], 1),
        ("404 Not Found", &[JSON], 5),
        ("301 Moved Permanently", &[JSON], 5),
    ] {
        let headers: Vec<(&str, &str)> = headers.to_vec();
        let (target, log) = support::wire::start(move |_, first, stream| {
            if asks_for_scopes(first) { good(first, stream) } else { say(stream, status, &headers, REFUSED) }
        });
        report(check(folder.path(), &target, "token", None), if status.starts_with("404") { 1 } else { 3 });
        let calls = log.calls().into_iter().filter(|call| !asks_for_scopes(&call.first)).count();
        assert_eq!(calls, times, "{status}");
    }
    let (target, log) = support::wire::start(move |number, first, stream| match number {
        1 => Ok(()),
        2 => say(stream, "503 Service Unavailable", &[JSON, ("Retry-After", "1")], b"{}"),
        _ => good(first, stream),
    });
    report(check(folder.path(), &target, "token", None), 0);
    let calls = log.calls();
    assert_eq!(calls.len(), 4, "{calls:?}");
    let pause = calls[3].at - calls[2].until;
    assert!(pause > Duration::from_millis(900), "{pause:?}");
}

#[test]
fn a_place_that_asks_for_a_long_rest_is_left_alone_and_the_others_are_not() {
    let folder = corpus(8);
    let other = "api_particulier_v3_cnous_etudiant_boursier_with_ine";
    std::fs::create_dir(folder.path().join(other)).expect("it is made");
    let case = "params: {ine: 0000000001G}\nstatus: 404\n";
    std::fs::write(folder.path().join(other).join("nobody.yml"), case).expect("it is written");
    let (target, log) = support::wire::start(|_, first, stream| {
        if first.contains("/statut_etudiant/") {
            say(stream, "503 Service Unavailable", &[JSON, ("Retry-After", "3600")], b"{}")
        } else {
            good(first, stream)
        }
    });
    report(check(folder.path(), &target, "token", None), 1);
    let of_student = log.calls().iter().filter(|call| call.first.contains("/statut_etudiant/")).count();
    // Those that had left already when the first answer came.
    assert!((1..8).contains(&of_student), "{of_student}");
    assert!(log.calls().iter().any(|call| call.first.contains("boursier")), "{:?}", log.calls());
}

#[test]
fn machines_that_share_a_token_have_each_a_part_of_its_pace() {
    let (folder, (target, log)) = (corpus(12), support::wire::start(|_, first, stream| good(first, stream)));
    let machines = |count: &str| {
        let mut command = command(folder.path(), &target, "token");
        command.env("VIGIE_SHARDS", count);
        command.spawn().expect("vigie runs")
    };
    for child in [0, 1, 2, 3].map(|_| machines("4")) {
        report(child, 0);
    }
    let seen = log.seen();
    println!("four machines: {} requests, {} in the fullest second", seen.len(), fullest(&seen));
    assert!(seen.len() == 4 * 14 && fullest(&seen) <= 20, "{}", fullest(&seen));
    for wrong in ["0", "-1", "many", "2.5"] {
        let output = machines(wrong).wait_with_output().expect("it ends");
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() == Some(2) && told.contains("VIGIE_SHARDS") && told.contains(wrong), "{told}");
    }
    assert_eq!(log.seen().len(), seen.len(), "nothing is sent at a pace that nobody knows");
}

#[test]
fn a_folder_of_paces_that_cannot_be_used_is_told_before_anything_is_sent() {
    let (folder, (target, log)) = (corpus(1), support::wire::start(|_, first, stream| good(first, stream)));
    let file = folder.path().join("a-file");
    std::fs::write(&file, "").expect("it is written");
    let output = check(folder.path(), &target, "token", Some(&file)).wait_with_output().expect("it ends");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(2) && told.contains("VIGIE_PACE_DIR"), "{told}");
    assert!(log.seen().is_empty());
}

#[test]
fn a_folder_of_paces_that_vanishes_ends_the_run_and_no_report_calls_it_drift() {
    let pace = tempfile::tempdir().expect("a temporary folder");
    let path = pace.path().to_owned();
    let (target, log) = support::wire::start(move |number, first, stream| {
        if number == 2 {
            std::fs::remove_dir_all(&path).ok();
        }
        good(first, stream)
    });
    let folder = corpus(30);
    let report = report(check(folder.path(), &target, "token", Some(pace.path())), 3);
    assert!(log.seen().len() < 20, "{}", log.seen().len());
    assert!(findings(&report).all(|finding| finding["class"] != "breaking"), "{report}");
    assert!(report.to_string().contains("VIGIE_PACE_DIR"), "{report}");
}

/// A pace that holds nothing back, and a way to a host.
fn door(log: &(String, Log)) -> (Arc<Pace>, Arc<Transport>) {
    let transport = Transport::new(&log.0, Duration::from_secs(20)).expect("a base URL");
    let rate = Rate { per_second: 1000, per_minute: 60_000 };
    (Arc::new(Pace::polite(rate, transport.base_url()).expect("no folder is asked for")), Arc::new(transport))
}

async fn ask(pace: &Pace, transport: &Transport, body: i32, repeat: &Repeat) -> Result<u16, Outage> {
    let request = transport.prepare_post("/x", &serde_json::json!({"number": body}))?;
    pace.send(transport, &request, repeat).await.map(|exchange| exchange.response.status.as_u16())
}

/// A host that takes its time, and the most requests that it had at once. One counts until its answer leaves.
fn held() -> ((String, Log), Arc<AtomicUsize>) {
    let (now, most) = (AtomicUsize::new(0), Arc::new(AtomicUsize::new(0)));
    let told = Arc::clone(&most);
    let host = support::wire::start(move |_, _, stream| {
        most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        std::thread::park_timeout(Duration::from_millis(100));
        now.fetch_sub(1, Ordering::SeqCst);
        say(stream, "200 OK", &[JSON], b"{}")
    });
    (host, told)
}

#[tokio::test(flavor = "multi_thread")]
async fn identical_requests_wait_for_each_other_and_others_do_not() {
    for (same, expected) in [(true, 1..=1), (false, 2..=5)] {
        let (host, most) = held();
        let (pace, transport) = door(&host);
        let five = (0..5).map(|number| ask(&pace, &transport, if same { 0 } else { number }, &SAFE));
        assert!(futures::future::join_all(five).await.iter().all(|answer| *answer == Ok(200)));
        let most = most.load(Ordering::SeqCst);
        assert!(expected.contains(&most), "same: {same}, {most} at once");
    }
    let (host, most) = held();
    let (pace, transport) = door(&host);
    let request = transport.prepare_post("/x", &serde_json::json!({})).expect("it is built");
    assert!(pace.twins(&transport, &request).await.is_ok());
    assert_eq!(most.load(Ordering::SeqCst), 2, "twins are meant to be under way at once");
}

#[tokio::test]
async fn what_changes_something_is_never_sent_twice() {
    for cut in [true, false] {
        let host =
            support::wire::start(move |_, _, stream| if cut { Ok(()) } else { say(stream, "500 ", &[JSON], b"{}") });
        let (pace, transport) = door(&host);
        let answer = ask(&pace, &transport, 1, &WRITE).await;
        assert!(matches!(answer, Ok(500) | Err(Outage::Broken(_))), "{answer:?}");
        assert_eq!(host.1.seen().len(), 1);
        ask(&pace, &transport, 1, &SAFE).await.ok();
        assert_eq!(host.1.seen().len(), 4);
    }
}

#[tokio::test]
async fn nothing_waits_beyond_the_end_of_a_run() {
    let (target, log) = support::wire::start(|_, _, stream| {
        say(stream, "200 OK", &[JSON, ("RateLimit-Remaining", "0"), ("RateLimit-Reset", "60")], b"{}")
    });
    let transport = Transport::new(&target, Duration::from_secs(20)).expect("a base URL");
    let pace = Pace::polite(Rate::UNTOLD, transport.base_url()).expect("no folder is asked for");
    let pace = pace.until(tokio::time::Instant::now() + Duration::from_secs(30));
    assert_eq!(ask(&pace, &transport, 1, &SAFE).await, Ok(200));
    let start = Instant::now();
    assert_eq!(ask(&pace, &transport, 2, &SAFE).await, Err(Outage::TooLate));
    assert!(start.elapsed() < Duration::from_secs(20) && log.seen().len() == 1);
}
