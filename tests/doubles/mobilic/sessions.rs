//! Sessions: apart from each other, and changed by whole mutations only.

use super::common::Double;

const CREATE: &str = "mutation { activities { createMission(companyId: 4001) { id } } }";

async fn create(double: &Double, session: &str) -> i64 {
    let answer = double.ask("/graphql", CREATE, &[("Authorization", session)]).await.json();
    answer["data"]["activities"]["createMission"]["id"].as_i64().expect("a mission")
}

#[tokio::test]
async fn what_is_done_in_one_session_is_not_seen_in_another() {
    let mut double = Double::start().await;
    let session = double.sign_in("alix.moreau@deuxrives.test").await;
    let first = create(&double, &session).await;
    assert_eq!(create(&double, &session).await, first + 1);
    for name in ["a", "b"] {
        double.enter(name);
        assert_eq!(create(&double, &session).await, first, "session {name}");
    }
    double.enter(&"x".repeat(201));
    assert_eq!(double.ask("/graphql", "{ __typename }", &[]).await.status, 400);
}

#[tokio::test]
async fn two_mutations_of_a_document_are_two_transactions() {
    let double = Double::start().await;
    let session = double.sign_in("alix.moreau@deuxrives.test").await;
    let document = "mutation { activities { a: createMission(companyId: 4001, name: \"kept\") { id } \
                    b: createMission(companyId: 4002, name: \"refused\") { id } } }";
    let answer = double.ask("/graphql", document, &[("Authorization", &session)]).await.json();
    let id = answer["data"]["activities"]["a"]["id"].as_i64().expect("the first is done");
    assert!(answer["data"]["activities"]["b"].is_null());
    assert_eq!(answer["errors"][0]["path"], serde_json::json!(["activities", "b"]));
    let document = format!("{{ mission(id: {id}) {{ name }} }}");
    let read = double.ask("/graphql", &document, &[("Authorization", &session)]).await;
    assert_eq!(read.json()["data"]["mission"]["name"], "kept");
}

#[tokio::test]
async fn a_mutation_that_fails_late_leaves_nothing_behind() {
    let double = Double::start().await;
    let session = double.sign_in("camille.garnier@deuxrives.test").await;
    let headers = [("Authorization", session.as_str())];
    // The activity is taken back before it turns out that the expenditure does not exist.
    let document = "mutation { activities { validateMission(missionId: 1002, usersIds: [318450271], \
                    activityItems: [{cancel: {activityId: 2004}}], expendituresCancelIds: [999]) { id } } }";
    let (_, code) = double.ask("/graphql", document, &headers).await.error();
    assert_eq!(code, "INVALID_RESOURCE");
    let mission = double.ask("/graphql", "{ mission(id: 1002) { activities { id } } }", &headers).await.json();
    assert_eq!(mission["data"]["mission"]["activities"].as_array().map(Vec::len), Some(3));
}
