//! What a person is told of a pace: that nothing moves for a while, and for how long.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// A shorter wait is the pace itself, and nothing that a person would notice.
const NOTABLE: Duration = Duration::from_secs(1);

/// Who hears of waits.
type Hear = Box<dyn Fn(Duration) + Send + Sync>;

/// The waits of a pace. The default tells nobody.
#[derive(Default)]
pub(super) struct Waits {
    hear: Option<Hear>,
    /// The end of the last wait that was told.
    told: Mutex<Option<Instant>>,
}

impl Waits {
    pub(super) fn told_to(hear: impl Fn(Duration) + Send + Sync + 'static) -> Self {
        Self { hear: Some(Box::new(hear)), told: Mutex::default() }
    }

    /// Takes note of somebody who is about to wait. Whoever waits for the same end is told of once.
    pub(super) fn note(&self, until: Instant) {
        let Some(hear) = &self.hear else { return };
        let wait = until.saturating_duration_since(Instant::now());
        if wait < NOTABLE {
            return;
        }
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.is_some_and(|told| told + NOTABLE > until) {
            return;
        }
        *told = Some(until);
        drop(told);
        hear(wait);
    }
}

impl fmt::Debug for Waits {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Waits").field("told", &self.told).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::Waits;
    use std::sync::{Arc, Mutex};
    use std::time::Duration;
    use tokio::time::Instant;

    #[tokio::test(start_paused = true)]
    async fn a_wait_that_a_person_notices_is_told_once() {
        let heard: Arc<Mutex<Vec<Duration>>> = Arc::default();
        let log = Arc::clone(&heard);
        let waits = Waits::told_to(move |wait| log.lock().expect("no panic").push(wait));
        let start = Instant::now();
        let after = |milliseconds| start + Duration::from_millis(milliseconds);
        // The pace itself; a quota that is spent, seen by three requests; a longer one.
        for until in [after(50), after(3000), after(3000), after(3400), after(9000)] {
            waits.note(until);
        }
        assert_eq!(*heard.lock().expect("no panic"), [3, 9].map(Duration::from_secs));
    }
}
