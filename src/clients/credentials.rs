//! Who calls: tokens that no log can print.

use secrecy::{ExposeSecret, SecretString};

/// The credentials of a call.
#[derive(Clone, Debug, Default)]
pub enum Credentials {
    /// None at all.
    #[default]
    Anonymous,
    /// `X-Api-Key`: API Particulier v2.
    ApiKey(SecretString),
    /// `Authorization: Bearer`: API Particulier v3 and later, and `FranceConnect` tokens in every version.
    Bearer(SecretString),
}

impl Credentials {
    /// A token for `X-Api-Key`.
    pub fn api_key(token: impl Into<String>) -> Self {
        Self::ApiKey(token.into().into())
    }

    /// A token for `Authorization: Bearer`.
    pub fn bearer(token: impl Into<String>) -> Self {
        Self::Bearer(token.into().into())
    }

    /// Header name and value, marked as sensitive. `None` for anonymous calls, an error for a token that no header can hold.
    pub(crate) fn header(
        &self,
    ) -> Result<Option<(http::HeaderName, http::HeaderValue)>, http::header::InvalidHeaderValue> {
        let (name, value) = match self {
            Self::Anonymous => return Ok(None),
            Self::ApiKey(token) => (http::HeaderName::from_static("x-api-key"), token.expose_secret().to_owned()),
            Self::Bearer(token) => (http::header::AUTHORIZATION, format!("Bearer {}", token.expose_secret())),
        };
        let mut value = http::HeaderValue::from_str(&value)?;
        value.set_sensitive(true);
        Ok(Some((name, value)))
    }
}

#[cfg(test)]
mod tests {
    use super::Credentials;

    #[test]
    fn no_debug_output_shows_a_token() {
        let credentials = Credentials::bearer("s3cret-token");
        let header = credentials.header().expect("it is a header value");
        assert!(!format!("{credentials:?} {header:?}").contains("s3cret"));
    }

    #[test]
    fn a_token_with_a_line_break_is_refused() {
        assert!(Credentials::api_key("a\nb").header().is_err());
    }
}
