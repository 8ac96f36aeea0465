//! Bodies that are not what they should be. None is held in memory that is larger than a megabyte.

use axum::body::Body;
use axum::http::{HeaderMap, header};
use bytes::Bytes;
use flate2::{Compress, Compression, Crc, FlushCompress, Status};
use futures::stream;
use std::convert::Infallible;
use std::sync::LazyLock;

/// Bytes of [`huge`].
pub(super) const HUGE: usize = 100 * 1024 * 1024;
/// Bytes that [`gzip_bomb`] inflates to.
pub(super) const BOMB: usize = 1100 * CHUNK;
/// Levels of [`deep_json`].
const DEEP: usize = 100_000;
/// What is repeated in a large body, once it is inflated.
const CHUNK: usize = 1024 * 1024;

/// A large body: one piece after another, most of them the same.
pub(super) struct Large {
    first: Bytes,
    repeated: Bytes,
    times: usize,
    last: Bytes,
}

impl Large {
    fn len(&self) -> usize {
        self.first.len() + self.repeated.len() * self.times + self.last.len()
    }

    /// A body of known length.
    pub(super) fn into_body(self, headers: &mut HeaderMap) -> Body {
        headers.insert(header::CONTENT_LENGTH, self.len().into());
        let pieces = std::iter::once(self.first)
            .chain(std::iter::repeat_n(self.repeated, self.times))
            .chain(std::iter::once(self.last));
        Body::from_stream(stream::iter(pieces.map(Ok::<_, Infallible>)))
    }
}

/// A body that would be good, if there were no end of spaces after it.
pub(super) fn huge(good: Bytes) -> Large {
    static SPACES: [u8; 64 * 1024] = [b' '; 64 * 1024];
    let spaces = HUGE.saturating_sub(good.len());
    Large {
        first: good,
        repeated: Bytes::from_static(&SPACES),
        times: spaces / SPACES.len(),
        last: Bytes::from_static(&SPACES[..spaces % SPACES.len()]),
    }
}

/// The start of gzip, and then a block of a kind that does not exist.
pub(super) fn bad_gzip() -> Bytes {
    Bytes::from_static(b"\x1f\x8b\x08\0\0\0\0\0\0\xff\xff\xff\xff\xff no gzip \xff\xff\xff\xff")
}

/// Spaces, so many that no machine should ask for them all. The stream is one, of many equal pieces: each begins on a
/// byte and looks back at none before it.
pub(super) fn gzip_bomb() -> Large {
    static PIECE: LazyLock<(Bytes, Crc)> = LazyLock::new(|| {
        let spaces = vec![b' '; CHUNK];
        let mut crc = Crc::new();
        crc.update(&spaces);
        let mut piece = Vec::with_capacity(CHUNK);
        let compressed =
            Compress::new(Compression::best(), false).compress_vec(&spaces, &mut piece, FlushCompress::Full);
        debug_assert!(matches!(compressed, Ok(Status::Ok)), "the piece has room: {compressed:?}");
        (piece.into(), crc)
    });
    let (piece, crc) = &*PIECE;
    let times = BOMB / CHUNK;
    let mut whole = Crc::new();
    for _ in 0..times {
        whole.combine(crc);
    }
    // An empty last block, then what was compressed: its checksum, and its length modulo 2^32.
    let last = [&b"\x03\0"[..], &whole.sum().to_le_bytes(), &whole.amount().to_le_bytes()].concat();
    let first = Bytes::from_static(b"\x1f\x8b\x08\0\0\0\0\0\x02\xff");
    Large { first, repeated: piece.clone(), times, last: last.into() }
}

/// The good body with a byte of Latin-1 in its first text.
pub(super) fn invalid_utf8(good: &[u8]) -> Vec<u8> {
    // After the colon of a member there is a value; without one, the first text is good enough.
    let text = [&b":\""[..], b": \"", b"\""].into_iter().find_map(|start| Some(find(good, start)? + start.len()));
    match text {
        Some(place) => [&good[..place], b"\xe9", &good[place..]].concat(),
        None => b"\"\xe9\"".to_vec(),
    }
}

/// The good body, and the first key of its first object stands there once more.
pub(super) fn duplicate_keys(good: &[u8]) -> Vec<u8> {
    let twice = || {
        let place = find(good, b"{")? + 1;
        let mut members = serde_json::Deserializer::from_slice(&good[place..]).into_iter::<serde_json::Value>();
        members.next()?.ok().filter(serde_json::Value::is_string)?;
        let colon = place + members.byte_offset() + find(&good[place + members.byte_offset()..], b":")? + 1;
        let mut values = serde_json::Deserializer::from_slice(&good[colon..]).into_iter::<serde::de::IgnoredAny>();
        values.next()?.ok()?;
        let end = colon + values.byte_offset();
        Some([&good[..end], b", ", &good[place..]].concat())
    };
    twice().unwrap_or_else(|| b"{\"twice\": 1, \"twice\": 1}".to_vec())
}

/// An object in an object, and so on: the good key over and over.
pub(super) fn deep_json() -> String {
    "{\"data\":".repeat(DEEP) + "null" + &"}".repeat(DEEP)
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    memchr::memmem::find(text, wanted)
}

#[cfg(test)]
mod tests {
    use super::{duplicate_keys, invalid_utf8};

    #[test]
    fn the_first_member_stands_there_twice() {
        let twice = |good: &str| String::from_utf8(duplicate_keys(good.as_bytes())).expect("UTF-8");
        assert_eq!(twice(r#"{"a": {"b": "}"}, "c": 1}"#), r#"{"a": {"b": "}"}, "a": {"b": "}"}, "c": 1}"#);
        assert_eq!(twice(r#"[{"a\"":[1,2] }]"#), r#"[{"a\"":[1,2], "a\"":[1,2] }]"#);
        for none in ["{}", "[]", "", "1", "<p>{</p>"] {
            assert_eq!(twice(none), r#"{"twice": 1, "twice": 1}"#, "{none}");
        }
    }

    #[test]
    fn a_value_is_no_text_any_more() {
        assert_eq!(invalid_utf8(br#"{"a": 1, "b": "c"}"#), b"{\"a\": 1, \"b\": \"\xe9c\"}");
        assert_eq!(invalid_utf8(br#"["c"]"#), b"[\"\xe9c\"]");
        assert_eq!(invalid_utf8(b""), b"\"\xe9\"");
    }
}
