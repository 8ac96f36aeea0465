//! What lowering does to contracts made for it.

use super::{lower, members};
use serde_json::{Value, json};

fn contract(schema: &Value) -> Value {
    json!({
        "info": {"title": "T", "version": "1.0.0"},
        "paths": {
            "/one": {"get": {"operationId": "api_one", "parameters": [
                {"in": "header", "name": "X-Api-Key", "schema": {"type": "string"}},
                {"in": "query", "name": "sexe", "schema": {"type": "string", "enum": ["F", "M"], "minLength": 1}},
                {"in": "query", "name": "codePostal", "schema": {"type": "number", "format": "string"}},
                {"in": "header", "name": "X-Other-Key", "schema": {"type": "string"}},
            ], "security": [{"key": []}], "responses": {
                "200": {"content": {"application/json": {"schema": schema}}},
                "401": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}},
                "410": {"content": {"text/plain": {"schema": {"type": "string"}}}},
            }}},
            "/two": {"get": {"operationId": "api_two", "responses": {"200": {}}}},
        },
        "components": {
            "schemas": {"Error": {"type": "object", "required": ["error"], "properties": {"error": {"type": "string"}}}},
            "securitySchemes": {
                "key": {"type": "apiKey", "in": "header", "name": "x-api-key"},
                "other": {"type": "apiKey", "in": "header", "name": "X-Other-Key"},
            },
        },
    })
}

#[test]
fn parameters_lose_what_would_hide_a_422_and_credentials_go() {
    let lowered = lower(&contract(&json!({"type": "string"}))).expect("it lowers");
    let parameters = &lowered.document["paths"]["/one"]["get"]["parameters"];
    let names: Vec<&str> = parameters.as_array().expect("a list").iter().filter_map(|p| p["name"].as_str()).collect();
    assert_eq!(
        names,
        ["sexe", "codePostal", "X-Other-Key"],
        "a key that the operation does not ask for is a parameter"
    );
    assert_eq!(parameters[0]["schema"], json!({"type": "string"}));
    assert_eq!(parameters[1]["schema"], json!({"type": "string"}));
}

