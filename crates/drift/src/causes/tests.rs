use super::{group, id, in_cases};
use crate::comparison::Cause;
use crate::deviation::{Deviation, Kind};
use crate::find;
use crate::finding::{CaseReport, Certainty, Class, Finding};
use crate::location::{Location, Part};
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn change(kind: Kind, operation: &str, place: &str, before: impl Into<Value>, after: impl Into<Value>) -> Finding {
    let Ok(place) = place.parse();
    find(Deviation::new(kind, place, before, after).of(operation), |_| None)
}

fn twin(mut finding: Finding, twin: &str) -> Finding {
    finding.fact.twin = Some(twin.to_owned());
    finding
}

fn places(cause: &Cause) -> Vec<(&str, &str)> {
    cause.places.iter().map(|place| (place.operation.as_str(), &*place.location.to_string().leak())).collect()
}

/// A property's renaming in one operation, as a comparison of two contracts tells it.
fn renamed(operation: &str, old: &str, new: &str, stated: &str) -> [Finding; 2] {
    let went = change(Kind::ResponsePropertyRemoved, operation, &format!("200 data.{old}"), stated, Value::Null);
    let came = change(Kind::ResponsePropertyAdded, operation, &format!("200 data.{new}"), Value::Null, stated);
    [twin(went, new), twin(came, old)]
}

#[test]
fn the_same_change_elsewhere_is_one_cause_and_another_value_is_another() {
    let pattern = |operation, place, before| change(Kind::ResponsePatternChanged, operation, place, before, "^\\d{8}$");
    let mut findings = vec![
        pattern("GET /b", "200 allocataires[].dateDeNaissance", "^d{8}$"),
        pattern("GET /a", "200 enfants[].dateDeNaissance", "^d{8}$"),
        pattern("GET /a", "200 enfants[].dateDeNaissance", "^d{4}$"),
        change(Kind::ResponseStatusAdded, "GET /a", "409", Value::Null, Value::Null),
        change(Kind::ResponseStatusAdded, "GET /b", "409", Value::Null, Value::Null),
        change(Kind::ResponseStatusAdded, "GET /b", "504", Value::Null, Value::Null),
    ];
    let causes = group(&findings);
    let both = [("GET /a", "200 enfants[].dateDeNaissance"), ("GET /b", "200 allocataires[].dateDeNaissance")];
    assert_eq!(causes.iter().map(places).collect::<Vec<_>>()[..2], [both[..1].to_vec(), both.to_vec()]);
    assert_eq!(causes.len(), 4);
    assert_eq!(
        causes[1].witness,
        "GET /a answers at 200 enfants[].dateDeNaissance with a value that matches ^\\d{8}$ and not ^d{8}$: valid under the new contract only."
    );
    let json = serde_json::to_value(&causes).expect("it is data");
    findings.reverse();
    assert_eq!(serde_json::to_value(group(&findings)).expect("it is data"), json);
}

#[test]
fn an_id_depends_on_rule_leaf_and_values_alone() {
    let fact = |place, after: &str| change(Kind::ResponseFormatChanged, "GET /a", place, "date-time", after).fact;
    let own = id(&fact("200 a.b", "date"), "GET /a");
    // Written down: an id that a person noted must still be known tomorrow.
    assert_eq!(own, "429c5da9");
    assert_eq!(id(&fact("/x/3/b", "date"), "GET /z"), own);
    assert_eq!(id(&fact("200 b", "date"), "GET /a"), own);
    assert_ne!(id(&fact("200 a.c", "date"), "GET /a"), own);
    assert_ne!(id(&fact("200 a.b", "time"), "GET /a"), own);
}

#[test]
fn operations_stay_apart_unless_their_credentials_changed() {
    let of = |kind, before: &str, after: &str| {
        let change = |operation| change(kind, operation, "", before, after);
        group(&[change("GET /a"), change("GET /b")]).len()
    };
    assert_eq!(of(Kind::OperationAdded, "", ""), 2);
    assert_eq!(of(Kind::OperationDeprecatedChanged, "false", "true"), 2);
    assert_eq!(of(Kind::OperationSecurityChanged, "key", "key+bearer"), 1);
    let servers = [Kind::ServerRemoved, Kind::ServerAdded].map(|kind| change(kind, "*", "https://a", "", ""));
    assert_eq!(group(&servers).len(), 2);
}

