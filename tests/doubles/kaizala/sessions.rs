use super::common::{Site, TENANT};
use serde_json::{Value, json};
use vigie_sandbox::kaizala::{GROUP, PUBLIC_GROUP};

/// How many groups a session has.
async fn groups(site: &Site) -> usize {
    let answer = site.get("/groups?fetchAllGroups=true").await;
    answer.json["groups"].as_array().expect("a list").len()
}

#[tokio::test]
async fn sessions_know_nothing_of_each_other_and_begin_alike() {
    let site = Site::new().await.enter("one");
    let made = site.post("/groups", json!({"name": "A", "welcomeMessage": "a"})).await;
    let token = site.refresh("sandbox-refresh-day-328").await.text("refreshToken");
    assert_eq!(groups(&site).await, 5);
    let other = site.enter("two");
    assert_eq!(groups(&other).await, 4);
    assert_eq!(other.refresh(&token).await.status, 401);
    // The same calls have the same answers.
    assert_eq!(other.post("/groups", json!({"name": "A", "welcomeMessage": "a"})).await.json, made.json);
    let default = other.enter("");
    assert_eq!(groups(&default).await, 4);
    let one = default.enter("one");
    assert_eq!(groups(&one).await, 5);
    assert_eq!(one.enter(&"x".repeat(201)).get("/groups").await.status, 400);
}

#[tokio::test]
async fn a_session_does_not_grow_without_bound() {
    let site = Site::new().await;
    for number in 0..300 {
        let path = format!("/groups/{GROUP}/actions");
        let job =
            json!({"actionType": "Job", "actionBody": {"title": format!("{number}"), "assignedTo": ["+33639980002"]}});
        assert_eq!(site.post(&path, job).await.status, 200);
    }
    let listed = site.get(&format!("/groups/{GROUP}/actions?actionType=Job&count=1000")).await;
    let listed = listed.json["actions"].as_array().expect("a list").len();
    assert!(listed < 300, "{listed}");
    // What the seed has stays.
    let places = site.get(&format!("/groups/{GROUP}/actions?actionType=ShareLocation")).await;
    assert_eq!(places.json["actions"].as_array().map(Vec::len), Some(1));
    let mut refused = 0;
    for _ in 0..300 {
        let answer = site.post("/groups", json!({"name": "A", "welcomeMessage": "a"})).await;
        refused += usize::from(answer.status == 400);
    }
    assert!(refused > 0);
    let crowd: Vec<String> = (0..3_000).map(|number| format!("+3300000{number:04}")).collect();
    let path = format!("/groups/{PUBLIC_GROUP}/subscribers/add");
    let added = site.call(TENANT, "PUT", &path, json!({"subscribers": crowd})).await;
    let added = added.json["result"].as_object().expect("a map").values().filter(|one| one["isAdded"] == true).count();
    assert_eq!(added, 940);
}

#[tokio::test]
async fn a_body_that_is_too_long_is_not_read() {
    let site = Site::new().await;
    let long = json!({"message": "x".repeat(5 << 20)}).to_string();
    let request = site.request("POST", &format!("{}/v1/groups/{GROUP}/messages", site.host("endpointUrl")));
    let answer = request.header("accessToken", TENANT).body(long).send().await;
    // The double may close the connection before the whole body is sent.
    assert!(answer.is_err() || answer.is_ok_and(|answer| answer.status() == 413));
    assert_eq!(site.call(TENANT, "GET", "/groups", Value::Null).await.status, 200);
}
