use super::common::{Site, TENANT};
use serde_json::{Value, json};
use std::time::Instant;
use vigie::clients::kaizala::{CallError, Connector, Session};
use vigie_sandbox::kaizala::{
    CONNECTOR, DELETED_CONNECTOR, NOW, OTHER_CONNECTOR, PHONE, PIN, REDIRECT, SECRET, SPENT_CONNECTOR,
};
use vigie_sandbox::{Options, SERVER};

#[tokio::test]
async fn the_flow_of_the_user_page_ends_at_the_endpoint_that_the_answer_names() {
    let site = Site::new().await;
    let answer = site.refresh("sandbox-refresh-tenant").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("server"), SERVER);
    assert_eq!(answer.text("endpointUrl"), site.host("endpointUrl"));
    assert_ne!(site.host("endpointUrl"), site.host("token"));
    // 24 hours, in milliseconds.
    assert_eq!(answer.json["accessTokenExpiry"], json!((NOW + 86_400) * 1_000));
    let groups = site.call(&answer.text("accessToken"), "GET", "/groups", Value::Null).await;
    assert_eq!(groups.status, 200);
}

#[tokio::test]
async fn while_it_is_young_the_refresh_token_is_null_empty_or_absent() {
    let site = Site::new().await;
    assert_eq!(site.refresh("sandbox-refresh-tenant").await.json.get("refreshToken"), Some(&Value::Null));
    assert_eq!(site.refresh("sandbox-refresh-user").await.json.get("refreshToken"), Some(&json!("")));
    assert_eq!(site.refresh("sandbox-refresh-group").await.json.get("refreshToken"), None);
}

#[tokio::test]
async fn from_day_328_on_the_refresh_token_is_replaced() {
    let site = Site::new().await;
    assert_eq!(site.refresh("sandbox-refresh-day-327").await.json["refreshToken"], Value::Null);
    let next = site.refresh("sandbox-refresh-day-328").await.text("refreshToken");
    assert_eq!(site.refresh("sandbox-refresh-day-328").await.refusal(), (401, "Unauthenticated"));
    assert_eq!(site.refresh(&next).await.status, 200);
    // The seeded token of the same tenant is none of its business.
    assert_eq!(site.refresh("sandbox-refresh-tenant").await.status, 200);
}

#[tokio::test]
async fn what_is_not_good_is_refused_at_the_token_service() {
    let site = Site::new().await;
    for token in ["expired", "superseded", "other", "deleted", "unknown"] {
        let refused = site.refresh(&format!("sandbox-refresh-{token}")).await;
        assert_eq!(refused.refusal(), (401, "Unauthenticated"), "{token}");
        assert_eq!(refused.json["errorCategoryKey"], "AuthException");
    }
    let good = "sandbox-refresh-tenant";
    for (id, secret, token) in
        [(CONNECTOR, "wrong", good), ("nobody", SECRET, good), (DELETED_CONNECTOR, SECRET, "sandbox-refresh-deleted")]
    {
        assert_eq!(site.exchange(id, secret, token).await.refusal(), (401, "Unauthenticated"), "{id}");
    }
    assert_eq!(site.exchange(CONNECTOR, SECRET, "").await.refusal(), (401, "Unauthenticated"));
}

#[tokio::test]
async fn what_is_not_good_is_refused_at_the_endpoint() {
    let site = Site::new().await;
    for token in ["sandbox-access-expired", "sandbox-access-deleted", "sandbox-access-unknown", ""] {
        let refused = site.call(token, "GET", "/groups", Value::Null).await;
        assert_eq!(refused.refusal(), (401, "InvalidToken"), "{token}");
    }
    // A refresh token opens nothing here.
    let refused = site.call("sandbox-refresh-tenant", "GET", "/groups", Value::Null).await;
    assert_eq!(refused.refusal(), (401, "InvalidToken"));
}

