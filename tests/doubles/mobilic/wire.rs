//! Forms of requests, and what every answer has.

use super::common::{Double, Seen};
use serde_json::json;

async fn post(double: &Double, path: &str, media_type: &str, body: &str) -> Seen {
    double.send(double.request("POST", path).header("Content-Type", media_type).body(body.to_owned())).await
}

#[tokio::test]
async fn documents_come_in_every_form_but_plain_text() {
    let double = Double::start().await;
    for (media_type, body) in [
        ("application/json", r#"{"query": "{ __typename }"}"#),
        ("application/json; charset=utf-8", r#"{"query": "{ __typename }", "other": 1}"#),
        ("application/graphql", "{ __typename }"),
        ("application/x-www-form-urlencoded", "query=%7B+__typename+%7D"),
    ] {
        let seen = post(&double, "/graphql", media_type, body).await;
        assert_eq!((seen.status, seen.text.as_str()), (200, r#"{"data":{"__typename":"Queries"}}"#), "{media_type}");
    }
    let seen = post(&double, "/graphql", "text/plain", r#"{"query": "{ __typename }"}"#).await;
    assert_eq!((seen.status, seen.error().0.as_str()), (400, "Must provide query string."));
    assert!(seen.json().get("data").is_none());
}

#[tokio::test]
async fn what_is_no_request_says_why() {
    let double = Double::start().await;
    for (body, message) in [
        ("{oops", "POST body sent invalid JSON."),
        ("\"hello\"", "GraphQL params should be a dict. Received 'hello'."),
        ("{}", "Must provide query string."),
        (r#"{"query": "{ me { id } }", "variables": "{"}"#, "Variables are invalid JSON."),
        (r#"{"query": "query A { me { id } }", "operationName": "B"}"#, "Unknown operation named \"B\"."),
    ] {
        let seen = post(&double, "/graphql", "application/json", body).await;
        assert_eq!((seen.status, seen.error().0.as_str()), (400, message), "{body}");
    }
}

#[tokio::test]
async fn a_batch_answers_in_order_with_its_worst_status() {
    let double = Double::start().await;
    let batch = |items: &[&str]| json!(items.iter().map(|item| json!({"query": item})).collect::<Vec<_>>()).to_string();
    let send = async |path: &str, body: String| post(&double, path, "application/json", &body).await;
    let good = send("/graphql", batch(&["{ __typename }", "{ me { id } }"])).await;
    assert_eq!(good.status, 200);
    assert_eq!(good.json()[0]["data"]["__typename"], "Queries");
    assert_eq!(good.json()[1]["errors"][0]["extensions"]["code"], "AUTHENTICATION_ERROR");
    let half = send("/graphql", batch(&["{ nothing }", "{ __typename }"])).await;
    assert_eq!((half.status, half.json()[1]["data"]["__typename"].as_str()), (400, Some("Queries")));
    let refused = [
        (
            "/graphql",
            batch(&["{ __typename }"; 11]),
            "Batch request contains too many operations. Maximum allowed is 10.",
        ),
        ("/graphql", batch(&[]), "Received an empty list in the batch request."),
        ("/protected", batch(&["{ __typename }"]), "Batch GraphQL requests are not enabled."),
    ];
    for (path, body, message) in refused {
        let seen = send(path, body).await;
        assert_eq!((seen.status, seen.error().0.as_str()), (400, message));
    }
}

#[tokio::test]
async fn other_methods_read_or_are_refused() {
    let double = Double::start().await;
    let query = double.send(double.request("GET", "/graphql?query=%7B__typename%7D&pretty=1")).await;
    assert_eq!((query.status, query.text.as_str()), (200, "{\n  \"data\": {\n    \"__typename\": \"Queries\"\n  }\n}"));
    let mutation =
        double.send(double.request("GET", "/graphql?query=mutation%7Bauth%7Blogout%7Bsuccess%7D%7D%7D")).await;
    assert_eq!((mutation.status, mutation.headers["allow"].to_str().ok()), (405, Some("POST")));
    for method in ["PUT", "DELETE"] {
        let seen = double.send(double.request(method, "/graphql")).await;
        assert_eq!((seen.status, seen.error().0.as_str()), (405, "GraphQL only supports GET and POST requests."));
    }
    let head = double.send(double.request("HEAD", "/graphql")).await;
    assert_eq!((head.status, head.text.as_str()), (405, ""));
    for (method, path, status, code) in [
        ("PATCH", "/graphql", 405, "METHOD_NOT_ALLOWED"),
        ("POST", "/graphql/", 404, "NOT_FOUND"),
        ("GET", "/oauth/token", 405, "METHOD_NOT_ALLOWED"),
        ("GET", "/token/refresh", 405, "METHOD_NOT_ALLOWED"),
    ] {
        let seen = double.send(double.request(method, path)).await;
        assert_eq!((seen.status, seen.json()["error_code"].as_str()), (status, Some(code)), "{method} {path}");
    }
}

#[tokio::test]
async fn every_answer_names_the_double_and_is_ascii() {
    let double = Double::start().await;
    let session = double.sign_in("noe.lambert@deuxrives.test").await;
    let answers = [
        double
            .ask(
                "/graphql",
                "{ me { firstName nothing: phoneNumber } company(id: 1) { id } }",
                &[("Authorization", &session)],
            )
            .await,
        double.send(double.request("GET", "/nowhere")).await,
        double.send(double.request("OPTIONS", "/graphql").header("Origin", "https://carnet.test")).await,
    ];
    for seen in &answers {
        assert!(seen.headers["server"].to_str().is_ok_and(|server| server.starts_with("vigie-sandbox/")));
        assert!(seen.headers.contains_key("content-type"));
        assert!(seen.text.is_ascii());
    }
    assert_eq!(answers[2].headers["access-control-allow-origin"], "https://carnet.test");
    assert!(answers[0].text.starts_with(r#"{"errors":["#), "errors come before data: {}", answers[0].text);
    assert!(answers[0].text.ends_with(r#""data":{"me":{"firstName":"No\u00e9","nothing":null},"company":null}}"#));
}

#[tokio::test]
async fn introspection_is_open_and_that_of_2016() {
    let double = Double::start().await;
    for (path, root) in [("/graphql", "Queries"), ("/protected", "ProtectedQueries"), ("/unexposed", "PrivateQueries")]
    {
        let document =
            "{ __schema { queryType { name } directives { name } types { name kind inputFields { name } } } }";
        let schema = double.ask(path, document, &[]).await.json()["data"]["__schema"].clone();
        assert_eq!(schema["queryType"]["name"], root);
        let names: Vec<&str> =
            schema["directives"].as_array().into_iter().flatten().filter_map(|own| own["name"].as_str()).collect();
        assert_eq!(names, ["skip", "include"]);
    }
    for document in [
        "{ __schema { description } }",
        "{ __type(name: \"Int\") { specifiedByURL } }",
        "{ __schema { directives { isRepeatable } } }",
        "{ __schema { directives { args(includeDeprecated: true) { name } } } }",
    ] {
        assert_eq!(double.ask("/graphql", document, &[]).await.status, 400, "{document}");
    }
}

#[tokio::test]
async fn a_fragment_that_spreads_itself_is_told_as_the_server_does() {
    let double = Double::start().await;
    let seen = double.ask("/graphql", "{ me { ...A } } fragment A on User { ...A }", &[]).await;
    assert_eq!((seen.status, seen.error().0.as_str()), (400, "maximum recursion depth exceeded"));
}
