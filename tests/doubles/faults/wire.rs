//! Faults of the connection.

use super::common::{BODY, PATH, PATIENCE, always, ask, get};
use std::time::Duration;
use tokio::io::AsyncReadExt;
use vigie_sandbox::faults::Kind;

#[tokio::test]
async fn refuse_resets_before_the_first_byte() {
    let seen = get(&always(Kind::Refuse).await).await;
    assert!(seen.reset && seen.bytes.is_empty(), "{seen:?}");
}

#[tokio::test]
async fn reset_breaks_off_in_the_body() {
    let seen = get(&always(Kind::Reset).await).await;
    let (_, body) = seen.parts();
    assert!(seen.reset && seen.status() == 200, "{seen:?}");
    assert_eq!(seen.header("content-length"), BODY.len().to_string());
    assert_eq!(body, &BODY.as_bytes()[..BODY.len() / 2]);
}

#[tokio::test]
async fn stall_says_nothing_and_stays_open() {
    let running = always(Kind::Stall).await;
    let mut stream = ask(running.address(), "GET", PATH).await;
    let waited = tokio::time::timeout(Duration::from_millis(300), stream.read_u8()).await;
    assert!(waited.is_err(), "{waited:?}");
}

#[tokio::test]
async fn drip_sends_the_body_byte_by_byte() {
    let running = always(Kind::Drip).await;
    let mut stream = ask(running.address(), "GET", PATH).await;
    let mut seen = Vec::new();
    while !seen.ends_with(b"\r\n\r\n") {
        seen.push(stream.read_u8().await.expect("the head comes at once"));
    }
    for expected in &BODY.as_bytes()[..2] {
        let mut room = [0; 100];
        let came = tokio::time::timeout(PATIENCE, stream.read(&mut room)).await.expect("it comes").expect("it is open");
        assert_eq!(room[..came], [*expected]);
    }
}

#[tokio::test]
async fn no_http_is_none() {
    let seen = get(&always(Kind::NoHttp).await).await;
    assert!(!seen.reset && !seen.bytes.is_empty() && !seen.bytes.starts_with(b"HTTP"), "{seen:?}");
}

#[tokio::test]
async fn a_length_can_be_more_or_less_than_the_body() {
    for (kind, length) in [(Kind::WrongLength, BODY.len() + 100), (Kind::ShortLength, BODY.len() / 2)] {
        let seen = get(&always(kind).await).await;
        assert_eq!(seen.header("content-length"), length.to_string(), "{kind:?}");
        assert_eq!((seen.parts().1, seen.reset), (BODY.as_bytes(), false), "{kind:?}");
    }
}
