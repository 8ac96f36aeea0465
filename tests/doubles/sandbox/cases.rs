//! Every case of the tree, bound and sent as the harness does it.

use super::common::{client, contracts, start, tree};
use reqwest::Client;
use serde_json::Value;
use vigie_contract::model::{Contract, Operation};
use vigie_sandbox::Options;
use vigie_sandbox::api_particulier::token;
use vigie_scenario::{Case, bind};

/// Sends a case; a twin is sent twice at once, and the refused one counts.
async fn send(client: &Client, base: &str, case: &Case, operation: &Operation) -> (u16, Vec<u8>) {
    let bound = bind(case, operation);
    let request = || {
        let mut request = client.get(format!("{base}{}", bound.path)).query(&bound.query);
        for (name, value) in &bound.headers {
            request = request.header(name, value);
        }
        match token(case) {
            Some(token) if operation.path.starts_with("/api/") && !case.has_identity() => {
                request.header("X-Api-Key", token)
            }
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    };
    let fetch = async || {
        let response = request().send().await.expect("an answer");
        (response.status().as_u16(), response.bytes().await.expect("a body").to_vec())
    };
    if case.is_twin() {
        let (one, other) = tokio::join!(fetch(), fetch());
        return if one.0 == 409 { one } else { other };
    }
    fetch().await
}

/// What is wrong with the answer to a case.
fn complaint(case: &Case, status: u16, body: &[u8]) -> Option<String> {
    let value: Value = serde_json::from_slice(body).unwrap_or_default();
    let told = case.dialect.codes.iter().find_map(|pointer| value.pointer(pointer)?.as_str());
    let differs = case.expect.code.as_deref().is_some_and(|code| told != Some(code));
    let stored = case.payload.as_ref().is_some_and(|payload| payload.as_bytes() != body);
    let wrong = status != case.status || differs;
    (wrong || stored).then(|| format!("{}: {status} {}", case.file, String::from_utf8_lossy(body)))
}

#[tokio::test]
async fn every_case_of_the_tree_gets_its_status_and_its_payload() {
    let corpus = tree();
    let contracts = contracts();
    let find = |id: &str| contracts.iter().find_map(|contract: &Contract| contract.operation(id));
    let running = start(&corpus, &Options::default()).await;
    let client = client();
    let mut complaints = Vec::new();
    for case in corpus.cases() {
        let operation = find(&case.operation).expect("the contract has the operation");
        let (status, body) = send(&client, &running.base_url(), case, operation).await;
        complaints.extend(complaint(case, status, &body));
    }
    running.stop().await;
    assert!(corpus.cases().count() > 500, "{} cases", corpus.cases().count());
    assert!(complaints.is_empty(), "{} cases\n{}", complaints.len(), complaints.join("\n"));
}
