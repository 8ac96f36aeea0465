//! Headers of every answer, bytes that are no request, and the life of a server.

use super::common::{CIVIL, QF, QF_CASE, QF_ID, Site, client, contracts, corpus, file};
use reqwest::Method;
use std::collections::HashSet;
use std::io::{Read, Write};
use std::net::TcpStream;
use vigie_sandbox::api_particulier::{TOKEN, sandbox};
use vigie_sandbox::{Options, SandboxError};

async fn site() -> Site {
    Site::new(&[(QF_ID, "200", QF_CASE)], &Options::default()).await
}

#[tokio::test]
async fn every_answer_has_an_identifier_of_its_own() {
    let site = site().await;
    let mut ids = HashSet::new();
    for target in [QF, "/v3/nothing", "/api/ping", "/api/v2/avis-imposition", "/api/v2/etudiants", "/", QF] {
        let seen = site.bearer(target, TOKEN).await;
        assert_eq!(seen.header("x-request-id").len(), 36, "{target}");
        assert!(ids.insert(seen.header("x-request-id").to_owned()), "{target}");
    }
}

#[tokio::test]
async fn the_media_type_is_that_of_the_version() {
    let site = site().await;
    assert_eq!(site.get(QF, CIVIL).await.header("content-type"), "application/vnd.api+json");
    assert_eq!(site.get(QF, "").await.header("content-type"), "application/vnd.api+json");
    assert_eq!(site.key("/api/v2/etudiants", TOKEN).await.header("content-type"), "application/json");
    assert_eq!(site.send(Method::GET, "/v3/nothing", &[]).await.header("content-type"), "application/vnd.api+json");
}

#[tokio::test]
async fn only_the_200s_of_the_cached_family_tell_about_the_cache() {
    let site = site().await;
    let seen = site.get(QF, CIVIL).await;
    assert_eq!(seen.header("x-response-cached"), "false");
    assert_eq!(seen.headers.get("x-cache-expires-in").map(reqwest::header::HeaderValue::as_bytes), Some(&b""[..]));
    let seen = site.get(QF, &CIVIL.replace("Jean", "Paul")).await;
    assert_eq!((seen.status, seen.header("x-response-cached")), (404, ""));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bytes_that_are_no_request_do_no_harm() {
    let site = site().await;
    for bytes in [
        &b"\xff\xfe\x00"[..],
        b"GET\r\n\r\n",
        b"GET /v3/%ff%zz?%=%&=&&a=%e2%82 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
        b"GET /api/v2/etudiants?nom=\xff HTTP/1.1\r\nhost: x\r\nx-api-key: \xff\r\nconnection: close\r\n\r\n",
        b"GET /v3/mesri/statut_etudiant/ine HTTP/1.1\r\nhost: x\r\nauthorization: B\xc3\xa9\xff\xff\xff\xffr x\r\nconnection: close\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
    ] {
        let mut stream = TcpStream::connect(site.running.address()).expect("it listens");
        stream.write_all(bytes).expect("it reads");
        stream.shutdown(std::net::Shutdown::Write).expect("it is open");
        let mut answer = Vec::new();
        // A connection that is reset is an answer too.
        drop(stream.read_to_end(&mut answer));
        assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 4"), "{}", String::from_utf8_lossy(&answer));
    }
    assert_eq!(site.send(Method::GET, "/api/ping", &[]).await.status, 200);
}

#[tokio::test]
async fn a_port_in_use_is_named_with_the_way_out() {
    let site = site().await;
    let address = site.running.address();
    let scopes = file("specs/api-particulier/scopes.yml");
    let again = sandbox(&contracts(), &scopes, &corpus(&[]), &Options::default()).expect("it can be made");
    let error = again.start(address).await.expect_err("the port is in use");
    assert!(matches!(error, SandboxError::Bind { address: named, .. } if named == address));
    assert!(error.to_string().contains("choose another port"), "{error}");
}

#[tokio::test]
async fn it_stops_when_it_is_told_to() {
    let site = site().await;
    let url = format!("{}/api/ping", site.running.base_url());
    assert!(client().get(&url).send().await.is_ok());
    site.running.stop().await;
    assert!(client().get(&url).send().await.is_err());
}

#[tokio::test]
async fn it_stops_when_it_is_dropped() {
    let site = site().await;
    let url = format!("{}/api/ping", site.running.base_url());
    assert!(client().get(&url).send().await.is_ok());
    drop(site);
    // The server takes notice between two requests at the latest; each attempt is one.
    let mut refused = false;
    for _ in 0..1_000 {
        refused = client().get(&url).send().await.is_err();
        if refused {
            break;
        }
    }
    assert!(refused);
}

#[test]
fn a_list_of_scopes_that_is_none_is_refused() {
    let error = sandbox(&[], "- a\n- b\n", &corpus(&[]), &Options::default()).err();
    assert!(error.expect("it is a list").to_string().starts_with("scopes.yml: "));
}
