//! Mobilic: the three kinds of token, the OAuth flow, sessions, and errors under HTTP 200.

use super::host::{Host, json};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use vigie::clients::mobilic::{self, Client, OAuth, OAuthError, Session, SessionError};
use vigie::clients::{Coded, Credentials, Error, GraphqlAnswer};

/// A client of a host that always gives one answer.
fn client(status: u16, body: &'static str, credentials: Credentials) -> (Host, Client) {
    let host = Host::start(move |_| json(status, body));
    let client = Client::connect(&host.url, credentials).expect("a base URL");
    (host, client)
}

fn sent(host: &Host) -> Value {
    serde_json::from_slice(&host.requests()[0].body).expect("JSON")
}

#[tokio::test]
async fn variables_go_below_the_document_and_those_that_are_not_set_are_absent() {
    let answer = r#"{"data": {"activities": {"createMission": {"id": 1, "name": "Rennes", "companyId": 4001, "submitterId": 2, "receptionTime": 1700000000, "context": null, "vehicle": null}}}}"#;
    let (host, client) = client(200, answer, mobilic::user("token-1", 123_456_789));
    let call = client.create_mission().body_map(|mission| mission.company_id(4001).name("Rennes"));
    let answer = call.send().await.expect("an answer");
    let mission = answer.data.as_ref().and_then(|data| data.activities.as_ref()?.create_mission.as_ref());
    assert_eq!(mission.map(|mission| (mission.id, mission.name.as_deref())), Some((1, Some("Rennes"))));
    assert!(answer.errors().is_empty() && answer.whole().is_ok());

    let request = &host.requests()[0];
    assert_eq!(request.line, "POST /graphql");
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!(request.header("content-length"), Some(request.body.len().to_string().as_str()));
    assert!(request.header("api-version").is_none());
    let body = sent(&host);
    assert_eq!(body["variables"], serde_json::json!({"companyId": 4001, "name": "Rennes"}));
    assert!(body["query"].as_str().is_some_and(|query| query.starts_with("mutation createMission(")), "{body}");
    assert!(!format!("{client:?}").contains("token-1"));
}

