//! What stands beside the operations: pings, introspection, and the paths that are gone.

use super::gate::{api_key, preferred};
use super::refusal::{ErrorFormat, Refusal};
use super::reply::Answer;
use super::routes::{Family, Routes};
use crate::reply::Reply;
use crate::stored::Stored;
use axum::http::request::Parts;
use chrono::{SecondsFormat, Utc};
use serde_json::{Value, json};

/// Paths that answer 410 whatever is sent.
pub(super) const RETIRED: [&str; 3] = ["/api/v2/avis-imposition", "/api/impots/svair", "/api/caf/famille"];
/// The path that answers 410 to all but stored cases.
pub(super) const GONE: &str = "/api/v2/composition-familiale";
/// Paths that answer `"pong"`.
pub(super) const PINGS: [&str; 3] = ["/api/ping", "/api/impots/ping", "/api/caf/ping"];
/// Path that lists the scopes of a token.
pub(super) const INTROSPECT: &str = "/api/introspect";
/// Path that lists the pings of providers.
pub(super) const PROVIDER_PINGS: &str = "/api/pings";

/// The providers that have a ping, by the name in its path.
const PROVIDERS: [&str; 12] = [
    "ants",
    "cnaf",
    "cnav",
    "cnous",
    "dsnj",
    "france_connect",
    "france_travail",
    "gip_mds",
    "men",
    "mesri",
    "rncps",
    "sdh",
];

/// The answer of a path that is gone, as plain text.
pub(super) fn gone() -> Reply {
    Reply::text(410, "Ce service est fermé définitivement.")
}

/// A ping that answers `"pong"`, or the stored case that the caller prefers.
pub(super) struct Ping {
    pong: Reply,
    store: Option<Stored>,
}

impl Ping {
    pub(super) fn new(store: Option<Stored>) -> Self {
        Self { pong: Reply::json(200, &json!("pong")), store }
    }

    pub(super) fn answer(&self, head: &Parts) -> &Reply {
        match (preferred(head), &self.store) {
            (Some(name), Some(store)) => store.named(name),
            _ => &self.pong,
        }
    }
}

/// The list of provider pings.
pub(super) fn provider_pings() -> Reply {
    let row = |name: &&str| json!({"name": name, "url": format!("/api/{name}/ping")});
    Reply::json(200, &PROVIDERS.iter().map(row).collect::<Value>())
}

/// The pings of providers by path: in the sandbox all are well.
pub(super) fn provider_ping_paths() -> impl Iterator<Item = String> {
    PROVIDERS.iter().map(|name| format!("/api/{name}/ping"))
}

/// The answer of one provider's ping.
pub(super) fn provider_ping() -> Reply {
    Reply::json(200, &json!({"status": "ok", "last_update": Utc::now().to_rfc3339_opts(SecondsFormat::Secs, true)}))
}

/// The ping of a provider that nobody knows.
pub(super) fn unknown_provider() -> Reply {
    Reply::json(404, &json!({}))
}

/// The scopes of the token.
pub(super) fn introspect(routes: &Routes, store: Option<&Stored>, head: &Parts) -> Answer {
    let refusals = |refusal| routes.refusals.get(refusal, ErrorFormat::Flat);
    let query = head.uri.query().unwrap_or_default();
    let token = api_key(head, query).unwrap_or_default();
    let caller = match routes.gate.admit(&token, &routes.scopes) {
        Ok(caller) => caller,
        Err(refusal) => return refusals(refusal).into(),
    };
    let tally = routes.count(&caller, Family::V2);
    let mut answer: Answer = match (preferred(head), store) {
        _ if tally.retry_after.is_some() => refusals(Refusal::Quota).into(),
        (Some(name), Some(store)) => store.named(name).into(),
        _ => {
            let id = format!("00000000-0000-4000-8000-{:012x}", caller.bucket);
            let scopes = routes.scopes.names(&caller.granted);
            (&Reply::json(200, &json!({"_id": id, "name": "", "scopes": scopes}))).into()
        }
    };
    answer.tally = Some(tally);
    answer
}
