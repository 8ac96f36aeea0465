//! `vigie merge`: what shards found, as one run would have told it.

use serde_json::{Value, json};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::Command;
use vigie_drift::deviation::{Deviation, Kind};
use vigie_drift::finding::{CaseReport, Class, Conclusion, Finding, Verdict};
use vigie_drift::rules::rule;
use vigie_drift::run::{Doubt, RunReport};
use vigie_drift::{causes, find};
use vigie_harness::merge::{Shard, merge};
use vigie_harness::providers::provider;
use vigie_harness::runner::{Plan, Target};
use vigie_report::Format;
use vigie_sandbox::Options;

const STUDENT: &str = "api_particulier_v3_mesri_statut_etudiant_with_ine";

fn case(file: &str, verdict: Verdict, findings: Vec<Finding>) -> CaseReport {
    let mut case = CaseReport::new(format!("user/{file}.yml"), "user", file);
    case.provider = "mobilic".into();
    case.status = Some(200);
    case.verdict = verdict;
    case.findings = findings;
    case.undocumented = vec!["/data/more".into()];
    case.request = "POST /graphql".into();
    case
}

fn found(kind: Kind, place: &str, expected: impl Into<Value>, observed: impl Into<Value>) -> Finding {
    let Ok(place) = place.parse();
    find(Deviation::new(kind, place, expected, observed), |_| Some("specs/x.yml:7".into()))
}

fn report(cases: Vec<CaseReport>) -> RunReport {
    RunReport { target: "sandbox".into(), causes: causes::in_cases(&cases), cases, ..RunReport::default() }
}

fn json(report: &RunReport) -> String {
    let mut out = Vec::new();
    Format::Json.render(report, &mut out).expect("it is drawn");
    String::from_utf8(out).expect("it is text")
}

fn shard(file: &str, report: &RunReport) -> Shard {
    let report = vigie_report::read(file, json(report).as_bytes()).expect("it is a report");
    Shard { file: file.to_owned(), report }
}

/// Values that a text does not tell apart, an exception's class, a step, and one cause in several shards.
fn doubt(name: &str, kind: Kind) -> Doubt {
    Doubt { file: format!("user/{name}.yml"), case: name.into(), operation: "user".into(), rules: vec![rule(kind)] }
}

fn various() -> Vec<CaseReport> {
    let drift = |place: &str| found(Kind::BodyInvalid, place, 3, json!(["a", 1.5, null]));
    vec![
        case("a", Verdict::Body, vec![drift("/data/x")]),
        case("b", Verdict::Body, vec![found(Kind::BodyInvalid, "/data/x", "3", "[\"a\",1.5,null]")]),
        case("b", Verdict::Conforms, vec![Finding { class: Class::Compatible, ..drift("/data/y") }]),
        case("c", Verdict::Conforms, vec![found(Kind::ValueNull, "/data/z", Value::Null, "null")]),
        case("d", Verdict::Body, vec![drift("/data/0/x"), found(Kind::ServerError, "", "an answer", "status 500")]),
    ]
}

#[test]
fn parts_of_a_report_merge_to_the_whole_to_the_byte() {
    let whole = RunReport {
        never_observed: [("user".to_owned(), vec!["/a".to_owned(), "/c".to_owned()])].into(),
        observed: ["user".to_owned(), "company".to_owned()].into(),
        ..report(various())
    };
    assert!(whole.causes.len() > 4);
    assert_eq!(json(&merge(&[shard("whole.json", &whole)], None)), json(&whole));
    let mut first = report(various());
    let mut second = report(first.cases.split_off(3));
    first.causes = causes::in_cases(&first.cases);
    // Each saw what the other did not, one of them everything of an operation.
    first.never_observed = [("user".into(), vec!["/a".into(), "/b".into(), "/c".into()])].into();
    first.never_observed.insert("company".into(), vec!["/d".into()]);
    first.observed = whole.observed.clone();
    second.never_observed = [("user".into(), vec!["/a".into(), "/c".into(), "/e".into()])].into();
    second.observed = whole.observed.clone();
    for shards in [[&first, &second], [&second, &first]] {
        let shards = shards.map(|report| shard("part.json", report));
        assert_eq!(json(&merge(&shards, Some(2))), json(&whole));
    }
}

#[test]
fn an_operation_that_only_one_shard_saw_keeps_what_was_never_observed() {
    let mut first = report(vec![case("a", Verdict::Conforms, vec![])]);
    first.never_observed = [("user".to_owned(), vec!["/a".to_owned()])].into();
    let second = report(vec![case("b", Verdict::Conforms, vec![])]);
    let merged = merge(&[shard("1", &first), shard("2", &second)], None);
    assert_eq!(merged.never_observed, first.never_observed);
    // It answered, whatever an older report says.
    assert_eq!(merged.observed, ["user".to_owned()].into());
}

