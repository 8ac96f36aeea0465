//! Tokens: derived from what they stand for, so that every state has the same.

use super::time::NOW;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// How long an access token lives.
const ACCESS: i64 = 86_400;
/// How long a refresh token lives.
const REFRESH: i64 = 30 * 86_400;

/// Hexadecimal digits that stand for `subject`.
pub(crate) fn hex(subject: &str, digits: usize) -> String {
    let mut text = String::new();
    let mut round = 0;
    while text.len() < digits {
        for byte in Sha256::digest(format!("vigie/{subject}/{round}")) {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        round += 1;
    }
    text.truncate(digits);
    text
}

/// A UUID of version 4.
pub(crate) fn uuid(subject: &str) -> String {
    let hex = hex(subject, 32);
    format!("{}-{}-4{}-a{}-{}", &hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..])
}

/// What a session token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    Access,
    Refresh,
}

impl Use {
    fn name(self) -> &'static str {
        if self == Self::Access { "access" } else { "refresh" }
    }
}

/// A session token with its number, from the instant at which it was made.
pub(crate) fn session(user: i64, purpose: Use, number: usize, made: i64) -> String {
    let life = if purpose == Use::Access { ACCESS } else { REFRESH };
    let claims = json!({
        "fresh": false,
        "iat": made,
        "jti": uuid(&format!("session/{user}/{}/{number}", purpose.name())),
        "type": purpose.name(),
        "identity": {"id": user, "client_id": null},
        "nbf": made,
        "exp": made + life,
    });
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let head = format!("{}.{}", part(&json!({"typ": "JWT", "alg": "HS256"})), part(&claims));
    format!("{head}.{}", signature(&head))
}

fn signature(head: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(format!("vigie/{head}")))
}

/// Whose session a token opens, and its id; nothing where it is no token of that use, or has expired.
pub(crate) fn read_session(token: &str, purpose: Use) -> Option<(i64, String)> {
    let (head, signed) = token.rsplit_once('.')?;
    if signature(head) != signed {
        return None;
    }
    let claims = URL_SAFE_NO_PAD.decode(head.split('.').nth(1)?).ok()?;
    let claims: Value = serde_json::from_slice(&claims).ok()?;
    if claims["type"] != purpose.name() || claims["exp"].as_i64()? <= NOW {
        return None;
    }
    Some((claims["identity"]["id"].as_i64()?, claims["jti"].as_str()?.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::{NOW, Use, read_session, session, uuid};

    #[test]
    fn a_session_is_read_for_its_use_until_it_expires() {
        let token = session(7, Use::Access, 1, NOW);
        assert_eq!(read_session(&token, Use::Access).map(|(user, _)| user), Some(7));
        assert_eq!(read_session(&token, Use::Refresh), None);
        assert_eq!(read_session(&session(7, Use::Access, 1, NOW - 90_000), Use::Access), None);
        assert_eq!(read_session(&token.replace('.', "x"), Use::Access), None);
    }

    #[test]
    fn a_uuid_has_its_version() {
        let uuid = uuid("someone");
        assert_eq!((uuid.len(), &uuid[14..15], &uuid[19..20]), (36, "4", "a"));
    }
}
