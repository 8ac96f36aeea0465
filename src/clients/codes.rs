//! Codes of errors, as far as they are known. A server may say anything in the place of a code, even the secret that it was sent: what
//! nobody documents is not repeated.

/// Codes of OAuth 2.0: RFC 6749, sections 4.1.2.1 and 5.2, and RFC 6750, section 3.1.
pub(crate) const OAUTH: &[&str] = &[
    "access_denied",
    "insufficient_scope",
    "invalid_client",
    "invalid_grant",
    "invalid_request",
    "invalid_scope",
    "invalid_token",
    "server_error",
    "temporarily_unavailable",
    "unauthorized_client",
    "unsupported_grant_type",
    "unsupported_response_type",
];

/// A code that one of the lists has; of another one its length.
pub(crate) fn told(code: &str, known: &[&[&str]]) -> String {
    if known.iter().any(|list| list.contains(&code)) {
        return code.to_owned();
    }
    let length = code.chars().count();
    format!("a code that is not documented, of {length} character{}", if length == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::{OAUTH, told};

    #[test]
    fn only_known_codes_are_repeated() {
        assert_eq!(told("invalid_grant", &[OAUTH, &["InvalidToken"]]), "invalid_grant");
        assert_eq!(told("InvalidToken", &[OAUTH, &["InvalidToken"]]), "InvalidToken");
        assert_eq!(told("s3cret", &[OAUTH]), "a code that is not documented, of 6 characters");
        assert_eq!(told("é", &[OAUTH]), "a code that is not documented, of 1 character");
    }
}
