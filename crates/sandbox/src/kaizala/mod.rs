//! The sandbox of Kaizala: its token service and its endpoint, as two hosts that know each other.
//!
//! It remembers what it is told, in sessions that know nothing of each other; each begins from the same seed, on a clock
//! that stands still, so that the same calls have the same answers. Nothing in it grows without bound.

mod actions;
mod bodies;
mod clock;
mod courier;
pub mod dialect;
mod endpoint;
mod events;
mod groups;
mod hooks;
mod media;
mod members;
mod people;
mod posts;
mod questions;
mod reactions;
mod refusal;
mod relaxed;
mod reply;
mod responses;
mod seed;
mod service;
mod session;
mod state;
mod subscribers;
mod tokens;

pub use clock::NOW;
pub use events::TWICE;
pub use seed::is_own;
pub use seed::{
    ACTION, CONNECTOR, DELETED_CONNECTOR, FAR_GROUP, GROUP, MEMBER, OTHER_CONNECTOR, PACKAGE, PHONE, PIN, PUBLIC_GROUP,
    REDIRECT, SECRET, SPENT_CONNECTOR, SUB_GROUP,
};

use crate::{Host, Options, Sandbox, SandboxError, Worlds};
use axum::extract::Request;
use axum::response::Response;
use futures::future::BoxFuture;
use reply::{Call, response};
use session::Session;
use std::sync::Arc;

/// The hosts, by their roles; the second is what a token answer names.
const ROLES: &[&str] = &["token", "endpointUrl"];

/// The sandbox. With a quota of any height each connector has the provider's own, a hundred calls a minute; without one
/// calls are not counted.
pub fn sandbox(options: &Options) -> Result<Sandbox, SandboxError> {
    if options.quota == Some(0) {
        return Err(SandboxError::Quota);
    }
    let limited = options.quota.is_some();
    Ok(Sandbox::of_hosts(ROLES, move |base_urls| {
        let base_url = base_urls.last().cloned().unwrap_or_default();
        let endpoint = base_url.clone();
        let worlds = Arc::new(Worlds::new(move || Session::new(&endpoint)));
        let service = TokenService { worlds: Arc::clone(&worlds), limited };
        vec![Arc::new(service), Arc::new(Endpoint { worlds, base_url, limited })]
    }))
}

/// The token service.
struct TokenService {
    worlds: Arc<Worlds<Session>>,
    limited: bool,
}

/// What the token service names.
struct Endpoint {
    worlds: Arc<Worlds<Session>>,
    base_url: String,
    limited: bool,
}

impl Host for TokenService {
    fn answer(&self, request: Request) -> BoxFuture<'_, Response> {
        Box::pin(async move {
            let call = Call::read(request).await;
            let session = call.and_then(|call| Ok((self.worlds.of(&call.headers)?, call)));
            match session {
                Ok((session, call)) => service::answer(&mut session.lock(), &call, self.limited),
                Err(refusal) => response(Err(refusal)),
            }
        })
    }
}

impl Host for Endpoint {
    fn answer(&self, request: Request) -> BoxFuture<'_, Response> {
        Box::pin(async move {
            match Call::read(request).await {
                Ok(call) => endpoint::answer(&self.worlds, &self.base_url, &call, self.limited).await,
                Err(refusal) => response(Err(refusal)),
            }
        })
    }
}
