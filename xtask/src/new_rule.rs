//! `cargo xtask new-rule ID`: the stubs of a rule. Its kind, its entry in the table of its subject, and its fixture folder.

use crate::docs::FIXTURES;
use crate::specs::workspace;
use crate::tidy::is_kebab;
use heck::ToUpperCamelCase;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Where the kinds of facts are.
const KINDS: &str = "crates/drift/src/deviation.rs";
/// Where the rules are: a file for each subject.
const RULES: &str = "crates/drift/src/rules";
/// What a fixture begins with: a small contract, which `new.yml` changes in one thing.
const CONTRACT: &str = "openapi: 3.0.3
info:
  title: Cantines scolaires
  version: 1.4.0
paths:
  /v1/menus:
    get:
      operationId: menus
      parameters:
        - {name: ecole, in: query, required: true, schema: {type: string}}
      responses:
        '200':
          description: Les menus
";

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Its id, in kebab case, by subject: `response-property-removed`.
    id: String,
    /// The file of its subject in `crates/drift/src/rules/`, without `.rs`: `response`, `parameter`, `exchange`, ..
    #[arg(long)]
    subject: String,
    /// The tree that is changed; this workspace without it.
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<ExitCode, String> {
    let root = args.root.as_deref().unwrap_or(workspace());
    let id = args.id.as_str();
    if !is_kebab(id) {
        return Err(format!("`{id}` is not in kebab case; write it like `response-property-removed`"));
    }
    let kind = id.to_upper_camel_case();
    let subject = format!("{RULES}/{}.rs", args.subject);
    if !root.join(&subject).is_file() {
        return Err(format!("{subject}: no such subject; there are {}", subjects(root)?));
    }
    let fixture = root.join(FIXTURES).join(id);
    if fixture.exists() {
        return Err(format!("{FIXTURES}/{id}: the rule is there already"));
    }
    // Everything is made before anything is written, so that a refusal leaves the tree as it was.
    let kinds = inserted(root, KINDS, "\nkinds! {\n", "\n}\n", &format!("\n    {kind},"))?;
    let entry = format!(
        "\n    Rule {{
        kind: Kind::{kind},
        id: \"{id}\",
        class: Class::Breaking,
        sure: Sure::Conditional,
        title: \"\",
        sees: \"\",
        why: \"\",
        witness: \"\",
        ..Rule::PLAIN
    }},"
    );
    let rules = inserted(root, &subject, "RULES: &[Rule] = &[\n", "\n];\n", &entry)?;
    let expected = format!("- rule: {id}\n  class: breaking\n  certainty: conditional\n  operation: GET /v1/menus\n");
    let witness = "request:\n  operation: GET /v1/menus\n  query: {ecole: 0750655E}\nold: accepts\nnew: refuses\n";
    for (path, text) in [
        (root.join(KINDS), kinds.as_str()),
        (root.join(&subject), &rules),
        (fixture.join("old.yml"), CONTRACT),
        (fixture.join("new.yml"), CONTRACT),
        (fixture.join("witness.yml"), witness),
        (fixture.join("expected.yml"), &expected),
    ] {
        let refused = |error: String| format!("{}: {error}", path.display());
        std::fs::create_dir_all(path.parent().unwrap_or(root)).map_err(|error| refused(error.to_string()))?;
        vigie_contract::files::replace(&path, text.as_bytes()).map_err(|error| refused(error.to_string()))?;
    }
    let next = [
        format!("{subject}: write what it detects, why it matters and an example; set class and certainty"),
        format!(
            "{FIXTURES}/{id}/: make `new.yml` drift in this one thing; CONTRIBUTING.md lists other forms of fixtures"
        ),
        format!("emit `Kind::{kind}` where the fact is seen, in crates/drift or crates/judge"),
        format!("cargo test --package vigie-cli --test rules -- {id}; cargo xtask docs; cargo xtask tidy"),
    ];
    for (number, step) in (1..).zip(next) {
        // A reader that went away (`| head`) must not hide the exit status.
        writeln!(out, "{number}. {step}").ok();
    }
    Ok(ExitCode::SUCCESS)
}

/// A file's text with more at the end of a list that it has.
fn inserted(root: &Path, path: &str, begin: &str, end: &str, more: &str) -> Result<String, String> {
    let mut text = std::fs::read_to_string(root.join(path)).map_err(|error| format!("{path}: {error}"))?;
    let list = text.find(begin).and_then(|start| Some(start + text[start..].find(end)?));
    let position = list.ok_or_else(|| format!("{path}: no list that begins with `{}`", begin.trim()))?;
    text.insert_str(position, more);
    Ok(text)
}

/// The names of the subjects.
fn subjects(root: &Path) -> Result<String, String> {
    let entries = std::fs::read_dir(root.join(RULES)).map_err(|error| format!("{RULES}: {error}"))?;
    let names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.filter_map(|name| Some(name.strip_suffix(".rs")?.to_owned())).collect();
    names.retain(|name| name != "mod");
    names.sort();
    Ok(names.join(", "))
}
