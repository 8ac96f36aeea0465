//! What differs and is not compared is never green, and no document is too odd or too large for an answer.
//!
//! Without a bound on each of them, most of these would take hours, or more memory than a machine has.

use super::{OLD, compare};
use serde_json::{Map, Value, json};

/// A document with one answer.
fn answering(schema: &Value, schemas: &Value) -> Value {
    let answer = |schema: &Value| {
        let content = json!({"application/json": {"schema": schema}});
        json!({"get": {"responses": {"200": {"description": "ok", "content": content}}}})
    };
    let other = json!({"type": "object", "properties": {"a": {"type": "string"}}});
    json!({
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": {"/a": answer(schema), "/z": answer(&other)},
        "components": {"schemas": schemas},
    })
}

fn status_of(old: &Value, new: &Value) -> (i32, Vec<String>) {
    let (code, mut rules) = compare(&old.to_string(), &new.to_string());
    rules.sort();
    rules.dedup();
    (code, rules)
}

#[test]
fn what_differs_and_is_not_compared_is_never_green() {
    let not_compared = (3, vec!["not-compared".to_owned()]);
    let string = |more: Value| {
        let mut schema = json!({"type": "object", "properties": {"a": {"type": "string"}}});
        schema.as_object_mut().expect("an object").extend(more.as_object().cloned().expect("an object"));
        answering(&schema, &json!({"N": {"type": "string"}, "M": {"type": "integer"}}))
    };
    let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    let [bounds, changed] = ["response-bounds-loosened", "response-type-changed"].map(str::to_owned);
    for (keyword, other, without) in [
        ("then", &bounds, &bounds),
        ("else", &bounds, &bounds),
        ("contains", &bounds, &bounds),
        ("propertyNames", &bounds, &bounds),
        ("unevaluatedProperties", &changed, &bounds),
        ("contentSchema", &changed, &bounds),
    ] {
        let with = |schema: Value| string(json!({ "if": {"required": ["a"]}, keyword: schema }));
        assert_eq!(status_of(&with(reference("N")), &with(reference("M"))), (1, vec![other.clone()]), "{keyword}");
        assert_eq!(status_of(&with(reference("N")), &string(json!({}))), (1, vec![without.clone()]), "{keyword}");
        // Another way to say the same.
        let inline = json!({"type": "string", "description": "prose"});
        assert_eq!(status_of(&with(reference("N")), &with(inline)), (0, vec![]), "{keyword}");
    }
    // Alone, they say nothing.
    for keyword in ["if", "then", "else"] {
        let with = |name: &str| string(json!({ keyword: reference(name) }));
        assert_eq!(status_of(&with("N"), &with("M")), (0, vec![]), "{keyword}");
    }
    for (keyword, was, is) in [
        ("patternProperties", json!({"^a": reference("N")}), json!({"^b": reference("N")})),
        ("prefixItems", json!([reference("N")]), json!([reference("M")])),
        ("dependentRequired", json!({"a": ["b"]}), json!({"a": ["c"]})),
        ("contentEncoding", "base64".into(), "base32".into()),
    ] {
        let with = |value: &Value| string(json!({ keyword: value }));
        assert_eq!(status_of(&with(&was), &with(&is)).0, 1, "{keyword}");
        assert_eq!(status_of(&with(&was), &with(&was)), (0, vec![]), "{keyword}");
    }
    // Where any name may have any value, a pattern of names says nothing.
    let pattern = |pattern: &str| string(json!({"patternProperties": {pattern: {}}}));
    assert_eq!(status_of(&pattern("^a"), &pattern("^b")), (0, vec![]));
    let closed = |own: &str| {
        let mut schema = string(json!({"patternProperties": {own: {}}}));
        let body = "/paths/~1a/get/responses/200/content/application~1json/schema";
        if let Some(schema) = schema.pointer_mut(body) {
            schema["additionalProperties"] = false.into();
        }
        schema
    };
    assert_eq!(status_of(&closed("^a"), &closed("^b")).0, 1);
    // How a value is written as XML makes no difference in JSON.
    let named = |name: &str| string(json!({"xml": {"name": name}}));
    assert_eq!(status_of(&named("a"), &named("b")), (0, vec![]));
    let unknown = |value: u32| string(json!({ "no-keyword": value }));
    assert_eq!(status_of(&unknown(1), &unknown(2)), not_compared);
    assert_eq!(status_of(&unknown(1), &unknown(1)), (0, vec![]));
}

