//! `vigie doctor`: what it finds wrong with a target, how it says to mend it, and what it never tells: a token.

use serde_json::Value;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};
use vigie_harness::providers::provider;
use vigie_harness::runner::Plan;
use vigie_sandbox::{Options, Running};

const VARIABLE: &str = "VIGIE_API_PARTICULIER_TOKEN";
const JSON: [(&str, &str); 1] = [("Content-Type", "application/json")];

/// What a doctor says: its exit status, each check by name, and all of it.
struct Told {
    code: Option<i32>,
    report: Value,
}

impl Told {
    fn check(&self, name: &str) -> (&str, &str) {
        let checks = self.report["checks"].as_array().expect("checks");
        let check = checks.iter().find(|check| check["check"] == name).unwrap_or_else(|| panic!("no {name}"));
        (check["state"].as_str().expect("a state"), check["told"].as_str().expect("a text"))
    }

    fn state(&self, name: &str) -> &str {
        self.check(name).0
    }

    fn mend(&self, name: &str) -> String {
        let checks = self.report["checks"].as_array().expect("checks");
        checks.iter().find(|check| check["check"] == name).map(|check| check["mend"].to_string()).unwrap_or_default()
    }
}

/// Asks in both formats: neither tells the token, and both end alike.
fn doctor(arguments: &[&str], token: Option<&str>) -> Told {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let run = |format: &str| in_folder(folder.path(), arguments, token, format);
    let (code, text) = run("human");
    let (same, json) = run("json");
    assert_eq!(code, same, "{text}\n{json}");
    let report: Value = serde_json::from_str(&json).unwrap_or_else(|error| panic!("{error}: {json}"));
    // A second may pass between the two: numbers apart, they tell the same.
    let words = |text: &str| text.replace(|letter: char| letter.is_ascii_digit(), "");
    for check in report["checks"].as_array().expect("checks") {
        assert!(words(&text).contains(&words(check["told"].as_str().expect("a text"))), "{check}\n{text}");
    }
    Told { code, report }
}

fn in_folder(folder: &Path, arguments: &[&str], token: Option<&str>, format: &str) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    command.arg("doctor").args(arguments).args(["--format", format]).current_dir(folder);
    for name in [VARIABLE, "VIGIE_API_PARTICULIER_TOKEN_FILE", "VIGIE_MOBILIC_TOKEN", "VIGIE_KAIZALA_TOKEN"] {
        command.env_remove(name);
    }
    for name in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        command.env_remove(name);
    }
    let variable = if arguments.contains(&"mobilic") { "VIGIE_MOBILIC_TOKEN" } else { VARIABLE };
    command.envs(token.map(|token| (variable, token)));
    let output = command.output().expect("vigie runs");
    let text = String::from_utf8_lossy(&[&output.stdout[..], &output.stderr].concat()).into_owned();
    assert!(token.is_none_or(|token| !text.contains(token)), "{arguments:?} tells the token:\n{text}");
    (output.status.code(), text)
}

async fn double(name: &str) -> Running {
    let plan = Plan::new(provider(name).expect("ours"), None).expect("our own cases");
    let sandbox = plan.provider.sandbox(&plan.contracts, &plan.corpus, &Options::default()).expect("it is made");
    sandbox.start(([127, 0, 0, 1], 0).into()).await.expect("a free port")
}

