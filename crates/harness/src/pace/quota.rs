//! What an answer says about how much more may be asked, and when: `RateLimit-*` and `Retry-After`.

use http::header::{DATE, HeaderMap, RETRY_AFTER};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Numbers from here on are seconds since 1970, and not seconds from now.
const EPOCH: u64 = 1_000_000_000;
/// When the quota is renewed, if nobody says.
const SOON: Duration = Duration::from_secs(1);

/// The state of a token's quota when an answer left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Quota {
    /// How many may be sent in a period; of how long a period, nobody tells.
    pub(super) limit: Option<u32>,
    /// How many more may be sent in this one.
    pub(super) remaining: Option<u64>,
    /// When the next one begins.
    pub(super) reset: Duration,
}

impl Quota {
    /// Reads `RateLimit-Limit`, `-Remaining` and `-Reset`. API Particulier tells the reset in seconds since 1970, others in
    /// seconds from now.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let reset = number(headers, "ratelimit-reset").map(|reset| match reset {
            EPOCH.. => since(UNIX_EPOCH + Duration::from_secs(reset.min(u64::from(u32::MAX))), headers),
            _ => Duration::from_secs(reset),
        });
        Self {
            limit: number(headers, "ratelimit-limit").and_then(|limit| u32::try_from(limit).ok()),
            remaining: number(headers, "ratelimit-remaining"),
            reset: reset.unwrap_or(SOON),
        }
    }
}

/// When to come back, in seconds from now or as a date.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    match text.parse() {
        Ok(seconds) => Some(Duration::from_secs(seconds)),
        Err(_) => Some(since(httpdate::parse_http_date(text).ok()?, headers)),
    }
}

/// How long it is from an answer to an instant, both by the clock of who answers: ours may be another.
fn since(instant: SystemTime, headers: &HeaderMap) -> Duration {
    let date = headers.get(DATE).and_then(|date| date.to_str().ok());
    let now = date.and_then(|date| httpdate::parse_http_date(date).ok()).unwrap_or_else(SystemTime::now);
    instant.duration_since(now).unwrap_or_default()
}

/// A number, perhaps with a policy after it: `20, 20;w=1`.
fn number(headers: &HeaderMap, name: &str) -> Option<u64> {
    let text = headers.get(name)?.to_str().ok()?.trim();
    let end = text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len());
    text[..end].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{Quota, SOON, retry_after};
    use http::{HeaderMap, HeaderName, HeaderValue};
    use std::time::Duration;

    const DATE: (&str, &str) = ("date", "Thu, 01 Jan 2026 00:00:00 GMT");

    fn headers(headers: &[(&'static str, &'static str)]) -> HeaderMap {
        let headers = headers.iter();
        headers.map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn a_reset_is_told_in_seconds_since_1970_or_from_now() {
        for (reset, seconds) in [("7", 7), ("1767225607", 7), ("1767225600", 0), ("1767225000", 0)] {
            let headers = headers(&[DATE, ("ratelimit-reset", reset), ("ratelimit-remaining", "0")]);
            let quota = Quota::of(&headers);
            assert_eq!((quota.remaining, quota.reset), (Some(0), Duration::from_secs(seconds)), "{reset}");
        }
        assert_eq!(Quota::of(&headers(&[])), Quota { limit: None, remaining: None, reset: SOON });
        let policy = Quota::of(&headers(&[("ratelimit-limit", "12, 12;w=1"), ("ratelimit-remaining", "many")]));
        assert_eq!((policy.limit, policy.remaining), (Some(12), None));
    }

    #[test]
    fn who_asks_to_come_back_says_seconds_or_a_date_by_its_own_clock() {
        let after = |value| retry_after(&headers(&[DATE, ("retry-after", value)]));
        assert_eq!(after("3"), Some(Duration::from_secs(3)));
        assert_eq!(after("Thu, 01 Jan 2026 00:02:00 GMT"), Some(Duration::from_secs(120)));
        assert_eq!(after("Wed, 31 Dec 2025 00:00:00 GMT"), Some(Duration::ZERO));
        assert_eq!((after("soon"), retry_after(&headers(&[]))), (None, None));
    }
}
