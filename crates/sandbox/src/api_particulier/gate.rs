//! The gate: which token a request carries, and what that token may do.

use super::france_connect::Claims;
use super::identity::Identity;
use super::mask::{Granted, Scopes};
use super::refusal::Refusal;
use super::tokens::{
    BLACKLISTED, EXHAUSTED, EXPIRED, FRANCE_CONNECT_ANONYMOUS, FRANCE_CONNECT_EXPIRED, Mode, NO_SCOPES, SCOPES_PREFIX,
    TOKEN, TWIN, identity_of,
};
use crate::gate::{authorization, last};
use crate::tokens::{Rejected, Token, Tokens};
use axum::http::request::Parts;
use std::borrow::Cow;
use std::hash::{DefaultHasher, Hash, Hasher};
use vigie_scenario::Corpus;

/// Tokens of chosen scopes are too many for a bucket each: they share these.
const SHARED_BUCKETS: usize = 64;

/// Every token that the sandbox knows.
pub(super) struct Gate {
    api: Tokens<Holder>,
    france_connect: Tokens<Holder>,
    identities: Vec<Identity>,
}

#[derive(Clone, Copy)]
struct Holder {
    mode: Mode,
    bucket: usize,
    /// The pivot identity of a FranceConnect token; absent where the token gives access to none.
    identity: Option<usize>,
}

/// Who came through the gate.
pub(super) struct Caller<'g> {
    pub(super) granted: Cow<'g, Granted>,
    pub(super) mode: Mode,
    /// Number of the token's bucket, the same number for the same token.
    pub(super) bucket: usize,
    /// The pivot identity of a FranceConnect token.
    pub(super) identity: Option<&'g Identity>,
}

impl Gate {
    /// Knows the well-known tokens, the corpus's FranceConnect words, and the tokens of its FranceConnect cases.
    pub(super) fn new(corpus: &Corpus) -> Self {
        let mut gate = Self { api: Tokens::default(), france_connect: Tokens::default(), identities: Vec::new() };
        for (text, mode) in
            [(TOKEN, Mode::Plain), (NO_SCOPES, Mode::NoScopes), (EXHAUSTED, Mode::Exhausted), (TWIN, Mode::Twin)]
        {
            let token = gate.token(mode, None);
            gate.api.keep(text.to_owned(), token);
        }
        let of = gate.token(Mode::Plain, None);
        gate.api.keep(EXPIRED.to_owned(), Token { expires: Some(0), ..of.clone() });
        gate.api.keep(BLACKLISTED.to_owned(), Token { revoked: true, ..of.clone() });
        gate.france_connect.keep(FRANCE_CONNECT_EXPIRED.to_owned(), Token { expires: Some(0), ..of.clone() });
        gate.france_connect.keep(FRANCE_CONNECT_ANONYMOUS.to_owned(), of);
        for (word, claims) in &corpus.identities {
            let identity = gate.identity(Identity::Claims(Claims(claims.clone())));
            let token = gate.token(Mode::Plain, Some(identity));
            gate.france_connect.keep(word.clone(), token);
        }
        for case in corpus.cases().filter(|case| case.has_identity()) {
            let identity = gate.identity(Identity::Case(case.params.clone()));
            for mode in Mode::ALL {
                let token = gate.token(mode, Some(identity));
                gate.france_connect.keep(mode.france_connect(identity_of(case)), token);
            }
        }
        gate
    }

    fn identity(&mut self, identity: Identity) -> usize {
        self.identities.push(identity);
        self.identities.len() - 1
    }

    /// A token with the next bucket.
    fn token(&self, mode: Mode, identity: Option<usize>) -> Token<Holder> {
        Token::new(Holder { mode, bucket: self.known(), identity })
    }

    fn known(&self) -> usize {
        self.api.len() + self.france_connect.len()
    }

    /// How many buckets the tokens need.
    pub(super) fn buckets(&self) -> usize {
        self.known() + SHARED_BUCKETS
    }

