use super::{NOBODY, Policy, asks_for_somebody};
use crate::providers::{Provider, Stage, provider};
use crate::targets::Target;
use vigie_scenario::{Case, Scenario};

fn asks(name: &str, is_meant: impl Fn(&Case) -> bool) -> Vec<bool> {
    let provider: &Provider = provider(name).expect("ours");
    let contracts = provider.contracts();
    let corpus = vigie_embedded::scenarios(name, provider.dialect, None).expect("our own are good");
    let cases = corpus.scenarios.iter().flat_map(Scenario::cases).filter(|case| is_meant(case));
    let operation = |id: &str| contracts.iter().find_map(|contract| contract.operation(id)).expect("it is known");
    let found: Vec<bool> = cases.map(|case| asks_for_somebody(case, operation(&case.operation))).collect();
    assert!(!found.is_empty());
    found
}

#[test]
fn what_a_service_refuses_by_itself_asks_for_nobody() {
    let ours = |version: &'static str, statuses: &'static [u16]| {
        asks("api-particulier", move |case| {
            case.operation.starts_with(version) && statuses.contains(&case.status) && case.payload.is_none()
        })
    };
    assert!(ours("api_particulier_v2", &[400]).iter().all(|asks| !asks));
    assert!(ours("api_particulier_v3", &[401, 422]).iter().all(|asks| !asks));
    let stored = asks("api-particulier", |case| case.status == 404 && !case.operation.contains("ping"));
    assert!(stored.iter().all(|asks| *asks));
    let pings =
        asks("api-particulier", |case| case.operation.contains("_ping") || case.operation.ends_with("introspect"));
    assert!(pings.iter().all(|asks| !asks));
}

#[test]
fn steps_that_name_seeded_ids_ask_for_somebody() {
    for (name, operation) in [("mobilic", "logActivity"), ("kaizala", "getGroup")] {
        let known = asks(name, |case| case.operation == operation && !NOBODY.contains(&case.credential.name()));
        assert!(known.iter().all(|asks| *asks), "{operation}");
    }
}

#[test]
fn only_where_people_are_real_is_a_case_kept_out() {
    let provider = provider("api-particulier").expect("ours");
    let corpus = vigie_embedded::scenarios("api-particulier", provider.dialect, None).expect("our own are good");
    let contracts = provider.contracts();
    let case =
        corpus.scenarios.iter().flat_map(Scenario::cases).find(|case| case.params.contains_key("ine")).expect("one");
    let operation = contracts.iter().find_map(|contract| contract.operation(&case.operation)).expect("it is known");
    let told = [Policy::Known, Policy::Theirs, Policy::Strangers, Policy::KeptOut]
        .map(|policy| (policy.keep_out(case, operation, provider).is_some(), policy.is_stranger(case, operation)));
    assert_eq!(told, [(false, false), (false, false), (false, true), (true, false)]);
}

#[test]
fn who_the_guests_are_follows_from_target_and_cases() {
    let provider = provider("api-particulier").expect("ours");
    let url = Target::Url("http://127.0.0.1:1".to_owned());
    let staging = Target::Stage(Stage::Staging);
    assert_eq!(Policy::at(&url, true, true, provider), Policy::Known);
    assert_eq!(Policy::at(&url, false, true, provider), Policy::KeptOut);
    assert_eq!(Policy::at(&Target::Named("mine".to_owned()), false, true, provider), Policy::KeptOut);
    assert_eq!(Policy::at(&url, false, false, provider), Policy::Theirs);
    assert_eq!(Policy::at(&staging, false, true, provider), Policy::Strangers);
    assert_eq!(Policy::at(&Target::Stage(Stage::Production), false, true, provider), Policy::KeptOut);
    assert_eq!(
        Policy::at(&staging, false, true, crate::providers::provider("mobilic").expect("ours")),
        Policy::KeptOut
    );
}

/// Every scenario of ours, and whether each of its cases would be sent to a host that is no sandbox.
#[test]
fn no_case_that_names_the_sandbox_leaves_it() {
    for (name, people) in [("mobilic", "318450271"), ("kaizala", "20000000-0000-4000-8000-000000000001")] {
        let provider = provider(name).expect("ours");
        let contracts = provider.contracts();
        let corpus = vigie_embedded::scenarios(name, provider.dialect, None).expect("our own are good");
        let mut kept = 0;
        for case in corpus.scenarios.iter().flat_map(Scenario::cases) {
            let operation = contracts.iter().find_map(|contract| contract.operation(&case.operation)).expect("known");
            let text = format!("{:?} {:?}", case.params, case.body);
            let is_nobody = NOBODY.contains(&case.credential.name()) && case.expects_refusal();
            let [own, theirs] =
                [Policy::KeptOut, Policy::Theirs].map(|policy| policy.keep_out(case, operation, provider));
            if text.contains(people) && !is_nobody {
                assert!(own.is_some() && theirs.is_some(), "{}: {text}", case.name);
                kept += 1;
            }
            assert!(theirs.is_none() || own.is_some(), "{}: {text}", case.name);
        }
        assert!(kept > 20, "{name}: {kept}");
    }
}

#[test]
fn a_number_that_may_be_anybodys_is_not_the_sandboxs() {
    let provider = provider("mobilic").expect("ours");
    for (text, own) in [("318450271", true), ("4001", false), ("alix.moreau@deuxrives.test", true), ("a@b.test", false)]
    {
        assert_eq!(provider.hooks.is_of_sandbox(text), own, "{text}");
    }
}
