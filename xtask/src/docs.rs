//! `cargo xtask docs`: `docs/rules.md`, drawn from the table of rules and their fixtures.

use crate::specs::workspace;
use std::fmt::Write as _;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use vigie_drift::example::Example;
use vigie_drift::rules::{Rule, SUBJECTS, Sure};

/// What is drawn.
pub(crate) const PAGE: &str = "docs/rules.md";
/// Where the fixtures are.
pub(crate) const FIXTURES: &str = "tests/drifts";

const INTRODUCTION: &str = "# Rules

Each *finding* of vigie belongs to exactly one of these rules. `vigie explain RULE` prints the same text in a terminal.

Each rule has a *class*: `breaking` (a consumer written against the old side can fail), `compatible` (it cannot), `uncertain` (null,
empty or never-seen values, which prove nothing), `data` (only values changed), `masked` (keys that the token may not see),
`implausible` (the document itself is not credible), `outage` (no answer that can be judged), `setup` (something that the run needs, such
as a valid token, is missing), `unjudged` (a case could not be judged at all), `client` (contract and answer agree, and the client that vigie
generated does not). A rule is *definite* if it affects every consumer, and *conditional* if it depends on what a consumer does, or on
whether the provider follows its document. The [glossary](glossary.md) defines the terms.

The example is the rule's fixture in `tests/drifts/`, and `tests/rules.rs` runs it. A rule between two contracts has a *witness*, an example that is
run against both: a contract `accepts` it, `refuses` it, or does not mention something in it (`undocumented`).

*`cargo xtask docs` writes this page from `crates/drift/src/rules/` and the fixtures: change those.*
";

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Write nothing; exit with 1 if the page is not what would be written.
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<ExitCode, String> {
    let path = workspace().join(PAGE);
    let page = page(&workspace().join(FIXTURES))?;
    let is_current = std::fs::read_to_string(&path).is_ok_and(|text| text == page);
    let told = match (is_current, args.check) {
        (true, _) => "is current",
        (false, true) => "is out of date: run `cargo xtask docs`",
        (false, false) => {
            vigie_contract::files::replace(&path, page.as_bytes())
                .map_err(|error| format!("{}: {error}", path.display()))?;
            "is written"
        }
    };
    // A reader that went away (`| head`) must not hide the exit status.
    writeln!(out, "{PAGE} {told}").ok();
    Ok(ExitCode::from(u8::from(args.check && !is_current)))
}

/// The whole page.
fn page(fixtures: &Path) -> Result<String, String> {
    let mut page = INTRODUCTION.to_owned();
    for subject in &SUBJECTS {
        let _ = writeln!(page, "\n**[{}](#{})**\n", subject.title, anchor(subject.title));
        for rule in subject.rules {
            let _ = writeln!(
                page,
                "- [`{0}`](#{1}) {2}, {3}: {4}",
                rule.id,
                anchor(rule.id),
                rule.class,
                rule.sure,
                rule.title
            );
        }
    }
    for subject in &SUBJECTS {
        let _ = writeln!(page, "\n## {}", subject.title);
        for rule in subject.rules {
            section(rule, fixtures, &mut page).map_err(|reason| format!("{FIXTURES}/{}: {reason}", rule.id))?;
        }
    }
    Ok(page)
}

fn section(rule: &Rule, fixtures: &Path, page: &mut String) -> Result<(), String> {
    let files = files(&fixtures.join(rule.id)).map_err(|error| error.to_string())?;
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let example = Example::new(rule, &files)?;
    let sure = match rule.sure {
        Sure::IfRequired => "definite if the old side requires it, conditional if it is optional".to_owned(),
        sure => sure.to_string(),
    };
    let _ = write!(page, "\n### `{}`\n\n{}: {}, {sure}.\n\n", rule.id, capital(rule.title), rule.class);
    let _ = writeln!(page, "- Detects: {}", rule.sees);
    let _ = writeln!(page, "- Why it matters: {}.", rule.why);
    let _ = writeln!(page, "- Example: {}", plain(&example.witness));
    for part in &example.parts {
        let _ = write!(page, "\n{}:\n\n```{}\n{}```\n", part.caption, part.language, part.text);
    }
    Ok(())
}

/// The files of a fixture, sorted: path below its folder, and text.
pub(crate) fn files(folder: &Path) -> std::io::Result<Vec<(String, String)>> {
    fn collect(folder: &Path, below: &str, files: &mut Vec<(String, String)>) -> std::io::Result<()> {
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            let name = format!("{below}{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                collect(&entry.path(), &format!("{name}/"), files)?;
            } else {
                files.push((name, std::fs::read_to_string(entry.path())?));
            }
        }
        Ok(())
    }
    let mut files = Vec::new();
    collect(folder, "", &mut files)?;
    files.sort();
    Ok(files)
}

/// What a heading is linked by.
fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|character| character.is_alphanumeric() || " -".contains(*character));
    kept.flat_map(char::to_lowercase).map(|character| if character == ' ' { '-' } else { character }).collect()
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}

/// Text that Markdown must not read: patterns are full of its marks.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        if "*_[]<>`\\".contains(character) {
            plain.push('\\');
        }
        plain.push(character);
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::{anchor, plain};

    #[test]
    fn anchors_are_those_of_the_forges() {
        assert_eq!(anchor("Statuses, headers and media types"), "statuses-headers-and-media-types");
        assert_eq!(anchor("response-additionalProperties-changed"), "response-additionalproperties-changed");
    }

    #[test]
    fn marks_of_a_pattern_stay_as_they_are() {
        assert_eq!(plain("^[0-9_]*$"), "^\\[0-9\\_\\]\\*$");
    }
}
