//! Whose answer it is, and whether it is a good one: gateways that answer everything alike, errors below a successful
//! status, and people whom only the sandbox knows.

use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};

const JSON: &str = "application/json";
const STUDENT: &str = "api_particulier_v3_mesri_statut_etudiant_with_ine";
const V2_STUDENT: &str = "api_particulier_v2_mesri_student_status";
const GOOD: &str = r#"{"data": {"identite": {"nom_naissance": "LE GOFF", "prenom": "Nolwenn", "date_naissance": "2004-02-12"}, "admissions": []}, "links": {}, "meta": {}}"#;
const CRASH: &str = r#"{"errors": [{"message": "'NoneType' object has no attribute 'id'", "path": ["company"]}], "data": {"company": null}}"#;

/// A folder of cases: operation or topic, name, text.
fn corpus(cases: &[(&str, &str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (operation, name, text) in cases {
        let operation = folder.path().join("cases").join(operation);
        std::fs::create_dir_all(&operation).expect("it is made");
        std::fs::write(operation.join(name), text).expect("it is written");
    }
    folder
}

fn check(provider: &str, folder: &Path, more: &[&str]) -> (Option<i32>, Value) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    command.args(["check", "--provider", provider, "--format", "json"]).args(more).current_dir(folder);
    command.env("VIGIE_API_PARTICULIER_TOKEN", "token").env("VIGIE_MOBILIC_TOKEN", "token");
    let output = command.env("VIGIE_KAIZALA_TOKEN", "id:secret:token").output().expect("vigie runs");
    let [out, err] = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    (output.status.code(), serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}{err}")))
}

fn rules(report: &Value) -> Vec<&str> {
    let cases = report["cases"].as_array().into_iter().flatten();
    let findings = cases.flat_map(|case| case["findings"].as_array().into_iter().flatten());
    findings.filter_map(|found| found["rule"].as_str()).collect()
}

fn json(status: &str, body: &str) -> String {
    support::host::http(status, [("Content-Type", JSON)], body)
}

/// Cases of every provider.
fn every() -> [(&'static str, tempfile::TempDir); 4] {
    let student = "params: {ine: 1234567890G}\nstatus: 200\n";
    [
        ("api-particulier", corpus(&[(STUDENT, "a.yml", student), (V2_STUDENT, "b.yml", student)])),
        ("api-particulier", corpus(&[(V2_STUDENT, "b.yml", student)])),
        ("mobilic", corpus(&[("me", "a.yml", "status: 200\n"), ("checkAuth", "b.yml", "status: 200\n")])),
        ("kaizala", corpus(&[("getAccessToken", "a.yml", "status: 200\n")])),
    ]
}

#[test]
fn a_gateway_that_answers_everything_alike_is_another_host() {
    let constants: [(Option<&str>, &str); 12] = [
        (Some("text/plain"), "OK"),
        (Some("text/plain; charset=utf-8"), "Service temporarily unavailable"),
        (Some("application/xml"), "<ok/>"),
        (Some("application/xhtml+xml"), "<html xmlns='http://www.w3.org/1999/xhtml'/>"),
        (Some("application/octet-stream"), "\u{1}\u{2}"),
        (None, "OK"),
        (Some(JSON), "\"ok\""),
        (Some(JSON), "[]"),
        (Some(JSON), "null"),
        (Some(JSON), "{'ok': 1}"),
        (Some(JSON), "{}"),
        (Some(JSON), r#"{"status": "ok"}"#),
    ];
    for (provider, folder) in every() {
        for (media_type, body) in constants {
            let target = support::host::start(move |_| {
                support::host::http("200 OK", media_type.map(|own| ("Content-Type", own)), body)
            });
            let (code, report) = check(provider, folder.path(), &["--corpus", "cases", "--target", &target]);
            assert_eq!(code, Some(3), "{provider} {media_type:?} {body}: {report}");
            let unknown: Vec<&str> =
                rules(&report).into_iter().filter(|rule| !["wrong-host", "schema-untold"].contains(rule)).collect();
            assert_eq!(unknown, [""; 0], "{provider} {media_type:?} {body}: {report}");
            assert!(rules(&report).contains(&"wrong-host"), "{provider} {media_type:?} {body}: {report}");
        }
    }
}

#[test]
fn an_operation_that_has_become_something_else_is_drift() {
    let student = "params: {ine: 1234567890G}\nstatus: 200\n";
    let odd = [(JSON, "[]"), (JSON, "null"), ("text/plain", "OK")];
    for (media_type, body) in odd {
        let changed = move |_: &str| support::host::http("200 OK", [("Content-Type", media_type)], body);
        // The ping answers, another operation does, and none of both: what no API has is not answered in any case.
        for (ping, other) in [(true, false), (false, true), (false, false)] {
            let cases: &[_] =
                &[(STUDENT, "a.yml", student), (V2_STUDENT, "b.yml", "params: {ine: 1234567890H}\nstatus: 404\n")];
            let folder = corpus(if other { cases } else { &cases[..1] });
            let target = support::host::start(move |first| match first {
                _ if first.starts_with("HEAD") => support::host::http("204 No Content", [], ""),
                _ if first.contains("/api/ping") && ping => json("200 OK", "\"pong\""),
                _ if first.contains("/api/v2/") && other => {
                    json("404 Not Found", r#"{"error": "not_found", "reason": "r", "message": "m"}"#)
                }
                _ if first.contains("/v3/") => changed(first),
                _ => json("503 Service Unavailable", "{}"),
            });
            let (code, report) = check("api-particulier", folder.path(), &["--corpus", "cases", "--target", &target]);
            assert_eq!(code, Some(1), "{body} {ping} {other}: {report}");
            assert!(!rules(&report).contains(&"wrong-host"), "{report}");
        }
        let mobilic = corpus(&[("me", "a.yml", "status: 200\n"), ("checkAuth", "b.yml", "status: 200\n")]);
        let target = support::host::start(move |first| match first {
            _ if first.starts_with("POST /graphql") => changed(first),
            _ if first.contains("/next-webinars") => json("200 OK", "[]"),
            _ => json("404 Not Found", "{}"),
        });
        let (code, report) =
            check("mobilic", mobilic.path(), &["--corpus", "cases", "--operation", "me", "--target", &target]);
        assert_eq!((code, rules(&report).contains(&"wrong-host")), (Some(1), false), "{body}: {report}");
        let kaizala = corpus(&[("getAccessToken", "a.yml", "status: 200\n")]);
        let target = support::host::start(move |first| match first {
            _ if first.contains("/accessToken") => changed(first),
            _ => json("404 Not Found", "{}"),
        });
        let (code, report) = check("kaizala", kaizala.path(), &["--corpus", "cases", "--target", &target]);
        assert_eq!((code, rules(&report).contains(&"wrong-host")), (Some(1), false), "{body}: {report}");
    }
}

/// Asks for a company, and for nothing else; `answers` come in turn, and the last one stays.
fn company(text: &str, answers: &'static [&'static str]) -> (Option<i32>, Value) {
    // A second operation, so that the live schema is not asked for.
    let folder = corpus(&[("company", "case.yml", text), ("me", "other.yml", "status: 200\n")]);
    let asked = Mutex::new(0);
    let target = support::host::start(move |first| {
        if !first.starts_with("POST /graphql") {
            // Even what anybody may ask is down.
            return json("503 Service Unavailable", "{}");
        }
        let mut asked = asked.lock().expect("no panic");
        *asked += 1;
        json("200 OK", answers[(*asked - 1).min(answers.len() - 1)])
    });
    check("mobilic", folder.path(), &["--corpus", "cases", "--case", "case", "--target", &target])
}

#[test]
fn errors_below_a_successful_status_are_no_good_answer() {
    const CODED: &str =
        r#"{"errors": [{"message": "m", "extensions": {"code": "INVALID_RESOURCE"}}], "data": {"company": null}}"#;
    const FORBIDDEN: &str =
        r#"{"errors": [{"message": "m", "extensions": {"code": "AUTHORIZATION_ERROR"}}], "data": null}"#;
    const NOBODY: &str =
        r#"{"errors": [{"message": "m", "extensions": {"code": "AUTHENTICATION_ERROR"}}], "data": {"company": null}}"#;
    let plain = "params: {id: 12}\nstatus: 200\n";
    let good = good_company();
    let partial: &'static str = format!(r#"{{"errors": [{{"message": "m"}}], {}"#, &good[1..]).leak();
    let broken: &'static str = good.replace(r#""id":12"#, r#""id":"twelve""#).leak();
    let expected = [
        (plain, vec![good], 0, vec![]),
        // A failure that does not last is none; one that does is drift.
        (plain, vec![CRASH, good], 0, vec![]),
        (plain, vec![CRASH], 1, vec!["error-unexpected"]),
        (plain, vec![partial], 1, vec!["error-unexpected"]),
        (plain, vec![CODED], 1, vec!["error-unexpected"]),
        (plain, vec![CODED, good], 0, vec![]),
        (plain, vec![NOBODY], 3, vec!["token-refused"]),
        (plain, vec![FORBIDDEN], 3, vec!["scope-missing"]),
        ("params: {id: 12}\nstatus: 200\nexpect: {code: INVALID_RESOURCE}\n", vec![CODED], 0, vec![]),
        ("params: {id: 12}\nstatus: 200\nexpect: {code: INVALID_RESOURCE}\n", vec![CRASH], 1, vec!["error-unexpected"]),
        ("params: {id: 12}\nstatus: 200\nexpect: {uncoded: true}\n", vec![CRASH], 0, vec![]),
        ("params: {id: 12}\nstatus: 200\nexpect: {uncoded: true}\n", vec![good], 1, vec!["error-code-differs"]),
        // Another type is drift, whether the ping answers or not.
        (plain, vec![broken], 1, vec!["body-invalid", "client-decode-failed"]),
    ];
    for (text, answers, code, told) in expected {
        let (found, report) = company(text, answers.clone().leak());
        assert_eq!((found, rules(&report)), (Some(code), told), "{text} {answers:?}: {report}");
        assert_eq!(report["summary"]["conform"], json!(i32::from(code == 0)), "{text} {answers:?}: {report}");
    }
}

#[test]
fn an_error_code_below_a_successful_status_is_told_of_every_provider() {
    let token = r#"{"accessToken": "a", "endpointUrl": "https://k.example/", "accessTokenExpiry": 1700000000000, "scope": "s"}"#;
    let student = "params: {ine: 1234567890G}\nstatus: 200\n";
    for (provider, operation, case, good, member, code, told) in [
        ("kaizala", "getAccessToken", "status: 200\n", token, r#""errorCode": "ServiceBusy""#, 1, "error-unexpected"),
        ("kaizala", "getAccessToken", "status: 200\n", token, r#""errorCode": "InvalidToken""#, 3, "token-refused"),
        ("api-particulier", STUDENT, student, GOOD, r#""errors": [{"code": "37003"}]"#, 1, "error-unexpected"),
    ] {
        let folder = corpus(&[(operation, "a.yml", case)]);
        let found = [good.to_owned(), good.replacen('{', &format!("{{{member}, "), 1)].map(|body| {
            let target = support::host::start(move |first| match first {
                _ if first.contains("/accessToken") || first.contains("/v3/") => json("200 OK", &body),
                _ => json("404 Not Found", "{}"),
            });
            check(provider, folder.path(), &["--corpus", "cases", "--target", &target])
        });
        assert_eq!(found[0].0, Some(0), "{}", found[0].1);
        assert_eq!(found[1].0, Some(code), "{}", found[1].1);
        assert!(rules(&found[1].1).contains(&told), "{}", found[1].1);
    }
}

/// An answer to the query of a company as the contract has it.
fn good_company() -> &'static str {
    let provider = vigie_harness::providers::provider("mobilic").expect("ours");
    let judge = vigie_judge::Judge::new(provider.contracts().remove(0));
    let operation = judge.contract.operation("company").expect("it is in the contract");
    let schema = &judge.schema(operation, 200)["properties"]["data"]["properties"]["company"];
    let mut company = json!({});
    for (name, own) in schema["properties"].as_object().expect("it has members") {
        let kind = |wanted: &str| own["type"] == wanted || own["type"].as_array().is_some_and(|all| all[0] == wanted);
        company[name] = match () {
            () if kind("integer") => json!(12),
            () if kind("boolean") => json!(true),
            () if kind("string") => json!("x"),
            () if kind("array") => json!([]),
            () => Value::Null,
        };
    }
    company["id"] = json!(12);
    json!({"data": {"company": company}}).to_string().leak()
}

#[test]
fn a_step_that_expects_no_error_and_one_that_was_not_reached_are_not_green() {
    let folder = corpus(&[("read", "a.yml", "steps: [{operation: company, params: {id: 999999}}]\n")]);
    let (code, report) = check("mobilic", folder.path(), &["--corpus", "cases"]);
    assert_eq!((code, rules(&report)), (Some(1), vec!["error-unexpected"]), "{report}");

    // The first step is answered as the contract has it, and lacks what the second one needs.
    let steps = "steps:\n- operation: publicCompanyCertification\n  body: {search_input: nobody}\n  capture: {id: '$[0].id'}\n\
                 - operation: company\n  params: {id: '{{id}}'}\n";
    let folder = corpus(&[("read", "a.yml", steps)]);
    let (code, report) = check("mobilic", folder.path(), &["--corpus", "cases"]);
    assert_eq!(code, Some(3), "{report}");
    assert_eq!(rules(&report), ["request-unbuilt"], "{report}");
}

#[test]
fn an_object_without_anything_of_the_contract_is_no_good_answer() {
    let student = "params: {ine: 1234567890G}\nstatus: 200\n";
    let folder = corpus(&[(V2_STUDENT, "a.yml", student), (STUDENT, "b.yml", student)]);
    let target = support::host::start(|first| match first {
        _ if first.starts_with("HEAD") => support::host::http("204 No Content", [], ""),
        _ if first.contains("/api/v2/") => json("200 OK", "{}"),
        _ if first.contains("/v3/") => json("200 OK", GOOD),
        _ => json("404 Not Found", "{}"),
    });
    let (code, report) = check("api-particulier", folder.path(), &["--corpus", "cases", "--target", &target]);
    assert_eq!((code, rules(&report)), (Some(3), vec!["answer-empty"]), "{report}");
}

#[test]
fn nothing_that_names_the_sandbox_is_sent_to_another_host() {
    let own = corpus(&[("read", "a.yml", "steps: [{operation: user, params: {id: 318450271}}, {operation: me}]\n")]);
    for more in [&[][..], &["--corpus", "cases"]] {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&seen);
        let target = support::host::start(move |first| {
            log.lock().expect("no panic").push(first.to_owned());
            json("404 Not Found", "{}")
        });
        let (code, report) = check("mobilic", own.path(), &[&["--target", &target], more].concat());
        assert_eq!(code, Some(3), "{report}");
        // Of a scenario that names one of them no step is sent, not even one that names nobody.
        let cases = || report["cases"].as_array().into_iter().flatten();
        let is_beside = |case: &Value| !more.is_empty() && case["operation"] == "me";
        let unsent = cases().filter(|case| case["operation"] == "user" || is_beside(case));
        assert!(unsent.clone().count() > 1, "{report}");
        for case in unsent {
            assert_eq!(case["findings"][0]["rule"], "case-left-out", "{case}");
        }
        let bad = cases().filter(|case| case["case"] == "person-oneself-bad-cursor" && case["verdict"] != "skipped");
        assert_eq!(bad.count(), 0, "{report}");
        assert!(!seen.lock().expect("no panic").is_empty());
    }
}

#[test]
fn what_only_our_client_gets_wrong_is_no_drift_and_can_be_excepted() {
    const QUOTIENT: &str = "api_particulier_v2_cnav_quotient_familial_v2";
    let case = "params: {nomNaissance: LANNUZEL, prenoms: [Aziliz], anneeDateDeNaissance: 1990, sexe: F, \
                codePaysLieuDeNaissance: '99100', codeInseeLieuDeNaissance: '29019'}\nstatus: 200\n";
    let folder = corpus(&[(QUOTIENT, "a.yml", case)]);
    let except = "[[ignore]]\nrule = \"client-decode-failed\"\nreason = \"reported\"\nuntil = 2999-12-31\n";
    std::fs::write(folder.path().join("except.toml"), except).expect("it is written");
    let check_of = |quotient: &'static str, more: &[&str]| {
        let target = support::host::start(move |first| {
            let person = r#"{"nomNaissance": "MADEZO", "prenoms": "ALAN", "sexe": "M"}"#;
            let rest = format!(r#""allocataires": [{person}], "enfants": [], "annee": 2025, "mois": 9"#);
            let body = format!(r#"{{"quotientFamilial": {quotient}, {rest}}}"#);
            let headers = [("Content-Type", JSON), ("X-Response-Cached", "false"), ("X-Cache-Expires-in", "0")];
            let is_case = first.contains("/composition-familiale-v2");
            if is_case { support::host::http("200 OK", headers, &body) } else { json("404 Not Found", "{}") }
        });
        check("api-particulier", folder.path(), &[&["--corpus", "cases", "--target", &target], more].concat())
    };
    // An integer to JSON Schema, and to the client too; one that no 64 bits hold; a key twice; no integer at all.
    assert_eq!(check_of("687.0", &[]).0, Some(0));
    let big = "99999999999999999999";
    let files = ["--report", "junit=r.xml", "--report", "summary=r.md", "--report", "json=r.json"];
    let (code, report) = check_of(big, &files);
    assert_eq!((code, rules(&report)), (Some(3), vec!["client-decode-failed"]), "{report}");
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).expect("it was written");
    assert!(read("r.xml").contains("<error") && !read("r.xml").contains("<failure"), "{}", read("r.xml"));
    assert!(read("r.md").contains("### Bugs of the client that vigie generates (1)"), "{}", read("r.md"));
    let mut merge = Command::new(env!("CARGO_BIN_EXE_vigie"));
    let merged =
        merge.args(["merge", "r.json", "--format", "json"]).current_dir(folder.path()).output().expect("it runs");
    assert_eq!((merged.status.code(), String::from_utf8_lossy(&merged.stdout)), (Some(3), read("r.json").into()));
    assert_eq!(report["cases"][0]["findings"][0]["class"], "client", "{report}");
    assert_eq!((&report["cases"][0]["verdict"], &report["causes"][0]["class"]), (&json!("client"), &json!("client")));
    let notes = report["notes"].to_string();
    assert!(notes.contains("a bug in vigie") && !report.to_string().contains("breaking"), "{report}");
    let (code, report) = check_of(big, &["--config", "except.toml"]);
    assert_eq!((code, &report["cases"][0]["verdict"]), (Some(0), &json!("conforms")), "{report}");
    let (code, report) = check_of("1, \"annee\": 2024", &[]);
    assert_eq!((code, &report["cases"][0]["findings"][0]["class"]), (Some(1), &json!("breaking")), "{report}");
    let (code, report) = check_of("\"687\"", &[]);
    assert_eq!((code, rules(&report)), (Some(1), vec!["body-invalid", "client-decode-failed"]), "{report}");
    assert!(report["cases"][0]["findings"].to_string().matches("breaking").count() == 2, "{report}");
}