#[test]
fn objects_are_compared_to_their_last_key_and_references_followed_wherever_they_stand() {
    let not_compared = vec!["not-compared".to_owned()];
    let contract = |pointer: &str, value: Value| {
        let mut document = answering(&json!({"type": "string"}), &json!({}));
        document["paths"]["/a"]["get"]["responses"]["200"]["links"] = json!({});
        *document.pointer_mut(pointer).expect("it is there") = value;
        document
    };
    let links = |text: &str| contract("/paths/~1a/get/responses/200/links", json!({"next": {"operationId": text}}));
    assert_eq!(status_of(&links("a"), &links("b")), (0, vec!["link-changed".to_owned()]));
    let encoding = |text: &str| {
        let mut document = answering(&json!({"type": "object", "properties": {"a": {"type": "string"}}}), &json!({}));
        document["paths"]["/a"]["get"]["responses"]["200"]["content"]["application/json"]["encoding"] =
            json!({"a": {"later": text}});
        document
    };
    assert_eq!(status_of(&encoding("a"), &encoding("b")), (3, not_compared.clone()));
    // Where no reference is expected, one that can be followed is; one out of the document hides what it names.
    for (pointer, moved) in [
        ("/paths/~1a", "/components/pathItems"),
        ("/paths/~1a/get", "/components/x-operations"),
        ("/paths/~1a/get/responses", "/components/x-responses"),
        ("/paths/~1a/get/responses/200/content", "/components/x-content"),
        ("/paths/~1a/get/responses/200/content/application~1json", "/components/mediaTypes"),
    ] {
        let with = |kind: &str| {
            let mut document = answering(&json!({"type": kind}), &json!({}));
            let node = document.pointer(pointer).expect("it is there").clone();
            document["components"][&moved["/components/".len()..]] = node;
            *document.pointer_mut(pointer).expect("it is there") = json!({"$ref": format!("#{moved}")});
            document
        };
        let found = status_of(&with("string"), &with("integer"));
        assert_eq!(found, (1, vec!["response-type-changed".to_owned()]), "{pointer}");
        let mut other = with("string");
        *other.pointer_mut(pointer).expect("it is there") = json!({"$ref": "https://other.example/x.yml"});
        assert_eq!(status_of(&other, &other), (3, not_compared.clone()), "{pointer}");
        assert_eq!(status_of(&with("string"), &other).0, 3, "{pointer}");
    }
}

#[test]
fn a_change_behind_very_many_others_is_found() {
    // Every schema refers to every other one: there are more ways through them than anybody can go.
    let graph = |count: usize, last: &str, more: bool| {
        let name = |at: usize| format!("N{at}");
        let properties = |at: usize| {
            let mut properties: Map<String, Value> = (0..count)
                .map(|at| (format!("r{at}"), json!({"$ref": format!("#/components/schemas/N{at}")})))
                .collect();
            properties.insert("id".into(), json!({"type": if at + 1 == count { last } else { "string" }}));
            if more {
                properties.insert("fresh".into(), json!({"type": "string"}));
            }
            properties
        };
        let schemas: Map<String, Value> =
            (0..count).map(|at| (name(at), json!({"type": "object", "properties": properties(at)}))).collect();
        answering(&json!({"$ref": "#/components/schemas/N0"}), &schemas.into())
    };
    assert_eq!(status_of(&graph(30, "string", false), &graph(30, "string", false)), (0, vec![]));
    assert_eq!(status_of(&graph(30, "string", false), &graph(30, "string", true)).0, 0);
    let (code, rules) = status_of(&graph(30, "string", false), &graph(30, "integer", true));
    assert!(code == 1 && rules.contains(&"response-type-changed".to_owned()), "{code} {rules:?}");
    // More changes at one place than are listed.
    let wide = |kind: &str| {
        let property = |at: usize| (format!("p{at}"), json!({"type": kind}));
        let properties: Map<String, Value> = (0..10_050).map(property).collect();
        answering(&json!({"type": "object", "properties": properties}), &json!({}))
    };
    let fewer = |schema: Value| answering(&schema, &json!({}));
    assert_eq!(status_of(&fewer(json!({"type": "object"})), &wide("string")).0, 3);
}

