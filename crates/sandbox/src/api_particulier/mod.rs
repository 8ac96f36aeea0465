//! The sandbox of API Particulier: its gate and its official sandbox.
//!
//! Everything is prepared when it is made: routes, rules, stored answers and error bodies. A request only looks things
//! up, so memory stays flat whatever the traffic.

pub mod dialect;
pub mod france_connect;
mod gate;
mod identity;
mod mask;
mod operation;
mod params;
mod refusal;
mod reply;
mod routes;
mod rule;
mod side;
mod store;
mod tokens;
mod twin;

pub use tokens::{
    BLACKLISTED, EXHAUSTED, EXPIRED, FRANCE_CONNECT_ANONYMOUS, FRANCE_CONNECT_EXPIRED, FRANCE_CONNECT_MALFORMED,
    NO_SCOPES, SCOPES_PREFIX, TOKEN, TWIN, token,
};

use crate::{Host, Options, Sandbox, SandboxError};
use axum::extract::Request;
use axum::response::Response;
use futures::future::BoxFuture;
use routes::Routes;
use vigie_contract::model::Contract;
use vigie_scenario::Corpus;

/// Prepares the operations of `contracts`, with the text of `scopes.yml`, the stored cases and the identities.
pub fn sandbox(
    contracts: &[Contract],
    scopes: &str,
    corpus: &Corpus,
    options: &Options,
) -> Result<Sandbox, SandboxError> {
    Ok(Sandbox::new(Routes::new(contracts, scopes, corpus, options)?).with_quota(options.quota))
}

impl Host for Routes {
    fn answer(&self, request: Request) -> BoxFuture<'_, Response> {
        let (head, _) = request.into_parts();
        Box::pin(async move { Routes::answer(self, &head).await })
    }
}
