use super::common::{Site, Subscriber, TENANT, USER, contract};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use vigie_sandbox::kaizala::{ACTION, GROUP, MEMBER, PACKAGE, TWICE};

fn webhook(url: &str, events: &[&str]) -> Value {
    json!({"objectId": GROUP, "objectType": "Group", "eventTypes": events, "callBackUrl": url})
}

#[tokio::test]
async fn a_webhook_stands_once_its_url_has_answered_the_handshake() {
    let site = Site::new().await;
    let own = format!("{}/subscribers", site.host("endpointUrl"));
    for (name, status) in [
        ("right", 200),
        ("failing", 200),
        ("quoted", 400),
        ("late", 400),
        ("silent", 400),
        ("undecoded", 400),
        ("none", 400),
    ] {
        let made = site.post("/webhook", webhook(&format!("{own}/{name}"), &["MemberAdded"])).await;
        assert_eq!(made.status, status, "{name}");
    }
    let standing = site.get(&format!("/webhook?objectId={GROUP}&objectType=group")).await;
    assert_eq!(standing.json["webhooks"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn nobody_off_this_machine_is_ever_called() {
    let site = Site::new().await;
    for url in ["https://hooks.example/k", "http://192.0.2.1/", "http://0.0.0.0/", "ftp://127.0.0.1/", "/hook", ""] {
        let refused = site.post("/webhook", webhook(url, &["MemberAdded"])).await;
        assert_eq!(refused.refusal(), (400, "InvalidParameters"), "{url}");
    }
    let mut subscriber = Subscriber::new().await;
    let id = site.post("/webhook", webhook(&subscriber.url, &["TextMessageCreated"])).await.text("webhookId");
    let moved = json!({"callBackUrl": "https://hooks.example/k"});
    assert_eq!(site.call(TENANT, "PUT", &format!("/webhook/{id}"), moved).await.status, 400);
    site.post(&format!("/groups/{GROUP}/messages"), json!({"message": "a"})).await;
    assert_eq!(subscriber.next().await.1["data"]["text"], "a");
}

#[tokio::test]
async fn a_closed_port_takes_no_part() {
    let site = Site::new().await;
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
    let url = format!("http://{}/", listener.local_addr().expect("it has one"));
    drop(listener);
    assert_eq!(site.post("/webhook", webhook(&url, &["MemberAdded"])).await.refusal(), (400, "InvalidParameters"));
}

#[tokio::test]
async fn who_does_not_answer_in_five_seconds_takes_no_part() {
    let site = Site::new().await;
    // Connections wait here, and nobody takes them.
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
    let url = format!("http://{}/", listener.local_addr().expect("it has one"));
    let asked = site.post("/webhook", webhook(&url, &["MemberAdded"]));
    // Meanwhile the session answers others.
    let (refused, others) = tokio::join!(asked, site.get("/groups"));
    assert_eq!(refused.refusal(), (400, "InvalidParameters"));
    assert_eq!(others.status, 200);
}

#[tokio::test]
async fn an_event_says_who_where_and_for_whom() {
    let site = Site::new().await;
    let mut subscriber = Subscriber::new().await;
    let mut body = webhook(&subscriber.url, &["TextMessageCreated"]);
    body["callBackToken"] = json!("secret of the subscriber");
    body["callBackContext"] = json!("north");
    let id = site.post("/webhook", body).await.text("webhookId");
    site.call(USER, "POST", &format!("/groups/{GROUP}/messages"), json!({"message": "Bonjour"})).await;
    let (headers, event) = subscriber.next().await;
    assert_eq!(
        headers.get("kz-callback-token").and_then(|token| token.to_str().ok()),
        Some("secret of the subscriber")
    );
    assert_eq!(event["subscriptionId"], json!(id));
    assert_eq!((&event["objectId"], &event["objectType"]), (&json!(GROUP), &json!("Group")));
    assert_eq!((&event["context"], &event["fromUser"]), (&json!("north"), &json!("+33639980002")));
    assert_eq!(event["data"], json!({"text": "Bonjour"}));
    assert!(subscriber.is_quiet());
}

#[tokio::test]
async fn an_event_comes_twice_where_it_is_asked_for_with_one_id() {
    let site = Site::new().await;
    let mut subscriber = Subscriber::new().await;
    let mut body = webhook(&subscriber.url, &["TextMessageCreated"]);
    body["callBackContext"] = json!(TWICE);
    site.post("/webhook", body).await;
    site.post(&format!("/groups/{GROUP}/messages"), json!({"message": "a"})).await;
    let (first, second) = (subscriber.next().await.1, subscriber.next().await.1);
    assert_eq!(first, second);
}

#[tokio::test]
async fn who_does_not_acknowledge_is_told_nothing_more_until_they_ask() {
    let site = Site::new().await;
    let url = format!("{}/subscribers/failing", site.host("endpointUrl"));
    let id = site.post("/webhook", webhook(&url, &["TextMessageCreated"])).await.text("webhookId");
    let list = format!("/webhook?objectId={GROUP}&objectType=Group");
    assert_eq!(site.get(&list).await.json["webhooks"][0]["active"], true);
    site.post(&format!("/groups/{GROUP}/messages"), json!({"message": "a"})).await;
    assert_eq!(site.get(&list).await.json["webhooks"][0]["active"], false);
    let path = format!("/webhook/{id}");
    assert_eq!(site.call(TENANT, "PUT", &path, json!({"Active": "true"})).await.status, 200);
    assert_eq!(site.get(&list).await.json["webhooks"][0]["active"], true);
    assert_eq!(site.call(TENANT, "DELETE", &path, Value::Null).await.status, 200);
    assert_eq!(site.get(&list).await.json["webhooks"], json!([]));
}

/// Does everything that is told of.
async fn everything(site: &Site) {
    let group = format!("/groups/{GROUP}");
    let media =
        site.post("/media/url", json!({"mediaUrl": "https://media.example/plan.png"})).await.text("mediaResource");
    site.post(&format!("{group}/messages"), json!({"message": "a"})).await;
    let question = json!([{"title": "Etat", "type": "SingleOption", "options": [{"title": "Bon"}]}, {"title": "Jour", "type": "Date"}]);
    let post = |body: Value| site.post("/groups/20000000-0000-4000-8000-000000000001/actions", body);
    post(json!({"actionType": "Image", "actionBody": {"mediaResource": media, "caption": "Plan"}})).await;
    post(
        json!({"actionType": "Announcement", "actionBody": {"title": "a", "message": "b", "mediaResources": [media]}}),
    )
    .await;
    let job = post(json!({"actionType": "Job", "actionBody": {"title": "a", "assignedTo": ["+33639980002"]}})).await;
    post(json!({"actionType": "Poll", "actionBody": {"question": "a", "choices": [{"title": "b"}]}})).await;
    post(json!({"actionType": "LetsMeet", "actionBody": {"title": "a", "startingTime": "2035-06-16T08:00:00Z"}})).await;
    let survey = post(json!({"actionType": "Survey", "actionBody": {"title": "a", "questions": question}})).await;
    post(json!({"id": PACKAGE, "actionBody": {"title": "Visite", "questions": question}})).await;
    let answer = |id: &str, body: Value| {
        let path = format!("/groups/{GROUP}/actions/{id}/responses");
        async move { site.post(&path, body).await }
    };
    answer(&job.text("actionId"), json!({"actionType": "Job", "actionBody": {"isCompleted": true}})).await;
    answer(
        &survey.text("actionId"),
        json!({"actionType": "Survey", "actionBody": {"answers": ["Bon", 1_686_816_000]}}),
    )
    .await;
    answer(ACTION, json!({"id": PACKAGE, "actionBody": {"answers": []}})).await;
    site.call(TENANT, "PUT", &format!("{group}/members"), json!({"members": ["+33639980005"]})).await;
    site.call(TENANT, "DELETE", &format!("{group}/members/{MEMBER}"), Value::Null).await;
    let below = site.post(&format!("{group}/subGroups"), json!({"groupName": "C", "welcomeMessage": "c"})).await;
    site.call(TENANT, "DELETE", &format!("{group}/subGroups/{}", below.text("groupId")), Value::Null).await;
}

#[tokio::test]
async fn every_documented_event_is_told_once() {
    let site = Site::new().await;
    let mut subscriber = Subscriber::new().await;
    let contract = contract();
    let schema = contract.document.pointer("/components/schemas/WebhookSettings/properties/eventTypes/items/enum");
    let events: Vec<&str> =
        schema.and_then(Value::as_array).expect("a list").iter().filter_map(Value::as_str).collect();
    assert_eq!(events.len(), 18);
    site.post("/webhook", webhook(&subscriber.url, &events)).await;
    everything(&site).await;
    // Whoever lists waits until everything is told.
    site.get(&format!("/webhook?objectId={GROUP}&objectType=Group")).await;
    let mut seen = BTreeSet::new();
    let mut ids = BTreeSet::new();
    for event in subscriber.all() {
        seen.insert(event["eventType"].as_str().expect("a text").to_owned());
        assert!(ids.insert(event["eventId"].as_str().expect("a text").to_owned()), "{event}");
    }
    let unplayed: Vec<&str> = events.iter().copied().filter(|event| !seen.contains(*event)).collect();
    assert_eq!(unplayed, ["PollResponse", "LetsMeetResponse", "UserJoined"]);
}

#[tokio::test]
async fn an_action_and_a_package_are_watched_alone() {
    let site = Site::new().await;
    let mut subscriber = Subscriber::new().await;
    let mut of_action = webhook(&subscriber.url, &["ActionResponse", "TextMessageCreated"]);
    (of_action["objectId"], of_action["objectType"]) = (json!(ACTION), json!("Action"));
    assert_eq!(site.post("/webhook", of_action).await.status, 200);
    let mut of_package = webhook(&subscriber.url, &["ActionCreated", "SurveyCreated"]);
    (of_package["objectId"], of_package["objectType"]) = (json!(PACKAGE), json!("ActionPackage"));
    assert_eq!(site.post("/webhook", of_package).await.status, 200);
    everything(&site).await;
    let created = subscriber.next().await.1;
    assert_eq!((&created["eventType"], &created["objectId"]), (&json!("ActionCreated"), &json!(PACKAGE)));
    let answered = subscriber.next().await.1;
    assert_eq!((&answered["eventType"], &answered["objectId"]), (&json!("ActionResponse"), &json!(ACTION)));
    assert_eq!(answered["eventId"], answered["data"]["responseId"]);
    assert_eq!(answered["data"]["packageId"], json!(format!("{PACKAGE}.1")));
    site.get(&format!("/webhook?objectId={ACTION}&objectType=Action")).await;
    assert!(subscriber.is_quiet());
}
