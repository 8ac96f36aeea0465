//! What cases of Mobilic say beyond the common form: whose token is sent.

use vigie_scenario::{Dialect, Identity, Refusal};

/// How its cases are written.
///
/// A name that is a person's is that person's token for a software, with the software's id; `-session` is a session of the
/// web front.
pub static DIALECT: Dialect = Dialect {
    credentials: &[
        "worker",
        "manager",
        "teammate",
        "former",
        "outsider",
        "worker-session",
        "manager-session",
        "teammate-session",
        "inactive-session",
        "expired-session",
        "refresh",
        "employment-token",
        "employment-token-alone",
        "employment-token-of-other-software",
        "software",
        "other-software",
        "software-wrong-key",
        "controller",
        "certifier",
        "none",
        "unknown",
        "revoked",
    ],
    twins: &[],
    defaults: &[],
    identity: Identity::NONE,
    fallback: None,
    codes: &["/errors/0/extensions/code", "/error_code", "/error"],
    refusals: &[
        ("AUTHENTICATION_ERROR", Refusal::Unclear),
        ("AUTHORIZATION_ERROR", Refusal::NoRight),
        ("INVALID_TOKEN", Refusal::Unclear),
        ("EXPIRED_TOKEN", Refusal::Expired),
    ],
    busy: &[],
    decided: &[],
};
