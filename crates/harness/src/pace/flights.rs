//! Identical requests, one after the other.

use crate::transport::Prepared;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{Mutex as Turnstile, OwnedMutexGuard};

/// What is under way or waits for it, by [`Prepared::identity`].
#[derive(Debug, Default)]
pub(super) struct Flights(Mutex<HashMap<[u8; 32], Arc<Turnstile<()>>>>);

/// A request that is under way. Dropping it lets the next one go.
#[derive(Debug)]
pub(super) struct Flight<'a> {
    flights: &'a Flights,
    identity: [u8; 32],
    passed: Option<OwnedMutexGuard<()>>,
}

impl Flights {
    /// Waits until no identical request is under way.
    pub(super) async fn board(&self, request: &Prepared) -> Flight<'_> {
        let identity = request.identity();
        let turnstile = Arc::clone(self.known().entry(identity).or_default());
        Flight { flights: self, identity, passed: Some(turnstile.lock_owned().await) }
    }

    fn known(&self) -> MutexGuard<'_, HashMap<[u8; 32], Arc<Turnstile<()>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        let mut known = self.flights.known();
        self.passed = None;
        // Who waits has a turnstile of its own in hand.
        if known.get(&self.identity).is_some_and(|turnstile| Arc::strong_count(turnstile) == 1) {
            known.remove(&self.identity);
        }
    }
}
