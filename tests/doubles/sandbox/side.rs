//! Pings, introspection, and paths that lead nowhere.

use super::common::{Site, tree};
use reqwest::Method;
use serde_json::{Value, json};
use vigie_sandbox::Options;
use vigie_sandbox::api_particulier::{EXHAUSTED, EXPIRED, NO_SCOPES, TOKEN};

async fn site() -> Site {
    Site::of(&tree(), &Options::default()).await
}

#[tokio::test]
async fn pings_need_no_token_and_no_bucket_counts_them() {
    let site = site().await;
    for path in ["/api/ping", "/api/impots/ping", "/api/caf/ping"] {
        let seen = site.send(Method::GET, path, &[]).await;
        assert_eq!((seen.status, seen.json()), (200, json!("pong")), "{path}");
        assert_eq!(seen.header("ratelimit-limit"), "");
        let stored = site.send(Method::GET, path, &[("prefer", "example=500")]).await;
        assert_eq!((stored.status, stored.code().as_str()), (500, "error"), "{path}");
        let unknown = site.send(Method::GET, path, &[("prefer", "example=x")]).await;
        assert_eq!(unknown.status, 404, "{path}");
    }
}

#[tokio::test]
async fn every_listed_provider_is_well_and_others_are_unknown() {
    let site = site().await;
    let list = site.send(Method::GET, "/api/pings", &[]).await.json();
    let urls: Vec<&str> = list.as_array().into_iter().flatten().filter_map(|row| row["url"].as_str()).collect();
    assert!(urls.contains(&"/api/cnav/ping"), "{list}");
    for url in urls {
        let seen = site.send(Method::GET, url, &[]).await;
        assert_eq!((seen.status, &seen.json()["status"]), (200, &json!("ok")), "{url}");
        assert!(seen.json()["last_update"].as_str().is_some_and(|text| text.ends_with('Z')), "{url}");
    }
    let seen = site.send(Method::GET, "/api/nobody/ping", &[]).await;
    assert_eq!((seen.status, seen.json()), (404, json!({})));
}

#[tokio::test]
async fn introspection_tells_the_scopes_of_a_token() {
    let site = site().await;
    let scopes = |body: &Value| body["scopes"].as_array().cloned().unwrap_or_default();
    let every = site.key("/api/introspect", TOKEN).await;
    assert_eq!((every.status, &every.json()["name"]), (200, &json!("")));
    assert!(every.json()["_id"].is_string());
    assert!(scopes(&every.json()).len() > 50 && scopes(&every.json()).contains(&json!("cnaf_adresse")));
    let none = site.key("/api/introspect", NO_SCOPES).await;
    assert_eq!(scopes(&none.json()), Vec::<Value>::new());
    let target = "/api/introspect?token=sandbox-scopes:cnaf_enfants,cnaf_adresse,unheard_of";
    let some = site.send(Method::GET, target, &[]).await;
    assert_eq!(scopes(&some.json()), [json!("cnaf_adresse"), json!("cnaf_enfants")]);
    for token in [EXPIRED, "nobody", ""] {
        let seen = site.key("/api/introspect", token).await;
        assert_eq!((seen.status, seen.code().as_str()), (401, "access_denied"), "{token}");
    }
    assert_eq!(site.key("/api/introspect", EXHAUSTED).await.status, 429);
}

#[tokio::test]
async fn retired_paths_are_gone_for_everybody() {
    let site = site().await;
    for path in ["/api/v2/avis-imposition", "/api/impots/svair", "/api/caf/famille"] {
        let seen = site.send(Method::GET, path, &[]).await;
        assert_eq!(seen.status, 410, "{path}");
        assert!(seen.header("content-type").starts_with("text/plain"), "{path}");
    }
}

#[tokio::test]
async fn a_path_of_another_version_is_told_apart_from_an_unknown_one() {
    let site = site().await;
    for (path, code) in [
        ("/v4/dss/quotient_familial/identite", "00402"),
        ("/v12/cnous/etudiant_boursier/ine", "00402"),
        ("/v3/dss/nothing", "00404"),
        ("/v3", "not_found"),
        ("/api/v2/nothing", "not_found"),
        ("/api/v3/pings", "not_found"),
        ("/", "not_found"),
    ] {
        let seen = site.send(Method::GET, path, &[]).await;
        assert_eq!((seen.status, seen.code().as_str()), (404, code), "{path}");
    }
}

#[tokio::test]
async fn only_reading_is_possible() {
    let site = site().await;
    for path in ["/v3/dss/quotient_familial/identite", "/api/ping", "/api/v2/etudiants", "/api/introspect"] {
        let seen = site.send(Method::POST, path, &[]).await;
        assert_eq!((seen.status, seen.header("allow")), (405, "GET, HEAD"), "{path}");
    }
    let head = site.send(Method::HEAD, "/api/ping", &[]).await;
    assert_eq!((head.status, head.text.as_str(), head.header("content-length")), (200, "", "6"));
}
