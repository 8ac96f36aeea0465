//! A live GraphQL schema beside the contract's: what drifted is told, and what is no schema is no drift.

use std::sync::{Arc, Mutex};
use std::time::Duration;
use vigie_drift::finding::{CaseReport, Class, Finding, Verdict};
use vigie_drift::run::RunReport;
use vigie_harness::pace::Pace;
use vigie_harness::runner::{Promised, introspect};
use vigie_harness::transport::Transport;

/// Our own half: the live one has more.
const OWN: &str = "type Query { salarie(id: Int!): Salarie } type Salarie { nom: String! age: Int }
    \"\"\"\nThe values.\n- \"pause\": at rest\n- \"travail\": at work\n\"\"\"\nscalar Activite type Mutation { noter(quoi: Activite!): Salarie }";

/// The answer of a server to the query of 2016, with these fields of `Salarie`.
fn answer(fields: &[(&str, &str, bool)], values: &str) -> String {
    let named = |kind: &str, name: &str| format!(r#"{{"kind":"{kind}","name":"{name}","ofType":null}}"#);
    let of = |kind: &str, name: &str, required: bool| {
        let named = named(kind, name);
        if required { format!(r#"{{"kind":"NON_NULL","name":null,"ofType":{named}}}"#) } else { named }
    };
    let field = |name: &str, args: &str, ty: &str| {
        format!(r#"{{"name":"{name}","args":[{args}],"type":{ty},"isDeprecated":false}}"#)
    };
    let argument = |name: &str, ty: &str| format!(r#"{{"name":"{name}","type":{ty},"defaultValue":null}}"#);
    let object = |name: &str, fields: &str| {
        format!(r#"{{"kind":"OBJECT","name":"{name}","description":null,"fields":[{fields}],"interfaces":[]}}"#)
    };
    let person: Vec<String> =
        fields.iter().map(|(name, ty, required)| field(name, "", &of("SCALAR", ty, *required))).collect();
    let types = [
        object(
            "Query",
            &field("salarie", &argument("id", &of("SCALAR", "Int", true)), &of("OBJECT", "Salarie", false)),
        ),
        object(
            "Mutation",
            &field("noter", &argument("quoi", &of("SCALAR", "Activite", true)), &of("OBJECT", "Salarie", false)),
        ),
        object("Salarie", &person.join(",")),
        format!(r#"{{"kind":"SCALAR","name":"Activite","description":"\nThe values.\n{values}"}}"#),
    ];
    let roots = r#""queryType":{"name":"Query"},"mutationType":{"name":"Mutation"},"subscriptionType":null"#;
    format!(r#"{{"data":{{"__schema":{{{roots},"types":[{}]}}}}}}"#, types.join(","))
}

const VALUES: &str = r#"- \"pause\" : ..\n- \"travail\" : ..\n"#;

/// Asks a host that answers so.
fn ask(status: &'static str, media_type: &'static str, body: String) -> CaseReport {
    ask_at(&support::host::start(move |_| support::host::http(status, [("Content-Type", media_type)], &body)))
}

fn ask_at(target: &str) -> CaseReport {
    let promised = Promised { path: "/graphql", file: "specs/x/schema.graphql", text: OWN };
    let transport = Transport::new(target, Duration::from_secs(5)).expect("it is a URL");
    let runtime = tokio::runtime::Runtime::new().expect("it starts");
    let mut reports = runtime.block_on(introspect(&Pace::unlimited(), &transport, &[promised]));
    assert_eq!(reports.len(), 1);
    reports.remove(0)
}

fn told(report: &CaseReport) -> Vec<(&str, &str, Class)> {
    let told = |found: &Finding| (found.rule.id, &*found.fact.location.to_string().leak(), found.class);
    report.findings.iter().map(told).collect()
}

const GOOD: [(&str, &str, bool); 2] = [("nom", "String", true), ("age", "Int", false)];

#[test]
fn the_same_schema_conforms_and_is_asked_for_at_its_path() {
    let first = Arc::new(Mutex::new(String::new()));
    let seen = Arc::clone(&first);
    let target = support::host::start(move |line| {
        line.clone_into(&mut seen.lock().expect("no panic"));
        support::host::http("200 OK", [("Content-Type", "application/json")], &answer(&GOOD, VALUES))
    });
    let report = ask_at(&target);
    assert_eq!(told(&report), []);
    assert_eq!((report.verdict, report.status), (Verdict::Conforms, Some(200)));
    assert_eq!((report.operation.as_str(), report.case.as_str()), ("graphql", "introspection"));
    assert_eq!(*first.lock().expect("no panic"), "POST /graphql HTTP/1.1");
}

#[test]
fn what_went_breaks_and_what_came_does_not() {
    let report = ask("200 OK", "application/json", answer(&[GOOD[1], ("ville", "String", false)], VALUES));
    let expected = [
        ("response-property-removed", "Salarie.nom", Class::Breaking),
        ("response-property-added", "Salarie.ville", Class::Compatible),
    ];
    assert_eq!(told(&report), expected);
    assert_eq!(report.verdict, Verdict::Snapshot);
}

#[test]
fn a_value_that_only_a_description_lists_is_told() {
    let more = VALUES.to_owned() + r#"- \"conge\" : ..\n"#;
    let report = ask("200 OK", "application/json", answer(&GOOD, &more));
    assert_eq!(told(&report), [("request-enum-value-added", "Activite", Class::Compatible)]);
    let report = ask("200 OK", "application/json", answer(&GOOD, r#"- \"pause\" : ..\n- \"conge\" : ..\n"#));
    assert!(
        told(&report).contains(&("request-enum-value-removed", "Activite", Class::Breaking)),
        "{:?}",
        told(&report)
    );
}

#[test]
fn what_is_no_schema_is_an_outage() {
    let json = "application/json";
    for (status, media_type, body, rule) in [
        ("200 OK", "text/html", "<html>maintenance</html>", "web-page"),
        ("200 OK", json, r#"{"errors":[{"message":"no"}]}"#, "schema-untold"),
        ("200 OK", json, r#"{"data":null}"#, "schema-untold"),
        ("200 OK", json, r#"{"data":{"__schema":"#, "schema-untold"),
        ("400 BAD REQUEST", json, r#"{"errors":[{"message":"introspection is off"}]}"#, "schema-untold"),
        ("503 SERVICE UNAVAILABLE", json, "{}", "server-error"),
        ("429 TOO MANY REQUESTS", json, "{}", "rate-limited"),
        ("200 OK", json, "[]", "schema-untold"),
    ] {
        let report = ask(status, media_type, body.to_owned());
        assert_eq!(told(&report), [(rule, "", Class::Outage)], "{status} {body}");
        assert_eq!(report.verdict, Verdict::Outage);
    }
    let nobody = ask_at("http://127.0.0.1:9");
    assert_eq!((told(&nobody), nobody.status), (vec![("host-refused", "", Class::Outage)], None));
}

#[test]
fn a_schema_that_is_not_whole_is_implausible_and_proves_nothing() {
    let without_query = r#"{"data":{"__schema":{"queryType":{"name":"Query"},"types":[]}}}"#;
    let other = answer(&GOOD, VALUES).replace("salarie", "client").replace("noter", "vendre");
    for body in [without_query.to_owned(), other] {
        let report = ask("200 OK", "application/json", body);
        assert_eq!(told(&report), [("document-implausible", "", Class::Implausible)]);
        assert_eq!(report.verdict, Verdict::Outage);
        let run = RunReport { cases: vec![report], ..RunReport::default() };
        assert_eq!(run.conclusion(), vigie_drift::finding::Conclusion::Inconclusive);
    }
}
