//! The answer, from the selection set.

use super::{asked, data};
use serde_json::{Value, json};

#[allow(clippy::needless_pass_by_value, reason = "it reads better where it is called")]
fn object(required: &[&str], properties: Value) -> Value {
    let mut object = json!({"type": "object", "properties": properties});
    if !required.is_empty() {
        object["required"] = json!(required);
    }
    object
}

fn nullable(mut schema: Value) -> Value {
    schema["nullable"] = true.into();
    schema
}

fn text() -> Value {
    json!({"type": "string"})
}

#[test]
fn nulls_lists_and_leaves_are_those_of_the_schema() {
    let person = object(
        &["email", "id", "kind", "loans", "tags"],
        json!({
            "id": {"type": "integer", "format": "int32"},
            "email": {"nullable": true, "allOf": [{"$ref": "#/components/schemas/Mail"}]},
            "kind": {"type": "string", "nullable": true, "enum": ["NOVEL", "POEM"]},
            "loans": {"type": "array", "items": nullable(object(&["id", "open", "seen"], json!({
                "id": text(), "open": {"type": "boolean"}, "seen": {"$ref": "#/components/schemas/Stamp"},
            })))},
            "tags": {"type": "array", "nullable": true, "items": {"type": "array", "nullable": true, "items": text()}},
        }),
    );
    let expected = nullable(object(&["me"], json!({"me": nullable(person)})));
    assert_eq!(data("{ me { id email kind loans { id open seen } tags } }"), expected);
}

#[test]
fn a_scalar_that_lists_its_values_is_an_enum() {
    let book = object(
        &["price", "state"],
        json!({
            "state": {"type": "string", "enum": ["good", "worn"]}, "price": {"type": "number", "nullable": true},
        }),
    );
    assert_eq!(data("{ book(id: 1) { state price } }"), nullable(object(&["book"], json!({"book": book}))));
}

#[test]
fn an_alias_is_the_key_and_the_same_key_twice_is_one() {
    let person = object(
        &["first", "friend"],
        json!({
            "first": text(),
            "friend": nullable(object(&["id", "name"], json!({"id": {"type": "integer", "format": "int32"}, "name": text()}))),
        }),
    );
    let query =
        "{ me { first: name friend { id } friend { name } ...F } } fragment F on Person { first: name friend { id } }";
    assert_eq!(data(query), nullable(object(&["me"], json!({"me": nullable(person)}))));
}

#[test]
fn what_hangs_on_a_variable_may_be_absent() {
    let shape = |query: &str| {
        let data = data(query);
        let me = &data["properties"]["me"];
        (me["required"].clone(), me["properties"]["friend"]["required"].clone())
    };
    let query =
        "query q($a: Boolean!) { me { id name @include(if: $a) email @skip(if: $a) ... @include(if: $a) { born } } }";
    assert_eq!(shape(query), (json!(["id"]), Value::Null));
    // Where the key is there, the condition held, and so all below it is there.
    assert_eq!(shape("query q($a: Boolean!) { me { friend @include(if: $a) { id } } }"), (Value::Null, json!(["id"])));
    // Half of an object may be asked for always, and the other half not.
    let query = "query q($a: Boolean!) { me { friend { id } friend @include(if: $a) { name } } }";
    assert_eq!(shape(query), (json!(["friend"]), json!(["id"])));
    let query = "query q($a: Boolean!) { me { friend @include(if: $a) { id } friend @include(if: $a) { name } } }";
    assert_eq!(shape(query), (Value::Null, json!(["id", "name"])));
    // Once with the condition and once without is always.
    assert_eq!(shape("query q($a: Boolean!) { me { id id @include(if: $a) } }").0, json!(["id"]));
}

#[test]
fn a_condition_that_is_written_out_decides() {
    let me =
        data("{ me { id @include(if: true) name @skip(if: false) email @include(if: false) born @skip(if: true) } }");
    assert_eq!(me["properties"]["me"]["required"], json!(["id", "name"]));
    assert_eq!(me["properties"]["me"]["properties"].as_object().map(serde_json::Map::len), Some(2));
    let never = data("query q($a: Boolean!) { me { id ... @include(if: $a) { name @skip(if: $a) } } }");
    assert_eq!(never["properties"]["me"]["properties"].get("name"), None);
}

#[test]
fn a_key_that_only_some_types_have_may_be_absent() {
    let query = "{ any { __typename ... on Person { id born } ... on Book { id pages } } }";
    let item = nullable(object(
        &["__typename", "id"],
        json!({
            "__typename": {"type": "string", "enum": ["Book", "Person"]},
            "id": {"type": "integer", "format": "int32"},
            "born": {"nullable": true, "allOf": [{"$ref": "#/components/schemas/Day"}]},
            "pages": {"type": "integer", "format": "int32", "nullable": true},
        }),
    ));
    let any = json!({"type": "array", "nullable": true, "items": item});
    assert_eq!(data(query), nullable(object(&["any"], json!({"any": any}))));
}

#[test]
fn an_object_below_two_types_has_what_both_ask_of_it() {
    let query = "{ any { ... on Person { friend: friend { id name } } ... on Book { friend: owner { name email } } } }";
    let friend = &data(query)["properties"]["any"]["items"]["properties"]["friend"];
    assert_eq!(friend["required"], json!(["name"]));
    assert_eq!(friend["nullable"], true);
    assert_eq!(friend["properties"].as_object().map(serde_json::Map::len), Some(3));
}

#[test]
fn a_fragment_on_an_interface_holds_for_all_that_implement_it() {
    let query = "{ any { ...N ... on Person { __typename } } } fragment N on Named { name }";
    let item = &data(query)["properties"]["any"]["items"];
    assert_eq!(item["required"], json!(["name"]));
    assert_eq!(item["properties"]["__typename"], json!({"type": "string", "enum": ["Person"]}));
}

#[test]
fn an_inline_fragment_without_a_type_is_as_if_it_were_not_there() {
    assert_eq!(data("{ me { ... { id ... { name } } } }"), data("{ me { id name } }"));
}

#[test]
fn fragments_that_multiply_are_read_once() {
    let fragment = |level| format!("fragment F{level} on Person {{ ...F{0} ...F{0} }}", level + 1);
    let mut query = (0..60).map(fragment).collect::<Vec<_>>().join(" ");
    query.push_str(" query { me { ...F0 } }");
    query.push_str(" fragment F60 on Person { id }");
    assert_eq!(data(&query), data("{ me { id } }"));
}

#[test]
fn introspection_is_answered_like_the_rest() {
    let schema = &data("{ __schema { queryType { name } } __typename }")["properties"];
    assert_eq!(schema["__typename"]["enum"], json!(["Reads"]));
    assert_eq!(schema["__schema"]["required"], json!(["queryType"]));
}

#[test]
fn answers_of_the_path_stay_and_data_is_put_into_the_good_one() {
    let operation = asked("mutation { lend(bookId: 1, states: [\"good\"]) { id } }").expect("it is answered");
    assert_eq!(operation["responses"]["400"], json!({"$ref": "#/components/responses/Refused"}));
    let answer = &operation["responses"]["200"]["content"]["application/json"]["schema"];
    assert_eq!(answer["required"], json!(["data"]));
    assert_eq!(answer["properties"]["errors"]["type"], "array");
    assert_eq!(answer["properties"]["data"]["nullable"], true);
    assert_eq!(operation["security"], json!([{"token": []}]));
    assert_eq!(operation["parameters"][0]["name"], "X-Branch");
    assert_eq!(operation["x-graphql"]["writes"], true);
}
