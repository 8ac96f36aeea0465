use super::{Exceptions, Scope};
use chrono::NaiveDate;
use serde_json::Value;
use vigie_drift::deviation::{Deviation, Kind};
use vigie_drift::find;
use vigie_drift::finding::{CaseReport, Class, Conclusion, Finding, Verdict};
use vigie_drift::run::RunReport;

const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 6, 1).unwrap();

fn exceptions(text: &str) -> Exceptions {
    Exceptions::parse("vigie.toml", text, TODAY).expect("it is right")
}

fn ignore(rule: &str, rest: &str, until: &str) -> String {
    format!("[[ignore]]\nrule = \"{rule}\"\n{rest}\nreason = \"ticket 123\"\nuntil = {until}\n")
}

fn removed(operation: &str, place: &str) -> Finding {
    let Ok(place) = place.parse();
    find(Deviation::new(Kind::ResponsePropertyRemoved, place, "required", Value::Null).of(operation), |_| None)
}

#[test]
fn an_exception_takes_out_what_it_names_and_nothing_else() {
    let text = ignore(
        "response-property-removed",
        "operation = \"GET /v3/men/*\"\nlocation = \"200 data.est_boursier\"",
        "2026-06-01",
    );
    let findings = vec![
        removed("GET /v3/men/scolarites", "200 data.est_boursier"),
        removed("GET /v3/men/scolarites", "200 data.nom"),
        removed("GET /v3/mesri/etudiants", "200 data.est_boursier"),
        find(
            Deviation {
                kind: Kind::PropertyRenamed,
                ..removed("GET /v3/men/scolarites", "200 data.est_boursier").fact
            },
            |_| None,
        ),
    ];
    let applied = exceptions(&text).apply(findings, Scope::Documents);
    assert_eq!((applied.kept.len(), applied.ignored.len(), applied.notes.len()), (3, 1, 0));
    let ignored = &applied.ignored[0];
    assert_eq!((ignored.reason.as_str(), ignored.until.as_str()), ("ticket 123", "2026-06-01"));
    assert_eq!((ignored.exception.as_str(), ignored.finding.class), ("vigie.toml:1", Class::Breaking));
}

#[test]
fn an_exception_that_ended_ignores_nothing_and_is_told() {
    let text = ignore("response-property-removed", "", "2026-05-31");
    let applied = exceptions(&text).apply(vec![removed("GET /a", "200 a")], Scope::Documents);
    assert_eq!((applied.kept.len(), applied.ignored.len()), (1, 0));
    let expected = "vigie.toml:1: the exception for `response-property-removed` ended on 2026-05-31 (ticket 123): 1 finding counts again";
    assert_eq!(applied.notes, [expected]);
    let applied = exceptions(&text).apply(vec![], Scope::Part);
    assert!(applied.notes[0].ends_with("remove it, or decide again"), "{:?}", applied.notes);
    assert!(exceptions(&text).apply(vec![], Scope::Step).notes.is_empty());
    // Another one that still holds is enough.
    let both = text + &ignore("response-property-removed", "operation = \"GET /a\"", "2026-12-31");
    let applied = exceptions(&both).apply(vec![removed("GET /a", "200 a")], Scope::Documents);
    assert_eq!((applied.kept.len(), applied.ignored[0].exception.as_str()), (0, "vigie.toml:6"));
}

#[test]
fn an_unused_exception_is_told_where_it_could_have_been_used() {
    for (rule, scope, told) in [
        ("parameter-removed", Scope::Documents, true),
        ("parameter-removed", Scope::Answers, false),
        ("value-form-changed", Scope::Answers, true),
        ("value-form-changed", Scope::Documents, false),
        ("query-invalid", Scope::Answers, false),
        ("client-decode-lossy", Scope::Answers, true),
        ("response-property-removed", Scope::Answers, true),
        ("response-property-removed", Scope::Documents, true),
        ("response-property-removed", Scope::Part, false),
        ("response-property-removed", Scope::Step, false),
    ] {
        let applied = exceptions(&ignore(rule, "", "2026-12-31")).apply(vec![], scope);
        assert_eq!(!applied.notes.is_empty(), told, "{rule} in {scope:?}");
        assert!(applied.notes.iter().all(|note| {
            note.ends_with("(ticket 123) ignored nothing in this run; remove it, unless another run needs it")
        }));
    }
}

#[test]
fn a_severity_changes_the_class_and_a_renaming_is_known_by_its_own_name() {
    let mut half = removed("GET /a", "200 a");
    half.fact.twin = Some("b".into());
    let lowered = exceptions("[severity]\nproperty-renamed = \"compatible\"\n");
    let applied = lowered.apply(vec![half.clone(), removed("GET /a", "200 a")], Scope::Documents);
    let classes: Vec<Class> = applied.kept.iter().map(|finding| finding.class).collect();
    assert_eq!(classes, [Class::Compatible, Class::Breaking]);
    let ignored = exceptions(&ignore("property-renamed", "", "2026-12-31")).apply(vec![half], Scope::Documents);
    assert_eq!(ignored.kept.len(), 0);
}

fn run(kind: Kind, pointer: &str, verdict: Verdict) -> RunReport {
    let Ok(location) = pointer.parse();
    let found = vec![find(Deviation::new(kind, location, "a", "b"), |_| None)];
    let mut case = CaseReport::new("op/case.yml", "op", "case").with(found);
    case.status = Some(200);
    case.request = "GET /v3/a/{id}".into();
    assert_eq!(case.verdict, verdict);
    RunReport { cases: vec![case], ..RunReport::default() }
}

#[test]
fn the_verdict_of_a_case_follows_from_what_still_counts() {
    let excepted = |mut report: RunReport, text: &str| {
        exceptions(text).apply_to_run(&mut report, Scope::Answers);
        (report.cases[0].verdict, report.conclusion(), report.ignored.len())
    };
    let form = || run(Kind::ValueFormChanged, "/data/a/0/b", Verdict::Snapshot);
    assert_eq!(excepted(form(), ""), (Verdict::Snapshot, Conclusion::Drift, 0));
    for place in [
        "",
        "operation = \"op\"",
        "operation = \"GET /v3/a/{id}\"",
        "location = \"200 data.a[].b\"",
        "location = \"/data/a/*/b\"",
    ] {
        let text = ignore("value-form-changed", place, "2026-12-31");
        assert_eq!(excepted(form(), &text), (Verdict::Conforms, Conclusion::Conformant, 1), "{place}");
    }
    let elsewhere = ignore("value-form-changed", "location = \"200 data.a.b\"", "2026-12-31");
    assert_eq!(excepted(form(), &elsewhere), (Verdict::Snapshot, Conclusion::Drift, 0));
    let lowered = "[severity]\nvalue-form-changed = \"uncertain\"\n";
    assert_eq!(excepted(form(), lowered), (Verdict::Conforms, Conclusion::Conformant, 0));
    let raised = "[severity]\nheader-missing = \"breaking\"\n";
    let header = run(Kind::HeaderMissing, "retry-after", Verdict::Conforms);
    assert_eq!(excepted(header, raised), (Verdict::Headers, Conclusion::Drift, 0));
}

#[test]
fn a_case_that_was_not_sent_does_not_conform_whatever_is_ignored() {
    let mut report = run(Kind::CaseNotSent, "", Verdict::Skipped);
    exceptions(&ignore("case-not-sent", "", "2026-12-31")).apply_to_run(&mut report, Scope::Answers);
    assert_eq!((report.cases[0].verdict, report.conclusion()), (Verdict::Skipped, Conclusion::Inconclusive));
}
