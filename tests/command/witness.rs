//! `vigie check --published`: which two of published document, served answers and accepted contract agree.

use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

const STUDENT: &str = "api_particulier_v3_mesri_statut_etudiant_with_ine";
const ROUTE: &str = "/v3/mesri/statut_etudiant/ine";

/// A change of a schema.
type Edit = fn(&mut Value);

/// An answer as it was accepted.
fn accepted() -> Value {
    let person = json!({"nom_naissance": "OSTERMANN", "prenom": "Nolwenn", "date_naissance": "2004-02-12"});
    let formation = json!({"code": "RF1", "libelle": "formation initiale"});
    json!({"data": {"identite": person, "admissions": [{"regime_formation": formation}]}, "links": {}, "meta": {}})
}

/// The vendored contract of v3, as a provider might publish the next one.
fn document() -> Value {
    let path = support::root().join("specs/api-particulier/v3/open-api.yml");
    serde_yaml::from_str(&std::fs::read_to_string(path).expect("it reads")).expect("it is YAML")
}

/// The schema at a place of the 200 answer, references followed: `data/admissions/[]/regime_formation`.
fn schema<'a>(document: &'a mut Value, place: &str) -> &'a mut Value {
    let mut pointer = format!("/paths/{}/get/responses/200/content/application~1json/schema", ROUTE.replace('/', "~1"));
    for step in place.split('/').chain([""]) {
        while let Some(reference) = document.pointer(&pointer).and_then(|schema| schema["$ref"].as_str()) {
            pointer = reference.trim_start_matches('#').to_owned();
        }
        match step {
            "" => {}
            "[]" => pointer.push_str("/items"),
            name => pointer.extend(["/properties/", name]),
        }
    }
    document.pointer_mut(&pointer).expect("it is there")
}

/// One run against a host that answers so, with this document beside it.
fn check(published: &[u8], answer: &Value) -> (Option<i32>, Value) {
    check_in_turn(published, std::slice::from_ref(answer))
}

/// The same against a host that answers in turn; the last answer stays.
fn check_in_turn(published: &[u8], answers: &[Value]) -> (Option<i32>, Value) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("published.yml"), published).expect("it is written");
    let (code, text) = check_with(folder.path(), "published.yml", answers, "json");
    (code, serde_json::from_str(&text).expect("it is JSON"))
}

fn check_with(folder: &Path, published: &str, answers: &[Value], format: &str) -> (Option<i32>, String) {
    std::fs::create_dir_all(folder.join("cases").join(STUDENT)).expect("it is made");
    let case = "params: {ine: 1234567890G}\nstatus: 200\n";
    std::fs::write(folder.join("cases").join(STUDENT).join("case.yml"), case).expect("it is written");
    let answers: Vec<String> = answers
        .iter()
        .map(|answer| support::host::http("200 OK", [("Content-Type", "application/json")], &answer.to_string()))
        .collect();
    let cases = AtomicUsize::new(0);
    let target = support::host::start(move |first| {
        if first.starts_with("HEAD") {
            return support::host::http("204 No Content", [], "");
        }
        let count = cases.fetch_add(usize::from(first.contains(ROUTE)), Ordering::Relaxed);
        answers[count.min(answers.len() - 1)].clone()
    });
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    command.args(["check", "--corpus", "cases", "--target", &target, "--format", format, "--published", published]);
    let output = command.current_dir(folder).env("VIGIE_API_PARTICULIER_TOKEN", "t0ken").output();
    let output = output.expect("vigie runs");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(!text.contains("OSTERMANN") && !text.contains("t0ken"), "{text}");
    (output.status.code(), if text.is_empty() { String::from_utf8_lossy(&output.stderr).into_owned() } else { text })
}

/// Testimony, where it was seen, and the rule, of each witness.
fn told(report: &Value) -> Vec<(String, String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let each = report["witnesses"].as_array().into_iter().flatten();
    each.map(|witness| (text(&witness["testimony"]), text(&witness["seen"]), text(&witness["rule"]))).collect()
}

fn three(testimony: &str, seen: &str, rule: &str) -> (String, String, String) {
    (testimony.into(), seen.into(), rule.into())
}

fn yaml(document: &Value) -> Vec<u8> {
    serde_yaml::to_string(document).expect("it is written").into_bytes()
}