#[test]
fn a_renaming_is_one_cause_in_however_many_operations() {
    let findings = [
        renamed("GET /b", "commmentaires", "commentaires", "required"),
        renamed("GET /a", "commmentaires", "commentaires", "optional"),
    ]
    .concat();
    let causes = group(&findings);
    assert_eq!(causes.len(), 1, "{causes:?}");
    let cause = &causes[0];
    assert_eq!(
        (cause.rule.id, cause.class, cause.certainty),
        ("property-renamed", Class::Breaking, Certainty::Definite)
    );
    assert_eq!((&cause.expected, &cause.observed), (&json!("commmentaires"), &json!("commentaires")));
    assert_eq!(places(cause), [("GET /a", "200 data.commmentaires"), ("GET /b", "200 data.commmentaires")]);
    assert_eq!(cause.witness, "GET /a answers with commentaires where the old contract promises commmentaires.");
    assert!(cause.evidence.as_ref().is_some_and(|evidence| evidence.contains("where `commmentaires` was removed")));
    assert_eq!(group(&renamed("GET /a", "a", "b", "optional"))[0].certainty, Certainty::Conditional);
}

#[test]
fn parameters_and_operations_are_renamed_too() {
    let parameters = [
        twin(change(Kind::ParameterRemoved, "GET /a", "query:prenoms", "optional", Value::Null), "prenoms[]"),
        twin(change(Kind::ParameterAddedOptional, "GET /a", "query:prenoms[]", Value::Null, "optional"), "prenoms"),
    ];
    let cause = &group(&parameters)[..];
    assert_eq!((cause.len(), cause[0].rule.id), (1, "parameter-renamed"));
    assert_eq!((&cause[0].expected, &cause[0].observed), (&json!("prenoms"), &json!("prenoms[]")));
    for (to, from) in [("GET /new", "GET /old"), ("/new", "/old")] {
        let operations = [
            twin(change(Kind::OperationAdded, "GET /new", "", Value::Null, "id"), from),
            twin(change(Kind::OperationRemoved, "GET /old", "", "id", Value::Null), to),
        ];
        let cause = &group(&operations)[..];
        assert_eq!(
            (cause.len(), cause[0].rule.id, cause[0].certainty),
            (1, "operation-path-changed", Certainty::Definite)
        );
        assert_eq!(cause[0].witness, "GET /old does not exist in the new contract, where it is GET /new.");
    }
}

#[test]
fn halves_that_do_not_name_each_other_in_one_object_stay_two() {
    let [went, came] = renamed("GET /a", "a", "b", "required");
    for lone in [
        Deviation { operation: "GET /b".into(), ..came.fact.clone() },
        Deviation { location: Location::answer("200").at(Part::path("other.b")), ..came.fact.clone() },
        Deviation { twin: Some("c".into()), ..came.fact.clone() },
        Deviation { twin: None, ..came.fact.clone() },
    ] {
        let lone = Finding { fact: lone, ..came.clone() };
        let rules: Vec<&str> = group(&[went.clone(), lone]).iter().map(|cause| cause.rule.id).collect();
        assert_eq!(rules, ["response-property-removed", "response-property-added"]);
    }
    // An exception that lowers one half lowers the renaming.
    let lowered = Finding { class: Class::Compatible, ..went };
    assert_eq!(group(&[lowered, came])[0].class, Class::Compatible);
}

#[test]
fn cases_share_a_cause_and_each_is_named() {
    let case = |name: &str, place: &str| {
        let found = vec![change(Kind::ValueFormChanged, "", place, "year-year", "year")];
        CaseReport::new(format!("op/{name}.yml"), "op", name).with(found)
    };
    let causes = in_cases(&[case("b", "/data/0/annee"), case("a", "/data/annee"), case("c", "/data/*/an")]);
    let files = |cause: &Cause| cause.places.iter().filter_map(|place| place.case.clone()).collect::<Vec<_>>();
    assert_eq!(causes.iter().map(files).collect::<Vec<_>>(), [vec!["op/c.yml"], vec!["op/b.yml", "op/a.yml"]]);
}

