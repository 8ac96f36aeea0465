//! Politeness towards real hosts: when a request is sent, whether it is sent again, and when nothing more is.
//!
//! An ignored 429 earns a ban of 12 hours, so the first one ends the run against that host.

mod flights;
mod quota;
mod rests;
mod retry;
mod share;
mod shared;
mod steps;
mod turns;
mod waits;

pub use retry::Repeat;
pub use share::SHARDS;

use crate::transport::{Outage, Prepared, Transport};
use flights::Flights;
use rests::Rests;
use retry::{Retry, rest};
use share::Share;
use shared::Shared;
use std::sync::Arc;
use std::time::Duration;
use steps::Steps;
use tokio::time::{Instant, sleep};
use turns::{Turn, Turns};
use vigie_exchange::Exchange;
use waits::Waits;

/// The environment variable that names a folder in which all runs on this machine keep one pace.
pub const PACE_DIR: &str = "VIGIE_PACE_DIR";
/// Nobody waits longer than this for a turn, even if a run has no end.
const LONGEST_WAIT: Duration = Duration::from_secs(120);

/// How often a provider lets itself be asked. What is sent stays a tenth below: what leaves evenly arrives unevenly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Requests a second with one token; no run sends more, whatever the token.
    pub per_second: u32,
    /// Requests a minute of one machine, whatever the token.
    pub per_minute: u32,
}

impl Rate {
    /// For who says nothing: about what one person at a web page asks for, who clicks without a rest.
    pub const UNTOLD: Self = Self { per_second: 5, per_minute: 150 };
}

/// A pace cannot be kept.
#[derive(Debug, thiserror::Error)]
pub enum PaceError {
    /// The folder of paces cannot be used.
    #[error("{}: {path}: {source}; set it to a writable folder, or unset it", PACE_DIR)]
    Folder {
        /// The folder or file.
        path: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// Nobody can tell how many machines there are.
    #[error("{name}: `{0}` is not a number of machines; set it to how many share the token, such as 4", name = SHARDS)]
    Shards(String),
}

fn is_near(host: &reqwest::Url) -> bool {
    host.host_str().is_some_and(|host| ["127.0.0.1", "[::1]", "localhost"].contains(&host))
}

/// Whether a double may name a host: anybody can say that they are one, and calls that write go to no third machine.
fn is_beside(asked: &reqwest::Url, named: &str) -> bool {
    reqwest::Url::parse(named)
        .is_ok_and(|named| named.host_str() == asked.host_str() || (is_near(asked) && is_near(&named)))
}

/// A double of ours that answered a probe.
#[derive(Debug, Clone, Default)]
pub struct Double {
    /// Its hosts, by their roles, where it has several.
    pub hosts: Vec<(String, String)>,
    /// How many requests per second it takes of each token, if it counts them.
    pub quota: Option<u32>,
}

/// The pace of one run against one host.
#[derive(Debug)]
pub struct Pace {
    turns: Option<Turns>,
    /// For a double that counts.
    steps: Option<Steps>,
    flights: Flights,
    rests: Rests,
    retry: Retry,
    deadline: Option<Instant>,
    waits: Arc<Waits>,
}

impl Pace {
    /// A sandbox of ours in this process: it may be hurried, and what fails there is a defect.
    #[must_use]
    pub fn unlimited() -> Self {
        Self::of(None, Retry::NEVER)
    }

    /// A sandbox of ours behind a URL: it may be hurried unless it counts, and can be lost on the way. What it refuses is what
    /// a case asked for, and stops nothing.
    #[must_use]
    pub fn hurried(double: &Double) -> Self {
        let steps = double.quota.map(Steps::new);
        Self { steps, ..Self::of(None, Retry::NEAR) }
    }

    /// A real host. With [`PACE_DIR`], its pace is that of all runs on this machine; with [`SHARDS`], it is a part of what the
    /// token may do.
    pub fn polite(rate: Rate, host: &reqwest::Url) -> Result<Self, PaceError> {
        let shared = match std::env::var_os(PACE_DIR).filter(|folder| !folder.is_empty()) {
            Some(folder) => Some(Shared::open(folder.as_ref(), host)?),
            None => None,
        };
        let retry = if is_near(host) { Retry::NEAR } else { Retry::FAR };
        Ok(Self::of(Some(Turns::new(Share::from_env(rate)?, shared)), retry))
    }

    fn of(turns: Option<Turns>, retry: Retry) -> Self {
        Self {
            turns,
            steps: None,
            flights: Flights::default(),
            rests: Rests::default(),
            retry,
            deadline: None,
            waits: Arc::default(),
        }
    }

