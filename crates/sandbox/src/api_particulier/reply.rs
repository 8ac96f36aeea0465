//! The headers that every answer carries.

use crate::quota::Tally;
use crate::reply::Reply;
use axum::http::header::{ALLOW, HeaderName, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::atomic::{AtomicU64, Ordering};

/// Media type of v3 answers, which the document calls `application/json`.
pub(super) const JSON_API: HeaderValue = HeaderValue::from_static("application/vnd.api+json");

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const LIMIT: HeaderName = HeaderName::from_static("ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("ratelimit-reset");
const CACHED: HeaderName = HeaderName::from_static("x-response-cached");
const EXPIRES_IN: HeaderName = HeaderName::from_static("x-cache-expires-in");

/// One answer to one request.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) reply: Reply,
    /// Absent when no bucket counts the request.
    pub(super) tally: Option<Tally>,
    /// Whether the operation states its cache.
    pub(super) cached_family: bool,
}

impl From<&Reply> for Answer {
    fn from(reply: &Reply) -> Self {
        Self { reply: reply.clone(), tally: None, cached_family: false }
    }
}

impl Answer {
    /// The response, with the identifier of this request.
    pub(super) fn into_response(self, request_id: HeaderValue) -> Response {
        let status = self.reply.status;
        let mut response = self.reply.into_response();
        let headers = response.headers_mut();
        headers.insert(REQUEST_ID, request_id);
        if let Some(tally) = self.tally {
            headers.insert(LIMIT, tally.limit.into());
            headers.insert(REMAINING, tally.remaining.into());
            headers.insert(RESET, tally.reset.into());
        }
        if status == StatusCode::TOO_MANY_REQUESTS {
            // A stored 429 has no bucket of ours behind it: a second is the period of the provider's.
            let seconds = self.tally.and_then(|tally| tally.retry_after).unwrap_or(1);
            headers.insert(RETRY_AFTER, seconds.into());
        }
        if self.cached_family && status == StatusCode::OK {
            // The sandbox never caches; the time left is then empty.
            headers.insert(CACHED, HeaderValue::from_static("false"));
            headers.insert(EXPIRES_IN, HeaderValue::from_static(""));
        }
        if status == StatusCode::METHOD_NOT_ALLOWED {
            headers.insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        }
        response
    }
}

/// Identifiers of requests, in the form of a random UUID; unique, and no secret.
pub(super) struct RequestIds {
    seeds: [u64; 2],
    next: AtomicU64,
}

impl RequestIds {
    pub(super) fn new() -> Self {
        let random = RandomState::new();
        Self { seeds: [random.hash_one(0), random.hash_one(1)], next: AtomicU64::new(0) }
    }

    pub(super) fn next(&self) -> HeaderValue {
        let count = self.next.fetch_add(1, Ordering::Relaxed);
        let [high, low] = self.seeds.map(|seed| mix(seed.wrapping_add(count)));
        let number = (u128::from(high) << 64) | u128::from(low);
        // Version 4 and variant 1, as RFC 9562 has them.
        let number = (number & !(0xf << 76) & !(0x3 << 62)) | (0x4 << 76) | (0x2 << 62);
        let mut text = [b'-'; 36];
        let places = (0..36).filter(|place| ![8, 13, 18, 23].contains(place));
        for (digit, place) in places.enumerate() {
            text[place] = b"0123456789abcdef"[((number >> (124 - 4 * digit)) & 0xf) as usize];
        }
        HeaderValue::from_bytes(&text).expect("hexadecimal digits and dashes are a header value")
    }
}

/// The finaliser of SplitMix64: a bijection, so that no two counts meet.
fn mix(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

#[cfg(test)]
mod tests {
    use super::RequestIds;
    use std::collections::HashSet;

    #[test]
    fn request_identifiers_are_distinct_uuids() {
        let ids = RequestIds::new();
        let seen: HashSet<String> = (0..10_000).map(|_| ids.next().to_str().expect("it is ASCII").to_owned()).collect();
        assert_eq!(seen.len(), 10_000);
        for id in &seen {
            assert_eq!((id.len(), &id[14..15]), (36, "4"), "{id}");
            assert!(id[19..20].contains(['8', '9', 'a', 'b']), "{id}");
        }
    }
}
