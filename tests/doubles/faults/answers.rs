//! Faults that are answers of HTTP.

use super::common::{BODY, PATH, PATIENCE, Seen, always, ask, get};
use serde_json::{Value, json};
use std::io::Read;
use std::time::{Duration, SystemTime};
use tokio::io::AsyncReadExt;
use vigie_sandbox::SERVER;
use vigie_sandbox::faults::Kind;

async fn seen(kind: Kind) -> Seen {
    let seen = get(&always(kind).await).await;
    assert!(!seen.reset, "{kind:?}");
    assert_eq!(seen.header("content-length"), seen.parts().1.len().to_string(), "{kind:?}");
    seen
}

#[tokio::test]
async fn what_comes_from_a_gateway_does_not_say_that_it_is_a_sandbox() {
    for (kind, status, page) in [
        (Kind::Page, 200, true),
        (Kind::Maintenance, 503, true),
        (Kind::BadGateway, 502, true),
        (Kind::Redirect, 302, true),
    ] {
        let seen = seen(kind).await;
        assert_eq!((seen.status(), seen.header("server")), (status, ""), "{kind:?}");
        assert_eq!(seen.header("content-type").starts_with("text/html"), page, "{kind:?}");
        assert_eq!(seen.parts().1.starts_with(b"<!DOCTYPE html>"), page, "{kind:?}");
    }
}

#[tokio::test]
async fn refusals_in_json_are_json() {
    for (kind, status) in [(Kind::Error, 500), (Kind::Quota, 429)] {
        let seen = seen(kind).await;
        assert_eq!((seen.status(), seen.header("content-type")), (status, "application/json"), "{kind:?}");
        assert!(serde_json::from_slice::<Value>(seen.parts().1).is_ok(), "{kind:?}");
    }
}

#[tokio::test]
async fn who_is_to_come_again_is_told_when() {
    for kind in [Kind::Maintenance, Kind::Quota] {
        let after: Result<u64, _> = seen(kind).await.header("retry-after").parse();
        assert!(after.is_ok_and(|after| after > 0), "{kind:?}");
    }
}

#[tokio::test]
async fn redirect_leads_to_where_it_was_asked() {
    assert_eq!(seen(Kind::Redirect).await.header("location"), PATH);
}

#[tokio::test]
async fn a_spoilt_answer_is_the_good_one_but_for_one_thing() {
    let type_ = seen(Kind::WrongType).await;
    assert_eq!((type_.status(), type_.header("server")), (200, SERVER));
    assert_eq!((type_.header("content-type"), type_.parts().1), ("text/plain; charset=utf-8", BODY.as_bytes()));

    let empty = seen(Kind::Empty).await;
    assert_eq!((empty.status(), empty.header("content-type")), (200, "application/vnd.api+json"));
    assert!(empty.parts().1.is_empty());

    let latin = seen(Kind::InvalidUtf8).await;
    assert!(std::str::from_utf8(latin.parts().1).is_err());
    let mended: Vec<u8> = latin.parts().1.iter().copied().filter(u8::is_ascii).collect();
    assert_eq!(mended, BODY.as_bytes());

    let twice = seen(Kind::DuplicateKeys).await;
    let text = std::str::from_utf8(twice.parts().1).expect("UTF-8");
    assert_eq!((text.matches("\"data\"").count(), BODY.matches("\"data\"").count()), (2, 1));
    let good: Value = serde_json::from_str(BODY).expect("JSON");
    assert_eq!(serde_json::from_str::<Value>(text).ok(), Some(good), "the last of both is the same");
}

#[tokio::test]
async fn skew_is_the_clock_of_yesterday() {
    let seen = seen(Kind::Skew).await;
    assert_eq!((seen.status(), seen.parts().1), (200, BODY.as_bytes()));
    let date = httpdate::parse_http_date(seen.header("date")).expect("a date");
    let behind = SystemTime::now().duration_since(date).expect("it is past");
    assert!(behind.abs_diff(Duration::from_secs(86_400)) < PATIENCE, "{behind:?}");
}

#[tokio::test]
async fn deep_json_is_json_that_is_too_deep() {
    let seen = seen(Kind::DeepJson).await;
    let body = std::str::from_utf8(seen.parts().1).expect("UTF-8");
    assert_eq!((body.matches('{').count(), body.matches('}').count()), (100_000, 100_000));
    let error = serde_json::from_str::<Value>(body).expect_err("it is too deep");
    assert!(error.to_string().starts_with("recursion limit"), "{error}");
}

#[tokio::test]
async fn bad_gzip_is_none() {
    let seen = seen(Kind::BadGzip).await;
    assert_eq!((seen.status(), seen.header("content-encoding")), (200, "gzip"));
    let mut inflated = Vec::new();
    assert!(flate2::read::GzDecoder::new(seen.parts().1).read_to_end(&mut inflated).is_err());
}

#[tokio::test]
async fn gzip_bomb_is_small_and_inflates_to_more_than_a_gigabyte() {
    let seen = seen(Kind::GzipBomb).await;
    assert_eq!(seen.header("content-encoding"), "gzip");
    let body = seen.parts().1;
    assert!(body.len() < 2 << 20, "{}", body.len());
    // To its end: the checksum and the length at the end of the stream are right.
    let mut decoder = flate2::read::GzDecoder::new(body);
    let inflated = std::io::copy(&mut decoder, &mut std::io::sink()).expect("it is gzip");
    assert!(inflated > 1 << 30, "{inflated}");
}

#[tokio::test]
async fn huge_is_good_and_has_no_end() {
    let running = always(Kind::Huge).await;
    let mut stream = ask(running.address(), "GET", PATH).await;
    let mut piece = vec![0; 1 << 16];
    let (mut start, mut total) = (Vec::new(), 0);
    loop {
        let came = stream.read(&mut piece).await.expect("it is open");
        if came == 0 {
            break;
        }
        if total < 4_096 {
            start.extend(&piece[..came]);
        } else {
            assert!(piece[..came].iter().all(|byte| *byte == b' '));
        }
        total += came;
    }
    let start = Seen { bytes: start, reset: false };
    let length: usize = start.header("content-length").parse().expect("a length");
    assert_eq!((length, total), (100 << 20, (100 << 20) + start.parts().0.len() + 4));
    assert_eq!(serde_json::from_slice::<Value>(start.parts().1).expect("JSON")["links"], json!({}));
}
