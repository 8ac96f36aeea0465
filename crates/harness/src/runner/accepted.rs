//! The accepted snapshots of a run, read before anything is sent: a damaged file ends the run before its first request,
//! not in its middle.

use super::{PlanError, Store};
use std::collections::HashMap;
use vigie_judge::snapshot::Observation;

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
