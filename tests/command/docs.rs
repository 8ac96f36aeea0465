//! README and docs show what vigie prints: every example that needs nothing but this repository is run.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use vigie_scenario::{Dialect, Identity, parse_scenario};

/// What stands in commands that need files or programs of others, or that do not end.
const LEFT_OUT: [&str; 6] = ["vigie serve", "vigie accept", "apistration", "target/published", "next.yml", "$("];
/// Pages without a command that could be run here: they are about `cargo xtask`, or about files of one's own.
const NOTHING_TO_RUN: [&str; 8] =
    ["edits.md", "findings.md", "glossary.md", "nightly.md", "published.md", "recorded.md", "rules.md", "scenarios.md"];

/// A command of a page, and the lines below it.
struct Example {
    command: String,
    shown: String,
}

fn pages() -> Vec<PathBuf> {
    let root = support::root();
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

/// Runs what stands behind `$`, variables before it too. `None` if it is no command of ours.
fn run(command: &str, folder: &Path) -> Option<Output> {
    let command = command.replace("cargo run --release --", "vigie");
    let mut words = command.split(' ').peekable();
    let mut vigie = Command::new(env!("CARGO_BIN_EXE_vigie"));
    while let Some((name, value)) = words.peek().and_then(|word| word.split_once('=')) {
        vigie.env(name, value);
        words.next();
    }
    if words.next() != Some("vigie") || LEFT_OUT.iter().any(|left| command.contains(left)) {
        return None;
    }
    let arguments = words.map(|word| word.trim_matches('\''));
    Some(vigie.args(arguments).current_dir(folder).output().expect("vigie runs"))
}

#[test]
fn every_example_prints_what_is_shown_and_ends_as_shown() {
    let root = support::root();
    for page in pages() {
        let name = page.file_name().expect("it has one").to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&page).expect("it reads");
        // What writes does it elsewhere, and what comes after it on the page finds it there.
        let elsewhere = tempfile::tempdir().expect("a temporary folder");
        let (mut written, mut count, mut last) = (Vec::new(), 0, None);
        for Example { command, shown } in examples(&text) {
            if command == "echo $?" {
                if let Some(code) = last.take() {
                    assert_eq!(format!("{code}\n"), shown, "{name}: exit status");
                }
                continue;
            }
            written.extend(command.split_once(" --out ").map(|(_, out)| out.to_owned()));
            let is_elsewhere = written.iter().any(|out| command.contains(out.as_str()));
            let output = run(&command, if is_elsewhere { elsewhere.path() } else { root });
            last = output.as_ref().and_then(|output| output.status.code());
            if let Some(output) = output {
                assert_eq!(String::from_utf8_lossy(&output.stdout), shown, "{name}: $ {command}");
                assert_ne!(last, Some(2), "{name}: $ {command}: it could not run, and nothing was compared");
                count += 1;
            }
        }
        assert_eq!(count == 0, NOTHING_TO_RUN.contains(&&*name), "{name}: {count} examples were run");
    }
}

/// Whether a text is what is shown; a line `…` stands for any number of lines.
fn fits(shown: &str, printed: &str) -> bool {
    let mut parts = shown.split("…\n");
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = printed.strip_prefix(first) else { return false };
    let mut parts = parts.peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.is_empty()
}

/// The official repository is nobody's here to keep; where somebody has it, what the README says of it is true.
#[test]
#[cfg(unix)]
fn the_example_of_the_official_repository_prints_what_is_shown() {
    let Some(upstream) = std::env::var_os("VIGIE_UPSTREAM") else {
        eprintln!("skipped: VIGIE_UPSTREAM is not set");
        return;
    };
    let place = tempfile::tempdir().expect("a temporary folder");
    std::fs::create_dir(place.path().join("apistration")).expect("it is made");
    let official = Path::new(&upstream).join("official").canonicalize().expect("the folder is there");
    std::os::unix::fs::symlink(official, place.path().join("apistration/mocks")).expect("a link");
    let readme = support::root().join("README.md");
    let readme = std::fs::read_to_string(readme).expect("it reads");
    let examples = examples(&readme);
    let at = examples.iter().position(|example| example.command.contains("--corpus apistration")).expect("it is shown");
    let Example { command, shown } = &examples[at];
    let arguments = command.strip_prefix("vigie ").expect("a command of ours").split(' ');
    let output =
        Command::new(env!("CARGO_BIN_EXE_vigie")).args(arguments).current_dir(place.path()).output().expect("it runs");
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(fits(shown, &printed), "README.md: $ {command}\n{shown}\nprints\n{printed}");
    let code = output.status.code().map(|code| format!("{code}\n"));
    assert_eq!((examples[at + 1].command.as_str(), Some(&examples[at + 1].shown)), ("echo $?", code.as_ref()));
}

#[test]
fn what_is_left_out_of_an_example_may_be_anything_and_nothing_else_may() {
    for (shown, printed, expected) in [
        ("a\nb\n", "a\nb\n", true),
        ("a\n", "a\nb\n", false),
        ("…\nb\n", "a\na\nb\n", true),
        ("…\nb\n…\nc\n", "a\nb\nx\nc\n", true),
        ("…\nb\n…\nc\n", "a\nc\nb\n", false),
        ("a\n…\n", "a\nb\n", true),
    ] {
        assert_eq!(fits(shown, printed), expected, "{shown:?} {printed:?}");
    }
}

/// How the examples are written.
static DIALECT: Dialect = Dialect {
    credentials: &["none"],
    twins: &[],
    defaults: &[],
    identity: Identity::NONE,
    fallback: None,
    codes: &[],
    refusals: &[],
    busy: &[],
    decided: &[],
};

#[test]
fn every_scenario_that_is_shown_can_be_read() {
    let page = support::root().join("docs/scenarios.md");
    let text = std::fs::read_to_string(page).expect("it reads");
    let blocks: Vec<&str> = text.split("```yaml\n").skip(1).filter_map(|block| block.split("```").next()).collect();
    for block in &blocks {
        let scenario = parse_scenario("topic", "topic/example.yml", block, &DIALECT);
        let scenario = scenario.unwrap_or_else(|error| panic!("{error}\n{block}"));
        assert_eq!(scenario.has_steps(), block.contains("steps:"));
    }
    assert_eq!(blocks.len(), 3);
}