#[test]
fn of_a_case_in_two_reports_the_worse_counts_and_it_is_told() {
    let drift = || vec![found(Kind::BodyInvalid, "/data/x", "a text", "3")];
    let late = || vec![found(Kind::AnswerTimeout, "", "an answer", "none")];
    let unsent = || vec![found(Kind::CaseNotSent, "", "a request", "expired")];
    let skipped = || vec![found(Kind::CaseLeftOut, "", "a target", "it writes")];
    let uncertain = || vec![found(Kind::ValueNull, "/data/x", "a text", "null")];
    // Worst first: each of these outranks all that come after it.
    let ranks = [
        case("a", Verdict::Body, drift()),
        case("a", Verdict::Outage, late()),
        case("a", Verdict::Skipped, unsent()),
        case("a", Verdict::Conforms, uncertain()),
        case("a", Verdict::Skipped, skipped()),
    ];
    for (position, worse) in ranks.iter().enumerate() {
        for better in &ranks[position + 1..] {
            let read =
                || [("worse", worse), ("better", better)].map(|(file, case)| shard(file, &report(vec![case.clone()])));
            let ([first, second], [third, fourth]) = (read(), read());
            for shards in [[first, second], [fourth, third]] {
                let merged = merge(&shards, None);
                assert_eq!((merged.cases.len(), merged.cases[0].verdict), (1, worse.verdict));
                let note = "user/a.yml: reports differ; the worse one counts (worse, not better)";
                assert_eq!(merged.notes, [note]);
            }
        }
    }
    let same = report(vec![case("a", Verdict::Body, drift())]);
    let merged = merge(&[shard("1", &same), shard("2", &same)], None);
    assert_eq!(json(&merged), json(&same), "equal ones are one, and no word is lost on it");
}

#[test]
fn what_did_not_count_comes_from_the_report_that_counts() {
    let held = |name: &str, kind: Kind| RunReport {
        held: vec![doubt(name, kind)],
        ..report(vec![case(name, Verdict::Conforms, vec![])])
    };
    let drift = report(vec![case("a", Verdict::Body, vec![found(Kind::BodyInvalid, "/data/x", "a text", "3")])]);
    let open = RunReport {
        unconfirmed: vec![doubt("c", Kind::BodyInvalid)],
        ..report(vec![case("c", Verdict::Outage, vec![found(Kind::ServerError, "", "an answer", "status 502")])])
    };
    for order in [[0, 1, 2, 3], [3, 2, 1, 0]] {
        let all = [&drift, &held("a", Kind::ServerError), &held("b", Kind::WebPage), &open];
        let shards = order.map(|position| shard(&format!("{position}.json"), all[position]));
        let merged = merge(&shards, None);
        assert_eq!(merged.held, [doubt("b", Kind::WebPage)], "where a case drifted, nobody says that it held");
        assert_eq!(merged.unconfirmed, [doubt("c", Kind::BodyInvalid)]);
        assert_eq!(merged.cases[0].verdict, Verdict::Body);
    }
    // Twice the same is one.
    let merged = merge(&[shard("1", &open), shard("2", &open)], None);
    assert_eq!(json(&merged), json(&open));
}

#[test]
fn what_the_whole_does_not_have_is_told() {
    let mut first = report(vec![case("a", Verdict::Conforms, vec![])]);
    let mut second = report(vec![case("b", Verdict::Conforms, vec![])]);
    first.notes = vec!["once".into(), "of the first".into()];
    second.notes = vec!["once".into()];
    second.target = "https://example.org".into();
    let shards = [shard("1", &first), shard("2", &second)];
    let merged = merge(&shards, None);
    assert_eq!(merged.conclusion(), Conclusion::Conformant);
    assert_eq!(merged.target, "https://example.org, sandbox");
    let notes = ["once", "of the first", "the reports are of 2 targets: https://example.org, sandbox"];
    assert_eq!(merged.notes, notes);
    let merged = merge(&shards, Some(3));
    assert_eq!((merged.missing_reports, merged.conclusion()), (1, Conclusion::Inconclusive));
    assert!(merged.notes.iter().any(|note| note.starts_with("1 of 3 reports missing")), "{:?}", merged.notes);
    // What is merged again knows what it lacks.
    assert_eq!(merge(&[shard("merged", &merged)], None).conclusion(), Conclusion::Inconclusive);
    let drift = report(vec![case("c", Verdict::Body, vec![found(Kind::BodyInvalid, "", "a", "b")])]);
    assert_eq!(merge(&[shard("3", &drift)], Some(9)).conclusion(), Conclusion::Drift, "what was seen was seen");
}

