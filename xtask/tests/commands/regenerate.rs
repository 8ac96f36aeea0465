//! `cargo xtask regenerate` on the real binary: what it writes, and what it refuses.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const OVERLAY: &str = "overlay: 1.1.0\ninfo: {title: o, version: '1'}\nextends: https://example.org/v1.yml\nactions:\n- target: $.paths['/a'].get\n  description: ids are missing upstream\n  update: {operationId: a}\n- target: $.paths['/a'].get\n  description: prose\n  update: {description: Answers a.}\n";

/// A published document with four operations.
fn published() -> String {
    let operation = |path: &str| {
        format!(
            "  {path}:\n    get:\n      summary: prose\n      responses:\n        '200':\n          description: prose\n          content:\n            application/json:\n              schema:\n                type: object\n                title: prose\n                properties:\n                  b: {{type: string, example: x}}\n                  a: {{type: string, enum: [y, x, null]}}\n        '404':\n          description: prose\n          content:\n            application/json:\n              schema: {{$ref: '#/components/schemas/Error'}}\n"
        )
    };
    let paths: String = ["/a", "/b", "/c", "/d"].into_iter().map(operation).collect();
    format!(
        "openapi: 3.0.0\ninfo:\n  title: T\n  version: 1.2.0\n  description: prose\npaths:\n{paths}components:\n  schemas:\n    Error:\n      type: object\n      properties:\n        error: {{type: string}}\n"
    )
}

struct Tree {
    root: tempfile::TempDir,
}

impl Tree {
    fn new() -> Self {
        let tree = Self { root: tempfile::tempdir().expect("a temporary folder") };
        std::fs::create_dir_all(tree.folder()).expect("it is made");
        std::fs::write(tree.folder().join("overlay.yml"), OVERLAY).expect("it is written");
        tree
    }

    fn folder(&self) -> PathBuf {
        self.root.path().join("specs/p/v1")
    }

    fn contract(&self) -> Option<String> {
        std::fs::read_to_string(self.folder().join("open-api.yml")).ok()
    }

