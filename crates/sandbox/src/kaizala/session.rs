//! A session that calls share, and the way to its callbacks.

use super::callbacks::{self, Errand};
use super::seed;
use super::state::{Delivery, State};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{mpsc, oneshot};

/// One session.
pub(super) struct Session {
    state: Mutex<State>,
    errands: mpsc::Sender<Errand>,
}

impl Session {
    /// A session as it begins; `endpoint` is the base URL of the endpoint host, and `limited` says whether calls are counted.
    pub(super) fn new(endpoint: &str, limited: bool) -> Arc<Self> {
        let (errands, taken) = callbacks::errands();
        let session = Arc::new(Self { state: Mutex::new(seed::state(endpoint, limited)), errands });
        let left = Arc::downgrade(&session);
        let switch_off = move |webhook: &str| {
            if let Some(session) = left.upgrade() {
                session.lock().switch_off(webhook);
            }
        };
        drop(tokio::spawn(callbacks::work(taken, switch_off)));
        session
    }

    /// The state itself. Never holder while anybody waits for anything else.
    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands over the events of a call. Where too many wait, the webhook is switched off, as that of an
    /// unreachable subscriber is.
    pub(super) fn hand_over(&self, deliveries: Vec<Delivery>) {
        for delivery in deliveries {
            let webhook = delivery.webhook.clone();
            if self.errands.try_send(Errand::Deliver(delivery)).is_err() {
                self.lock().switch_off(&webhook);
            }
        }
    }

    /// Waits until what was handed over is done.
    pub(super) async fn rest(&self) {
        let (word, done) = oneshot::channel();
        if self.errands.send(Errand::Rest(word)).await.is_ok() {
            // Without a word there is no callbacks any more, and nothing to wait for.
            drop(done.await);
        }
    }
}