#[test]
fn chains_and_ladders_of_schemas_are_answered() {
    let chain = |link: &dyn Fn(Value) -> Value, leaf: &str, count: usize| {
        let mut schemas: Map<String, Value> = (0..count)
            .map(|at| (format!("N{at}"), link(json!({"$ref": format!("#/components/schemas/N{}", at + 1)}))))
            .collect();
        schemas.insert(format!("N{count}"), json!({"type": leaf}));
        answering(&json!({"$ref": "#/components/schemas/N0"}), &schemas.into())
    };
    let links: [(&str, &dyn Fn(Value) -> Value); 5] = [
        ("a reference", &|next| next),
        ("a part", &|next| json!({"allOf": [next.clone(), next]})),
        ("an alternative", &|next| json!({"oneOf": [next.clone(), next]})),
        ("a property", &|next| json!({"type": "object", "properties": {"l": next.clone(), "r": next}})),
        ("a condition", &|next| json!({"if": next.clone(), "then": next.clone(), "else": next})),
    ];
    for (what, link) in links {
        let (old, new) = (chain(link, "string", 60), chain(link, "integer", 60));
        assert_eq!(status_of(&old, &old), (0, vec![]), "{what}");
        assert!([1, 3].contains(&status_of(&old, &new).0), "{what}");
    }
    let long = chain(links[0].1, "string", 30_000);
    assert_eq!(status_of(&long, &long), (0, vec![]));
    assert_eq!(status_of(&long, &chain(links[0].1, "integer", 30_000)).0, 1);
    let deep = |leaf: &str| chain(links[3].1, leaf, 3_000);
    assert_eq!(status_of(&deep("string"), &deep("integer")).0, 3, "the end of it was not compared");
}

#[test]
fn odd_keys_and_parameters_are_no_panic() {
    let with = |status: &str| json!({"openapi": "3.0.3", "paths": {"/a": {"get": {"responses": {status: {}}}}}});
    for (old, new) in [("€", "404"), ("€XX", "200"), ("404", "éa"), ("200", "€")] {
        assert!([0, 1, 3].contains(&status_of(&with(old), &with(new)).0), "{old} {new}");
    }
    for parameter in [json!("text"), 5.into(), json!(["x"]), Value::Null] {
        let operation = json!({"parameters": [parameter], "responses": {"200": {}}});
        let old = json!({"openapi": "3.0.3", "x-hand-written": true, "paths": {"/a": {"get": operation}}});
        let new = json!({"openapi": "3.0.3", "paths": {"/b": {"post": {"responses": {"200": {}}}}}});
        assert_eq!(status_of(&old, &new).0, 1, "{parameter}");
    }
}

#[test]
fn a_default_answer_covers_errors_and_no_success() {
    let answers = |answers: &str| {
        OLD.replace(
            "/drivers:\n    get: {operationId: drivers, responses: {'200': {description: ok}}}",
            &format!("/drivers:\n    get: {{operationId: drivers, responses: {{{answers}}}}}"),
        )
    };
    let with = |status: &str| answers(&format!("'200': {{description: ok}}, {status}: {{description: no}}"));
    let both = answers("'200': {description: ok}, default: {description: no}, '404': {description: no}");
    assert_eq!(compare(&with("default"), &both), (0, vec![]));
    assert_eq!(
        compare(&answers("'200': {description: ok}"), &with("'404'")),
        (0, vec!["response-status-added".to_owned()])
    );
    let gone = answers("default: {description: ok}");
    assert_eq!(compare(&with("default"), &gone), (1, vec!["response-success-removed".to_owned()]));
}

#[test]
fn an_answer_of_more_values_than_a_host_may_send_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let list = |count: usize| format!("[{}1]", "1,".repeat(count - 1));
    let compared = |count: usize| {
        std::fs::write(folder.path().join("a.json"), list(count)).expect("written");
        let output = super::vigie(folder.path(), &["a.json", "a.json"]);
        (super::code(&output), super::text(&output.stderr))
    };
    assert_eq!(compared(200_000).0, 0);
    let (code, error) = compared(250_000);
    assert!(code == 2 && error.contains("a.json: the recorded answer has more than 250000 values"), "{error}");
}
