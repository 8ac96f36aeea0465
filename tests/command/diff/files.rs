//! Documents in several files: on disk, in a revision, in a series; and files that a document may not have.

use super::{code, git, rules, text, vigie};
use std::path::Path;

const ROOT: &str = "openapi: 3.0.3
info: {title: Fleet, version: 1.0.0}
paths:
  /cars: {$ref: paths/cars.yml}
";
const CARS: &str = "get:
  parameters: [{$ref: '../parameters.yml#/page'}]
  responses:
    '200': {description: ok, content: {application/json: {schema: {$ref: '../car.json'}}}}
";
const PARAMETERS: &str = "page: {name: page, in: query, schema: {type: integer}}\n";
const CAR: &str = r##"{"type": "object", "properties": {"plate": {"type": "string"}, "next": {"$ref": "#"}}}"##;

fn write(folder: &Path, car: &str) {
    std::fs::create_dir_all(folder.join("paths")).expect("made");
    for (name, text) in [("api.yml", ROOT), ("paths/cars.yml", CARS), ("parameters.yml", PARAMETERS), ("car.json", car)]
    {
        std::fs::write(folder.join(name), text).expect("written");
    }
}

fn integer() -> String {
    CAR.replace("string", "integer")
}

#[test]
fn a_change_in_a_file_beside_the_document_is_found() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    write(&path.join("old"), CAR);
    write(&path.join("new"), &integer());
    let output = vigie(path, &["old/api.yml", "new/api.yml", "--format", "json"]);
    assert_eq!((code(&output), rules(&output)), (1, vec!["response-type-changed".to_owned()]));
    let output = vigie(path, &["old/api.yml", "old/api.yml"]);
    assert_eq!(code(&output), 0, "{}", text(&output.stdout));

    // The same in one file.
    let schema = r##"{"type": "object", "properties": {"plate": {"type": "string"}, "next": {"$ref": "#/components/schemas/Car"}}}"##;
    let one = format!(
        "openapi: 3.0.3\ninfo: {{title: Fleet, version: 1.0.0}}\npaths:\n  /cars:\n    {}components: {{schemas: {{Car: {schema}}}}}\n",
        CARS.replace('\n', "\n    ")
            .replace("{$ref: '../parameters.yml#/page'}", "{name: page, in: query, schema: {type: integer}}")
            .replace("../car.json", "#/components/schemas/Car")
            .trim_end_matches(' ')
    );
    std::fs::write(path.join("one.yml"), one).expect("written");
    let output = vigie(path, &["old/api.yml", "one.yml"]);
    assert_eq!(code(&output), 0, "{}", text(&output.stdout));
}

#[test]
fn revisions_have_the_files_that_were_beside_them_then() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    git(path, &["init", "--quiet"]);
    let api = path.join("api");
    write(&api, CAR);
    git(path, &["add", "."]);
    git(path, &["commit", "--quiet", "-m", "one"]);
    write(&api, &integer());
    git(path, &["commit", "--quiet", "-a", "-m", "two"]);
    for (at, old) in [(path, "HEAD~1:api/api.yml"), (&api, "HEAD~1:./api.yml")] {
        for new in ["HEAD:api/api.yml".to_owned(), api.join("api.yml").display().to_string()] {
            let output = vigie(at, &[old, &new, "--format", "json"]);
            assert_eq!((code(&output), rules(&output)), (1, vec!["response-type-changed".to_owned()]), "{old} {new}");
        }
    }
    // The second commit did not touch the document itself.
    let output = vigie(path, &["--history", "api/api.yml@git"]);
    assert_eq!(code(&output), 1, "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("response-type-changed"), "{}", text(&output.stdout));
}

