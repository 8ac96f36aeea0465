//! `vigie diff` as a user meets it: kinds of documents, git revisions, series, and everything that is no document.

mod files;
mod not_compared;

use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};

const OLD: &str = "openapi: 3.0.3
info: {title: Fleet, version: 1.0.0}
paths:
  /cars:
    get:
      operationId: cars
      responses:
        '200':
          description: ok
          content:
            application/json:
              schema: {type: object, required: [plate], properties: {plate: {type: string}, seats: {type: integer}}}
  /cars/{id}:
    get: {operationId: car, responses: {'200': {description: ok}}}
  /drivers:
    get: {operationId: drivers, responses: {'200': {description: ok}}}
  /trips:
    get: {operationId: trips, responses: {'200': {description: ok}}}
";

fn vigie(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_vigie"))
        .current_dir(folder)
        .arg("diff")
        .args(arguments)
        .output()
        .expect("it starts")
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("an exit status")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("text")
}

/// The rules of a report, in order.
fn rules(output: &Output) -> Vec<String> {
    let report: Value = serde_json::from_slice(&output.stdout).expect("a JSON report");
    let changes = report["changes"].as_array().expect("changes");
    changes.iter().map(|change| change["rule"].as_str().expect("a rule").to_owned()).collect()
}

/// Exit status and rules of two texts.
fn compare(old: &str, new: &str) -> (i32, Vec<String>) {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("old"), old).expect("written");
    std::fs::write(folder.path().join("new"), new).expect("written");
    let output = vigie(folder.path(), &["old", "new", "--format", "json"]);
    (code(&output), rules(&output))
}

/// Exit status and message of two texts that cannot be compared.
fn refuse(old: &str, new: &[u8]) -> (i32, String) {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("old"), old).expect("written");
    std::fs::write(folder.path().join("new"), new).expect("written");
    let output = vigie(folder.path(), &["old", "new"]);
    (code(&output), text(&output.stderr))
}

fn git(folder: &Path, arguments: &[&str]) {
    let identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"];
    let done = Command::new("git").current_dir(folder).args(identity).args(arguments).output().expect("git starts");
    assert!(done.status.success(), "git {arguments:?}: {}", text(&done.stderr));
}

#[test]
fn a_document_beside_itself_in_another_order_and_notation_has_no_change() {
    let json: serde_yaml::Value = serde_yaml::from_str(OLD).expect("YAML");
    let json = serde_json::to_string_pretty(&json).expect("JSON");
    assert_eq!(compare(OLD, &json), (0, vec![]));
    let (head, paths) = OLD.split_once("paths:").expect("paths");
    let (cars, rest) = paths.split_once("  /cars/{id}:").expect("a second path");
    let moved = format!("paths:\n  /cars/{{number}}:{rest}{}{head}", cars.trim_start_matches('\n'));
    assert_eq!(compare(OLD, &moved), (0, vec![]));
}

#[test]
fn the_human_report_tells_the_place_and_the_reason() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("old.yml"), OLD).expect("written");
    let new = OLD.replace("plate: {type: string}", "plate: {type: string, nullable: true}");
    std::fs::write(folder.path().join("new.yml"), new).expect("written");
    let output = vigie(folder.path(), &["old.yml", "new.yml"]);
    let said = text(&output.stdout);
    assert_eq!(code(&output), 1, "{said}");
    for expected in [
        "breaking[response-nullable-added]: a value may be null",
        "--> GET /cars 200 plate",
        "change: false -> true",
        "= client: requests still work, answers ",
        "old.yml -> new.yml (Fleet 1.0.0)",
        "1 breaking",
    ] {
        assert!(said.contains(expected), "{expected}\n{said}");
    }
}

#[test]
fn an_operation_that_moved_is_one_cause_and_its_content_is_compared() {
    let (code, rules) = compare(OLD, &OLD.replace("/drivers:", "/people/drivers:"));
    assert_eq!((code, rules), (1, vec!["operation-path-changed".to_owned()]));
    let server = |path: &str, prefix: &str| {
        let servers = format!("servers: [{{url: 'https://h.example{path}'}}]\npaths:");
        OLD.replace("paths:", &servers).replace("\n  /", &format!("\n  {prefix}/"))
    };
    assert_eq!(compare(&server("/api", ""), &server("", "/api")), (0, vec![]));
    assert_eq!(compare(&server("/v1", ""), &server("/v2", "")).1, ["operation-path-changed"; 4]);
}

