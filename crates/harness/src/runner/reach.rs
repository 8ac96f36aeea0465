//! What is asked before the first case, and beside the cases: what does the token open, is it the provider at all?

use super::attempts::most;
use super::context::Context;
use super::likeness::{Likeness, Origin, form};
use super::scenario_session::Session;
use crate::pace::Repeat;
use crate::transport::Outage;
use http::StatusCode;
use vigie_judge::unanswered;
use vigie_scenario::{Case, Credential, bind};

/// A path that no API has.
const STRAY: &str = "/vigie/is-anything-answered";
/// The credential of a question that needs none.
const ANYBODY: &str = "none";

impl Context {
    /// Asks which scopes a real token has. `None` when the provider does not tell: then nothing counts as masked. A failure
    /// must not pass for that, so it is asked again, unless it says the same thing twice. A good answer without JSON says
    /// nothing.
    pub(super) async fn introspect(&self) -> Option<Vec<String>> {
        let known = self.find(self.provider.introspection?)?;
        let case = Case::call(&known.1.id, self.provider.dialect);
        let (bound, session) = (bind(&case, known.1), Session::default());
        let envelope = self.envelope(&case, known, &session).ok()??;
        let token = self.peer.transport.prepare(&bound, &envelope).ok()?.credential();
        if let Some(scopes) = self.peer.pace.known_scopes(token).await {
            return Some(scopes);
        }
        let mut last = None;
        for _ in 0..most(1) {
            let asked = self.send(&case, known, &bound, &session);
            let exchange = match self.cancellation.unless_cancelled(asked).await {
                Ok(Ok(Some(exchange))) => exchange,
                Ok(Err(Outage::Stopped) | Ok(None)) | Err(_) => return None,
                Ok(Err(_)) => continue,
            };
            let body = &exchange.response.body;
            if body.json().is_err() && exchange.response.status.is_success() {
                continue;
            }
            let body = body.json_or_null();
            if let Some(scopes) = body["scopes"].as_array() {
                let scopes: Vec<String> =
                    scopes.iter().map(|scope| scope.as_str().map(str::to_owned)).collect::<Option<_>>()?;
                self.peer.pace.tell_scopes(token, &scopes).await;
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
        let (bound, session) = (bind(&case, operation), Session::default());
        let asked = self.send(&case, (judge, operation), &bound, &session);
        let Ok(Ok(Some(exchange))) = self.cancellation.unless_cancelled(asked).await else { return Some(None) };
        if unanswered(&exchange.response, &case, operation).is_some() {
            return Some(None);
        }
        Some(Some(Origin::of(judge, operation, case.dialect, &exchange.response).likeness))
    }

    /// The form in which the target answers what no API has, if it answers that as if it were a success.
    pub(super) async fn answers_anything(&self, attempts: usize) -> Option<String> {
        for _ in 0..attempts {
            let stray = self.peer.transport.prepare_get(STRAY).ok()?;
            let asked = self.peer.pace.send(&self.peer.transport, &stray, &Repeat::PROBE);
            match self.cancellation.unless_cancelled(asked).await {
                Ok(Ok(exchange)) => {
                    return exchange.response.status.is_success().then(|| form(&exchange.response));
                }
                Ok(Err(_)) => {}
                Err(_) => return None,
            }
        }
        None
    }
}
