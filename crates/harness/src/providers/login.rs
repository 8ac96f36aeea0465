//! How a person gets a token of a provider: what is done by hand is explained, what a program can do is done.

use super::{Retired, Stage};
use crate::auth::{CallbackError, StoreError, TokenFile};
use futures::future::BoxFuture;
use http::StatusCode;
use std::io::{self, Write};
use vigie::clients::ConnectError;

/// Logs in to a provider, or says what to do by hand. What a person has to do meanwhile goes to the first writer, what came
/// of it to the second: a token only if it was asked for.
pub type Login = for<'a> fn(
    &'a Wishes,
    &'a mut (dyn Write + Send),
    &'a mut (dyn Write + Send),
) -> BoxFuture<'a, Result<(), LoginError>>;

/// What a person asks of a login.
#[derive(Debug)]
pub struct Wishes {
    /// Whose tokens: those of one of the provider's own hosts, or of another one.
    pub place: Place,
    /// Where tokens are kept. Without it nothing is stored.
    pub store: Option<TokenFile>,
    /// Whether the token is printed.
    pub print: bool,
    /// The number of the software that asks, where the provider gives numbers.
    pub client_id: Option<u64>,
    /// Where the browser comes back to, exactly as it is registered.
    pub redirect_uri: String,
    /// What the environment says, by the names of its variables.
    pub environment: fn(&str) -> Option<String>,
}

/// Where a login takes place.
#[derive(Debug)]
pub enum Place {
    /// One of the provider's own hosts.
    Stage(Stage),
    /// A base URL.
    Url(String),
}

/// Why there is no token. Nothing is stored then, and no message holds a secret.
#[derive(Debug, thiserror::Error)]
pub enum LoginError {
    /// Something that only the person has.
    #[error("{what} is missing: {mend}")]
    Missing {
        /// What.
        what: String,
        /// Where it comes from, and how to give it.
        mend: &'static str,
    },
    /// The provider is gone.
    #[error("{name} {retired}")]
    Retired {
        /// The provider.
        name: &'static str,
        /// When and why.
        retired: Retired,
    },
    /// The target is no URL.
    #[error("--target: {0}")]
    Target(#[from] ConnectError),
    /// Nobody came back from the browser.
    #[error(transparent)]
    Callback(#[from] CallbackError),
    /// The provider gave no token.
    #[error("{reason}")]
    NoToken {
        /// Why, in words of the provider's client.
        reason: Box<dyn std::error::Error + Send + Sync>,
        /// Whether it could not be asked, which says nothing about the tokens.
        outage: bool,
    },
    /// The token file.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The new token does not work.
    #[error("the new token does not work: {0}; it is not stored")]
    Useless(String),
    /// The system has no random numbers.
    #[error("the system provided no random numbers: {0}")]
    Random(String),
    /// Nobody reads what is said.
    #[error("the output could not be written: {0}")]
    Output(#[from] io::Error),
}

/// Whether a status asks a caller to come back later.
pub(super) fn asks_for_time(status: StatusCode) -> bool {
    status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS
}

impl LoginError {
    /// Whether nobody answered: that says nothing about the tokens.
    #[must_use]
    pub fn is_outage(&self) -> bool {
        matches!(self, Self::NoToken { outage: true, .. } | Self::Callback(CallbackError::Timeout(_)))
    }
}
