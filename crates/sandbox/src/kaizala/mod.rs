//! The sandbox of Kaizala: its token service and its endpoint, as two hosts that know each other.
//!
//! It remembers what was done, in sessions that know nothing of each other; each begins from the same seed, on a clock
//! that stands still, so that the same calls have the same answers. Nothing in it grows without bound.

mod actions;
mod bodies;
mod callbacks;
mod clock;
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

use crate::{Host, Options, Sandbox, SandboxError, Sessions};
use axum::extract::Request;
use axum::response::Response;
use futures::future::BoxFuture;
use reply::response;
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
        let sessions = Arc::new(Sessions::new(move || Session::new(&endpoint, limited)));
        let service = TokenService { sessions: Arc::clone(&sessions) };
        vec![Arc::new(service), Arc::new(Endpoint { sessions, base_url })]
    }))
}

/// The token service.
struct TokenService {
    sessions: Arc<Sessions<Session>>,
}

/// What the token service names.
struct Endpoint {
    sessions: Arc<Sessions<Session>>,
    base_url: String,
}

impl Host for TokenService {
    fn answer(&self, request: Request) -> BoxFuture<'_, Response> {
        Box::pin(async move {
            let call = reply::read(request).await;
            let session = call.and_then(|call| Ok((self.sessions.of(&call.headers)?, call)));
            match session {
                Ok((session, call)) => service::answer(&mut session.lock(), &call),
                Err(refusal) => response(Err(refusal)),
            }
        })
    }
}

impl Host for Endpoint {
    fn answer(&self, request: Request) -> BoxFuture<'_, Response> {
        Box::pin(async move {
            match reply::read(request).await {
                Ok(call) => endpoint::answer(&self.sessions, &self.base_url, &call).await,
                Err(refusal) => response(Err(refusal)),
            }
        })
    }
}
