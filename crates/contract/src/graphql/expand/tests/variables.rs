//! The request, from the variables.

use super::{asked, given};
use serde_json::json;

#[test]
fn a_query_without_variables_takes_none() {
    let query = "query a { me { id } }";
    let expected = json!({"type": "object", "required": ["query"], "properties": {
        "query": {"type": "string", "enum": [query]}, "operationName": {"type": "string"},
    }});
    assert_eq!(given(query), expected);
}

#[test]
fn variables_that_may_not_be_null_are_required() {
    let body = given(
        "query a($id: Int!, $kind: Kind, $limit: Int) { book(id: $id) { id } books(kind: $kind, limit: $limit) { id } }",
    );
    assert_eq!(body["required"], json!(["query", "variables"]));
    let expected = json!({"type": "object", "required": ["id"], "properties": {
        "id": {"type": "integer", "format": "int32"},
        "kind": {"type": "string", "enum": ["NOVEL", "POEM"], "nullable": true},
        "limit": {"type": "integer", "format": "int32", "nullable": true},
    }});
    assert_eq!(body["properties"]["variables"], expected);
}

#[test]
fn a_default_makes_a_variable_optional() {
    let body = given("query a($limit: Int = 3, $kind: Kind = POEM) { books(kind: $kind, limit: $limit) { id } }");
    assert_eq!(body["required"], json!(["query"]));
    let variables = &body["properties"]["variables"];
    assert_eq!(variables.get("required"), None);
    assert_eq!(variables["properties"]["limit"]["default"], 3);
    assert_eq!(variables["properties"]["kind"]["default"], "POEM");
}

#[test]
fn inputs_are_components_and_may_hold_themselves() {
    let text =
        "mutation a($t: Terms, $s: [State]!, $u: Day) { lend(bookId: 1, until: $u, terms: $t, states: $s) { id } }";
    let contract = super::document();
    let endpoints = super::endpoints(&contract, &super::SCHEMAS).expect("they are good");
    let document = super::operation_for(&contract, &endpoints, "/graphql", text, None).expect("it is answered");
    let schemas = &document["components"]["schemas"];
    let int = json!({"type": "integer", "format": "int32"});
    assert_eq!(
        schemas["Terms"],
        json!({"type": "object", "required": ["days"], "properties": {
            "days": int,
            "fee": {"type": "number", "nullable": true, "default": 1.5},
            "notes": {"type": "array", "nullable": true, "items": {"$ref": "#/components/schemas/Note"}},
        }})
    );
    assert_eq!(
        schemas["Note"]["properties"]["again"],
        json!({"nullable": true, "allOf": [{"$ref": "#/components/schemas/Note"}]})
    );
    let variables = &given(text)["properties"]["variables"];
    assert_eq!(variables["required"], json!(["s"]));
    let states = json!({"type": "array", "items": {"type": "string", "enum": ["good", "worn"], "nullable": true}});
    assert_eq!(variables["properties"]["s"], states);
    assert_eq!(
        variables["properties"]["u"],
        json!({"nullable": true, "allOf": [{"$ref": "#/components/schemas/Day"}]})
    );
}

#[test]
fn of_several_operations_the_named_one_is_meant() {
    let text = "query a { me { id } } query b { me { name } }";
    let contract = super::document();
    let endpoints = super::endpoints(&contract, &super::SCHEMAS).expect("they are good");
    let of = |name| super::operation_for(&contract, &endpoints, "/graphql", text, name);
    let b = of(Some("b")).expect("it is there");
    let paths = b["paths"].as_object().expect("it has paths");
    assert_eq!(paths.keys().collect::<Vec<_>>(), ["/graphql#query"]);
    let required = &b["paths"]["/graphql#query"]["post"]["responses"]["200"]["content"]["application/json"]["schema"];
    assert_eq!(required["properties"]["data"]["properties"]["me"]["required"], json!(["name"]));
    assert!(of(None).expect_err("which one?")[0].to_string().contains("say which one"));
    assert!(of(Some("c")).expect_err("there is none")[0].to_string().contains("no operation `c`"));
    assert!(asked("fragment F on Person { id }").is_err());
}
