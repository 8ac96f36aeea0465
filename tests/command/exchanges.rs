//! `vigie check --exchanges`, on the real binary.

use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};

const STUDENT: &str = "/v3/mesri/statut_etudiant/ine";

fn check(folder: &Path, more: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    command.args(["check", "--exchanges", "."]).args(more).current_dir(folder).output().expect("vigie runs")
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn records(records: &[(&str, String)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, text) in records {
        std::fs::write(folder.path().join(name), text).expect("it is written");
    }
    folder
}

fn record(query: &str, birth: &str) -> String {
    let identity = format!("{{nom_naissance: KERMORVAN, prenom: Enora, date_naissance: '{birth}'}}");
    format!(
        "request: {{method: GET, path: {STUDENT}, query: {query}}}\nresponse:\n  status: 200\n  body:\n    \
         data: {{identite: {identity}, admissions: []}}\n    links: {{}}\n    meta: {{}}\n"
    )
}

#[test]
fn records_are_judged_on_both_sides_and_their_values_are_not_told() {
    let folder = records(&[
        ("a.yaml", record("{ine: 2305118746K, recipient: '13002526500013'}", "2005-03-14")),
        ("b.yaml", record("{recipient: '13002526500013'}", "2005-02-30")),
        ("c.yml", "request: {method: GET, path: /v3/nowhere}".to_owned()),
    ]);
    let output = check(folder.path(), &["--format", "json"]);
    assert_eq!(output.status.code(), Some(1), "{}", err(&output));
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(!text.contains("KERMORVAN") && !text.contains("2005-02-30") && !text.contains("13002526500013"), "{text}");
    let report: Value = serde_json::from_str(&text).expect("a JSON report");
    assert_eq!(report["target"], "recorded");
    let rules = |case: usize| -> Vec<String> {
        let findings = report["cases"][case]["findings"].as_array().expect("findings");
        findings.iter().map(|found| format!("{} {}", found["rule"], found["pointer"]).replace('"', "")).collect()
    };
    assert_eq!(rules(0), [""; 0]);
    assert_eq!(rules(1), ["body-invalid /data/identite/date_naissance", "request-invalid ine"]);
    assert_eq!(rules(2), ["operation-unknown "]);
}

#[test]
fn what_cannot_be_read_says_which_file_and_where() {
    let folder = records(&[("bad.yaml", "request: {method: GET}".to_owned())]);
    let output = check(folder.path(), &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("bad.yaml: `request.path` is absent: expected a text"), "{}", err(&output));
    let broken = records(&[("broken.yaml", "request:\n  method: [GET\n".to_owned())]);
    let output = check(broken.path(), &[]);
    assert!(output.status.code() == Some(2) && err(&output).contains("broken.yaml"), "{}", err(&output));
    let output = check(records(&[]).path(), &[]);
    assert!(output.status.code() == Some(2) && err(&output).contains("no recorded exchanges"), "{}", err(&output));
    let output = check(folder.path(), &["--provider", "nobody"]);
    assert!(output.status.code() == Some(2) && err(&output).contains("no provider `nobody`"), "{}", err(&output));
}

/// A query of Mobilic, in the form that a record has it, and what was answered.
fn asked(request: &str, status: u16, answer: &str) -> String {
    format!(
        "request: {request}\nresponse: {{status: {status}, headers: {{Content-Type: application/json}}, body: '{answer}'}}\n"
    )
}

#[test]
fn a_query_is_held_to_what_it_selects_in_whatever_form_it_is_sent() {
    const QUERY: &str = "{ me { id firstName } }";
    let json = "{Content-Type: application/json}";
    let (whole, part) = (r#"{"data":{"me":{"id":1,"firstName":"A"}}}"#, r#"{"data":{"me":{"id":1}}}"#);
    let refused = r#"{"errors":[{"message":"m"}]}"#;
    let forms = [
        format!("{{method: GET, path: /graphql, query: {{query: '{QUERY}'}}}}"),
        format!("{{method: POST, path: /graphql, headers: {{Content-Type: application/graphql}}, body: '{QUERY}'}}"),
        format!("{{method: POST, path: /graphql, form: {{query: '{QUERY}'}}}}"),
        format!("{{method: POST, path: /graphql, headers: {json}, body: {{query: '{QUERY}', variables: '{{}}'}}}}"),
        format!("{{method: POST, path: /graphql, body: {{query: '{QUERY}', variables: null, operationName: null}}}}"),
    ];
    let batch = format!("{{method: POST, path: /graphql, body: [{{query: '{QUERY}'}}, {{query: '{{ nope }}'}}]}}");
    let user = |id: &str| {
        let query = "query($id: Int!) { user(id: $id) { id } }";
        format!("{{method: POST, path: /graphql, body: {{query: '{query}', variables: {{id: {id}}}}}}}")
    };
    let found = r#"{"data":{"user":{"id":7}}}"#;
    let mut cases = vec![
        (asked(&batch, 400, &format!("[{whole},{refused}]")), vec!["query-invalid query:1:3"]),
        (
            asked(&batch, 400, &format!("[{part},{refused}]")),
            vec!["body-invalid /0/data/me/firstName", "query-invalid query:1:3"],
        ),
        (asked(&batch, 200, &format!("[{whole}]")), vec!["body-invalid ", "query-invalid query:1:3"]),
        (asked(&batch, 400, refused), vec!["query-invalid query:1:3"]),
        (asked(&forms[4], 200, &format!("[{whole}]")), vec!["body-invalid ", "body-invalid "]),
        (asked(&forms[4], 200, r#"{"data":null}"#), vec!["body-invalid /data"]),
        (asked(&forms[4], 200, r#"{"errors":[{"message":"m"}],"data":null}"#), vec![]),
        (asked(&user("'7'"), 200, found), vec!["request-undocumented /variables/id"]),
        (asked(&user("'7'"), 400, refused), vec!["request-invalid /variables/id"]),
        ("request: {method: POST, path: /graphql/}\nresponse: {status: 404}".to_owned(), vec!["operation-unknown "]),
    ];
    cases.extend(forms.iter().map(|form| (asked(form, 200, whole), vec![])));
    cases.extend(forms.iter().map(|form| (asked(form, 200, part), vec!["body-invalid /data/me/firstName"])));
    for (position, (record, expected)) in cases.iter().enumerate() {
        let folder = records(&[("a.yaml", record.clone())]);
        let output = check(folder.path(), &["--provider", "mobilic", "--format", "json"]);
        let text = String::from_utf8_lossy(&output.stdout);
        let report: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{position}: {}", err(&output)));
        let findings = report["cases"][0]["findings"].as_array().expect("findings");
        let told: Vec<String> =
            findings.iter().map(|found| format!("{} {}", found["rule"], found["pointer"]).replace('"', "")).collect();
        assert_eq!(told, *expected, "{position}: {record}");
    }
}

#[test]
fn a_moment_in_milliseconds_is_told_where_seconds_are_promised() {
    let request = "{method: POST, path: /graphql, body: {query: '{ mission(id: 9) { receptionTime } }'}}";
    let answer = r#"{"data":{"mission":{"receptionTime":1763000000000}}}"#;
    let folder = records(&[("a.yaml", asked(request, 200, answer))]);
    let output = check(folder.path(), &["--provider", "mobilic", "--format", "json"]);
    let report: Value = serde_json::from_slice(&output.stdout).expect("a JSON report");
    let found = &report["cases"][0]["findings"][0];
    assert_eq!((&found["rule"], &found["pointer"]), (&"body-invalid".into(), &"/data/mission/receptionTime".into()));
    assert_eq!(found["expected"], "seconds since 1970");
}

#[test]
fn queries_that_the_schema_does_not_answer_are_named_and_open_ones_need_no_credential() {
    let asked = |path: &str, query: &str, variables: &str, head: &str, body: &str| {
        let sent = format!("{{\"query\": \"{query}\"{variables}}}");
        let headers = if path == "/graphql" { ", Authorization: Bearer x" } else { "" };
        format!(
            "request: {{method: POST, path: {path}, headers: {{Content-Type: application/json{headers}}}, body: '{sent}'}}\n\
             response:\n  status: {head}\n  body: '{body}'\n"
        )
    };
    let ok = "200\n  headers: {Content-Type: application/json}";
    let cut = "200\n  headers: {Content-Type: application/json, Content-Length: '300'}";
    let forbidden = r#"{"errors":[{"message":"no","extensions":{"code":"AUTHORIZATION_ERROR"}}],"data":{"user":null}}"#;
    let user = "query q($id: Int!) { user(id: $id) { id } }";
    let of_schema = r#"{"data":{"__schema":{"queryType":{"name":"Q"}}}}"#;
    let of_both = "{ __schema { queryType { name } } softwareRegistration(clientId: 3) { siret } }";
    for (what, text, expected) in [
        ("introspection", asked("/protected", "{ __schema { queryType { name } } }", "", ok, of_schema), None),
        ("beside data", asked("/protected", of_both, "", ok, of_schema), Some("request-invalid")),
        ("unknown field", asked("/graphql", "{ me { emial } }", "", "400", r#"{"errors":[]}"#), Some("query-invalid")),
        (
            "a literal",
            asked("/graphql", "{ user(id: \\\"OSTERMANN\\\") { id } }", "", "400", "{}"),
            Some("query-invalid"),
        ),
        ("cut off", asked("/graphql", "{ me { id } }", "", cut, r#"{"data":{"me":{"i"#), Some("case-unreadable")),
        (
            "a coercion",
            asked("/graphql", user, r#", "variables": {"id": 1.5}"#, ok, forbidden),
            Some("request-undocumented"),
        ),
    ] {
        let folder = records(&[("a.yaml", text)]);
        let output = check(folder.path(), &["--provider", "mobilic", "--format", "json"]);
        let printed = String::from_utf8_lossy(&output.stdout);
        let report: Value = serde_json::from_str(&printed).unwrap_or_else(|error| panic!("{error}: {}", err(&output)));
        let rules: Vec<&str> =
            report["causes"].as_array().into_iter().flatten().filter_map(|cause| cause["rule"].as_str()).collect();
        assert!(expected.map_or(rules.is_empty(), |rule| rules.contains(&rule)), "{what}: {rules:?}");
        assert!(!rules.contains(&"body-not-json") && !printed.contains("OSTERMANN"), "{what}: {printed}");
    }
}
