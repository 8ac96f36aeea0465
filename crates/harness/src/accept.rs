//! Snapshots that wait to be accepted, by what made them differ.

use crate::providers;
use crate::runner::{PlanError, unusable};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use vigie_contract::files;
use vigie_drift::causes;
use vigie_drift::comparison::Cause;
use vigie_drift::finding::CaseReport;
use vigie_judge::Judge;
use vigie_judge::shape::Terms;
use vigie_judge::snapshot::Observation;

/// What `cargo insta` calls a new snapshot.
const SUFFIX: &str = ".snap.new";

/// Every pending snapshot below a folder.
#[derive(Debug, Default)]
pub struct Pending {
    /// Why they wait, worst first; each place names its snapshot.
    pub causes: Vec<Cause>,
    /// New snapshots that are not vigie's: nothing can be said of them.
    pub foreign: Vec<String>,
    proposals: Vec<CaseReport>,
    /// What each proposal said when it was read, by its file.
    read: HashMap<String, Observation>,
}

/// What became of the snapshots of some causes.
#[derive(Debug, Default)]
pub struct Accepted {
    /// Snapshots that were accepted.
    pub accepted: Vec<String>,
    /// New snapshots that still wait, with the ids of their other causes.
    pub left: Vec<(String, Vec<String>)>,
}

impl Pending {
    /// Reads every `.snap.new` file, and the accepted snapshot beside it. What does not differ is not pending.
    pub fn read(folder: &Path) -> Result<Self, PlanError> {
        let mut pending = Self::default();
        let mut schemas = Schemas::default();
        // `.snap.new` files are in many a .gitignore: nothing is left out.
        for entry in ignore::WalkBuilder::new(folder).standard_filters(false).build() {
            let entry = entry.map_err(|error| PlanError::Snapshots {
                path: folder.display().to_string(),
                reason: error.to_string(),
            })?;
            let Some(accepted) = accepted_path(entry.path()) else { continue };
            let name = entry.path().display().to_string();
            // What a link leads to is none of ours.
            let own = if entry.path_is_symlink() { None } else { read(entry.path())? };
            let Some(observed) = own.and_then(|text| Observation::parse(&text)) else {
                pending.foreign.push(name);
                continue;
            };
            let accepted = match read(&accepted)? {
                None => None,
                Some(text) => match Observation::parse(&text) {
                    None => {
                        pending.foreign.push(name);
                        continue;
                    }
                    accepted => accepted,
                },
            };
            let terms = Terms { schema: schemas.of(entry.path(), &observed), ..Terms::NONE };
            let report = proposal(entry.path(), name, &observed, accepted.as_ref(), &terms);
            if !report.findings.is_empty() {
                pending.read.insert(report.file.clone(), observed);
                pending.proposals.push(report);
            }
        }
        pending.proposals.sort_by(|a, b| a.file.cmp(&b.file));
        pending.foreign.sort();
        pending.causes = causes::in_cases(&pending.proposals);
        Ok(pending)
    }

    /// How many snapshots wait.
    #[must_use]
    pub fn len(&self) -> usize {
        self.proposals.len()
    }

    /// Whether none waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.proposals.is_empty()
    }

    /// Accepts every snapshot that differs for these causes alone. One that differs for another one too is left: nobody
    /// decided about that.
    pub fn accept(&self, ids: &[String]) -> Result<Accepted, PlanError> {
        let mut outcome = Accepted::default();
        for proposal in &self.proposals {
            let (given, others): (Vec<&String>, Vec<&String>) =
                proposal.pending_causes.iter().partition(|id| ids.contains(id));
            if given.is_empty() {
                continue;
            }
            if others.is_empty() {
                outcome.accepted.push(accept(Path::new(&proposal.file), self.read.get(&proposal.file))?);
            } else {
                outcome.left.push((proposal.file.clone(), others.into_iter().cloned().collect()));
            }
        }
        Ok(outcome)
    }
}

