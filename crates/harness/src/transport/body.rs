//! Reads a body to its end, or to the limit of a check, and undoes its encoding: nobody asked for one, yet proxies compress.

use super::Outage;
use bytes::Bytes;
use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use http::HeaderMap;
use http::header::CONTENT_ENCODING;
use std::io::Read;
use tokio::sync::Semaphore;
use vigie_contract::bounds;
use vigie_exchange::Response;

/// The longest body that is read, as it comes and as it is when its encoding is undone.
pub const MOST: usize = 32 << 20;
/// A body up to here is read whenever it comes; of larger ones, few at once.
const SMALL: usize = 1 << 20;
/// How many large bodies are read or inflated at once, whatever the number of jobs.
static LARGE: Semaphore = Semaphore::const_new(2);

/// What undoes an encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Gzip,
    Deflate,
}

/// Reads an answer to its end. The headers stay as they came.
pub(super) async fn read(response: reqwest::Response) -> Result<Response, Outage> {
    let (status, headers) = (response.status(), response.headers().clone());
    let body = whole(response, MOST).await?;
    // Its bytes are bounded; what they are read into takes many times as much for each value.
    if bounds::is_beyond(&body, bounds::MOST_OF_BODY) {
        return Err(Outage::TooMany(bounds::MOST_OF_BODY));
    }
    Ok(Response { status, headers, body: body.into() })
}

/// The bytes of an answer, if they are no more than that, both as they come and when their encoding is undone.
pub(crate) async fn whole(mut response: reqwest::Response, most: usize) -> Result<Bytes, Outage> {
    let encoding = encoding(response.headers())?;
    let too_large = |length: u64| usize::try_from(length).map_or(true, |length| length > most);
    if response.content_length().is_some_and(too_large) {
        return Err(Outage::TooLarge(most));
    }
    let mut body = Vec::new();
    let mut turn = None;
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > most {
            return Err(Outage::TooLarge(most));
        }
        if turn.is_none() && body.len() + chunk.len() > SMALL {
            // Nobody closes it, so there is no error.
            turn = LARGE.acquire().await.ok();
        }
        body.extend_from_slice(&chunk);
    }
    let body = match encoding {
        // An empty body has no encoding, whatever a header says: `204`, or a proxy's `304`.
        Some(encoding) if !body.is_empty() => {
            // Nobody knows beforehand how large it gets.
            turn = if turn.is_some() { turn } else { LARGE.acquire().await.ok() };
            undone(encoding, body, most).await?
        }
        _ => Bytes::from(body),
    };
    drop(turn);
    Ok(body)
}

/// Encodings that are told by their names.
const ENCODINGS: [&str; 6] = ["br", "compress", "deflate", "gzip", "x-gzip", "zstd"];

/// The encoding that is to be undone. One that nobody asked for and that we do not know leaves nothing to judge.
fn encoding(headers: &HeaderMap) -> Result<Option<Encoding>, Outage> {
    let told = headers.get_all(CONTENT_ENCODING).iter().map(|value| value.to_str().unwrap_or("?"));
    let names = told.flat_map(|value| value.split(',')).map(|name| name.trim().to_ascii_lowercase());
    let names: Vec<String> = names.filter(|name| !name.is_empty() && name != "identity").collect();
    match names.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => Ok(None),
        ["gzip" | "x-gzip"] => Ok(Some(Encoding::Gzip)),
        ["deflate"] => Ok(Some(Encoding::Deflate)),
        _ => {
            // A host may say anything in the place of one: what is told is what is known.
            let known = names.iter().filter(|name| ENCODINGS.contains(&name.as_str())).map(String::as_str);
            let told = known.collect::<Vec<_>>().join(", ");
            Err(Outage::Broken(format!("nobody asked for the encoding `{told}`, and it cannot be undone")))
        }
    }
}

/// The plain body. Inflating takes long enough to keep other calls waiting, so it has a thread of its own.
async fn undone(encoding: Encoding, body: Vec<u8>, most: usize) -> Result<Bytes, Outage> {
    let undo = move || match encoding {
        Encoding::Gzip => inflate(MultiGzDecoder::new(&body[..]), "gzip", most),
        // Some servers leave the frame out that the name promises.
        Encoding::Deflate if has_zlib_frame(&body) => inflate(ZlibDecoder::new(&body[..]), "deflate", most),
        Encoding::Deflate => inflate(DeflateDecoder::new(&body[..]), "deflate", most),
    };
    let undone = tokio::task::spawn_blocking(undo).await;
    // A panic is a defect of ours, and must not pass for an answer.
    undone.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
}

