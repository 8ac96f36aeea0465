//! Sessions: what a sandbox remembers, one a name. Sessions know nothing of each other, and there is a bounded number of them.

use super::SESSION;
use axum::http::HeaderMap;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// How many sessions there are at once, the default one included.
const MOST: usize = 256;
/// The longest name of a session, in bytes.
const LONGEST: usize = 200;

/// Every session of a sandbox. `T` is the state of one.
pub(crate) struct Sessions<T> {
    begin: Box<dyn Fn() -> Arc<T> + Send + Sync>,
    known: Mutex<Known<T>>,
}

struct Known<T> {
    /// How often a session was asked for: the clock of what is the oldest.
    calls: u64,
    /// By name, with the call that asked for it last.
    sessions: HashMap<String, (u64, Arc<T>)>,
}

/// The header is no name of a session.
#[derive(Debug, thiserror::Error)]
#[error("the name of the session is not printable ASCII, or is longer than {LONGEST} characters")]
pub(crate) struct BadSession;

impl<T> Sessions<T> {
    /// No session yet; `begin` makes one as each begins.
    pub(crate) fn new(begin: impl Fn() -> Arc<T> + Send + Sync + 'static) -> Self {
        Self { begin: Box::new(begin), known: Mutex::new(Known { calls: 0, sessions: HashMap::new() }) }
    }

    /// The session that a request names with the header [`SESSION`], begun if need be; without a name the default one. The
    /// session that was asked for longest ago makes room, but never the default one.
    pub(crate) fn of(&self, headers: &HeaderMap) -> Result<Arc<T>, BadSession> {
        let name = headers.get(SESSION).map_or(Ok(""), |name| name.to_str()).map_err(|_| BadSession)?;
        if name.len() > LONGEST {
            return Err(BadSession);
        }
        // Nothing that can panic changes what is known.
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.calls += 1;
        let now = known.calls;
        if let Some((called, session)) = known.sessions.get_mut(name) {
            *called = now;
            return Ok(Arc::clone(session));
        }
        if known.sessions.len() >= MOST {
            let named = known.sessions.iter().filter(|(name, _)| !name.is_empty());
            let oldest = named.min_by_key(|(_, (called, _))| *called).map(|(name, _)| name.clone());
            oldest.map(|name| known.sessions.remove(&name));
        }
        let session = (self.begin)();
        known.sessions.insert(name.to_owned(), (now, Arc::clone(&session)));
        Ok(session)
    }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, MOST, SESSION, Sessions};
    use axum::http::{HeaderMap, HeaderValue};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// Sessions that are numbers: which one was begun when.
    fn sessions() -> Sessions<usize> {
        let begun = AtomicUsize::new(0);
        Sessions::new(move || Arc::new(begun.fetch_add(1, Ordering::Relaxed)))
    }

    fn named(name: &[u8]) -> HeaderMap {
        HeaderMap::from_iter([(SESSION.parse().expect("a name"), HeaderValue::from_bytes(name).expect("a value"))])
    }

    #[test]
    fn a_name_is_one_session_and_no_name_the_default_one() {
        let sessions = sessions();
        let number = |headers: &HeaderMap| *sessions.of(headers).expect("a session");
        assert_eq!(number(&HeaderMap::new()), 0);
        assert_eq!([number(&named(b"one")), number(&named(b"two")), number(&named(b"one"))], [1, 2, 1]);
        assert_eq!(number(&named(b"")), 0);
    }

    #[test]
    fn the_session_that_was_asked_for_longest_ago_makes_room_and_the_default_one_never() {
        let sessions = sessions();
        let number = |name: &str| *sessions.of(&named(name.as_bytes())).expect("a session");
        assert_eq!([number(""), number("oldest"), number("used")], [0, 1, 2]);
        for session in 3..MOST {
            assert_eq!(number(&session.to_string()), session);
        }
        assert_eq!(number("used"), 2);
        assert_eq!(number("one more"), MOST);
        assert_eq!([number("used"), number("")], [2, 0]);
        assert_eq!(number("oldest"), MOST + 1, "it was begun anew");
    }

    #[test]
    fn what_is_no_name_is_refused() {
        assert!(sessions().of(&named(&[b'x'; LONGEST])).is_ok());
        assert!(sessions().of(&named(&[b'x'; LONGEST + 1])).is_err());
        assert!(sessions().of(&named("été".as_bytes())).is_err());
    }
}
