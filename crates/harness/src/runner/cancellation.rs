//! What ends a run before its end: the time is up, somebody breaks off, or the target is down.
//!
//! A `CancellationToken` would not do: everything that is left is reported with the reason, and a target that was down may come
//! back.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::watch;
use vigie_drift::deviation::{Deviation, Kind};
use vigie_drift::location::Location;

/// So many cases in a row without any answer, in the order in which they end, and the target is taken for down. Where one
/// request in twenty is lost, ten in a row are lost once in 10^13.
const SILENT: usize = 10;

/// Ends a run from outside. Clones end the same one.
#[derive(Debug, Clone, Default)]
pub struct Cancellation(Arc<State>);

#[derive(Debug, Default)]
struct State {
    /// What is told of everything that was not sent.
    reason: watch::Sender<Option<Deviation>>,
    /// Cases in a row without any answer.
    silent: AtomicUsize,
}

impl Cancellation {
    /// Nothing more is sent, and what is under way is given up. What is left is told with this reason.
    pub fn cancel(&self, reason: &str) {
        self.stop(Deviation::new(Kind::CaseNotReached, Location::Whole, "an answer", reason));
    }

    /// Does so when the time is up, from now on.
    pub fn cancel_after(&self, time: Duration, reason: String) {
        let cancellation = self.clone();
        tokio::spawn(async move {
            tokio::time::sleep(time).await;
            cancellation.cancel(&reason);
        });
    }

    /// Does work, unless the run is cancelled before it is done: then it says why.
    pub(super) async fn unless_cancelled<T>(&self, work: impl Future<Output = T>) -> Result<T, Deviation> {
        tokio::select! {
            biased;
            reason = self.cancelled() => Err(reason),
            done = work => Ok(done),
        }
    }

    async fn cancelled(&self) -> Deviation {
        let mut reason = self.0.reason.subscribe();
        let cancelled = reason.wait_for(Option::is_some).await.ok().and_then(|reason| reason.clone());
        match cancelled {
            Some(reason) => reason,
            // The sender lives in `self`.
            None => std::future::pending().await,
        }
    }

    /// Why the run is cancelled, if it is.
    pub(super) fn reason(&self) -> Option<Deviation> {
        self.0.reason.borrow().clone()
    }

    /// Whether that is because nobody answers.
    pub(super) fn is_down(&self) -> bool {
        self.reason().is_some_and(|reason| reason.kind != Kind::CaseNotReached)
    }

    /// Takes back that nobody answers.
    pub(super) fn release(&self) {
        self.0.silent.store(0, Ordering::Relaxed);
        self.0.reason.send_if_modified(|reason| {
            let is_down = reason.as_ref().is_some_and(|reason| reason.kind != Kind::CaseNotReached);
            if is_down {
                *reason = None;
            }
            is_down
        });
    }

    /// Takes note of a case that somebody answered.
    pub(super) fn answered(&self) {
        self.0.silent.store(0, Ordering::Relaxed);
    }

    /// Takes note of a case that nobody answered.
    pub(super) fn unanswered(&self, reason: &Deviation) {
        if self.0.silent.fetch_add(1, Ordering::Relaxed) + 1 >= SILENT {
            self.stop(reason.clone());
        }
    }

    /// Ends the run with this told of everything that is left. The first reason stays.
    pub(super) fn stop(&self, why: Deviation) {
        self.0.reason.send_if_modified(|reason| {
            let first = reason.is_none();
            reason.get_or_insert(why);
            first
        });
    }
}

#[cfg(test)]
mod tests {
    use super::Cancellation;
    use vigie_drift::deviation::Kind;

    #[tokio::test]
    async fn what_is_under_way_is_given_up_and_the_first_reason_is_told() {
        let cancellation = Cancellation::default();
        assert_eq!(cancellation.unless_cancelled(async { 7 }).await, Ok(7));
        let never = cancellation.unless_cancelled(std::future::pending::<()>());
        let cancel = async {
            cancellation.cancel("the first");
            cancellation.cancel("the second");
        };
        let (given_up, ()) = tokio::join!(never, cancel);
        let reason = given_up.expect_err("it never ends by itself");
        assert_eq!((reason.kind, reason.observed), (Kind::CaseNotReached, "the first".into()));
        assert!(cancellation.unless_cancelled(async { 7 }).await.is_err(), "nothing is begun any more");
        cancellation.release();
        assert!(cancellation.reason().is_some(), "only a target that is down may come back");
    }
}
