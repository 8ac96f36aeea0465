//! A consumer's queries beside Mobilic's contract, as `vigie check --operations` reads them.

use chrono::NaiveDate;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;
use vigie_drift::finding::{Class, Conclusion, Verdict};
use vigie_drift::run::RunReport;
use vigie_harness::queries::{OperationsError, Queryable};
use vigie_judge::exceptions::Exceptions;

/// Mobilic's contract, as it stands in `specs/`.
fn mobilic() -> Queryable {
    let folder = support::root().join("specs/mobilic");
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).expect("it is there");
    let schemas = ["schema.graphql", "protected.graphql"].map(|name| (name.to_owned(), read(name)));
    let document = serde_yaml::from_str(&read("open-api.yml")).expect("it is YAML");
    Queryable { name: "mobilic".into(), document, schemas: schemas.into() }
}

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("it has one")).expect("it is writable");
        std::fs::write(path, text).expect("it is writable");
    }
    folder
}

fn check(files: &[(&str, &str)]) -> RunReport {
    mobilic().check(folder(files).path(), &Exceptions::default()).expect("there are queries")
}

/// Rule, place below the folder, what is wrong, what to write.
fn found(report: &RunReport) -> Vec<[String; 4]> {
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let findings = report.cases.iter().flat_map(|case| &case.findings);
    let place = |pointer: &str| pointer.rsplit('/').next().unwrap_or_default().to_owned();
    findings
        .map(|found| {
            [
                found.rule.to_string(),
                place(&found.fact.location.to_string()),
                text(&found.fact.observed),
                text(&found.fact.expected),
            ]
        })
        .collect()
}

#[track_caller]
fn one(query: &str, rule: &str, place: &str, observed: &str, expected: &str) {
    let report = check(&[("q.graphql", query)]);
    assert_eq!(
        found(&report),
        [[rule, &format!("q.graphql:{place}"), observed, expected].map(str::to_owned)],
        "{query}"
    );
    assert_eq!(report.conclusion(), Conclusion::Drift);
}

/// Each file stands alone, as any tool for GraphQL reads it, so types that both have are written twice.
#[test]
fn types_that_both_schemas_have_are_the_same() {
    let mobilic = mobilic();
    let [schema, protected] = [0, 1].map(|at: usize| {
        let (name, text): &(String, String) = &mobilic.schemas[at];
        vigie_contract::graphql::read(text).unwrap_or_else(|error| panic!("{name}: {error}"))
    });
    let mut shared = 0;
    for (name, own) in &protected.types {
        if let Some(other) = schema.types.get(name) {
            assert_eq!(own, other, "{name}");
            shared += 1;
        }
    }
    assert!(shared > 40, "{shared} types");
}

#[test]
fn the_contracts_own_queries_conform() {
    let own = support::root().join("specs/mobilic/operations");
    let report = mobilic().check(&own, &Exceptions::default()).expect("there are queries");
    assert_eq!(found(&report), Vec::<[String; 4]>::new());
    assert_eq!(report.cases.len(), std::fs::read_dir(own).expect("it is there").count());
    assert_eq!(report.conclusion(), Conclusion::Conformant);
}

#[test]
fn operations_fragments_and_folders_are_read_together() {
    let report = check(&[
        (
            "me.graphql",
            "# ours\nquery Moi { me { ...Personne } }\nmutation Fin($m: Int!, $t: TimeStamp!) { activities { endMission(missionId: $m, endTime: $t) { id } } }",
        ),
        ("parts/person.gql", "fragment Personne on User { id firstName ...Emplois }"),
        ("parts/work.graphql", "fragment Emplois on User { currentEmployments { id company { name } } }"),
        (
            "link.graphql",
            "query Jeton($e: Int!, $c: Int!) { employmentToken(clientId: $c, employmentId: $e) { accessToken } }",
        ),
        ("node_modules/x/bad.graphql", "query {"),
        (".gitignore", "node_modules\n"),
        ("readme.md", "query {"),
    ]);
    assert_eq!(found(&report), Vec::<[String; 4]>::new());
    let mut told: Vec<(&str, &str)> =
        report.cases.iter().map(|case| (case.operation.as_str(), case.request.as_str())).collect();
    told.sort_unstable();
    let expected =
        [("Fin", "mutation Fin to /graphql"), ("Jeton", "query Jeton to /protected"), ("Moi", "query Moi to /graphql")];
    assert_eq!(told, expected);
}

