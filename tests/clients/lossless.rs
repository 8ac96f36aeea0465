//! The generated clients read every answer that the contract allows, and keep all of it: bodies are made from the schemas,
//! each with one odd place, and what the typed value is written out as is compared with them.

use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use vigie_contract::model::Operation;
use vigie_drift::deviation::Kind;
use vigie_drift::finding::Class;
use vigie_exchange::{Exchange, Request, Response};

use vigie_harness::providers::{PROVIDERS, Provider};
use vigie_judge::{Decoded, Evidence, Judge, Typed};
use vigie_scenario::{Bound, Case, Scenario, bind};

/// How deep a body goes: schemas may contain themselves.
const DEEPEST: usize = 9;

/// A body with everything that a schema lists.
fn full(root: &Value, schema: &Value, depth: usize) -> Value {
    if let Some(reference) = schema["$ref"].as_str() {
        // What contains itself has a definition of its own.
        let target = root.pointer(reference.trim_start_matches('#')).expect("it leads somewhere");
        return if depth < DEEPEST { full(root, target, depth + 1) } else { json!({}) };
    }
    if let Some(first) = ["oneOf", "anyOf"].iter().find_map(|key| schema[*key].get(0)) {
        return full(root, first, depth);
    }
    if let Some(value) = schema["enum"].get(0) {
        return value.clone();
    }
    let kind = match &schema["type"] {
        Value::String(kind) => kind.as_str(),
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null").unwrap_or("null"),
        _ if schema.get("properties").is_some() || schema.get("allOf").is_some() => "object",
        _ => return json!({"any": [1, null, {}]}),
    };
    match kind {
        "object" => {
            let mut members = Map::new();
            for part in schema["allOf"].as_array().into_iter().flatten() {
                match full(root, part, depth) {
                    Value::Object(own) => members.extend(own),
                    other => return other,
                }
            }
            if depth < DEEPEST {
                let properties = schema["properties"].as_object().into_iter().flatten();
                members.extend(properties.map(|(name, inner)| (name.clone(), full(root, inner, depth + 1))));
            }
            members.into()
        }
        "array" if depth < DEEPEST => json!([full(root, &schema["items"], depth + 1)]),
        "array" => json!([]),
        "integer" => json!(schema["minimum"].as_i64().unwrap_or(7)),
        "number" => json!(schema["minimum"].as_f64().unwrap_or(1.5)),
        "boolean" => json!(true),
        "string" => match schema["format"].as_str() {
            Some("date") => json!("2026-02-28"),
            Some("date-time") => json!("2026-02-28T10:00:00Z"),
            _ => json!("Élan"),
        },
        _ => Value::Null,
    }
}

/// What may stand in a place in the stead of a value, whatever the contract says of it.
fn odd() -> Vec<Value> {
    vec![
        Value::Null,
        json!({}),
        json!([]),
        json!([null]),
        json!({"a": {}, "b": null, "c": [], "d": 1.0}),
        json!(""),
        json!("autre"),
        json!(0),
        json!(1.0),
        json!(-3),
        json!(2.5),
        json!(9_007_199_254_740_991_i64),
        json!(false),
    ]
}

