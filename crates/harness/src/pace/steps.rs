//! An even pace and nothing else.

use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep_until};

/// One request after the other, never closer than this.
#[derive(Debug)]
pub(super) struct Steps {
    between: Duration,
    next: Mutex<Instant>,
}

impl Steps {
    /// Nine tenths of so many in a second.
    pub(super) fn new(per_second: u32) -> Self {
        let between = Duration::from_secs(10) / per_second.max(1).saturating_mul(9);
        Self { between, next: Mutex::new(Instant::now()) }
    }

    /// Waits for the next one.
    pub(super) async fn next(&self) {
        let mut next = self.next.lock().await;
        sleep_until(*next).await;
        *next = Instant::now() + self.between;
    }
}