#[test]
fn documents_that_cannot_stand_for_the_old_one_are_inconclusive() {
    let none = OLD.split("paths:").next().expect("a head").to_owned() + "paths: {}\n";
    let half = OLD.replace("/cars", "/other").replace("/drivers", "/else").replace("car", "b").replace("drivers", "d");
    let cut = &OLD[..OLD.len() - 30];
    let other = half.replace("Fleet", "Ships");
    for (what, new) in [
        ("empty", ""),
        ("comments", "# nothing\n"),
        ("no operations", &none),
        ("half", &half),
        ("cut", cut),
        ("other", &other),
    ] {
        assert_eq!(compare(OLD, new), (3, vec!["document-implausible".to_owned()]), "{what}");
    }
    // A contract that does not say which kind it is is no recorded answer, in JSON either.
    let json = serde_json::json!({"paths": {"/cars": {"get": {"responses": {"200": {"description": "cars"}}}}}});
    for unnamed in [json.to_string(), format!("paths:\n{}", OLD.split("paths:\n").nth(1).expect("paths"))] {
        assert_eq!(compare(&unnamed, &unnamed), (3, vec!["document-implausible".to_owned()]), "{unnamed}");
    }
    // Two operations of four are a change.
    let less = OLD.split("  /drivers:").next().expect("the first two");
    assert_eq!(compare(OLD, less), (1, vec!["operation-removed".to_owned(); 2]));
}

#[test]
fn what_is_no_document_is_told_with_its_place() {
    for (new, expected) in [
        (&b"<!doctype html><html></html>"[..], "new: "),
        (b"a: [1\nb: 2\nc: {\n d: 1\n e: 2\n", "line "),
        (b"\xff\xfe\x00", "new: byte 0 is no UTF-8"),
        (b"swagger: '1.2'\npaths: {}\n", "`swagger: 1.2` is not supported"),
        (b"{\"status\": \"open\"}", "old is an OpenAPI contract and new is a recorded answer"),
    ] {
        let (code, message) = refuse(OLD, new);
        assert!(code == 2 && message.contains(expected), "{code} {message}\nexpected: {expected}");
    }
    let folder = tempfile::tempdir().expect("a folder");
    for arguments in
        [&["gone.yml", "gone.yml"][..], &["."; 2], &["only-one"], &["HEAD:x", "HEAD:y"], &["--history", "gone"]]
    {
        let output = vigie(folder.path(), arguments);
        assert_eq!(code(&output), 2, "{arguments:?}: {}", text(&output.stderr));
        assert!(!text(&output.stderr).is_empty());
    }
}

#[test]
fn two_recorded_exchanges_are_compared_as_an_answer_is_with_its_snapshot() {
    let old = "status: 200\nheaders: {Content-Type: application/json, RateLimit-Limit: '20', Date: Monday}\n\
               body: {annee: 2024-2025, enfants: [{nom: A}]}\n";
    for (new, expected) in [
        (old.replace("Monday", "Tuesday"), (0, vec![])),
        (old.replace("2024-2025", "'2025'"), (1, vec!["value-form-changed"])),
        (old.replace("2024-2025", "2025-2026"), (0, vec!["data-changed"])),
        (old.replace("[{nom: A}]", "[]"), (0, vec!["value-null"])),
        (old.replace("status: 200", "status: 404"), (1, vec!["response-status-changed"])),
        (old.replace("RateLimit-Limit: '20', ", ""), (0, vec!["header-absent"])),
        (old.replace("application/json", "text/html"), (1, vec!["response-media-type-changed"])),
    ] {
        let rules = expected.1.into_iter().map(str::to_owned).collect();
        assert_eq!(compare(old, &new), (expected.0, rules), "{new}");
    }
    let (code, message) = refuse(old, old.replace("200", "42").as_bytes());
    assert!(code == 2 && message.contains("new: `status` is 42"), "{code} {message}");
}

#[test]
fn references_to_nowhere_to_other_files_and_in_rings_are_bounded() {
    let with = |reference: &str| {
        OLD.replace("plate: {type: string}", &format!("plate: {{$ref: '{reference}'}}"))
            + "components: {schemas: {A: {$ref: '#/components/schemas/B'}, B: {$ref: '#/components/schemas/A'}, \
               N: {type: object, properties: {next: {$ref: '#/components/schemas/N'}, value: {type: string}}}}}\n"
    };
    for reference in ["#/components/schemas/Gone", "#/components/schemas/A", "#/components/schemas/N"] {
        assert_eq!(compare(&with(reference), &with(reference)), (0, vec![]), "{reference}");
    }
    // What another document says may have changed.
    let other = with("https://other.example/x.yml#/X");
    assert_eq!(compare(&other, &other), (3, vec!["not-compared".to_owned()]));
    let deeper = with("#/components/schemas/N").replace("value: {type: string}", "value: {type: integer}");
    assert_eq!(compare(&with("#/components/schemas/N"), &deeper), (1, vec!["response-type-changed".to_owned()]));
    // What leads nowhere only now is a cut.
    assert_eq!(compare(&with("#/components/schemas/N"), &with("#/components/schemas/Gone")).0, 3);
}

