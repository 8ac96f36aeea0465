//! The ways to misbehave, by name.

/// A way to misbehave. What each does is told by [`Kind::about`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
#[expect(missing_docs, reason = "`about` says what each does, to people and programs alike")]
pub enum Kind {
    Refuse,
    Reset,
    Stall,
    Drip,
    NoHttp,
    WrongLength,
    ShortLength,
    BadGzip,
    GzipBomb,
    Huge,
    Empty,
    InvalidUtf8,
    DuplicateKeys,
    DeepJson,
    WrongType,
    Page,
    Maintenance,
    Redirect,
    Error,
    BadGateway,
    Quota,
    Skew,
}

impl Kind {
    /// Every kind, in the order of the documentation: the connection, the body, the answer as a whole.
    pub const ALL: [Self; 22] = [
        Self::Refuse,
        Self::Reset,
        Self::Stall,
        Self::Drip,
        Self::NoHttp,
        Self::WrongLength,
        Self::ShortLength,
        Self::BadGzip,
        Self::GzipBomb,
        Self::Huge,
        Self::Empty,
        Self::InvalidUtf8,
        Self::DuplicateKeys,
        Self::DeepJson,
        Self::WrongType,
        Self::Page,
        Self::Maintenance,
        Self::Redirect,
        Self::Error,
        Self::BadGateway,
        Self::Quota,
        Self::Skew,
    ];

    /// The name: `reset`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.row().0
    }

    /// What a client sees, in a line.
    #[must_use]
    pub const fn about(self) -> &'static str {
        self.row().1
    }

    const fn row(self) -> (&'static str, &'static str) {
        match self {
            Self::Refuse => ("refuse", "the connection is reset before the first byte of an answer"),
            Self::Reset => ("reset", "the connection is reset in the middle of the body"),
            Self::Stall => ("stall", "no answer, and the connection stays open"),
            Self::Drip => ("drip", "the body comes one byte a second"),
            Self::NoHttp => ("no-http", "the answer is not HTTP"),
            Self::WrongLength => {
                ("wrong-length", "`Content-Length` is more than the body, and the connection is closed")
            }
            Self::ShortLength => ("short-length", "`Content-Length` is half of the body"),
            Self::BadGzip => ("bad-gzip", "`Content-Encoding: gzip`, and the body stops being valid gzip"),
            Self::GzipBomb => ("gzip-bomb", "`Content-Encoding: gzip`, a body of 1 MB that inflates to more than 1 GB"),
            Self::Huge => ("huge", "the correct body, padded with spaces to 100 MB"),
            Self::Empty => ("empty", "the correct headers, and no body"),
            Self::InvalidUtf8 => ("invalid-utf8", "a text of the body has a byte that is not UTF-8"),
            Self::DuplicateKeys => ("duplicate-keys", "a key of the body is duplicated"),
            Self::DeepJson => ("deep-json", "the body is JSON of 100,000 levels"),
            Self::WrongType => ("wrong-type", "the correct body as `text/plain`"),
            Self::Page => ("page", "an HTML page with 200"),
            Self::Maintenance => ("maintenance", "an HTML page with 503 and `Retry-After`"),
            Self::Redirect => ("redirect", "302 to the same address, for ever"),
            Self::Error => ("error", "500 with an error in JSON"),
            Self::BadGateway => ("bad-gateway", "502 with a gateway's HTML page"),
            Self::Quota => ("quota", "429 with `Retry-After`"),
            Self::Skew => ("skew", "the correct answer with yesterday's `Date`"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Kind;
    use std::collections::BTreeSet;

    #[test]
    fn every_kind_is_listed_once_and_has_a_name_of_its_own() {
        let names: BTreeSet<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
        assert_eq!(names.len(), Kind::ALL.len());
        // The last one: whoever adds a kind behind it is told to list it.
        assert_eq!(Kind::Skew as usize + 1, Kind::ALL.len());
        for (place, kind) in Kind::ALL.iter().enumerate() {
            assert_eq!(*kind as usize, place, "{}", kind.name());
        }
    }
}
