//! Faults: a sandbox that misbehaves on demand, at the level of bytes where need be. No host knows of it: this is what
//! stands between the listener and the hosts, and only where faults were asked for.

mod answer;
mod body;
mod draw;
mod kind;
mod serve;
mod spec;
mod strikes;
mod wire;

pub use kind::Kind;
pub use spec::{Fault, FaultError, Faults, Often};
pub use strikes::Strikes;

pub(super) use serve::serve;

use super::Host;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use draw::Draws;
use serde_json::Value;
use vigie_contract::model::Contract;
use wire::Script;

/// Bytes of a request's body, at most.
const LARGEST: usize = 16 * 1024 * 1024;

/// The faults of a sandbox, and the contracts that say which operation a request means.
#[derive(Debug)]
pub(super) struct Trouble {
    contracts: Vec<Contract>,
    draws: Draws,
    pub(super) strikes: strikes::Counter,
}

/// What becomes of a request.
enum Outcome {
    /// An answer that HTTP has words for.
    Answer(Response),
    /// Bytes that a server would never send.
    Script(Script),
}

impl Trouble {
    pub(super) fn new(faults: &Faults, contracts: &[Contract]) -> Result<Self, FaultError> {
        let copy = |contract: &Contract| Contract::new(&contract.name, contract.document.clone());
        let draws = Draws::new(faults, contracts)?;
        Ok(Self { contracts: contracts.iter().map(copy).collect(), draws, strikes: strikes::Counter::default() })
    }

    /// Answers a request, or spoils it. Who only looks whether somebody is there (HEAD, or a path of no operation) is
    /// answered as ever.
    async fn meet(&self, host: &dyn Host, request: Request) -> Outcome {
        if request.method() == Method::HEAD {
            return Outcome::Answer(host.answer(request).await);
        }
        let (head, body) = request.into_parts();
        // What was not read to its end would reset the connection of a good answer.
        let Ok(body) = to_bytes(body, LARGEST).await else {
            return Outcome::Answer(StatusCode::PAYLOAD_TOO_LARGE.into_response());
        };
        let kind = self.operation(head.method.as_str(), head.uri.path(), &body).and_then(|id| self.draws.next(id));
        self.strikes.note(kind);
        let target = head.uri.path_and_query().map_or("/", |target| target.as_str()).to_owned();
        let answer = host.answer(Request::from_parts(head, Body::from(body)));
        let Some(kind) = kind else { return Outcome::Answer(answer.await) };
        // These never come to the sandbox: nothing is done there.
        if let Some(script) = Script::instead(kind) {
            return Outcome::Script(script);
        }
        if let Some(instead) = answer::instead(kind, &target) {
            return Outcome::Answer(instead);
        }
        let (head, body) = answer.await.into_parts();
        // The body of a sandbox is in memory already.
        let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
        match Script::spoilt(kind, &head, &body) {
            Some(script) => Outcome::Script(script),
            None => Outcome::Answer(answer::spoilt(kind, head, body)),
        }
    }

    /// The id of the operation that a request means.
    fn operation(&self, method: &str, path: &str, body: &Bytes) -> Option<&str> {
        let sent: Option<Value> = serde_json::from_slice(body).ok();
        let query = sent.as_ref().and_then(|sent| sent["query"].as_str());
        self.contracts.iter().find_map(|contract| contract.meant(method, path, query)).map(|found| found.id.as_str())
    }
}
