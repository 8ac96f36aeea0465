//! What is said of a client beside the client that was generated; and names that hang on the whole document.

use super::Clients;
use super::client::Client;
use super::spot::{declared, is_required};
use crate::comparison::{Effect, Impact, Semver};
use crate::diff::diff;
use crate::{causes, find};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;
use vigie_contract::lower::{Prefix, ident};
use vigie_contract::members;
use vigie_contract::schema::Schema;
use vigie_contract::tree::{self, Keep};

/// Every declaration `pub <what> <Name>`, with what stands between its braces: white space and paths left out.
fn declarations(code: &str, what: &str) -> BTreeMap<String, String> {
    let compact: String = code.lines().map(str::trim).filter(|line| !line.starts_with("//")).collect();
    let mut found = BTreeMap::new();
    for rest in compact.split(what).skip(1) {
        let Some((head, body)) = rest.split_once('{') else { continue };
        // Builders stand below the types that they are named after.
        found.entry(head.trim().to_owned()).or_insert_with(|| body.split('}').next().unwrap_or_default().to_owned());
    }
    found
}

/// `::std::option::Option<vigie::clients::Open<crate::..::types::Sexe>>` is `Option<Open<Sexe>>`.
fn plain_type(text: &str) -> String {
    let mut plain = String::new();
    for part in text.split_inclusive(['<', '>', ',']) {
        plain.push_str(part.rsplit("::").next().unwrap_or(part).trim());
    }
    plain.replace(",>", ">").replace(',', ", ")
}

/// Public fields and their types, but the one for what no contract lists.
fn fields(body: &str) -> BTreeMap<String, String> {
    let declared = body.split("pub ").skip(1).filter_map(|field| field.split_once(": "));
    let field = |(name, rest): (&str, &str)| {
        let text = rest.split("#[").next().unwrap_or(rest).trim().trim_end_matches(',');
        (name.to_owned(), plain_type(text))
    };
    let mut fields: BTreeMap<String, String> = declared.map(field).collect();
    if fields.remove("extra_").is_none() {
        fields.remove("extra");
    }
    fields
}

/// What is said of each client, and its generated code.
fn clients() -> &'static [(Client, String)] {
    static CLIENTS: LazyLock<Vec<(Client, String)>> = LazyLock::new(|| {
        let contracts = vigie_embedded::CONTRACTS.iter();
        let document = |text: &str| serde_json::from_str(text).expect("build.rs wrote JSON");
        contracts.map(|(name, text, _)| generated(&document(text), name)).collect()
    });
    &CLIENTS
}

/// What is said of the client of a document, and its generated code.
fn generated(document: &Value, name: &str) -> (Client, String) {
    let client = Client::of(document).expect("a client can be generated from it");
    let code = vigie_codegen::client::generate(&client.contract, name).expect("it is generated").code;
    (client, code)
}

/// Compares every field that is said of a client with the generated one; gives how many there are.
fn fields_as_generated(client: &Client, code: &str) -> usize {
    let (structs, enums) = (declarations(code, "pub struct "), declarations(code, "pub enum "));
    let mut count = 0;
    for name in &client.lowered.types {
        if client.lowered.enums.contains(name) {
            assert!(enums.contains_key(name), "enum {name}");
            continue;
        }
        let object = client.component(name);
        let said = object
            .own_properties()
            .map(|(field, node)| (ident(field, Prefix::X), declared(client, node, is_required(object, field))));
        let said: BTreeMap<String, String> = said.collect();
        assert_eq!(structs.get(name).map(|body| fields(body)), Some(said.clone()), "struct {name}");
        count += said.len();
    }
    count
}

/// Lines of all generated clients together: what goes beyond them has to show that a caller needs it.
const MOST_LINES: usize = 35_000;

#[test]
fn generated_code_stays_within_its_size() {
    let sizes: Vec<usize> = clients().iter().map(|(_, code)| code.lines().count()).collect();
    let all: usize = sizes.iter().sum();
    assert!((1..=MOST_LINES).contains(&all), "{all} lines: {sizes:?}");
    for (_, code) in clients() {
        for idle in ["FromStr for", "api-version", "```ignore"] {
            assert!(!code.contains(idle), "{idle}");
        }
    }
}

#[test]
fn every_type_and_every_field_is_declared_as_it_is_said_to_be() {
    let count: usize = clients().iter().map(|(client, code)| fields_as_generated(client, code)).sum();
    assert!(count > 1000, "{count} fields");
}