    /// The same pace, which says when nothing is sent for a second or longer, and for how long.
    #[must_use]
    pub fn telling(mut self, hear: impl Fn(Duration) + Send + Sync + 'static) -> Self {
        self.waits = Arc::new(Waits::told_to(hear));
        if let Some(turns) = &mut self.turns {
            turns.tell(Arc::clone(&self.waits));
        }
        self
    }

    /// The same pace up to an instant: what would have to wait for longer is not sent.
    #[must_use]
    pub fn until(self, deadline: Instant) -> Self {
        Self { deadline: Some(deadline), ..self }
    }

    /// Whether anybody listens, any answer will do; and whether it is a double of ours.
    pub async fn probe(&self, transport: &Transport) -> Result<Option<Double>, Outage> {
        let exchange = self.send(transport, &transport.prepare_probe()?, &Repeat::PROBE).await?;
        let headers = &exchange.response.headers;
        let is_ours = headers.get(http::header::SERVER).is_some_and(|server| server == vigie_sandbox::SERVER);
        let mut hosts = vigie_sandbox::named_hosts(headers);
        hosts.retain(|(_, url)| is_beside(transport.base_url(), url));
        Ok(is_ours.then(|| Double { hosts, quota: vigie_sandbox::named_quota(headers) }))
    }

    /// Sends a request when it is its turn, and again where that is allowed.
    pub async fn send(&self, transport: &Transport, request: &Prepared, repeat: &Repeat) -> Result<Exchange, Outage> {
        let _flight = self.flight(request).await;
        let mut attempt = 0;
        loop {
            let turn = self.turn(request).await?;
            let answer = transport.execute(request).await;
            self.heed(turn, request, &answer).await;
            match self.retry.pause(attempt, &answer, repeat) {
                Some(pause) if self.has_time_for(pause) => {
                    if rest(&answer).is_some() {
                        self.waits.note(Instant::now() + pause);
                    }
                    sleep(pause).await;
                }
                _ => return answer,
            }
            attempt += 1;
        }
    }

    /// Sends a request twice at once, for a case that wants to know what comes of it.
    pub async fn twins(&self, transport: &Transport, request: &Prepared) -> Result<(Exchange, Exchange), Outage> {
        let _flight = self.flight(request).await;
        let turns = (self.turn(request).await?, self.turn(request).await?);
        let answers = tokio::join!(transport.execute(request), transport.execute(request));
        self.heed(turns.0, request, &answers.0).await;
        self.heed(turns.1, request, &answers.1).await;
        Ok((answers.0?, answers.1?))
    }

    /// The scopes of a token, by its digest, if another process on this machine has just been told.
    pub async fn known_scopes(&self, token: [u8; 8]) -> Option<Vec<String>> {
        self.turns.as_ref()?.shared()?.scopes(token).await
    }

    /// Tells the other processes on this machine which scopes a token has.
    pub async fn tell_scopes(&self, token: [u8; 8], scopes: &[String]) {
        if let Some(shared) = self.turns.as_ref().and_then(Turns::shared) {
            shared.tell_scopes(token, scopes.to_vec()).await;
        }
    }

    /// What a reader of the report should know.
    #[must_use]
    pub fn notes(&self) -> Vec<String> {
        self.turns.as_ref().map(Turns::notes).unwrap_or_default()
    }

    /// No two identical requests are under way: the provider answers 409 to the second.
    async fn flight(&self, request: &Prepared) -> Option<flights::Flight<'_>> {
        self.turns.as_ref()?;
        Some(self.flights.board(request).await)
    }

    async fn turn(&self, request: &Prepared) -> Result<Option<Turn>, Outage> {
        let Some(turns) = &self.turns else {
            if let Some(steps) = &self.steps {
                steps.next().await;
            }
            return Ok(None);
        };
        let latest = Instant::now() + LONGEST_WAIT;
        let latest = self.deadline.map_or(latest, |deadline| deadline.min(latest));
        let place = request.place();
        loop {
            self.rests.wait(place, latest, &self.waits).await?;
            let turn = turns.turn(request.credential(), latest).await?;
            // Another one may have been asked for a rest while this one waited for its turn.
            if !self.rests.is_resting(place) {
                return Ok(Some(turn));
            }
        }
    }

    /// Takes note of an answer.
    async fn heed(&self, turn: Option<Turn>, request: &Prepared, answer: &Result<Exchange, Outage>) {
        if let (Some(turn), Ok(exchange)) = (turn, answer) {
            turn.heed(&exchange.response).await;
            self.rests.heed(request.place(), answer);
        }
    }

    fn has_time_for(&self, pause: Duration) -> bool {
        self.deadline.is_none_or(|deadline| Instant::now() + pause < deadline)
    }
}
