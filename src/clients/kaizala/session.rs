//! Access tokens: got, renewed, and used where they are good for something.

use super::{Client, ERROR_CODES, endpoint};
use crate::clients::codes::told;
use crate::clients::{ConnectError, CredentialError, Credentials, Error, ResponseValue};
use crate::exchange::Exchange;
use http::StatusCode;
use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Seconds that somebody may be asked to wait, a day. What is more is no time.
const LONGEST_WAIT: u64 = 86_400;
/// Moves that are followed for one call.
const MOST_MOVES: usize = 3;

/// A registered application: its id, and its secret.
#[derive(Debug, Clone)]
pub struct Connector {
    id: String,
    secret: SecretString,
}

impl Connector {
    /// What the portal showed when the connector was created.
    pub fn new(id: impl Into<String>, secret: impl Into<SecretString>) -> Self {
        Self { id: id.into(), secret: secret.into() }
    }
}

/// An access token and its endpoint, with what it takes to renew it.
#[derive(Debug)]
pub struct Session {
    token_service: Url,
    connector: Connector,
    refresh_token: SecretString,
    rotated: Option<SecretString>,
    endpoint: Url,
    expiry: Option<SystemTime>,
    access_token: SecretString,
    /// The access token, as it is sent.
    credentials: Credentials,
    client: Client,
}

