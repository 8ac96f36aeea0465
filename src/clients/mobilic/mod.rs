//! Client of Mobilic: GraphQL operations and REST routes are methods of one [`Client`].
//!
//! ```no_run
//! use vigie::clients::GraphqlAnswer;
//! use vigie::clients::mobilic::{self, Client};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let token = std::env::var("MOBILIC_TOKEN")?;
//! let client = Client::connect(mobilic::SANDBOX, mobilic::user(token, 123_456_789))?;
//! let answer = client
//!     .create_mission()
//!     .body_map(|mission| mission.company_id(4001).name("Rennes"))
//!     .send()
//!     .await?;
//! if answer.code() == Some("AUTHORIZATION_ERROR") {
//!     println!("not your company");
//! }
//! println!("{:?}", answer.whole()?.data);
//! # Ok(())
//! # }
//! ```
//!
//! Whatever fails while an operation is executed comes under HTTP 200: see [`GraphqlAnswer`](super::GraphqlAnswer). Documents
//! that cannot be executed, and all REST errors, are [`Error`](super::Error)s.
//!
//! There are three kinds of token: [`user`], [`employment`], and [`software`] for the operations below `/protected`. A user
//! token is made by hand on the web, or by [`OAuth`]; a [`Session`] has a token of its own kind, which is renewed.

mod oauth;
mod session;

generated_client!("mobilic");

pub use oauth::{OAuth, OAuthError};
pub use session::{Session, SessionError};

use super::{Coded, Credentials};
use secrecy::SecretString;
use std::time::Duration;

/// API host of production.
pub const PRODUCTION: &str = "https://api.mobilic.beta.gouv.fr";
/// API host of the sandbox.
pub const SANDBOX: &str = "https://api.sandbox.mobilic.beta.gouv.fr";
/// Web host of production, where users agree; its API is below `/api`.
pub const WEB_PRODUCTION: &str = "https://mobilic.beta.gouv.fr";
/// Web host of the sandbox, where users agree; its API is below `/api`.
pub const WEB_SANDBOX: &str = "https://sandbox.mobilic.beta.gouv.fr";

/// No time is documented; exports of files are made while the caller waits.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(30);

/// A user's own token, made by hand or by [`OAuth`]: everything the user may do, in every company.
pub fn user(token: impl Into<SecretString>, client_id: u64) -> Credentials {
    Credentials::bearer(token).and(software_number(client_id))
}

/// The token of one employee in one company.
pub fn employment(token: impl Into<SecretString>, client_id: u64) -> Credentials {
    Credentials::of("x-employment-token", token).and(software_number(client_id))
}

/// The key of a software, with its prefix: for the operations below `/protected`.
pub fn software(api_key: impl Into<SecretString>, client_id: u64) -> Credentials {
    Credentials::api_key(api_key).and(software_number(client_id))
}

fn software_number(client_id: u64) -> Credentials {
    Credentials::of("x-client-id", client_id.to_string())
}

impl Coded for types::GraphqlError {
    fn code(&self) -> Option<&str> {
        self.extensions.as_ref().map(|extensions| extensions.code.as_str())
    }
}