#[test]
fn one_error_type_for_every_status_and_the_shared_prefix_goes() {
    let lowered = lower(&contract(&json!({"type": "string"}))).expect("it lowers");
    let operation = &lowered.document["paths"]["/one"]["get"];
    assert_eq!(operation["operationId"], "one");
    assert_eq!((&*lowered.operations[0].id, &*lowered.operations[0].name), ("api_one", "one"));
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

#[test]
fn an_optional_list_or_map_of_an_answer_may_be_absent_and_is_then_not_empty() {
    let schema = json!({"type": "object", "required": ["sent"], "properties": {
        "sent": {"type": "object"}, "map": {"type": "object"}, "list": {"type": "array", "items": {}}, "any": {}}});
    let answers = json!({"200": {"content": {"application/json": {"schema": schema}}}});
    let mut contract = sending(&json!({"operationId": "sendIt", "responses": answers}));
    // As of a GraphQL contract, in which a key that is required is there.
    contract["x-graphql"] = json!([]);
    let lowered = lower(&contract).expect("it lowers");
    let properties = &lowered.document["components"]["schemas"]["SendItAnswer"]["properties"];
    let nullable = ["sent", "map", "list", "any"].map(|name| properties[name]["nullable"] == true);
    assert_eq!(nullable, [false, true, true, false]);
}

/// A contract of one operation, `POST /send`.
fn sending(operation: &Value) -> Value {
    json!({
        "info": {"title": "T", "version": "1.0.0"},
        "paths": {"/send": {"post": operation}},
        "components": {"schemas": {
            "Node": {"type": "object", "required": ["id"], "properties": {
                "id": {"type": "string"}, "next": {"$ref": "#/components/schemas/Node"}}},
            "Kind": {"type": "string", "enum": ["drive", "work"], "description": "What is done."},
        }},
    })
}

fn body(media_type: &str, schema: &Value) -> Value {
    json!({"operationId": "sendIt", "requestBody": {"content": {media_type: {"schema": schema}}}, "responses": {"204": {}}})
}

#[test]
fn a_request_has_types_of_its_own_that_take_any_text_and_know_what_is_required() {
    let schema = json!({"type": "object", "required": ["kind", "node"], "additionalProperties": false, "properties": {
        "kind": {"$ref": "#/components/schemas/Kind"},
        "node": {"$ref": "#/components/schemas/Node"},
        "tags": {"type": "array", "items": {"type": "string", "maxLength": 3}},
        "note": {"type": "string", "nullable": true},
        "either": {"oneOf": [{"type": "boolean"}, {"type": "string"}]},
        "at": {"type": "object", "required": ["lat"], "properties": {"lat": {"type": "number", "minimum": 0}}}}});
    let mut operation = body("application/json", &schema);
    let answer = json!({"type": "object", "properties": {"node": {"$ref": "#/components/schemas/Node"}}});
    operation["responses"] = json!({"200": {"content": {"application/json": {"schema": answer}}}});
    let lowered = lower(&sending(&operation)).expect("it lowers");
    let schemas = &lowered.document["components"]["schemas"];
    let requests: Vec<&String> = lowered.requests.iter().collect();
    assert_eq!(requests, ["SendItBody", "SendItBodyAt", "SendItBodyNode"]);
    let body = &schemas["SendItBody"];
    assert_eq!(body["required"], json!(["kind", "node"]));
    assert!(body.get("additionalProperties").is_none(), "{body}");
    let properties = &body["properties"];
    assert_eq!(
        properties["kind"],
        json!({"type": "string", "description": "What is done.\n\nOne of `drive`, `work`."})
    );
    assert_eq!(properties["tags"], json!({"type": "array", "items": {"type": "string"}, "nullable": true}));
    assert_eq!(properties["note"], json!({"type": "string", "nullable": true}));
    assert_eq!(properties["either"], json!({}));
    assert_eq!(schemas["SendItBodyAt"]["required"], json!(["lat"]));
    // What contains itself ends in any JSON; in an answer it is a component that refers to itself.
    assert_eq!(schemas["SendItBodyNode"]["properties"]["next"], json!({}));
    assert_eq!(schemas["Node"]["properties"]["next"]["$ref"], "#/components/schemas/Node");
    assert!(lowered.enums.is_empty(), "an enum of a request is text");
}

#[test]
fn of_several_media_types_json_is_taken_then_a_form_and_all_others_are_bytes() {
    let lowered = |content: Value| {
        let mut operation = body("x/y", &json!({}));
        operation["requestBody"]["content"] = content;
        let lowered = lower(&sending(&operation)).expect("it lowers");
        let code = &lowered.document["components"]["schemas"]["SendItBody"]["properties"]["code"];
        assert!(*code == json!({"type": "string"}) || code.is_null(), "all of a form is text: {code}");
        let content = lowered.document["paths"]["/send"]["post"]["requestBody"]["content"].clone();
        (content, lowered.media_types)
    };
    let text = json!({"schema": {"type": "string"}});
    let form = json!({"schema": {"type": "object", "properties": {"code": {"type": "integer"}}}});
    let (content, _) = lowered(json!({
        "application/graphql": text, "application/json": {"schema": {"type": "array", "items": {"type": "string"}}},
        "application/x-www-form-urlencoded": form}));
    assert_eq!(content, json!({"application/json": {"schema": {"type": "array", "items": {"type": "string"}}}}));
    let (content, _) = lowered(json!({"application/x-www-form-urlencoded": form, "text/plain": text}));
    let reference = json!({"$ref": "#/components/schemas/SendItBody"});
    assert_eq!(content, json!({"application/x-www-form-urlencoded": {"schema": reference}}));
    let (content, media_types) = lowered(json!({"multipart/form-data": form}));
    assert_eq!(content, json!({"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}));
    assert_eq!(media_types, [("send_it".to_owned(), "multipart/form-data".to_owned())]);
    let (_, media_types) = lowered(json!({"application/octet-stream": {}}));
    assert_eq!(media_types, []);
    let (content, _) = lowered(json!({}));
    assert_eq!(content, Value::Null);
}

#[test]
fn the_body_of_a_graphql_operation_is_its_variables_and_its_answer_has_every_key() {
    let variables = json!({"type": "object", "required": ["id"], "properties": {
        "id": {"type": "integer"}, "kind": {"nullable": true, "allOf": [{"$ref": "#/components/schemas/Kind"}]}}});
    let schema = json!({"type": "object", "required": ["query", "variables"], "properties": {
        "query": {"type": "string", "enum": ["query q { q }"]}, "variables": variables}});
    let mut operation = body("application/json", &schema);
    operation["x-graphql"] = json!({"document": "query q { q }", "source": "operations/q.graphql", "writes": false});
    let answer = json!({"type": "object", "required": ["data"], "properties": {"data": {
        "type": "object", "nullable": true, "required": ["me"], "properties": {
            "me": {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}}}}});
    operation["responses"] = json!({"200": {"content": {"application/json": {"schema": answer}}}});
    let mut contract = sending(&json!({}));
    contract["paths"] = json!({"/graphql#sendIt": {"post": operation}});
    contract["x-graphql"] = json!([{"path": "/graphql", "schema": "schema.graphql"}]);
    let lowered = lower(&contract).expect("it lowers");
    assert_eq!(lowered.graphql, [("send_it".to_owned(), "query q { q }".to_owned())]);
    let schemas = &lowered.document["components"]["schemas"];
    assert_eq!(schemas["SendItVariables"]["required"], json!(["id"]));
    let kind = &schemas["SendItVariables"]["properties"]["kind"];
    assert_eq!((&kind["type"], &kind["nullable"]), (&json!("string"), &json!(true)));
    assert_eq!(schemas["SendItAnswerDataMe"]["required"], json!(["id"]));
    let content = &lowered.document["paths"]["/graphql#sendIt"]["post"]["requestBody"]["content"];
    assert_eq!(content["application/json"]["schema"]["$ref"], "#/components/schemas/SendItVariables");
    let without =
        &mut contract["paths"]["/graphql#sendIt"]["post"]["requestBody"]["content"]["application/json"]["schema"];
    without["properties"].as_object_mut().expect("an object").remove("variables");
    let lowered = lower(&contract).expect("it lowers");
    assert!(lowered.document["paths"]["/graphql#sendIt"]["post"].get("requestBody").is_none());
    assert!(lowered.requests.is_empty());
}

#[test]
fn answers_of_several_forms_are_json_those_that_are_none_are_bytes_and_default_is_the_error() {
    let text = json!({"type": "string"});
    let object = json!({"type": "object", "properties": {"a": {"type": "string"}}});
    let json = |schema: &Value| json!({"content": {"application/json": {"schema": schema}}});
    let lowered = |responses: Value| {
        let operation = json!({"operationId": "sendIt", "responses": responses});
        let lowered = lower(&sending(&operation)).expect("it lowers");
        lowered.document["paths"]["/send"]["post"]["responses"].clone()
    };
    let plain = |content: Value| json!({"description": "", "content": content});
    let any = plain(json!({"application/json": {"schema": {}}}));
    let bytes = plain(json!({"application/octet-stream": {}}));
    let zip = json!({"content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}});

    let responses = lowered(json!({"200": json(&text), "202": json(&object)}));
    assert_eq!((&responses["200"], &responses["202"]), (&any, &any));
    assert_eq!(lowered(json!({"200": json(&json!({"oneOf": [text, object]}))}))["200"], any);
    assert_eq!(lowered(json!({"200": zip}))["200"], bytes);
    for lines in ["application/x-ndjson", "application/jsonl", "application/geo+json-seq"] {
        assert_eq!(lowered(json!({"200": {"content": {lines: {"itemSchema": object}}}}))["200"], bytes, "{lines}");
    }
    let responses = lowered(json!({"200": json(&text), "204": {}}));
    assert_eq!((&responses["200"], &responses["204"]), (&bytes, &bytes));
    assert_eq!(lowered(json!({"200": {}, "204": {}}))["204"], plain(json!({})));
    let responses = lowered(json!({"200": json(&text), "2XX": json(&text)}));
    assert_eq!(responses["2XX"], plain(json!({"application/json": {"schema": text}})));
    assert_eq!(responses.get("200"), None);

    let responses = lowered(json!({"200": json(&text), "308": json(&text), "400": {}, "default": json(&object)}));
    let statuses: Vec<&String> = responses.as_object().expect("an object").keys().collect();
    assert_eq!(statuses, ["200", "4XX", "5XX"]);
    assert_eq!(responses["4XX"]["content"]["application/json"]["schema"]["$ref"], "#/components/schemas/SendItError");
    assert_eq!(lowered(json!({"400": json(&text), "default": json(&object)}))["4XX"], any);
}

#[test]
fn what_stands_beside_methods_and_what_is_referred_to_is_found() {
    let mut contract = sending(&json!({"operationId": "sendIt", "parameters": [
            {"$ref": "#/components/parameters/Page"}, {"in": "cookie", "name": "at", "schema": {"type": "string"}}],
        "requestBody": {"$ref": "#/components/requestBodies/B"}, "responses": {"200": {"$ref": "#/components/responses/R"}},
        "callbacks": {"event": {"{$request.body#/url}": {"post": {"operationId": "event", "responses": {"200": {}}}}}}}));
    contract["paths"]["/send"]["servers"] = json!([{"url": "{endpointUrl}/v1"}]);
    contract["paths"]["/send"]["parameters"] = json!([
        {"in": "query", "name": "page", "schema": {"type": "string"}},
        {"in": "query", "name": "fetch", "schema": {"oneOf": [{"type": "boolean"}, {"type": "string"}]}}]);
    contract["components"]["parameters"] =
        json!({"Page": {"in": "query", "name": "page", "schema": {"$ref": "#/components/schemas/Kind"}}});
    contract["components"]["requestBodies"] =
        json!({"B": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Node"}}}}});
    contract["components"]["responses"] = json!({"R": {"content": {"application/pdf": {}}}});
    let lowered = lower(&contract).expect("it lowers");
    let names: Vec<&str> = lowered.operations.iter().map(|operation| operation.name.as_str()).collect();
    assert_eq!(names, ["sendIt"]);
    let operation = &lowered.document["paths"]["/send"]["post"];
    let parameters: Vec<(&Value, &Value)> = operation["parameters"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|parameter| (&parameter["name"], &parameter["schema"]["type"]))
        .collect();
    assert_eq!(parameters, [(&json!("page"), &json!("string")), (&json!("fetch"), &json!("string"))]);
    assert!(lowered.requests.contains("SendItBody"));
    assert_eq!(operation["responses"]["200"]["content"], json!({"application/octet-stream": {}}));
}

/// A contract of GraphQL operations that answer these.
fn answering(answers: &[(&str, Value)]) -> Value {
    let paths = answers.iter().map(|(id, schema)| {
        let content = json!({"application/json": {"schema": schema}});
        (format!("/graphql#{id}"), json!({"post": {"operationId": id, "responses": {"200": {"content": content}}}}))
    });
    json!({
        "x-graphql": [],
        "info": {"title": "T", "version": "1.0.0"},
        "paths": paths.collect::<serde_json::Map<_, _>>(),
    })
}

/// An object of a type of the schema, all of whose keys come.
fn of(title: &str, properties: &Value) -> Value {
    let required: Vec<&String> = properties.as_object().expect("an object").keys().collect();
    json!({"type": "object", "title": title, "required": required, "properties": properties})
}

#[test]
fn equal_answers_of_one_type_are_one_type_called_as_in_the_schema() {
    let text = json!({"type": "string"});
    let kind = json!({"type": "string", "title": "Kind", "enum": ["drive", "work"]});
    let day = of("Day", &json!({"kind": kind, "note": text}));
    let list = json!({"type": "array", "items": day, "nullable": true});
    let answer = |own: Value| json!({"type": "object", "required": ["data"], "properties": {"data": own}});
    let maybe = |mut schema: Value| {
        schema["nullable"] = true.into();
        schema
    };
    let contract = answering(&[
        ("first", answer(day.clone())),
        ("second", answer(list)),
        ("third", answer(of("Week", &json!({"day": maybe(day.clone())})))),
        // The same keys, and another type of the schema.
        ("fourth", answer(of("Night", &json!({"kind": kind, "note": text})))),
    ]);
    let lowered = lower(&contract).expect("it lowers");
    let names: Vec<&String> = lowered.types.iter().collect();
    assert_eq!(
        names,
        [
            "Day",
            "FirstAnswer",
            "FourthAnswer",
            "FourthAnswerData",
            "Kind",
            "SecondAnswer",
            "ThirdAnswer",
            "ThirdAnswerData"
        ]
    );
    assert_eq!(lowered.enums.iter().collect::<Vec<_>>(), ["Kind"]);
    let schemas = &lowered.document["components"]["schemas"];
    let day = "#/components/schemas/Day";
    assert_eq!(schemas["FirstAnswer"]["properties"]["data"]["$ref"], day);
    assert_eq!(schemas["SecondAnswer"]["properties"]["data"]["items"]["$ref"], day);
    assert_eq!(schemas["ThirdAnswerData"]["properties"]["day"]["allOf"][0]["$ref"], day);
    assert_eq!(schemas["Day"]["properties"]["kind"]["$ref"], "#/components/schemas/Kind");
}

#[test]
fn of_several_selections_of_a_type_the_one_that_is_used_most_has_its_name() {
    let number = json!({"type": "integer"});
    let (narrow, wide) = (of("User", &json!({"id": number})), of("User", &json!({"id": number, "age": number})));
    let answer = |one: &Value, other: &Value| json!({"type": "object", "properties": {"one": one, "other": other}});
    let own = of("User", &json!({"age": number}));
    let contract =
        answering(&[("a", answer(&wide, &wide)), ("b", answer(&narrow, &narrow)), ("c", answer(&narrow, &own))]);
    let lowered = lower(&contract).expect("it lowers");
    let names: Vec<&String> = lowered.types.iter().collect();
    assert_eq!(names, ["AAnswer", "AAnswerOne", "BAnswer", "CAnswer", "CAnswerOther", "User"]);
    let properties = |name: &str| &lowered.document["components"]["schemas"][name]["properties"];
    assert_eq!(properties("User").as_object().map(serde_json::Map::len), Some(1));
    assert_eq!(properties("AAnswer")["other"]["$ref"], "#/components/schemas/AAnswerOne");
    // A name that is taken stays what it was.
    let mut taken = answering(&[("a", answer(&narrow, &narrow)), ("b", json!({"$ref": "#/components/schemas/User"}))]);
    taken["components"] = json!({"schemas": {"User": {"type": "object", "properties": {"name": {"type": "string"}}}}});
    let names = lower(&taken).expect("it lowers").types;
    assert_eq!(names.iter().collect::<Vec<_>>(), ["AAnswer", "AAnswerOne", "User"]);
}

#[test]
fn only_answers_of_queries_are_shared() {
    let day = of("Day", &json!({"note": {"type": "string"}}));
    let mut contract = answering(&[("a", day.clone()), ("b", day)]);
    contract.as_object_mut().expect("an object").remove("x-graphql");
    let names = lower(&contract).expect("it lowers").types;
    assert_eq!(names.iter().collect::<Vec<_>>(), ["AAnswer", "BAnswer"]);
}

/// Whether the generated type of a lowered schema decodes a value, as serde does it: objects need what is required and not
/// nullable, enums are open, and a schema without a type is any JSON.
fn decodes(document: &Value, schema: &Value, value: &Value) -> bool {
    if schema["nullable"] == true {
        assert!(schema.get("type").or(schema.get("allOf")).is_some(), "any JSON is no option: {schema}");
        if value.is_null() {
            return true;
        }
    }
    let target = schema["$ref"].as_str().or_else(|| schema["allOf"][0]["$ref"].as_str());
    if let Some(target) = target {
        let schema = document.pointer(&target[1..]).unwrap_or_else(|| panic!("{target} is not there"));
        return decodes(document, schema, value);
    }
    match schema["type"].as_str() {
        Some("string") => value.is_string(),
        Some("integer") => value.is_i64(),
        Some("number") => value.is_number(),
        Some("boolean") => value.is_boolean(),
        Some("array") => {
            value.as_array().is_some_and(|items| items.iter().all(|item| decodes(document, &schema["items"], item)))
        }
        Some("object") => {
            let is_absent = |name: &Value| value.get(name.as_str().unwrap_or_default()).is_none();
            let is_nullable =
                |name: &Value| schema["properties"][name.as_str().unwrap_or_default()]["nullable"] == true;
            let mut required = schema["required"].as_array().into_iter().flatten();
            value.is_object()
                && !required.any(|name| is_absent(name) && !is_nullable(name))
                && members(&schema["properties"])
                    .all(|(name, inner)| value.get(name).is_none_or(|value| decodes(document, inner, value)))
        }
        Some(other) => panic!("no type: {other}"),
        None => true,
    }
}

/// The lowered schemas of a property `x` as it is read and as it is sent, and the lowered document.
fn both_sides(schema: &Value) -> (Value, [Value; 2]) {
    let holder = json!({"type": "object", "required": ["x"], "properties": {"x": schema}});
    let mut operation = body("application/json", &holder);
    operation["responses"] = json!({"200": {"content": {"application/json": {"schema": holder}}}});
    let document = lower(&sending(&operation)).expect("it lowers").document;
    let of = |name: &str| document["components"]["schemas"][name]["properties"]["x"].clone();
    let sides = ["SendItAnswer", "SendItBody"].map(of);
    (document, sides)
}

#[test]
fn every_value_that_a_schema_takes_decodes() {
    let node = json!({"$ref": "#/components/schemas/Node"});
    let null = json!({"type": "null"});
    let list = json!({"type": "array"});
    let with = |mut schema: Value, keyword: &str, value: Value| {
        schema[keyword] = value;
        schema
    };
    let object = json!({"type": "object", "properties": {"a": {"type": "string"}}});
    for (schema, values) in [
        // A place for each element, and another schema for those that follow.
        (
            json!({"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}], "items": {"type": "boolean"}}),
            vec![json!(["a", 1, true]), json!([])],
        ),
        (json!({"type": "array", "prefixItems": [{"type": "string"}], "items": false}), vec![json!(["a"])]),
        (with(list.clone(), "items", json!([{"type": "string"}, {"type": "integer"}])), vec![json!(["a", 1])]),
        (with(list.clone(), "items", json!(true)), vec![json!(["a", null])]),
        (with(list.clone(), "contains", json!({"type": "string"})), vec![json!([1, "a", null])]),
        (with(list.clone(), "unevaluatedItems", json!({"type": "string"})), vec![json!(["a"])]),
        (json!({"items": {"type": "string"}}), vec![json!(["a"]), json!(1)]),
        // Values of any type.
        (json!({"const": {"a": 1}}), vec![json!({"a": 1})]),
        (json!({"const": "a"}), vec![json!("a")]),
        (json!({"type": "string", "const": "a"}), vec![json!("a")]),
        (json!({"const": null}), vec![Value::Null]),
        (json!({"enum": ["a", 1, null]}), vec![json!("a"), json!(1), Value::Null]),
        (json!(true), vec![json!("a"), json!({"a": []}), Value::Null]),
        (json!({}), vec![json!("a"), Value::Null]),
        (json!({"not": {"type": "string"}}), vec![json!(1), Value::Null]),
        (
            json!({"if": {"type": "string"}, "then": {"minLength": 1}, "else": {"type": "object"}}),
            vec![json!("a"), json!({})],
        ),
        (json!({"type": "integer", "format": "uint64"}), vec![json!(u64::MAX), json!(1)]),
        (json!({"type": "integer", "maximum": u64::MAX}), vec![json!(u64::MAX)]),
        (
            json!({"type": "string", "contentMediaType": "application/json", "contentSchema": {"type": "object"}}),
            vec![json!("{}")],
        ),
        // Objects with more than what they list.
        (json!({"type": "object", "patternProperties": {"^x": {"type": "string"}}}), vec![json!({"x1": "a"})]),
        (
            with(object.clone(), "patternProperties", json!({"^a": {"minLength": 1}, "^b": {"type": "integer"}})),
            vec![json!({"a": "x", "b": 1})],
        ),
        (with(object.clone(), "propertyNames", json!({"pattern": "^a"})), vec![json!({"a": "x", "ab": 1})]),
        (with(object.clone(), "dependentRequired", json!({"a": ["b"]})), vec![json!({}), json!({"a": "x", "b": 1})]),
        (
            with(object.clone(), "dependentSchemas", json!({"a": {"required": ["b"]}})),
            vec![json!({}), json!({"a": "x", "b": 1})],
        ),
        (with(object.clone(), "dependencies", json!({"a": ["b"]})), vec![json!({"a": "x", "b": 1})]),
        (with(object.clone(), "unevaluatedProperties", json!({"type": "integer"})), vec![json!({"a": "x", "b": 1})]),
        (with(object.clone(), "type", json!(["object", "string"])), vec![json!({"a": "x"}), json!("a")]),
        (
            json!({"type": "object", "oneOf": [{"required": ["a"]}, {"required": ["b"]}]}),
            vec![json!({"a": 1}), json!({"b": null})],
        ),
        // Null, in each notation.
        (json!({"type": "string", "nullable": true}), vec![json!("a"), Value::Null]),
        (json!({"type": ["string", "null"]}), vec![json!("a"), Value::Null]),
        (
            json!({"type": ["array", "null"], "items": {"type": ["integer", "null"]}}),
            vec![json!([1, null]), Value::Null],
        ),
        (json!({"type": "string", "enum": ["a", null]}), vec![json!("a"), Value::Null]),
        (json!({"type": ["string", "null"], "enum": ["a", null]}), vec![json!("a"), Value::Null]),
        (json!({"type": ["object", "null"], "properties": {"a": {}}}), vec![json!({}), Value::Null]),
        (json!({"nullable": true, "allOf": [node]}), vec![json!({"id": "a"}), Value::Null]),
        (json!({"oneOf": [node, null]}), vec![json!({"id": "a"}), Value::Null]),
        (json!({"anyOf": [null, {"type": "integer"}]}), vec![json!(1), Value::Null]),
        (json!({"oneOf": [{"enum": [null]}, {"type": "string"}]}), vec![json!("a"), Value::Null]),
        (
            json!({"anyOf": [{"type": ["string", "null"]}, {"type": "integer"}]}),
            vec![json!("a"), json!(1), Value::Null],
        ),
        (json!({"oneOf": [{"type": "string", "nullable": true}]}), vec![json!("a"), Value::Null]),
        (null.clone(), vec![Value::Null]),
        (json!({"type": ["string", "integer"]}), vec![json!("a"), json!(1)]),
        // What is in several parts.
        (json!({"allOf": [node, {"properties": {"more": {"type": "string"}}}]}), vec![json!({"id": "a", "more": "b"})]),
        (json!({"type": "object", "allOf": [node, object]}), vec![json!({"id": "a", "a": "b"})]),
    ] {
        let (document, [read, sent]) = both_sides(&schema);
        for value in values {
            assert!(decodes(&document, &read, &value), "{value} of {schema} as {read}");
            assert!(decodes(&document, &sent, &value), "{value} of {schema} as {sent}");
        }
    }
}

#[test]
fn what_is_only_written_is_in_no_answer_and_what_is_only_read_in_no_request() {
    let names = ["readOnly", "writeOnly"];
    let properties: Value =
        names.map(|name| (name.to_owned(), json!({"type": "string", name: true}))).into_iter().collect();
    let schema = json!({"type": "object", "required": names, "properties": properties});
    let mut operation = body("application/json", &schema);
    operation["responses"] = json!({"400": {"content": {"application/json": {"schema": schema}}}});
    let lowered = lower(&sending(&operation)).expect("it lowers");
    let required = |name: &str| lowered.document["components"]["schemas"][name]["required"].clone();
    assert_eq!((required("SendItError"), required("SendItBody")), (json!(["readOnly"]), json!(["writeOnly"])));
}

#[test]
fn every_notation_of_null_gives_the_type_of_what_is_not_null() {
    let text = json!({"type": "string", "nullable": true});
    for schema in [
        json!({"type": ["string", "null"]}),
        json!({"type": ["null", "string"], "maxLength": 3}),
        json!({"oneOf": [{"type": "string"}, {"type": "null"}]}),
        json!({"anyOf": [{"enum": [null]}, {"type": "string"}]}),
        json!({"allOf": [{"type": "string", "x-nullable": true}]}),
    ] {
        assert_eq!(both_sides(&schema).1, [text.clone(), text.clone()], "{schema}");
    }
    let (_, [read, sent]) = both_sides(&json!({"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/Node"}]}));
    for (lowered, name) in [(read, "Node"), (sent, "SendItBodyX")] {
        assert_eq!(lowered, json!({"nullable": true, "allOf": [{"$ref": format!("#/components/schemas/{name}")}]}));
    }
}

#[test]
fn what_contains_itself_leads_to_its_component_or_is_any_json() {
    let lowered = |name: &str, schemas: Value| {
        let mut contract = contract(&json!({"$ref": format!("#/components/schemas/{name}")}));
        contract["components"]["schemas"] = schemas;
        lower(&contract).expect("it lowers").document
    };
    let to = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    let object = |inner: Value| json!({"type": "object", "properties": {"in": inner}});
    // A list of itself is no component, and neither is another name of one.
    let document = lowered("Tree", json!({"Tree": {"type": "array", "items": to("Tree")}, "Error": {}}));
    let answer = &document["paths"]["/one"]["get"]["responses"]["200"]["content"]["application/json"]["schema"];
    assert_eq!(*answer, json!({"type": "array", "items": {}}));
    let document = lowered("Name", json!({"Name": to("Node"), "Node": object(to("Name")), "Error": {}}));
    assert_eq!(document["components"]["schemas"]["Node"]["properties"]["in"], to("Node"));
    let nullable = json!({"type": ["object", "null"], "properties": {"in": to("Node")}});
    let document = lowered("Node", json!({"Node": nullable, "Error": {}}));
    assert_eq!(document["components"]["schemas"]["Node"]["properties"]["in"]["nullable"], true);
    let ring = json!({"Ring": {"allOf": [to("Other")]}, "Other": to("Ring"), "Error": {}});
    assert!(lowered("Ring", ring)["components"]["schemas"].as_object().is_some_and(|all| !all.contains_key("Ring")));
}

#[test]
fn an_operation_that_no_client_can_call_is_left_out_by_name() {
    let mut contract = sending(&json!({"operationId": "sendIt", "responses": {"204": {}}}));
    let operation = |id: &str| json!({"operationId": id, "responses": {"204": {}}});
    contract["paths"]["/send"]["query"] = operation("search");
    contract["paths"]["/send"]["trace"] = operation("trace");
    contract["paths"]["/send"]["additionalOperations"] = json!({"COPY": operation("copy")});
    contract["webhooks"] = json!({"made": {"post": operation("made")}});
    let lowered = lower(&contract).expect("it lowers");
    let names = |operations: &[super::Operation]| operations.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(names(&lowered.operations), ["POST /send"]);
    assert_eq!(names(&lowered.left_out), ["TRACE /send", "QUERY /send", "COPY /send"]);
    let methods = lowered.document["paths"]["/send"].as_object().expect("an object");
    assert_eq!(methods.keys().collect::<Vec<_>>(), ["post"]);
}
