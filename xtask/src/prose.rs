//! `cargo xtask prose`: of two documents that say the same but for prose, the diff must report nothing.

use crate::edits::without_prose;
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use vigie_contract::read::{Document, read};
use vigie_drift::deviation::Kind;
use vigie_drift::diff::diff;

/// Error codes are facts, also where examples alone state them.
const OF_EXAMPLES: [Kind; 3] = [Kind::ErrorCodeAdded, Kind::ErrorCodeRemoved, Kind::ErrorCodeChanged];

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Histories: a folder of revisions, sorted by name, or `path@git`.
    #[arg(required = true, value_name = "PATH")]
    histories: Vec<String>,
}

/// What one history came to.
#[derive(Debug, Default, Clone, Copy)]
struct Count {
    steps: usize,
    equal: usize,
    alarms: usize,
}

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<ExitCode, String> {
    let strip = without_prose()?;
    let mut all = Count::default();
    for name in &args.histories {
        let own = history(name, &strip, out)?;
        let Count { steps, equal, alarms } = own;
        writeln!(out, "{name}: {steps} steps, {equal} equal but for prose, {alarms} alarms").ok();
        all = Count { steps: all.steps + steps, equal: all.equal + equal, alarms: all.alarms + alarms };
    }
    if all.steps == 0 {
        return Err("no history has two documents that can be compared".into());
    }
    let Count { steps, equal, alarms } = all;
    writeln!(out, "all: {steps} steps, {equal} equal but for prose, {alarms} alarms").ok();
    Ok(ExitCode::from(u8::from(alarms > 0)))
}

fn history(name: &str, strip: &dyn Fn(&mut Value), out: &mut dyn Write) -> Result<Count, String> {
    let mut count = Count::default();
    let mut last: Option<(String, Value, Value)> = None;
    for revision in revisions(name)? {
        let bytes = revision.bytes()?;
        // A revision that was published broken is no step.
        let Ok(source) = read(&bytes) else { continue };
        let (Document::OpenApi(document) | Document::Swagger(document)) = source.document else { continue };
        let mut stripped = document.clone();
        strip(&mut stripped);
        if let Some((before, old, bare)) = &last {
            count.steps += 1;
            if *bare == stripped {
                count.equal += 1;
                let found = diff(old, &document).deviations;
                let found = found.iter().filter(|fact| !OF_EXAMPLES.contains(&fact.kind));
                let rules: BTreeSet<&str> = found.map(|fact| vigie_drift::rules::rule(fact.kind).id).collect();
                if !rules.is_empty() {
                    count.alarms += 1;
                    let rules = rules.into_iter().collect::<Vec<_>>().join(", ");
                    writeln!(out, "{before} -> {}: {rules}", revision.name()).ok();
                }
            }
        }
        last = Some((revision.name(), document, stripped));
    }
    Ok(count)
}

/// One document of a history.
enum Revision {
    File(PathBuf),
    Commit { folder: PathBuf, commit: String, file: String },
}

impl Revision {
    fn name(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Commit { commit, file, .. } => format!("{}:{file}", &commit[..commit.len().min(10)]),
        }
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        match self {
            Self::File(path) => std::fs::read(path).map_err(|error| format!("{}: {error}", path.display())),
            Self::Commit { folder, commit, file } => git(folder, &["show", &format!("{commit}:./{file}")]),
        }
    }
}

fn revisions(name: &str) -> Result<Vec<Revision>, String> {
    let Some(path) = name.strip_suffix("@git").map(Path::new) else {
        let entries = std::fs::read_dir(name).map_err(|error| format!("{name}: {error}"))?;
        let is_document = |path: &PathBuf| {
            let extension = path.extension().and_then(|extension| extension.to_str());
            path.is_file() && extension.is_some_and(|extension| ["yml", "yaml", "json"].contains(&extension))
        };
        let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(is_document).collect();
        files.sort();
        return Ok(files.into_iter().map(Revision::File).collect());
    };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    // What a commit deleted has no document.
    let log = git(folder, &["log", "--reverse", "--diff-filter=d", "--format=%H", "--", &file])?;
    let commits = String::from_utf8_lossy(&log).lines().map(str::to_owned).collect::<Vec<_>>();
    let revision = |commit| Revision::Commit { folder: folder.to_owned(), commit, file: file.clone() };
    Ok(commits.into_iter().map(revision).collect())
}

fn git(folder: &Path, arguments: &[&str]) -> Result<Vec<u8>, String> {
    let output = Command::new("git").arg("-C").arg(folder).args(arguments).output();
    let output = output.map_err(|error| format!("git: {error}"))?;
    if output.status.success() {
        Ok(output.stdout)
    } else {
        Err(format!("git {}: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr).trim()))
    }
}