#[tokio::test]
async fn a_moved_endpoint_points_to_the_new_one() {
    let site = Site::new().await;
    let answer = site.refresh("sandbox-refresh-moved").await;
    let (old, token) = (answer.text("endpointUrl"), answer.text("accessToken"));
    let moved = site.send(site.request("GET", &format!("{old}/v1/groups")).header("accessToken", &token)).await;
    assert_eq!((moved.status, moved.header("location")), (308, site.host("endpointUrl").as_str()));
    assert_eq!(site.call(&token, "GET", "/groups", Value::Null).await.status, 200);
    let moving = site.refresh("sandbox-refresh-moving").await;
    assert_eq!((moving.status, moving.header("location")), (308, site.host("endpointUrl").as_str()));
}

#[tokio::test]
async fn a_spent_connector_is_told_how_long_to_wait() {
    let site = Site::new().await;
    let refused = site.exchange(SPENT_CONNECTOR, SECRET, "sandbox-refresh-spent").await;
    assert_eq!((refused.status, refused.header("retry-after")), (429, "17"));
    let refused = site.call("sandbox-access-spent", "GET", "/groups", Value::Null).await;
    assert_eq!((refused.status, refused.header("retry-after")), (429, "17"));
}

#[tokio::test]
async fn with_a_quota_a_connector_has_a_hundred_calls_a_minute() {
    let site = Site::with(&Options { quota: Some(1), ..Options::default() }).await;
    let began = Instant::now();
    for _ in 0..50 {
        assert_eq!(site.get("/groups").await.status, 200);
        assert_eq!(site.refresh("sandbox-refresh-tenant").await.status, 200);
    }
    // Calls and refreshes share a bucket, which is refilled meanwhile by one call in 600 ms, and by no more.
    let mut further = 0;
    let refilled = || began.elapsed().as_millis() / 600 + 1;
    let refused = loop {
        let call = site.get("/groups").await;
        if call.status == 429 {
            break call;
        }
        further += 1;
        assert!(further <= refilled(), "{further}");
    };
    while site.refresh("sandbox-refresh-tenant").await.status != 429 {
        further += 1;
        assert!(further <= refilled(), "{further}");
    }
    assert!((1..=60).contains(&refused.header("retry-after").parse::<u64>().expect("seconds")));
    // Another connector has its own.
    assert_eq!(site.exchange(OTHER_CONNECTOR, SECRET, "sandbox-refresh-other").await.status, 200);
}

#[tokio::test]
async fn a_pin_is_good_once_as_a_number_or_as_a_text() {
    let site = Site::new().await;
    let token = site.host("token");
    let generate = || async {
        let body = json!({"mobileNumber": PHONE, "applicationId": CONNECTOR});
        site.send(site.request("POST", &format!("{token}/v1/generatePin")).body(body.to_string())).await
    };
    let login = |pin: Value| {
        let body = json!({"mobileNumber": PHONE, "applicationId": CONNECTOR, "pin": pin});
        let request = site.request("POST", &format!("{token}/v1/loginWithPinAndApplicationId"));
        site.send(request.body(body.to_string()))
    };
    assert_eq!(login(json!(PIN)).await.refusal(), (401, "Unauthenticated"));
    assert_eq!(generate().await.json, json!({}));
    assert_eq!(login(json!(123)).await.refusal(), (401, "Unauthenticated"));
    let first = login(json!(PIN)).await;
    assert_eq!(login(json!(PIN)).await.refusal(), (401, "Unauthenticated"));
    assert_eq!(first.json["refreshTokenExpiry"], json!((NOW + 365 * 86_400) * 1_000));
    assert_eq!(site.refresh(&first.text("refreshToken")).await.status, 200);
    // The token that was made before it by the same user is of no use any more; the tenant's is.
    assert_eq!(site.refresh("sandbox-refresh-user").await.refusal(), (401, "Unauthenticated"));
    assert_eq!(site.refresh("sandbox-refresh-tenant").await.status, 200);
    generate().await;
    let second = login(json!(PIN.parse::<u32>().expect("digits"))).await;
    assert_eq!(site.refresh(&first.text("refreshToken")).await.refusal(), (401, "Unauthenticated"));
    assert_eq!(site.refresh(&second.text("refreshToken")).await.status, 200);
}

