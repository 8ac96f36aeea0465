//! Turns: a limit for a second, one for a minute, and what answers say about the rest.

use super::quota::{Quota, retry_after};
use super::share::Share;
use super::shared::{Answered, Place, Shared};
use super::waits::Waits;
use crate::transport::Outage;
use governor::clock::Clock;
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota as Cells, RateLimiter};
use http::StatusCode;
use std::collections::{BTreeSet, HashMap};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Mutex as Queue;
use tokio::time::{Instant, sleep, sleep_until};
use vigie_exchange::Response;

/// The longest time that a host is believed to ask for.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The clock of the runtime, which tests let run ahead.
#[derive(Debug, Clone, Copy)]
struct RuntimeClock(Instant);

impl Clock for RuntimeClock {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        self.0.elapsed().into()
    }
}

type Limiter = RateLimiter<NotKeyed, InMemoryState, RuntimeClock, NoOpMiddleware<Nanos>>;

/// Who may send when.
#[derive(Debug)]
pub(super) struct Turns {
    share: Share,
    clock: RuntimeClock,
    /// Who is first in the queue waits for the limits; the others wait for who is first.
    gate: Queue<Gate>,
    tokens: Mutex<HashMap<[u8; 8], Arc<Token>>>,
    shared: Option<Shared>,
    said: Arc<Said>,
    waits: Arc<Waits>,
}

/// The limits. A run has one good token; what it sends with others, or with none, is so little that all of it shares what one
/// token may.
#[derive(Debug)]
struct Gate {
    per_second: u32,
    second: Limiter,
    minute: Limiter,
}

/// A 429.
#[derive(Debug, Clone, Copy)]
struct Stop {
    /// After how long it asked to come back.
    retry_after: Option<Duration>,
}

/// What answers said that holds for all tokens.
#[derive(Debug)]
struct Said {
    /// The lowest limit.
    per_second: AtomicU32,
    /// The first 429, if one came.
    stop: Mutex<Option<Stop>>,
}

/// What is known of a token.
#[derive(Debug, Default)]
struct Token(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    /// How many requests had their turn.
    sent: u64,
    /// The numbers of those without an answer.
    unanswered: BTreeSet<u64>,
    /// The last number that the quota has room for, and when that is over.
    room: Option<(u64, Instant)>,
}

/// A request that had its turn.
#[derive(Debug)]
pub(super) struct Turn {
    number: u64,
    share: Share,
    token: Arc<Token>,
    said: Arc<Said>,
    shared: Option<Shared>,
}

impl Turns {
    pub(super) fn new(share: Share, shared: Option<Shared>) -> Self {
        let clock = RuntimeClock(Instant::now());
        let (between, burst) = share.in_a_minute();
        let per_second = share.per_second();
        let second = limiter(share.spacing(per_second), 1, clock);
        let gate = Gate { per_second, second, minute: limiter(between, burst, clock) };
        let said = Said { per_second: per_second.into(), stop: Mutex::default() };
        let (gate, tokens, waits) = (Queue::new(gate), Mutex::default(), Arc::default());
        Self { share, clock, gate, tokens, shared, said: Arc::new(said), waits }
    }

    /// Notes its waits there.
    pub(super) fn tell(&mut self, waits: Arc<Waits>) {
        self.waits = waits;
    }

    /// Waits for a turn, at most until `latest`.
    pub(super) async fn turn(&self, id: [u8; 8], latest: Instant) -> Result<Turn, Outage> {
        let token = Arc::clone(self.tokens.lock().unwrap_or_else(PoisonError::into_inner).entry(id).or_default());
        loop {
            let full = token.known().full_until();
            if let Some(until) = full {
                self.wait_until(until, latest).await?;
            }
            let mut gate = self.gate.lock().await;
            self.pass(&mut gate, latest).await?;
            if self.said.stop().is_some() {
                return Err(Outage::Stopped);
            }
            // An answer may have said meanwhile that no room is left: then others go first.
            let left = token.known().leave();
            if let Some(number) = left {
                let (said, shared) = (Arc::clone(&self.said), self.shared.clone());
                return Ok(Turn { number, share: self.share, token, said, shared });
            }
        }
    }

