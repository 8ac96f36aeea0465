//! Why there is no exchange to judge, in words that are the same for every case that it strikes: they make one cause.

use vigie_drift::deviation::{Deviation, Kind};
use vigie_drift::location::Location;

/// Why there is no exchange to judge. None of these is drift. No text here holds a URL, a query or an address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Outage {
    /// Nobody listens there, or no way leads there.
    #[error("connection refused or unreachable")]
    Refused,
    /// Whoever is there does not say a word, not even no.
    #[error("no connection in time")]
    Unreachable,
    /// The host's name resolves to no address.
    #[error("the name of the host is not known")]
    UnknownHost,
    /// No TLS came about, so nothing was sent.
    #[error("no secure connection: {0}")]
    Tls(String),
    /// No whole answer in time.
    #[error("timed out")]
    Timeout,
    /// The body is larger than so many bytes, as it came or inflated.
    #[error("the body is larger than {0} bytes")]
    TooLarge(usize),
    /// The body has more than so many JSON values.
    #[error("the body has more than {0} values")]
    TooMany(usize),
    /// The answer broke off, or is no HTTP.
    #[error("the answer broke off: {0}")]
    Broken(String),
    /// Not sent: the target said that the token's quota is spent.
    #[error("not sent, since an earlier answer was 429")]
    Stopped,
    /// Not sent: its turn would come too late, or the target asks for too long a pause.
    #[error("not sent, since its turn would come too late")]
    TooLate,
    /// The request could not be built.
    #[error("the request could not be built: {0}")]
    Request(String),
}

impl Outage {
    /// The fact that a report tells.
    #[must_use]
    pub fn deviation(&self) -> Deviation {
        let kind = match self {
            Self::Refused | Self::Unreachable => Kind::HostRefused,
            Self::UnknownHost => Kind::HostUnknown,
            Self::Tls(_) => Kind::TlsFailed,
            Self::Timeout => Kind::AnswerTimeout,
            Self::TooLarge(_) | Self::TooMany(_) => Kind::AnswerTooLarge,
            Self::Broken(_) => Kind::AnswerBroken,
            Self::Stopped => Kind::RateLimited,
            Self::TooLate => Kind::CaseNotReached,
            Self::Request(_) => Kind::RequestUnbuilt,
        };
        Deviation::new(kind, Location::Whole, "an answer", self.to_string())
    }

    /// Whether no connection came about for a reason that may be gone at once, so that nothing was sent.
    #[must_use]
    pub fn is_passing_and_unsent(&self) -> bool {
        // A connection that does not come about in time was tried several times already, by the system.
        matches!(self, Self::Refused | Self::UnknownHost)
    }
}
