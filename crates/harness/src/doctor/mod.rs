//! What stands between us and a target: tried in order, with a handful of requests that are about nobody.
//!
//! The token is sent only to a host that has shown to be the right API, and no check tells it.

mod reach;
mod token;
mod wire;

use crate::pace::Pace;
use crate::providers::{Retired, Tokens};
use crate::runner::{Plan, PlanError};
use crate::targets::{Resolved, Target, TargetError};
use crate::transport::Transport;
use secrecy::SecretString;
use serde::Serialize;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::SystemTime;
use vigie_judge::Judge;
use vigie_sandbox::Options;
use wire::Wire;

/// A clock that is this far from another one makes tokens expire too early, or too late.
const SKEW: u64 = 60;
/// Seconds of a day: what is further away is no clock that goes wrong.
const DAY: u64 = 86_400;

/// What is looked at, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// What is said of the target, and where.
    Target,
    /// Whether there is a token, and where from.
    Token,
    /// Whether the host's name has an address.
    HostName,
    /// Whether somebody listens there.
    Connection,
    /// Whether it can be spoken to so that nobody else reads it.
    Tls,
    /// Whether it is the provider's API.
    Api,
    /// Whether its clock and ours agree.
    Clock,
    /// Whether the token is taken.
    TokenTaken,
    /// When the token ends.
    TokenEnd,
    /// What the token opens.
    Scopes,
    /// How much may be sent.
    RateLimits,
}

/// How it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Well.
    Ok,
    /// Worth a look; a run can go well.
    Warning,
    /// No run can go well.
    Problem,
    /// Something before it stands in the way, or the provider tells nothing of it.
    NotTried,
}

/// One check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What was looked at.
    pub check: Subject,
    /// How it is.
    pub state: State,
    /// What was seen, in a line.
    pub told: String,
    /// What to do, in a line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mend: Option<String>,
    /// What more there is to it: the operations that stay closed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<String>,
}

/// Every check of a target.
#[derive(Debug, Clone, Serialize)]
pub struct Diagnosis {
    /// The provider.
    pub provider: &'static str,
    /// The target, as it was asked for.
    pub target: String,
    /// The checks, in their order.
    pub checks: Vec<Check>,
    /// The way to a token, where one is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub steps: Option<&'static str>,
}

impl Diagnosis {
    /// Whether a run can go well.
    #[must_use]
    pub fn is_well(&self) -> bool {
        self.checks.iter().all(|check| check.state != State::Problem)
    }
}

impl Check {
    fn new(check: Subject, state: State, told: impl Into<String>) -> Self {
        Self { check, state, told: told.into(), mend: None, details: Vec::new() }
    }

    fn ok(check: Subject, told: impl Into<String>) -> Self {
        Self::new(check, State::Ok, told)
    }

    fn problem(check: Subject, told: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { mend: Some(mend.into()), ..Self::new(check, State::Problem, told) }
    }

    fn warning(check: Subject, told: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { mend: Some(mend.into()), ..Self::new(check, State::Warning, told) }
    }

    fn not_tried(check: Subject, told: impl Into<String>) -> Self {
        Self::new(check, State::NotTried, told)
    }
}

/// Every subject, in order.
const ALL: [Subject; 11] = [
    Subject::Target,
    Subject::Token,
    Subject::HostName,
    Subject::Connection,
    Subject::Tls,
    Subject::Api,
    Subject::Clock,
    Subject::TokenTaken,
    Subject::TokenEnd,
    Subject::Scopes,
    Subject::RateLimits,
];

