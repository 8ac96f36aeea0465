//! What cases of Kaizala say beyond the common form: whose tokens they send.

use super::{sandbox, three};
use crate::clients::Credentials;
use crate::scenario::{Dialect, Identity, Refusal};

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
pub(super) fn refresh_token(name: &str) -> String {
    let name = match name {
        "wrong-connector" | "wrong-secret" | "no-secret" => "tenant",
        name => name.strip_suffix("-token").unwrap_or(name),
    };
    format!("sandbox-refresh-{name}")
}

/// The access token that a credential stands for.
pub(super) fn access_token(name: &str) -> String {
    format!("sandbox-access-{}", name.strip_suffix("-token").unwrap_or(name))
}

/// The headers of the token service that a credential stands for.
pub(super) fn headers(name: &str) -> Option<Credentials> {
    let token = refresh_token(name);
    match name {
        "spent" => three(sandbox::SPENT_CONNECTOR, sandbox::SECRET, &token),
        "deleted" => three(sandbox::DELETED_CONNECTOR, sandbox::SECRET, &token),
        "wrong-connector" => three("c0000000-0000-4000-8000-000000000009", sandbox::SECRET, &token),
        "wrong-secret" => three(sandbox::CONNECTOR, "wrong", &token),
        "no-secret" => {
            let id = Credentials::header("applicationId", sandbox::CONNECTOR).ok()?;
            Some(id.and(Credentials::header("refreshToken", token).ok()?))
        }
        // `other` too, which is a good token of another connector than the one that sends it.
        _ => three(sandbox::CONNECTOR, sandbox::SECRET, &token),
    }
}
