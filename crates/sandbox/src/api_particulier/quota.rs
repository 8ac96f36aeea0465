//! Buckets: one a known token and family, made at the start, so that traffic cannot make the sandbox grow.

use super::reply::Tally;
use crate::SandboxError;
use crate::calendar::now;
use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use std::num::NonZeroU32;

/// The limit that is told when there is none: the provider's.
const TOLD_LIMIT: u32 = 20;
/// The bucket's period, in seconds.
const PERIOD: u64 = 1;

/// The endpoints that share a bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    /// `/api/...`
    V2,
    /// `/v3/...` and later.
    V3,
}

/// The buckets of every known token.
pub(super) struct Quotas {
    limit: Option<NonZeroU32>,
    buckets: Vec<[DefaultDirectRateLimiter<StateInformationMiddleware>; 2]>,
    clock: DefaultClock,
}

impl Quotas {
    /// `tokens` buckets of `limit` requests a second for each family.
    pub(super) fn new(limit: Option<u32>, tokens: usize) -> Result<Self, SandboxError> {
        let limit = limit.map(|limit| NonZeroU32::new(limit).ok_or(SandboxError::Quota)).transpose()?;
        let bucket = |limit| RateLimiter::direct(Quota::per_second(limit)).with_middleware();
        let buckets =
            limit.map(|limit| (0..tokens).map(|_| [bucket(limit), bucket(limit)]).collect()).unwrap_or_default();
        Ok(Self { limit, buckets, clock: DefaultClock::default() })
    }

    /// Takes one request out of a bucket; the tally of an empty one says how long to wait.
    pub(super) fn take(&self, token: usize, family: Family) -> Tally {
        let Some((limit, buckets)) = self.limit.zip(self.buckets.get(token)) else {
            return Tally { limit: TOLD_LIMIT, remaining: TOLD_LIMIT - 1, reset: now() + PERIOD, retry_after: None };
        };
        match buckets[family as usize].check() {
            Ok(state) => Tally {
                limit: limit.get(),
                remaining: state.remaining_burst_capacity(),
                reset: now() + PERIOD,
                retry_after: None,
            },
            Err(empty) => self.spent_for(empty.wait_time_from(self.clock.now()).as_secs() + 1),
        }
    }

    /// The tally of a token that is always out of quota.
    pub(super) fn spent(&self) -> Tally {
        self.spent_for(PERIOD)
    }

    fn spent_for(&self, seconds: u64) -> Tally {
        let limit = self.limit.map_or(TOLD_LIMIT, NonZeroU32::get);
        Tally { limit, remaining: 0, reset: now() + seconds, retry_after: Some(seconds) }
    }
}

#[cfg(test)]
mod tests {
    use super::{Family, Quotas};
    use crate::SandboxError;

    #[test]
    fn each_token_and_family_has_a_bucket_of_its_own() {
        let quotas = Quotas::new(Some(2), 2).expect("a quota");
        assert_eq!(quotas.take(0, Family::V3).remaining, 1);
        assert_eq!(quotas.take(0, Family::V3).remaining, 0);
        let spent = quotas.take(0, Family::V3);
        assert_eq!((spent.limit, spent.remaining, spent.retry_after), (2, 0, Some(1)));
        assert_eq!(quotas.take(0, Family::V2).retry_after, None);
        assert_eq!(quotas.take(1, Family::V3).retry_after, None);
    }

    #[test]
    fn without_a_quota_nothing_is_ever_spent() {
        let quotas = Quotas::new(None, 1).expect("no quota");
        for _ in 0..100 {
            let tally = quotas.take(0, Family::V2);
            assert_eq!((tally.limit, tally.remaining, tally.retry_after), (20, 19, None));
        }
    }

    #[test]
    fn a_quota_of_nothing_is_refused() {
        assert!(matches!(Quotas::new(Some(0), 1), Err(SandboxError::Quota)));
    }
}