/// An API Particulier that answers its ping, and the rest as a test wants; and the first lines of what it was asked.
fn particulier(rest: impl Fn(&str) -> String + Send + 'static) -> (String, Arc<Mutex<Vec<String>>>) {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&seen);
    let url = support::host::start(move |first| {
        log.lock().expect("no panic").push(first.to_owned());
        match first {
            ping if ping.starts_with("GET /api/ping ") => support::host::http("200 OK", JSON, "\"pong\""),
            head if head.starts_with("HEAD ") => support::host::http("204 No Content", [], ""),
            other => rest(other),
        }
    });
    (url, seen)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_good_token_is_taken_and_its_scopes_are_counted() {
    let running = double("api-particulier").await;
    let told = doctor(&["--target", &running.base_url()], Some("sandbox-token"));
    assert_eq!(told.code, Some(0), "{}", told.report);
    assert_eq!(told.report["conclusion"], "conformant");
    for name in ["target", "token", "host-name", "connection", "api", "clock", "token-taken", "scopes", "rate-limits"] {
        assert_eq!(told.state(name), "ok", "{name}: {}", told.report);
    }
    assert!(told.check("token").1.contains(VARIABLE), "{}", told.report);
    let (_, limits) = told.check("rate-limits");
    assert!(limits.starts_with("limit 20, 19 left") && limits.contains("at most 20 a second"), "{limits}");
    assert!(told.report["steps"].is_null(), "{}", told.report);

    // Two operations of each version ask for this scope, and it opens no other.
    let few = doctor(&["--target", &running.base_url()], Some("sandbox-scopes:mesri_admissions"));
    let (state, scopes) = few.check("scopes");
    let open: Vec<usize> = scopes.split(' ').filter_map(|word| word.parse().ok()).collect();
    assert_eq!((few.code, state), (Some(0), "ok"), "{}", few.report);
    let closed = few.report["checks"].as_array().expect("checks").iter().find(|check| check["check"] == "scopes");
    let closed = closed.and_then(|check| check["details"].as_array()).map_or(0, Vec::len);
    assert_eq!(open[0], 1, "one scope: {scopes}");
    assert!(open[1] > 0 && open[1] + closed == open[2], "{scopes}, {closed} closed");
}

#[tokio::test(flavor = "multi_thread")]
async fn why_a_token_is_not_taken_is_told_with_the_way_to_another_one() {
    let running = double("api-particulier").await;
    for (token, part) in [
        ("sandbox-expired", "it has expired"),
        ("sandbox-blacklisted", "it was revoked"),
        ("n0body-knows-this-0ne", "it is unknown; check"),
        ("sandbox-exhausted", "quota is used up"),
    ] {
        let told = doctor(&["--target", &running.base_url()], Some(token));
        let (state, text) = told.check("token-taken");
        assert_eq!((told.code, state), (Some(3), "problem"), "{token}: {}", told.report);
        assert!(text.contains(part), "{token}: {text}");
        let steps = told.report["steps"].as_str().expect("the way to a token");
        assert!(
            steps.contains("https://datapass.api.gouv.fr/api-particulier") && steps.contains("habilitation"),
            "{steps}"
        );
        assert_eq!(told.state("scopes"), "not-tried");
    }
    let none = doctor(&["--target", &running.base_url()], Some("sandbox-no-scopes"));
    assert_eq!(
        (none.code, none.state("token-taken"), none.state("scopes")),
        (Some(3), "ok", "problem"),
        "{}",
        none.report
    );
    assert!(none.mend("scopes").contains("habilitation"), "{}", none.report);
}

/// The stages are hosts of this machine here: what is told hangs on the stage, not on the host.
#[tokio::test(flavor = "multi_thread")]
async fn the_token_of_staging_is_public_and_that_of_production_is_applied_for() {
    let running = double("api-particulier").await;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let table = |stage: &str| format!("[target.api-particulier.{stage}]\nurl = \"{}\"\n", running.base_url());
    std::fs::write(folder.path().join("vigie.toml"), table("staging") + &table("production")).expect("it is written");
    let place = "mocks/tokens/default";
    for token in ["n0body-knows-this-0ne", "sandbox-expired", "sandbox-no-scopes"] {
        let (code, staging) = in_folder(folder.path(), &["--target", "staging"], Some(token), "human");
        assert!(code == Some(3) && staging.contains(place) && staging.contains("datagouv/apistration"), "{staging}");
        assert!(!staging.contains("datapass") && !staging.contains("in your habilitation"), "{staging}");
        let (code, production) = in_folder(folder.path(), &["--target", "production"], Some(token), "human");
        assert!(code == Some(3) && production.contains("https://datapass.api.gouv.fr"), "{production}");
    }
    let mut list = Command::new(env!("CARGO_BIN_EXE_vigie"));
    let output = list.args(["list", "--env", "--provider", "api-particulier"]).output().expect("vigie runs");
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(told.contains(place) && told.contains("datapass.api.gouv.fr"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_of_mobilic_is_told_by_mobilic_and_the_way_to_a_key_is_an_e_mail() {
    let running = double("mobilic").await;
    let arguments = ["--provider", "mobilic", "--target", &running.base_url()];
    let greeting = provider("mobilic").expect("ours").hooks.greeting();
    let good = greeting.split([' ', '`']).find(|word| word.len() > 20).expect("it shows a token");
    let told = doctor(&arguments, Some(good));
    assert_eq!((told.code, told.state("api"), told.state("token-taken")), (Some(0), "ok", "ok"), "{}", told.report);
    let told = doctor(&arguments, Some("n0body-knows-this-0ne"));
    assert_eq!(
        (told.code, told.state("api"), told.state("token-taken")),
        (Some(3), "ok", "problem"),
        "{}",
        told.report
    );
    let steps = told.report["steps"].as_str().expect("the way to a token");
    for part in ["mobilic@beta.gouv.fr", "environment", "client_id", "vigie login mobilic"] {
        assert!(steps.contains(part), "{part}: {steps}");
    }
}

#[test]
fn the_end_of_kaizala_is_told_with_its_double_and_nothing_is_asked() {
    let told = doctor(&["--provider", "kaizala"], None);
    assert_eq!((told.code, told.state("target"), told.state("connection")), (Some(3), "problem", "not-tried"));
    assert!(told.check("target").1.contains("2023-08-31") && told.mend("target").contains("--target sandbox"));
    let steps = told.report["steps"].as_str().expect("the steps on the portal");
    assert!(steps.contains("https://manage.kaiza.la/") && steps.contains("Step 4"), "{steps}");
}

#[test]
fn what_is_not_there_is_told_by_the_first_step_that_fails() {
    let nobody = doctor(&["--target", "https://nobody.invalid"], Some("s3cret-token"));
    assert_eq!((nobody.code, nobody.state("host-name")), (Some(3), "problem"), "{}", nobody.report);
    assert!(nobody.check("host-name").1.contains("`nobody.invalid`"), "{}", nobody.report);
    assert_eq!((nobody.state("token"), nobody.state("connection")), ("ok", "not-tried"));
    // A port that was free a moment ago, and that nobody listens on.
    let closed = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a free port").local_addr().expect("it has one");
    let closed = doctor(&["--target", &format!("http://{closed}")], None);
    assert_eq!((closed.code, closed.state("host-name"), closed.state("connection")), (Some(3), "ok", "problem"));
    assert_eq!((closed.state("token"), closed.state("api")), ("problem", "not-tried"), "{}", closed.report);
    assert!(closed.mend("token").contains(VARIABLE) && closed.mend("connection").contains("vigie serve"));
}

#[test]
fn a_host_without_tls_where_it_is_needed_is_told_so() {
    let plain = support::host::start(|_| support::host::http("200 OK", JSON, "\"pong\""));
    let told = doctor(&["--target", &plain.replace("http://", "https://")], Some("s3cret-token"));
    assert_eq!((told.code, told.state("connection"), told.state("tls")), (Some(3), "ok", "problem"), "{}", told.report);
    // And a token of the environment does not go to another machine without it.
    let clear = doctor(&["--target", "http://nobody.invalid"], Some("s3cret-token"));
    assert_eq!(clear.state("token"), "problem", "{}", clear.report);
    assert!(clear.check("token").1.contains("without TLS"), "{}", clear.report);
}

#[test]
fn a_host_that_is_another_api_is_sent_no_token() {
    for (status, media_type, body) in [
        ("200 OK", "text/html", "<html>portal</html>"),
        ("200 OK", "application/json", "{\"status\": \"up\"}"),
        ("404 Not Found", "application/json", "{}"),
        ("503 Service Unavailable", "text/html", "<html>maintenance</html>"),
    ] {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&seen);
        let url = support::host::start(move |first| {
            log.lock().expect("no panic").push(first.to_owned());
            support::host::http(
                status,
                [("Content-Type", media_type)],
                if first.starts_with("HEAD") { "" } else { body },
            )
        });
        let told = doctor(&["--target", &url], Some("s3cret-token"));
        assert_eq!(
            (told.code, told.state("api"), told.state("token-taken")),
            (Some(3), "problem", "not-tried"),
            "{body}"
        );
        let asked = seen.lock().expect("no panic").clone();
        // A connection that is opened and closed asks for nothing.
        assert!(
            asked
                .iter()
                .filter(|first| !first.is_empty())
                .all(|first| first.starts_with("HEAD / ") || first.starts_with("GET /api/ping ")),
            "{asked:?}"
        );
        // The same for Mobilic, whose API is known by the name of a type.
        let told = doctor(&["--provider", "mobilic", "--target", &url], Some("s3cret-token"));
        assert_eq!(
            (told.code, told.state("api"), told.state("token-taken")),
            (Some(3), "problem", "not-tried"),
            "{body}"
        );
    }
}

#[test]
fn clocks_that_are_apart_and_limits_below_ours_are_warnings() {
    let (url, seen) = particulier(|_| {
        let headers = [("Content-Type", "application/json"), ("RateLimit-Limit", "5"), ("RateLimit-Remaining", "4")];
        let headers = headers.into_iter().chain([("RateLimit-Reset", "1")]);
        support::host::http("200 OK", headers, r#"{"_id": "x", "name": "", "scopes": ["cnaf_enfants"]}"#)
    });
    let told = doctor(&["--target", &url], Some("s3cret-token"));
    assert_eq!((told.code, told.state("clock"), told.state("rate-limits")), (Some(0), "not-tried", "warning"));
    assert!(told.mend("rate-limits").contains("requests_per_second = 5"), "{}", told.report);
    let asked = seen.lock().expect("no panic").iter().filter(|first| !first.is_empty()).count();
    assert_eq!(asked, 6, "three requests each of the two times: {seen:?}");

    for (date, state) in [("Sat, 01 Jan 2000 00:00:00 GMT", "warning"), ("never", "not-tried")] {
        let skewed = support::host::start(move |first| {
            if first.starts_with("HEAD") {
                support::host::http("204 No Content", [], "")
            } else {
                support::host::http("200 OK", [JSON[0], ("Date", date)], "\"pong\"")
            }
        });
        let told = doctor(&["--target", &skewed], None);
        assert_eq!(told.state("clock"), state, "{}", told.report);
        assert_eq!(told.code, Some(3), "there is no token: {}", told.report);
    }
}

#[test]
fn an_expired_jwt_is_told_by_itself_and_what_it_says_is_not_shown() {
    use base64::Engine;
    let part = |text: &str| base64::prelude::BASE64_URL_SAFE_NO_PAD.encode(text);
    let claims = r#"{"exp": 946684800, "sub": "s3cret-subject"}"#;
    let token = format!("{}.{}.{}", part(r#"{"alg": "HS256"}"#), part(claims), part("s3cret"));
    let (url, _) = particulier(|_| support::host::http("401 Unauthorized", JSON, r#"{"error": "access_denied"}"#));
    let told = doctor(&["--target", &url], Some(&token));
    assert_eq!((told.code, told.state("token-end")), (Some(3), "problem"), "{}", told.report);
    assert!(told.check("token-taken").1.contains("unknown, expired or revoked"), "{}", told.report);
    assert!(!told.report.to_string().contains("s3cret"), "{}", told.report);
}

#[test]
fn bad_arguments_are_no_diagnosis() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for arguments in [&["--target", "nowhere"][..], &["--provider", "nobody"], &["--target", "ftp://example.org"]] {
        let (code, text) = in_folder(folder.path(), arguments, None, "human");
        assert_eq!(code, Some(2), "{text}");
    }
}

#[test]
fn the_embedded_sandbox_is_well() {
    let told = doctor(&["--target", "sandbox"], None);
    assert_eq!((told.code, told.state("api"), told.state("token-taken")), (Some(0), "ok", "ok"), "{}", told.report);
    let told = doctor(&["--provider", "mobilic", "--target", "sandbox"], None);
    assert_eq!((told.code, told.state("api"), told.state("token-taken")), (Some(0), "ok", "ok"), "{}", told.report);
}
