//! Quotas: one bucket for each token, connector or family of operations, made at the start, so that traffic cannot make a
//! sandbox grow.

use chrono::Utc;
use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use std::num::NonZeroU32;
use std::time::Duration;

/// The buckets of a sandbox or a session.
pub(crate) struct Quotas {
    /// The limit that answers state.
    limit: u32,
    period: Duration,
    /// None where requests are not counted.
    buckets: Vec<DefaultDirectRateLimiter<StateInformationMiddleware>>,
    clock: DefaultClock,
}

/// What a bucket says after a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) limit: u32,
    pub(crate) remaining: u32,
    /// Seconds since 1970 at which the bucket is full again.
    pub(crate) reset: u64,
    /// Seconds to wait, when the bucket is empty.
    pub(crate) retry_after: Option<u64>,
}

impl Quotas {
    /// So many buckets of `limit` requests in each period.
    pub(crate) fn new(limit: NonZeroU32, period: Duration, buckets: usize) -> Self {
        // A period is of a second or more, so that a part of it is not zero.
        let quota = Quota::with_period(period / limit.get()).map(|quota| quota.allow_burst(limit));
        let bucket = |quota| RateLimiter::direct(quota).with_middleware();
        let buckets = quota.map(|quota| (0..buckets).map(|_| bucket(quota)).collect()).unwrap_or_default();
        Self { limit: limit.get(), period, buckets, clock: DefaultClock::default() }
    }

    /// No requests are counted; answers state this limit all the same.
    pub(crate) fn uncounted(limit: u32, period: Duration) -> Self {
        Self { limit, period, buckets: Vec::new(), clock: DefaultClock::default() }
    }

    /// Takes one request out of a bucket; the tally of an empty one says how long to wait.
    pub(crate) fn take(&self, bucket: usize) -> Tally {
        let remaining = match self.buckets.get(bucket).map(RateLimiter::check) {
            None => self.limit - 1,
            Some(Ok(state)) => state.remaining_burst_capacity(),
            Some(Err(empty)) => return self.spent(empty.wait_time_from(self.clock.now()).as_secs() + 1),
        };
        Tally { limit: self.limit, remaining, reset: now() + self.period.as_secs(), retry_after: None }
    }

    /// The tally of a bucket that is empty for so many seconds.
    pub(crate) fn spent(&self, seconds: u64) -> Tally {
        Tally { limit: self.limit, remaining: 0, reset: now() + seconds, retry_after: Some(seconds) }
    }
}

/// Seconds since 1970.
fn now() -> u64 {
    Utc::now().timestamp().unsigned_abs()
}

#[cfg(test)]
mod tests {
    use super::Quotas;
    use std::num::NonZeroU32;
    use std::time::Duration;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn each_bucket_is_counted_by_itself() {
        let quotas = Quotas::new(NonZeroU32::new(2).expect("two"), SECOND, 2);
        assert_eq!([quotas.take(0).remaining, quotas.take(0).remaining], [1, 0]);
        let spent = quotas.take(0);
        assert_eq!((spent.limit, spent.remaining, spent.retry_after), (2, 0, Some(1)));
        assert_eq!(quotas.take(1).retry_after, None);
    }

    #[test]
    fn what_is_not_counted_is_never_spent() {
        let quotas = Quotas::uncounted(20, SECOND);
        for _ in 0..100 {
            let tally = quotas.take(0);
            assert_eq!((tally.limit, tally.remaining, tally.retry_after), (20, 19, None));
        }
    }
}
