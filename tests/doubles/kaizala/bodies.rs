use super::common::{Seen, Site, TENANT};
use serde_json::{Value, json};
use vigie_sandbox::kaizala::{GROUP, MEMBER, PUBLIC_GROUP};

const MESSAGES: &str = "/groups/20000000-0000-4000-8000-000000000001/messages";

#[tokio::test]
async fn relaxed_json_and_keys_in_any_case_are_read() {
    let site = Site::new().await;
    for body in [
        r#"{"message": "Bonjour"}"#,
        r#"{Message: "Bonjour"}"#,
        r#"{ MESSAGE :"Bonjour", }"#,
        r#"{message: "{a: b,}", "subscribers": null}"#,
    ] {
        assert_eq!(site.raw(TENANT, "POST", MESSAGES, body).await.status, 200, "{body}");
    }
    let path = format!("/groups/{GROUP}/subgroups");
    assert_eq!(site.post(&path, json!({"Name": "B", "WelcomeMessage": "b"})).await.status, 200);
}

#[tokio::test]
async fn what_is_no_json_object_is_a_bad_request() {
    let site = Site::new().await;
    for body in ["\"message=hello\"", "message=hello", "{", "[]", "", "{\"message\": \"a\"} b", "\u{1}"] {
        let refused = site.raw(TENANT, "POST", MESSAGES, body).await;
        assert_eq!(refused.refusal(), (400, "InvalidParameters"), "{body}");
    }
    // Brackets without end are no reason to fall over.
    let deep = "[".repeat(100_000);
    assert_eq!(site.raw(TENANT, "POST", MESSAGES, &deep).await.status, 400);
}

#[tokio::test]
async fn limits_are_kept_to_the_last_one() {
    let site = Site::new().await;
    let message = |length: usize| site.post(MESSAGES, json!({"message": "é".repeat(length)}));
    assert_eq!(message(4_000).await.status, 200);
    assert_eq!(message(4_001).await.refusal(), (400, "InvalidParameters"));
    let members = |count: usize| {
        let phones: Vec<String> = (0..count).map(|number| format!("+3363998{number:04}")).collect();
        site.post("/groups", json!({"name": "A", "welcomeMessage": "a", "members": phones}))
    };
    assert_eq!(members(100).await.status, 200);
    assert_eq!(members(101).await.refusal(), (400, "InvalidParameters"));
    let path = format!("/groups/{PUBLIC_GROUP}/subscribers");
    let page = |count: i64| site.post(&path, json!({"count": count}));
    assert_eq!(page(50).await.json["subscribers"].as_array().map(Vec::len), Some(50));
    for count in [0, -1, 51] {
        assert_eq!(page(count).await.refusal(), (400, "InvalidParameters"), "{count}");
    }
}

#[tokio::test]
async fn who_cannot_be_reached_is_told_beside_what_was_sent() {
    let site = Site::new().await;
    let path = format!("/groups/{PUBLIC_GROUP}/messages");
    let phones = ["+33639980006", "+33639980001", "nobody"];
    let answer = site.post(&path, json!({"message": "a", "subscribers": phones})).await;
    let failed: Vec<&str> = answer.json["failedResult"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|one| one["subscriber"].as_str())
        .collect();
    assert_eq!(failed, ["+33639980001", "nobody"]);
    assert!(answer.json["referenceId"].is_string());
    let all = site.post(&path, json!({"message": "a", "sendToAllSubscribers": "true"})).await;
    assert_eq!((all.status, all.json.get("failedResult")), (200, None));
    // Only public groups have subscribers.
    assert_eq!(site.post(MESSAGES, json!({"message": "a", "subscribers": []})).await.status, 400);
}

#[tokio::test]
async fn a_part_of_an_upload_needs_its_own_media_type() {
    let site = Site::new().await;
    let upload = |part: &str| {
        let body = format!("--b\r\nContent-Disposition: form-data; {part}\r\n--b--\r\n");
        let request = site.request("POST", &format!("{}/v1/media", site.host("endpointUrl")));
        let request = request.header("content-type", "multipart/form-data; boundary=b");
        site.send(request.header("accessToken", TENANT).body(body))
    };
    let good = upload("name=\"files\"; filename=\"plan.png\"\r\nContent-Type: image/png\r\n\r\nPNG").await;
    assert_eq!(good.status, 200);
    assert_eq!(upload("name=\"FileName\"; filename=\"a\"\r\nContent-Type: image/png\r\n\r\nPNG").await.status, 200);
    assert_eq!(upload("name=\"files\"; filename=\"plan.png\"\r\n\r\nPNG").await.status, 415);
    assert_eq!(upload("name=\"other\"\r\nContent-Type: image/png\r\n\r\nPNG").await.status, 400);
    let image = json!({"actionType": "image", "actionBody": {"mediaResource": good.text("mediaResource")}});
    let sent = site.post(&format!("/groups/{GROUP}/actions"), image).await;
    assert_eq!((sent.status, sent.json.get("actionId")), (200, None));
    let listed = site.get(&format!("/groups/{GROUP}/actions?actionType=Image")).await;
    let url = listed.json["actions"][0]["actionBody"]["imageUrl"].as_str().expect("a URL").to_owned();
    assert!(url.ends_with("/plan.png"), "{url}");
}

