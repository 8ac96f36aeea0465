//! The GraphQL endpoints: `/graphql`, `/protected` and what flows need of `/unexposed`, in the dialect of the real server.

mod answer;
mod call;
mod coerce;
mod dialect;
mod execute;
mod literal;
mod problem;
mod request;

pub(super) use answer::{Answer, Args, Node, Resolved, done, leaf, maybe, nodes, null, record};
pub(super) use call::Call;

use super::reply;
use super::state::{Credentials, State};
use crate::gate::Incoming;
use crate::reply::with;
use apollo_compiler::Schema;
use apollo_compiler::validation::Valid;
use axum::http::{Method, header};
use axum::response::Response;
use execute::execute;
use request::{Unreadable, read};

/// An endpoint: its schema, and whether it takes lists of operations.
pub(super) struct Endpoint {
    schema: Valid<Schema>,
    batches: bool,
}

/// What one operation comes to.
struct Outcome {
    status: u16,
    body: String,
    cookies: Vec<String>,
}

impl Endpoint {
    /// An endpoint that speaks a schema; its introspection is that of 2016.
    ///
    /// # Panics
    /// Where the text is no schema: it is one of ours.
    pub(super) fn new(text: &str, batches: bool) -> Self {
        let schema = Schema::parse_and_validate(text, "schema.graphql")
            .unwrap_or_else(|error| panic!("a schema of the sandbox is invalid: {}", error.errors));
        Self { schema: dialect::of_2016(schema), batches }
    }

    /// Answers a request.
    pub(super) fn answer(&self, incoming: &Incoming, credentials: &Credentials, state: &mut State) -> Response {
        let refuse = |status: u16, message: &str| reply::text(status, &problem::refusal(message));
        if incoming.method != Method::GET && incoming.method != Method::POST {
            let response = refuse(405, "GraphQL only supports GET and POST requests.");
            return with(response, header::ALLOW, "GET, POST");
        }
        let (requests, is_batch) = match read(incoming, self.batches) {
            Ok(read) => read,
            Err(Unreadable(message)) => return refuse(400, &message),
        };
        let reads_only = incoming.method == Method::GET;
        let mut outcomes: Vec<Outcome> =
            requests.iter().map(|request| execute(&self.schema, request, reads_only, credentials, state)).collect();
        let status = outcomes.iter().map(|outcome| outcome.status).max().unwrap_or(200);
        let cookies: Vec<String> =
            outcomes.iter_mut().flat_map(|outcome| std::mem::take(&mut outcome.cookies)).collect();
        let bodies: Vec<String> = outcomes.into_iter().map(|outcome| outcome.body).collect();
        let body = if is_batch { format!("[{}]", bodies.join(",")) } else { bodies.concat() };
        let pretty = incoming.query.get("pretty") == Some("1");
        let mut response = reply::text(status, &if pretty { problem::indented(&body) } else { body });
        if status == 405 {
            response = with(response, header::ALLOW, "POST");
        }
        cookies.iter().fold(response, |response, cookie| with(response, header::SET_COOKIE, cookie))
    }
}