    /// An API token.
    pub(super) fn admit(&self, token: &str, scopes: &Scopes) -> Result<Caller<'_>, Refusal> {
        if let Some(list) = token.strip_prefix(SCOPES_PREFIX) {
            let granted = scopes.granted(list);
            let bucket = self.known() + shared_bucket(&granted);
            return Ok(Caller { granted: Cow::Owned(granted), mode: Mode::Plain, bucket, identity: None });
        }
        let holder = self.api.check(token, NOW).map_err(|rejected| match rejected {
            Rejected::Unknown => Refusal::Token,
            Rejected::Expired => Refusal::Expired,
            Rejected::Revoked => Refusal::Blacklisted,
        })?;
        Ok(self.caller(*holder))
    }

    /// A FranceConnect token.
    pub(super) fn admit_france_connect(&self, token: &str) -> Result<Caller<'_>, Refusal> {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"_.:-".contains(&byte);
        if token.is_empty() || !token.bytes().all(fits) {
            return Err(Refusal::Malformed);
        }
        let holder = self.france_connect.check(token, NOW).map_err(|_| Refusal::Stale)?;
        let caller = self.caller(*holder);
        if caller.identity.is_some() { Ok(caller) } else { Err(Refusal::Anonymous) }
    }

    fn caller(&self, holder: Holder) -> Caller<'_> {
        static ALL: Granted = Granted::All;
        static NONE: Granted = Granted::Some(Vec::new());
        let granted = if holder.mode == Mode::NoScopes { &NONE } else { &ALL };
        let identity = holder.identity.map(|number| &self.identities[number]);
        Caller { granted: Cow::Borrowed(granted), mode: holder.mode, bucket: holder.bucket, identity }
    }
}

/// Only the expired tokens expire; any instant after theirs does.
const NOW: i64 = 1;

fn shared_bucket(granted: &Granted) -> usize {
    let mut hasher = DefaultHasher::new();
    if let Granted::Some(numbers) = granted {
        numbers.hash(&mut hasher);
    }
    // Truncation only takes other bits of the hash.
    usize::from((hasher.finish() & 0xff) as u8) % SHARED_BUCKETS
}

/// The text after `Bearer` in `Authorization`; what no token can be reads as `%`.
pub(super) fn bearer(head: &Parts) -> Option<&str> {
    let (scheme, token) = authorization(&head.headers)?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}

/// The API token of v2: `X-Api-Key`, or else `?token=`.
pub(super) fn api_key<'h>(head: &'h Parts, query: &'h str) -> Option<Cow<'h, str>> {
    match head.headers.get("x-api-key") {
        Some(value) => value.to_str().ok().map(Cow::Borrowed),
        None => last(query, "token"),
    }
}

/// The case that a `Prefer: example=NAME` header names.
pub(super) fn preferred(head: &Parts) -> Option<&str> {
    let value = std::str::from_utf8(head.headers.get("prefer")?.as_bytes()).ok()?;
    let example = value.split(',').find_map(|preference| preference.trim().strip_prefix("example="))?;
    Some(example.trim_matches('"'))
}

#[cfg(test)]
mod tests {
    use super::{Gate, Scopes, bearer, preferred};
    use crate::api_particulier::dialect::DIALECT;
    use crate::api_particulier::refusal::Refusal;
    use axum::http::Request;
    use axum::http::request::Parts;
    use vigie_scenario::Corpus;

    fn head(name: &str, value: &[u8]) -> Parts {
        Request::builder().header(name, value).body(()).expect("a request").into_parts().0
    }

    #[test]
    fn only_bearer_credentials_count() {
        assert_eq!(bearer(&head("authorization", b"Bearer abc")), Some("abc"));
        assert_eq!(bearer(&head("authorization", b"bearer  abc")), Some("abc"));
        assert_eq!(bearer(&head("authorization", b"Bearer")), Some(""));
        assert_eq!(bearer(&head("authorization", b"Bearer \xff")), Some("%"));
        for other in ["Basic YTpi", "Bear", "Bearers abc", ""] {
            assert_eq!(bearer(&head("authorization", other.as_bytes())), None, "{other}");
        }
    }

    #[test]
    fn an_example_is_preferred_by_name() {
        assert_eq!(preferred(&head("prefer", "respond-async, example=200-été".as_bytes())), Some("200-été"));
        assert_eq!(preferred(&head("prefer", b"example=\"404\"")), Some("404"));
        assert_eq!(preferred(&head("prefer", b"code=500")), None);
        assert_eq!(preferred(&head("prefer", b"example=\xff")), None);
    }

    #[test]
    fn api_tokens_and_france_connect_tokens_do_not_stand_for_each_other() {
        let mut corpus = Corpus::new(&DIALECT);
        corpus.identities.insert("all_fc".into(), serde_json::Map::new());
        let gate = Gate::new(&corpus);
        let scopes = Scopes::default();
        assert!(gate.admit("sandbox-token", &scopes).is_ok());
        assert_eq!(gate.admit("all_fc", &scopes).err(), Some(Refusal::Token));
        assert_eq!(gate.admit("fc-expired", &scopes).err(), Some(Refusal::Token));
        assert!(gate.admit_france_connect("all_fc").is_ok());
        assert_eq!(gate.admit_france_connect("sandbox-token").err(), Some(Refusal::Stale));
        assert_eq!(gate.admit_france_connect("fc-anonymous").err(), Some(Refusal::Anonymous));
        for malformed in ["", "a b", "é", "fc%malformed"] {
            assert_eq!(gate.admit_france_connect(malformed).err(), Some(Refusal::Malformed), "{malformed}");
        }
    }
}
