//! What a typed call can end with, other than its answer. Nothing here prints a body: it may hold a person's data.

use http::StatusCode;
use progenitor_client::ResponseValue;
use std::fmt;

/// Why a typed call gave no typed answer. `E` is the provider's error body.
pub enum Error<E> {
    /// The request could not be built: a required parameter is missing, or a token is no header value.
    Request(String),
    /// No answer: refused, timed out, broken off.
    Connection(reqwest::Error),
    /// The provider answered with an error, in its documented form.
    Api(ResponseValue<E>),
    /// The answer is not of the documented form, at this line and column of the body.
    Decode {
        /// Line in the body, from 1.
        line: usize,
        /// Column in the body, from 1.
        column: usize,
    },
    /// A status for which the contract has no body.
    Unexpected(StatusCode),
}

impl<E> Error<E> {
    /// The provider's error body, if it sent one in its documented form.
    pub fn api(&self) -> Option<&E> {
        match self {
            Self::Api(body) => Some(body),
            _ => None,
        }
    }

    /// The HTTP status, if there was an answer with one.
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Api(body) => Some(body.status()),
            Self::Unexpected(status) => Some(*status),
            Self::Connection(error) => error.status(),
            Self::Request(_) | Self::Decode { .. } => None,
        }
    }
}

impl<E> From<progenitor_client::Error<E>> for Error<E> {
    fn from(error: progenitor_client::Error<E>) -> Self {
        use progenitor_client::Error as Generated;
        match error {
            Generated::InvalidRequest(message) | Generated::Custom(message) => Self::Request(message),
            Generated::CommunicationError(error)
            | Generated::InvalidUpgrade(error)
            | Generated::ResponseBodyError(error) => Self::Connection(error.without_url()),
            Generated::ErrorResponse(body) => Self::Api(body),
            Generated::InvalidResponsePayload(_, error) => Self::Decode { line: error.line(), column: error.column() },
            Generated::UnexpectedResponse(response) => Self::Unexpected(response.status()),
        }
    }
}

impl<E> From<http::header::InvalidHeaderValue> for Error<E> {
    fn from(error: http::header::InvalidHeaderValue) -> Self {
        Self::Request(error.to_string())
    }
}

impl<E> fmt::Display for Error<E> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Request(message) => write!(formatter, "the request could not be built: {message}"),
            Self::Connection(error) => write!(formatter, "no answer: {error}"),
            Self::Api(body) => write!(formatter, "the API answered {}", body.status()),
            Self::Decode { line, column } => {
                write!(formatter, "the answer is not of the documented form (line {line}, column {column} of the body)")
            }
            Self::Unexpected(status) => {
                write!(formatter, "the API answered {status}, for which the contract has no body")
            }
        }
    }
}

impl<E> fmt::Debug for Error<E> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Error({self})")
    }
}

impl<E> std::error::Error for Error<E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Connection(error) => Some(error),
            _ => None,
        }
    }
}

/// Why a client could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// Not an `http://` or `https://` URL.
    #[error("`{0}` is not a base URL: write `https://host` or `http://host:port`")]
    BaseUrl(String),
    /// The URL carries a password, a query or a fragment, which would be shown in reports.
    #[error("the URL has a password or a query: use only the base URL")]
    Secret,
    /// The HTTP client refused its settings.
    #[error(
        "the HTTP client could not be set up: {0}; does the machine have certificates (the package `ca-certificates`, or SSL_CERT_FILE)?"
    )]
    Http(#[source] reqwest::Error),
}
