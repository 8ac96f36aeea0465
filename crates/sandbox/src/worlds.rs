//! Worlds: what a double remembers, one a name. Worlds know nothing of each other, and there is a bounded number of them.

use super::WORLD;
use axum::http::HeaderMap;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// How many worlds there are at once, the default one included.
const MOST: usize = 256;
/// The longest name of a world, in bytes.
const LONGEST: usize = 200;

/// Every world of a double. `T` is the state of one.
pub(crate) struct Worlds<T> {
    begin: Box<dyn Fn() -> Arc<T> + Send + Sync>,
    known: Mutex<Known<T>>,
}

struct Known<T> {
    /// How often a world was asked for: the clock of what is the oldest.
    calls: u64,
    /// By name, with the call that asked for it last.
    worlds: HashMap<String, (u64, Arc<T>)>,
}

/// The header is no name of a world.
#[derive(Debug, thiserror::Error)]
#[error("the name of the session is not printable ASCII, or is longer than {LONGEST} characters")]
pub(crate) struct NoWorld;

impl<T> Worlds<T> {
    /// No world yet; `begin` makes one as each begins.
    pub(crate) fn new(begin: impl Fn() -> Arc<T> + Send + Sync + 'static) -> Self {
        Self { begin: Box::new(begin), known: Mutex::new(Known { calls: 0, worlds: HashMap::new() }) }
    }

    /// The world that a request names with the header [`WORLD`], begun if need be; without a name the default one. The
    /// world that was asked for longest ago makes room, but never the default one.
    pub(crate) fn of(&self, headers: &HeaderMap) -> Result<Arc<T>, NoWorld> {
        let name = headers.get(WORLD).map_or(Ok(""), |name| name.to_str()).map_err(|_| NoWorld)?;
        if name.len() > LONGEST {
            return Err(NoWorld);
        }
        // Nothing that can panic changes what is known.
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.calls += 1;
        let now = known.calls;
        if let Some((called, world)) = known.worlds.get_mut(name) {
            *called = now;
            return Ok(Arc::clone(world));
        }
        if known.worlds.len() >= MOST {
            let named = known.worlds.iter().filter(|(name, _)| !name.is_empty());
            let oldest = named.min_by_key(|(_, (called, _))| *called).map(|(name, _)| name.clone());
            oldest.map(|name| known.worlds.remove(&name));
        }
        let world = (self.begin)();
        known.worlds.insert(name.to_owned(), (now, Arc::clone(&world)));
        Ok(world)
    }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, MOST, WORLD, Worlds};
    use axum::http::{HeaderMap, HeaderValue};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// Worlds that are numbers: which one was begun when.
    fn worlds() -> Worlds<usize> {
        let begun = AtomicUsize::new(0);
        Worlds::new(move || Arc::new(begun.fetch_add(1, Ordering::Relaxed)))
    }

    fn named(name: &[u8]) -> HeaderMap {
        HeaderMap::from_iter([(WORLD.parse().expect("a name"), HeaderValue::from_bytes(name).expect("a value"))])
    }

    #[test]
    fn a_name_is_one_world_and_no_name_the_default_one() {
        let worlds = worlds();
        let number = |headers: &HeaderMap| *worlds.of(headers).expect("a world");
        assert_eq!(number(&HeaderMap::new()), 0);
        assert_eq!([number(&named(b"one")), number(&named(b"two")), number(&named(b"one"))], [1, 2, 1]);
        assert_eq!(number(&named(b"")), 0);
    }

    #[test]
    fn the_world_that_was_asked_for_longest_ago_makes_room_and_the_default_one_never() {
        let worlds = worlds();
        let number = |name: &str| *worlds.of(&named(name.as_bytes())).expect("a world");
        assert_eq!([number(""), number("oldest"), number("used")], [0, 1, 2]);
        for world in 3..MOST {
            assert_eq!(number(&world.to_string()), world);
        }
        assert_eq!(number("used"), 2);
        assert_eq!(number("one more"), MOST);
        assert_eq!([number("used"), number("")], [2, 0]);
        assert_eq!(number("oldest"), MOST + 1, "it was begun anew");
    }

    #[test]
    fn what_is_no_name_is_refused() {
        assert!(worlds().of(&named(&[b'x'; LONGEST])).is_ok());
        assert!(worlds().of(&named(&[b'x'; LONGEST + 1])).is_err());
        assert!(worlds().of(&named("été".as_bytes())).is_err());
    }
}
