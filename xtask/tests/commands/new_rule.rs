//! `cargo xtask new-rule`: what it writes, and what it refuses without a trace.

use std::path::Path;
use std::process::Command;

const KINDS: &str = "crates/drift/src/deviation.rs";
const RULES: &str = "crates/drift/src/rules/response.rs";

/// A copy of what the command changes.
fn tree() -> tempfile::TempDir {
    let root = tempfile::tempdir().expect("a temporary folder");
    for path in [KINDS, RULES] {
        let copy = root.path().join(path);
        std::fs::create_dir_all(copy.parent().expect("a folder")).expect("it is made");
        std::fs::copy(support::root().join(path), copy).expect("it is copied");
    }
    root
}

fn new_rule(root: &Path, id: &str, subject: &str) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    let output = command.args(["new-rule", id, "--subject", subject, "--root"]).arg(root).output().expect("it runs");
    (output.status.code(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
}

fn read(root: &Path, path: &str) -> String {
    std::fs::read_to_string(root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn the_stubs_of_a_rule_stand_where_a_rule_stands() {
    let root = tree();
    let root = root.path();
    let (kinds, rules) = (read(root, KINDS), read(root, RULES));
    let (code, printed) = new_rule(root, "response-colour-changed", "response");
    assert_eq!(code, Some(0), "{printed}");
    assert!(printed.contains("--test rules -- response-colour-changed"), "{printed}");
    assert_eq!(read(root, KINDS).replace("\n    ResponseColourChanged,", ""), kinds);
    let entry = read(root, RULES);
    assert!(entry.contains("kind: Kind::ResponseColourChanged,\n        id: \"response-colour-changed\","), "{entry}");
    assert!(entry.len() > rules.len());
    for file in ["old.yml", "new.yml", "witness.yml", "expected.yml"] {
        assert!(!read(root, &format!("tests/drifts/response-colour-changed/{file}")).is_empty(), "{file}");
    }
    // A second time it is there.
    let (code, printed) = new_rule(root, "response-colour-changed", "response");
    assert_eq!((code, printed.contains("there already")), (Some(2), true), "{printed}");
}

#[test]
fn what_is_refused_leaves_the_tree_as_it_was() {
    let root = tree();
    let root = root.path();
    let before = (read(root, KINDS), read(root, RULES));
    for (id, subject, said) in
        [("Response_Gone", "response", "kebab case"), ("response-gone-too", "respnse", "there are response")]
    {
        let (code, printed) = new_rule(root, id, subject);
        assert_eq!((code, printed.contains(said)), (Some(2), true), "{printed}");
    }
    assert_eq!((read(root, KINDS), read(root, RULES)), before);
    assert!(!root.join("tests/drifts").exists());
}
