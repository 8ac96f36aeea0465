//! Typed clients, generated at compile time from the contracts in `specs/`.
//!
//! ```no_run
#![cfg_attr(feature = "api-particulier-v3", doc = "use vigie::clients::{Credentials, api_particulier::v3};")]
#![cfg_attr(not(feature = "api-particulier-v3"), doc = "# // needs the feature `api-particulier-v3`")]
#![cfg_attr(
    feature = "api-particulier-v3",
    doc = "
# async fn example() -> Result<(), Box<dyn std::error::Error>> {
let api = v3::Client::connect(v3::STAGING, Credentials::bearer(std::env::var(\"API_PARTICULIER_TOKEN\")?))?;
let answer = api.v3_mesri_statut_etudiant_with_ine().recipient(\"13002526500013\").ine(\"1234567890G\").send().await?;
for admission in answer.data.admissions.iter().flatten() {
    println!(\"{:?}\", admission.est_inscrit);
}
# Ok(())
# }"
)]
//! ```
//!
//! Each operation is a method that returns a builder; `send` returns the typed answer, or an [`Error`] that holds the
//! provider's typed error and prints no body. Values that a contract does not list are kept: unknown properties in the
//! `extra` map of their object, unknown enum values as [`Open::Other`].

mod body;
#[macro_use]
mod client;
#[allow(dead_code, reason = "a client alone may not need all of it")]
mod codes;
mod credentials;
mod error;
mod graphql;
mod open;
mod read;
pub mod tap;

#[cfg(any(feature = "api-particulier-v2", feature = "api-particulier-v3"))]
pub mod api_particulier;
#[cfg(feature = "kaizala")]
pub mod kaizala;
#[cfg(feature = "mobilic")]
pub mod mobilic;

#[allow(unused_imports, reason = "not every contract has answers that are no JSON")]
pub(crate) use body::{Bodies, whole};
pub use body::{Multipart, OptionalText};
pub use bytes::Bytes;
pub use credentials::{CredentialError, Credentials};
pub use error::{ConnectError, Error};
pub use graphql::{Coded, GraphqlAnswer, GraphqlErrors};
pub use open::Open;
pub use progenitor_client::ResponseValue;
pub use secrecy::{ExposeSecret, SecretString};
pub use tap::Tap;

use std::time::Duration;

/// Reads a base URL: a scheme, a host, perhaps a path; no password and no query, which reports would show. What may hold
/// one is not told, even if it is no URL.
pub fn base_url(text: &str) -> Result<reqwest::Url, ConnectError> {
    if text.contains(['@', '?', '#']) {
        return Err(ConnectError::Secret);
    }
    let refused = || ConnectError::BaseUrl(text.to_owned());
    let url = reqwest::Url::parse(text).map_err(|_| refused())?;
    let is_http = ["http", "https"].contains(&url.scheme()) && url.host_str().is_some();
    if is_http { Ok(url) } else { Err(refused()) }
}

/// Whether a host is this machine.
#[must_use]
pub fn is_here(url: &reqwest::Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// An HTTP client, rustls and no redirects. `timeout` bounds a whole call: it is what the provider advises.
///
/// A base URL without TLS does not load the system's certificates.
pub fn http_client(base_url: &reqwest::Url, timeout: Duration) -> Result<reqwest::Client, ConnectError> {
    http_builder(base_url, timeout).build().map_err(|error| ConnectError::Http(error.without_url()))
}

/// The same, before it is made.
pub fn http_builder(base_url: &reqwest::Url, timeout: Duration) -> reqwest::ClientBuilder {
    // An error means that the program has chosen a provider already, which is as good.
    rustls::crypto::ring::default_provider().install_default().ok();
    let builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).timeout(timeout);
    // A proxy is another machine: what is meant for this one, without TLS, must not go through it.
    let builder = if is_here(base_url) { builder.no_proxy() } else { builder };
    if base_url.scheme() == "http" { builder.tls_certs_only([]) } else { builder }
}
