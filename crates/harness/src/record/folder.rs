//! The folder of a recording: whole files, replaced in one step or not at all.

use super::Record;
use super::draft::Draft;
use crate::providers::Provider;
use crate::runner::{PlanError, unusable};
use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use vigie_contract::files;
use vigie_scenario::{Case, Credential, Scenario, parse_scenario};

/// Where the snapshots are in the folder.
const SNAPSHOTS: &str = "snapshots";

/// What became of a file.
pub(super) enum Fate {
    Written,
    Unchanged,
}

/// The folder that is written to.
pub(super) struct Folder<'a> {
    root: &'a Path,
    provider: &'static Provider,
}

impl<'a> Folder<'a> {
    pub(super) fn at(root: &'a Path, provider: &'static Provider) -> Self {
        Self { root, provider }
    }

    /// A case that somebody gave another name keeps it: it is known by what it sends.
    pub(super) fn keep_names(&self, drafts: &mut Vec<Draft>, record: &mut Record) {
        let mut known = BTreeMap::new();
        drafts.retain_mut(|draft| {
            if draft.scenario.has_steps() {
                return true;
            }
            let topic = draft.scenario.topic.clone();
            let names = match known.entry(topic).or_insert_with_key(|topic| self.names_by_request(topic)) {
                Ok(names) => draft.scenario.steps.first().and_then(|case| names.get(&request(case))),
                Err(error) => {
                    record.cannot_write(&draft.origin, error);
                    return false;
                }
            };
            if let Some([name]) = names.map(Vec::as_slice)
                && !self.path(&draft.scenario).is_file()
            {
                draft.scenario.rename_parts(|_| name.clone());
            }
            true
        });
    }

    fn names_by_request(&self, topic: &str) -> Result<BTreeMap<String, Vec<String>>, PlanError> {
        let mut names: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let folder = self.root.join(topic);
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(names),
            Err(error) => return Err(unusable(&folder, &error)),
        };
        for path in entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| is_yaml(path)) {
            // A file that nobody can read has no name to keep; what would replace it says so.
            let Ok(Some(known)) = self.read(topic, &path) else { continue };
            if let Some(case) = known.steps.first() {
                names.entry(request(case)).or_default().push(case.name.clone());
            }
        }
        Ok(names)
    }

    /// Writes what is new of a draft: its case, and its snapshots.
    pub(super) fn put(&self, draft: &Draft, with_case: bool) -> Result<Vec<(String, Fate)>, PlanError> {
        let mut fates = Vec::new();
        if with_case {
            let path = self.path(&draft.scenario);
            let old = self.read(&draft.scenario.topic, &path)?;
            let mut scenario = draft.scenario.clone();
            // What people wrote of a case is theirs.
            if let Some(old) = &old {
                scenario.description.clone_from(&old.description);
                for (case, old) in scenario.cases_mut().zip(old.cases()) {
                    case.description.clone_from(&old.description);
                }
            }
            let broken = |error: serde_yaml::Error| unusable(&path, &std::io::Error::other(error.to_string()));
            let text = scenario.to_yaml().map_err(broken)?;
            let same = old.is_some_and(|old| old.to_yaml().is_ok_and(|old| old == text));
            fates.push(self.replace(&path, &text, same)?);
        }
        for (case, observation) in draft.scenario.cases().zip(&draft.observations) {
            let Some(observation) = observation else { continue };
            let file = format!("{}.snap", case.name);
            let path = self.root.join(SNAPSHOTS).join(self.provider.name).join(&case.operation).join(file);
            let text = observation.file(&format!("{}/{}", case.operation, case.name));
            let same = files::text(&path, files::MOST_TEXT).is_ok_and(|old| old == text);
            fates.push(self.replace(&path, &text, same)?);
        }
        Ok(fates)
    }

    /// The file of a scenario: the one that is there, whatever its ending.
    fn path(&self, scenario: &Scenario) -> PathBuf {
        let path = self.root.join(&scenario.topic).join(format!("{}.yml", scenario.name));
        let other = path.with_file_name(format!("{}.yaml", scenario.name));
        if !path.is_file() && other.is_file() { other } else { path }
    }

    fn read(&self, topic: &str, path: &Path) -> Result<Option<Scenario>, PlanError> {
        let text = match files::text(path, files::MOST_TEXT) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(unusable(path, &error)),
        };
        Ok(Some(parse_scenario(topic, &path.to_string_lossy(), &text, self.provider.dialect)?))
    }

    fn replace(&self, path: &Path, text: &str, same: bool) -> Result<(String, Fate), PlanError> {
        let shown = path.strip_prefix(self.root).unwrap_or(path).display().to_string();
        if same {
            return Ok((shown, Fate::Unchanged));
        }
        let written = files::below(self.root, shown.as_ref()).and_then(|path| files::replace(&path, text.as_bytes()));
        written.map_err(|error| unusable(path, &error))?;
        Ok((shown, Fate::Written))
    }
}

/// What a case sends, by which it is known whatever its name.
fn request(case: &Case) -> String {
    let credential = match &case.credential {
        Credential::Named(name) => serde_json::json!(name),
        Credential::Headers(headers) => serde_json::json!(headers),
    };
    serde_json::json!([
        case.params,
        case.body,
        case.headers,
        credential,
        case.scopes,
        case.expect.code,
        case.expect.uncoded
    ])
    .to_string()
}

fn is_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "yml" || extension == "yaml")
}
