//! What ends a run before its end: the time is up, somebody breaks off, or the target is down.

use super::Judged;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::watch;
use vigie_drift::deviation::{Deviation, Kind};
use vigie_drift::location::Location;

/// So many cases in a row without any answer, in the order in which they end, and the target is taken for down. Where one
/// request in twenty is lost, ten in a row are lost once in 10^13.
const SILENT: usize = 10;

/// Ends a run from outside. Clones pull the same one.
#[derive(Debug, Clone, Default)]
pub struct Brake(Arc<State>);

#[derive(Debug, Default)]
struct State {
    /// What is told of everything that was not sent.
    reason: watch::Sender<Option<Deviation>>,
    /// Cases in a row without any answer.
    silent: AtomicUsize,
}

/// What came of a case's request.
#[derive(Debug, Clone, Default)]
pub(super) enum Met {
    /// Nothing was sent.
    #[default]
    Nobody,
    /// Somebody answered, be it nonsense.
    Somebody,
    /// Nobody did.
    Silence(Box<Deviation>),
}

impl Brake {
    /// Nothing more is sent, and what is under way is given up. What is left is told with this reason.
    pub fn pull(&self, reason: &str) {
        self.stop(Deviation::new(Kind::CaseNotReached, Location::Whole, "an answer", reason));
    }

    /// Pulls it when the time is up, from now on.
    pub fn pull_after(&self, time: Duration, reason: String) {
        let brake = self.clone();
        tokio::spawn(async move {
            tokio::time::sleep(time).await;
            brake.pull(&reason);
        });
    }

    /// Does work, unless the brake is pulled before it is done: then it says why.
    pub(super) async fn unless_pulled<T>(&self, work: impl Future<Output = T>) -> Result<T, Deviation> {
        tokio::select! {
            biased;
            reason = self.pulled() => Err(reason),
            done = work => Ok(done),
        }
    }

    async fn pulled(&self) -> Deviation {
        let mut reason = self.0.reason.subscribe();
        let pulled = reason.wait_for(Option::is_some).await.ok().and_then(|reason| reason.clone());
        match pulled {
            Some(reason) => reason,
            // The sender lives in `self`.
            None => std::future::pending().await,
        }
    }

    /// Why it is pulled, if it is.
    pub(super) fn reason(&self) -> Option<Deviation> {
        self.0.reason.borrow().clone()
    }

    /// Whether it was pulled because nobody answers.
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

    /// Takes note of a case that ended.
    pub(super) fn note(&self, judged: &Judged) {
        match &judged.met {
            Met::Nobody => {}
            Met::Somebody => self.0.silent.store(0, Ordering::Relaxed),
            Met::Silence(reason) => {
                if self.0.silent.fetch_add(1, Ordering::Relaxed) + 1 >= SILENT {
                    self.stop((**reason).clone());
                }
            }
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

impl Met {
    /// Of a case without an answer to judge: some of them had one.
    pub(super) fn instead(reason: &Deviation) -> Self {
        match reason.kind {
            Kind::HostRefused | Kind::HostUnknown | Kind::TlsFailed | Kind::AnswerTimeout => {
                Self::Silence(Box::new(reason.clone()))
            }
            Kind::RequestUnbuilt => Self::Nobody,
            _ => Self::Somebody,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Brake;
    use vigie_drift::deviation::Kind;

    #[tokio::test]
    async fn what_is_under_way_is_given_up_and_the_first_reason_is_told() {
        let brake = Brake::default();
        assert_eq!(brake.unless_pulled(async { 7 }).await, Ok(7));
        let never = brake.unless_pulled(std::future::pending::<()>());
        let pull = async {
            brake.pull("the first");
            brake.pull("the second");
        };
        let (given_up, ()) = tokio::join!(never, pull);
        let reason = given_up.expect_err("it never ends by itself");
        assert_eq!((reason.kind, reason.observed), (Kind::CaseNotReached, "the first".into()));
        assert!(brake.unless_pulled(async { 7 }).await.is_err(), "nothing is begun any more");
        brake.release();
        assert!(brake.reason().is_some(), "only a target that is down may come back");
    }
}
