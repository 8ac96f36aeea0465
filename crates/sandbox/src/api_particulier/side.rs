//! What stands beside the operations: pings, introspection, and the paths that are gone.

use super::door::{api_key, preferred};
use super::faults::{Fault, Form};
use super::house::House;
use super::quota::Family;
use super::reply::{Answer, JSON, PLAIN, Reply};
use super::store::Store;
use super::tokens::Mode;
use crate::calendar::{date_of, now};
use axum::http::StatusCode;
use axum::http::request::Parts;
use bytes::Bytes;
use serde_json::{Value, json};

/// Paths that answer 410 whatever is sent.
pub(super) const RETIRED: [&str; 3] = ["/api/v2/avis-imposition", "/api/impots/svair", "/api/caf/famille"];
/// The path that answers 410 to all but stored cases.
pub(super) const GONE: &str = "/api/v2/composition-familiale";
/// Paths that answer `"pong"`.
pub(super) const PINGS: [&str; 3] = ["/api/ping", "/api/impots/ping", "/api/caf/ping"];
/// Path that tells the scopes of a token.
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
    let body = Bytes::from_static("Ce service est fermé définitivement.".as_bytes());
    Reply { status: StatusCode::GONE, media_type: PLAIN, body }
}

/// A ping that answers `"pong"`, or the stored case that the caller prefers.
pub(super) struct Ping {
    pong: Reply,
    store: Option<Store>,
}

impl Ping {
    pub(super) fn new(store: Option<Store>) -> Self {
        Self { pong: ok(&json!("pong")), store }
    }

    pub(super) fn answer(&self, head: &Parts) -> &Reply {
        match (preferred(head), &self.store) {
            (Some(name), Some(store)) => store.named(name).unwrap_or(store.absent()),
            _ => &self.pong,
        }
    }
}

/// The list of provider pings.
pub(super) fn provider_pings() -> Reply {
    let row = |name: &&str| json!({"name": name, "url": format!("/api/{name}/ping")});
    ok(&PROVIDERS.iter().map(row).collect::<Value>())
}

/// The pings of providers by path: in the sandbox all are well.
pub(super) fn provider_ping_paths() -> impl Iterator<Item = String> {
    PROVIDERS.iter().map(|name| format!("/api/{name}/ping"))
}

/// The answer of one provider's ping.
pub(super) fn provider_ping() -> Reply {
    ok(&json!({"status": "ok", "last_update": timestamp(now())}))
}

/// The ping of a provider that nobody knows.
pub(super) fn unknown_provider() -> Reply {
    Reply { status: StatusCode::NOT_FOUND, ..ok(&json!({})) }
}

/// The scopes of the token.
pub(super) fn introspect(house: &House, store: Option<&Store>, head: &Parts) -> Answer {
    let faults = |fault| house.faults.get(fault, Form::Flat);
    let query = head.uri.query().unwrap_or_default();
    let token = api_key(head, query).unwrap_or_default();
    let caller = match house.door.admit(&token, &house.scopes) {
        Ok(caller) => caller,
        Err(fault) => return faults(fault).into(),
    };
    let tally = match caller.mode {
        Mode::Exhausted => house.quotas.spent(),
        _ => house.quotas.take(caller.bucket, Family::V2),
    };
    let mut answer: Answer = match (preferred(head), store) {
        _ if tally.retry_after.is_some() => faults(Fault::Quota).into(),
        (Some(name), Some(store)) => store.named(name).unwrap_or(store.absent()).into(),
        _ => {
            let id = format!("00000000-0000-4000-8000-{:012x}", caller.bucket);
            let scopes = house.scopes.names(&caller.held);
            (&ok(&json!({"_id": id, "name": "", "scopes": scopes}))).into()
        }
    };
    answer.tally = Some(tally);
    answer
}

fn ok(body: &Value) -> Reply {
    Reply { status: StatusCode::OK, media_type: JSON, body: Bytes::from(body.to_string()) }
}

/// Seconds since 1970 as RFC 3339 has them, in UTC.
fn timestamp(seconds: u64) -> String {
    let (day, rest) = (seconds / 86_400, seconds % 86_400);
    let (year, month, day) = date_of(i64::try_from(day).unwrap_or_default());
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", rest / 3600, rest / 60 % 60, rest % 60)
}
