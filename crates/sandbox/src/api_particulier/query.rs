//! The query of a request, decoded strictly: what is no percent-encoded UTF-8 is told, not replaced.

use std::borrow::Cow;

/// A name or a value that is not percent-encoded UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Malformed;

/// The pairs of a query in their order; a name without `=` has an empty value.
pub(super) fn pairs(
    query: &str,
) -> impl Iterator<Item = (Result<Cow<'_, str>, Malformed>, Result<Cow<'_, str>, Malformed>)> {
    query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode(name), decode(value))
    })
}

/// The last value of a name, if it can be read.
pub(super) fn last<'q>(query: &'q str, name: &str) -> Option<Cow<'q, str>> {
    let named = pairs(query).filter(|(key, _)| key.as_deref() == Ok(name));
    named.last().and_then(|(_, value)| value.ok())
}

fn decode(text: &str) -> Result<Cow<'_, str>, Malformed> {
    if !text.bytes().any(|byte| byte == b'%' || byte == b'+') {
        return Ok(Cow::Borrowed(text));
    }
    let mut decoded = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'+' => b' ',
            b'%' => (digit(bytes.next())? << 4) | digit(bytes.next())?,
            byte => byte,
        });
    }
    String::from_utf8(decoded).map(Cow::Owned).map_err(|_| Malformed)
}

fn digit(byte: Option<u8>) -> Result<u8, Malformed> {
    match byte {
        Some(byte @ b'0'..=b'9') => Ok(byte - b'0'),
        Some(byte @ b'a'..=b'f') => Ok(byte - b'a' + 10),
        Some(byte @ b'A'..=b'F') => Ok(byte - b'A' + 10),
        _ => Err(Malformed),
    }
}

#[cfg(test)]
mod tests {
    use super::{Malformed, decode, last, pairs};

    #[test]
    fn names_and_values_are_decoded() {
        let read: Vec<(String, String)> = pairs("prenoms%5B%5D=Jos%C3%A9+Luis&&seul&a=b=c")
            .map(|(name, value)| (name.expect("a name").into_owned(), value.expect("a value").into_owned()))
            .collect();
        let expected = [("prenoms[]", "José Luis"), ("seul", ""), ("a", "b=c")];
        assert_eq!(read, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }

    #[test]
    fn what_is_no_utf8_or_no_percent_encoding_is_malformed() {
        for text in ["%", "%4", "%zz", "%+1", "%ff", "%C3", "%ED%A0%80"] {
            assert_eq!(decode(text), Err(Malformed), "{text}");
        }
    }

    #[test]
    fn the_last_of_a_repeated_name_counts() {
        assert_eq!(last("token=a&x=1&token=b", "token").as_deref(), Some("b"));
        assert_eq!(last("token=%ff", "token"), None);
        assert_eq!(last("x=1", "token"), None);
    }
}