#[test]
fn three_that_agree_are_not_spoken_of() {
    let (code, report) = check(&yaml(&document()), &accepted());
    assert_eq!((code, &report["witnesses"]), (Some(0), &Value::Null), "{report}");
}

#[test]
fn published_and_served_agree_so_the_contract_is_behind() {
    let code_of = "data/admissions/[]/regime_formation/code";
    let mut document = document();
    schema(&mut document, code_of)["enum"].as_array_mut().expect("it has values").push("RF8".into());
    let mut answer = accepted();
    answer["data"]["admissions"][0]["regime_formation"]["code"] = "RF8".into();
    let (code, report) = check(&yaml(&document), &answer);
    assert_eq!(code, Some(1), "{report}");
    let behind = |seen, rule| three("contract-behind", seen, rule);
    let expected = [behind("in-answers", "body-invalid"), behind("in-document", "response-enum-value-added")];
    assert_eq!(told(&report), expected, "{report}");
    let first = &report["witnesses"][0];
    assert_eq!(first["agree"], json!(["published", "served"]));
    let cause = report["causes"].as_array().into_iter().flatten().find(|cause| cause["rule"] == "body-invalid");
    assert_eq!(cause.map(|cause| &cause["id"]), Some(&first["cause"]));
    assert_eq!((&first["contract"], &first["places"]), (&json!("api-particulier/v3"), &json!(1)));
}

#[test]
fn the_look_that_counts_is_the_one_that_witnesses() {
    let mut document = document();
    let code_of = schema(&mut document, "data/admissions/[]/regime_formation/code");
    code_of["enum"].as_array_mut().expect("it has values").push("RF8".into());
    let mut drift = accepted();
    drift["data"]["admissions"][0]["regime_formation"]["code"] = "RF8".into();
    let mut fluke = accepted();
    fluke["data"]["identite"]["date_naissance"] = "12/02/2004".into();
    // The last look of a single case is the fifth.
    let turns = [&drift, &drift, &drift, &drift, &fluke].map(Value::clone);
    let (code, report) = check_in_turn(&yaml(&document), &turns);
    assert_eq!(code, Some(1), "{report}");
    let behind = |seen, rule| three("contract-behind", seen, rule);
    let expected = [behind("in-answers", "body-invalid"), behind("in-document", "response-enum-value-added")];
    assert_eq!(told(&report), expected, "{report}");
    // What held is as accepted, whatever one look saw.
    let (code, report) = check_in_turn(&yaml(&document), &[drift, accepted()]);
    assert_eq!((code, report["held"].as_array().map(Vec::len)), (Some(0), Some(1)), "{report}");
    assert_eq!(told(&report), [three("not-shown", "in-document", "response-enum-value-added")], "{report}");
}

#[test]
fn published_and_accepted_agree_so_the_service_does_something_else() {
    let mut answer = accepted();
    answer["data"]["identite"]["date_naissance"] = "12/02/2004".into();
    let (code, report) = check(&yaml(&document()), &answer);
    assert_eq!(code, Some(1));
    assert_eq!(told(&report), [three("service-differs", "in-answers", "body-invalid")], "{report}");
    assert_eq!(report["witnesses"][0]["agree"], json!(["published", "accepted"]));
}

#[test]
fn accepted_and_served_agree_so_the_document_is_ahead_and_nothing_fails() {
    let edits: [(&str, Edit, &str); 4] = [
        ("data/identite/nom_naissance", |schema| schema["enum"] = json!(["MARTIN"]), "response-enum-constraint-added"),
        ("data/identite/prenom", |schema| schema["format"] = json!("date"), "response-format-added"),
        (
            "data/admissions/[]/regime_formation",
            |schema| {
                schema["properties"]["duree"] = json!({"type": "integer"});
                schema["required"] = json!(["duree"]);
            },
            "response-property-added",
        ),
        (
            "data",
            |schema| {
                schema["properties"].as_object_mut().expect("it has some").remove("admissions");
                schema["required"] = json!(["identite"]);
            },
            "response-property-removed",
        ),
    ];
    for (place, edit, rule) in edits {
        let mut document = document();
        edit(schema(&mut document, place));
        let (code, report) = check(&yaml(&document), &accepted());
        assert_eq!(code, Some(0), "{place}: {report}");
        assert!(told(&report).contains(&three("document-ahead", "in-document", rule)), "{place}: {report}");
        assert_eq!(report["witnesses"][0]["agree"], json!(["accepted", "served"]), "{place}");
    }
}

