//! Clients of API Particulier: `v2`, and `v3`, whose document also holds the v4 operations.
//!
//! Hosts, quotas and error forms are described in `docs/api-particulier.md`.

use std::time::Duration;

/// Production host of every version.
pub const PRODUCTION: &str = "https://particulier.api.gouv.fr";
/// The public sandbox, which the provider calls staging.
pub const STAGING: &str = "https://staging.particulier.api.gouv.fr";

/// The provider waits 10 s for its own sources; 5 s is what its documentation recommends to callers.
pub const TIMEOUT: Duration = Duration::from_secs(5);

/// API Particulier v2: token in `X-Api-Key`.
#[cfg(feature = "api-particulier-v2")]
#[allow(missing_docs, unreachable_pub, unused_imports, clippy::pedantic, rustdoc::all, reason = "generated code")]
pub mod v2 {
    pub use super::{PRODUCTION, STAGING};

    client!("api_particulier_v2", super::TIMEOUT);
}

/// API Particulier v3 to v5: token as `Authorization: Bearer`.
#[cfg(feature = "api-particulier-v3")]
#[allow(missing_docs, unreachable_pub, unused_imports, clippy::pedantic, rustdoc::all, reason = "generated code")]
pub mod v3 {
    pub use super::{PRODUCTION, STAGING};

    client!("api_particulier_v3", super::TIMEOUT);
}