fn inflate(decoder: impl Read, name: &str, most: usize) -> Result<Bytes, Outage> {
    let mut plain = Vec::new();
    // One byte more than may be: whether there is one is all that matters.
    let read = decoder.take(most as u64 + 1).read_to_end(&mut plain);
    read.map_err(|_| Outage::Broken(format!("the body is no whole {name}")))?;
    if plain.len() > most { Err(Outage::TooLarge(most)) } else { Ok(plain.into()) }
}

/// RFC 1950, 2.2: method 8, and a checksum over the first two bytes.
fn has_zlib_frame(body: &[u8]) -> bool {
    matches!(body, [first, second, ..] if first & 0x0f == 8 && u16::from_be_bytes([*first, *second]) % 31 == 0)
}

#[cfg(test)]
mod tests {
    use super::{Encoding, MOST, Outage, bounds, encoding, read, undone};
    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
    use http::{HeaderMap, HeaderValue};
    use std::io::Write;

    const PLAIN: &[u8] = br#"{"data": {"nom": "KERMORVAN"}}"#;

    fn gzip(plain: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(plain).and_then(|()| encoder.finish()).expect("memory takes all")
    }

    fn told(values: &[&'static str]) -> Result<Option<Encoding>, Outage> {
        let values = values.iter().map(|value| (http::header::CONTENT_ENCODING, HeaderValue::from_static(value)));
        encoding(&values.collect::<HeaderMap>())
    }

    #[tokio::test]
    async fn what_is_whole_comes_out_as_it_was_and_what_is_cut_is_told() {
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::fast());
        zlib.write_all(PLAIN).expect("memory takes all");
        let mut raw = DeflateEncoder::new(Vec::new(), Compression::fast());
        raw.write_all(PLAIN).expect("memory takes all");
        let two_members = [gzip(&PLAIN[..7]), gzip(&PLAIN[7..])].concat();
        for (encoding, body) in [
            (Encoding::Gzip, gzip(PLAIN)),
            (Encoding::Gzip, two_members),
            (Encoding::Deflate, zlib.finish().expect("memory takes all")),
            (Encoding::Deflate, raw.finish().expect("memory takes all")),
        ] {
            assert_eq!(undone(encoding, body.clone(), MOST).await.expect("it is whole"), PLAIN);
            let cut = undone(encoding, body[..body.len() - 5].to_vec(), MOST).await;
            assert!(matches!(cut, Err(Outage::Broken(_))), "{encoding:?}: {cut:?}");
        }
        assert!(matches!(undone(Encoding::Gzip, PLAIN.to_vec(), MOST).await, Err(Outage::Broken(_))));
    }

    #[tokio::test]
    async fn what_inflates_beyond_the_limit_is_left_there() {
        let at_the_limit = undone(Encoding::Gzip, gzip(&[b' '; 99]), 99).await.expect("it is within");
        assert_eq!(at_the_limit.len(), 99);
        assert_eq!(undone(Encoding::Gzip, gzip(&[b' '; 100]), 99).await, Err(Outage::TooLarge(99)));
    }

    #[tokio::test]
    async fn a_body_of_too_many_values_is_left_unread() {
        let list = |count: usize| format!("[{}1]", "1,".repeat(count));
        for (body, fits) in [
            (list(1_000), true),
            (list(bounds::MOST_OF_BODY), false),
            (format!("[\"{}\"]", ",".repeat(bounds::MOST_OF_BODY)), true),
        ] {
            let read = read(http::Response::new(body).into()).await;
            assert_eq!(read.err(), (!fits).then_some(Outage::TooMany(bounds::MOST_OF_BODY)));
        }
    }

    #[test]
    fn an_encoding_that_cannot_be_undone_is_named() {
        assert_eq!(told(&[]), Ok(None));
        assert_eq!(told(&["identity"]), Ok(None));
        assert_eq!(told(&["GZip"]), Ok(Some(Encoding::Gzip)));
        for (values, name) in
            [(&["br"][..], "`br`"), (&["gzip, br"], "`gzip, br`"), (&["gzip", "gzip"], "`gzip, gzip`")]
        {
            assert!(matches!(told(values), Err(Outage::Broken(reason)) if reason.contains(name)), "{values:?}");
        }
    }
}