#[tokio::test]
async fn a_code_of_oauth_is_good_once_and_comes_back_only_where_it_is_registered() {
    let site = Site::new().await;
    let token = site.host("token");
    let authorize = |redirect: &str| {
        let url = format!("{token}/api/Oauth/Authorize");
        site.send(site.request("GET", &url).query(&[("client_id", CONNECTOR), ("redirect_uri", redirect)]))
    };
    for elsewhere in ["https://elsewhere.example/", "no url", "http://127.0.0.1.example/"] {
        assert_eq!(authorize(elsewhere).await.refusal(), (400, "InvalidParameters"), "{elsewhere}");
    }
    assert!(authorize("http://127.0.0.1:4020/back?a=1").await.header("location").contains("/back?a=1&code="));
    let back = authorize(REDIRECT).await;
    assert_eq!(back.status, 302);
    let code = back.header("location").strip_prefix(&format!("{REDIRECT}?code=")).expect("a code").to_owned();
    let exchange = |secret: &str| {
        let form = format!("client_id={CONNECTOR}&client_secret={secret}&code={code}");
        site.send(site.request("POST", &format!("{token}/api/oauth/token")).body(form))
    };
    assert_eq!(exchange("wrong").await.refusal(), (401, "Unauthenticated"));
    let answer = exchange(SECRET).await;
    assert_eq!(exchange(SECRET).await.refusal(), (401, "Unauthenticated"));
    assert_eq!(site.call(&answer.text("accessToken"), "GET", "/groups", Value::Null).await.status, 200);
    assert_eq!(site.refresh(&answer.text("refreshToken")).await.status, 200);
}

#[tokio::test]
async fn the_typed_session_of_this_crate_lives_with_it() {
    let site = Site::new().await;
    let service = site.host("token");
    let open = |token: &'static str| Session::open(&service, Connector::new(CONNECTOR, SECRET), token);
    for token in ["sandbox-refresh-moved", "sandbox-refresh-moving", "sandbox-refresh-user"] {
        let mut session = open(token).await.unwrap_or_else(|error| panic!("{token}: {error}"));
        let answer = session.call(|client| async move { client.list_groups().send().await }).await;
        let groups = answer.unwrap_or_else(|error| panic!("{token}: {error}")).into_inner().groups;
        assert_eq!(groups.map(|groups| groups.len()), Some(2), "{token}");
    }
    let mut session = open("sandbox-refresh-day-328").await.expect("a session");
    assert!(session.rotated().is_some());
    let connector = Connector::new(SPENT_CONNECTOR, SECRET);
    let refused = Session::open(&site.host("token"), connector, "sandbox-refresh-spent").await.expect_err("a wait");
    assert!(refused.to_string().contains("17 s"), "{refused}");
    let refused = session.call(|client| async move { client.get_group().group_id("nobody").send().await }).await;
    assert!(matches!(refused, Err(CallError::Call(_))), "{refused:?}");
}

#[tokio::test]
async fn the_token_service_has_no_other_path_and_every_answer_says_what_it_is() {
    let site = Site::new().await;
    for (url, status) in [("/", 404), ("/v1/groups", 404), ("/v1/generatePin", 405), ("/api/oauth/token", 405)] {
        let answer = site.send(site.request("GET", &format!("{}{url}", site.host("token")))).await;
        assert_eq!(answer.status, status, "{url}");
        assert_eq!(answer.header("server"), SERVER, "{url}");
        assert_eq!(answer.header("content-type"), "application/json; charset=utf-8", "{url}");
    }
    for url in ["/", "/v2/groups", "/moved/v1/groups", "/subscribers/right"] {
        let answer = site.send(site.request("GET", &format!("{}{url}", site.host("endpointUrl")))).await;
        assert_eq!(answer.header("server"), SERVER, "{url}");
        assert!(!answer.header("content-type").is_empty(), "{url}");
    }
    assert_eq!(site.call(TENANT, "DELETE", "/groups", Value::Null).await.status, 405);
    assert_eq!(site.get("/nothing").await.status, 404);
    assert_eq!(site.get("/groups/%2F..%2Fx").await.status, 404);
}
