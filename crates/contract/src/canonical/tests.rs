use super::{canonical, canonical_schema, operation_id};
use serde_json::json;

#[test]
fn prose_goes_and_facts_stay() {
    let schema = json!({
        "title": "Sexe", "description": "..", "example": "M", "type": "string",
        "enum": ["M", "F", null], "nullable": false, "minLength": 1
    });
    let expected = json!({"type": "string", "enum": ["F", "M"], "nullable": true, "minLength": 1});
    assert_eq!(canonical_schema(&schema), expected);
}

#[test]
fn a_property_named_like_a_keyword_is_kept() {
    let schema = json!({"type": "object", "properties": {"title": {"type": "string", "title": "t"}, "example": {"type": "string"}}});
    let expected =
        json!({"type": "object", "properties": {"title": {"type": "string"}, "example": {"type": "string"}}});
    assert_eq!(canonical_schema(&schema), expected);
}

#[test]
fn an_enum_of_both_booleans_says_nothing() {
    assert_eq!(canonical_schema(&json!({"type": "boolean", "enum": [true, false]})), json!({"type": "boolean"}));
    let one = json!({"type": "boolean", "enum": [true]});
    assert_eq!(canonical_schema(&one), one);
}

#[test]
fn notices_and_ways_of_writing_are_facts() {
    let list = |explode| json!({"in": "query", "name": "p", "explode": explode, "schema": {"type": "array"}});
    let document = json!({"paths": {"/a": {"get": {
        "x-sunset": "2027-06-30",
        "parameters": [list(false), list(true)],
        "responses": {},
    }}}});
    let operation = &canonical(&document)["paths"]["/a"]["get"];
    assert_eq!(operation["x-sunset"], "2027-06-30");
    assert_eq!(operation["parameters"][0]["explode"], false);
    assert_eq!(operation["parameters"][1].get("explode"), None, "a query repeats the names of lists anyway");
    let schema = json!({"type": "string", "deprecated": true});
    assert_eq!(canonical_schema(&schema), schema);
}

#[test]
fn operation_ids_come_from_where_they_are() {
    let inside = json!({"responses": {"200": {"x-operationId": "inner"}}});
    assert_eq!(operation_id("/a/b", "get", &inside), "inner");
    assert_eq!(operation_id("/a/b-c", "get", &json!({})), "get_a_b_c");
}

#[test]
fn an_operation_without_an_id_gets_one_like_the_others() {
    let stated = |id: &str| json!({"get": {"operationId": id}});
    let paths = json!({"/a": stated("api_v2_a"), "/b": stated("api_v2_b"), "/ping": {"get": {}}});
    let document = canonical(&json!({"openapi": "3.0.0", "info": {}, "paths": paths}));
    assert_eq!(document["paths"]["/ping"]["get"]["operationId"], "api_v2_get_ping");
    assert_eq!(document["paths"]["/a"]["get"]["operationId"], "api_v2_a");
}

#[test]
fn references_to_parameters_and_responses_are_resolved() {
    let document = json!({
        "openapi": "3.0.0", "info": {"title": "T", "version": "1"},
        "paths": {"/x": {"get": {"parameters": [{"$ref": "#/components/parameters/P"}], "responses": {"200": {"$ref": "#/components/responses/R"}}}}},
        "components": {
            "parameters": {"P": {"name": "p", "in": "query", "schema": {"type": "string"}}},
            "responses": {"R": {"description": "d", "content": {"application/json": {"schema": {"type": "string"}}}}},
        }
    });
    let operation = &canonical(&document)["paths"]["/x"]["get"];
    assert_eq!(operation["parameters"][0]["name"], "p");
    assert_eq!(operation["responses"]["200"]["content"]["application/json"]["schema"], json!({"type": "string"}));
}

