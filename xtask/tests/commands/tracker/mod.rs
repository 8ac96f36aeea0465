//! `cargo xtask tracker` on the real binary, against a GitHub and a GitLab of this machine: night after night.

mod fake;
mod foreign;
mod published;

use fake::{Fake, Issue, Kind, TOKEN, tracker};
use serde_json::{Value, json};

const KINDS: [Kind; 2] = [Kind::GitHub, Kind::GitLab];
const TARGET: &str = "https://staging.example";

/// A case with its verdict and findings, `[class, pointer]`.
fn case(name: &str, verdict: &str, findings: &[[&str; 2]]) -> Value {
    let finding = |[class, pointer]: &[&str; 2]| {
        json!({"rule": "value-form-changed", "class": class, "certainty": "definite", "title": "t", "why": "w",
            "pointer": pointer, "expected": "e", "observed": "o"})
    };
    let findings: Vec<Value> = findings.iter().map(finding).collect();
    json!({"file": format!("tests/scenarios/api-particulier/students/{name}.yml"), "operation": "students", "case": name,
        "verdict": verdict, "findings": findings, "undocumented": []})
}

fn cause(id: &str, class: &str, cases: &[&str]) -> Value {
    let place = |name: &&str| json!({"operation": "students", "location": "/data/year", "case": format!("tests/scenarios/api-particulier/students/{name}.yml")});
    json!({"id": id, "rule": "value-form-changed", "class": class, "certainty": "definite", "title": "a text has another form",
        "why": "a consumer that reads it fails", "witness": "w", "places": cases.iter().map(place).collect::<Vec<_>>(),
        "before": "year-year", "after": "year"})
}

fn report(judged: &[Value], causes: &[Value]) -> Value {
    json!({"version": 1, "tool": "vigie 0.1.0", "conclusion": "drift", "summary": {}, "target": TARGET, "cases": judged,
        "causes": causes, "ignored": [], "notes": [], "never_observed": {}})
}

/// The drift of these tests, in these cases.
fn drifted(names: &[&str]) -> Value {
    let cases: Vec<Value> = names.iter().map(|name| case(name, "snapshot", &[["breaking", "/data/year"]])).collect();
    report(&cases, &[cause("6a67e4b1", "breaking", names)])
}

/// The same cases without it.
fn mended(names: &[&str]) -> Value {
    report(&names.iter().map(|name| case(name, "conforms", &[])).collect::<Vec<_>>(), &[])
}

/// How many of these requests change something.
fn writes(asked: &[String]) -> usize {
    asked.iter().filter(|asked| !asked.starts_with("GET ")).count()
}

#[test]
fn a_drift_is_opened_once_closed_when_it_is_gone_and_reopened_when_it_is_back() {
    for kind in KINDS {
        let fake = Fake::start(kind);
        assert_eq!(writes(&fake.night(&[drifted(&["one", "two"])])), 1);
        let opened = fake.only();
        assert!(opened.open && opened.labels == ["contract-drift"] && opened.comments.is_empty());
        assert_eq!(opened.title, "value-form-changed: the format of a value changed (students)");
        assert!(opened.body.starts_with("<!-- vigie:cause:6a67e4b1 -->\n"), "{}", opened.body);
        for shown in [
            "`year-year`",
            "`year`",
            "`/data/year`",
            "students/two.yml`",
            "vigie accept 6a67e4b1",
            "actions/runs/7",
            "vigie check --provider api-particulier --target https://staging.example --operation students",
        ] {
            assert!(opened.body.contains(shown), "{shown}: {}", opened.body);
        }

        assert_eq!(writes(&fake.night(&[drifted(&["one", "two"])])), 0, "the second night says nothing");
        assert_eq!(fake.only().body, opened.body);

        assert_eq!(writes(&fake.night(&[mended(&["one", "two"])])), 2);
        let closed = fake.only();
        assert!(!closed.open);
        assert_eq!(closed.comments.len(), 1);
        assert!(closed.comments[0].starts_with("All 2 locations were judged again"), "{}", closed.comments[0]);

        assert_eq!(writes(&fake.night(&[mended(&["one", "two"])])), 0, "it is closed once");

        assert_eq!(writes(&fake.night(&[drifted(&["one"])])), 2);
        let again = fake.only();
        assert!(again.open && again.comments.len() == 2 && again.comments[1].starts_with("It is back"));
        assert_eq!(writes(&fake.night(&[drifted(&["one"])])), 0);
    }
}

