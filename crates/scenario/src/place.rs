//! Where in a text of YAML something stands: the reader tells places in its errors alone, so it is led to the place and
//! refuses there.

use serde::de::{DeserializeSeed, Deserializer, EnumAccess, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// A step of the way into a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// The value of a key.
    Key(String),
    /// An element of a list, from 0.
    Item(usize),
}

impl From<&str> for Token {
    fn from(key: &str) -> Self {
        Self::Key(key.to_owned())
    }
}

impl From<usize> for Token {
    fn from(position: usize) -> Self {
        Self::Item(position)
    }
}

/// What of the last key is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum At {
    /// The key itself.
    Key,
    /// What it holds.
    Value,
}

/// The byte at which the end of a way begins; where the way does not exist, that of the last place on it which does.
pub(super) fn offset(text: &str, way: &[Token], at: At) -> Option<usize> {
    (0..=way.len()).rev().find_map(|length| {
        let walk = Walk { way: &way[..length], at };
        let error = walk.deserialize(serde_yaml::Deserializer::from_str(text)).err()?;
        byte_of(text, &error.location()?)
    })
}

/// The byte that a place of the reader means: it counts lines and characters.
pub(super) fn byte_of(text: &str, location: &serde_yaml::Location) -> Option<usize> {
    let before = location.line().checked_sub(1)?;
    let start = match before {
        0 => 0,
        before => text.match_indices('\n').nth(before - 1).map_or(text.len(), |(end, _)| end + 1),
    };
    let line = text.get(start..)?;
    let column = location.column().saturating_sub(1);
    Some(start + line.char_indices().nth(column).map_or(line.len(), |(byte, _)| byte))
}

#[derive(Clone, Copy)]
struct Walk<'a> {
    way: &'a [Token],
    at: At,
}

impl Walk<'_> {
    /// The end of the way is told as an error; a value beside it is none.
    fn reached<E: Error>(self) -> Result<(), E> {
        if self.way.is_empty() { Err(E::custom("here")) } else { Ok(()) }
    }
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        self.reached()
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        self.reached()
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        self.reached()
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        self.reached()
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        self.reached()
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.reached()
    }

    fn visit_enum<A: EnumAccess<'de>>(self, _: A) -> Result<(), A::Error> {
        Err(A::Error::custom("here"))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let Some((first, rest)) = self.way.split_first() else { return self.reached() };
        let mut position = 0;
        loop {
            let more = if *first == Token::Item(position) {
                items.next_element_seed(Walk { way: rest, ..self })?
            } else {
                items.next_element::<IgnoredAny>()?.map(drop)
            };
            if more.is_none() {
                return Ok(());
            }
            position += 1;
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let Some((first, rest)) = self.way.split_first() else { return self.reached() };
        let ends = self.at == At::Key && rest.is_empty();
        while let Some(is_meant) = members.next_key_seed(Key { wanted: first, ends })? {
            if is_meant {
                members.next_value_seed(Walk { way: rest, ..self })?;
            } else {
                members.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

/// Whether a key is the one that is looked for.
struct Key<'a> {
    wanted: &'a Token,
    ends: bool,
}

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = bool;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<bool, E> {
        let is_meant = matches!(self.wanted, Token::Key(wanted) if wanted == key);
        if is_meant && self.ends { Err(E::custom("here")) } else { Ok(is_meant) }
    }
}

#[cfg(test)]
mod tests {
    use super::{At, Token, offset};

    const TEXT: &str = "é: name\nsteps:\n- operation: a\n  params: {name: x}\n- operation: é\n  params:\n    list: [name, \
                        'name']\n    name: {name: 7}\n";

    fn told(way: &[Token], at: At) -> &'static str {
        let rest = &TEXT[offset(TEXT, way, at).expect("it is there")..];
        rest.lines().next().unwrap_or_default()
    }

    #[test]
    fn the_own_text_is_found_and_not_the_first_that_looks_like_it() {
        let second = |more: &[Token]| [&["steps".into(), 1.into(), "params".into()], more].concat();
        assert_eq!(told(&second(&["name".into()]), At::Key), "name: {name: 7}");
        assert_eq!(told(&second(&["name".into(), "name".into()]), At::Value), "7}");
        assert_eq!(told(&second(&["list".into(), 1.into()]), At::Value), "'name']");
        assert_eq!(told(&["steps".into(), 1.into(), "operation".into()], At::Value), "é");
        assert_eq!(told(&["steps".into(), 0.into()], At::Value), "operation: a");
    }

    #[test]
    fn what_is_not_there_is_told_at_what_should_hold_it() {
        assert_eq!(told(&["steps".into(), 0.into(), "status".into()], At::Value), "operation: a");
    }
}
