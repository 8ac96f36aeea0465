//! The door: which token a request carries, and what that token may do.

use super::faults::Fault;
use super::france_connect::Claims;
use super::identity::Identity;
use super::mask::{Held, Scopes};
use super::query;
use super::tokens::{
    BLACKLISTED, EXHAUSTED, EXPIRED, FRANCE_CONNECT_ANONYMOUS, FRANCE_CONNECT_EXPIRED, Mode, NO_SCOPES, SCOPES_PREFIX,
    TOKEN, TWIN, identity_of,
};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use serde_json::Map;
use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use vigie_scenario::Corpus;

/// Tokens of chosen scopes are too many for a bucket each: they share these.
const SHARED_BUCKETS: usize = 64;

/// Every token that the sandbox knows.
pub(super) struct Door {
    tokens: HashMap<String, Known>,
    identities: Vec<Identity>,
    buckets: usize,
}

struct Known {
    state: Result<Mode, Fault>,
    bucket: usize,
    identity: Option<usize>,
}

/// Who came through the door.
pub(super) struct Caller<'d> {
    pub(super) held: Cow<'d, Held>,
    pub(super) mode: Mode,
    /// Number of the token's bucket, the same number for the same token.
    pub(super) bucket: usize,
    /// The pivot identity of a FranceConnect token.
    pub(super) identity: Option<&'d Identity>,
}

impl Door {
    /// Knows the well-known tokens, the corpus's FranceConnect words, and the tokens of its FranceConnect cases.
    pub(super) fn new(corpus: &Corpus) -> Self {
        let mut door = Self { tokens: HashMap::new(), identities: Vec::new(), buckets: 0 };
        door.know(TOKEN, Ok(Mode::Plain), None);
        door.know(NO_SCOPES, Ok(Mode::NoScopes), None);
        door.know(EXHAUSTED, Ok(Mode::Exhausted), None);
        door.know(TWIN, Ok(Mode::Twin), None);
        door.know(EXPIRED, Err(Fault::Expired), None);
        door.know(BLACKLISTED, Err(Fault::Blacklisted), None);
        door.identities.push(Identity::Claims(Claims(Map::new())));
        door.know(FRANCE_CONNECT_EXPIRED, Err(Fault::Stale), Some(0));
        door.know(FRANCE_CONNECT_ANONYMOUS, Err(Fault::Anonymous), Some(0));
        for (word, claims) in &corpus.identities {
            door.identities.push(Identity::Claims(Claims(claims.clone())));
            door.know(word, Ok(Mode::Plain), Some(door.identities.len() - 1));
        }
        for case in corpus.cases().filter(|case| case.has_identity()) {
            door.identities.push(Identity::Case(case.params.clone()));
            for mode in Mode::ALL {
                door.know(&mode.france_connect(identity_of(case)), Ok(mode), Some(door.identities.len() - 1));
            }
        }
        door
    }

    fn know(&mut self, token: &str, state: Result<Mode, Fault>, identity: Option<usize>) {
        let bucket = self.buckets;
        self.tokens.entry(token.to_owned()).or_insert_with(|| {
            self.buckets += 1;
            Known { state, bucket, identity }
        });
    }

    /// How many buckets the tokens need.
    pub(super) fn buckets(&self) -> usize {
        self.buckets + SHARED_BUCKETS
    }

    /// An API token.
    pub(super) fn admit(&self, token: &str, scopes: &Scopes) -> Result<Caller<'_>, Fault> {
        if let Some(list) = token.strip_prefix(SCOPES_PREFIX) {
            let held = scopes.held(list);
            let bucket = self.buckets + shared_bucket(&held);
            return Ok(Caller { held: Cow::Owned(held), mode: Mode::Plain, bucket, identity: None });
        }
        let known = self.tokens.get(token).filter(|known| known.identity.is_none()).ok_or(Fault::Token)?;
        self.caller(known)
    }

    /// A FranceConnect token.
    pub(super) fn admit_france_connect(&self, token: &str) -> Result<Caller<'_>, Fault> {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"_.:-".contains(&byte);
        if token.is_empty() || !token.bytes().all(fits) {
            return Err(Fault::Malformed);
        }
        let known = self.tokens.get(token).filter(|known| known.identity.is_some()).ok_or(Fault::Stale)?;
        self.caller(known)
    }

    fn caller(&self, known: &Known) -> Result<Caller<'_>, Fault> {
        static ALL: Held = Held::All;
        static NONE: Held = Held::Some(Vec::new());
        let mode = known.state?;
        let held = if mode == Mode::NoScopes { &NONE } else { &ALL };
        let identity = known.identity.map(|place| &self.identities[place]);
        Ok(Caller { held: Cow::Borrowed(held), mode, bucket: known.bucket, identity })
    }
}

fn shared_bucket(held: &Held) -> usize {
    let mut hasher = DefaultHasher::new();
    if let Held::Some(numbers) = held {
        numbers.hash(&mut hasher);
    }
    // Truncation only takes other bits of the hash.
    usize::from((hasher.finish() & 0xff) as u8) % SHARED_BUCKETS
}

/// The text after `Bearer` in `Authorization`; what no token can be reads as `%`.
pub(super) fn bearer(head: &Parts) -> Option<&str> {
    let value = head.headers.get(AUTHORIZATION)?.as_bytes();
    let (scheme, token) = value.split_at_checked(6)?;
    if !scheme.eq_ignore_ascii_case(b"bearer") || token.first().is_some_and(|byte| *byte != b' ') {
        return None;
    }
    Some(std::str::from_utf8(token).map_or("%", str::trim))
}

/// The API token of v2: `X-Api-Key`, or else `?token=`.
pub(super) fn api_key<'h>(head: &'h Parts, query: &'h str) -> Option<Cow<'h, str>> {
    match head.headers.get("x-api-key") {
        Some(value) => value.to_str().ok().map(Cow::Borrowed),
        None => query::last(query, "token"),
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
    use super::{Door, Scopes, bearer, preferred};
    use crate::api_particulier::dialect::DIALECT;
    use crate::api_particulier::faults::Fault;
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
        let door = Door::new(&corpus);
        let scopes = Scopes::default();
        assert!(door.admit("sandbox-token", &scopes).is_ok());
        assert_eq!(door.admit("all_fc", &scopes).err(), Some(Fault::Token));
        assert_eq!(door.admit("fc-expired", &scopes).err(), Some(Fault::Token));
        assert!(door.admit_france_connect("all_fc").is_ok());
        assert_eq!(door.admit_france_connect("sandbox-token").err(), Some(Fault::Stale));
        assert_eq!(door.admit_france_connect("fc-anonymous").err(), Some(Fault::Anonymous));
        for malformed in ["", "a b", "é", "fc%malformed"] {
            assert_eq!(door.admit_france_connect(malformed).err(), Some(Fault::Malformed), "{malformed}");
        }
    }
}
