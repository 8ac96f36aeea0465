//! `cargo xtask tidy` on the real binary: a small clean tree, and one tree for each thing that is not allowed.

use std::process::{Command, Output};

const RULES: &str = "//! Rules.\n\npub const RULES: &[Rule] = &[\n    Rule { kind: Kind::A, id: \"a-gone\" },\n    Rule { kind: Kind::B, id: \"b-gone\" },\n];\n";

/// A clean tree with these files instead of, or beside, its own.
fn tidy(files: &[(&str, &str)]) -> Output {
    let clean = [
        ("build.rs", "fn main() {}\n"),
        ("src/lib.rs", "//! Clients.\nuse std::net::TcpStream;\n"),
        ("crates/drift/src/lib.rs", "pub mod rules;\nuse vigie_contract::Noun;\n"),
        ("crates/drift/src/rules/mod.rs", RULES),
        ("crates/judge/src/lib.rs", "mod one;\n#[cfg(test)]\nmod tests {\n    use std::fs::read;\n}\n"),
        ("crates/judge/src/tests.rs", "use std::fs::read;\n"),
        ("crates/judge/src/one.rs", "//! Not [`std::fs`].\nuse super::two;\n"),
        ("crates/harness/src/lib.rs", "use std::net::TcpStream;\n"),
        ("tests/a.rs", "fn a() { let text = \"todo!()\"; }\n"),
        ("xtask/src/main.rs", "fn main() {}\n"),
        ("docs/rules.md", "### `a-gone`\n### `b-gone`\n"),
        ("tests/drifts/a-gone/old.json", "{}\n"),
        ("tests/drifts/a-gone/new.json", "{}\n"),
        ("tests/drifts/a-gone/expected.yml", "[]\n"),
        ("tests/drifts/b-gone/cases/op/case.yml", "{}\n"),
        ("tests/drifts/b-gone/expected.yml", "[]\n"),
    ];
    let root = tempfile::tempdir().expect("a temporary folder");
    for (path, text) in clean.iter().chain(files) {
        let path = root.path().join(path);
        std::fs::create_dir_all(path.parent().expect("it is in a folder")).expect("it is made");
        std::fs::write(path, text).expect("it is written");
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.args(["tidy", "--root"]).arg(root.path()).output().expect("xtask runs")
}

/// The one line that a tree earns with this file.
fn violation(path: &str, text: &str) -> String {
    let output = tidy(&[(path, text)]);
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!((output.status.code(), told.lines().count()), (Some(1), 1), "{told}");
    told.trim_end().to_owned()
}

#[test]
fn a_clean_tree_is_told_in_one_line() {
    let output = tidy(&[]);
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(0), "{told}");
    assert_eq!(told, "10 files, 2 rules: tidy\n");
}

#[test]
fn pure_crates_name_no_io() {
    for (name, code) in [
        ("std::fs", "use std::fs::read;\n"),
        ("std::fs", "use std::{fs, io};\n"),
        ("std::net", "fn f() { std::net::TcpStream::connect(a); }\n"),
        ("std::process::Command", "use std::process::Command;\n"),
        ("std::time::SystemTime", "use std::time::{Duration, SystemTime};\n"),
        ("tokio", "use tokio as t;\n"),
        ("reqwest", "fn f(client: &reqwest::Client) {}\n"),
    ] {
        let expected = format!("crates/judge/src/one.rs:1: `crates/judge` does no IO, and names `{name}`");
        assert_eq!(violation("crates/judge/src/one.rs", code), expected);
    }
}

#[test]
fn a_file_has_at_most_600_lines_without_its_tests() {
    let tests = format!("{}#[cfg(test)]\nmod tests {{}}\n{}", "\n".repeat(600), "\n".repeat(100));
    assert_eq!(tidy(&[("src/wire.rs", &tests)]).status.code(), Some(0));
    for path in ["src/wire.rs", "build.rs", "tests/deep/er.rs", "crates/cli/src/a.rs", "xtask/src/main.rs"] {
        let expected = format!("{path}:601: 601 lines without tests, and the limit is 600: split it by subject");
        assert_eq!(violation(path, &"\n".repeat(601)), expected);
    }
}

#[test]
fn no_file_of_another_package_is_compiled() {
    let expected = "xtask/src/main.rs:1: a file of another folder: depend on the package that has it";
    assert_eq!(violation("xtask/src/main.rs", "#[path = \"../../src/a.rs\"]\nmod a;\n"), expected);
}

#[test]
fn nothing_is_left_over() {
    for (code, name) in [
        ("fn f() {\n    todo!()\n}", "todo!"),
        ("\nfn f() { std::unimplemented!() }", "unimplemented!"),
        ("mod tests {\nfn f() { dbg!(1); } }", "dbg!"),
    ] {
        assert_eq!(violation("tests/b.rs", code), format!("tests/b.rs:2: `{name}` is left over"));
    }
}

#[test]
fn rule_ids_are_unique_and_in_kebab_case_and_there_are_some() {
    let rules = |id: &str| violation("crates/drift/src/rules/mod.rs", &RULES.replace("b-gone", id));
    assert_eq!(rules("b_Gone"), "crates/drift/src/rules/mod.rs:5: the rule id `b_Gone` is not in kebab case");
    assert_eq!(
        rules("a-gone"),
        "crates/drift/src/rules/mod.rs:5: the rule id `a-gone` is taken by crates/drift/src/rules/mod.rs:4"
    );
    let none = violation("crates/drift/src/rules/mod.rs", "//! Empty.\n");
    assert!(none.starts_with("crates/drift/src/rules/:1: no rule id found"), "{none}");
}

#[test]
fn every_rule_has_its_fixture_and_its_docs() {
    let third = RULES.replace("];\n", "    Rule { kind: Kind::C, id: \"c-gone\" },\n];\n");
    let output = tidy(&[
        ("crates/drift/src/rules/mod.rs", &third),
        ("tests/drifts/d-gone/old.json", "{}\n"),
        ("tests/drifts/a-gone/old.yml", "{}\n"),
    ]);
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(1));
    let lines: Vec<&str> = told.lines().collect();
    let expected = [
        "crates/drift/src/rules/mod.rs:4: the rule `a-gone` has a fixture without new.yml, witness.yml",
        "crates/drift/src/rules/mod.rs:6: the rule `c-gone` has no fixture: make tests/drifts/<id>/ as CONTRIBUTING.md says",
        "crates/drift/src/rules/mod.rs:6: the rule `c-gone` is not in docs/rules.md: run `cargo xtask docs`",
        "tests/drifts/d-gone:1: no rule has this id: rename the folder, or remove it",
    ];
    assert_eq!(lines, expected);
}

#[test]
fn what_cannot_be_read_is_told() {
    let told = violation("src/wire.rs", "fn f() {\n");
    assert!(told.starts_with("src/wire.rs:1: not Rust"), "{told}");
}
