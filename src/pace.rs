//! Floor 3: politeness towards real hosts. An ignored 429 earns a ban of 12 hours, so the first one ends the run.

use crate::transport::Outage;
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicBool, Ordering};

/// Requests a second that one token may send to API Particulier; every provider here can bear as many.
pub(crate) const PER_SECOND: NonZeroU32 = NonZeroU32::new(20).expect("20 is not 0");

/// The pace of one run against one host.
#[derive(Debug)]
pub struct Pace {
    limiter: Option<DefaultDirectRateLimiter>,
    stopped: AtomicBool,
}

impl Pace {
    /// A sandbox of ours may be hurried.
    #[must_use]
    pub fn unlimited() -> Self {
        Self { limiter: None, stopped: AtomicBool::new(false) }
    }

    /// A real host: so many requests a second, 20 if nothing is said, without bursts.
    #[must_use]
    pub fn polite(per_second: Option<NonZeroU32>) -> Self {
        let quota = Quota::per_second(per_second.unwrap_or(PER_SECOND)).allow_burst(NonZeroU32::MIN);
        Self { limiter: Some(RateLimiter::direct(quota)), stopped: AtomicBool::new(false) }
    }

    /// Waits for this request's turn.
    pub async fn wait(&self) -> Result<(), Outage> {
        let Some(limiter) = &self.limiter else { return Ok(()) };
        limiter.until_ready().await;
        if self.stopped.load(Ordering::Relaxed) { Err(Outage::Stopped) } else { Ok(()) }
    }

    /// Takes note of an answer.
    pub fn heed(&self, status: u16) {
        if status == 429 {
            self.stopped.store(true, Ordering::Relaxed);
        }
    }
}
