//! Who calls: headers that no log can print.

use http::{HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};

/// The credentials of a call: headers, sent with every request and shown nowhere.
#[derive(Clone, Debug, Default)]
pub struct Credentials(Vec<(HeaderName, SecretString)>);

/// Why something is no credential. The value is not shown.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum CredentialError {
    /// Not the name of a header.
    #[error("`{0}` is no name of a header")]
    Name(String),
    /// Characters that no header can carry, such as a line break.
    #[error("the value for `{0}` holds characters that no HTTP header can carry")]
    Value(String),
}

impl Credentials {
    /// None at all.
    #[must_use]
    pub fn anonymous() -> Self {
        Self::default()
    }

    /// A token for `X-Api-Key`: API Particulier v2.
    pub fn api_key(token: impl Into<SecretString>) -> Self {
        Self::of("x-api-key", token)
    }

    /// A token for `Authorization: Bearer`: API Particulier v3 and later, `FranceConnect` tokens, users of Mobilic.
    pub fn bearer(token: impl Into<SecretString>) -> Self {
        let value = format!("Bearer {}", token.into().expose_secret());
        Self(vec![(http::header::AUTHORIZATION, value.into())])
    }

    /// A header of a name in lower case.
    #[must_use]
    pub fn of(name: &'static str, value: impl Into<SecretString>) -> Self {
        Self(vec![(HeaderName::from_static(name), value.into())])
    }

    /// A header of any name.
    pub fn header(name: &str, value: impl Into<SecretString>) -> Result<Self, CredentialError> {
        let parsed = name.parse().map_err(|_| CredentialError::Name(name.to_owned()))?;
        let credentials = Self(vec![(parsed, value.into())]);
        credentials.headers().map(|_| ()).map_err(|_| CredentialError::Value(name.to_owned()))?;
        Ok(credentials)
    }

    /// These and others, for calls that take several. A header that both have is that of the others.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.0.retain(|(name, _)| !other.0.iter().any(|(own, _)| own == name));
        self.0.extend(other.0);
        self
    }

    /// Names and values, marked as sensitive. An error for a token that no header can hold.
    pub fn headers(&self) -> Result<Vec<(HeaderName, HeaderValue)>, http::header::InvalidHeaderValue> {
        let header = |(name, value): &(HeaderName, SecretString)| {
            let mut value = HeaderValue::from_str(value.expose_secret())?;
            value.set_sensitive(true);
            Ok((name.clone(), value))
        };
        self.0.iter().map(header).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{CredentialError, Credentials};

    fn headers(credentials: &Credentials) -> Vec<(String, String)> {
        let headers = credentials.headers().expect("they are header values");
        let text = |value: &http::HeaderValue| value.to_str().expect("it is ASCII").to_owned();
        headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect()
    }

    #[test]
    fn no_debug_output_shows_a_token() {
        let credentials = Credentials::bearer("s3cret-token").and(Credentials::api_key("s3cret-key"));
        let headers = credentials.headers().expect("they are header values");
        assert!(!format!("{credentials:?} {headers:?}").contains("s3cret"));
    }

    #[test]
    fn a_token_with_a_line_break_is_refused() {
        assert!(Credentials::api_key("a\nb").headers().is_err());
        let refused = Credentials::header("X-Client-Id", "s3cret\n").expect_err("a line break");
        assert_eq!(refused, CredentialError::Value("X-Client-Id".to_owned()));
        assert!(!refused.to_string().contains("s3cret"));
        assert!(matches!(Credentials::header("no name", "x"), Err(CredentialError::Name(_))));
    }

    #[test]
    fn the_last_value_of_a_header_counts() {
        let both = Credentials::api_key("old").and(Credentials::bearer("t")).and(Credentials::api_key("new"));
        let expected = [("authorization", "Bearer t"), ("x-api-key", "new")];
        assert_eq!(headers(&both), expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
        assert_eq!(headers(&Credentials::anonymous()), []);
    }
}
