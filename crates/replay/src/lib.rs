//! Recorded answers, read by the typed clients: what a client would have sent, and what its decode makes of the answer. Nothing is sent.

mod call;

use call::{Outcome, Parameters, Unfit};
use serde_json::{Map, Value, json};
use std::sync::OnceLock;
use std::time::Duration;
use vigie::clients::{Tap, base_url, http_client};
use vigie_contract::model::Operation;
use vigie_contract::schema::Schema;
use vigie_exchange::Response;
use vigie_judge::{Decoded, Typed};
use vigie_scenario::{Body, Bound, Content};

/// One HTTP client for all replays: it never sends anything.
static HTTP: OnceLock<reqwest::Client> = OnceLock::new();

/// Typed replays need a base URL, and never call it.
const NOWHERE: &str = "http://127.0.0.1";

include!(concat!(env!("OUT_DIR"), "/replay.rs"));

/// Has the generated client of a contract read an answer; `None` where a contract has no client.
///
/// A body that no builder makes is a defect of the client where the provider took it; one that it refused was meant to be
/// bad, and then its answer is read all the same.
pub async fn replay(contract: &str, operation: &Operation, bound: &Bound, response: &Response) -> Option<Typed> {
    if !CLIENTS.contains(&contract) {
        return None;
    }
    let http = match http() {
        Ok(http) => http,
        Err(reason) => return Some(Typed { request: None, decoded: Decoded::Unfit(reason) }),
    };
    let (parameters, mut complete) = complete(bound, operation);
    let tap = Tap::replaying(response.clone());
    let body = bound.body.as_ref().and_then(Body::value);
    let bytes = bound.body.as_ref().filter(|_| body.is_none()).map(|body| body.encode().1.into());
    let parameters = |body_is_made_up| Parameters {
        values: parameters.clone(),
        body: body.clone(),
        bytes: bytes.clone(),
        body_is_made_up,
    };
    let by_hand = is_by_hand(operation, bound);
    complete &= !by_hand;
    let call = async |http, body_is_made_up| {
        replay_operation(contract, http, tap.clone(), &operation.id, &parameters(body_is_made_up)).await
    };
    let mut outcome = call(http.clone(), by_hand).await;
    if matches!(outcome, Err(Unfit::Body)) && refuses(operation, response) {
        complete = false;
        outcome = call(http, true).await;
    }
    let request = tap.exchange().filter(|_| complete).map(|exchange| exchange.request);
    Some(Typed { request, decoded: decoded(outcome) })
}

/// Whether a case spells out a body that clients make of values: they would never spell it so.
fn is_by_hand(operation: &Operation, bound: &Bound) -> bool {
    let is_text = bound.body.as_ref().is_some_and(|body| matches!(body.content, Content::Text(_)));
    is_text && operation.body.as_ref().is_some_and(|body| body.content.contains_key("application/json"))
}

/// Whether the provider refused the request: a query is refused under status 200 too.
fn refuses(operation: &Operation, response: &Response) -> bool {
    let has_errors = || response.body.json_or_null().get("errors").is_some();
    let status = response.status;
    status.is_client_error() || status.is_server_error() || (operation.graphql.is_some() && has_errors())
}

fn http() -> Result<reqwest::Client, String> {
    if let Some(client) = HTTP.get() {
        return Ok(client.clone());
    }
    let client =
        base_url(NOWHERE).and_then(|url| http_client(&url, Duration::ZERO)).map_err(|error| error.to_string())?;
    Ok(HTTP.get_or_init(|| client).clone())
}

fn decoded(outcome: Result<Outcome, Unfit>) -> Decoded {
    match outcome {
        Ok(Outcome::Answer(value) | Outcome::Error(value)) => Decoded::Value(value),
        Ok(Outcome::Refused(reason)) => Decoded::Refused(reason),
        Err(unfit) => Decoded::Unfit(unfit.into_reason()),
    }
}

/// A builder refuses to build without its required parameters: to read an answer all the same, they are made up.
fn complete(bound: &Bound, operation: &Operation) -> (Map<String, Value>, bool) {
    let mut parameters = bound.parameters.clone();
    let mut complete = true;
    for parameter in operation.parameters.iter().filter(|parameter| parameter.required) {
        if !parameters.contains_key(&parameter.name) {
            complete = false;
            let made_up = match Schema::whole(&parameter.schema).only_type() {
                Some("integer") => json!(1),
                Some("array") => json!(["x"]),
                _ => json!("x"),
            };
            parameters.insert(parameter.name.clone(), made_up);
        }
    }
    (parameters, complete)
}
