//! `cargo xtask tidy` on the real binary: a small clean tree, and one tree for each thing that is not allowed.

use std::process::{Command, Output};

const LIB: &str = "//! A crate.\n\n// Floor 0: nouns.\npub mod noun;\n\n// Floor 2: judgement.\npub mod drift;\npub mod judge;\npub mod shape;\n\n// Floor 3: outside.\npub mod wire;\n\n// Floor 5: drawing.\npub mod report;\n";
const RULES: &str = "//! Rules.\n\npub const RULES: &[Rule] = &[\n    Rule { kind: Kind::A, id: \"a-gone\" },\n    Rule { kind: Kind::B, id: \"b-gone\" },\n];\n";

/// A clean tree with these files instead of, or beside, its own.
fn tidy(files: &[(&str, &str)]) -> Output {
    let clean = [
        ("build.rs", "fn main() {}\n"),
        ("src/lib.rs", LIB),
        ("src/main.rs", "fn main() { x::cli::main() }\n"),
        ("src/noun.rs", "//! Nouns. Not [`crate::wire`].\npub struct Noun;\n"),
        ("src/drift/mod.rs", "pub mod rules;\nuse crate::noun::Noun;\n"),
        ("src/drift/rules/mod.rs", RULES),
        (
            "src/judge/mod.rs",
            "mod one;\nuse crate::noun::Noun;\n#[cfg(test)]\nmod tests {\n    use crate::wire::send;\n}\n",
        ),
        ("src/judge/tests.rs", "use crate::wire::send;\nuse std::fs::read;\n"),
        ("src/judge/one.rs", "use super::Noun;\nuse crate::judge::two;\n"),
        ("src/shape.rs", "use super::noun;\n"),
        // A neighbour that it may name.
        ("src/judge/two.rs", "use crate::shape;\n"),
        ("src/wire.rs", "use crate::{judge, noun::Noun};\nuse std::net::TcpStream;\n"),
        ("src/report/mod.rs", "use crate::noun::Noun;\n"),
        ("tests/a.rs", "fn a() { let text = \"todo!()\"; }\n"),
        ("xtask/src/main.rs", "fn main() {}\n"),
        (
            "ARCHITECTURE.md",
            "| 0 nouns | `noun` |\n| 2 judgement | `drift` `judge` `shape` |\n| 3 outside | `wire` |\n| 5 report | `report` |\n",
        ),
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
    assert_eq!(told, "15 files, 6 modules on their floors, 2 rules: tidy\n");
}

#[test]
fn a_floor_names_only_floors_below() {
    for (path, text, expected) in [
        (
            "src/judge/one.rs",
            "\nuse crate::{\n    noun::Noun,\n    wire::{receive, send},\n};\n",
            "src/judge/one.rs:4: `judge` (floor 2) names `wire` (floor 3): that floor is above",
        ),
        (
            "src/judge/one.rs",
            "use super::super::wire;\n",
            "src/judge/one.rs:1: `judge` (floor 2) names `wire` (floor 3): that floor is above",
        ),
        (
            "src/noun.rs",
            "fn f() {\n    say!(\"{}\", crate::wire::f());\n}\n",
            "src/noun.rs:2: `noun` (floor 0) names `wire` (floor 3): that floor is above",
        ),
        (
            "src/shape.rs",
            "use crate::judge;\n",
            "src/shape.rs:1: `shape` (floor 2) names `judge` (floor 2): that is a neighbour, not a floor below",
        ),
        (
            "src/report/mod.rs",
            "use crate::judge;\n",
            "src/report/mod.rs:1: `report` (floor 5) names `judge` (floor 2): it sees only nouns, floor 0",
        ),
    ] {
        assert_eq!(violation(path, text), expected);
    }
}

#[test]
fn every_module_stands_on_a_floor() {
    let lib = LIB.replacen("// Floor 0: nouns.\n", "", 1);
    let output = tidy(&[("src/lib.rs", &lib)]);
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.starts_with("src/lib.rs:3: `noun` stands on no floor: write `// Floor N` before it\n"), "{told}");
}

#[test]
fn the_page_has_every_module_on_its_floor() {
    let page = "| 0 nouns | `noun` |\n| 2 judgement | `drift` `judge` |\n| 3 outside | `shape` `wire` |\n| 5 report | `report` |\n";
    let expected = "ARCHITECTURE.md:2: `shape` stands on floor 2, and is not in the row of that floor";
    assert_eq!(violation("ARCHITECTURE.md", page), expected);
}

#[test]
fn pure_modules_name_no_io() {
    for (name, code) in [
        ("std::fs", "use std::fs::read;\n"),
        ("std::fs", "use std::{fs, io};\n"),
        ("std::net", "fn f() { std::net::TcpStream::connect(a); }\n"),
        ("std::process", "use std::process::Command;\n"),
        ("std::time::SystemTime", "use std::time::{Duration, SystemTime};\n"),
        ("tokio", "use tokio as t;\n"),
        ("reqwest", "fn f(client: &reqwest::Client) {}\n"),
    ] {
        let expected = format!("src/shape.rs:1: `shape` is pure, and names `{name}`");
        assert_eq!(violation("src/shape.rs", code), expected);
    }
}

#[test]
fn a_file_has_at_most_400_lines() {
    assert_eq!(tidy(&[("src/wire.rs", &"\n".repeat(400))]).status.code(), Some(0));
    for path in ["src/wire.rs", "build.rs", "tests/deep/er.rs", "xtask/src/main.rs"] {
        let expected = format!("{path}:401: 401 lines, and the limit is 400: split it into a folder of smaller files");
        assert_eq!(violation(path, &"\n".repeat(401)), expected);
    }
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
    let rules = |id: &str| violation("src/drift/rules/mod.rs", &RULES.replace("b-gone", id));
    assert_eq!(rules("b_Gone"), "src/drift/rules/mod.rs:5: the rule id `b_Gone` is not in kebab case");
    assert_eq!(rules("a-gone"), "src/drift/rules/mod.rs:5: the rule id `a-gone` is taken by src/drift/rules/mod.rs:4");
    let none = violation("src/drift/rules/mod.rs", "//! Empty.\n");
    assert!(none.starts_with("src/drift/rules/:1: no rule id found"), "{none}");
}

#[test]
fn every_rule_has_its_fixture_and_its_docs() {
    let third = RULES.replace("];\n", "    Rule { kind: Kind::C, id: \"c-gone\" },\n];\n");
    let output = tidy(&[
        ("src/drift/rules/mod.rs", &third),
        ("tests/drifts/d-gone/old.json", "{}\n"),
        ("tests/drifts/a-gone/old.yml", "{}\n"),
    ]);
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(1));
    let lines: Vec<&str> = told.lines().collect();
    let expected = [
        "src/drift/rules/mod.rs:4: the rule `a-gone` has a fixture without new.yml, witness.yml",
        "src/drift/rules/mod.rs:6: the rule `c-gone` has no fixture: make tests/drifts/<id>/ as CONTRIBUTING.md says",
        "src/drift/rules/mod.rs:6: the rule `c-gone` is not in docs/rules.md: run `cargo xtask docs`",
        "tests/drifts/d-gone:1: no rule has this id: rename the folder, or remove it",
    ];
    assert_eq!(lines, expected);
}

#[test]
fn what_cannot_be_read_is_told() {
    let told = violation("src/wire.rs", "fn f() {\n");
    assert!(told.starts_with("src/wire.rs:1: not Rust"), "{told}");
}
