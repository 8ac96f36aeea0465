//! The authorization-code flow: a user agrees in a browser, and the software gets a token of theirs.

use super::{Client, ERROR_CODES};
use crate::clients::codes::{OAUTH, told};
use crate::clients::{ConnectError, Credentials, Error};
use http::StatusCode;
use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

/// A software that is registered with Mobilic.
#[derive(Debug, Clone)]
pub struct OAuth {
    /// The number of the software.
    pub client_id: u64,
    /// Its secret.
    pub client_secret: SecretString,
    /// Where the browser goes after the user has agreed: exactly as registered.
    pub redirect_uri: String,
}

/// Why there is no token. Nothing here shows a code, a token or a secret.
#[derive(Debug, thiserror::Error)]
pub enum OAuthError {
    /// A host is no base URL, or the HTTP client could not be made.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// What called back was not sent off by this program.
    #[error("the state of the callback is not the one that was sent: it answers another request")]
    State,
    /// The user, or the provider, said no: `access_denied`. A code that is not documented is not repeated.
    #[error("the authorization was refused: {0}")]
    Denied(String),
    /// The callback has neither a code nor an error.
    #[error("the callback has no code")]
    NoCode,
    /// The provider gave no token for the code: `invalid_grant`, `invalid_client`.
    #[error("the provider answered {status}{}", .code.as_ref().map(|code| format!(" ({code})")).unwrap_or_default())]
    Refused {
        /// The HTTP status.
        status: StatusCode,
        /// `error` of the OAuth form, `error_code` of the others. One that is not documented is not repeated: a server may say
        /// the secrets back that it was sent.
        code: Option<String>,
    },
    /// No answer: refused, timed out, broken off.
    #[error("no answer: {0}")]
    Connection(#[source] reqwest::Error),
    /// An answer without a token.
    #[error("the answer holds no token")]
    NoToken,
}

impl OAuth {
    /// The page to open in the user's browser. The web host is [`super::WEB_PRODUCTION`] or [`super::WEB_SANDBOX`].
    ///
    /// `state` comes back with the code: make one that nobody can guess, and give it to [`Self::code`].
    pub fn authorize_url(&self, web_host: &str, state: &str) -> Result<String, OAuthError> {
        let mut url = crate::clients::base_url(web_host)?;
        url.set_path(&format!("{}/oauth/authorize", url.path().trim_end_matches('/')));
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.client_id.to_string())
            .append_pair("redirect_uri", &self.redirect_uri)
            .append_pair("state", state);
        Ok(url.into())
    }

    /// The code in what the browser called back with: a whole URL, or its path and query.
    pub fn code(&self, callback: &str, state: &str) -> Result<SecretString, OAuthError> {
        let base = Url::parse("http://localhost").map_err(|_| OAuthError::NoCode)?;
        let url = base.join(callback).map_err(|_| OAuthError::NoCode)?;
        let find =
            |wanted: &str| url.query_pairs().find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned());
        if find("state").as_deref() != Some(state) {
            return Err(OAuthError::State);
        }
        if let Some(error) = find("error") {
            return Err(OAuthError::Denied(told(&error, &[OAUTH])));
        }
        find("code").filter(|code| !code.is_empty()).map(SecretString::from).ok_or(OAuthError::NoCode)
    }

    /// The user's token for a code, which holds a few minutes and for one use. The token holds until it is taken back.
    pub async fn exchange(&self, base_url: &str, code: &SecretString) -> Result<SecretString, OAuthError> {
        let client = Client::connect(base_url, Credentials::anonymous())?;
        let call = client.token().body_map(|body| {
            body.grant_type("authorization_code")
                .code(code.expose_secret())
                .redirect_uri(self.redirect_uri.as_str())
                .client_id(self.client_id.to_string())
                .client_secret(self.client_secret.expose_secret())
        });
        let result = call.send().await;
        let status = client.exchange().map(|exchange| exchange.response.status);
        match (result, status) {
            (Ok(answer), _) if !answer.access_token.is_empty() => Ok(answer.into_inner().access_token.into()),
            (Err(Error::Connection(error)), _) => Err(OAuthError::Connection(error)),
            (Err(error), Some(status)) if !status.is_success() => {
                Err(OAuthError::Refused { status, code: error.api().and_then(error_code) })
            }
            _ => Err(OAuthError::NoToken),
        }
    }
}

/// The code of either error form.
fn error_code(body: &Value) -> Option<String> {
    let code = body.get("error_code").or_else(|| body.get("error"))?;
    code.as_str().map(|code| told(code, &[OAUTH, ERROR_CODES]))
}
