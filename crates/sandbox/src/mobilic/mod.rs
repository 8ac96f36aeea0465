//! The double of Mobilic: GraphQL, the code flow and the REST routes over worlds that remember what was done.
//!
//! It reads the contract's own schemas, so it answers whatever query they allow. Nothing is drawn at random: the clock
//! stands still, ids count up, and tokens are derived from what they stand for.

pub mod dialect;
mod graphql;
mod oauth;
mod read;
mod reply;
mod rest;
mod world;
mod write;

pub use rest::certification_key;
pub use world::seed;
pub use world::seed::{OTHER_CLIENT, WORKER, api_key, client_secret, known_session};

use crate::{Host, SERVER, Sandbox, Worlds};
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderValue, Method, header};
use axum::response::Response;
use futures::future::BoxFuture;
use graphql::{Endpoint, Incoming};
use std::sync::{Arc, Mutex, PoisonError};
use world::{Door, World};

/// Bytes of a body, at most.
const LARGEST: usize = 10 * 1024 * 1024;

/// What `/unexposed` is played with; it is no part of the contract.
const UNEXPOSED: &str = include_str!("unexposed.graphql");

/// The double, with the contract's two schemas.
///
/// # Panics
/// Where a schema is not valid.
#[must_use]
pub fn sandbox(schema: &str, protected: &str) -> Sandbox {
    Sandbox::new(House {
        graphql: Endpoint::new(schema, true),
        protected: Endpoint::new(protected, false),
        unexposed: Endpoint::new(UNEXPOSED, false),
        worlds: Worlds::new(|| Arc::new(Mutex::new(World::seeded()))),
    })
}

/// The endpoints, and the worlds that they speak of.
struct House {
    graphql: Endpoint,
    protected: Endpoint,
    unexposed: Endpoint,
    worlds: Worlds<Mutex<World>>,
}

impl Host for House {
    fn answer(&self, request: Request) -> BoxFuture<'_, Response> {
        Box::pin(async move {
            let (head, body) = request.into_parts();
            let Ok(body) = to_bytes(body, LARGEST).await else {
                return reply::error(
                    413,
                    "REQUEST_ENTITY_TOO_LARGE",
                    "The data value transmitted exceeds the capacity limit.",
                );
            };
            let query: Vec<_> =
                form_urlencoded::parse(head.uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
            let incoming = Incoming { method: &head.method, headers: &head.headers, query: &query, body: &body };
            match self.worlds.of(&head.headers) {
                Ok(world) => {
                    // A panic in another request leaves a world that can still be asked.
                    let mut world = world.lock().unwrap_or_else(PoisonError::into_inner);
                    self.route(head.uri.path(), &incoming, &mut world)
                }
                Err(refused) => reply::error(400, "BAD_REQUEST", &refused.to_string()),
            }
        })
    }
}

impl House {
    fn route(&self, path: &str, incoming: &Incoming<'_>, world: &mut World) -> Response {
        if *incoming.method == Method::OPTIONS {
            return preflight(incoming);
        }
        let door = Door::new(incoming.headers);
        // The web host has the same behind a prefix.
        let path = path.strip_prefix("/api").unwrap_or(path);
        let endpoint = match path {
            "/graphql" => Some(&self.graphql),
            "/protected" => Some(&self.protected),
            "/unexposed" => Some(&self.unexposed),
            _ => None,
        };
        match (endpoint, path) {
            (Some(_), _) if *incoming.method == Method::PATCH => {
                reply::not_allowed("DELETE, GET, HEAD, OPTIONS, POST, PUT")
            }
            (Some(endpoint), _) => endpoint.answer(incoming, &door, world),
            (None, "/oauth/parse_authorization_request") if *incoming.method == Method::POST => {
                oauth::parse(incoming, world)
            }
            (None, "/oauth/authorize") if *incoming.method == Method::GET => oauth::authorize(incoming, &door, world),
            (None, "/oauth/token") if *incoming.method == Method::POST => oauth::token(incoming, world),
            (None, "/mails") if *incoming.method == Method::GET => oauth::mails(world),
            (None, "/oauth/authorize") => reply::not_allowed("GET, HEAD, OPTIONS"),
            (None, "/oauth/parse_authorization_request" | "/oauth/token") => reply::not_allowed("OPTIONS, POST"),
            (None, path) => rest::answer(path, incoming, &door, world).unwrap_or_else(reply::not_found),
        }
    }
}

/// A browser's question before a call from another origin.
fn preflight(incoming: &Incoming<'_>) -> Response {
    let mut response = Response::new(Body::empty());
    let headers = response.headers_mut();
    let echo = |name| incoming.headers.get(name).cloned();
    let origin = echo(header::ORIGIN).unwrap_or(HeaderValue::from_static("*"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    if let Some(wanted) = echo(header::ACCESS_CONTROL_REQUEST_HEADERS) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, wanted);
    }
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST, OPTIONS"));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::SERVER, HeaderValue::from_static(SERVER));
    response
}