/// The body with one place changed in every odd way, left out, or beside something that the contract does not list. The
/// errors of a GraphQL answer are the same in every operation, so each place of theirs has its turn once.
fn variants(body: &Value, errors: &mut BTreeSet<String>) -> Vec<Value> {
    fn walk(node: &Value, pointer: String, found: &mut Vec<String>) {
        match node {
            Value::Object(members) => {
                for (name, inner) in members {
                    walk(inner, format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1")), found);
                }
            }
            Value::Array(items) => {
                for (position, item) in items.iter().enumerate() {
                    walk(item, format!("{pointer}/{position}"), found);
                }
            }
            _ => {}
        }
        found.push(pointer);
    }
    let mut pointers = Vec::new();
    walk(body, String::new(), &mut pointers);
    pointers.retain(|pointer| !pointer.starts_with("/errors") || errors.insert(pointer.clone()));
    let mut variants = vec![body.clone()];
    for pointer in pointers {
        let mut with = |change: &dyn Fn(&mut Value)| {
            let mut variant = body.clone();
            variant.pointer_mut(&pointer).map(change);
            variants.push(variant);
        };
        for value in odd() {
            with(&|place| *place = value.clone());
        }
        with(&|place| {
            if let Value::Object(members) = place {
                members.insert("neuf".to_owned(), json!({"a": null, "b": {}}));
            }
        });
        let (parent, name) = pointer.rsplit_once('/').unwrap_or_default();
        let mut variant = body.clone();
        if let Some(Value::Object(members)) = variant.pointer_mut(parent).filter(|_| !pointer.is_empty()) {
            members.remove(&name.replace("~1", "/").replace("~0", "~"));
            variants.push(variant);
        }
    }
    variants
}

/// What the client of an operation gets wrong of bodies that the contract allows, and how many those were.
async fn wrong(
    provider: &Provider,
    scenarios: &[Scenario],
    judge: &Judge,
    (operation, status): (&Operation, u16),
    errors: &mut BTreeSet<String>,
) -> (usize, BTreeMap<String, Value>) {
    let (mut allowed, mut wrong) = (0, BTreeMap::new());
    let mut case = Case::call(&operation.id, provider.dialect);
    case.status = status;
    let sent = operation.body.as_ref().and_then(|body| {
        let media_type = body.content.keys().find(|own| own.contains("json"))?;
        let pointer = format!("{}/content/{}/schema", body.pointer, media_type.replace('~', "~0").replace('/', "~1"));
        let schema = judge.resolved(judge.contract.document.pointer(&pointer)?);
        Some(full(&schema, &schema, 0))
    });
    match operation.graphql {
        Some(_) => {
            let variables = sent.as_ref().map(|body| body["variables"].clone()).unwrap_or_default();
            case.params = variables.as_object().cloned().unwrap_or_default();
        }
        None => case.body = sent,
    }
    // A body that no builder makes: one of our own scenarios has a better one.
    let own = || {
        scenarios.iter().flat_map(Scenario::cases).filter(|own| own.operation == operation.id && !own.expects_refusal())
    };
    let mut bounds: Vec<Bound> = [&case].into_iter().chain(own()).map(|case| bind(case, operation)).collect();
    let media_type = operation.answer(status).and_then(|answer| answer.content.keys().next().cloned());
    let schema = judge.schema(operation, status);
    for body in variants(&full(schema, schema, 0), errors) {
        let headers = media_type.iter().map(|own| (http::header::CONTENT_TYPE, own.parse().expect("a media type")));
        let response = Response {
            status: http::StatusCode::from_u16(status).expect("a status"),
            headers: headers.collect(),
            body: body.to_string().into(),
        };
        let request = Request::new(http::Method::GET, operation.path.clone());
        let exchange = Exchange { request, response, elapsed: Duration::ZERO };
        let evidence = |typed| Evidence { case: &case, operation, exchange: &exchange, typed, masked: &[] };
        let is_body = |kind| matches!(kind, Kind::BodyInvalid | Kind::BodyNotJson);
        if judge.judge(&evidence(None)).deviations.iter().any(|found| is_body(found.kind)) {
            continue;
        }
        allowed += 1;
        let mut typed = loop {
            let bound = bounds.first().unwrap_or_else(|| panic!("{}: no call is built", operation.id));
            let typed = vigie_replay::replay(&judge.contract.name, operation, bound, &exchange.response).await;
            match typed.expect("it has a client") {
                Typed { decoded: Decoded::Unfit(_), .. } => drop(bounds.remove(0)),
                typed => break typed,
            }
        };
        typed.request = None;
        for found in judge.judge(&evidence(Some(&typed))).deviations {
            if matches!(found.kind, Kind::ClientDecodeFailed | Kind::ClientDecodeLossy) {
                let class = vigie_drift::find(found.clone(), |_| None).class;
                assert_eq!(class, Class::Client, "{}: {found:?}", operation.id);
                wrong.insert(format!("{} {status} {:?} {}", operation.id, found.kind, found.pointer), body.clone());
            }
        }
    }
    (allowed, wrong)
}

#[tokio::test]
async fn every_answer_that_the_contract_allows_is_read_and_kept() {
    for provider in PROVIDERS {
        let (mut all, mut seen, mut lost) = (0, BTreeSet::new(), BTreeMap::<String, Value>::new());
        let corpus = vigie_embedded::scenarios(provider.name, provider.dialect, None).expect("our own are good");
        for contract in provider.contracts() {
            let judge = Judge::new(contract);
            let mut errors = BTreeSet::new();
            for operation in judge.contract.operations.iter().filter(|operation| !operation.callback) {
                let statuses = operation.responses.iter().filter(|(status, answer)| {
                    (200..300).contains(*status) && answer.content.keys().any(|own| own.contains("json"))
                });
                for (status, _) in statuses {
                    let (allowed, wrong) =
                        wrong(provider, &corpus.scenarios, &judge, (operation, *status), &mut errors).await;
                    all += allowed;
                    // Of some no body can be made of the schema alone.
                    seen.extend((allowed > 0).then(|| operation.id.clone()));
                    lost.extend(wrong);
                }
            }
        }
        assert!(all > 500 && seen.len() > 15, "{}: {all} bodies of {} operations", provider.name, seen.len());
        let first: Vec<_> = lost.iter().take(20).collect();
        assert!(lost.is_empty(), "{}: {} of {all}: {first:#?}", provider.name, lost.len());
    }
}