#[test]
fn canonical_twice_is_canonical_once() {
    let document = json!({
        "openapi": "3.0.0", "info": {"title": "T", "version": "1", "description": "x"}, "servers": [{"url": "https://a", "description": "d"}],
        "paths": {"/x": {"get": {"responses": {
            "200": {"description": "d", "x-operationId": "x", "content": {"application/json": {"schema": {"type": "object", "properties": {
                "a": {"type": "object", "properties": {"b": {"type": "string"}}}, "c": {"type": "object", "nullable": true, "properties": {"b": {"type": "string"}}}}}}}},
            "422": {"description": "d", "content": {"application/json": {"examples": {"e": {"value": {"errors": [{"code": "00366"}, {"code": "00210"}]}}}, "schema": {"$ref": "#/components/schemas/Error"}}}}
        }}}},
        "components": {"schemas": {"Error": {"type": "object"}}, "securitySchemes": {"t": {"type": "http", "scheme": "bearer", "name": "Authorization", "in": "header"}}}
    });
    let once = canonical(&document);
    assert_eq!(canonical(&once), once);
    assert_eq!(
        once["paths"]["/x"]["get"]["responses"]["422"]["content"]["application/json"]["x-error-codes"],
        json!(["00210", "00366"])
    );
    assert_eq!(once["components"]["securitySchemes"]["t"], json!({"type": "http", "scheme": "bearer"}));
}

#[test]
fn what_references_lead_to_stays_and_so_does_a_list_of_schemas() {
    let leaf = json!({"type": "integer", "description": "prose"});
    let tree = json!({"items": [leaf, {"$ref": "#/components/schemas/Tree/$defs/leaf"}], "$defs": {"leaf": leaf}});
    let document = json!({"paths": {}, "components": {"schemas": {"Tree": tree}}});
    let tree = &canonical(&document)["components"]["schemas"]["Tree"];
    assert_eq!(tree["items"], json!([{"type": "integer"}, {"$ref": "#/components/schemas/Tree/$defs/leaf"}]));
    assert_eq!(tree["$defs"]["leaf"], json!({"type": "integer"}));
}

#[test]
fn operations_of_openapi_3_2_and_webhooks_are_facts() {
    let operation = json!({"description": "prose", "responses": {"200": {"description": "prose"}}});
    let document = json!({
        "paths": {"/x": {"query": operation, "additionalOperations": {"COPY": operation}}},
        "webhooks": {"made": {"$ref": "#/components/pathItems/Made"}},
        "components": {"pathItems": {"Made": {"post": operation}}},
    });
    let canonical = canonical(&document);
    let fact = |id: &str| json!({"operationId": id, "responses": {"200": {}}});
    let item = json!({"query": fact("query_x"), "additionalOperations": {"COPY": fact("copy_x")}});
    assert_eq!(canonical["paths"]["/x"], item);
    assert_eq!(canonical["webhooks"], json!({"made": {"post": fact("post_made")}}));
}

#[test]
fn null_is_said_in_one_way() {
    for (stated, fact) in [
        (json!({"type": ["string", "null"]}), json!({"type": "string", "nullable": true})),
        (json!({"type": ["null", "object"]}), json!({"type": "object", "nullable": true})),
        (json!({"type": "string", "x-nullable": true}), json!({"type": "string", "nullable": true})),
        (
            json!({"type": ["string", "null"], "enum": ["a", null]}),
            json!({"type": "string", "enum": ["a"], "nullable": true}),
        ),
        // Null is not among the values, whatever the types.
        (json!({"type": ["string", "null"], "enum": ["a"]}), json!({"type": ["string", "null"], "enum": ["a"]})),
        (json!({"type": ["string", "null"], "anyOf": [{}]}), json!({"type": ["string", "null"], "anyOf": [{}]})),
        (json!({"type": ["string", "integer", "null"]}), json!({"type": ["string", "integer", "null"]})),
        (json!({"type": ["string", "integer"]}), json!({"type": ["string", "integer"]})),
    ] {
        assert_eq!(canonical_schema(&stated), fact, "{stated}");
    }
}