/// The snapshot that a `.snap.new` file is the successor of.
fn accepted_path(new: &Path) -> Option<PathBuf> {
    let name = new.file_name()?.to_str()?;
    name.ends_with(SUFFIX).then(|| new.with_extension(""))
}

fn read(path: &Path) -> Result<Option<String>, PlanError> {
    match files::text(path, files::MOST_TEXT) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unusable(path, &error)),
    }
}

/// What the contracts state of the snapshots' answers: a snapshot differs for the causes that `vigie check` named.
#[derive(Default)]
struct Schemas {
    judges: HashMap<String, Vec<Judge>>,
}

impl Schemas {
    /// The schema of the answer at `<provider>/<operation>/<case>`; null where no contract knows it.
    fn of(&mut self, path: &Path, observed: &Observation) -> &Value {
        let operation = name(path.parent());
        let provider = name(path.parent().and_then(Path::parent));
        let judges = self.judges.entry(provider).or_insert_with_key(|provider| {
            let contracts = providers::provider(provider).map(providers::Provider::contracts);
            contracts.unwrap_or_default().into_iter().map(Judge::new).collect()
        });
        let known = judges.iter().find_map(|judge| Some((judge, judge.contract.operation(&operation)?)));
        known.map_or(&Value::Null, |(judge, operation)| judge.schema(operation, observed.status()))
    }
}

fn name(path: Option<&Path>) -> String {
    path.and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn proposal(
    path: &Path,
    file: String,
    observed: &Observation,
    accepted: Option<&Observation>,
    terms: &Terms<'_>,
) -> CaseReport {
    let operation = name(path.parent());
    let changes = observed.changes_since(accepted, terms);
    let mut pending_causes: Vec<String> = changes.iter().map(|change| causes::id(change, &operation)).collect();
    pending_causes.sort();
    pending_causes.dedup();
    let mut report = CaseReport::new(file, operation, name(Some(path)).trim_end_matches(SUFFIX));
    report.pending_causes = pending_causes;
    report.with(changes.into_iter().map(|change| vigie_drift::find(change, |_| None)).collect())
}

/// Puts a new snapshot in the place of the accepted one, in one step. Returns the accepted one's path. What a check wrote
/// in the meantime is no longer what was `decided` about.
fn accept(new: &Path, decided: Option<&Observation>) -> Result<String, PlanError> {
    let accepted = new.with_extension("");
    let text = files::text(new, files::MOST_TEXT).map_err(|error| unusable(new, &error))?;
    if Observation::parse(&text).as_ref() != decided {
        return Err(unusable(new, &io::Error::other("it changed before it was accepted; list the causes again")));
    }
    let written = files::replace(&accepted, without_line_number(&text).as_bytes());
    written.map_err(|error| unusable(&accepted, &error))?;
    std::fs::remove_file(new).map_err(|error| unusable(new, &error))?;
    Ok(accepted.display().to_string())
}

/// insta notes in a new snapshot where its assertion stands, and takes it out of an accepted one.
fn without_line_number(text: &str) -> Cow<'_, str> {
    let header_end = text.get(4..).and_then(|rest| rest.find("\n---")).map_or(0, |end| end + 4);
    match text[..header_end].find("\nassertion_line:") {
        None => Cow::Borrowed(text),
        Some(start) => {
            let end = text[start + 1..].find('\n').map_or(text.len(), |end| start + 1 + end);
            Cow::Owned(format!("{}{}", &text[..start], &text[end..]))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::without_line_number;

    #[test]
    fn the_line_of_the_assertion_is_not_accepted() {
        let text = "---\nsource: a\nassertion_line: 7\nexpression: b\n---\nstatus: 200\nassertion_line: body\n";
        let expected = "---\nsource: a\nexpression: b\n---\nstatus: 200\nassertion_line: body\n";
        assert_eq!(without_line_number(text), expected);
        assert_eq!(without_line_number(expected), expected);
        assert_eq!(without_line_number("é"), "é");
    }
}
