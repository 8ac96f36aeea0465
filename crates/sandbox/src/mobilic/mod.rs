//! The sandbox of Mobilic: GraphQL, the code flow and the REST routes over sessions that remember what was done.
//!
//! It reads the contract's own schemas, so it answers whatever query they allow. Nothing is drawn at random: the clock
//! stands still, ids count up, and tokens are derived from what they stand for.

pub mod dialect;
mod graphql;
mod oauth;
mod read;
mod reply;
mod rest;
mod state;
mod write;

pub use rest::certification_key;
pub use state::seed;
pub use state::seed::{OTHER_CLIENT, WORKER, api_key, client_secret, known_session};

use crate::gate::Incoming;
use crate::reply::{HTML, Reply};
use crate::{Host, Sandbox, Sessions};
use axum::extract::Request;
use axum::http::{HeaderValue, Method, header};
use axum::response::Response;
use futures::future::BoxFuture;
use graphql::Endpoint;
use state::{Credentials, State};
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes of a body, at most.
const LARGEST: usize = 10 * 1024 * 1024;

/// What `/unexposed` is played with; it is no part of the contract.
const UNEXPOSED: &str = include_str!("unexposed.graphql");

/// The sandbox, with the contract's two schemas.
///
/// # Panics
/// Where a schema is not valid.
#[must_use]
pub fn sandbox(schema: &str, protected: &str) -> Sandbox {
    Sandbox::new(Mobilic {
        graphql: Endpoint::new(schema, true),
        protected: Endpoint::new(protected, false),
        unexposed: Endpoint::new(UNEXPOSED, false),
        sessions: Sessions::new(|| Arc::new(Mutex::new(State::seeded()))),
    })
}

/// The endpoints, and the sessions that they speak of.
struct Mobilic {
    graphql: Endpoint,
    protected: Endpoint,
    unexposed: Endpoint,
    sessions: Sessions<Mutex<State>>,
}

impl Host for Mobilic {
    fn answer(&self, request: Request) -> BoxFuture<'_, Response> {
        Box::pin(async move {
            let Ok(incoming) = Incoming::read(request, LARGEST).await else {
                return reply::error(
                    413,
                    "REQUEST_ENTITY_TOO_LARGE",
                    "The data value transmitted exceeds the capacity limit.",
                );
            };
            match self.sessions.of(&incoming.headers) {
                Ok(session) => {
                    // A panic in another request leaves a session that can still be asked.
                    let mut state = session.lock().unwrap_or_else(PoisonError::into_inner);
                    self.route(&incoming, &mut state)
                }
                Err(refused) => reply::error(400, "BAD_REQUEST", &refused.to_string()),
            }
        })
    }
}

impl Mobilic {
    fn route(&self, incoming: &Incoming, state: &mut State) -> Response {
        if incoming.method == Method::OPTIONS {
            return preflight(incoming);
        }
        let credentials = Credentials::new(&incoming.headers);
        // The web host has the same behind a prefix.
        let path = incoming.path.strip_prefix("/api").unwrap_or(&incoming.path);
        let endpoint = match path {
            "/graphql" => Some(&self.graphql),
            "/protected" => Some(&self.protected),
            "/unexposed" => Some(&self.unexposed),
            _ => None,
        };
        match (endpoint, path) {
            (Some(_), _) if incoming.method == Method::PATCH => {
                reply::not_allowed("DELETE, GET, HEAD, OPTIONS, POST, PUT")
            }
            (Some(endpoint), _) => endpoint.answer(incoming, &credentials, state),
            (None, "/oauth/parse_authorization_request") if incoming.method == Method::POST => {
                oauth::parse(incoming, state)
            }
            (None, "/oauth/authorize") if incoming.method == Method::GET => {
                oauth::authorize(incoming, &credentials, state)
            }
            (None, "/oauth/token") if incoming.method == Method::POST => oauth::token(incoming, state),
            (None, "/mails") if incoming.method == Method::GET => oauth::mails(state),
            (None, "/oauth/authorize") => reply::not_allowed("GET, HEAD, OPTIONS"),
            (None, "/oauth/parse_authorization_request" | "/oauth/token") => reply::not_allowed("OPTIONS, POST"),
            (None, path) => rest::answer(path, incoming, &credentials, state).unwrap_or_else(reply::not_found),
        }
    }
}

/// A browser's question before a call from another origin.
fn preflight(incoming: &Incoming) -> Response {
    let mut response = Reply::new(200, HTML, "").into_response();
    let headers = response.headers_mut();
    let echo = |name| incoming.headers.get(name).cloned();
    let origin = echo(header::ORIGIN).unwrap_or(HeaderValue::from_static("*"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    if let Some(wanted) = echo(header::ACCESS_CONTROL_REQUEST_HEADERS) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, wanted);
    }
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST, OPTIONS"));
    response
}
