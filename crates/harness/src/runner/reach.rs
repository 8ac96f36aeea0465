//! What is asked before the first case, and beside the cases: is anybody there, what does the token open, is it the
//! provider at all?

use super::case::Context;
use super::flow::Flow;
use super::foreign::{Likeness, Origin, form};
use super::looks::most;
use crate::pace::{Double, Pace, Repeat};
use crate::providers::Tokens;
use crate::transport::{Outage, Transport};
use http::StatusCode;
use serde_json::Value;
use std::time::Duration;
use vigie_judge::unanswered;
use vigie_scenario::{Case, Credential, bind};

/// How often a target is asked whether it is there: one probe in twenty is lost while its provider keeps its promise.
const PROBES: usize = 3;
/// Between two probes: long enough for a process that is being replaced, short enough for a person.
const PAUSE: Duration = Duration::from_millis(200);
/// A path that no API has.
const STRAY: &str = "/vigie/is-anything-answered";
/// The credential of a question that needs none.
const ANYBODY: &str = "none";

/// Whether anybody listens, and whether it is a double of ours. One answer is enough, and one failure is not.
pub(super) async fn reach(pace: &Pace, transport: &Transport) -> Result<Option<Double>, Outage> {
    for _ in 1..PROBES {
        if let Ok(double) = pace.probe(transport).await {
            return Ok(double);
        }
        tokio::time::sleep(PAUSE).await;
    }
    pace.probe(transport).await
}

impl Context {
    /// Asks which scopes a real token has. `None` when the provider does not tell: then nothing counts as masked. A failure
    /// must not pass for that, so it is asked again, unless it says the same thing twice. A good answer without JSON says
    /// nothing.
    pub(super) async fn introspect(&self) -> Option<Vec<String>> {
        let known = self.find(self.provider.introspection?)?;
        let case = Case::call(&known.1.id, self.provider.dialect);
        let (bound, flow) = (bind(&case, known.1), Flow::default());
        let envelope = self.envelope(&case, known, &flow).ok()??;
        let token = self.transport.prepare(&bound, &envelope).ok()?.credential();
        if let Some(scopes) = self.pace.known_scopes(token).await {
            return Some(scopes);
        }
        let mut last = None;
        for _ in 0..most(1) {
            let asked = self.send(&case, known, &bound, &flow);
            let exchange = match self.brake.unless_pulled(asked).await {
                Ok(Ok(Some(exchange))) => exchange,
                Ok(Err(Outage::Stopped) | Ok(None)) | Err(_) => return None,
                Ok(Err(_)) => continue,
            };
            let body: Value = match serde_json::from_slice(&exchange.response.body) {
                Err(_) if exchange.response.status.is_success() => continue,
                read => read.unwrap_or_default(),
            };
            if let Some(scopes) = body["scopes"].as_array() {
                let scopes: Vec<String> =
                    scopes.iter().map(|scope| scope.as_str().map(str::to_owned)).collect::<Option<_>>()?;
                self.pace.tell_scopes(token, &scopes).await;
                return Some(scopes);
            }
            let answer = exchange.response.status;
            // Another machine with the same token is asking the same.
            if answer == StatusCode::CONFLICT {
                continue;
            }
            if unanswered(&exchange.response, &case, known.1).is_none() && last.replace(answer) == Some(answer) {
                return None;
            }
        }
        None
    }

    /// Whose the answer seems to be to what the provider answers to everybody; `None` without such an operation, and
    /// `Some(None)` without an answer.
    pub(super) async fn canary(&self) -> Option<Option<Likeness>> {
        let (judge, operation) = self.find(self.provider.canary?)?;
        let mut case = Case::call(&operation.id, self.provider.dialect);
        case.credential = Credential::Named(ANYBODY.to_owned());
        let (bound, flow) = (bind(&case, operation), Flow::default());
        let asked = self.send(&case, (judge, operation), &bound, &flow);
        let Ok(Ok(Some(exchange))) = self.brake.unless_pulled(asked).await else { return Some(None) };
        if unanswered(&exchange.response, &case, operation).is_some() {
            return Some(None);
        }
        Some(Some(Origin::of(judge, operation, case.dialect, &exchange.response).likeness))
    }

    /// The form in which the target answers what no API has, if it answers that as if it were a success.
    pub(super) async fn answers_anything(&self, attempts: usize) -> Option<String> {
        for _ in 0..attempts {
            let stray = self.transport.prepare_get(STRAY).ok()?;
            let asked = self.pace.send(&self.transport, &stray, &Repeat::PROBE);
            match self.brake.unless_pulled(asked).await {
                Ok(Ok(exchange)) => {
                    return exchange.response.status.is_success().then(|| form(&exchange.response));
                }
                Ok(Err(_)) => {}
                Err(_) => return None,
            }
        }
        None
    }

    /// Whether the target is a double of ours: it is the provider that it plays.
    pub(super) fn is_ours(&self) -> bool {
        self.ours || matches!(self.tokens, Tokens::Sandbox)
    }
}
