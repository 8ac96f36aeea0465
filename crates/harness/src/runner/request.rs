//! The request of a case: where it goes, by whose token, and that it is sent.

use super::context::Context;
use super::policy::writes;
use super::scenario_session::Session;
use crate::pace::Repeat;
use crate::transport::{Envelope, Outage};
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;
use std::collections::BTreeMap;
use vigie::clients::{Credentials, base_url};
use vigie_contract::model::{Operation, template_variables};
use vigie_exchange::Exchange;
use vigie_judge::Judge;
use vigie_sandbox::SESSION;
use vigie_scenario::{Bound, Captures, Case, Credential, Scenario};

/// The header that asks a vigie sandbox for a stored answer by its name.
pub(super) const PREFER: &str = "Prefer";

impl Context {
    /// A new world for a scenario, where the target keeps worlds.
    pub(super) fn session(&self) -> Session {
        let world = self.peer.plays_cases().then(|| self.worlds.next()).flatten();
        let addresses = self.peer.hosts().iter().map(|(role, url)| (url.clone(), role.clone())).collect();
        Session { world, addresses, ..Session::default() }
    }

    /// Sends a case's request; `None` if the target cannot provoke the case.
    pub(super) async fn send(
        &self,
        case: &Case,
        known: (&Judge, &Operation),
        bound: &Bound,
        session: &Session,
    ) -> Result<Option<Exchange>, Outage> {
        if self.peer.is_real() && (unfit(bound) || asks_by_name(bound)) {
            return Ok(None);
        }
        if let Some(outage) = self.peer.outage() {
            return Err(outage.clone());
        }
        let Some(envelope) = self.envelope(case, known, session)? else { return Ok(None) };
        let request = self.peer.transport.prepare(bound, &envelope)?;
        if case.is_twin() {
            let (first, second) = self.peer.pace.twins(&self.peer.transport, &request).await?;
            return Ok(Some(if first.response.status.as_u16() == case.status { first } else { second }));
        }
        let repeat = Repeat { is_safe: !writes(known.1), expected: case.status..=case.status };
        self.peer.pace.send(&self.peer.transport, &request, &repeat).await.map(Some)
    }

    /// What goes around a case's request; `None` if no token that we have can provoke the case.
    pub(super) fn envelope(
        &self,
        case: &Case,
        (judge, operation): (&Judge, &Operation),
        session: &Session,
    ) -> Result<Option<Envelope>, Outage> {
        let headers = match &case.credential {
            Credential::Headers(headers) => sensitive(headers)?,
            Credential::Named(_) => match self.provider.hooks.credentials(operation, case, self.peer.tokens()) {
                Some(credentials) => of_credentials(&credentials)?,
                None => return Ok(None),
            },
        };
        let mut envelope = Envelope { base_url: self.base_url(judge, operation, &session.captures)?, headers };
        if let Some(world) = &session.world {
            envelope.headers.insert(HeaderName::from_static(SESSION), world.clone());
        }
        Ok(Some(envelope))
    }

    /// Which base URL answers an operation; `None` for the target itself. A variable of the server's template is what the
    /// scenario captured under its name, or the double's host of that role, or else the target. A server without a variable
    /// is the target with that server's path.
    fn base_url(
        &self,
        judge: &Judge,
        operation: &Operation,
        captures: &Captures,
    ) -> Result<Option<reqwest::Url>, Outage> {
        let Some(template) = judge.contract.server(operation) else { return Ok(None) };
        let target = self.peer.transport.base_url();
        if !template.contains('{') {
            let path = template.split_once("://").map_or(template, |(_, rest)| rest);
            let path = path.find('/').map_or("", |start| &path[start..]).trim_end_matches('/');
            let mut url = target.clone();
            url.set_path(&format!("{}{path}", target.path().trim_end_matches('/')));
            return Ok(Some(url));
        }
        let mut filled = template.to_owned();
        for name in template_variables(template) {
            let host = self.peer.hosts().iter().find(|(role, _)| role == name).map(|(_, url)| url.as_str());
            let value = captures.get(name).and_then(Value::as_str).or(host).unwrap_or(target.as_str());
            filled = filled.replace(&format!("{{{name}}}"), value.trim_end_matches('/'));
        }
        // What was captured is not told: it may hold a secret.
        let refused = |what: &str| Outage::Request(format!("the server `{template}` {what} with what was captured"));
        let url = base_url(&filled).map_err(|_| refused("is no URL"))?;
        if target.scheme() == "https" && url.scheme() != "https" {
            return Err(refused("has no TLS, unlike the target, and is sent no token,"));
        }
        Ok(Some(url))
    }

    /// The variable of a case's server that nothing has told, where the scenario's other steps are at the target itself: that
    /// host is another one, and answers what it likes.
    pub(super) fn unknown_host(&self, case: &Case, scenario: &Scenario, captures: &Captures) -> Option<String> {
        let template = |case: &Case| {
            let (judge, operation) = self.find(&case.operation)?;
            judge.contract.server(operation)
        };
        let is_told =
            |name: &&str| captures.contains_key(*name) || self.peer.hosts().iter().any(|(role, _)| role == name);
        let unknown = template_variables(template(case)?).find(|name| !is_told(name))?;
        let at_target = |case: &Case| template(case).is_some_and(|template| !template.contains('{'));
        scenario.cases().any(at_target).then(|| unknown.to_owned())
    }

    /// Whether an address was captured as the server of an operation: then it stands for itself in no snapshot.
    pub(super) fn remember_servers(&self, case: &Case, session: &mut Session) {
        for (name, _) in &case.capture {
            let is_server = self.judges.iter().any(|judge| judge.contract.server_variables().any(|own| own == name));
            if let Some(Value::String(url)) = session.captures.get(name).filter(|_| is_server) {
                session.addresses.insert(url.trim_end_matches('/').to_owned(), name.clone());
            }
        }
    }
}

/// Headers that no log shows.
fn sensitive(headers: &BTreeMap<String, String>) -> Result<HeaderMap, Outage> {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        let refused = || Outage::Request(format!("what was captured for the header `{name}` fits into none"));
        let key = HeaderName::from_bytes(name.as_bytes()).map_err(|_| refused())?;
        let mut value = HeaderValue::from_str(value).map_err(|_| refused())?;
        value.set_sensitive(true);
        map.insert(key, value);
    }
    Ok(map)
}

fn of_credentials(credentials: &Credentials) -> Result<HeaderMap, Outage> {
    let headers = credentials.headers().map_err(|error| Outage::Request(error.to_string()))?;
    Ok(headers.into_iter().collect())
}

/// Whether a case cannot be said in the operation's parameters.
pub(super) fn unfit(bound: &Bound) -> bool {
    !bound.misfits.is_empty()
}

pub(super) fn prefer(bound: &mut Bound, case: &Case) {
    bound.headers.push((PREFER.into(), format!("example=\"{}\"", case.name)));
}

pub(super) fn asks_by_name(bound: &Bound) -> bool {
    bound.headers.iter().any(|(name, _)| name == PREFER)
}