#[test]
fn files_outside_of_the_folder_are_read_only_where_it_is_allowed() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    write(&path.join("old"), CAR);
    std::fs::write(path.join("secret.json"), r#"{"type": "string", "format": "t0ken"}"#).expect("written");
    let outside = CARS.replace("../car.json", "../../secret.json");
    std::fs::write(path.join("old/paths/cars.yml"), &outside).expect("written");
    let arguments = ["old/api.yml", "old/api.yml"];
    let output = vigie(path, &arguments);
    let printed = text(&output.stdout);
    assert_eq!(code(&output), 3, "{printed}");
    assert!(printed.contains("`../secret.json` was not read: ") && printed.contains("--allow-refs DIR"), "{printed}");
    assert!(!printed.contains("t0ken"));
    let output = vigie(path, &[&arguments[..], &["--allow-refs", "."]].concat());
    assert_eq!(code(&output), 0, "{}", text(&output.stdout));

    // A repository is one whole, and a link out of it is outside.
    git(path, &["init", "--quiet"]);
    assert_eq!(code(&vigie(path, &arguments)), 0);
    std::fs::remove_dir_all(path.join(".git")).expect("removed");
    #[cfg(unix)]
    {
        std::fs::write(path.join("old/paths/cars.yml"), CARS).expect("written");
        std::fs::remove_file(path.join("old/car.json")).expect("removed");
        std::os::unix::fs::symlink(path.join("secret.json"), path.join("old/car.json")).expect("linked");
        let output = vigie(path, &arguments);
        assert_eq!(code(&output), 3, "{}", text(&output.stdout));
    }
}

#[test]
fn a_file_that_is_missing_hides_what_it_says_and_nothing_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    for (name, car) in [("old", CAR), ("new", CAR)] {
        write(&path.join(name), car);
        std::fs::remove_file(path.join(name).join("car.json")).expect("removed");
    }
    let compared = || {
        let output = vigie(path, &["old/api.yml", "new/api.yml", "--format", "json"]);
        (code(&output), rules(&output))
    };
    assert_eq!(compared(), (3, vec!["not-compared".to_owned()]));
    std::fs::write(path.join("new/parameters.yml"), PARAMETERS.replace("in: query", "in: query, required: true"))
        .expect("written");
    assert_eq!(compared(), (1, vec!["parameter-became-required".to_owned(), "not-compared".into()]));
}

#[test]
fn a_file_that_is_missing_is_reported_once_wherever_it_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let schema = "{schema: {$ref: car.json}}";
    let document = format!(
        "openapi: 3.0.3
info: {{title: Fleet, version: 1.0.0}}
paths:
  /cars:
    post:
      parameters: [{{name: a, in: query, schema: {{$ref: car.json}}}}]
      requestBody: {{content: {{application/json: {schema}, application/octet-stream: {schema}}}}}
      responses:
        '200': {{description: ok, headers: {{X-A: {schema}}}, content: {{application/json: {schema}, text/csv: {schema}}}}}
        '201': {{description: ok, content: {{application/octet-stream: {schema}}}}}
"
    );
    std::fs::write(folder.path().join("api.yml"), document).expect("written");
    let output = vigie(folder.path(), &["api.yml", "api.yml", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("a report");
    let changes = report["changes"].as_array().expect("changes");
    let mut places: Vec<&str> = changes.iter().map(|change| change["location"].as_str().expect("a location")).collect();
    places.sort_unstable();
    assert_eq!(places, ["200", "200 header X-A", "201 media type application/octet-stream", "body", "query:a"]);
}

#[test]
#[cfg(unix)]
fn a_document_of_a_folder_that_cannot_be_read_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    for name in ["1.yml", "3.yml"] {
        std::fs::write(path.join(name), super::OLD).expect("written");
    }
    std::os::unix::fs::symlink("gone.yml", path.join("2.yml")).expect("linked");
    std::fs::create_dir(path.join("parts.yml")).expect("made");
    let output = vigie(path, &["--history", "."]);
    let printed = text(&output.stdout);
    assert!(code(&output) == 3 && printed.contains("./2.yml") && printed.contains("No such file"), "{printed}");
    assert!(!printed.contains("parts.yml"), "{printed}");
}
