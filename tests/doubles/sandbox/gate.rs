//! Tokens, scopes, FranceConnect, and the order of the checks.

use super::common::{CIVIL, QF, QF_CASE, QF_ID, RECIPIENT, Site};
use reqwest::Method;
use serde_json::json;
use vigie_sandbox::Options;
use vigie_sandbox::api_particulier::{
    BLACKLISTED, EXHAUSTED, EXPIRED, FRANCE_CONNECT_ANONYMOUS, FRANCE_CONNECT_EXPIRED, FRANCE_CONNECT_MALFORMED,
    NO_SCOPES, TOKEN,
};

const V2: &str = "/api/v2/situations-pole-emploi";
const CONNECTED: &str = "/v3/dss/prime_activite/france_connect";

async fn site() -> Site {
    Site::new(&[(QF_ID, "200", QF_CASE)], &Options::default()).await
}

#[tokio::test]
async fn bad_tokens_are_401_with_their_code_and_no_bucket_counts_them() {
    let site = site().await;
    for (token, code) in [("nobody", "00101"), (EXPIRED, "00103"), (BLACKLISTED, "00105"), ("fc-expired", "00101")] {
        let seen = site.bearer(QF, token).await;
        assert_eq!((seen.status, seen.code().as_str()), (401, code), "{token}");
        assert_eq!(seen.header("ratelimit-limit"), "", "{token}");
        let flat = site.key(V2, token).await;
        assert_eq!((flat.status, flat.code().as_str()), (401, "access_denied"), "{token}");
        assert!(flat.json()["reason"].is_string() && flat.json()["message"].is_string());
    }
    for headers in [&[][..], &[("authorization", "Basic c2FuZGJveC10b2tlbg==")], &[("x-api-key", TOKEN)]] {
        let seen = site.send(Method::GET, QF, headers).await;
        assert_eq!((seen.status, seen.code().as_str()), (401, "00101"));
    }
    assert_eq!(site.send(Method::GET, V2, &[]).await.code(), "access_denied");
}

#[tokio::test]
async fn v2_also_reads_the_token_of_the_query() {
    let site = site().await;
    let seen = site.send(Method::GET, &format!("{V2}?identifiant=x&token={TOKEN}"), &[]).await;
    assert_eq!(seen.status, 404, "{}", seen.text);
    let seen = site.send(Method::GET, &format!("{V2}?identifiant=x&token=nobody"), &[]).await;
    assert_eq!(seen.status, 401, "{}", seen.text);
}

#[tokio::test]
async fn a_token_without_the_scopes_is_403_in_v3_and_401_in_v2() {
    let site = site().await;
    for token in [NO_SCOPES, "sandbox-scopes:men_statut_scolarite", "sandbox-scopes:"] {
        let seen = site.bearer(QF, token).await;
        assert_eq!((seen.status, seen.code().as_str()), (403, "00100"), "{token}");
        assert_eq!(seen.header("ratelimit-limit"), "20", "{token}");
        let flat = site.key(V2, token).await;
        assert_eq!((flat.status, flat.code().as_str()), (401, "access_denied"), "{token}");
    }
}

#[tokio::test]
async fn the_answer_of_a_token_with_some_scopes_is_masked() {
    let site = site().await;
    let target = format!("{QF}?{RECIPIENT}&{CIVIL}");
    let some = site.bearer(&target, "sandbox-scopes:cnaf_adresse,cnaf_enfants").await;
    assert_eq!(some.json(), json!({"data": {"enfants": [], "adresse": {}}}));
    let every = site.bearer(&target, TOKEN).await;
    assert_eq!(every.json()["data"].as_object().map(serde_json::Map::len), Some(4), "{}", every.text);
}

#[tokio::test]
async fn checks_come_in_the_order_of_the_provider() {
    let site = site().await;
    // Everything is wrong here; one thing after the other is mended.
    let bad = format!("{QF}?recipient=1&sexeEtatCivil=X");
    assert_eq!(site.bearer(&bad, "nobody").await.code(), "00101");
    assert_eq!(site.bearer(&bad, EXHAUSTED).await.code(), "00429");
    assert_eq!(site.bearer(&bad, NO_SCOPES).await.code(), "00100");
    assert_eq!(site.bearer(&bad, TOKEN).await.code(), "00210");
    assert_eq!(site.bearer(&format!("{QF}?{RECIPIENT}&sexeEtatCivil=X"), TOKEN).await.code(), "00366");
    assert_eq!(site.bearer(&format!("{QF}?{RECIPIENT}&{CIVIL}"), TOKEN).await.status, 200);
}

#[tokio::test]
async fn france_connect_tokens_have_codes_of_their_own() {
    let site = site().await;
    for (token, code) in [
        (FRANCE_CONNECT_MALFORMED, "50001"),
        ("", "50001"),
        ("two words", "50001"),
        (FRANCE_CONNECT_EXPIRED, "50002"),
        (TOKEN, "50002"),
        ("nobody", "50002"),
        (FRANCE_CONNECT_ANONYMOUS, "50003"),
    ] {
        let seen = site.bearer(CONNECTED, token).await;
        assert_eq!((seen.status, seen.code().as_str()), (401, code), "{token}");
        let flat = site.bearer("/api/v2/prime-activite", token).await;
        assert_eq!((flat.status, flat.code().as_str()), (401, "access_denied"), "{token}");
        assert_eq!(flat.header("ratelimit-limit"), "", "{token}");
    }
    assert_eq!(site.send(Method::GET, CONNECTED, &[]).await.code(), "00101");
}

#[tokio::test]
async fn in_v2_a_bearer_wins_over_the_api_token() {
    let site = site().await;
    let headers = [("x-api-key", TOKEN), ("authorization", "Bearer nobody")];
    let seen = site.send(Method::GET, &format!("{V2}?identifiant=x"), &headers).await;
    assert_eq!((seen.status, seen.code().as_str()), (401, "access_denied"));
}