impl Plan {
    /// Tries the target. An error is one of the arguments.
    pub async fn diagnose(mut self) -> Result<Diagnosis, PlanError> {
        let (provider, target) = (self.provider, self.target.to_string());
        let stage = if let Target::Stage(stage) = self.target { Some(stage) } else { None };
        let mut checks = match self.settings.resolve(provider, &self.target) {
            Err(TargetError::Retired { retired, .. }) => vec![gone(provider.name, &retired)],
            Err(error) => return Err(error.into()),
            Ok(Some(resolved)) => self.of_host(&resolved).await?,
            Ok(None) => {
                let sandbox = provider.sandbox(&self.contracts, &self.corpus, &Options::default())?;
                let running = sandbox.start(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await?;
                let here = self.settings.resolve(provider, &Target::Url(running.base_url()))?;
                let mut checks = match here {
                    Some(here) => self.of_host(&here).await?,
                    None => Vec::new(),
                };
                if let Some(first) = checks.first_mut() {
                    first.told = "the sandbox embedded in vigie".into();
                }
                running.stop().await;
                checks
            }
        };
        let reached: Vec<Subject> = checks.iter().map(|check| check.check).collect();
        let left = ALL.into_iter().filter(|subject| !reached.contains(subject));
        checks.extend(left.map(|subject| Check::not_tried(subject, "fix the problem above first")));
        checks.sort_by_key(|check| check.check);
        let wanting = |check: &Check| {
            let of_token = [Subject::Target, Subject::Token, Subject::TokenTaken, Subject::TokenEnd, Subject::Scopes];
            check.state == State::Problem && of_token.contains(&check.check)
        };
        let steps = checks.iter().any(wanting).then(|| provider.access.steps_to(stage));
        Ok(Diagnosis { provider: provider.name, target, checks, steps })
    }

    async fn of_host(&mut self, target: &Resolved) -> Result<Vec<Check>, PlanError> {
        let transport = Transport::new(&target.base_url, target.timeout)?;
        let pace = Pace::polite(target.rate, transport.base_url())?;
        let mut checks = vec![described(target)];
        let token = target.token.read().await;
        let is_ours = reach::reach(&pace, &transport, target, &mut checks).await;
        let (check, tokens) = self.of_token(target, token, is_ours);
        checks.push(check);
        if is_ours.is_none() {
            return Ok(checks);
        }
        let judges = std::mem::take(&mut self.contracts).into_iter().map(Judge::new).collect();
        let wire = Wire { provider: self.provider, judges, transport, pace };
        let (api, answered) = wire.hallmark().await;
        let is_right = api.state != State::Problem;
        checks.push(api);
        checks.extend(answered.map(|(at, headers)| clock(at, headers.get(http::header::DATE))));
        let Some(tokens) = tokens else { return Ok(checks) };
        checks.push(token::end(&tokens, SystemTime::now()));
        if !is_right {
            let told = "the token is sent only to the right API";
            checks.push(Check::not_tried(Subject::TokenTaken, told));
            return Ok(checks);
        }
        checks.extend(wire.token(&tokens, target).await);
        Ok(checks)
    }

    /// Whether there is a token, and what is sent then.
    fn of_token(
        &self,
        target: &Resolved,
        token: Result<Option<SecretString>, crate::targets::TokenError>,
        is_ours: Option<bool>,
    ) -> (Check, Option<Tokens>) {
        let subject = Subject::Token;
        let is_ours = is_ours == Some(true);
        let token = match token {
            Err(error) if is_ours && error.is_withheld() => Ok(None),
            token => token,
        };
        match token {
            Ok(Some(token)) => {
                let source = target.token.source().ok().flatten().map(|source| source.to_string()).unwrap_or_default();
                (Check::ok(subject, format!("from {source}")), Some(Tokens::Real(token)))
            }
            Ok(None) if is_ours => {
                let told = "none; a vigie sandbox needs none, because it knows the tokens of every case";
                (Check::ok(subject, told), Some(Tokens::Sandbox))
            }
            Ok(None) => {
                let variable = self.provider.token_variable();
                let mend = format!(
                    "set {variable} or {variable}_FILE, or name its source in `vigie.toml`; see below for how to get one"
                );
                (Check::problem(subject, "none", mend), None)
            }
            Err(error) => (Check::problem(subject, error.to_string(), "`vigie list --env` lists the variables"), None),
        }
    }
}

/// What is said of a target, and where.
fn described(target: &Resolved) -> Check {
    let table = target.table.as_ref().map_or("no table in vigie.toml".to_owned(), |place| format!("table at {place}"));
    let timeout = target.timeout.as_secs_f32();
    Check::ok(Subject::Target, format!("{}; {table}; time limit {timeout} s per call", target.base_url))
}

fn gone(name: &str, retired: &Retired) -> Check {
    let Retired { since, reason } = retired;
    let mend = format!(
        "use its sandbox: `--target sandbox`, or `vigie serve --provider {name}` for programs; for a host of your own, `--target URL`"
    );
    Check::problem(Subject::Target, format!("retired on {since}: {reason}"), mend)
}

/// The `Date` of an answer beside our clock when it came. It has whole seconds.
fn clock(at: SystemTime, date: Option<&http::HeaderValue>) -> Check {
    let subject = Subject::Clock;
    let Some(theirs) = date.and_then(|date| httpdate::parse_http_date(date.to_str().ok()?).ok()) else {
        return Check::not_tried(subject, "the answer has no `Date`");
    };
    let (apart, way) = match at.duration_since(theirs) {
        Ok(apart) => (apart, "ahead of"),
        Err(error) => (error.duration(), "behind"),
    };
    match apart.as_secs() {
        seconds if seconds >= SKEW => {
            let apart = if seconds > DAY { "more than a day".to_owned() } else { format!("{seconds} s") };
            let told =
                format!("this machine's clock is {apart} {way} the target's, so tokens seem to expire at another time");
            Check::warning(
                subject,
                told,
                "set the clock of this machine with NTP; if it is right already, the target's is wrong",
            )
        }
        _ => Check::ok(subject, format!("less than {SKEW} s from the target's")),
    }
}