#[tokio::test]
async fn an_operation_without_variables_is_its_document() {
    let (host, client) =
        client(200, r#"{"data": {"checkAuth": {"success": true, "userId": 7}}}"#, Credentials::default());
    let answer = client.check_auth().send().await.expect("an answer");
    assert_eq!(answer.data.as_ref().and_then(|data| data.check_auth.user_id), Some(7));
    let body = sent(&host);
    assert_eq!(body.as_object().map(serde_json::Map::len), Some(1), "{body}");
    assert_eq!(host.requests()[0].header("content-type"), Some("application/json"));
}

#[tokio::test]
async fn each_kind_of_token_has_its_headers_and_its_path() {
    let names = ["authorization", "x-client-id", "x-employment-token", "x-api-key"];
    let answer = r#"{"data": {"checkAuth": {"success": true, "userId": 7}, "employmentToken": null}}"#;
    for (credentials, expected) in [
        (mobilic::user("t", 123), [Some("Bearer t"), Some("123"), None, None]),
        (mobilic::employment("t", 123), [None, Some("123"), Some("t"), None]),
        (mobilic::software("mobilic_live_t", 123), [None, Some("123"), None, Some("mobilic_live_t")]),
    ] {
        let (host, client) = client(200, answer, credentials);
        client.check_auth().send().await.expect("an answer");
        let call = client.employment_token().body_map(|body| body.client_id(123).employment_id(5001));
        assert!(
            call.send().await.expect("an answer").data.as_ref().is_some_and(|data| data.employment_token.is_none())
        );
        let requests = host.requests();
        assert_eq!(names.map(|name| requests[0].header(name)), expected);
        assert_eq!([&requests[0].line, &requests[1].line], ["POST /graphql", "POST /protected"]);
    }
}

#[tokio::test]
async fn errors_under_http_200_keep_their_codes_and_the_data_beside_them() {
    let answer = r#"{"errors": [{"message": "'NoneType' object", "path": ["me", 0]}, {"message": "Error", "extensions": {"code": "OVERLAPPING_MISSIONS", "conflictingMission": {"id": 3, "name": null}, "later": 1}}], "data": {"checkAuth": {"success": true, "userId": null}}}"#;
    let (_host, client) = client(200, answer, Credentials::default());
    let answer = client.check_auth().send().await.expect("an answer");
    assert_eq!(answer.code(), Some("OVERLAPPING_MISSIONS"));
    let codes: Vec<Option<&str>> = answer.errors().iter().map(Coded::code).collect();
    assert_eq!(codes, [None, Some("OVERLAPPING_MISSIONS")]);
    let error = answer.whole().expect_err("there are errors");
    assert_eq!(error.to_string(), "the operation was answered with 2 errors (OVERLAPPING_MISSIONS)");
    assert_eq!(answer.data.as_ref().and_then(|data| data.check_auth.success), Some(true), "the data is still there");
    let extensions = answer.errors()[1].extensions.as_ref().expect("it has some");
    assert_eq!(extensions.conflicting_mission.as_ref().and_then(|mission| mission.id), Some(3));
    assert_eq!(extensions.extra["later"], 1);
}

#[tokio::test]
async fn no_data_at_all_and_a_document_that_is_not_executed_are_no_panic() {
    let refused = r#"{"errors": [{"message": "m", "extensions": {"code": "AUTHENTICATION_ERROR"}}], "data": null}"#;
    let (_host, one) = client(200, refused, Credentials::default());
    let answer = one.check_auth().send().await.expect("an answer");
    assert_eq!((answer.code(), answer.data.is_none()), (Some("AUTHENTICATION_ERROR"), true));
    let (_host, one) = client(200, r#"{"errors": [{"message": "m"}]}"#, Credentials::default());
    let answer = one.check_auth().send().await.expect("an answer without data");
    assert!(answer.data.is_none() && answer.whole().is_err());
    let (_host, one) = client(400, r#"{"errors": [{"message": "Syntax Error"}]}"#, Credentials::default());
    let error = one.check_auth().send().await.expect_err("a 400");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(400));
    assert!(error.api().is_some());
    let (_host, one) = client(200, "<html>", Credentials::default());
    assert!(matches!(one.check_auth().send().await, Err(Error::Decode { .. })));
}

#[tokio::test]
async fn files_come_as_bytes() {
    let host = Host::start(|_| (200, vec![("Content-Type", "application/zip".to_owned())], vec![80, 75, 3, 4, 255]));
    let client = Client::connect(&host.url, mobilic::user("t", 1)).expect("a base URL");
    let call = client.generate_tachograph_files().body_map(|body| {
        body.company_ids(vec![4001]).min_date("2026-01-01").max_date("2026-01-31").employee_version(false)
    });
    let answer = call.send().await.expect("an answer");
    assert_eq!(&answer[..], [80, 75, 3, 4, 255]);
    assert_eq!(answer.headers()["content-type"], "application/zip");
    let expected = serde_json::json!({
        "company_ids": [4001], "min_date": "2026-01-01", "max_date": "2026-01-31", "employee_version": false});
    assert_eq!(sent(&host), expected);
}

fn oauth() -> OAuth {
    let redirect_uri = "http://localhost:3000/callback?from=mobilic".to_owned();
    OAuth { client_id: 123_456_789, client_secret: "s3cret-of-the-software".into(), redirect_uri }
}

#[test]
fn the_page_to_agree_on_and_the_way_back_hang_on_the_state() {
    let url = oauth().authorize_url(mobilic::WEB_SANDBOX, "state 1&2").expect("a URL");
    assert_eq!(
        url,
        "https://sandbox.mobilic.beta.gouv.fr/oauth/authorize?response_type=code&client_id=123456789\
         &redirect_uri=http%3A%2F%2Flocalhost%3A3000%2Fcallback%3Ffrom%3Dmobilic&state=state+1%262"
    );
    let code = oauth().code("/callback?from=mobilic&code=s3cret-code&state=state+1%262", "state 1&2").expect("a code");
    assert_eq!(code.expose_secret(), "s3cret-code");
    for callback in ["/callback?code=c", "/callback?code=c&state=other", "/callback?error=access_denied&state=other"] {
        assert!(matches!(oauth().code(callback, "mine"), Err(OAuthError::State)), "{callback}");
    }
    let denied = oauth().code("http://localhost:3000/callback?error=access_denied&state=mine", "mine");
    assert!(matches!(denied, Err(OAuthError::Denied(error)) if error == "access_denied"));
    let denied = oauth().code("/callback?error=s3cret-code&state=mine", "mine").expect_err("it is denied");
    assert!(!format!("{denied} {denied:?}").contains("s3cret"), "{denied}");
    assert!(matches!(oauth().code("/callback?code=&state=mine", "mine"), Err(OAuthError::NoCode)));
    assert!(matches!(oauth().authorize_url("mobilic", "s"), Err(OAuthError::Connect(_))));
    assert!(!format!("{:?}", oauth()).contains("s3cret"));
}

#[tokio::test]
async fn a_code_is_exchanged_for_a_token() {
    let host = Host::start(|_| json(200, r#"{"access_token": "s3cret-token", "token_type": "Bearer"}"#));
    let token = oauth().exchange(&host.url, &"s3cret code".into()).await.expect("a token");
    assert_eq!(token.expose_secret(), "s3cret-token");
    let request = &host.requests()[0];
    assert_eq!(request.line, "POST /oauth/token");
    assert_eq!(request.header("content-type"), Some("application/x-www-form-urlencoded"));
    let mut pairs: Vec<&str> = request.text().split('&').collect();
    pairs.sort_unstable();
    let expected = [
        "client_id=123456789",
        "client_secret=s3cret-of-the-software",
        "code=s3cret+code",
        "grant_type=authorization_code",
        "redirect_uri=http%3A%2F%2Flocalhost%3A3000%2Fcallback%3Ffrom%3Dmobilic",
    ];
    assert_eq!(pairs, expected);
}

#[tokio::test]
async fn a_refused_code_says_which_error_and_shows_nothing_else() {
    for (status, body, expected) in [
        (400, r#"{"error": "invalid_grant", "error_description": "s3cret"}"#, "400 Bad Request (invalid_grant)"),
        (401, r#"{"error": "invalid_client"}"#, "401 Unauthorized (invalid_client)"),
        (
            500,
            r#"{"error": "s3cret", "error_code": "INTERNAL_SERVER_ERROR"}"#,
            "500 Internal Server Error (INTERNAL_SERVER_ERROR)",
        ),
        (502, "<html>s3cret", "502 Bad Gateway"),
        // A server that says the secrets back.
        (400, r#"{"error": "s3cret-code"}"#, "400 Bad Request (a code that is not documented, of 11 characters)"),
        (
            401,
            r#"{"error": "invalid_client s3cret-of-the-software", "error_code": "s3cret-of-the-software"}"#,
            "401 Unauthorized (a code that is not documented, of 22 characters)",
        ),
    ] {
        let host = Host::start(move |_| json(status, body));
        let error = oauth().exchange(&host.url, &"s3cret-code".into()).await.expect_err("it is refused");
        assert_eq!(error.to_string(), format!("the provider answered {expected}"));
        assert!(!format!("{error:?}").contains("s3cret"), "{error:?}");
    }
    for body in ["<html>", "{}", r#"{"access_token": "", "token_type": "Bearer"}"#] {
        let host = Host::start(move |_| json(200, body));
        let error = oauth().exchange(&host.url, &"c".into()).await.expect_err("there is no token");
        assert!(matches!(error, OAuthError::NoToken), "{error}");
    }
    let nobody = oauth().exchange("http://127.0.0.1:9", &"c".into()).await;
    assert!(matches!(nobody, Err(OAuthError::Connection(_))));
}

#[tokio::test]
async fn a_refresh_token_is_used_once_and_the_new_ones_from_then_on() {
    let host = Host::start(|request| match (request.line.as_str(), request.header("authorization")) {
        ("POST /token/refresh", Some("Bearer s3cret-refresh-1")) => {
            json(200, r#"{"access_token": "s3cret-access-2", "refresh_token": "s3cret-refresh-2"}"#)
        }
        ("POST /graphql", Some("Bearer s3cret-access-2")) => {
            json(200, r#"{"data": {"checkAuth": {"success": true, "userId": 7}}}"#)
        }
        _ => json(401, r#"{"error": "Refresh token is invalid", "error_code": "AUTHENTICATION_ERROR"}"#),
    });
    let tokens = ("s3cret-access-1", "s3cret-refresh-1");
    let mut session = Session::new(&host.url, tokens.0, tokens.1).expect("a session");
    assert!(session.client().check_auth().send().await.is_err(), "the host knows the second token only");
    session.refresh().await.expect("new tokens");
    let tokens = [session.access_token(), session.refresh_token()].map(SecretString::expose_secret);
    assert_eq!(tokens, ["s3cret-access-2", "s3cret-refresh-2"]);
    session.client().check_auth().send().await.expect("an answer");
    let error = session.refresh().await.expect_err("the host takes the first refresh token only");
    assert_eq!(error.to_string(), "the provider answered 401 Unauthorized (AUTHENTICATION_ERROR)");
    assert_eq!(session.access_token().expose_secret(), "s3cret-access-2", "a refusal leaves what is good");
    assert!(!format!("{session:?} {error:?}").contains("s3cret"));

    let host = Host::start(|_| json(200, r#"{"access_token": "", "refresh_token": "r"}"#));
    let mut session = Session::new(&host.url, "a", "r").expect("a session");
    assert!(matches!(session.refresh().await, Err(SessionError::NoTokens)));
}
