//! Who calls: the order in which credentials are trusted, and what each may do.

use super::secret::{Use, read_session};
use super::{Failure, State, find, time::NOW};
use crate::gate::{authorization, cookie, header};
use axum::http::HeaderMap;

/// Nothing that could be a credential.
const MISSING: &str = "Unable to find a valid cookie or authorization header";
const INVALID: &str = "Invalid token";
const REVOKED: &str = "Company token has been revoked";

/// Someone whose credentials were accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Actor {
    pub(crate) user: i64,
    /// The one company that an employment token opens.
    pub(crate) company: Option<i64>,
    /// A road controller's token only reads.
    pub(crate) reads_only: bool,
}

/// The credentials of a request.
#[derive(Debug, Clone, Default)]
pub(crate) struct Credentials {
    bearer: Option<String>,
    access_cookie: Option<String>,
    refresh_cookie: Option<String>,
    employment_token: Option<String>,
    impersonation: Option<String>,
    pub(crate) client: Option<String>,
    key: Option<String>,
}

impl Credentials {
    pub(crate) fn new(headers: &HeaderMap) -> Self {
        let text = |name: &str| header(headers, name).map(str::to_owned);
        let cookie = |name: &str| cookie(headers, name).map(str::to_owned);
        // One word after the scheme, which is written as the real server writes it.
        let is_token = |(scheme, token): &(&str, &str)| *scheme == "Bearer" && token.split_whitespace().count() == 1;
        let bearer = authorization(headers).filter(is_token).map(|(_, token)| token.to_owned());
        Self {
            bearer,
            access_cookie: cookie("at"),
            refresh_cookie: cookie("rt"),
            employment_token: text("x-employment-token"),
            impersonation: text("impersonation-token"),
            client: text("x-client-id"),
            key: text("x-api-key"),
        }
    }

    /// The session that a person opened with a password.
    pub(crate) fn session(&self, state: &State) -> Option<i64> {
        let mut tokens = [&self.bearer, &self.access_cookie].into_iter().flatten();
        let (user, _) = tokens.find_map(|token| read_session(token, Use::Access))?;
        find(&state.users, user).map(|user| user.id)
    }

    /// A session, and nothing else.
    pub(crate) fn session_only(&self, state: &State) -> Result<i64, Failure> {
        self.session(state).ok_or_else(|| self.refused())
    }

    /// The refresh token, unless it was used before.
    pub(crate) fn refresh(&self, state: &State) -> Result<(i64, String), Failure> {
        let token = self.bearer.as_ref().or(self.refresh_cookie.as_ref());
        let token = token.ok_or_else(|| Failure::authentication(MISSING))?;
        let (user, id) = read_session(token, Use::Refresh).ok_or_else(|| Failure::authentication(INVALID))?;
        if state.spent.contains(&id) {
            return Err(Failure::authentication("Refresh token is invalid"));
        }
        Ok((user, id))
    }

    /// Whoever it is, in the order in which the real server looks.
    pub(crate) fn actor(&self, state: &State) -> Result<Actor, Failure> {
        let whole = |user| Actor { user, company: None, reads_only: false };
        if let Some(user) = self.session(state) {
            return Ok(whole(user));
        }
        if let (Some(token), Some(client)) = (&self.employment_token, &self.client) {
            return employment_actor(state, token, client);
        }
        if let Some(token) = &self.impersonation {
            let user = state.read_tokens.check(token, NOW).map_err(|_| Failure::authentication(INVALID))?;
            return Ok(Actor { reads_only: true, ..whole(*user) });
        }
        let token = self.bearer.as_ref().ok_or_else(|| self.refused())?;
        let known = state.tokens.check(token, NOW).map_err(|_| Failure::authentication(INVALID))?;
        Ok(whole(known.user))
    }

    fn refused(&self) -> Failure {
        let sent = self.bearer.is_some() || self.access_cookie.is_some();
        Failure::authentication(if sent { INVALID } else { MISSING })
    }

    /// The software of `/protected`, by its key and its id together.
    pub(crate) fn software(&self, state: &State) -> Result<i64, Failure> {
        let client = self.client.as_deref().unwrap_or_default();
        // What is no number reaches the database as it is, and its complaint reaches the caller.
        let Ok(id) = client.parse::<i64>() else {
            return Err(match client {
                "" => Failure::authentication("Invalid API Key"),
                text => Failure::bug(format!("invalid input syntax for type integer: \"{text}\"")),
            });
        };
        let known = find(&state.clients, id).filter(|own| self.key.as_ref() == Some(&own.key));
        known.map(|own| own.id).ok_or_else(|| Failure::authentication("Invalid API Key"))
    }
}

fn employment_actor(state: &State, token: &str, client: &str) -> Result<Actor, Failure> {
    let invalid = || Failure::authentication(INVALID);
    let client: i64 = client.parse().map_err(|_| invalid())?;
    let link = state.employment_links.iter().find(|own| own.token.as_deref() == Some(token) && own.client == client);
    let link = link.filter(|own| !own.dismissed).ok_or_else(invalid)?;
    let employment = find(&state.employments, link.employment).ok_or_else(invalid)?;
    state.live_link(employment.company, client)?;
    Ok(Actor { user: employment.user.ok_or_else(invalid)?, company: Some(employment.company), reads_only: false })
}

impl State {
    /// That a company lets a software in, or why not any more.
    pub(crate) fn live_link(&self, company: i64, client: i64) -> Result<(), Failure> {
        let mut links = self.company_links.iter().filter(|own| own.company == company && own.client == client);
        match links.next_back() {
            Some(link) if link.revoked => Err(Failure::authentication(REVOKED)),
            _ => Ok(()),
        }
    }

    /// Whether a company lets a software in.
    pub(crate) fn linked(&self, company: i64, client: i64) -> bool {
        self.company_links.iter().any(|own| own.company == company && own.client == client && !own.revoked)
    }

    /// A new pair of session tokens.
    pub(crate) fn open_session(&mut self, user: i64) -> (String, String) {
        self.sessions += 1;
        let token = |purpose| super::secret::session(user, purpose, self.sessions, NOW);
        (token(Use::Access), token(Use::Refresh))
    }
}

impl Actor {
    /// That a company is within what the token opens.
    pub(crate) fn within(&self, company: i64) -> Result<(), Failure> {
        if self.company.is_none_or(|own| own == company) { Ok(()) } else { Err(Failure::unauthorized()) }
    }

    /// That changes are allowed at all: no reading token, and an account whose address was confirmed.
    pub(crate) fn may_write(&self, state: &State) -> Result<(), Failure> {
        let refuse = |message: &str| Err(Failure::new("AUTHORIZATION_ERROR", message));
        if self.reads_only {
            return refuse("Mutations are not allowed in read access mode");
        }
        if !find(&state.users, self.user).is_some_and(|user| user.activated) {
            return refuse("Actor is not active. The email activation is required to perform mutations.");
        }
        Ok(())
    }

    /// That the caller manages a company.
    pub(crate) fn must_manage(&self, state: &State, company: i64) -> Result<(), Failure> {
        self.within(company)?;
        if state.manages(self.user, company) { Ok(()) } else { Err(Failure::unauthorized()) }
    }
}