    fn regenerate(&self, document: &[u8], more: &[&str]) -> Output {
        let from = self.root.path().join("published.yml");
        std::fs::write(&from, document).expect("it is written");
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.args(["regenerate", "p", "--from"]).arg(&from).args(more);
        command.env("VIGIE_SPECS", self.root.path().join("specs")).output().expect("xtask runs")
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn the_same_bytes_give_the_same_file_and_check_writes_nothing() {
    let tree = Tree::new();
    let missing = tree.regenerate(published().as_bytes(), &["--check"]);
    assert_eq!((missing.status.code(), tree.contract()), (Some(1), None));

    assert_eq!(tree.regenerate(published().as_bytes(), &[]).status.code(), Some(0));
    let first = tree.contract().expect("it was written");
    assert!(first.contains("operationId: a\n") && first.contains("nullable: true"), "{first}");
    assert!(first.contains("published: https://example.org/v1.yml") && !first.contains("prose"), "{first}");

    assert_eq!(tree.regenerate(published().as_bytes(), &[]).status.code(), Some(0));
    assert_eq!(tree.contract(), Some(first.clone()));
    assert_eq!(tree.regenerate(published().as_bytes(), &["--check"]).status.code(), Some(0));

    let changed = published().replacen("type: string, example", "type: integer, example", 1);
    let check = tree.regenerate(changed.as_bytes(), &["--check"]);
    assert_eq!((check.status.code(), tree.contract()), (Some(1), Some(first)));
    assert!(text(&check.stdout).contains("breaking response-type-changed: GET /a 200 b"), "{}", text(&check.stdout));
}

/// What a maintainer has to know of a new version, and nothing to do by hand.
#[test]
fn what_was_tolerated_what_is_not_described_and_what_only_reads_otherwise_is_said() {
    let tree = Tree::new();
    let parameter = "    get:\n      parameters:\n      - {in: query, name: campaignYear, schema: {type: integer}}\n";
    let dated = published().replacen("b: {type: string,", "b: {type: date,", 1).replacen("    get:\n", parameter, 1);
    let output = tree.regenerate(dated.as_bytes(), &[]);
    let out = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{out}");
    assert!(out.contains("note: `type: date` is not an OpenAPI type; it is read as a string of that format"), "{out}");
    assert!(out.contains("overlay.yml: GET /a query:campaignYear, GET /b, GET /c, GET /d\n"), "{out}");
    let contract = tree.contract().expect("it was written");
    assert!(contract.contains("format: date\n") && !contract.contains("type: date"), "{contract}");

    let reworded = dated.replace("description: prose", "description: better prose");
    let output = tree.regenerate(reworded.as_bytes(), &[]);
    let out = text(&output.stdout);
    assert!(out.contains("no change of the contract: only the prose of the published document changed"), "{out}");
    assert_ne!(tree.contract(), Some(contract), "the header names the published bytes");
}

#[test]
fn documents_that_are_not_credible_are_refused_and_nothing_is_written() {
    let tree = Tree::new();
    assert_eq!(tree.regenerate(published().as_bytes(), &[]).status.code(), Some(0));
    let before = tree.contract();
    let good = published();
    let half = good.find("  /c:").expect("it is there");
    let end = good.find("components:").expect("it is there");
    let first = good.find("  /b:").expect("it is there");
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("empty", b"".to_vec(), "empty"),
        ("not YAML", b"openapi: [".to_vec(), "not YAML"),
        ("a web page", b"<html><body>Maintenance</body></html>".to_vec(), "not OpenAPI"),
        ("truncated", good.as_bytes()[..end].to_vec(), "truncated"),
        ("cut within an operation", good.as_bytes()[..half + 20].to_vec(), "truncated"),
        ("most of the operations", [&good.as_bytes()[..first], &good.as_bytes()[end..]].concat(), "3 of 4"),
        ("another API", good.replace("title: T\n", "title: U\n").into_bytes(), "another API"),
        ("another version", good.replace("version: 1.2.0", "version: 2.0.0").into_bytes(), "version is 2.0.0"),
        ("without what the overlay needs", good.replace("  /a:", "  /z:").into_bytes(), "matches nothing"),
    ];
    for (name, document, reason) in cases {
        let output = tree.regenerate(&document, &[]);
        let message = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{name}: {message}");
        assert!(message.contains(reason) && message.contains("nothing written"), "{name}: {message}");
        assert_eq!(tree.contract(), before, "{name}");
    }
}

#[test]
fn an_unknown_provider_and_a_missing_file_are_told() {
    let run =
        |arguments: &[&str]| Command::new(env!("CARGO_BIN_EXE_xtask")).args(arguments).output().expect("xtask runs");
    let unknown = run(&["regenerate", "nobody", "--check"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(text(&unknown.stderr).contains("known: api-particulier"), "{}", text(&unknown.stderr));
    let missing = run(&["regenerate", "api-particulier", "--from", "no/such/file.yml"]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(text(&missing.stderr).contains("no/such/file.yml"));
}

/// The published documents are not in the repository. Where they are, the vendored contracts are what they give.
#[test]
fn the_vendored_contracts_are_what_the_published_documents_give() {
    let Some(upstream) = std::env::var_os("VIGIE_UPSTREAM") else {
        eprintln!("skipped: VIGIE_UPSTREAM is not set");
        return;
    };
    for version in ["v2", "v3"] {
        let document = Path::new(&upstream).join(format!("api-particulier/2026-04/{version}.yaml"));
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        let output = command
            .args(["regenerate", "api-particulier", "--check", "--from"])
            .arg(document)
            .output()
            .expect("xtask runs");
        assert_eq!(output.status.code(), Some(0), "{}{}", text(&output.stdout), text(&output.stderr));
    }
}