#[test]
fn what_was_not_judged_closes_nothing() {
    let conforms = || case("two", "conforms", &[]);
    let nights: [(&str, Value); 11] = [
        ("an outage", report(&[case("one", "outage", &[["outage", ""]]), conforms()], &[])),
        ("a setup that is wrong", report(&[case("one", "conforms", &[["setup", ""]]), conforms()], &[])),
        ("a verdict of a later version", report(&[case("one", "setup", &[]), conforms()], &[])),
        ("a case that was not sent", report(&[case("one", "skipped", &[]), conforms()], &[])),
        ("a shard that is missing", report(&[conforms()], &[])),
        ("a run that was cut short", report(&[], &[])),
        ("another status", report(&[case("one", "status", &[["breaking", ""]]), conforms()], &[])),
        ("an empty object", report(&[case("one", "conforms", &[["uncertain", "/data"]]), conforms()], &[])),
        ("a token with less rights", report(&[case("one", "conforms", &[["masked", "/data/year"]]), conforms()], &[])),
        ("drift around it", report(&[case("one", "body", &[["breaking", "/data"]]), conforms()], &[])),
        ("another target", {
            let mut other = mended(&["one", "two"]);
            other["target"] = json!("https://production.example");
            other
        }),
    ];
    for kind in KINDS {
        let fake = Fake::start(kind);
        fake.night(&[drifted(&["one", "two"])]);
        for (what, night) in &nights {
            assert_eq!(writes(&fake.night(std::slice::from_ref(night))), 0, "{what}");
            assert!(fake.only().open, "{what}");
        }
        // What proves nothing elsewhere, and a further drift of the same answer, do not keep it open.
        let elsewhere = [["uncertain", "/data/yearly"], ["masked", "/meta"], ["breaking", "/data/name"]];
        fake.night(&[report(&[case("one", "body", &elsewhere), conforms()], &[])]);
        assert!(!fake.only().open);
    }
}

#[test]
fn what_is_excepted_or_milder_is_still_there() {
    let fake = Fake::start(Kind::GitHub);
    fake.night(&[drifted(&["one"])]);
    let mut excepted = mended(&["one"]);
    excepted["ignored"] = json!([{"rule": "value-form-changed", "class": "breaking", "certainty": "definite",
        "title": "t", "pointer": "/data/year", "why": "w", "expected": "e", "observed": "o",
        "case": "tests/scenarios/api-particulier/students/one.yml", "reason": "agreed", "until": "2026-12-31",
        "exception": "vigie.toml:3"}]);
    assert_eq!(writes(&fake.night(&[excepted])), 0);
    let mut milder = mended(&["one"]);
    milder["causes"] = json!([cause("6a67e4b1", "uncertain", &["one"])]);
    assert_eq!(writes(&fake.night(&[milder.clone()])), 0);
    assert!(fake.only().open);
    // What never was more than that opens nothing.
    let fresh = Fake::start(Kind::GitHub);
    assert_eq!(writes(&fresh.night(&[milder])), 0);
}

#[test]
fn places_come_and_go() {
    for kind in KINDS {
        let fake = Fake::start(kind);
        fake.night(&[drifted(&["one"])]);
        fake.state().issues[0].body += "\nticket 123\n";
        // It spreads: said once, in the body too. What people wrote stays.
        assert_eq!(writes(&fake.night(&[drifted(&["one", "two"])])), 2);
        assert_eq!(writes(&fake.night(&[drifted(&["one", "two"])])), 0);
        let issue = fake.only();
        assert!(
            issue.comments.len() == 1
                && issue.comments[0].contains("two.yml")
                && !issue.comments[0].contains("one.yml")
        );
        assert!(issue.body.contains("students/two.yml") && issue.body.ends_with("ticket 123\n"), "{}", issue.body);
        // A place that was not judged is not forgotten; one that was judged without it is, and needs no comment.
        assert_eq!(writes(&fake.night(&[drifted(&["one"])])), 0);
        let mut half = drifted(&["one"]);
        half["cases"].as_array_mut().expect("a list").push(case("two", "conforms", &[]));
        assert_eq!(writes(&fake.night(&[half])), 1);
        let issue = fake.only();
        assert!(issue.comments.len() == 1 && !issue.body.contains("two.yml"), "{}", issue.body);
    }
}