#[test]
fn schemas_that_multiply_without_end_are_compared_to_an_end() {
    let bomb = |leaf: &str| {
        let mut schemas = vec![format!("    S0: {{type: {leaf}}}")];
        for level in 1..40 {
            let inner = format!("{{$ref: '#/components/schemas/S{}'}}", level - 1);
            schemas.push(format!("    S{level}: {{type: object, properties: {{a: {inner}, b: {inner}}}}}"));
        }
        let reference = "plate: {$ref: '#/components/schemas/S39'}";
        format!("{}components:\n  schemas:\n{}\n", OLD.replace("plate: {type: string}", reference), schemas.join("\n"))
    };
    // Unbounded, either of them would take longer than any runner waits.
    assert_eq!(compare(&bomb("string"), &bomb("string")), (0, vec![]));
    let (code, _) = compare(&bomb("string"), &bomb("integer"));
    assert_eq!(code, 1);
}

#[test]
fn revisions_and_whole_histories_come_from_git() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    git(path, &["init", "-q", "-b", "main"]);
    let commit = |name: &str, text: &str| {
        std::fs::write(path.join(name), text).expect("written");
        git(path, &["add", "-A"]);
        git(path, &["commit", "-q", "-m", "change"]);
    };
    let second = OLD.replace("seats: {type: integer}", "seats: {type: string}");
    commit("api.yml", OLD);
    commit("api.yml", &second);
    commit("api.yml", "");
    git(path, &["mv", "api.yml", "fleet.yml"]);
    commit("fleet.yml", &second.replace("operationId: trips", "operationId: voyages"));
    let output = vigie(path, &["HEAD~3:api.yml", "HEAD~2:api.yml", "--format", "json"]);
    assert_eq!((code(&output), rules(&output)), (1, vec!["response-type-changed".to_owned()]));
    let output = vigie(path, &["HEAD~3:api.yml", "fleet.yml"]);
    assert_eq!(code(&output), 1);
    let output = vigie(path, &["HEAD:gone.yml", "fleet.yml"]);
    assert!(code(&output) == 2 && text(&output.stderr).contains("HEAD:gone.yml"), "{}", text(&output.stderr));

    // The empty version is told once, and is no baseline.
    git(path, &["config", "diff.renames", "true"]);
    let output = vigie(path, &["--history", "api.yml@git", "--format", "json"]);
    let report: Value = serde_json::from_slice(&output.stdout).expect("a JSON report");
    let told: Vec<Vec<&str>> = report["comparisons"]
        .as_array()
        .expect("comparisons")
        .iter()
        .map(|comparison| {
            let changes = comparison["changes"].as_array().expect("changes");
            changes.iter().filter_map(|change| change["rule"].as_str()).collect()
        })
        .collect();
    assert_eq!(told, [vec!["response-type-changed"], vec!["document-implausible"]]);
}

#[test]
fn a_folder_is_a_series_and_each_api_in_it_has_its_own_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let other = OLD.replace("Fleet", "Ships").replace('/', "/v9/").replace("operationId: ", "operationId: s_");
    let next = OLD.replace("seats: {type: integer}", "seats: {type: string}");
    let files = [("1.yml", OLD), ("2.yml", &other), ("3.yml", &next), ("4.yml", &other), ("notes.json", "{}")];
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).expect("written");
    }
    let output = vigie(folder.path(), &["--history", "."]);
    let said = text(&output.stdout);
    assert_eq!(code(&output), 1, "{said}");
    let lines: Vec<&str> = said.lines().filter(|line| !line.starts_with("  ")).collect();
    assert_eq!(lines.len(), 3, "{said}");
    assert!(lines[1].contains("1.yml") && lines[1].contains("3.yml"), "{said}");
    assert!(lines[2].contains("2.yml") && lines[2].contains("4.yml"), "{said}");
}

/// The rules that a schema of an answer, and then of a parameter, gives when it becomes another one.
fn schemas(old: &str, new: &str) -> [Vec<String>; 2] {
    let answer = |schema: &str| OLD.replace("{type: string}", schema);
    let parameter = |schema: &str| {
        let parameters = format!("    parameters: [{{name: q, in: query, schema: {schema}}}]\n    get:\n");
        OLD.replacen("    get:\n", &parameters, 1)
    };
    [compare(&answer(old), &answer(new)).1, compare(&parameter(old), &parameter(new)).1]
}

