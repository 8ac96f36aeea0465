//! The ways to misbehave, by name.

/// Each kind: its name, and what a client sees, in a line. In the order of the documentation: the connection, the body, the
/// answer as a whole.
macro_rules! kinds {
    ($count:literal: $($kind:ident $name:literal $about:literal)*) => {
        /// A way to misbehave. [`Kind::about`] says what each does.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        #[expect(missing_docs, reason = "`about` says what each does, to people and programs alike")]
        pub enum Kind {
            $($kind,)*
        }

        impl Kind {
            /// Every kind.
            pub const ALL: [Self; $count] = [$(Self::$kind,)*];

            const fn row(self) -> (&'static str, &'static str) {
                match self {
                    $(Self::$kind => ($name, $about),)*
                }
            }
        }
    };
}

kinds! {
    22:
    Refuse "refuse" "the connection is reset before the first byte of an answer"
    Reset "reset" "the connection is reset in the middle of the body"
    Stall "stall" "no answer, and the connection stays open"
    Drip "drip" "the body comes one byte a second"
    NoHttp "no-http" "the answer is not HTTP"
    WrongLength "wrong-length" "`Content-Length` is more than the body, and the connection is closed"
    ShortLength "short-length" "`Content-Length` is half of the body"
    BadGzip "bad-gzip" "`Content-Encoding: gzip`, and the body stops being valid gzip"
    GzipBomb "gzip-bomb" "`Content-Encoding: gzip`, a body of 1 MB that inflates to more than 1 GB"
    Huge "huge" "the correct body, padded with spaces to 100 MB"
    Empty "empty" "the correct headers, and no body"
    InvalidUtf8 "invalid-utf8" "a text of the body has a byte that is not UTF-8"
    DuplicateKeys "duplicate-keys" "a key of the body is duplicated"
    DeepJson "deep-json" "the body is JSON of 100,000 levels"
    WrongType "wrong-type" "the correct body as `text/plain`"
    Page "page" "an HTML page with 200"
    Maintenance "maintenance" "an HTML page with 503 and `Retry-After`"
    Redirect "redirect" "302 to the same address, for ever"
    Error "error" "500 with an error in JSON"
    BadGateway "bad-gateway" "502 with a gateway's HTML page"
    Quota "quota" "429 with `Retry-After`"
    Skew "skew" "the correct answer with yesterday's `Date`"
}

impl Kind {
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
}

#[cfg(test)]
mod tests {
    use super::Kind;
    use std::collections::BTreeSet;

    #[test]
    fn every_kind_has_a_name_of_its_own() {
        let names: BTreeSet<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
        assert_eq!(names.len(), Kind::ALL.len());
    }
}