#[test]
fn one_cause_of_two_reports_is_one_issue() {
    let fake = Fake::start(Kind::GitLab);
    let mut other = drifted(&["one"]);
    other["target"] = json!("https://production.example");
    fake.night(&[drifted(&["one"]), other.clone()]);
    assert!(fake.only().body.contains(TARGET) && fake.only().body.contains("https://production.example"));
    fake.night(&[mended(&["one"])]);
    assert!(fake.only().open, "production was not asked");
    other["cases"] = mended(&["one"])["cases"].clone();
    other["causes"] = json!([]);
    fake.night(&[mended(&["one"]), other]);
    assert!(!fake.only().open);
}

#[test]
fn another_drift_in_the_same_place_is_another_issue() {
    let fake = Fake::start(Kind::GitHub);
    fake.night(&[drifted(&["one"])]);
    let mut moved = drifted(&["one"]);
    moved["causes"][0]["id"] = json!("73deebf8");
    assert_eq!(writes(&fake.night(&[moved])), 3, "one is opened, and the other closed and commented");
    let open: Vec<bool> = fake.state().issues.iter().map(|issue| issue.open).collect();
    assert_eq!(open, [false, true]);
}

#[test]
fn an_issue_on_a_later_page_is_found() {
    for kind in KINDS {
        let fake = Fake::start(kind);
        fake.night(&[drifted(&["one"])]);
        let first = fake.only();
        // The newest come first: ours is the last of 131.
        let more = (0..130).map(|number| Issue { number: number + 2, body: format!("note {number}"), ..first.clone() });
        fake.state().issues.extend(more);
        let asked = fake.night(&[drifted(&["one"])]);
        assert_eq!((asked.len(), writes(&asked)), (3, 0), "{asked:?}");
    }
}

#[test]
fn a_label_that_was_not_set_is_an_error() {
    let fake = Fake::start(Kind::GitHub);
    fake.state().drops_labels = true;
    let output = fake.track(&[], &[drifted(&["one"])]);
    assert_eq!(output.status.code(), Some(3));
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("#1 was opened without its label: set `contract-drift`"), "{told}");
}

#[test]
fn a_night_in_which_everything_drifts_opens_fifty() {
    let fake = Fake::start(Kind::GitLab);
    let causes: Vec<Value> = (0..60).map(|number| cause(&format!("{number:08x}"), "breaking", &["one"])).collect();
    let night = report(&[case("one", "snapshot", &[])], &causes);
    fake.night(std::slice::from_ref(&night));
    assert_eq!(fake.state().issues.len(), 50);
    fake.night(&[night]);
    assert_eq!(fake.state().issues.len(), 60);
}

#[test]
fn a_dry_run_changes_nothing() {
    for kind in KINDS {
        let fake = Fake::start(kind);
        let output = fake.track(&["--dry-run"], &[drifted(&["one"])]);
        assert!(output.status.success());
        let told = String::from_utf8_lossy(&output.stdout);
        assert!(
            told.starts_with("6a67e4b1  opens an issue: value-form-changed: the format of a value changed"),
            "{told}"
        );
        assert!(fake.state().issues.is_empty() && fake.state().asked.iter().all(|asked| asked.method == "GET"));
    }
    // Without any tracker nothing is asked.
    let (mut command, _folder) = tracker(&["--dry-run"], &[drifted(&["one"])]);
    let output = command.output().expect("xtask runs");
    assert!(output.status.success() && !output.stdout.is_empty());
    let (mut command, _folder) = tracker(&[], &[drifted(&["one"])]);
    let output = command.output().expect("xtask runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(!String::from_utf8_lossy(&output.stderr).contains(TOKEN));
}