#[test]
fn what_no_answer_shows_is_not_made_up() {
    let mut document = document();
    let code_of = schema(&mut document, "data/admissions/[]/regime_formation/code");
    code_of["enum"].as_array_mut().expect("it has values").push("RF8".into());
    let other = &mut document["paths"]["/v3/mesri/statut_etudiant/identite"]["get"]["responses"];
    let gone = other.as_object_mut().and_then(|answers| answers.remove("502"));
    assert!(gone.is_some());
    let (code, report) = check(&yaml(&document), &accepted());
    assert_eq!(code, Some(0), "{report}");
    let expected = [
        three("not-shown", "in-document", "response-enum-value-added"),
        three("not-seen", "in-document", "response-status-removed"),
    ];
    assert_eq!(told(&report), expected, "{report}");
    assert_eq!(report["witnesses"][0]["agree"], json!([]));
}

#[test]
fn when_all_three_differ_no_two_agree() {
    let mut document = document();
    schema(&mut document, "data/identite/date_naissance")["format"] = "date-time".into();
    let mut answer = accepted();
    answer["data"]["identite"]["date_naissance"] = "12/02/2004".into();
    let (code, report) = check(&yaml(&document), &answer);
    assert_eq!(code, Some(1));
    let told = told(&report);
    assert!(told.iter().all(|(testimony, ..)| testimony == "undecided") && told.len() == 2, "{report}");
}

#[test]
fn an_operation_that_the_document_lost_and_the_service_serves_is_no_drift() {
    let mut document = document();
    document["paths"].as_object_mut().expect("it has paths").remove(ROUTE);
    let (code, report) = check(&yaml(&document), &accepted());
    assert_eq!(code, Some(0), "{report}");
    assert_eq!(told(&report), [three("document-ahead", "in-document", "operation-removed")]);
}

#[test]
fn a_document_that_is_not_credible_is_no_witness() {
    let whole = yaml(&document());
    let other = String::from_utf8_lossy(&whole).replace("title: API Particulier", "title: Another");
    for (published, reason) in
        [(&whole[..0], "empty"), (&whole[..whole.len() / 2], "operations are gone"), (other.as_bytes(), "another API")]
    {
        let (code, report) = check(published, &accepted());
        assert_eq!(code, Some(0), "{report}");
        let note = report["notes"][0].as_str().unwrap_or_default();
        assert!(note.starts_with("published.yml: not credible") && note.contains(reason), "{report}");
        assert_eq!(report["witnesses"], Value::Null);
    }
}

#[test]
fn a_folder_is_read_as_fetch_fills_it_and_what_lacks_is_told() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (code, error) = check_with(folder.path(), "published", &[accepted()], "human");
    assert_eq!(code, Some(2));
    assert!(error.contains("--published published"), "{error}");

    let mut document = document();
    schema(&mut document, "data/identite/prenom")["format"] = json!("date");
    let place = folder.path().join("published/api-particulier/v3");
    std::fs::create_dir_all(&place).expect("it is made");
    std::fs::write(place.join("document"), yaml(&document)).expect("it is written");
    let (code, text) = check_with(folder.path(), "published", &[accepted()], "human");
    assert_eq!(code, Some(0));
    let line = "response-format-added in the document of api-particulier/v3: GET ";
    assert!(text.contains("witnesses: accepted and served agree: ") && text.contains(line), "{text}");
    assert!(text.contains("v2/document: missing") && text.contains("cargo xtask fetch"), "{text}");
}

/// The embedded double tells our own schema.
#[test]
fn a_published_schema_witnesses_beside_the_one_that_the_target_tells() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = support::root().join("specs/mobilic/schema.graphql");
    let own = std::fs::read_to_string(path).expect("it reads");
    let more = format!("{own}\nextend type Queries {{ lanterne: Int }}\n");
    for (published, expected) in
        [(own, vec![]), (more, vec![three("document-ahead", "in-document", "operation-added")])]
    {
        std::fs::write(folder.path().join("schema.graphql"), published).expect("it is written");
        let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
        command.args(["check", "--provider", "mobilic", "--format", "json", "--published", "schema.graphql"]);
        let output = command.current_dir(folder.path()).output().expect("vigie runs");
        let report: Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
        assert_eq!((output.status.code(), told(&report)), (Some(0), expected), "{}", report["notes"]);
    }
}
