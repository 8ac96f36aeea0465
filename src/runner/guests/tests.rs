use super::{Guests, NOBODY, asks_for_somebody};
use crate::embedded;
use crate::providers::{Provider, provider};
use crate::scenario::{Case, Scenario};

fn asks(name: &str, is_meant: impl Fn(&Case) -> bool) -> Vec<bool> {
    let provider: &dyn Provider = provider(name).expect("ours");
    let contracts = provider.contracts();
    let corpus = embedded::scenarios(name, provider.dialect(), None).expect("our own are good");
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
    let corpus = embedded::scenarios("api-particulier", provider.dialect(), None).expect("our own are good");
    let contracts = provider.contracts();
    let case =
        corpus.scenarios.iter().flat_map(Scenario::cases).find(|case| case.params.contains_key("ine")).expect("one");
    let operation = contracts.iter().find_map(|contract| contract.operation(&case.operation)).expect("it is known");
    let told = [Guests::Known, Guests::Strangers, Guests::KeptOut]
        .map(|guests| (guests.keep_out(case, operation), guests.is_stranger(case, operation)));
    assert_eq!(told, [(false, false), (false, true), (true, false)]);
}
