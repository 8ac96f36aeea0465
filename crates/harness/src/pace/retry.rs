//! Which calls are sent again, and after how long.

use super::quota::retry_after;
use crate::transport::Outage;
use http::StatusCode;
use std::ops::RangeInclusive;
use std::time::Duration;
use vigie_exchange::Exchange;

/// How often a call is sent again.
const MOST: u32 = 2;
/// Who asks for a longer pause has said all there is to say.
pub(super) const LONGEST: Duration = Duration::from_secs(10);

/// What a caller knows about sending a call again.
#[derive(Debug, Clone)]
pub struct Repeat {
    /// Whether it changes nothing. What changes something is sent again only if it was not sent.
    pub is_safe: bool,
    /// Statuses that are an answer, and no failure.
    pub expected: RangeInclusive<u16>,
}

impl Repeat {
    /// For who only wants to know whether anybody is there, and who: a gateway that fails has no name.
    pub const PROBE: Self = Self { is_safe: true, expected: 100..=499 };
}

/// The pauses before a call is sent again.
#[derive(Debug, Clone, Copy)]
pub(super) struct Retry {
    /// The first pause, about; each further one is twice as long. Without it, nothing is sent again.
    first: Option<Duration>,
}

impl Retry {
    /// For what cannot be lost on the way.
    pub(super) const NEVER: Self = Self { first: None };
    /// For what is on this machine.
    pub(super) const NEAR: Self = Self { first: Some(Duration::from_millis(50)) };
    /// For what is far away.
    pub(super) const FAR: Self = Self { first: Some(Duration::from_millis(500)) };

    /// How long to wait before an answer is asked for again; `None` if it stands.
    pub(super) fn pause(self, attempt: u32, answer: &Result<Exchange, Outage>, repeat: &Repeat) -> Option<Duration> {
        let first = self.first.filter(|_| attempt < MOST)?;
        let pause = jittered(first * 2_u32.pow(attempt));
        match answer {
            Err(outage) if outage.is_passing_and_unsent() => Some(pause),
            Err(Outage::Broken(_)) if repeat.is_safe => Some(pause),
            Ok(exchange) if repeat.is_safe => {
                let status = exchange.response.status;
                if !status.is_server_error() || repeat.expected.contains(&status.as_u16()) {
                    return None;
                }
                match rest(answer) {
                    Some(asked) => (asked <= LONGEST).then(|| asked.max(pause)),
                    None => Some(pause),
                }
            }
            _ => None,
        }
    }
}

/// How long a place asks to be left alone.
pub(super) fn rest(answer: &Result<Exchange, Outage>) -> Option<Duration> {
    let response = &answer.as_ref().ok()?.response;
    (response.status == StatusCode::SERVICE_UNAVAILABLE).then(|| retry_after(&response.headers)).flatten()
}

/// Half as long up to one and a half times: who failed together does not come back together.
fn jittered(pause: Duration) -> Duration {
    // Without randomness, everybody takes the middle.
    let share = getrandom::u32().map_or(0.5, |random| f64::from(random) / f64::from(u32::MAX));
    pause.mul_f64(0.5 + share)
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, Repeat, Retry};
    use crate::transport::Outage;
    use http::{HeaderMap, HeaderValue, Method, StatusCode};
    use std::time::Duration;
    use vigie_exchange::{Exchange, Request, Response};

    const SAFE: Repeat = Repeat { is_safe: true, expected: 200..=200 };
    const WRITE: Repeat = Repeat { is_safe: false, expected: 200..=200 };

    #[allow(clippy::unnecessary_wraps, reason = "one of the answers that a call may have")]
    fn status(code: u16, after: Option<&'static str>) -> Result<Exchange, Outage> {
        let status = StatusCode::from_u16(code).expect("a status");
        let headers: HeaderMap =
            after.map(|after| (http::header::RETRY_AFTER, HeaderValue::from_static(after))).into_iter().collect();
        let response = Response { status, headers, body: vigie_exchange::Body::default() };
        Ok(Exchange { request: Request::new(Method::GET, "/"), response, elapsed: Duration::ZERO })
    }

    fn again(answer: &Result<Exchange, Outage>, repeat: &Repeat) -> bool {
        Retry::FAR.pause(0, answer, repeat).is_some()
    }

    #[test]
    fn only_what_may_pass_is_sent_again_and_only_what_changes_nothing() {
        let broken = || Err(Outage::Broken("the connection was reset".into()));
        for (answer, safe, write) in [
            (Err(Outage::Refused), true, true),
            (Err(Outage::UnknownHost), true, true),
            (broken(), true, false),
            (status(500, None), true, false),
            (status(503, Some("3")), true, false),
            (status(503, Some("11")), false, false),
            (status(200, None), false, false),
            (status(429, Some("1")), false, false),
            (status(404, None), false, false),
            (Err(Outage::Timeout), false, false),
            (Err(Outage::Unreachable), false, false),
            (Err(Outage::Tls("the certificate has expired".into())), false, false),
            (Err(Outage::TooLarge(1)), false, false),
            (Err(Outage::Stopped), false, false),
        ] {
            assert_eq!((again(&answer, &SAFE), again(&answer, &WRITE)), (safe, write), "{answer:?}");
        }
        assert!(!again(&status(502, None), &Repeat { is_safe: true, expected: 502..=502 }));
        assert!(Retry::NEVER.pause(0, &Err(Outage::Refused), &SAFE).is_none());
        assert!(Retry::FAR.pause(2, &Err(Outage::Refused), &SAFE).is_none());
    }

    #[test]
    fn a_pause_grows_and_is_as_long_as_the_provider_asks() {
        let refused = Err(Outage::Refused);
        let second = Retry::FAR.pause(1, &refused, &SAFE).expect("a second time");
        assert!((500..=1500).contains(&second.as_millis()), "{second:?}");
        assert!(Retry::NEAR.pause(1, &refused, &SAFE).expect("a second time") < second);
        let asked = Retry::FAR.pause(0, &status(503, Some("10")), &SAFE);
        assert_eq!(asked, Some(LONGEST));
    }
}
