//! Connectors, refresh tokens and access tokens: what they are good for, and for how long.

use super::clock::{DAY, NOW};
use super::refusal::{Answer, Refusal};
use super::state::{Connector, Grant, Holder, Kept, Move, Pending, Reach, State};
use crate::gate::Incoming;
use crate::tokens::{Rejected, Token};

/// A refresh token lives for so many days, and is replaced from so many on.
const LIFE: i64 = 365;
const ROTATION: i64 = 328;
/// An access token lives for a day.
const ACCESS: i64 = DAY;
/// What a connector whose calls are spent has to wait.
const WAIT: u64 = 17;
const STRANGER: &str = "the connector has no such refresh token";

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
    pub(super) fn new(token: String, issued: i64, holder: Holder) -> Self {
        Self { token, holder, issued, kept: Kept::Null, moved: Move::No }
    }

    /// When it ends.
    pub(super) fn expires(&self) -> i64 {
        self.issued + LIFE * DAY
    }

    /// Whether a token answer brings a new one.
    pub(super) fn rotates(&self) -> bool {
        NOW >= self.issued + ROTATION * DAY
    }

    /// The grant as a session knows it.
    pub(super) fn known(&self) -> Token<Self> {
        Token { expires: Some(self.expires()), ..Token::new(self.clone()) }
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
        let of_connector = |grant: &&Grant| grant.holder.connector == connector;
        let grant = self.grants.check(token, NOW).map_err(|rejected| match rejected {
            Rejected::Unknown => Refusal::stranger(STRANGER),
            Rejected::Revoked => Refusal::stranger("a newer refresh token took its place"),
            Rejected::Expired => Refusal::stranger("the refresh token has expired"),
        })?;
        Some(grant).filter(of_connector).ok_or_else(|| Refusal::stranger(STRANGER))
    }

    /// A new refresh token, which takes the place of the older ones of the same connector, person and reach.
    pub(super) fn issue_grant(&mut self, holder: Holder) -> Grant {
        self.grants.revoke(|_, grant| grant.holder == holder);
        self.grow(holder)
    }

    fn grow(&mut self, holder: Holder) -> Grant {
        let token = format!("sandbox-refresh-{}-{}", holder.reach.name(), self.counter.secret());
        let grant = Grant::new(token, NOW, holder);
        self.grants.keep(grant.token.clone(), grant.known());
        grant
    }

    /// What takes the place of a refresh token that grows old; no other one is touched.
    pub(super) fn rotate(&mut self, old: &Grant) -> Grant {
        self.grants.revoke(|token, _| token == old.token);
        self.grow(old.holder.clone())
    }

    /// A new access token, and when it ends.
    pub(super) fn issue_access(&mut self, holder: Holder) -> (String, i64) {
        let token = format!("sandbox-access-{}-{}", holder.reach.name(), self.counter.secret());
        let expires = NOW + ACCESS;
        self.accesses.keep(token.clone(), Token { expires: Some(expires), ..Token::new(holder) });
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
    pub(super) fn caller(&self, call: &Incoming) -> Answer<Holder> {
        let token = call.header("accessToken").ok_or_else(|| Refusal::token("no header accessToken"))?;
        let holder = self.accesses.check(token, NOW).map_err(|rejected| match rejected {
            Rejected::Expired => Refusal::token("the access token has expired"),
            _ => Refusal::token("no such access token"),
        })?;
        if self.connector(&holder.connector).is_err() {
            return Err(Refusal::token("its connector was deleted"));
        }
        Ok(holder.clone())
    }

    /// Counts a call of a connector, in the one thing of the sandbox that real time moves.
    pub(super) fn count(&self, connector: &str) -> Answer<()> {
        let Some(number) = self.connectors.iter().position(|known| known.id == connector) else { return Ok(()) };
        let spent = self.connectors[number].spent;
        let tally = if spent { self.quotas.spent(WAIT) } else { self.quotas.take(number) };
        tally.retry_after.map_or(Ok(()), |seconds| Err(Refusal::throttled(seconds)))
    }
}
