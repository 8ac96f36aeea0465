//! A double behind a URL is the double that a check starts for itself: every case conforms there too.

use std::process::Command;
use vigie_drift::finding::Conclusion;
use vigie_harness::providers::{PROVIDERS, provider};
use vigie_harness::runner::{Plan, Store, Target};
use vigie_sandbox::{Options, SERVER};
use vigie_scenario::Scenario;

#[tokio::test(flavor = "multi_thread")]
async fn every_own_case_conforms_at_a_served_double() {
    for provider in PROVIDERS {
        let plan = Plan::new(provider, None).expect("the cases are good");
        let cases = plan.corpus.cases().count();
        let sandbox = provider.sandbox(&plan.contracts, &plan.corpus, &Options::default()).expect("it is made");
        let running = sandbox.start(([127, 0, 0, 1], 0).into()).await.expect("free ports");
        let mut plan = Plan::new(provider, None).expect("the cases are good");
        plan.target = Target::Url(running.base_url());
        plan.snapshots = Store::find(provider.name);
        let report = plan.start(|_| true).await.expect("it answers").run(|_| ()).await.expect("it runs");
        let failing: Vec<_> = report.cases.iter().filter(|case| !case.findings.is_empty()).collect();
        assert_eq!(report.conclusion(), Conclusion::Conformant, "{failing:#?}");
        assert!(report.held.is_empty(), "nothing fails even once: {:?}", report.held);
        assert!(report.cases.len() >= cases && cases > 300, "{} of {cases}", report.cases.len());
        running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_served_double_that_counts_has_nothing_to_refuse() {
    let own = provider("api-particulier").expect("ours");
    let plan = Plan::new(own, None).expect("the cases are good");
    let options = Options { quota: Some(20), ..Options::default() };
    let sandbox = own.sandbox(&plan.contracts, &plan.corpus, &options).expect("it is made");
    let running = sandbox.start(([127, 0, 0, 1], 0).into()).await.expect("a free port");
    let mut plan = Plan::new(own, None).expect("the cases are good");
    plan.target = Target::Url(running.base_url());
    // Cases of one token, more than it may send in a second.
    let wanted =
        |scenario: &Scenario| scenario.topic.contains("_with_ine") || scenario.topic.contains("quotient_familial");
    let session = plan.start(wanted).await.expect("it answers");
    assert!(session.len() > 40, "{}", session.len());
    let report = session.run(|_| ()).await.expect("it runs");
    assert_eq!(report.conclusion(), Conclusion::Conformant, "{:#?}", report.causes);
    assert!(report.held.is_empty(), "{:?}", report.held);
    running.stop().await;
}

/// The official case `404` of a call may lack what the call requires: where it cannot be asked for by name, no request has its
/// answer.
#[tokio::test(flavor = "multi_thread")]
async fn a_fallback_that_makes_no_request_is_not_sent_with_a_token() {
    let own = provider("api-particulier").expect("ours");
    let operation = "api_particulier_v3_mesri_statut_etudiant_with_ine";
    let folder = tempfile::tempdir().expect("a temporary folder");
    let cases = folder.path().join("cases").join(operation);
    std::fs::create_dir_all(&cases).expect("it is made");
    let payload = r#"{"errors": [{"code": "25003", "title": "t", "detail": "d"}]}"#;
    for (name, params) in [("404", "{nomNaissance: A}"), ("404-autre", "{ine: 1234567890G}")] {
        let case = format!("params: {params}\nstatus: 404\npayload: '{payload}'\n");
        std::fs::write(cases.join(format!("{name}.yml")), case).expect("it is written");
    }
    let corpus = folder.path().join("cases");
    let plan = Plan::new(own, Some(&corpus)).expect("the cases are good");
    let sandbox = own.sandbox(&plan.contracts, &plan.corpus, &Options::default()).expect("it is made");
    let running = sandbox.start(([127, 0, 0, 1], 0).into()).await.expect("a free port");
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    command.args(["check", "--target", &running.base_url(), "--format", "json", "--corpus"]).arg(&corpus);
    command.current_dir(folder.path()).env("VIGIE_API_PARTICULIER_TOKEN", "sandbox-token").env_remove("VIGIE_PACE_DIR");
    let output = tokio::task::spawn_blocking(move || command.output()).await.expect("it ends").expect("vigie runs");
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("a report");
    let rules = |name: &str| {
        let case = report["cases"].as_array().into_iter().flatten().find(|case| case["case"] == name);
        let case = case.unwrap_or_else(|| panic!("{name} is not in {report}"));
        let rules = case["findings"].as_array().into_iter().flatten().map(|finding| finding["rule"].to_string());
        (case["verdict"].to_string(), rules.collect::<Vec<_>>())
    };
    assert_eq!(rules("404"), ("\"skipped\"".to_owned(), vec!["\"case-not-sent\"".to_owned()]));
    assert_eq!(rules("404-autre"), ("\"conforms\"".to_owned(), Vec::new()));
    running.stop().await;
}

#[test]
fn a_token_goes_to_no_host_that_only_an_answer_names() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (other, others) = support::wire::start(|_, _, stream| support::wire::say(stream, "200 OK", &[], b"{}"));
    let hosts = format!("token={other}, endpointUrl={other}");
    let (target, log) = support::wire::start(move |_, _, stream| {
        let headers = [("Server", SERVER), ("Vigie-Hosts", &hosts), ("Content-Type", "application/json")];
        support::wire::say(stream, "200 OK", &headers, b"{}")
    });
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    command.args(["check", "--provider", "kaizala", "--target", &target]).current_dir(folder.path());
    command.env("VIGIE_KAIZALA_TOKEN", "s3cret-token").env_remove("VIGIE_PACE_DIR");
    let output = command.args(["--operation", "listGroups"]).output().expect("vigie runs");
    assert!(!log.seen().is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(told.contains("case-not-sent") || told.contains("skipped"), "{told}");
    assert!(others.seen().is_empty(), "{:?}", others.seen());
}
