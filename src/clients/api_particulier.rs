//! Clients of API Particulier: `v2`, and `v3`, whose document also holds the v4 operations.
//!
//! Hosts, quotas and error forms are described in `docs/api-particulier.md`.

/// Production host of every version.
pub const PRODUCTION: &str = "https://particulier.api.gouv.fr";
/// The public sandbox, which the provider calls staging.
pub const STAGING: &str = "https://staging.particulier.api.gouv.fr";

/// One generated client: the module that progenitor wrote, the hook, and the constructors.
macro_rules! client {
    ($file:literal) => {
        include!(concat!(env!("OUT_DIR"), "/", $file, ".rs"));

        pub use super::{PRODUCTION, STAGING};

        impl progenitor_client::ClientHooks<crate::clients::Tap> for Client {
            async fn pre<E>(
                &self,
                request: &mut reqwest::Request,
                _info: &OperationInfo,
            ) -> Result<(), progenitor_client::Error<E>> {
                self.inner.prepare(request).map_err(progenitor_client::Error::Custom)
            }

            async fn exec(
                &self,
                request: reqwest::Request,
                _info: &OperationInfo,
            ) -> reqwest::Result<reqwest::Response> {
                self.inner.execute(&self.client, request).await
            }
        }

        impl Client {
            /// A client of a host: [`STAGING`], [`PRODUCTION`], or any other base URL.
            pub fn connect(
                base_url: &str,
                credentials: crate::clients::Credentials,
            ) -> Result<Self, crate::clients::ConnectError> {
                let url = crate::clients::base_url(base_url)?;
                let http = crate::clients::http_client(&url)?;
                let base_url = url.as_str().trim_end_matches('/');
                Ok(Self::new_with_client(base_url, http, crate::clients::Tap::new(credentials)))
            }

            /// The same client with a Tap of its own: make one for each call whose raw exchange you want.
            #[must_use]
            pub fn tapped(&self) -> Self {
                Self { inner: self.inner.fresh(), ..self.clone() }
            }

            /// The raw exchange of the last call of this client.
            #[must_use]
            pub fn exchange(&self) -> Option<crate::exchange::Exchange> {
                self.inner.exchange()
            }
        }
    };
}

/// API Particulier v2: token in `X-Api-Key`.
#[cfg(feature = "api-particulier-v2")]
#[allow(missing_docs, unreachable_pub, clippy::pedantic, rustdoc::all, reason = "generated code")]
pub mod v2 {
    client!("api_particulier_v2");
}

/// API Particulier v3 and v4: token as `Authorization: Bearer`.
#[cfg(feature = "api-particulier-v3")]
#[allow(missing_docs, unreachable_pub, clippy::pedantic, rustdoc::all, reason = "generated code")]
pub mod v3 {
    client!("api_particulier_v3");
}
