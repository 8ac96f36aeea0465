//! The double of API Particulier: its door and its official sandbox.
//!
//! Everything is prepared when it is made: routes, rules, stored answers and error bodies. A request only looks things
//! up, so memory stays flat whatever the traffic.

pub mod dialect;
mod door;
mod faults;
pub mod france_connect;
mod house;
mod identity;
mod mask;
mod params;
mod query;
mod quota;
mod reply;
mod room;
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
use house::House;
use vigie_contract::model::Contract;
use vigie_scenario::Corpus;

/// Prepares the operations of `contracts`, with the text of `scopes.yml`, the stored cases and the identities.
pub fn sandbox(
    contracts: &[Contract],
    scopes: &str,
    corpus: &Corpus,
    options: &Options,
) -> Result<Sandbox, SandboxError> {
    Ok(Sandbox::new(House::new(contracts, scopes, corpus, options)?).with_quota(options.quota))
}

impl Host for House {
    fn answer(&self, request: Request) -> BoxFuture<'_, Response> {
        let (head, _) = request.into_parts();
        Box::pin(async move { House::answer(self, &head).await })
    }
}
