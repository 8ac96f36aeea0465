//! Quotas, their headers, and identical requests in flight.

use super::common::{CIVIL, QF, QF_CASE, QF_ID, RECIPIENT, Site};
use vigie_sandbox::Options;
use vigie_sandbox::api_particulier::{EXHAUSTED, TOKEN, TWIN};

const V2: &str = "/api/v2/situations-pole-emploi?identifiant=x";

async fn site(quota: Option<u32>) -> Site {
    Site::new(&[(QF_ID, "200", QF_CASE)], &Options { quota, ..Options::default() }).await
}

fn number(text: &str) -> u64 {
    text.parse().unwrap_or_else(|error| panic!("{text:?}: {error}"))
}

#[tokio::test]
async fn an_exhausted_token_is_told_when_to_come_back() {
    let site = site(None).await;
    let seen = site.bearer(QF, EXHAUSTED).await;
    assert_eq!((seen.status, seen.code().as_str()), (429, "00429"));
    assert_eq!(seen.header("ratelimit-remaining"), "0");
    assert!(number(seen.header("retry-after")) >= 1);
    let flat = site.key(V2, EXHAUSTED).await;
    assert_eq!(flat.status, 429);
    assert!(flat.json()["errors"][0].is_string(), "{}", flat.text);
}

#[tokio::test]
async fn without_a_quota_the_headers_tell_the_limit_of_the_provider() {
    let site = site(None).await;
    for _ in 0..50 {
        let seen = site.bearer(&format!("{QF}?{RECIPIENT}&{CIVIL}"), TOKEN).await;
        assert_eq!(seen.status, 200);
        assert_eq!((seen.header("ratelimit-limit"), seen.header("ratelimit-remaining")), ("20", "19"));
        assert!(number(seen.header("ratelimit-reset")) > 1_700_000_000);
        assert_eq!(seen.header("retry-after"), "");
    }
}

#[tokio::test]
async fn with_a_quota_each_token_and_version_has_a_bucket_of_its_own() {
    let site = site(Some(1)).await;
    let mut spent = None;
    // The bucket refills once a second: a thousand requests take less than that long each.
    for _ in 0..1_000 {
        let seen = site.bearer(QF, TOKEN).await;
        if seen.status == 429 {
            spent = Some(seen);
            break;
        }
        assert_eq!(seen.header("ratelimit-limit"), "1");
    }
    let spent = spent.expect("the quota is spent");
    assert_eq!((spent.code().as_str(), spent.header("ratelimit-remaining")), ("00429", "0"));
    assert!(number(spent.header("retry-after")) >= 1);
    assert_eq!(site.key(V2, TOKEN).await.status, 404, "v2 has a bucket of its own");
    let other = site.bearer(QF, "sandbox-scopes:cnaf_adresse").await;
    assert_eq!(other.status, 422, "another token has a bucket of its own");
}

#[tokio::test]
async fn the_second_of_two_identical_requests_is_refused() {
    let site = site(None).await;
    let target = format!("{QF}?{RECIPIENT}&{CIVIL}");
    let (one, other) = tokio::join!(site.bearer(&target, TWIN), site.bearer(&target, TWIN));
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    let refused = if one.status == 409 { one } else { other };
    assert_eq!(refused.code(), "00015");
    let target = format!("{V2}&recipient=13002526500013");
    let (one, other) = tokio::join!(site.key(&target, TWIN), site.key(&target, TWIN));
    assert_eq!([one.code(), other.code()].iter().filter(|code| *code == "conflict").count(), 1);
}

#[tokio::test]
async fn other_tokens_send_what_they_like_at_once() {
    let site = site(None).await;
    let target = format!("{QF}?{RECIPIENT}&{CIVIL}");
    let (one, other) = tokio::join!(site.bearer(&target, TOKEN), site.bearer(&target, TOKEN));
    assert_eq!([one.status, other.status], [200, 200]);
}
