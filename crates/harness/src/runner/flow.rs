//! What goes with a scenario from step to step: its world, what it captured, where it listens.

use super::case::Context;
use super::listener::Listening;
use crate::providers::Tokens;
use crate::transport::{Envelope, Outage};
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};
use vigie::clients::{Credentials, base_url};
use vigie_contract::model::{Operation, template_variables};
use vigie_judge::Judge;
use vigie_sandbox::WORLD;
use vigie_scenario::{CALLBACK, Captures, Case, Credential, Scenario};

/// The state of one scenario in one run. What it captured may be secrets, so it has no `Debug`.
#[derive(Default)]
pub(super) struct Flow {
    /// The name of its world in a double.
    pub(super) world: Option<HeaderValue>,
    /// What its steps captured.
    pub(super) captures: Captures,
    /// Addresses that are others in each run, and what stands for them in a snapshot.
    pub(super) addresses: BTreeMap<String, String>,
    /// Where the provider calls back, if the scenario asks for it.
    pub(super) listening: Option<Listening>,
    /// What steps would have captured that were left out on purpose.
    pub(super) left_out: BTreeSet<String>,
    /// The error code that the current step expects, as it is written: what was captured may be a secret.
    pub(super) code: Option<String>,
}

impl Flow {
    /// Hands out where a scenario listens.
    pub(super) fn listen(&mut self, listening: Listening) {
        self.addresses.insert(listening.url().to_owned(), CALLBACK.to_owned());
        self.captures.insert(CALLBACK.to_owned(), listening.url().into());
        self.listening = Some(listening);
    }

    /// Keeps what a case captures of an answer.
    pub(super) fn capture(&mut self, case: &Case, body: Option<&Value>, headers: &HeaderMap) {
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        for (name, source) in &case.capture {
            if let Some(value) = source.read(body, header) {
                self.captures.insert(name.clone(), value);
            }
        }
    }

    /// The answer as it is in every run.
    pub(super) fn stable(&self, body: &Value) -> Value {
        match body {
            Value::String(text) => self.named(text).into(),
            Value::Array(items) => items.iter().map(|item| self.stable(item)).collect(),
            Value::Object(members) => members
                .iter()
                .map(|(key, member)| (key.clone(), self.stable(member)))
                .collect::<serde_json::Map<_, _>>()
                .into(),
            other => other.clone(),
        }
    }

    fn named(&self, text: &str) -> String {
        self.addresses
            .iter()
            .fold(text.to_owned(), |text, (address, name)| text.replace(address, &format!("{{{{{name}}}}}")))
    }
}

impl Context {
    /// A new world for a scenario, where the target keeps worlds.
    pub(super) fn flow(&self) -> Flow {
        let world = matches!(self.tokens, Tokens::Sandbox).then(|| self.worlds.next()).flatten();
        let addresses = self.hosts.iter().map(|(role, url)| (url.clone(), role.clone())).collect();
        Flow { world, addresses, ..Flow::default() }
    }

    /// What goes around a case's request; `None` if no token that we have can provoke the case.
    pub(super) fn envelope(
        &self,
        case: &Case,
        (judge, operation): (&Judge, &Operation),
        flow: &Flow,
    ) -> Result<Option<Envelope>, Outage> {
        let headers = match &case.credential {
            Credential::Headers(headers) => sensitive(headers)?,
            Credential::Named(_) => match self.provider.hooks.credentials(operation, case, &self.tokens) {
                Some(credentials) => of_credentials(&credentials)?,
                None => return Ok(None),
            },
        };
        let mut envelope = Envelope { base_url: self.base_url(judge, operation, &flow.captures)?, headers };
        if let Some(world) = &flow.world {
            envelope.headers.insert(HeaderName::from_static(WORLD), world.clone());
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
        let target = self.transport.base_url();
        if !template.contains('{') {
            let path = template.split_once("://").map_or(template, |(_, rest)| rest);
            let path = path.find('/').map_or("", |start| &path[start..]).trim_end_matches('/');
            let mut url = target.clone();
            url.set_path(&format!("{}{path}", target.path().trim_end_matches('/')));
            return Ok(Some(url));
        }
        let mut filled = template.to_owned();
        for name in template_variables(template) {
            let host = self.hosts.iter().find(|(role, _)| role == name).map(|(_, url)| url.as_str());
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
        let is_told = |name: &&str| captures.contains_key(*name) || self.hosts.iter().any(|(role, _)| role == name);
        let unknown = template_variables(template(case)?).find(|name| !is_told(name))?;
        let at_target = |case: &Case| template(case).is_some_and(|template| !template.contains('{'));
        scenario.cases().any(at_target).then(|| unknown.to_owned())
    }

    /// Whether an address was captured as the server of an operation: then it stands for itself in no snapshot.
    pub(super) fn remember_servers(&self, case: &Case, flow: &mut Flow) {
        for (name, _) in &case.capture {
            let is_server = self.judges.iter().any(|judge| judge.contract.server_variables().any(|own| own == name));
            if let Some(Value::String(url)) = flow.captures.get(name).filter(|_| is_server) {
                flow.addresses.insert(url.trim_end_matches('/').to_owned(), name.clone());
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

/// Names for worlds, another one for each scenario of each run.
#[derive(Debug)]
pub(super) struct Worlds {
    run: String,
    next: AtomicU64,
}

impl Worlds {
    pub(super) fn new() -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let run = format!("{:x}-{:x}", std::process::id(), now.as_nanos());
        Self { run, next: AtomicU64::new(0) }
    }

    fn next(&self) -> Option<HeaderValue> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        HeaderValue::from_str(&format!("{}-{number}", self.run)).ok()
    }
}