#[test]
fn schemas_of_every_version_are_declared_as_they_are_said_to_be() {
    let (null, to) = (json!({"type": "null"}), |name: &str| json!({"$ref": format!("#/components/schemas/{name}")}));
    let properties = object(&[
        ("boolean", json!(true)),
        ("choice", json!({"oneOf": [to("Node"), null]})),
        ("constant", json!({"const": 5})),
        ("contained", json!({"type": "array", "contains": {"type": "string"}})),
        ("either", json!({"anyOf": [{"type": "string"}, {"type": "integer"}, null]})),
        ("if", json!({"if": {"type": "string"}, "then": {"minLength": 1}})),
        ("kind", json!({"type": ["string", "null"], "enum": ["a", "b", null]})),
        ("list", json!({"type": ["array", "null"], "items": {"type": ["integer", "null"]}})),
        ("map", json!({"type": "object", "patternProperties": {"^x": {"type": "string"}}})),
        ("mixed", json!({"type": ["string", "integer"]})),
        ("node", to("Node")),
        ("nothing", null),
        ("null_and_any", json!({"nullable": true})),
        ("object", json!({"type": ["object", "null"], "properties": {"a": {"type": "string"}}})),
        ("text", json!({"type": ["string", "null"]})),
        ("trees", to("Trees")),
        ("tuple", json!({"type": "array", "prefixItems": [{"type": "string"}], "items": {"type": "integer"}})),
        ("wide", json!({"type": "integer", "format": "uint64"})),
    ]);
    let mut document = document(&[("/a", properties["properties"]["node"].clone())]);
    document["openapi"] = "3.1.0".into();
    document["components"] = json!({"schemas": {
        "Node": {"type": ["object", "null"], "properties": {"all": {"type": "array", "items": to("Node")}, "id": {"type": "integer"}}},
        "Trees": {"type": "array", "items": to("Trees")},
    }});
    let mut required = properties.clone();
    required["required"] = members(&properties["properties"]).map(|(name, _)| name.as_str()).collect();
    let content = |schema: &Value| json!({"content": {"application/json": {"schema": schema}}});
    for (at, schema) in [properties, required].iter().enumerate() {
        let operation = json!({"requestBody": content(schema), "responses": {"200": content(schema)}});
        document["paths"][format!("/{at}")] = json!({"post": operation});
    }
    let (client, code) = generated(&document, "schemas");
    let count = fields_as_generated(&client, &code);
    assert!(count > 4 * 18, "{count} fields");
}

#[test]
fn every_method_setter_and_answer_type_is_the_generated_one() {
    for (client, code) in clients() {
        // A long line has a comma behind its last argument.
        let compact = code.split_whitespace().collect::<String>().replace(",)", ")");
        assert_eq!(client.calls.len(), code.matches("pub async fn send(").count());
        for call in client.calls.values() {
            assert!(compact.contains(&format!("pubfn{}(&self", call.name)), "{}", call.name);
            let (sender, _) = compact.split_once(&format!(".call(\"{}\",request)", call.name)).expect("a sender");
            let builder = sender.rsplit("pubstruct").next().unwrap_or_default();
            for parameter in client.lowered(call)["parameters"].as_array().into_iter().flatten() {
                let setter = ident(parameter["name"].as_str().unwrap_or_default(), Prefix::Underscore);
                assert!(
                    builder.contains(&format!("pubfn{setter}(mutself,value:implTryInto<")),
                    "{}: {setter}",
                    call.name
                );
            }
            assert_eq!(builder.contains("pubfnbody("), client.taken(call).is_some(), "{}", call.name);
            let (success, error) = client.returned(call);
            let said = format!("Result<ResponseValue<{success}>, Error<{error}>>");
            let returned = builder.split("pubasyncfnsend(self)->").nth(1).and_then(|rest| rest.split('{').next());
            assert_eq!(returned.map(plain_type), Some(said), "{}", call.name);
        }
    }
}