#[test]
fn what_the_guide_says_and_the_server_refuses_is_told() {
    one(
        "mutation { activities { createMission(name: \"Rennes\") { id } } }",
        "query-invalid",
        "1:25",
        "the required argument `Activities.createMission(companyId:)` is not provided",
        "add `companyId: Int!`",
    );
    one(
        "query { me { missions { name } } }",
        "query-invalid",
        "1:25",
        "type `MissionConnection` does not have a field `name`",
        "`MissionConnection` has pageInfo, edges",
    );
    one(
        "mutation l($email: String!, $password: String!) {\n  auth { login(email: $email, password: $password) { accessToken } }\n}",
        "query-invalid",
        "2:16",
        "variable `$email` of type `String!` cannot be used for argument `email` of type `Email!`",
        "declare `$email: Email!`: types are compared by name",
    );
    one(
        "query t { employmentToken(clientId: 1, employmentId: 2) { accessTokn } }",
        "query-invalid",
        "1:59",
        "type `ThirdPartyClientEmployment` does not have a field `accessTokn`",
        "did you mean `accessToken`?",
    );
    one(
        "query t { me { id } employmentToken(clientId: 1, employmentId: 2) { accessToken } }",
        "query-invalid",
        "1:21",
        "type `Queries` does not have a field `employmentToken`",
        "`employmentToken` is asked at /protected, in a query of its own",
    );
}

#[test]
fn what_the_servers_language_lacks_is_told() {
    let mission =
        |name: &str| format!("mutation {{ activities {{ createMission(companyId: 1, name: {name}) {{ id }} }} }}");
    one(
        &mission("null"),
        "query-dialect",
        "1:59",
        "the server does not know the literal `null`",
        "leave it out: what is absent is null, and a variable may be null",
    );
    one(
        &mission("\"\"\"Rennes\"\"\""),
        "query-dialect",
        "1:59",
        "the server does not know block strings",
        "write \"..\" on one line, with \\n for line breaks, or use a variable",
    );
    one(
        "{ __type(name: \"Date\") { name specifiedByURL } }",
        "query-dialect",
        "1:31",
        "the server has no `__Type.specifiedByURL`",
        "ask only for what introspection had in 2016",
    );
}

#[test]
fn a_scalar_that_is_an_enum_takes_its_values_in_quotes() {
    let log = |ty: &str| {
        format!("mutation {{ activities {{ logActivity(type: {ty}, startTime: 1795269600, missionId: 3) {{ id }} }} }}")
    };
    for ty in ["\"driving\"", "drive"] {
        let report = check(&[("q.graphql", &log(ty))]);
        let [found] = &found(&report)[..] else { panic!("{report:?}") };
        assert_eq!(found[2], format!("`type` of type `ActivityTypeEnum` does not take {ty}"));
        assert!(found[3].starts_with("write one of \"") && found[3].contains("\"drive\""), "{found:?}");
    }
    assert_eq!(found(&check(&[("q.graphql", &log("\"drive\""))])), Vec::<[String; 4]>::new());
}

