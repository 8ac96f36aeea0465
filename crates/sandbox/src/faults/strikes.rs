//! How often a sandbox misbehaved.

use super::kind::Kind;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// What a sandbox did so far. Probes are not counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Strikes {
    /// How many requests came, those included that nothing befell.
    pub requests: u64,
    /// How many of them each fault befell.
    pub kinds: BTreeMap<Kind, u64>,
}

#[derive(Debug, Default)]
pub(crate) struct Counter(Mutex<Strikes>);

impl Counter {
    pub(super) fn note(&self, kind: Option<Kind>) {
        let mut strikes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        strikes.requests += 1;
        if let Some(kind) = kind {
            *strikes.kinds.entry(kind).or_default() += 1;
        }
    }

    pub(crate) fn so_far(&self) -> Strikes {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
