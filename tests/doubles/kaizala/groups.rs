use super::common::{GROUP_TOKEN, Site, TENANT, USER};
use serde_json::{Value, json};
use vigie_sandbox::kaizala::{FAR_GROUP, GROUP, SUB_GROUP};

#[tokio::test]
async fn each_kind_of_token_reaches_its_own() {
    let site = Site::new().await;
    for (token, group, status) in [
        (TENANT, GROUP, 200),
        (TENANT, SUB_GROUP, 200),
        (TENANT, FAR_GROUP, 200),
        (USER, GROUP, 200),
        (USER, FAR_GROUP, 403),
        (GROUP_TOKEN, GROUP, 200),
        (GROUP_TOKEN, SUB_GROUP, 200),
        (GROUP_TOKEN, FAR_GROUP, 403),
        (TENANT, "nobody", 404),
    ] {
        let seen = site.call(token, "GET", &format!("/groups/{group}/members"), Value::Null).await;
        assert_eq!(seen.status, status, "{token} {group}");
    }
    let names = |seen: Value| -> Vec<String> {
        seen["groups"]
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(|one| one["groupName"].as_str().map(str::to_owned))
            .collect()
    };
    let own = site.call(GROUP_TOKEN, "GET", "/groups", Value::Null).await;
    assert_eq!(names(own.json), ["Chantier Nord"]);
}

#[tokio::test]
async fn a_group_token_makes_sub_groups_and_only_a_tenant_makes_a_connect_group() {
    let site = Site::new().await;
    let group = json!({"name": "Grues", "welcomeMessage": "a"});
    let made = site.call(GROUP_TOKEN, "POST", "/groups", group.clone()).await;
    assert_eq!(made.json["isAddedAsSubGroup"], true);
    let below = site.get(&format!("/groups/{GROUP}/subGroups")).await;
    assert_eq!(below.json["groups"][0]["subGroups"][1]["groupName"], "Grues");
    assert_eq!(site.call(USER, "POST", "/groups", group.clone()).await.json.get("isAddedAsSubGroup"), None);
    let mut connect = group;
    connect["groupType"] = json!("ConnectGroup");
    for token in [USER, GROUP_TOKEN] {
        assert_eq!(site.call(token, "POST", "/groups", connect.clone()).await.refusal(), (403, "Unauthenticated"));
    }
    assert_eq!(site.call(TENANT, "POST", "/groups", connect).await.status, 200);
}

#[tokio::test]
async fn no_group_stands_below_itself() {
    let site = Site::new().await;
    for (parent, child) in [(GROUP, GROUP), (SUB_GROUP, GROUP)] {
        let body = json!({"subGroups": [child]});
        let path = format!("/groups/{parent}/subGroups");
        assert_eq!(site.call(TENANT, "PUT", &path, body).await.refusal(), (400, "InvalidParameters"));
    }
}

#[tokio::test]
async fn cursors_of_reactions_are_whole_ticks_that_lead_on() {
    let site = Site::new().await;
    let sent = site.post(&format!("/groups/{GROUP}/messages"), json!({"message": "a"})).await.text("referenceId");
    let path = format!("/groups/{GROUP}/reaction");
    let react = |kind: &str| {
        let body = json!({"referenceId": sent, "sourceGroupId": GROUP, "reactionType": kind, "comment": "b"});
        site.post(&path, body)
    };
    // Who likes twice likes once; who comments twice says two things.
    assert_eq!(react("Like").await.json, react("Like").await.json);
    assert_ne!(react("Comment").await.json, react("Comment").await.json);
    let path = format!("/groups/{GROUP}/reaction/{sent}?sourceGroupId={GROUP}&reactionType=Comment");
    let page = site.get(&path).await.json;
    assert_eq!(page["reactionDetails"].as_array().map(Vec::len), Some(2));
    let cursor = page["cursor"].as_i64().expect("a whole number");
    assert!(cursor > 1 << 53);
    let next = site.get(&format!("{path}&cursor={cursor}")).await.json;
    assert_eq!(next, json!({"cursor": cursor, "reactionDetails": []}));
}
