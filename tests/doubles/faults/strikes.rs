//! Which requests a fault strikes, of every provider.

use super::common::{BODY, PATH, STUDENT, ask, double, faults, get, read};
use serde_json::json;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::process::Command;
use vigie_harness::providers::provider;
use vigie_sandbox::faults::Kind;
use vigie_sandbox::{Options, SERVER, SandboxError};
use vigie_scenario::Corpus;

#[tokio::test]
async fn a_probe_and_what_is_no_operation_are_answered_as_ever() {
    let running = double("api-particulier", faults(&["any"], 3)).await;
    for (method, path) in [("HEAD", "/"), ("HEAD", PATH), ("GET", "/v3/nothing"), ("GET", "/")] {
        let seen = read(ask(running.address(), method, path).await).await;
        assert!(!seen.reset && seen.header("server") == SERVER, "{method} {path}: {seen:?}");
    }
}

#[tokio::test]
async fn other_operations_stay_good() {
    let running =
        double("api-particulier", faults(&["api_particulier_v3_cnav_*=error", "api_particulier_v2_*=any"], 0)).await;
    let seen = get(&running).await;
    assert_eq!((seen.status(), seen.parts().1), (200, BODY.as_bytes()));
}

#[tokio::test]
async fn a_fault_of_the_first_requests_goes_away() {
    let running = double("api-particulier", faults(&[&format!("{STUDENT}=error:2x"), "page:1x"], 0)).await;
    let mut statuses = Vec::new();
    for _ in 0..4 {
        let seen = get(&running).await;
        statuses.push((seen.status(), seen.header("content-type").starts_with("text/html")));
    }
    assert_eq!(statuses, [(500, false), (500, false), (200, true), (200, false)]);
    let strikes = running.strikes().expect("faults were asked for");
    assert_eq!((strikes.requests, strikes.kinds), (4, BTreeMap::from([(Kind::Error, 2), (Kind::Page, 1)])));
}

#[tokio::test]
async fn a_share_of_the_requests_is_struck_and_a_seed_repeats_it() {
    let mut runs = Vec::new();
    for seed in [5, 5, 6] {
        let running = double("api-particulier", faults(&["error:30%"], seed)).await;
        let mut statuses = Vec::new();
        for _ in 0..40 {
            statuses.push(get(&running).await.status());
        }
        assert!(statuses.contains(&200) && statuses.contains(&500), "{statuses:?}");
        runs.push(statuses);
    }
    assert_eq!(runs[0], runs[1]);
    assert_ne!(runs[0], runs[2]);
}

#[tokio::test]
async fn queries_of_one_path_are_told_apart() {
    let running = double("mobilic", faults(&["me=error", "graphql=bad-gateway"], 0)).await;
    drop(rustls::crypto::ring::default_provider().install_default());
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let contracts = provider("mobilic").expect("it is registered").contracts();
    let document = |id: &str| {
        let operation = contracts.iter().find_map(|contract| contract.operation(id)).expect(id);
        operation.graphql.as_ref().expect("a query").document.clone()
    };
    for (query, status) in
        [(document("me"), 500), (document("checkAuth"), 200), ("query { __typename }".to_owned(), 502)]
    {
        let url = format!("{}/graphql", running.base_url());
        let response = client.post(url).json(&json!({"query": query})).send().await.expect("an answer");
        assert_eq!(response.status(), status, "{query}");
    }
}

#[tokio::test]
async fn every_host_of_a_double_has_the_faults_of_its_operations() {
    let kaizala = provider("kaizala").expect("it is registered");
    let contracts = kaizala.contracts();
    let id = |method: &str, path: &str| contracts[0].meant(method, path, None).expect(path).id.clone();
    let (token, groups) = (id("GET", "/v1/accessToken"), id("GET", "/v1/groups"));
    let running = double("kaizala", faults(&[&format!("{token}=error"), &format!("{groups}=bad-gateway")], 0)).await;
    let hosts: Vec<SocketAddr> =
        running.hosts().map(|(_, url)| url.trim_start_matches("http://").parse().expect("an address")).collect();
    assert_eq!(hosts.len(), 2);
    let mut statuses = Vec::new();
    for (host, path) in [(hosts[0], "/v1/accessToken"), (hosts[1], "/v1/groups")] {
        statuses.push(read(ask(host, "GET", path).await).await.status());
    }
    assert_eq!(statuses, [500, 502]);
}

#[test]
fn a_fault_that_can_strike_nothing_is_refused() {
    let provider = provider("api-particulier").expect("it is registered");
    let options = Options { faults: faults(&[&format!("{STUDENT}_=stall")], 0), ..Options::default() };
    let made = provider.sandbox(&provider.contracts(), &Corpus::new(provider.dialect), &options);
    let error = made.expect_err("no such operation");
    assert!(matches!(error, SandboxError::Fault(_)));
    let expected = format!("--fault: no operation matches `{STUDENT}_`, did you mean `{STUDENT}`?");
    assert!(error.to_string().starts_with(&expected), "{error}");
}

#[test]
fn the_page_tells_every_kind_as_help_does() {
    let page = include_str!("../../../docs/sandbox.md");
    let rows: Vec<&str> = page.lines().skip_while(|line| *line != "| kind | what a client sees |").skip(2).collect();
    let told: Vec<&str> = rows.into_iter().take_while(|line| line.starts_with('|')).collect();
    assert_eq!(told, Kind::ALL.map(|kind| format!("| `{}` | {} |", kind.name(), kind.about())));
}

#[test]
fn the_command_refuses_what_it_cannot_do() {
    for (arguments, message) in [
        (&["--fault", "stal"][..], "no kind of fault `stal`, did you mean `stall`?"),
        (&["--fault", "stall:often"], "`:often` is not a rate"),
        (&["--fault", "nothing*=stall"], "--fault: no operation matches `nothing*`"),
        (&["--fault-seed", "7"], "--fault <SPEC>"),
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_vigie")).args(["serve", "--port", "0"]).args(arguments).output();
        let output = output.expect("vigie runs");
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{error}");
        assert!(error.contains(message), "{error}");
    }
}