/// Every value of an answer that says of which type it is: that type with what was selected of it, and what it is in a client.
fn answered<'a>(
    client: &'a Client,
    (stated, lowered): (&Value, Schema<'a>),
    found: &mut BTreeMap<(String, String), Vec<&'a str>>,
) {
    if let (Some(title), Some(name)) = (stated["title"].as_str(), lowered.component()) {
        let mut selected = stated.clone();
        selected.as_object_mut().expect("an object").remove("nullable");
        found.entry((title.to_owned(), selected.to_string())).or_default().push(name);
    }
    if let Some(items) = stated.get("items") {
        answered(client, (items, lowered.own_items().expect("a list has elements")), found);
    }
    for (name, property) in members(&stated["properties"]) {
        let own = lowered.component().expect("an object has a type");
        answered(client, (property, client.component(own).own_property(name).expect("a field")), found);
    }
}

#[test]
fn equal_answers_to_mobilic_s_queries_are_one_type() {
    let (client, _) =
        clients().iter().find(|(client, _)| !client.lowered.graphql.is_empty()).expect("one speaks GraphQL");
    let mut found = BTreeMap::new();
    for call in client.calls.values().filter(|call| client.is_graphql(call)) {
        let stated = &client.operation(call)["responses"]["200"]["content"];
        let lowered = client.body(call, "200").expect("a query has an answer");
        answered(client, (&stated["application/json"]["schema"], lowered), &mut found);
    }
    let shared = found.values().filter(|names| names.len() > 1).count();
    assert!(shared > 20, "{shared} are asked for more than once");
    for ((title, _), names) in &found {
        assert!(names.iter().all(|name| name == &names[0]), "{title}: {names:?}");
    }
    // What is the same everywhere is called as in the schema.
    for title in ["ActivityTypeEnum", "ExpenditureTypeEnum", "PageInfo", "UserTokens", "Void"] {
        let names = found.iter().filter(|((own, _), names)| own == title && names.len() > 1).map(|(_, names)| names[0]);
        assert_eq!(names.collect::<Vec<_>>(), [title]);
    }
}

