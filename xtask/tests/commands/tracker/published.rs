//! What a published document breaks has an issue too.

use super::fake::{Fake, Kind};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;

/// A tree with one contract, and a document that was fetched for it.
struct Tree {
    root: tempfile::TempDir,
}

impl Tree {
    fn new() -> Self {
        let tree = Self { root: tempfile::tempdir().expect("a temporary folder") };
        let overlay = "overlay: 1.1.0\ninfo: {title: o, version: '1'}\nextends: https://p.example/v1.yml\nactions:\n\
            - {target: $.info, update: {x-a: 1}}\n";
        tree.write("specs/p/v1/overlay.yml", overlay);
        tree
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.root.path().join(path);
        std::fs::create_dir_all(path.parent().expect("it has one")).expect("it is made");
        std::fs::write(path, text).expect("it is written");
    }

    /// A document with these operations, as `cargo xtask fetch` leaves it.
    fn publish(&self, paths: &[&str]) {
        let path =
            |path: &&str| format!("  {path}:\n    get:\n      responses:\n        '200': {{description: prose}}\n");
        let paths: String = paths.iter().map(path).collect();
        let text = format!("openapi: 3.0.0\ninfo: {{title: T, version: 1.2.0}}\npaths:\n{paths}");
        let digest = vigie_contract::yaml::sha256(text.as_bytes());
        let meta = json!({"url": "https://p.example/v1.yml", "sha256": digest, "size": text.len(), "fetched": "today"});
        self.write("published/p/v1/document", &text);
        self.write("published/p/v1/meta.json", &meta.to_string());
    }

    fn regenerate(&self, option: &str, value: Option<&Path>) -> Option<i32> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.args(["regenerate", "p", option]).args(value).env("VIGIE_SPECS", self.root.path().join("specs"));
        command.env("VIGIE_PUBLISHED", self.root.path().join("published"));
        command.output().expect("xtask runs").status.code()
    }

    /// What the fetched document changes.
    fn report(&self) -> (Option<i32>, Value) {
        let path = self.root.path().join("report.json");
        let code = self.regenerate("--report", Some(&path));
        let report = std::fs::read(path).expect("it was written");
        (code, serde_json::from_slice(&report).expect("it is JSON"))
    }
}

#[test]
fn a_published_document_that_breaks_the_contract_has_an_issue_until_it_is_accepted_or_mended() {
    for accept in [true, false] {
        let (tree, fake) = (Tree::new(), Fake::start(Kind::GitHub));
        tree.publish(&["/a", "/b", "/c", "/d"]);
        assert_eq!(tree.regenerate("--accept", None), Some(0));
        let (code, report) = tree.report();
        assert_eq!((code, &report["conclusion"]), (Some(0), &json!("conformant")));
        assert!(fake.night(&[report]).iter().all(|asked| asked.starts_with("GET ")));

        tree.publish(&["/a", "/b", "/c"]);
        let (code, report) = tree.report();
        assert_eq!((code, &report["conclusion"]), (Some(1), &json!("drift")));
        fake.night(&[report]);
        let issue = fake.only();
        assert!(issue.open && issue.title.starts_with("operation-removed: "), "{}", issue.title);
        for shown in ["`GET /d`", "`specs/p/v1/open-api.yml`", "cargo xtask regenerate`"] {
            assert!(issue.body.contains(shown), "{shown}: {}", issue.body);
        }
        assert!(!issue.body.contains("vigie check") && !issue.body.contains("[[ignore]]"), "{}", issue.body);

        if accept {
            assert_eq!(tree.regenerate("--accept", None), Some(0));
        } else {
            tree.publish(&["/a", "/b", "/c", "/d"]);
        }
        fake.night(&[tree.report().1]);
        assert!(!fake.only().open, "accepted: {accept}");
    }
}

#[test]
fn what_breaks_nothing_is_told_and_has_no_issue() {
    let (tree, fake) = (Tree::new(), Fake::start(Kind::GitLab));
    tree.publish(&["/a", "/b", "/c"]);
    assert_eq!(tree.regenerate("--accept", None), Some(0));
    tree.publish(&["/a", "/b", "/c", "/d"]);
    let (code, report) = tree.report();
    assert_eq!((code, &report["conclusion"]), (Some(1), &json!("conformant")));
    assert_eq!(report["causes"][0]["rule"], "operation-added");
    assert!(fake.night(&[report]).iter().all(|asked| asked.starts_with("GET ")));
}
