//! Sessions: a short token, and a refresh token that is good for one use.

use super::{Client, ERROR_CODES};
use crate::clients::codes::told;
use crate::clients::{ConnectError, Credentials, Error};
use http::StatusCode;
use secrecy::SecretString;

/// The tokens of a user who has logged in: by `client.login()`, and `client.validate_totp_login()` where that asks for it.
#[derive(Debug)]
pub struct Session {
    base_url: String,
    access_token: SecretString,
    refresh_token: SecretString,
    client: Client,
}

/// Why a session was not renewed. Nothing here shows a token.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// The host is no base URL, or the HTTP client could not be made.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// The refresh token is used up or unknown: log in again.
    #[error("the provider answered {status}{}", .code.as_ref().map(|code| format!(" ({code})")).unwrap_or_default())]
    Refused {
        /// The HTTP status.
        status: StatusCode,
        /// `error_code` of the answer: `AUTHENTICATION_ERROR`. One that is not documented is not repeated.
        code: Option<String>,
    },
    /// No answer. The refresh token may be used up all the same.
    #[error("no answer: {0}")]
    Connection(#[source] reqwest::Error),
    /// An answer without tokens.
    #[error("the answer holds no tokens")]
    NoTokens,
}

impl Session {
    /// A session on a host, with the tokens that a login gave.
    pub fn new(
        base_url: &str,
        access_token: impl Into<SecretString>,
        refresh_token: impl Into<SecretString>,
    ) -> Result<Self, SessionError> {
        let (access_token, refresh_token) = (access_token.into(), refresh_token.into());
        let client = Client::connect(base_url, Credentials::bearer(access_token.clone()))?;
        Ok(Self { base_url: base_url.to_owned(), access_token, refresh_token, client })
    }

    /// A client with the access token.
    #[must_use]
    pub fn client(&self) -> Client {
        self.client.tapped()
    }

    /// The access token of now.
    #[must_use]
    pub fn access_token(&self) -> &SecretString {
        &self.access_token
    }

    /// The refresh token of now: the only one that is good, once.
    #[must_use]
    pub fn refresh_token(&self) -> &SecretString {
        &self.refresh_token
    }

    /// Gets new tokens for the refresh token. Clients that were taken before keep the old access token.
    pub async fn refresh(&mut self) -> Result<(), SessionError> {
        let client = Client::connect(&self.base_url, Credentials::bearer(self.refresh_token.clone()))?;
        let result = client.token_refresh().send().await;
        let status = client.exchange().map(|exchange| exchange.response.status);
        let tokens = match (result, status) {
            (Ok(answer), _) => answer.into_inner(),
            (Err(Error::Connection(error)), _) => return Err(SessionError::Connection(error)),
            (Err(error), Some(status)) if !status.is_success() => {
                let code = error.api().map(|body| told(&body.error_code, &[ERROR_CODES]));
                return Err(SessionError::Refused { status, code });
            }
            (Err(_), _) => return Err(SessionError::NoTokens),
        };
        if tokens.access_token.is_empty() || tokens.refresh_token.is_empty() {
            return Err(SessionError::NoTokens);
        }
        *self = Self::new(&self.base_url, tokens.access_token, tokens.refresh_token)?;
        Ok(())
    }
}
