//! Kaizala: tokens, their renewal, endpoints that move, and what is never sent or shown.

use super::host::{Answer, Host, json};
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use vigie::clients::kaizala::{CallError, Client, Connector, Session, SessionError};
use vigie::clients::{Credentials, Multipart};

/// 2100-01-01, in milliseconds.
const LATER: u64 = 4_102_444_800_000;

fn connector() -> Connector {
    Connector::new("connector-1", "s3cret-of-the-connector")
}

/// A token answer for an endpoint.
fn token(endpoint: &str, more: &str) -> Answer {
    json(
        200,
        &format!(r#"{{"accessToken": "s3cret-access", "endpointUrl": "{endpoint}", "scope": "token.write"{more}}}"#),
    )
}

fn later(more: &str) -> String {
    format!(r#", "accessTokenExpiry": {LATER}{more}"#)
}

/// An endpoint whose groups are always the same.
fn endpoint() -> Host {
    Host::start(|_| json(200, r#"{"groups": [{"groupId": "g@1", "groupName": "Quai 4"}]}"#))
}

async fn open(token_service: &Host) -> Result<Session, SessionError> {
    Session::open(&token_service.url, connector(), "s3cret-refresh").await
}

/// The number of groups, or why there are none.
async fn groups(session: &mut Session) -> Result<usize, CallError<vigie::clients::kaizala::types::Error>> {
    let answer = session.call(|client| async move { client.list_groups().send().await }).await?;
    Ok(answer.groups.iter().flatten().count())
}

#[tokio::test]
async fn a_refresh_token_becomes_an_access_token_that_goes_to_the_endpoint_alone() {
    let endpoint = endpoint();
    let url = endpoint.url.clone();
    let service = Host::start(move |_| token(&format!("{url}/"), &later("")));
    let mut session = open(&service).await.expect("a session");
    assert_eq!(session.base_url(), format!("{}/v1", endpoint.url));
    assert_eq!(groups(&mut session).await.expect("an answer"), 1);

    let asked = &service.requests()[0];
    assert_eq!(asked.line, "GET /v1/accessToken");
    let sent = ["applicationid", "applicationsecret", "refreshtoken", "accesstoken"].map(|name| asked.header(name));
    assert_eq!(sent, [Some("connector-1"), Some("s3cret-of-the-connector"), Some("s3cret-refresh"), None]);
    let called = &endpoint.requests()[0];
    assert_eq!(called.line, "GET /v1/groups");
    assert_eq!(called.header("accesstoken"), Some("s3cret-access"));
    assert!(called.header("refreshtoken").is_none() && called.header("applicationsecret").is_none());
    assert!(!format!("{session:?} {:?}", connector()).contains("s3cret"), "{session:?}");
}

#[tokio::test]
async fn an_access_token_expires_when_the_answer_says_so_and_is_renewed_before_the_next_call() {
    let endpoint = endpoint();
    let (url, asked) = (endpoint.url.clone(), AtomicUsize::new(0));
    let service = Host::start(move |_| match asked.fetch_add(1, Ordering::Relaxed) {
        0 => token(&url, r#", "accessTokenExpiry": 1500000000000"#),
        _ => token(&url, &later("")),
    });
    let mut session = open(&service).await.expect("a session");
    let expiry = UNIX_EPOCH + Duration::from_secs(1_500_000_000);
    assert!(session.is_expired(expiry) && !session.is_expired(expiry - Duration::from_millis(1)));
    groups(&mut session).await.expect("an answer");
    assert_eq!(service.requests().len(), 2);
    assert!(!session.is_expired(SystemTime::now()));
    groups(&mut session).await.expect("an answer");
    assert_eq!(service.requests().len(), 2);
}

#[tokio::test]
async fn a_new_refresh_token_is_told_once_and_used_from_then_on() {
    for (member, expected) in [
        (r#", "refreshToken": "s3cret-new""#, Some("s3cret-new")),
        (r#", "refreshToken": "s3cret-refresh""#, None),
        (r#", "refreshToken": """#, None),
        (r#", "refreshToken": null"#, None),
        ("", None),
    ] {
        let service = Host::start(move |_| token("http://127.0.0.1:9", &later(member)));
        let mut session = open(&service).await.expect("a session");
        assert_eq!(session.rotated().as_ref().map(SecretString::expose_secret), expected, "{member}");
        assert!(session.rotated().is_none());
        session.renew().await.expect("another token");
        let used = service.requests()[1].header("refreshtoken").map(str::to_owned);
        assert_eq!(used.as_deref(), Some(expected.unwrap_or("s3cret-refresh")), "{member}");
    }
}

#[tokio::test]
async fn a_moved_endpoint_is_followed_by_a_bare_base_and_by_a_whole_url() {
    for suffix in ["", "/", "/v1/groups"] {
        let new = endpoint();
        let location = format!("{}{suffix}", new.url);
        let old = Host::start(move |_| (308, vec![("location", location.clone())], Vec::new()));
        let url = old.url.clone();
        let service = Host::start(move |_| token(&url, &later("")));
        let mut session = open(&service).await.expect("a session");
        assert_eq!(groups(&mut session).await.expect("an answer"), 1, "{suffix}");
        assert_eq!(groups(&mut session).await.expect("an answer"), 1);
        assert_eq!((old.requests().len(), new.requests().len()), (1, 2), "the new endpoint is kept");
        assert_eq!(new.requests()[0].line, "GET /v1/groups");
        assert_eq!(new.requests()[0].header("accesstoken"), Some("s3cret-access"));
    }
}

#[tokio::test]
async fn a_moved_token_service_is_followed_and_endless_moves_end() {
    let new = Host::start(|_| token("http://127.0.0.1:9", &later("")));
    let location = format!("{}/v1/accessToken", new.url);
    let old = Host::start(move |_| (308, vec![("location", location.clone())], Vec::new()));
    open(&old).await.expect("a session");
    assert_eq!(new.requests()[0].header("refreshtoken"), Some("s3cret-refresh"));

    let same = Host::start(|_| (308, vec![("location", "/v1/accessToken".to_owned())], Vec::new()));
    assert!(matches!(open(&same).await, Err(SessionError::Circle)));
    let count = Arc::new(AtomicUsize::new(0));
    let moves = Arc::clone(&count);
    let endless = Host::start(move |_| {
        let number = moves.fetch_add(1, Ordering::Relaxed);
        (308, vec![("location", format!("/{number}"))], Vec::new())
    });
    let url = endless.url.clone();
    let service = Host::start(move |_| token(&url, &later("")));
    let mut session = open(&service).await.expect("a session");
    let error = groups(&mut session).await.expect_err("it never ends");
    assert!(matches!(error, CallError::Session(SessionError::Circle)), "{error}");
    assert_eq!(count.load(Ordering::Relaxed), 4);
}

#[tokio::test]
async fn a_throttled_call_says_how_long_to_wait() {
    for (header, expected) in [("30", Some(30)), ("soon", None)] {
        let throttled = move || (429, vec![("Retry-After", header.to_owned())], b"<p>slow down".to_vec());
        let endpoint = Host::start(move |_| throttled());
        let url = endpoint.url.clone();
        let service = Host::start(move |_| token(&url, &later("")));
        let mut session = open(&service).await.expect("a session");
        let error = groups(&mut session).await.expect_err("it is throttled");
        assert!(matches!(error, CallError::Throttled { seconds } if seconds == expected), "{error}");
        let service = Host::start(move |_| throttled());
        let error = open(&service).await.expect_err("it is throttled");
        assert!(matches!(error, SessionError::Throttled { seconds } if seconds == expected), "{error}");
    }
}

#[tokio::test]
async fn a_refusal_has_its_code_and_a_strange_answer_says_what_it_lacks() {
    let refused = r#"{"message": "s3cret", "errorCode": "InvalidToken", "errorCategoryKey": "AuthException"}"#;
    let service = Host::start(move |_| json(401, refused));
    let error = open(&service).await.expect_err("it is refused");
    assert_eq!(error.to_string(), "the token service answered 401 Unauthorized (InvalidToken)");
    let echo = r#"{"message": "s3cret-refresh", "errorCode": "s3cret-refresh", "errorCategoryKey": "s3cret"}"#;
    let service = Host::start(move |_| json(401, echo));
    let error = open(&service).await.expect_err("it is refused");
    assert!(
        error.to_string().ends_with("401 Unauthorized (a code that is not documented, of 14 characters)"),
        "{error}"
    );
    assert!(!format!("{error} {error:?}").contains("s3cret"), "{error:?}");
    for (body, expected) in [
        ("<html>", "JSON"),
        (r#"{"endpointUrl": "http://127.0.0.1:9"}"#, "accessToken"),
        (r#"{"accessToken": "s3cret"}"#, "endpointUrl"),
        (r#"{"accessToken": "", "endpointUrl": "http://127.0.0.1:9"}"#, "accessToken"),
    ] {
        let service = Host::start(move |_| json(200, body));
        let error = open(&service).await.expect_err("it is no token answer");
        assert!(matches!(error, SessionError::Incomplete(lacks) if lacks == expected), "{error}");
        assert!(!format!("{error} {error:?}").contains("s3cret"));
    }
    let service = Host::start(|_| token("kms.kaiza.la", &later("")));
    assert!(matches!(open(&service).await, Err(SessionError::Endpoint)));
    let nobody = Session::open("http://127.0.0.1:9", connector(), "s3cret-refresh").await;
    assert!(matches!(nobody, Err(SessionError::Connection(_))), "{nobody:?}");
    let broken = Session::open(&service.url, connector(), "line\nbreak").await;
    assert!(matches!(broken, Err(SessionError::Credential(_))), "{broken:?}");
}

#[tokio::test]
async fn an_error_of_a_call_keeps_its_code() {
    let endpoint = Host::start(|_| json(400, r#"{"message": "m", "errorCode": "InvalidParameters"}"#));
    let url = endpoint.url.clone();
    let service = Host::start(move |_| token(&url, &later("")));
    let mut session = open(&service).await.expect("a session");
    match groups(&mut session).await {
        Err(CallError::Call(error)) => {
            assert_eq!(error.api().and_then(|body| body.error_code.as_deref()), Some("InvalidParameters"));
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_file_is_sent_as_multipart() {
    let endpoint = Host::start(|_| json(200, r#"{"mediaResource": "m"}"#));
    let client = Client::connect(&format!("{}/v1", endpoint.url), Credentials::anonymous()).expect("a base URL");
    let file = Multipart::new().file("files", "quai.png", "image/png", vec![137, 80, 78, 71]);
    let answer = client.upload_media().body(file).send().await.expect("an answer");
    assert_eq!(answer.media_resource.as_deref(), Some("m"));
    let sent = &endpoint.requests()[0];
    assert_eq!(sent.header("content-type"), Some("multipart/form-data; boundary=part-0"));
    assert_eq!(sent.header("content-length"), Some(sent.body.len().to_string().as_str()));
    assert!(sent.body.ends_with(b"image/png\r\n\r\n\x89PNG\r\n--part-0--\r\n"));
}
