//! Tokens: what each stands for, and whether it is still good.

use indexmap::IndexMap;

/// The tokens of a sandbox or a session. `T` is what a token stands for.
#[derive(Debug, Clone)]
pub(crate) struct Tokens<T> {
    known: IndexMap<String, Token<T>>,
    /// The first ones, which are never forgotten.
    seeded: usize,
    most: usize,
}

/// One token.
#[derive(Debug, Clone)]
pub(crate) struct Token<T> {
    pub(crate) of: T,
    /// Seconds since 1970; `None` for a token that does not expire.
    pub(crate) expires: Option<i64>,
    pub(crate) revoked: bool,
}

/// Why a token is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rejected {
    Unknown,
    Revoked,
    Expired,
}

impl<T> Token<T> {
    pub(crate) fn new(of: T) -> Self {
        Self { of, expires: None, revoked: false }
    }
}

impl<T> Default for Tokens<T> {
    fn default() -> Self {
        Self { known: IndexMap::new(), seeded: 0, most: usize::MAX }
    }
}

impl<T> Tokens<T> {
    /// Begins with a seed, and has room for so many more: the oldest of those make room.
    pub(crate) fn seeded(seed: impl IntoIterator<Item = (String, Token<T>)>, more: usize) -> Self {
        let known: IndexMap<_, _> = seed.into_iter().collect();
        Self { seeded: known.len(), most: known.len() + more, known }
    }

    /// Keeps a token, unless the text is one already.
    pub(crate) fn keep(&mut self, text: String, token: Token<T>) {
        self.known.entry(text).or_insert(token);
        if self.known.len() > self.most {
            self.known.shift_remove_index(self.seeded);
        }
    }

    /// What a token stands for, if it is good at this instant.
    pub(crate) fn check(&self, text: &str, now: i64) -> Result<&T, Rejected> {
        let token = self.known.get(text).ok_or(Rejected::Unknown)?;
        match token.expires {
            _ if token.revoked => Err(Rejected::Revoked),
            Some(expires) if now >= expires => Err(Rejected::Expired),
            _ => Ok(&token.of),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.known.len()
    }

    /// All of them, in the order in which they were made.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Token<T>)> {
        self.known.iter().map(|(text, token)| (text.as_str(), token))
    }

    /// Revokes those that match; says whether there was one.
    pub(crate) fn revoke(&mut self, matches: impl Fn(&str, &T) -> bool) -> bool {
        let live = self.known.iter_mut().filter(|(text, token)| !token.revoked && matches(text, &token.of));
        live.map(|(_, token)| token.revoked = true).count() > 0
    }
}

#[cfg(test)]
mod tests {
    use super::{Rejected, Token, Tokens};

    #[test]
    fn a_token_is_good_until_it_expires_or_is_revoked() {
        let mut tokens = Tokens::default();
        tokens.keep("one".into(), Token { expires: Some(10), ..Token::new(1) });
        tokens.keep("two".into(), Token::new(2));
        assert_eq!((tokens.check("one", 9), tokens.check("one", 10)), (Ok(&1), Err(Rejected::Expired)));
        assert_eq!(tokens.check("three", 0), Err(Rejected::Unknown));
        assert!(tokens.revoke(|_, of| *of == 2) && !tokens.revoke(|_, of| *of == 2));
        assert_eq!(tokens.check("two", i64::MAX), Err(Rejected::Revoked));
    }

    #[test]
    fn the_oldest_make_room_and_the_seed_never_does() {
        let mut tokens = Tokens::seeded([("seed".to_owned(), Token::new(0))], 2);
        for number in 1..=3 {
            tokens.keep(number.to_string(), Token::new(number));
        }
        assert_eq!(tokens.iter().map(|(text, _)| text).collect::<Vec<_>>(), ["seed", "2", "3"]);
    }
}