#[test]
fn a_file_that_does_not_parse_is_a_finding() {
    let report = check(&[("bad.graphql", "query a {\n  me { id }\n"), ("good.graphql", "{ me { id } }")]);
    assert_eq!(
        found(&report),
        [["query-invalid", "bad.graphql:3:1", "expected `}`, got the end", "GraphQL"].map(str::to_owned)]
    );
    assert_eq!(report.cases.iter().filter(|case| case.verdict == Verdict::Query).count(), 1);
    let binary = folder(&[]);
    std::fs::write(binary.path().join("x.graphql"), [0xff, 0xfe, 0x00]).expect("it is writable");
    let report = mobilic().check(binary.path(), &Exceptions::default()).expect("there is a file");
    assert_eq!(report.conclusion(), Conclusion::Drift);
}

#[test]
fn an_exception_takes_a_finding_out() {
    let config = "[[ignore]]\nrule = \"query-dialect\"\nreason = \"the gateway strips it\"\nuntil = 2099-12-31\n";
    let exceptions = Exceptions::parse("vigie.toml", config, NaiveDate::default()).expect("it is good");
    let folder = folder(&[("q.graphql", "mutation { activities { createMission(companyId: 1, name: null) { id } } }")]);
    let report = mobilic().check(folder.path(), &exceptions).expect("there is a query");
    assert_eq!((report.conclusion(), report.ignored.len()), (Conclusion::Conformant, 1));
}

#[test]
fn what_is_wrong_in_a_fragment_is_one_cause_for_all_that_spread_it() {
    let report = check(&[
        ("a.graphql", "query a { me { ...P } }"),
        ("b.graphql", "query b { user(id: 1) { ...P } }"),
        ("p.graphql", "fragment P on User {\n  mail\n}"),
    ]);
    assert_eq!(report.causes.len(), 1);
    assert_eq!((report.causes[0].class, report.causes[0].places.len()), (Class::Breaking, 2));
}

#[test]
fn a_folder_without_queries_is_a_mistake() {
    let refused = |path: &Path| match mobilic().check(path, &Exceptions::default()) {
        Err(error @ OperationsError::Folder { .. }) => error.to_string(),
        other => panic!("{other:?}"),
    };
    assert!(refused(Path::new("/none")).ends_with(": no such folder"));
    assert!(refused(&support::root().join("Cargo.toml")).ends_with("name its folder"));
    assert!(refused(folder(&[("a.md", "")]).path()).ends_with(": no .graphql or .gql file in it"));
    let only = folder(&[("a.graphql", "fragment P on User { id }"), ("schema.graphql", "type Query { a: Int }")]);
    assert!(refused(only.path()).contains("no operation in 2 files"), "{}", refused(only.path()));
}

fn vigie(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_vigie")).args(args).output().expect("it runs")
}

#[test]
fn the_command_line_says_what_it_cannot_do() {
    let output = vigie(&["check", "--operations", "/none", "--provider", "api-particulier"]);
    assert_eq!(output.status.code(), Some(2));
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(stderr.contains("the contract of `api-particulier` has no GraphQL schema"), "{stderr}");
    let output = vigie(&["check", "--operations", "/none", "--target", "http://127.0.0.1:9"]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn the_command_line_draws_the_report() {
    let folder = folder(&[("q.graphql", "query moi {\n  me { mail }\n}"), ("ok.graphql", "query ok { me { id } }")]);
    let path = folder.path().display().to_string();
    let output = vigie(&["check", "--operations", &path]);
    assert_eq!(output.status.code(), Some(1));
    let expected = format!(
        "error[query-invalid]: the server rejects the query\n  --> {path}/q.graphql:1:1\n   |  query moi to /graphql, at {path}/q.graphql:2:8\n"
    );
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(stdout.starts_with(&expected), "{stdout}");
    assert!(stdout.contains("did you mean `email`?") && stdout.contains("1 of 2 cases conform"), "{stdout}");
    let output = vigie(&["check", "--operations", &path, "--format", "json"]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    assert_eq!(report["cases"][1]["findings"][0]["pointer"], format!("{path}/q.graphql:2:8"));
    assert_eq!(vigie(&["check", "--operations", "/none"]).status.code(), Some(2));
}
