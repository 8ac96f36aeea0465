//! What lowering does to contracts made for it.

use super::lower;
use serde_json::{Value, json};

fn contract(schema: &Value) -> Value {
    json!({
        "info": {"title": "T", "version": "1.0.0"},
        "paths": {
            "/one": {"get": {"operationId": "api_one", "parameters": [
                {"in": "header", "name": "X-Api-Key", "schema": {"type": "string"}},
                {"in": "query", "name": "sexe", "schema": {"type": "string", "enum": ["F", "M"], "minLength": 1}},
                {"in": "query", "name": "codePostal", "schema": {"type": "number", "format": "string"}},
            ], "responses": {
                "200": {"content": {"application/json": {"schema": schema}}},
                "401": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}},
                "410": {"content": {"text/plain": {"schema": {"type": "string"}}}},
            }}},
            "/two": {"get": {"operationId": "api_two", "responses": {"200": {}}}},
        },
        "components": {"schemas": {"Error": {"type": "object", "required": ["error"], "properties": {"error": {"type": "string"}}}}},
    })
}

#[test]
fn parameters_lose_what_would_hide_a_422_and_credentials_go() {
    let lowered = lower(&contract(&json!({"type": "string"}))).expect("it lowers");
    let parameters = &lowered.document["paths"]["/one"]["get"]["parameters"];
    let names: Vec<&str> =
        parameters.as_array().expect("a list").iter().filter_map(|p| p["name"].as_str()).collect();
    assert_eq!(names, ["sexe", "codePostal"]);
    assert_eq!(parameters[0]["schema"], json!({"type": "string"}));
    assert_eq!(parameters[1]["schema"], json!({"type": "string"}));
}

#[test]
fn one_error_type_for_every_status_and_the_shared_prefix_goes() {
    let lowered = lower(&contract(&json!({"type": "string"}))).expect("it lowers");
    let operation = &lowered.document["paths"]["/one"]["get"];
    assert_eq!(operation["operationId"], "one");
    assert_eq!(lowered.operations[0], ("api_one".to_owned(), "one".to_owned()));
    let statuses: Vec<&String> = operation["responses"].as_object().expect("an object").keys().collect();
    assert_eq!(statuses, ["200", "4XX", "5XX"]);
    let error = &operation["responses"]["4XX"]["content"]["application/json"]["schema"];
    assert_eq!(error["$ref"], "#/components/schemas/Error");
}

#[test]
fn answers_keep_nulls_unknown_keys_and_absent_keys() {
    let schema = json!({"type": "object", "required": ["data"], "properties": {"data": {
        "type": "object", "additionalProperties": false, "required": ["nom", "date"], "properties": {
            "nom": {"type": "string", "nullable": true}, "date": {"type": "string", "format": "date"}}}}});
    let lowered = lower(&contract(&schema)).expect("it lowers");
    let schemas = &lowered.document["components"]["schemas"];
    assert_eq!(schemas["OneAnswer"]["required"], json!(["data"]));
    let data = &schemas["OneAnswerData"];
    assert_eq!(data["required"], json!(["nom"]));
    assert_eq!(data["additionalProperties"], true);
    assert_eq!(data["properties"]["date"], json!({"type": "string"}));
}

#[test]
fn a_schema_that_contains_itself_is_one_component() {
    let mut contract = contract(&json!({"$ref": "#/components/schemas/Node"}));
    contract["components"]["schemas"]["Node"] = json!({"type": "object", "properties": {
        "next": {"nullable": true, "allOf": [{"$ref": "#/components/schemas/Node"}]}}});
    let lowered = lower(&contract).expect("it lowers");
    let next = &lowered.document["components"]["schemas"]["Node"]["properties"]["next"];
    assert_eq!(next["allOf"][0]["$ref"], "#/components/schemas/Node");
}

#[test]
fn two_operations_with_one_id_are_refused() {
    let mut contract = contract(&json!({"type": "string"}));
    contract["paths"]["/two"]["get"]["operationId"] = "api_one".into();
    assert!(lower(&contract).is_err());
}

#[test]
fn two_shapes_with_one_type_name_are_refused() {
    let schema = json!({"type": "object", "properties": {
        "a_b": {"type": "object", "properties": {"x": {"type": "string"}}},
        "a-b": {"type": "object", "properties": {"y": {"type": "string"}}}}});
    let error = lower(&contract(&schema)).expect_err("both are OneAnswerAb");
    assert!(error.contains("`OneAnswerAB`"), "{error}");
}