fn vigie(arguments: &[&str], folder: &Path) -> (Option<i32>, Vec<u8>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    command.args(arguments).current_dir(folder).env_remove("VIGIE_API_PARTICULIER_TOKEN");
    let output = command.output().expect("vigie runs");
    (output.status.code(), output.stdout, String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn shards_of_our_own_cases_merge_to_the_report_of_one_run() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let whole = ["check", "--report", "json=whole.json"];
    assert_eq!(vigie(&whole, folder.path()).0, Some(0));
    std::fs::create_dir_all(folder.path().join("shards/deep")).expect("it is made");
    // Most operations are in each of the three.
    for (file, cases) in [("1", "*/2*"), ("deep/2", "*/4*"), ("deep/3", "*/[!24]*")] {
        let report = format!("json=shards/{file}.json");
        assert_eq!(vigie(&["check", "--case", cases, "--report", &report], folder.path()).0, Some(0), "{cases}");
    }
    let (code, merged, err) = vigie(&["merge", "shards", "--expect", "3", "--format", "json"], folder.path());
    assert_eq!((code, err.as_str()), (Some(0), ""));
    let whole = std::fs::read(folder.path().join("whole.json")).expect("it is there");
    assert!(merged == whole, "the merged report is another one");
}

#[test]
fn shards_that_found_drift_merge_to_the_report_of_one_run() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let operation = folder.path().join(format!("cases/{STUDENT}"));
    std::fs::create_dir_all(&operation).expect("it is made");
    let dates = ["2004-02-12", "2004-02-30", "2004-02-30", "12/02/2004", "soon"];
    for (position, (name, date)) in ["a", "b", "c", "d", "e"].into_iter().zip(dates).enumerate() {
        let admissions = if position % 2 == 0 { "[]" } else { "7" };
        let text = format!(
            "params: {{ine: 123456789{position}A}}\nstatus: 200\npayload: '{{\"data\": {{\"identite\": {{\"nom_naissance\": \
             \"LE GOFF\", \"prenom\": \"Nolwenn\", \"date_naissance\": \"{date}\"}}, \"admissions\": {admissions}}}, \
             \"links\": {{}}, \"meta\": {{}}}}'\n"
        );
        std::fs::write(operation.join(format!("{name}.yml")), text).expect("it is written");
    }
    let exceptions = "[[ignore]]\nrule = \"body-invalid\"\nlocation = \"/data/admissions\"\nreason = \"known\"\n\
                      until = 2999-12-31\n";
    std::fs::write(folder.path().join("vigie.toml"), exceptions).expect("it is written");
    let check = |more: &[&str]| vigie(&[&["check", "--corpus", "cases"], more].concat(), folder.path()).0;
    assert_eq!(check(&["--report", "json=whole.json"]), Some(1));
    for (cases, file) in [("[ac]", "1"), ("[bd]", "2"), ("e", "3")] {
        assert_eq!(check(&["--case", cases, "--report", &format!("json={file}.shard")]), Some(1));
    }
    let shards = ["merge", "3.shard", "2.shard", "1.shard", "--format", "json"];
    let (code, merged, err) = vigie(&shards, folder.path());
    assert_eq!(code, Some(1), "{err}");
    let [merged, whole] = [merged, std::fs::read(folder.path().join("whole.json")).expect("it is there")]
        .map(|bytes| String::from_utf8(bytes).expect("it is text"));
    assert_eq!(merged, whole);
    let report: Value = serde_json::from_str(&whole).expect("JSON");
    assert_eq!(report["ignored"].as_array().map(Vec::len), Some(2), "the exception was needed");
    // The shards found one cause, each in other cases.
    let places = |cause: &Value| cause["places"].as_array().map_or(0, Vec::len);
    let causes = report["causes"].as_array().expect("a list");
    assert!(causes.iter().any(|cause| cause["rule"] == "body-invalid" && places(cause) > 2), "{causes:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_scenario_alone_merges_to_the_report_of_one_run() {
    // As the trials of tests/conformance.rs send them: a provider with a schema, and steps that need each other.
    let mobilic = provider("mobilic").expect("ours");
    let mut plan = Plan::new(mobilic, None).expect("our own");
    let sandbox = mobilic.sandbox(&plan.contracts, &plan.corpus, &Options::default()).expect("it is made");
    let running = sandbox.start(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await.expect("it starts");
    let target = || Target::Url(running.base_url());
    let keys: Vec<&str> = vigie_embedded::scenario_names("mobilic").step_by(7).collect();
    let is_meant = |topic: &str, name: &str| keys.contains(&format!("{topic}/{name}").as_str());
    plan.target = target();
    let session = plan.start(|scenario| is_meant(&scenario.topic, &scenario.name)).await.expect("it answers");
    let whole = session.run().await.expect("it runs");
    let mut shards = Vec::new();
    for key in &keys {
        let (topic, name) = key.split_once('/').expect("topic/name");
        let mut plan = Plan::of_topic(mobilic, topic).expect("our own");
        plan.target = target();
        let session = plan.start(|scenario| scenario.name == name).await.expect("it answers");
        let report = session.run().await.expect("it runs");
        assert!(
            report.cases.iter().all(|case| case.case != "introspection"),
            "{key}: the schemas are a trial of their own"
        );
        shards.push(shard(key, &report));
    }
    assert_eq!(json(&merge(&shards, Some(keys.len()))), json(&whole));
    let mut plan = Plan::of_schemas(mobilic).expect("its own");
    plan.target = target();
    let report = plan.start(|_| true).await.expect("it answers").run().await.expect("it runs");
    let cases: Vec<(&str, Verdict)> = report.cases.iter().map(|case| (case.case.as_str(), case.verdict)).collect();
    assert!(!cases.is_empty() && cases.iter().all(|case| *case == ("introspection", Verdict::Conforms)), "{cases:?}");
    running.stop().await;
}

#[test]
fn a_file_is_one_report_however_often_it_is_named_and_an_earlier_merge_is_none() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let good = report(vec![case("a", Verdict::Conforms, vec![])]);
    std::fs::create_dir(folder.path().join("reports")).expect("it is made");
    std::fs::write(folder.path().join("reports/1.json"), json(&good)).expect("it is written");
    for names in [["reports", "reports"], ["reports/1.json", "./reports/1.json"], ["reports", "reports/1.json"]] {
        let (code, out, err) = vigie(&[&["merge"][..], &names, &["--expect", "2"]].concat(), folder.path());
        assert_eq!(code, Some(3), "{names:?}: {err}");
        assert!(String::from_utf8_lossy(&out).contains("1 of 2 reports missing"), "{names:?}");
    }
    // What an earlier night told, beside the shards of this one.
    let bad = report(vec![case("a", Verdict::Body, vec![found(Kind::BodyInvalid, "/data/x", 3, 4)])]);
    std::fs::write(folder.path().join("reports/all.json"), json(&bad)).expect("it is written");
    let merge = ["merge", "reports", "--expect", "1", "--report", "json=reports/all.json"];
    let (code, _, err) = vigie(&merge, folder.path());
    assert_eq!(code, Some(0), "{err}");
    let merged = std::fs::read_to_string(folder.path().join("reports/all.json")).expect("it reads");
    assert_eq!(merged, json(&good));
    // A file that is named is meant.
    let named = ["merge", "reports/1.json", "reports/all.json", "--report", "json=reports/all.json"];
    assert_eq!(vigie(&named, folder.path()).0, Some(0));
}

#[test]
fn a_report_that_cannot_be_read_is_named_with_what_to_do() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let whole = json(&RunReport { held: vec![doubt("b", Kind::WebPage)], ..report(various()) });
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("it is written");
    write("whole.json", &whole);
    write("again.json", &whole);
    for (name, text, part) in [
        ("empty.json", "", "it is empty: its run did not finish"),
        ("cut.json", &whole[..whole.len() / 2], "it is truncated: run the command that wrote it again"),
        ("page.json", "<html>", "it is not JSON"),
        ("list.json", "[]", "not the report of a run (it has no `version`)"),
        ("diff.json", r#"{"version": 1, "changes": []}"#, "not the report of a run (missing field `target`)"),
        ("newer.json", &whole.replacen("\"version\": 1", "\"version\": 2", 1), "a report of version 2"),
        ("rule.json", &whole.replace("body-invalid", "body-odd"), "has no rule `body-odd`"),
        ("held.json", &whole.replace("web-page", "web-odd"), "has no rule `web-odd`"),
        ("unable.json", &whole.replacen("\"drift\"", "\"unable\"", 1), "its run failed to start"),
    ] {
        assert_ne!(text, whole, "{name}");
        write(name, text);
        let (code, out, err) = vigie(&["merge", "whole.json", name], folder.path());
        assert_eq!((code, out.len()), (Some(2), 0), "{name}: {err}");
        assert!(err.starts_with(&format!("error: {name}: ")) && err.contains(part), "{name}: {err}");
    }
    std::fs::create_dir(folder.path().join("none")).expect("it is made");
    for (arguments, part) in [
        (&["merge"][..], "<FILE|DIR>"),
        (&["merge", "none"], "no report (*.json) in this folder"),
        (&["merge", "missing.json"], "missing.json: "),
        (&["merge", "whole.json", "again.json", "--expect", "1"], "--expect 1: there are 2 reports"),
        (&["merge", "whole.json", "--expect", "0"], "--expect"),
    ] {
        let (code, _, err) = vigie(arguments, folder.path());
        assert!(code == Some(2) && err.contains(part), "{arguments:?}: {err}");
    }
}