#[test]
fn where_in_a_body_a_decode_failed_makes_no_cause_of_its_own() {
    let failed = |place: &str| {
        let told = format!("the answer is not of the documented form ({place} of the body)");
        find(Deviation::new(Kind::ClientDecodeFailed, Location::Whole, "a typed answer", told), |_| None)
    };
    assert_eq!(id(&failed("line 1, column 0").fact, "me"), id(&failed("line 7, column 412").fact, "me"));
    let other =
        find(Deviation::new(Kind::ClientDecodeFailed, Location::Whole, "a typed answer", "status 200"), |_| None);
    assert_ne!(id(&failed("line 1, column 0").fact, "me"), id(&other.fact, "me"));
}

#[test]
fn an_example_has_words_for_a_side_that_states_nothing() {
    let gone =
        change(Kind::ResponseBoundsLoosened, "GET /a", "200 [].price", json!({"exclusiveMinimum": 0}), Value::Null);
    assert_eq!(
        group(&[gone])[0].witness,
        "GET /a answers with a value outside exclusiveMinimum 0 at 200 [].price: valid under the new contract only, which has no bounds."
    );
    let deprecated = change(Kind::OperationDeprecatedChanged, "GET /a", "", Value::Null, true);
    let witness = &group(&[deprecated])[0].witness;
    assert!(witness.ends_with("changed from false to true."), "{witness}");
}

#[test]
fn one_event_is_one_cause_whoever_sees_it_and_whatever_the_value_is() {
    let at = |kind, place: &str, expected: &str, observed: &str| {
        find(Deviation::new(kind, Location::pointer(place), expected, observed), |_| None)
    };
    let answered = |name: &str, place: &str, value: &str| {
        let accepted = place.replace("/0/", "/*/");
        let found = vec![
            at(Kind::BodyInvalid, place, "format `date`", value),
            at(Kind::ClientDecodeFailed, "", "a typed answer", "not of the documented form"),
            at(Kind::ValueFormChanged, &accepted, "date", "date with the year last"),
        ];
        CaseReport::new(format!("op/{name}.yml"), "op", name).with(found)
    };
    let causes = in_cases(&[answered("a", "/list/0/born", "31/12/1999"), answered("b", "/list/0/born", "01/02/2003")]);
    let [cause] = &causes[..] else { panic!("{causes:?}") };
    assert_eq!((cause.rule.kind, cause.places.len()), (Kind::BodyInvalid, 2));
    let also: BTreeSet<&str> = cause.also.iter().map(|also| also.rule.id).collect();
    assert_eq!(also, BTreeSet::from(["client-decode-failed", "value-form-changed"]));
    // What differs elsewhere is another event, and so is what nobody else sees.
    let elsewhere = vec![
        at(Kind::BodyInvalid, "/list/0/born", "format `date`", "31/12/1999"),
        at(Kind::ValueFormChanged, "/list/*/died", "date", "date with the year last"),
    ];
    let alone = vec![at(Kind::ClientDecodeFailed, "", "a typed answer", "not of the documented form")];
    let causes = in_cases(&[
        CaseReport::new("op/c.yml", "op", "c").with(elsewhere),
        CaseReport::new("op/d.yml", "op", "d").with(alone),
    ]);
    let kinds: BTreeSet<&str> = causes.iter().map(|cause| cause.rule.id).collect();
    assert_eq!(kinds, BTreeSet::from(["body-invalid", "client-decode-failed", "value-form-changed"]));
    // A status that nobody expects is one event, also where the contract does not document it.
    let status = vec![
        at(Kind::ResponseStatusChanged, "", "200", "503"),
        at(Kind::StatusUndocumented, "", "200, 404", "503"),
        at(Kind::StatusDiffers, "", "200", "503"),
    ];
    let causes = in_cases(&[CaseReport::new("op/e.yml", "op", "e").with(status)]);
    let [cause] = &causes[..] else { panic!("{causes:?}") };
    assert_eq!((cause.rule.kind, cause.also.len()), (Kind::StatusDiffers, 2));
}
