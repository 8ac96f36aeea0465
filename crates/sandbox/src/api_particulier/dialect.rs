//! What cases of API Particulier say beyond the common form: tokens, FranceConnect identities, the recipient.

use super::france_connect::compared;
use vigie_scenario::{Dialect, Identity, Published, Refusal};

/// How its cases are written.
pub static DIALECT: Dialect = Dialect {
    credentials: &[
        "token",
        "none",
        "unknown",
        "expired",
        "blacklisted",
        "no-scopes",
        "exhausted",
        "twin",
        FRANCE_CONNECT,
        "france-connect-malformed",
        "france-connect-expired",
        "france-connect-anonymous",
        "france-connect-no-scopes",
        "france-connect-exhausted",
        "france-connect-twin",
    ],
    twins: &["twin", "france-connect-twin"],
    // The SIRET that stands for the caller's administration unless a case names another one.
    defaults: &[("recipient", "13002526500013")],
    identity: Identity {
        name: "FranceConnect",
        published: Some(Published { folder: "france_connect", claims: "token_introspection" }),
        credentials: FRANCE_CONNECT,
        compared,
    },
    fallback: Some("404"),
    codes: &["/errors/0/code", "/error"],
    refusals: &[
        ("00100", Refusal::NoRight),
        ("00101", Refusal::Unknown),
        ("00103", Refusal::Expired),
        ("00105", Refusal::Revoked),
        ("00106", Refusal::Unknown),
        ("00107", Refusal::Address),
        ("access_denied", Refusal::Unclear),
    ],
    busy: &["00015"],
    // v2, then v3 and later.
    decided: &[("/api/", &[400, 401]), ("/", &[401, 422])],
};

/// The credential of a FranceConnect token for the identity in `params`.
pub const FRANCE_CONNECT: &str = "france-connect";