    /// Waits for the limits.
    async fn pass(&self, gate: &mut Gate, latest: Instant) -> Result<(), Outage> {
        if let Some(shared) = &self.shared {
            // The place in the file is kept for us; we come when it is time.
            return match shared.place(self.share, latest - Instant::now()).await? {
                Place::In(wait) => {
                    self.waits.note(Instant::now() + wait);
                    sleep(wait).await;
                    Ok(())
                }
                Place::Stopped => Err(Outage::Stopped),
                Place::TooLate => Err(Outage::TooLate),
            };
        }
        let per_second = self.said.per_second.load(Ordering::Relaxed);
        if gate.per_second != per_second {
            (gate.per_second, gate.second) = (per_second, limiter(self.share.spacing(per_second), 1, self.clock));
        }
        for limiter in [&gate.second, &gate.minute] {
            while let Err(not_yet) = limiter.check() {
                self.wait_until(Instant::now() + not_yet.wait_time_from(self.clock.now()), latest).await?;
            }
        }
        Ok(())
    }

    async fn wait_until(&self, instant: Instant, latest: Instant) -> Result<(), Outage> {
        if instant > latest {
            return Err(Outage::TooLate);
        }
        self.waits.note(instant);
        sleep_until(instant).await;
        Ok(())
    }

    /// What is shared with other processes.
    pub(super) fn shared(&self) -> Option<&Shared> {
        self.shared.as_ref()
    }

    pub(super) fn notes(&self) -> Vec<String> {
        let asked = match *self.said.stop() {
            None => return Vec::new(),
            Some(Stop { retry_after: None }) => "without saying when to retry".to_owned(),
            // What is no time may be anybody's number.
            Some(Stop { retry_after: Some(after) }) if after > DAY => {
                "and asked to retry in more than a day".to_owned()
            }
            Some(Stop { retry_after: Some(after) }) => format!("and asked to retry in {} s", after.as_secs()),
        };
        vec![format!("the target answered 429, {asked}: nothing more was sent to it")]
    }
}

impl Turn {
    /// Takes note of the answer.
    pub(super) async fn heed(&self, response: &Response) {
        let mut quota = Quota::of(&response.headers);
        quota.remaining = quota.remaining.map(|remaining| self.share.of_what_is_left(remaining));
        let after = retry_after(&response.headers);
        let is_stopped = response.status == StatusCode::TOO_MANY_REQUESTS;
        if is_stopped {
            // The first 429 is the one that counts.
            self.said.stop().get_or_insert(Stop { retry_after: after });
        }
        if let Some(limit) = quota.limit {
            self.said.per_second.fetch_min(limit.max(1), Ordering::Relaxed);
        }
        self.token.known().heed(self.number, &quota);
        if let Some(shared) = &self.shared {
            let hold = (quota.remaining == Some(0)).then_some(quota.reset);
            let stop = is_stopped.then_some(after.unwrap_or_default());
            shared.heed(Answered { hold, limit: quota.limit, stop }).await;
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.token.known().unanswered.remove(&self.number);
    }
}

impl Token {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    /// Until when nothing is left of the quota.
    fn full_until(&self) -> Option<Instant> {
        self.room.filter(|(last, until)| self.sent >= *last && *until > Instant::now()).map(|(_, until)| until)
    }

    /// Counts a request that leaves, if there is room for it; its number.
    fn leave(&mut self) -> Option<u64> {
        if self.full_until().is_some() {
            return None;
        }
        self.sent += 1;
        self.unanswered.insert(self.sent);
        Some(self.sent)
    }

    /// Earlier requests that are still under way may not be counted yet in what an answer says.
    fn heed(&mut self, number: u64, quota: &Quota) {
        self.unanswered.remove(&number);
        if let Some(remaining) = quota.remaining {
            let earlier = self.unanswered.range(..number).count() as u64;
            let last = number + remaining.saturating_sub(earlier);
            self.room = Some((last, Instant::now() + quota.reset));
        }
    }
}

impl Said {
    fn stop(&self) -> MutexGuard<'_, Option<Stop>> {
        self.stop.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn limiter(spacing: Duration, burst: u32, clock: RuntimeClock) -> Limiter {
    // A spacing of nothing at all is none.
    let cells = Cells::with_period(spacing).unwrap_or(Cells::per_second(NonZeroU32::MIN));
    RateLimiter::direct_with_clock(cells.allow_burst(NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN)), clock)
}

#[cfg(test)]
mod tests;
