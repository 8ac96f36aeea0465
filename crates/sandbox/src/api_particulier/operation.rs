//! One operation: the checks in the provider's order, then the stored answer.

use super::france_connect;
use super::gate::{Caller, api_key, bearer, preferred};
use super::mask::{Lock, Scopes};
use super::params::{Rules, Sent, is_siret};
use super::refusal::{ErrorFormat, Refusal, nobody};
use super::reply::Answer;
use super::routes::Family;
use super::routes::Routes;
use super::store::stored;
use super::tokens::Mode;
use crate::SandboxError;
use crate::quota::Tally;
use crate::reply::Reply;
use crate::stored::Stored;
use axum::http::StatusCode;
use axum::http::request::Parts;
use std::borrow::Cow;
use vigie_contract::model::{Contract, Operation};
use vigie_scenario::Case;

/// An operation, ready to answer.
pub(super) struct Gated {
    form: ErrorFormat,
    id: String,
    /// Only FranceConnect tokens enter.
    france_connect: bool,
    /// The provider retired the operation: what is not stored is gone.
    gone: Option<Reply>,
    cached_family: bool,
    lock: Lock,
    rules: Rules,
    stored: Stored,
}

impl Gated {
    pub(super) fn new(
        contract: &Contract,
        operation: &Operation,
        cases: &[&Case],
        scopes: &Scopes,
        gone: Option<Reply>,
    ) -> Result<Self, SandboxError> {
        let form = if operation.path.starts_with("/api/") { ErrorFormat::Flat } else { ErrorFormat::Structured };
        let rules = Rules::new(operation, &contract.document, form)?;
        let france_connect = france_connect::is_alone(operation);
        let code = operation.responses.get(&404).and_then(|answer| first_code(contract, &answer.pointer));
        let absent = nobody(form, &code.unwrap_or_else(|| "00404".to_owned()));
        let stored = stored(cases, &rules, form, france_connect, absent);
        let ok = operation.responses.get(&200);
        Ok(Self {
            form,
            id: operation.id.clone(),
            france_connect,
            gone,
            cached_family: ok.is_some_and(|ok| ok.headers.contains("X-Response-Cached")),
            lock: scopes.lock(&operation.id),
            rules,
            stored,
        })
    }

    pub(super) async fn answer(&self, routes: &Routes, head: &Parts) -> Answer {
        let query = head.uri.query().unwrap_or_default();
        let caller = match self.admit(routes, head, query) {
            Ok(caller) => caller,
            Err(refusal) => return routes.refusals.get(refusal, self.form).into(),
        };
        let tally = self.count(routes, &caller);
        let mut answer: Answer = if tally.is_some_and(|tally| tally.retry_after.is_some()) {
            routes.refusals.get(Refusal::Quota, self.form).into()
        } else {
            match self.checked(routes, &caller, head, query).await {
                Ok(reply) => self.shown(reply, &caller),
                Err(reply) => reply.into(),
            }
        };
        answer.tally = tally;
        answer.cached_family = self.cached_family;
        answer
    }

    fn admit<'h>(&self, routes: &'h Routes, head: &Parts, query: &str) -> Result<Caller<'h>, Refusal> {
        let gate = &routes.gate;
        match (self.form, bearer(head)) {
            // In v2 a bearer is a FranceConnect token, and wins over the API token.
            (ErrorFormat::Flat, Some(token)) => gate.admit_france_connect(token),
            (ErrorFormat::Flat, None) => {
                let token = api_key(head, query).unwrap_or(Cow::Borrowed(""));
                gate.admit(&token, &routes.scopes)
            }
            (ErrorFormat::Structured, Some(token)) if self.france_connect => gate.admit_france_connect(token),
            (ErrorFormat::Structured, Some(token)) => gate.admit(token, &routes.scopes),
            (ErrorFormat::Structured, None) => Err(Refusal::Token),
        }
    }

    /// No bucket counts the requests of v2 that carry a FranceConnect token.
    fn count(&self, routes: &Routes, caller: &Caller<'_>) -> Option<Tally> {
        let family = match self.form {
            ErrorFormat::Flat if caller.identity.is_some() => return None,
            ErrorFormat::Flat => Family::V2,
            ErrorFormat::Structured => Family::V3,
        };
        Some(routes.count(caller, family))
    }

    /// The stored answer, or as an error what the gate answers itself.
    async fn checked<'h>(
        &'h self,
        routes: &'h Routes,
        caller: &Caller<'_>,
        head: &Parts,
        query: &str,
    ) -> Result<&'h Reply, &'h Reply> {
        let refusal = |refusal| routes.refusals.get(refusal, self.form);
        if !self.lock.opens(&caller.granted) {
            return Err(refusal(Refusal::Scopes));
        }
        if let Some(name) = preferred(head) {
            return Ok(self.stored.named(name));
        }
        let france_connect = caller.identity.is_some();
        let sent = self.rules.read(query, france_connect);
        if !self.accepts_recipient(&sent, france_connect) {
            return Err(refusal(Refusal::Recipient));
        }
        if self.gone.is_none() {
            if let Some(refusal) = self.rules.refuse(&sent, france_connect) {
                return Err(refusal);
            }
            if sent.unreadable {
                return Err(refusal(Refusal::Encoding));
            }
        }
        let key = self.rules.key(&sent);
        // Without this wait the answer is ready at once: nobody's requests overlap long enough to meet.
        if caller.mode == Mode::Twin {
            let recipient = self.rules.recipient(&sent).unwrap_or_default();
            let twin = format!("{} {} {recipient} {key}", self.id, caller.bucket);
            if routes.twins.meets(twin).await {
                return Err(refusal(Refusal::Conflict));
            }
        }
        let stored = match caller.identity {
            Some(identity) => self.rules.connected_key(&sent, identity).and_then(|key| self.stored.exact(&key)),
            None => self.stored.exact(&key),
        };
        stored.ok_or(self.gone.as_ref().unwrap_or(&self.stored.fallback))
    }

    /// The body of the administration that is entitled to the data: v2 may leave it out, except with FranceConnect.
    fn accepts_recipient(&self, sent: &Sent<'_>, france_connect: bool) -> bool {
        match self.rules.recipient(sent) {
            Some(recipient) => is_siret(recipient),
            None => self.form == ErrorFormat::Flat && !france_connect,
        }
    }

    fn shown(&self, reply: &Reply, caller: &Caller<'_>) -> Answer {
        let mut answer = Answer::from(reply);
        if reply.status == StatusCode::OK {
            answer.reply.body = self.lock.mask(&reply.body, &caller.granted);
        }
        answer
    }
}

/// The first error code that the contract lists for an answer.
fn first_code(contract: &Contract, pointer: &str) -> Option<String> {
    let content = contract.document.pointer(pointer)?.get("content")?.as_object()?;
    content.values().find_map(|content| content["x-error-codes"][0].as_str().map(str::to_owned))
}
