//! What a run reports while it is under way. What it found is in its report.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// Something that happened in a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event<'a> {
    /// A case is done: nothing more is sent for it.
    CaseDone {
        /// The id of its operation.
        operation: &'a str,
        /// Its name.
        case: &'a str,
    },
    /// Nothing is sent to a host for a while: its rate limit is reached, or it asked for a pause.
    WaitingForRateLimit {
        /// The host, without the path.
        host: &'a str,
        /// For how long, from now on.
        time: Duration,
    },
    /// A case, or a scenario of several steps, is sent again, since it failed.
    Retry {
        /// The id of its operation, or the topic of a scenario.
        operation: &'a str,
        /// Its name.
        case: &'a str,
        /// Which attempt begins: 2 is the first one after the failure.
        attempt: usize,
    },
}

type Listener = dyn Fn(Event<'_>) + Send + Sync;

/// Whoever hears of the events of a run, from several threads; by default nobody does.
#[derive(Clone, Default)]
pub struct Events(Option<Arc<Listener>>);

impl Events {
    /// Events for a listener.
    pub fn to(listener: impl Fn(Event<'_>) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(listener)))
    }

    /// Reports one.
    pub(crate) fn report(&self, event: Event<'_>) {
        if let Some(listener) = &self.0 {
            listener(event);
        }
    }
}

impl fmt::Debug for Events {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Events").field(&self.0.is_some()).finish()
    }
}
