//! Client of Kaizala's connector API, which ended on 2023-08-31: the contract and its double are what is left.
//!
//! A connector exchanges a refresh token, which its user made by hand on the portal, for an access token and the endpoint
//! to call with it. [`Session`] does that, renews the access token, follows the endpoint when it moves, and tells when the
//! provider asks to wait:
//!
//! ```no_run
//! use vigie::clients::kaizala::{CallError, Connector, Session, TOKEN_SERVICE};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let connector = Connector::new("connector-id", std::env::var("KAIZALA_SECRET")?);
//! let mut session = Session::open(TOKEN_SERVICE, connector, std::env::var("KAIZALA_REFRESH_TOKEN")?).await?;
//! match session.call(|client| async move { client.list_groups().send().await }).await {
//!     Ok(answer) => println!("{} groups", answer.groups.iter().flatten().count()),
//!     Err(CallError::Throttled { seconds }) => println!("wait {seconds:?} s"),
//!     Err(error) => return Err(error.into()),
//! }
//! if let Some(token) = session.rotated() {
//!     // Store it: the refresh token of before is of no use any more.
//!     # drop(token);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! The operations live on several hosts, and a client has one base URL. So a client of the token service
//! (`{TOKEN_SERVICE}/v1`), of an endpoint (`{endpointUrl}/v1`) and of [`OAUTH`] are values of one type [`Client`], and which
//! operations each of them has is told by the `servers` of the contract.

mod endpoint;
mod session;

generated_client!("kaizala");

pub use session::{CallError, Connector, Session, SessionError};

use std::time::Duration;

/// Where access tokens come from, and PINs.
pub const TOKEN_SERVICE: &str = "https://api.kaiza.la";
/// Where users signed in by browser.
pub const OAUTH: &str = "https://ds.kaiza.la/api";

/// Codes of its errors.
pub const ERROR_CODES: &[&str] = &["InvalidParameters", "InvalidToken", "Unauthenticated"];

/// What the provider advised.
pub const TIMEOUT: Duration = Duration::from_secs(60);
