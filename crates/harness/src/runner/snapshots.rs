//! Where accepted snapshots are, and where new ones wait for `cargo insta review`. Those of a run are read before anything is
//! sent: a damaged file ends the run before its first request, not in its middle.

use super::error::PlanError;
use std::collections::{HashMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};
use vigie_contract::files;
use vigie_judge::snapshot::Observation;

/// The snapshots of a run.
#[derive(Debug, Clone)]
pub enum Store {
    /// No snapshots: only contract, client and expectation are judged.
    Off,
    /// Those that the binary carries; nothing can be written.
    Embedded,
    /// A folder: `<provider>/<operation>/<case>.snap`. New observations are written beside the accepted ones.
    Folder(PathBuf),
}

impl Store {
    /// The folder of the working tree if there is one, else what the binary carries.
    #[must_use]
    pub fn find(provider: &str) -> Self {
        let folder = Path::new("snapshots");
        if folder.join(provider).is_dir() { Self::Folder(folder.to_owned()) } else { Self::Embedded }
    }

    /// The accepted observation of a case.
    pub fn accepted(&self, key: &str) -> Result<Option<Observation>, PlanError> {
        let name = format!("{key}.snap");
        let (path, text) = match self {
            Self::Off => return Ok(None),
            Self::Embedded => (name.clone(), vigie_embedded::snapshot(&name).map(str::to_owned)),
            Self::Folder(folder) => {
                let path = folder.join(&name);
                match files::text(&path, files::MOST_TEXT) {
                    Ok(text) => (path.display().to_string(), Some(text)),
                    Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
                    Err(error) => return Err(unusable(&path, &error)),
                }
            }
        };
        let Some(text) = text else { return Ok(None) };
        let damaged = || PlanError::Snapshots {
            path,
            reason: "not a snapshot of vigie; restore it, or delete it and accept a new one".into(),
        };
        Observation::parse(&text).map(Some).ok_or_else(damaged)
    }

    /// Writes a new observation beside the accepted one. Returns the file.
    pub fn propose(&self, key: &str, observation: &Observation) -> Result<Option<String>, PlanError> {
        let Self::Folder(folder) = self else { return Ok(None) };
        let name = format!("{key}.snap.new");
        let path = files::below(folder, name.as_ref()).map_err(|error| unusable(&folder.join(&name), &error))?;
        // `operation/case`, as the trials of tests/conformance.rs write it.
        let expression = key.split_once('/').map_or(key, |(_, case)| case);
        let text = observation.file(expression);
        files::replace(&path, text.as_bytes()).map_err(|error| unusable(&path, &error))?;
        Ok(Some(path.display().to_string()))
    }

    /// Takes a proposal back that no longer differs.
    pub fn withdraw(&self, key: &str) -> Result<(), PlanError> {
        let Self::Folder(folder) = self else { return Ok(()) };
        let path = folder.join(format!("{key}.snap.new"));
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(unusable(&path, &error)),
            _ => Ok(()),
        }
    }
}

impl Store {
    /// Accepted snapshots of a provider that have none of these keys, and how many have one. Links are none of ours.
    pub(super) fn orphans(&self, provider: &str, keys: &HashSet<String>) -> Result<(Vec<PathBuf>, usize), PlanError> {
        let Self::Folder(folder) = self else { return Ok((Vec::new(), 0)) };
        let own = folder.join(provider);
        if !own.is_dir() {
            return Ok((Vec::new(), 0));
        }
        let (mut orphans, mut known) = (Vec::new(), 0);
        for entry in ignore::WalkBuilder::new(&own).standard_filters(false).build() {
            let entry = entry.map_err(|error| unusable(&own, &io::Error::other(error)))?;
            let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
            if !is_file || entry.path().extension().is_none_or(|extension| extension != "snap") {
                continue;
            }
            let name = entry.path().strip_prefix(folder).unwrap_or(entry.path()).with_extension("");
            if keys.contains(&name.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/")) {
                known += 1;
            } else {
                orphans.push(entry.into_path());
            }
        }
        orphans.sort();
        Ok((orphans, known))
    }
}

/// The snapshots of the cases that will run.
pub(super) struct Snapshots {
    store: Store,
    accepted: HashMap<String, Observation>,
}

impl Snapshots {
    /// Reads the snapshot of each case, by its key: `<provider>/<operation>/<case>`.
    pub(super) fn read(store: Store, keys: impl Iterator<Item = String>) -> Result<Self, PlanError> {
        let mut accepted = HashMap::new();
        for key in keys {
            if let Some(observation) = store.accepted(&key)? {
                accepted.insert(key, observation);
            }
        }
        Ok(Self { store, accepted })
    }

    /// Whether answers are compared with snapshots at all.
    pub(super) fn are_off(&self) -> bool {
        matches!(self.store, Store::Off)
    }

    /// The accepted observation of a case.
    pub(super) fn accepted(&self, key: &str) -> Option<&Observation> {
        self.accepted.get(key)
    }

    /// Writes a new observation beside the accepted one. Returns the file.
    pub(super) fn propose(&self, key: &str, observation: &Observation) -> Result<Option<String>, PlanError> {
        self.store.propose(key, observation)
    }

    /// Removes a proposal that no longer differs.
    pub(super) fn withdraw(&self, key: &str) -> Result<(), PlanError> {
        self.store.withdraw(key)
    }
}

pub(crate) fn unusable(path: &Path, error: &io::Error) -> PlanError {
    PlanError::Snapshots { path: path.display().to_string(), reason: error.to_string() }
}