#[test]
fn raw_documents_of_the_provider_s_whole_history_have_clients() {
    let Some(upstream) = std::env::var_os("VIGIE_UPSTREAM") else {
        eprintln!("skipped: VIGIE_UPSTREAM is not set");
        return;
    };
    let upstream = std::path::Path::new(&upstream).join("api-particulier");
    let (mut seen, mut same) = (BTreeSet::new(), 0);
    let vendored = upstream.join("2026-04");
    for folder in [&upstream.join("history"), &upstream, &vendored] {
        for entry in std::fs::read_dir(folder).expect("a folder of documents") {
            let path = entry.expect("an entry").path();
            if path.extension().is_none_or(|extension| extension != "yaml") {
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("a text");
            let document = tree::parse(&text, Keep::Facts).expect("a tree").value;
            let client = Client::of(&document).unwrap_or_else(|reason| panic!("{}: {reason}", path.display()));
            assert_eq!(client.calls.len(), client.lowered.operations.len(), "{}", path.display());
            // What is said of the published document must hold for the client of the vendored one.
            let version = path.file_stem().and_then(std::ffi::OsStr::to_str);
            if let Some(version) = version.filter(|_| *folder == vendored) {
                let own =
                    vigie_embedded::contracts("api-particulier").into_iter().find(|own| own.name.ends_with(version));
                let own = Client::of(&own.expect("it is vendored").document).expect("a client was generated from it");
                let other: Vec<&String> = client.lowered.types.difference(&own.lowered.types).collect();
                // The published v2 gives this operation no id; our overlay does.
                assert_eq!(other, if version == "v2" { vec!["GetApiIntrospectAnswer"] } else { vec![] });
                same += 1;
            }
            seen.insert(path);
        }
    }
    assert_eq!((seen.len(), same), (31, 2));
}

/// A document with an answer by path; the id of an operation is made of its path.
fn document(answers: &[(&str, Value)]) -> Value {
    let item =
        |schema: &Value| json!({"get": {"responses": {"200": {"content": {"application/json": {"schema": schema}}}}}});
    let paths = answers.iter().map(|(path, schema)| ((*path).to_owned(), item(schema)));
    json!({"openapi": "3.0.0", "info": {"title": "T", "version": "1"}, "paths": paths.collect::<serde_json::Map<_, _>>()})
}

fn object(properties: &[(&str, Value)]) -> Value {
    let properties = properties.iter().map(|(name, schema)| ((*name).to_owned(), schema.clone()));
    json!({"type": "object", "properties": properties.collect::<serde_json::Map<_, _>>()})
}

fn text() -> Value {
    json!({"type": "string"})
}

/// The impacts of a change, by rule.
fn impacts(old: &Value, new: &Value) -> Vec<(&'static str, Impact)> {
    let findings: Vec<_> = diff(old, new).deviations.into_iter().map(|deviation| find(deviation, |_| None)).collect();
    let clients = Clients::new(old, new);
    let impact = |cause: &crate::comparison::Cause| Some((cause.rule.id, clients.impact(cause)?));
    causes::group(&findings).iter().filter_map(impact).collect()
}

#[test]
fn a_shape_that_is_no_longer_shared_renames_the_types_of_operations_that_did_not_change() {
    let home = object(&[("rue", text())]);
    let wider = object(&[("rue", text()), ("ville", text())]);
    let answer = |home: &Value, own: &str| object(&[("adresse", home.clone()), (own, text())]);
    let old = document(&[("/a", answer(&home, "x")), ("/b", answer(&home, "y"))]);
    let new = document(&[("/a", answer(&wider, "x")), ("/b", answer(&home, "y"))]);
    let impacts = impacts(&old, &new);
    let [(rule, impact)] = &impacts[..] else { panic!("{impacts:?}") };
    assert_eq!(*rule, "response-property-added");
    assert_eq!(
        impact.types,
        ["AAnswer.adresse", "AAnswerAdresse", "AAnswerAdresse.ville", "Adresse", "BAnswerAdresse"]
    );
    assert_eq!((impact.decode, impact.semver), (Effect::Works, Semver::Major));
}

#[test]
fn a_new_operation_may_rename_the_types_of_another_one() {
    let answer = |own: &str| object(&[("adresse", object(&[("rue", text())])), (own, text())]);
    let old = document(&[("/a", answer("x"))]);
    let new = document(&[("/a", answer("x")), ("/b", answer("y"))]);
    let impacts = impacts(&old, &new);
    let [(rule, impact)] = &impacts[..] else { panic!("{impacts:?}") };
    assert_eq!((*rule, impact.semver), ("operation-added", Semver::Major));
    // With one operation there are no words that all ids share.
    assert!(["Adresse", "BAnswer"].iter().all(|name| impact.types.iter().any(|other| other == name)), "{impact:?}");
}

#[test]
fn an_operation_with_other_words_gives_all_methods_back_their_prefix() {
    let old = document(&[("/v3/x", text()), ("/v3/y", text())]);
    let new = document(&[("/v3/x", text()), ("/v3/y", text()), ("/other", text())]);
    let impacts = impacts(&old, &new);
    let [(_, impact)] = &impacts[..] else { panic!("{impacts:?}") };
    assert_eq!(impact.methods, ["other()", "v3_x()", "v3_y()", "x()", "y()"]);
    assert_eq!(impact.semver, Semver::Major);
}

#[test]
fn a_base_path_may_move_from_the_server_to_the_operations() {
    let mut old = document(&[("/x", object(&[("a", text())]))]);
    old["servers"] = json!([{"url": "https://host/api"}]);
    old["paths"]["/x"]["get"]["operationId"] = "x".into();
    let mut new = document(&[("/api/x", object(&[("a", json!({"type": "integer"}))]))]);
    new["servers"] = json!([{"url": "https://host"}]);
    new["paths"]["/api/x"]["get"]["operationId"] = "x".into();
    let impacts = impacts(&old, &new);
    let [(rule, impact)] = &impacts[..] else { panic!("{impacts:?}") };
    assert_eq!((*rule, impact.decode), ("response-type-changed", Effect::Fails));
    assert_eq!(impact.types, ["XAnswer.a"]);
}

/// A document with one operation that takes a body of a media type.
fn taking(media_type: &str, body: &Value) -> Value {
    let mut document = document(&[("/x", object(&[("a", text())]))]);
    let item = document["paths"]["/x"]["get"].take();
    document["paths"]["/x"] = json!({"post": item});
    document["paths"]["/x"]["post"]["operationId"] = "x".into();
    document["paths"]["/x"]["post"]["requestBody"] =
        json!({"required": true, "content": {media_type: {"schema": body}}});
    document
}

/// Rule, effect on the request, types, methods and version of the one change between two bodies.
fn sent(old: &Value, new: &Value) -> (&'static str, Effect, Vec<String>, Vec<String>, Semver) {
    let impacts = impacts(old, new);
    let [(rule, impact)] = &impacts[..] else { panic!("{impacts:?}") };
    assert_eq!(impact.decode, Effect::Works);
    (rule, impact.request, impact.types.clone(), impact.methods.clone(), impact.semver)
}

#[test]
fn what_is_sent_has_types_that_a_change_of_the_body_touches() {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let body = |more: &[(&str, Value)], required: &[&str]| {
        let mut body = object(&[&[("name", text())], more].concat());
        body["required"] = json!(required);
        taking("application/json", &body)
    };
    let old = body(&[], &["name"]);
    assert_eq!(
        sent(&old, &body(&[("note", text())], &["name"])),
        ("request-property-added-optional", Effect::Works, names(&["XBody.note"]), vec![], Semver::Minor)
    );
    assert_eq!(
        sent(&old, &body(&[("note", text())], &["name", "note"])),
        ("request-property-added-required", Effect::Fails, names(&["XBody.note"]), vec![], Semver::Major)
    );
    let (rule, request, types, _, semver) = sent(&body(&[("note", text())], &["name"]), &old);
    assert_eq!((rule, types, semver), ("request-property-removed", names(&["XBody.note"]), Semver::Major));
    assert_ne!(request, Effect::Fails);
    let (_, _, types, _, semver) =
        sent(&body(&[("n", text())], &["name"]), &body(&[("n", json!({"type": "integer"}))], &["name"]));
    assert_eq!((types, semver), (names(&["XBody.n"]), Semver::Major));
    let nested = |inner: &[(&str, Value)]| body(&[("place", object(inner))], &["name"]);
    let (_, _, types, _, semver) = sent(&nested(&[("lat", text())]), &nested(&[("lat", text()), ("lon", text())]));
    assert_eq!((types, semver), (names(&["XBodyPlace.lon"]), Semver::Minor));
    // Values are text in the client, whatever the contract lists.
    let listed = |values: &[&str]| body(&[("kind", json!({"type": "string", "enum": values}))], &["name"]);
    let (_, _, types, _, semver) = sent(&listed(&["a"]), &listed(&["a", "b"]));
    assert_eq!((types, semver), (vec![], Semver::Patch));
}

#[test]
fn a_body_that_comes_goes_or_is_no_json_is_another_setter() {
    let with = taking("application/json", &object(&[("name", text())]));
    let mut without = with.clone();
    without["paths"]["/x"]["post"].as_object_mut().expect("an object").remove("requestBody");
    let (rule, _, types, methods, semver) = sent(&with, &without);
    assert_eq!((rule, &methods[..], semver), ("request-body-removed", &["x().body()".to_owned()][..], Semver::Major));
    assert_eq!(types, ["XBody"]);
    let (_, _, types, methods, semver) = sent(&without, &with);
    assert_eq!((types, methods, semver), (vec!["XBody".to_owned()], vec!["x().body()".to_owned()], Semver::Minor));
    let bytes = taking("multipart/form-data", &object(&[("name", text())]));
    for (_, impact) in impacts(&with, &bytes) {
        assert_eq!((&impact.methods[..], impact.semver), (&["x().body()".to_owned()][..], Semver::Major));
    }
}

#[test]
fn a_second_form_of_success_changes_what_a_method_returns() {
    let old = document(&[("/a", object(&[("a", text())]))]);
    let mut new = old.clone();
    new["paths"]["/a"]["get"]["responses"]["204"] = json!({});
    let impacts = impacts(&old, &new);
    let [(rule, impact)] = &impacts[..] else { panic!("{impacts:?}") };
    assert_eq!((*rule, impact.semver), ("response-status-added", Semver::Major));
    assert_eq!(impact.methods, ["a()"]);
}

#[test]
fn rings_and_strange_documents_end() {
    let ring =
        json!({"oneOf": [{"$ref": "#/components/schemas/R"}, {"$ref": "#/components/schemas/R"}, {"type": "string"}]});
    let mut old =
        document(&[("/a", object(&[("r", text())])), ("/b", json!({"$ref": "#/paths/~1b/get/responses/200"}))]);
    old["components"] = json!({"schemas": {"R": ring}});
    let mut new = old.clone();
    new["paths"]["/a"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]["properties"]["r"] =
        json!({"$ref": "#/components/schemas/R"});
    let told = impacts(&old, &new);
    assert!(told.iter().all(|(_, impact)| impact.decode == Effect::Works), "a ring of texts is text: {told:?}");
    let link = |at: usize| {
        (format!("S{at}"), json!({"properties": {"next": {"$ref": format!("#/components/schemas/S{}", at + 1)}}}))
    };
    let mut chain = document(&[("/a", json!({"$ref": "#/components/schemas/S0"}))]);
    chain["components"] = json!({"schemas": (0..20_000).map(link).collect::<serde_json::Map<_, _>>()});
    for strange in [
        chain,
        json!(null),
        json!([]),
        json!({"paths": []}),
        json!({"paths": {"/a": "x", "/b": {"get": 3, "parameters": {}}}}),
        json!({"paths": {"/a": {"get": {"responses": {"200": {"content": {"application/json": {"schema": [1]}}}}}}}}),
        json!({"paths": {"/a": {"get": {"parameters": ["x", {"name": 3}], "responses": []}}}, "components": 3, "servers": {}}),
    ] {
        drop(Client::of(&strange));
    }
}

#[test]
fn an_operation_without_a_method_in_any_client_is_reported_and_has_no_impact() {
    let mut old = document(&[("/a", object(&[("a", text())]))]);
    let search = old["paths"]["/a"]["get"].clone();
    old["paths"]["/a"]["query"] = search.clone();
    old["paths"]["/a"]["additionalOperations"] = json!({"COPY": search});
    let mut new = old.clone();
    let changed = json!({"content": {"application/json": {"schema": object(&[("a", json!({"type": "integer"}))])}}});
    new["paths"]["/a"]["query"]["responses"]["200"] = changed.clone();
    new["paths"]["/a"]["additionalOperations"]["COPY"]["responses"]["200"] = changed;
    let findings: Vec<_> = diff(&old, &new).deviations.into_iter().map(|one| find(one, |_| None)).collect();
    let causes = causes::group(&findings);
    let clients = Clients::new(&old, &new);
    assert!(!causes.is_empty());
    assert!(causes.iter().all(|cause| clients.impact(cause).is_none()), "{causes:?}");
    let said = |verb: &str| format!("a generated client has no method for `{verb} /a`; the impact on it is unknown");
    assert_eq!(clients.notes(), ["COPY", "QUERY"].map(said));
    // Without any client, the reason is given once.
    for method in ["get", "query"] {
        new["paths"]["/a"][method]["operationId"] = "same".into();
    }
    let clients = Clients::new(&old, &new);
    assert!(causes.iter().all(|cause| clients.impact(cause).is_none()));
    let reason = "no client can be generated from the new document: two operations have the id `same`";
    assert_eq!(clients.notes(), [format!("{reason}; the impact on it is unknown")]);
}

#[test]
fn a_webhook_has_no_effect_on_the_client() {
    let with = |schema: Value| {
        let body = json!({"content": {"application/json": {"schema": schema}}});
        let mut document = document(&[("/a", text())]);
        document["webhooks"] = json!({"made": {"post": {"requestBody": body, "responses": {"200": {}}}}});
        document
    };
    assert!(!diff(&with(text()), &with(json!({"type": "integer"}))).deviations.is_empty());
    assert!(impacts(&with(text()), &with(json!({"type": "integer"}))).is_empty());
}

#[test]
fn a_call_that_the_provider_makes_has_no_effect_on_the_client() {
    let with = |schema: Value| {
        let body = json!({"content": {"application/json": {"schema": schema}}});
        let callbacks = json!({"event": {"{$request.body#/url}": {"post": {"requestBody": body}}}});
        json!({"openapi": "3.0.3", "info": {"title": "Hooks", "version": "1.0.0"}, "paths": {"/hooks": {"post": {
            "operationId": "hook", "callbacks": callbacks, "responses": {"200": {"description": "Made."}}}}}})
    };
    let old = with(json!({"type": "object", "properties": {"id": {"type": "string"}}}));
    let new = with(json!({"type": "object", "properties": {}}));
    let clients = Clients::new(&old, &new);
    let found: Vec<_> = diff(&old, &new).deviations.into_iter().map(|found| find(found, |_| None)).collect();
    let causes = causes::group(&found);
    assert_eq!(causes.len(), 1);
    assert_eq!(clients.impact(&causes[0]), None);
}

#[test]
fn no_client_is_made_of_a_very_large_document() {
    let document = |count: usize| json!({"openapi": "3.0.3", "paths": {}, "x-many": vec![0; count]});
    let (small, large) = (document(1), document(super::MOST_VALUES));
    assert!(!Clients::new(&small, &small).are_too_large());
    assert!(Clients::new(&small, &large).are_too_large() && Clients::new(&large, &small).are_too_large());
}