#[test]
fn the_direction_turns_the_verdict_round() {
    let cases = [
        (
            "{type: integer, format: int32}",
            "{type: integer, format: int64}",
            "response-format-changed",
            "request-format-widened",
        ),
        (
            "{type: integer, format: int64}",
            "{type: integer, format: int32}",
            "response-format-narrowed",
            "request-format-changed",
        ),
        ("{type: integer}", "{type: number}", "response-type-changed", "request-type-widened"),
        ("{type: string}", "{type: string, not: {enum: [x]}}", "response-bounds-tightened", "request-bounds-tightened"),
        (
            "{type: string, maxLength: 5}",
            "{type: string, maxLength: 9}",
            "response-bounds-loosened",
            "request-bounds-loosened",
        ),
        (
            "{type: string}",
            "{oneOf: [{type: string}, {type: integer}]}",
            "response-variant-added",
            "request-variant-added",
        ),
        ("{type: string, nullable: true}", "{type: string}", "response-nullable-removed", "request-nullable-removed"),
    ];
    for (old, new, answer, request) in cases {
        assert_eq!(schemas(old, new), [[answer], [request]], "{old} -> {new}");
    }
}

#[test]
fn other_words_for_the_same_schema_are_no_change() {
    let object = "{type: object, properties: {a: {type: string}}}";
    for (old, new) in [
        ("{type: string, nullable: true}", "{oneOf: [{type: string}, {type: 'null'}]}"),
        ("{type: string, nullable: true}", "{type: [string, 'null']}"),
        ("{type: string, nullable: true}", "{oneOf: [{type: string}, {anyOf: [{type: 'null'}]}]}"),
        ("{type: string, nullable: true, enum: [a]}", "{type: string, enum: [a, null]}"),
        ("{type: boolean}", "{type: boolean, enum: [true, false]}"),
        ("{type: integer, maximum: 10}", "{type: integer, maximum: 11, exclusiveMaximum: true}"),
        ("{type: string}", "{allOf: [{type: string}]}"),
        ("{type: string, enum: [a, b]}", "{type: string, enum: [b, a]}"),
        ("{type: string}", "{type: string, minLength: 0}"),
        (object, "{properties: {a: {type: string}}}"),
        (object, "{allOf: [{type: object}, {properties: {a: {type: string}}}]}"),
        (object, "{type: object, additionalProperties: true, properties: {a: {type: string}}}"),
    ] {
        assert_eq!(schemas(old, new), [Vec::<String>::new(), Vec::new()], "{old} -> {new}");
        assert_eq!(schemas(new, old), [Vec::<String>::new(), Vec::new()], "{new} -> {old}");
    }
}

#[test]
fn what_is_required_without_being_described_is_seen() {
    let body = |required: &str| {
        let schema = format!("{{type: object, properties: {{x: {{type: string}}}}{required}}}");
        OLD.replace("{type: string}", &schema)
    };
    assert_eq!(compare(&body(""), &body(", required: [y]")).1, ["response-property-became-required"]);
    assert_eq!(compare(&body(", required: [y]"), &body("")).1, ["response-property-became-optional"]);
    let alternatives = ", oneOf: [{required: [x]}, {required: [y]}]";
    assert_eq!(compare(&body(""), &body(alternatives)).1, ["response-bounds-tightened"]);
}

#[test]
fn a_mark_at_the_start_is_no_part_of_a_text_and_half_a_character_at_the_end_is_a_cut() {
    assert_eq!(compare(OLD, &format!("\u{feff}{OLD}")), (0, vec![]));
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("old"), format!("{OLD}# é")).expect("written");
    std::fs::write(folder.path().join("new"), [OLD.as_bytes(), b"# \xc3"].concat()).expect("written");
    let output = vigie(folder.path(), &["old", "new", "--format", "json"]);
    assert_eq!((code(&output), rules(&output)), (3, vec!["document-implausible".to_owned()]));
}

#[test]
fn a_reference_is_a_url_and_may_be_percent_encoded() {
    let with = |reference: &str| {
        let components = "components: {schemas: {'Relevé [v1]': {type: string}, '100%': {type: string}}}\n";
        OLD.replace("{plate: {type: string}", &format!("{{plate: {{$ref: '#/components/schemas/{reference}'}}"))
            + components
    };
    for reference in ["Relevé [v1]", "Relev%C3%A9%20%5Bv1%5D", "100%", "100%25"] {
        assert_eq!(compare(OLD, &with(reference)), (0, vec![]), "{reference}");
    }
}

#[test]
fn a_document_that_ends_between_lines_of_an_entry_is_cut() {
    let at = OLD.find("  /drivers:").expect("it is there") + "  /drivers:\n".len();
    assert_eq!(compare(OLD, &OLD[..at]), (3, vec!["document-implausible".to_owned()]));
    let without_the_last = &OLD[..OLD.find("  /trips:").expect("it is there")];
    assert_eq!(compare(OLD, without_the_last), (1, vec!["operation-removed".to_owned()]));
}
