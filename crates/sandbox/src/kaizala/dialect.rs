//! What cases of Kaizala say beyond the common form: whose tokens they send.

use vigie_scenario::{Dialect, Identity, Refusal};

/// How its cases are written. A name stands for the three headers of the token service, or for the access token that
/// they would have given.
pub static DIALECT: Dialect = Dialect {
    credentials: &[
        "tenant-token",
        "user-token",
        "group-token",
        "none",
        "unknown",
        "expired",
        "superseded",
        "day-327",
        "day-328",
        "moved",
        "moving",
        "spent",
        "deleted",
        "other",
        "wrong-connector",
        "wrong-secret",
        "no-secret",
    ],
    twins: &[],
    defaults: &[],
    identity: Identity::NONE,
    fallback: None,
    codes: &["/errorCode"],
    refusals: &[("InvalidToken", Refusal::Unclear), ("Unauthenticated", Refusal::Unclear)],
    busy: &[],
    decided: &[],
};

/// The refresh token that a credential stands for.
#[must_use]
pub fn refresh_token(name: &str) -> String {
    let name = match name {
        "wrong-connector" | "wrong-secret" | "no-secret" => "tenant",
        name => name.strip_suffix("-token").unwrap_or(name),
    };
    format!("sandbox-refresh-{name}")
}

/// The access token that a credential stands for.
#[must_use]
pub fn access_token(name: &str) -> String {
    format!("sandbox-access-{}", name.strip_suffix("-token").unwrap_or(name))
}
