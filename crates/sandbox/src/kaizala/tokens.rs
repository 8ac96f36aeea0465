//! Connectors, refresh tokens and access tokens: what they are good for, and for how long.

use super::clock::{DAY, NOW};
use super::refusal::{Answer, Refusal};
use super::reply::Call;
use super::state::{Access, Connector, Grant, Held, Kept, Move, Pending, Reach, State};
use std::time::{Duration, Instant};

/// A refresh token lives for so many days, and is replaced from so many on.
const LIFE: i64 = 365;
const ROTATION: i64 = 328;
/// An access token lives for a day.
const ACCESS: i64 = DAY;
/// How many calls a connector has in a minute.
const PER_MINUTE: u32 = 100;
/// What a connector whose calls are spent is told to wait.
const WAIT: u64 = 17;

impl Reach {
    fn name(&self) -> &'static str {
        match self {
            Self::Group(_) => "group",
            Self::User => "user",
            Self::Tenant => "tenant",
        }
    }
}

impl Grant {
    /// When it ends.
    pub(super) fn expires(&self) -> i64 {
        self.issued + LIFE * DAY
    }

    /// Whether a token answer brings a new one.
    pub(super) fn rotates(&self) -> bool {
        NOW >= self.issued + ROTATION * DAY
    }
}

impl State {
    /// A connector that is still registered.
    pub(super) fn connector(&self, id: &str) -> Answer<&Connector> {
        let known = self.connectors.iter().find(|connector| connector.id == id && !connector.deleted);
        known.ok_or_else(|| Refusal::stranger("there is no such connector"))
    }

    /// A connector with its secret.
    pub(super) fn signed(&self, id: &str, secret: &str) -> Answer<&Connector> {
        let connector = self.connector(id)?;
        if connector.secret == secret { Ok(connector) } else { Err(Refusal::stranger("that is not its secret")) }
    }

    /// A refresh token of a connector, if it is still good.
    pub(super) fn grant(&self, connector: &str, token: &str) -> Answer<&Grant> {
        let known = self.grants.iter().find(|grant| grant.token == token && grant.held.connector == connector);
        let grant = known.ok_or_else(|| Refusal::stranger("the connector has no such refresh token"))?;
        if grant.superseded {
            return Err(Refusal::stranger("a newer refresh token took its place"));
        }
        if NOW >= grant.expires() {
            return Err(Refusal::stranger("the refresh token has expired"));
        }
        Ok(grant)
    }

    /// A new refresh token, which takes the place of the older ones of the same connector, person and reach.
    pub(super) fn issue_grant(&mut self, held: Held) -> Grant {
        for grant in self.grants.iter_mut().filter(|grant| grant.held == held) {
            grant.superseded = true;
        }
        self.grow(held)
    }

    fn grow(&mut self, held: Held) -> Grant {
        let token = format!("sandbox-refresh-{}-{}", held.reach.name(), self.counter.secret());
        let grant = Grant { token, held, issued: NOW, superseded: false, kept: Kept::Null, moved: Move::No };
        self.grants.keep(grant.clone());
        grant
    }

    /// What takes the place of a refresh token that grows old; no other one is touched.
    pub(super) fn rotate(&mut self, old: &Grant) -> Grant {
        for grant in self.grants.iter_mut().filter(|grant| grant.token == old.token) {
            grant.superseded = true;
        }
        self.grow(old.held.clone())
    }

    /// A new access token, and when it ends.
    pub(super) fn issue_access(&mut self, held: Held) -> (String, i64) {
        let token = format!("sandbox-access-{}-{}", held.reach.name(), self.counter.secret());
        let expires = NOW + ACCESS;
        self.accesses.keep(Access { token: token.clone(), held, expires });
        (token, expires)
    }

    /// Remembers what has begun.
    pub(super) fn begin(&mut self, pending: Pending) {
        drop(self.pending.take(|other| *other == pending));
        self.pending.keep(pending);
    }

    /// Ends what has begun, once.
    pub(super) fn finish(&mut self, connector: &str, key: &str, person: Option<&str>) -> Option<Pending> {
        let wanted = |pending: &Pending| {
            pending.connector == connector && pending.key == key && person.is_none_or(|person| pending.person == person)
        };
        self.pending.take(wanted)
    }

    /// Who calls the endpoint.
    pub(super) fn caller(&self, call: &Call) -> Answer<Held> {
        let token = call.header("accessToken").ok_or_else(|| Refusal::token("no header accessToken"))?;
        let known = self.accesses.iter().find(|access| access.token == token);
        let access = known.ok_or_else(|| Refusal::token("no such access token"))?;
        if NOW >= access.expires {
            return Err(Refusal::token("the access token has expired"));
        }
        if self.connector(&access.held.connector).is_err() {
            return Err(Refusal::token("its connector was deleted"));
        }
        Ok(access.held.clone())
    }

    /// Counts a call of a connector, in the one thing of the double that real time moves.
    pub(super) fn count(&mut self, connector: &str, limited: bool) -> Answer<()> {
        if self.connectors.iter().any(|known| known.id == connector && known.spent) {
            return Err(Refusal::throttled(WAIT));
        }
        if !limited {
            return Ok(());
        }
        let minute = Duration::from_secs(60);
        let (began, calls) = self.minutes.entry(connector.to_owned()).or_insert_with(|| (Instant::now(), 0));
        if began.elapsed() >= minute {
            (*began, *calls) = (Instant::now(), 0);
        }
        *calls += 1;
        if *calls > PER_MINUTE {
            let left = minute.saturating_sub(began.elapsed());
            return Err(Refusal::throttled(left.as_secs() + 1));
        }
        Ok(())
    }
}
