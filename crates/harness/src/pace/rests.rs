//! Places that asked to be left alone for a while, with a 503.

use super::retry::{LONGEST, rest};
use super::shared::BAN;
use super::waits::Waits;
use crate::transport::Outage;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use tokio::time::{Instant, sleep_until};
use vigie_exchange::Exchange;

/// Until when, by [`Prepared::place`](crate::transport::Prepared::place): the other services of a host may be well.
#[derive(Debug, Default)]
pub(super) struct Rests(Mutex<HashMap<[u8; 32], Instant>>);

impl Rests {
    /// Waits until a place may be asked again. Who asked for a long rest is not asked again in this run.
    pub(super) async fn wait(&self, place: [u8; 32], latest: Instant, waits: &Waits) -> Result<(), Outage> {
        match self.until(place) {
            Some(until) if until > latest.min(Instant::now() + LONGEST) => Err(Outage::TooLate),
            Some(until) => {
                waits.note(until);
                sleep_until(until).await;
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// Whether a place is to be left alone now.
    pub(super) fn is_resting(&self, place: [u8; 32]) -> bool {
        self.until(place).is_some_and(|until| until > Instant::now())
    }

    fn until(&self, place: [u8; 32]) -> Option<Instant> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&place).copied()
    }

    /// Takes note of an answer.
    pub(super) fn heed(&self, place: [u8; 32], answer: &Result<Exchange, Outage>) {
        if let Some(rest) = rest(answer) {
            let until = Instant::now() + rest.min(BAN);
            self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(place, until);
        }
    }
}
