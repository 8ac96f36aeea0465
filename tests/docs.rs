//! README and docs show what vigie prints: every example that needs nothing but this repository is run.
#![cfg(feature = "harness")]

use std::path::{Path, PathBuf};
use std::process::Command;
use vigie::scenario::{Dialect, Identity, parse_scenario};

/// Commands that need files of others, or that do not end.
const LEFT_OUT: [&str; 4] = ["vigie serve", "vigie accept", "--corpus siade_staging_data", "vigie check"];

/// A command of a page, and the lines below it.
struct Example {
    command: String,
    shown: String,
}

fn pages() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let docs = std::fs::read_dir(root.join("docs")).expect("docs/ is there");
    let mut pages: Vec<PathBuf> = docs.map(|entry| entry.expect("it reads").path()).collect();
    pages.push(root.join("README.md"));
    pages
}

fn examples(text: &str) -> Vec<Example> {
    let blocks = text.split("```console\n").skip(1).filter_map(|block| block.split("\n```").next());
    let mut examples = Vec::new();
    for block in blocks {
        let mut shown: Option<Example> = None;
        for line in block.lines() {
            match (line.strip_prefix("$ "), &mut shown) {
                (Some(command), _) => {
                    examples.extend(shown.take());
                    shown = Some(Example { command: command.to_owned(), shown: String::new() });
                }
                (None, Some(example)) => example.shown.extend([line, "\n"]),
                (None, None) => {}
            }
        }
        examples.extend(shown);
    }
    examples
}

#[test]
fn every_example_prints_what_is_shown_and_ends_as_shown() {
    let mut run = 0;
    for page in pages() {
        let text = std::fs::read_to_string(&page).expect("it reads");
        let mut last = None;
        for Example { command, shown } in examples(&text) {
            if command == "echo $?" {
                if let Some(code) = last.take() {
                    assert_eq!(format!("{code}\n"), shown, "{}: exit status", page.display());
                }
                continue;
            }
            last = None;
            let ours = command.replace("cargo run --release --", "vigie");
            let is_check = command != ours;
            let Some(arguments) = ours.strip_prefix("vigie ") else { continue };
            if !is_check && LEFT_OUT.iter().any(|left| ours.contains(left)) {
                continue;
            }
            let mut vigie = Command::new(env!("CARGO_BIN_EXE_vigie"));
            let output = vigie.args(arguments.split(' ')).current_dir(env!("CARGO_MANIFEST_DIR")).output();
            let output = output.expect("vigie runs");
            let printed = String::from_utf8_lossy(&output.stdout);
            assert_eq!(printed, shown, "{}: $ {command}", page.display());
            last = output.status.code();
            run += 1;
        }
    }
    assert!(run >= 8, "only {run} examples were run");
}

/// How the examples are written.
static DIALECT: Dialect = Dialect {
    credentials: &["none"],
    twins: &[],
    defaults: &[],
    identity: Identity { credentials: "", parts: &[] },
    codes: &[],
    refusals: &[],
    busy: &[],
    decided: &[],
};

#[test]
fn every_scenario_that_is_shown_can_be_read() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/scenarios.md");
    let text = std::fs::read_to_string(page).expect("it reads");
    let blocks: Vec<&str> = text.split("```yaml\n").skip(1).filter_map(|block| block.split("```").next()).collect();
    for block in &blocks {
        let scenario = parse_scenario("topic", "topic/example.yml", block, &DIALECT);
        let scenario = scenario.unwrap_or_else(|error| panic!("{error}\n{block}"));
        assert_eq!(scenario.has_steps(), block.contains("steps:"));
    }
    assert_eq!(blocks.len(), 3);
}