/// Why there is no session, or no more. Nothing here shows a token or a secret.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// The HTTP client could not be made.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// An id or a token that no header can carry.
    #[error(transparent)]
    Credential(#[from] CredentialError),
    /// The token service refused, with a status and perhaps a code: `InvalidToken`.
    #[error("the token service answered {status}{}", .code.as_ref().map(|code| format!(" ({code})")).unwrap_or_default())]
    Refused {
        /// The HTTP status.
        status: StatusCode,
        /// `errorCode` of the answer. One that is not documented is not repeated: a server may say the secrets back that it was
        /// sent.
        code: Option<String>,
    },
    /// Too many calls: wait.
    #[error("the token service asks to wait{}", .seconds.map(|seconds| format!(" {seconds} s")).unwrap_or_default())]
    Throttled {
        /// `Retry-After`, where it says seconds.
        seconds: Option<u64>,
    },
    /// No answer: refused, timed out, broken off.
    #[error("the token service gave no answer: {0}")]
    Connection(#[source] reqwest::Error),
    /// The answer is no token answer.
    #[error("the answer of the token service has no valid `{0}`")]
    Incomplete(&'static str),
    /// The endpoint is no URL to call.
    #[error("the endpoint is not an `http://` or `https://` URL without a password")]
    Endpoint,
    /// The endpoint would get over plain HTTP what was sent over TLS.
    #[error("the new endpoint does not use TLS: the access token is not sent there")]
    Downgrade,
    /// The endpoint moved to where it was, or again and again.
    #[error("the endpoint redirects in a circle")]
    Circle,
}

/// Why a call in a session gave no answer. `E` is the provider's error body.
#[derive(Debug, thiserror::Error)]
pub enum CallError<E> {
    /// Too many calls: wait.
    #[error("the API asks to wait{}", .seconds.map(|seconds| format!(" {seconds} s")).unwrap_or_default())]
    Throttled {
        /// `Retry-After`, where it says seconds.
        seconds: Option<u64>,
    },
    /// The session could not be renewed, or its endpoint not be followed.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// The call itself failed.
    #[error("{0}")]
    Call(Error<E>),
}

/// What a token answer says.
struct Access {
    token: String,
    endpoint: String,
    expiry: Option<SystemTime>,
}

/// What the head of an answer asks for.
enum Notice {
    Moved(String),
    Throttled(Option<u64>),
}

impl Session {
    /// Gets an access token for a refresh token: that of a user, of a group or of a tenant.
    ///
    /// The token service is [`super::TOKEN_SERVICE`], or any other base URL.
    pub async fn open(
        token_service: &str,
        connector: Connector,
        refresh_token: impl Into<SecretString>,
    ) -> Result<Self, SessionError> {
        let mut session = Self::prepare(token_service, connector, refresh_token)?;
        session.renew().await?;
        Ok(session)
    }

    /// A session without an access token. When it fails to get one, the refresh token may have been replaced all the same.
    pub fn prepare(
        token_service: &str,
        connector: Connector,
        refresh_token: impl Into<SecretString>,
    ) -> Result<Self, SessionError> {
        let token_service = endpoint::base(token_service)?;
        let credentials = Credentials::anonymous();
        let client = Client::connect(token_service.as_str(), credentials.clone())?;
        let (endpoint, refresh_token) = (token_service.clone(), refresh_token.into());
        let (rotated, expiry) = (None, None);
        Ok(Self {
            token_service,
            connector,
            refresh_token,
            rotated,
            endpoint,
            expiry,
            access_token: SecretString::default(),
            credentials,
            client,
        })
    }

    /// Gets another access token. It may come with another endpoint, and with another refresh token: see [`Self::rotated`].
    pub async fn renew(&mut self) -> Result<(), SessionError> {
        let access = self.access().await?;
        let endpoint = endpoint::named(&access.endpoint, &self.token_service)?;
        let credentials = Credentials::header("accessToken", access.token.as_str())?;
        self.access_token = access.token.into();
        self.client = Client::connect(endpoint.as_str(), credentials.clone())?;
        (self.endpoint, self.expiry, self.credentials) = (endpoint, access.expiry, credentials);
        Ok(())
    }

    /// A client of the endpoint, with the access token. It does not renew itself, and does not follow: [`Self::call`] does.
    #[must_use]
    pub fn client(&self) -> Client {
        self.client.tapped()
    }

    /// The base URL of the calls: the endpoint, and `/v1`.
    #[must_use]
    pub fn base_url(&self) -> &str {
        self.endpoint.as_str()
    }

    /// The access token, for programs that send it themselves.
    #[must_use]
    pub fn access_token(&self) -> &SecretString {
        &self.access_token
    }

    /// Whether the access token is of no use any more. A token answer without an expiry never expires by itself.
    #[must_use]
    pub fn is_expired(&self, now: SystemTime) -> bool {
        self.expiry.is_some_and(|expiry| expiry <= now)
    }

    /// The refresh token that has taken the place of the one that the session began with, once: store it, since the
    /// session uses nothing else from then on, and neither may the next session.
    pub fn rotated(&mut self) -> Option<SecretString> {
        self.rotated.take()
    }

    /// Calls an operation: renews an access token that is expired, follows the endpoint if it moved, and sends the call
    /// once more to the new one.
    ///
    /// `call` gets a client and may be called again, which is no second call for the provider: one that has moved did
    /// nothing.
    pub async fn call<T, E, F>(&mut self, call: impl Fn(Client) -> F) -> Result<ResponseValue<T>, CallError<E>>
    where
        F: Future<Output = Result<ResponseValue<T>, Error<E>>>,
    {
        if self.is_expired(SystemTime::now()) {
            self.renew().await?;
        }
        for _ in 0..=MOST_MOVES {
            let client = self.client();
            let result = call(client.clone()).await;
            let exchange = client.exchange();
            match exchange.as_ref().and_then(notice) {
                Some(Notice::Throttled(seconds)) => return Err(CallError::Throttled { seconds }),
                Some(Notice::Moved(location)) => self.follow(exchange.as_ref(), &location)?,
                None => return result.map_err(CallError::Call),
            }
        }
        Err(SessionError::Circle.into())
    }

    fn follow(&mut self, exchange: Option<&Exchange>, location: &str) -> Result<(), SessionError> {
        let sent = exchange.map_or("", |exchange| &exchange.request.target);
        let endpoint = endpoint::moved(&self.endpoint, sent, location)?;
        self.client = Client::connect(endpoint.as_str(), self.credentials.clone())?;
        self.endpoint = endpoint;
        Ok(())
    }

    /// Takes a new refresh token. Null, empty and absent are one: the old one stays. So it does for what could not be sent.
    fn rotate(&mut self, new: Option<String>) {
        let is_good = |new: &String| !new.is_empty() && http::HeaderValue::from_str(new).is_ok();
        if let Some(new) = new.filter(is_good).filter(|new| new != self.refresh_token.expose_secret()) {
            self.refresh_token = new.clone().into();
            self.rotated = Some(new.into());
        }
    }

    async fn access(&mut self) -> Result<Access, SessionError> {
        let credentials = Credentials::header("applicationId", self.connector.id.as_str())?
            .and(Credentials::header("applicationSecret", self.connector.secret.clone())?)
            .and(Credentials::header("refreshToken", self.refresh_token.clone())?);
        for _ in 0..=MOST_MOVES {
            let client = Client::connect(self.token_service.as_str(), credentials.clone())?;
            let result = client.get_access_token().send().await;
            let exchange = client.exchange();
            match exchange.as_ref().and_then(notice) {
                Some(Notice::Throttled(seconds)) => return Err(SessionError::Throttled { seconds }),
                Some(Notice::Moved(location)) => {
                    let sent = exchange.as_ref().map_or("", |exchange| &exchange.request.target);
                    self.token_service = endpoint::moved(&self.token_service, sent, &location)?;
                    continue;
                }
                None => {}
            }
            let status = exchange.map(|exchange| exchange.response.status);
            let answer = match (result, status) {
                (Ok(answer), _) => {
                    let mut answer = answer.into_inner();
                    // First of all: whatever else is wrong with the answer, the old one is not to be used again.
                    self.rotate(answer.refresh_token.take());
                    answer
                }
                (Err(Error::Connection(error)), _) => return Err(SessionError::Connection(error)),
                (Err(error), Some(status)) if !status.is_success() => {
                    let code = error.api().and_then(|body| Some(told(body.error_code.as_deref()?, &[ERROR_CODES])));
                    return Err(SessionError::Refused { status, code });
                }
                (Err(_), _) => return Err(SessionError::Incomplete("JSON")),
            };
            return Ok(Access {
                token: answer
                    .access_token
                    .filter(|text| !text.is_empty())
                    .ok_or(SessionError::Incomplete("accessToken"))?,
                endpoint: answer
                    .endpoint_url
                    .filter(|text| !text.is_empty())
                    .ok_or(SessionError::Incomplete("endpointUrl"))?,
                expiry: answer.access_token_expiry.and_then(time),
            });
        }
        Err(SessionError::Circle)
    }
}

/// A time in milliseconds since 1970.
fn time(milliseconds: i64) -> Option<SystemTime> {
    UNIX_EPOCH.checked_add(Duration::from_millis(milliseconds.try_into().ok()?))
}

fn notice(exchange: &Exchange) -> Option<Notice> {
    let response = &exchange.response;
    let text = |name: http::HeaderName| response.headers.get(name)?.to_str().ok().map(str::trim);
    match response.status {
        StatusCode::PERMANENT_REDIRECT => text(http::header::LOCATION).map(|text| Notice::Moved(text.to_owned())),
        StatusCode::TOO_MANY_REQUESTS => {
            let seconds = text(http::header::RETRY_AFTER).and_then(|text| text.parse().ok());
            Some(Notice::Throttled(seconds.filter(|seconds| *seconds <= LONGEST_WAIT)))
        }
        _ => None,
    }
}