#[tokio::test]
async fn an_action_has_a_type_or_a_package_and_what_they_need() {
    let site = Site::new().await;
    let path = format!("/groups/{GROUP}/actions");
    let choice = json!([{"title": "Lundi"}]);
    for body in [
        json!({"actionBody": {}}),
        json!({"actionType": "Job", "id": "a.b", "actionBody": {"title": "a", "assignedTo": ["+33639980002"]}}),
        json!({"actionType": "ShareLocation", "actionBody": {}}),
        json!({"actionType": "Job", "actionBody": {"title": "a"}}),
        json!({"actionType": "Job"}),
        json!({"actionType": "Poll", "actionBody": {"question": "a"}}),
        json!({"actionType": "LetsMeet", "actionBody": {"title": "a", "startingTime": "demain"}}),
        json!({"actionType": "Image", "actionBody": {"mediaResource": "nothing"}}),
        json!({"actionType": "Announcement", "actionBody": {"title": "a"}}),
        json!({"actionType": "Survey", "actionBody": {"title": "a", "questions": [{"title": "b", "type": "SingleOption"}]}}),
        json!({"actionType": "Survey", "actionBody": {"title": "a", "questions": [{"title": "b", "type": "Colour"}]}}),
        json!({"id": "a.b", "actionBody": {"properties": [{"name": "a", "type": 8, "value": "b"}]}}),
    ] {
        assert_eq!(site.post(&path, body.clone()).await.refusal(), (400, "InvalidParameters"), "{body}");
    }
    for body in [
        json!({"actionType": "poll", "actionBody": {"Question": "a", "Choices": choice}}),
        json!({"id": "a.b", "actionBody": {"properties": [{"name": "a", "type": 7, "value": "b"}]}}),
    ] {
        assert_eq!(site.post(&path, body.clone()).await.status, 200, "{body}");
    }
}

#[tokio::test]
async fn answers_have_to_fit_their_questions() {
    let site = Site::new().await;
    let questions = json!([
        {"title": "Etat", "type": "SingleOption", "options": [{"title": "Bon"}, {"title": "Mauvais"}]},
        {"title": "Jour", "type": "Date"},
        {"title": "Lieu", "type": "Location"},
    ]);
    let survey = json!({"actionType": "Survey", "actionBody": {"title": "a", "questions": questions}});
    let id = site.post(&format!("/groups/{GROUP}/actions"), survey).await.text("actionId");
    let path = format!("/groups/{GROUP}/actions/{id}/responses");
    let answer = |answers: Value| -> Value { json!({"actionType": "survey", "actionBody": {"Answers": answers}}) };
    for answers in [
        json!(["Moyen"]),
        json!([["Bon"]]),
        json!(["Bon", "hier"]),
        json!([null, null, {"lt": 1}]),
        json!(["Bon", 1, {"lt": 1, "lg": 2, "n": "a"}, "trop"]),
    ] {
        assert_eq!(site.post(&path, answer(answers.clone())).await.status, 400, "{answers}");
    }
    let first = site.post(&path, answer(json!(["Bon"]))).await;
    assert_eq!(first.status, 200);
    let mut again = answer(json!([null, 1]));
    again["responseId"] = first.json["responseId"].clone();
    assert_eq!(site.post(&path, again).await.json, first.json);
    let details: Seen = site.get(&format!("/groups/{GROUP}/actions/{id}?getDetails=true")).await;
    assert_eq!(details.json["actionDetails"]["responseCount"], 1);
    // A job is no survey.
    let job = json!({"actionType": "Job", "actionBody": {"isCompleted": true}});
    assert_eq!(site.post(&path, job).await.status, 400);
    assert_eq!(site.get(&format!("/groups/{GROUP}/members/{MEMBER}")).await.status, 404);
}
