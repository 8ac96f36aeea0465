//! The law of severity on pairs of schemas and documents: a request breaks that may no longer be sent, an answer that may now
//! have what it could not have before.

use super::diff;
use crate::deviation::{Deviation, Kind};
use crate::finding::Class;
use crate::rules::rule;
use serde_json::{Value, json};

/// A document with one operation, `POST /a`, of which parts are given.
fn document(operation: &Value, more: &Value) -> Value {
    let mut document = json!({"openapi": "3.1.0", "paths": {"/a": {"post": operation}}});
    for (holder, extra) in [("/paths/~1a/post", json!({"responses": {"204": {}}})), ("", more.clone())] {
        let target = document.pointer_mut(holder).and_then(Value::as_object_mut).expect("it is there");
        for (key, value) in extra.as_object().expect("an object") {
            target.entry(key).or_insert_with(|| value.clone());
        }
    }
    document
}

fn request(schema: &Value) -> Value {
    document(&json!({"requestBody": {"content": {"application/json": {"schema": schema}}}}), &json!({}))
}

fn answer(schema: &Value) -> Value {
    document(&json!({"responses": {"200": {"content": {"application/json": {"schema": schema}}}}}), &json!({}))
}

fn parameter(place: &str, mut parameter: Value) -> Value {
    parameter["name"] = "n".into();
    parameter["in"] = place.into();
    parameter["required"] = (place == "path").into();
    document(&json!({ "parameters": [parameter] }), &json!({}))
}

fn found(old: &Value, new: &Value) -> Vec<Deviation> {
    assert_eq!(diff(old, old).deviations, [], "a document beside itself: {old}");
    diff(old, new).deviations
}

fn kinds(old: &Value, new: &Value) -> Vec<Kind> {
    found(old, new).into_iter().map(|deviation| deviation.kind).collect()
}

/// The worst class of what is found.
fn class(old: &Value, new: &Value) -> Option<Class> {
    found(old, new).iter().map(|deviation| rule(deviation.kind).class(deviation)).min_by_key(|class| match class {
        Class::Breaking => 0,
        Class::Uncertain => 1,
        _ => 2,
    })
}

const BREAKING: Option<Class> = Some(Class::Breaking);
const COMPATIBLE: Option<Class> = Some(Class::Compatible);
const UNCERTAIN: Option<Class> = Some(Class::Uncertain);

/// Some values fit the second schema alone, and none the first one alone.
fn is_wider(narrow: &Value, wide: &Value) {
    let (requests, answers) = ([request(narrow), request(wide)], [answer(narrow), answer(wide)]);
    assert_eq!(class(&requests[0], &requests[1]), COMPATIBLE, "sent, {narrow} -> {wide}");
    assert_eq!(class(&requests[1], &requests[0]), BREAKING, "sent, {wide} -> {narrow}");
    assert_eq!(class(&answers[0], &answers[1]), BREAKING, "answered, {narrow} -> {wide}");
    assert_eq!(class(&answers[1], &answers[0]), COMPATIBLE, "answered, {wide} -> {narrow}");
}

/// Both say the same.
fn is_same(one: &Value, other: &Value) {
    for of in [request, answer] {
        assert_eq!(found(&of(one), &of(other)), [], "{one} -> {other}");
        assert_eq!(found(&of(other), &of(one)), [], "{other} -> {one}");
    }
}

#[test]
fn keywords_of_objects_widen_and_narrow() {
    let any = json!({"type": "object"});
    for (narrow, wide) in [
        (
            json!({"patternProperties": {"^x": {"type": "integer"}}}),
            json!({"patternProperties": {"^x": {"type": "number"}}}),
        ),
        (json!({"type": "object", "patternProperties": {"^x": {"type": "integer"}}}), any.clone()),
        (
            json!({"additionalProperties": {"type": "integer"}, "patternProperties": {"^x": {"type": "integer"}}}),
            json!({"additionalProperties": {"type": "integer"}, "patternProperties": {"^x": {"type": "number"}}}),
        ),
        (json!({"type": "object", "propertyNames": {"maxLength": 3}}), any.clone()),
        (
            json!({"type": "object", "propertyNames": {"maxLength": 3}}),
            json!({"type": "object", "propertyNames": {"maxLength": 5}}),
        ),
        (json!({"type": "object", "dependentRequired": {"a": ["b"]}}), any.clone()),
        (
            json!({"type": "object", "dependentRequired": {"a": ["b", "c"]}}),
            json!({"type": "object", "dependentRequired": {"a": ["b"]}}),
        ),
        (json!({"type": "object", "dependentSchemas": {"a": {"required": ["b"]}}}), any.clone()),
        (
            json!({"type": "object", "dependentSchemas": {"a": {"required": ["b", "c"]}}}),
            json!({"type": "object", "dependentSchemas": {"a": {"required": ["b"]}}}),
        ),
        (json!({"type": "object", "if": {"required": ["a"]}, "then": {"required": ["b"]}}), any.clone()),
        (json!({"type": "object", "if": {"required": ["a"]}, "else": {"required": ["b"]}}), any.clone()),
        (
            json!({"type": "object", "if": {"required": ["a"]}, "then": {"required": ["b", "c"]}}),
            json!({"type": "object", "if": {"required": ["a"]}, "then": {"required": ["b"]}}),
        ),
        (json!({"type": "array", "items": false}), json!({"type": "array", "items": true})),
        (json!({"properties": {"a": {"const": 1}}}), json!({"properties": {"a": {"enum": [1, 2]}}})),
        (json!({"type": "object", "not": {"required": ["a"]}}), any),
    ] {
        is_wider(&narrow, &wide);
    }
    // A property that must not be there is gone.
    let (denied, listed) = (json!({"properties": {"a": false}}), json!({"properties": {"a": {"type": "string"}}}));
    for of in [request, answer] {
        assert_eq!(class(&of(&listed), &of(&denied)), BREAKING);
    }
    // A condition of other values takes some away and brings others.
    let on = |name: &str| json!({"type": "object", "if": {"required": [name]}, "then": {"required": ["b"]}});
    assert_eq!(class(&request(&on("a")), &request(&on("c"))), BREAKING);
    assert_eq!(class(&answer(&on("a")), &answer(&on("c"))), BREAKING);
    // Other names are read by nobody.
    let closed = json!({"type": "object", "unevaluatedProperties": false});
    assert_eq!(class(&request(&json!({"type": "object"})), &request(&closed)), BREAKING);
    assert_eq!(class(&answer(&json!({"type": "object"})), &answer(&closed)), COMPATIBLE);
}

#[test]
fn keywords_of_lists_and_texts_widen_and_narrow() {
    let pair = |second: &str| json!({"type": "array", "prefixItems": [{"type": "string"}, {"type": second}]});
    let with = |key: &str, value: Value| json!({"type": "array", "contains": {"const": "x"}, key: value});
    let any = json!({"type": "array"});
    for (narrow, wide) in [
        (pair("integer"), pair("number")),
        (
            json!({"type": "array", "prefixItems": [{"type": "string"}], "items": false}),
            json!({"type": "array", "prefixItems": [{"type": "string"}]}),
        ),
        (
            json!({"type": "array", "prefixItems": [{"type": "string"}], "unevaluatedItems": false}),
            json!({"type": "array", "prefixItems": [{"type": "string"}]}),
        ),
        (
            json!({"type": "array", "prefixItems": [{"type": "integer"}], "items": {"type": "number"}}),
            json!({"type": "array", "items": {"type": "number"}}),
        ),
        (with("minContains", json!(1)), any.clone()),
        (with("minContains", json!(2)), with("minContains", json!(1))),
        (with("minContains", json!(2)), with("title", json!(""))),
        (with("maxContains", json!(3)), with("maxContains", json!(4))),
        (
            json!({"type": "array", "contains": {"enum": ["a"]}}),
            json!({"type": "array", "contains": {"enum": ["a", "b"]}}),
        ),
        (json!({"type": "string", "contentEncoding": "base64"}), json!({"type": "string"})),
        (json!({"type": "string", "contentMediaType": "image/png"}), json!({"type": "string"})),
        (
            json!({"type": "string", "contentMediaType": "application/json", "contentSchema": {"type": "integer"}}),
            json!({"type": "string", "contentMediaType": "application/json", "contentSchema": {"type": "number"}}),
        ),
        (json!({"type": "number", "multipleOf": 0.02}), json!({"type": "number", "multipleOf": 0.01})),
        (json!({"maximum": 9_007_199_254_740_992_u64}), json!({"maximum": 9_007_199_254_740_993_u64})),
        (json!({"minimum": -9_223_372_036_854_775_807_i64}), json!({"minimum": i64::MIN})),
    ] {
        is_wider(&narrow, &wide);
    }
}

#[test]
fn what_is_said_in_another_way_is_the_same() {
    for (one, other) in [
        (json!({"type": ["string", "integer"]}), json!({"oneOf": [{"type": "string"}, {"type": "integer"}]})),
        (
            json!({"type": ["string", "integer", "null"]}),
            json!({"anyOf": [{"type": "integer"}, {"type": "null"}, {"type": "string"}]}),
        ),
        (
            json!({"type": ["string", "array"], "minLength": 2, "items": {"type": "integer"}}),
            json!({"oneOf": [{"type": "array", "items": {"type": "integer"}}, {"type": "string", "minLength": 2}]}),
        ),
        (
            json!({"oneOf": [{"type": ["string", "integer"]}, {"type": "object", "required": ["a"]}]}),
            json!({"oneOf": [{"type": "string"}, {"type": "object", "required": ["a"]}, {"type": "integer"}]}),
        ),
        (
            json!({"oneOf": [{"oneOf": [{"type": "string"}, {"type": "integer"}]}, {"type": "boolean"}]}),
            json!({"oneOf": [{"type": "string"}, {"type": "integer"}, {"type": "boolean"}]}),
        ),
        (json!({"type": "object"}), json!({"type": "object", "if": {"required": ["a"]}})),
        (json!({"type": "object"}), json!({"type": "object", "then": {"required": ["a"]}})),
        (json!({"type": "array"}), json!({"type": "array", "minContains": 3})),
        (
            json!({"type": "object", "dependencies": {"a": ["b"]}}),
            json!({"type": "object", "dependentRequired": {"a": ["b"]}}),
        ),
        (
            json!({"type": "object", "dependencies": {"a": {"required": ["b"]}}}),
            json!({"type": "object", "dependentSchemas": {"a": {"required": ["b"]}}}),
        ),
        (
            json!({"type": "object", "unevaluatedProperties": false}),
            json!({"type": "object", "additionalProperties": false}),
        ),
        (json!({"type": "string", "format": "byte"}), json!({"type": "string", "contentEncoding": "base64"})),
        (
            json!({"type": "array", "items": [{"type": "string"}], "additionalItems": {"type": "integer"}}),
            json!({"type": "array", "prefixItems": [{"type": "string"}], "items": {"type": "integer"}}),
        ),
        (json!({"maximum": 1e3}), json!({"maximum": 1000})),
    ] {
        is_same(&one, &other);
    }
}

#[test]
fn alternatives_are_sets_of_values() {
    let object = |name: &str| json!({"type": "object", "required": [name], "properties": {name: {"type": "string"}}});
    is_wider(&json!({"oneOf": [object("a"), object("b")]}), &json!({"anyOf": [object("a"), object("b")]}));
    // No value fits two of them.
    let apart = |keyword: &str| json!({keyword: [{"type": "string"}, {"type": "integer"}]});
    is_same(&apart("oneOf"), &apart("anyOf"));
    let of_kind = |kind: &str| json!({"type": "object", "required": ["k"], "properties": {"k": {"enum": [kind]}}});
    is_same(&json!({"oneOf": [of_kind("a"), of_kind("b")]}), &json!({"anyOf": [of_kind("a"), of_kind("b")]}));
    // Whether one does, nobody can tell.
    let like =
        |keyword: &str| json!({keyword: [{"type": "string", "pattern": "^a"}, {"type": "string", "pattern": "b$"}]});
    assert_eq!(class(&request(&like("anyOf")), &request(&like("oneOf"))), UNCERTAIN);
    assert_eq!(class(&request(&like("oneOf")), &request(&like("anyOf"))), COMPATIBLE);
    assert_eq!(class(&answer(&like("oneOf")), &answer(&like("anyOf"))), UNCERTAIN);
    // An alternative that takes what another one takes, so that `oneOf` refuses it.
    let both =
        json!({"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}, "b": {"type": "string"}}});
    let added = |new: Value| {
        (json!({"oneOf": [both, {"type": "integer"}]}), json!({"oneOf": [both, {"type": "integer"}, new]}))
    };
    let (old, new) = added(object("b"));
    assert_eq!(class(&request(&old), &request(&new)), UNCERTAIN);
    let (old, new) = added(object("c"));
    assert_eq!(class(&request(&old), &request(&new)), COMPATIBLE);
}

#[test]
fn a_value_that_moves_between_alternatives_is_no_change() {
    let form = |kinds: &[&str], required: &[&str]| json!({"type": "object", "required": required, "properties": {"kind": {"enum": kinds}, "iban": {"type": "string"}}});
    let old = json!({"oneOf": [form(&["bank", "cash"], &["kind"]), form(&["card"], &["kind"])]});
    let moved = json!({"oneOf": [form(&["cash"], &["kind"]), form(&["card", "bank"], &["kind"])]});
    assert_eq!(kinds(&request(&old), &request(&moved)), [Kind::RequestEnumValueAdded]);
    assert_eq!(kinds(&answer(&old), &answer(&moved)), [Kind::ResponseEnumValueRemoved]);
    // The new form needs what the old one did not.
    let stricter =
        json!({"oneOf": [form(&["cash"], &["kind"]), form(&["card"], &["kind"]), form(&["bank"], &["kind", "iban"])]});
    assert_eq!(class(&request(&old), &request(&stricter)), BREAKING);
    let words = |one: &[&str], other: &[&str]| json!({"oneOf": [{"type": "string", "enum": one}, {"type": "string", "enum": other}]});
    assert_eq!(class(&request(&words(&["a", "b"], &["c"])), &request(&words(&["a"], &["b", "c"]))), COMPATIBLE);
    assert_eq!(class(&request(&words(&["a", "b"], &["c"])), &request(&words(&["a"], &["c"]))), BREAKING);
    // Elsewhere the form that lost the value stands alone.
    let forms = |one: &Value, other: &Value| {
        let schemas = json!({"Any": one, "Other": other});
        let own = json!({"requestBody": {"content": {"application/json": {"schema": {"properties": {
            "a": {"oneOf": [{"$ref": "#/components/schemas/Any"}, {"$ref": "#/components/schemas/Other"}]},
            "b": {"$ref": "#/components/schemas/Any"},
        }}}}}});
        document(&own, &json!({"components": {"schemas": schemas}}))
    };
    let old = forms(&form(&["bank", "cash"], &["kind"]), &form(&["card"], &["kind"]));
    let new = forms(&form(&["cash"], &["kind"]), &form(&["card", "bank"], &["kind"]));
    let removed: Vec<String> = found(&old, &new)
        .into_iter()
        .filter(|deviation| deviation.kind == Kind::RequestEnumValueRemoved)
        .map(|deviation| deviation.location.to_string())
        .collect();
    assert_eq!(removed, ["body b.kind"]);
}

/// Ships with a discriminator, of which a subtype is named by a mapping, or by `allOf` alone.
fn ships(discriminator: &Value, subtypes: &[(&str, Value)]) -> [Value; 2] {
    let base = json!({"type": "object", "required": ["kind"], "discriminator": discriminator, "properties": {"kind": {"type": "string"}}});
    let mut schemas = serde_json::Map::from_iter([("Ship".to_owned(), base)]);
    for (name, own) in subtypes {
        schemas.insert((*name).to_owned(), json!({"allOf": [{"$ref": "#/components/schemas/Ship"}, own]}));
    }
    let content = json!({"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Ship"}}}});
    let more = json!({"components": {"schemas": schemas}});
    [document(&json!({ "requestBody": content }), &more), document(&json!({"responses": {"200": content}}), &more)]
}

#[test]
fn subtypes_that_a_discriminator_leads_to_are_compared() {
    let kind = json!({"propertyName": "kind"});
    let mapped = |names: &[(&str, &str)]| {
        let mapping: serde_json::Map<String, Value> = names
            .iter()
            .map(|(value, name)| ((*value).to_owned(), format!("#/components/schemas/{name}").into()))
            .collect();
        json!({"propertyName": "kind", "mapping": mapping})
    };
    let mast = |of: &str| ("Sail", json!({"properties": {"mast": {"type": of}}}));
    let motor = ("Motor", json!({"properties": {"power": {"type": "number"}}}));
    let kinds = |old: &[Value; 2], new: &[Value; 2]| [kinds(&old[0], &new[0]), kinds(&old[1], &new[1])];

    let sail = ships(&kind, &[mast("number")]);
    assert_eq!(kinds(&sail, &ships(&json!("kind"), &[mast("number")])), [[], []], "as Swagger 2.0 has it");
    assert_eq!(kinds(&sail, &ships(&mapped(&[("Sail", "Sail")]), &[mast("number")])), [[], []]);
    let other_mast = ships(&kind, &[mast("string")]);
    assert_eq!(kinds(&sail, &other_mast), [[Kind::RequestTypeChanged], [Kind::ResponseTypeChanged]]);
    let both = ships(&kind, &[mast("number"), motor.clone()]);
    assert_eq!(kinds(&sail, &both), [[Kind::RequestVariantAdded], [Kind::ResponseVariantAdded]]);
    assert_eq!(kinds(&both, &sail), [[Kind::RequestVariantRemoved], [Kind::ResponseVariantRemoved]]);
    let renamed = ships(&mapped(&[("sail", "Sail")]), &[mast("number")]);
    assert_eq!(
        kinds(&sail, &renamed),
        [
            [Kind::RequestVariantRemoved, Kind::RequestVariantAdded],
            [Kind::ResponseVariantRemoved, Kind::ResponseVariantAdded]
        ]
    );
    let crossed =
        |one: &str, other: &str| ships(&mapped(&[("a", one), ("b", other)]), &[mast("number"), motor.clone()]);
    let [_, answers] = kinds(&crossed("Sail", "Motor"), &crossed("Motor", "Sail"));
    assert!(answers.contains(&Kind::ResponsePropertyRemoved), "a value means another subtype: {answers:?}");
    let other_name = ships(&json!({"propertyName": "type"}), &[mast("number")]);
    assert_eq!(kinds(&sail, &other_name), [[Kind::DiscriminatorChanged], [Kind::DiscriminatorChanged]]);

    // An answer that is always a sail is not affected by motors.
    let of_sail = |subtypes: &[(&str, Value)]| {
        let mut document = ships(&kind, subtypes)[1].clone();
        document["paths"]["/a"]["post"]["responses"]["200"]["content"]["application/json"]["schema"] =
            json!({"$ref": "#/components/schemas/Sail"});
        document
    };
    assert_eq!(found(&of_sail(&[mast("number")]), &of_sail(&[mast("number"), motor])), []);
}

#[test]
fn media_types_are_sets() {
    let body = json!({"schema": {"type": "object", "properties": {"a": {"type": "string"}}}});
    let requests = |types: &[&str]| {
        let content: serde_json::Map<String, Value> =
            types.iter().map(|one| ((*one).to_owned(), body.clone())).collect();
        document(&json!({"requestBody": {"content": content}}), &json!({}))
    };
    let answers = |types: &[&str]| {
        let content: serde_json::Map<String, Value> =
            types.iter().map(|one| ((*one).to_owned(), body.clone())).collect();
        document(&json!({"responses": {"200": {"content": content}}}), &json!({}))
    };
    for (narrow, wide) in [
        (&["application/json"][..], &["*/*"][..]),
        (&["application/json", "application/xml"], &["application/*"]),
        (&["image/*"], &["*/*"]),
        (&["application/json;v=1"], &["application/json"]),
        (&["application/json"], &["application/json", "text/csv"]),
    ] {
        assert_eq!(class(&requests(narrow), &requests(wide)), COMPATIBLE, "{narrow:?} -> {wide:?}");
        assert_eq!(class(&requests(wide), &requests(narrow)), BREAKING, "{wide:?} -> {narrow:?}");
    }
    assert_eq!(kinds(&answers(&["*/*"]), &answers(&["application/json"])), [Kind::ResponseMediaTypeNarrowed]);
    assert_eq!(kinds(&answers(&["application/json"]), &answers(&["*/*"])), [Kind::ResponseMediaTypeAdded]);
    assert_eq!(class(&answers(&["image/*"]), &answers(&["text/csv"])), BREAKING);
    assert_eq!(class(&answers(&["a/b;v=1"]), &answers(&["a/b;v=2"])), BREAKING);
    for same in [["application/json", "application/json; charset=utf-8"], ["a/b;v=1;w=2", "a/b; w=2; v=1"]] {
        assert_eq!(found(&answers(&same[..1]), &answers(&same[1..])), [], "{same:?}");
    }
    // What a range says counts for its types.
    let of = |media: &str, of: &str| {
        document(&json!({"responses": {"200": {"content": {media: {"schema": {"type": of}}}}}}), &json!({}))
    };
    assert!(kinds(&of("*/*", "string"), &of("application/json", "boolean")).contains(&Kind::ResponseTypeChanged));
    assert!(
        kinds(&of("application/json", "string"), &of("application/*", "boolean")).contains(&Kind::ResponseTypeChanged)
    );
}

#[test]
fn parameters_are_texts() {
    let of = |schema: Value| json!({ "schema": schema });
    for place in ["query", "path", "header", "cookie"] {
        for (narrow, wide) in [
            (json!({"type": "integer"}), json!({"type": "string"})),
            (json!({"type": "number", "minimum": 1}), json!({"type": "string", "minLength": 1})),
            (json!({"type": "boolean"}), json!({"type": "string", "enum": ["true", "false", "all"]})),
            (json!({"type": "integer", "enum": [1, 2]}), json!({"type": "string", "enum": ["1", "2", "3"]})),
            (json!({"type": "integer"}), json!({"type": ["string", "boolean"]})),
        ] {
            let (narrow, wide) = (parameter(place, of(narrow)), parameter(place, of(wide)));
            assert_eq!(class(&narrow, &wide), COMPATIBLE, "{place} {narrow} -> {wide}");
            assert_eq!(class(&wide, &narrow), BREAKING, "{place} {wide} -> {narrow}");
        }
        for narrower in [
            json!({"type": "string", "enum": ["1"]}),
            json!({"type": "string", "pattern": "^1"}),
            json!({"type": "string", "maxLength": 3}),
            json!({"type": "string", "format": "date"}),
            json!({"type": "boolean"}),
        ] {
            let (old, new) = (parameter(place, of(json!({"type": "integer"}))), parameter(place, of(narrower.clone())));
            assert_eq!(class(&old, &new), BREAKING, "{place} {narrower}");
        }
    }
    let list = |more: Value| {
        let mut own = json!({"schema": {"type": "array", "items": {"type": "string"}}});
        own.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        own
    };
    let text = parameter("query", of(json!({"type": "string"})));
    let number = parameter("query", of(json!({"type": "integer"})));
    assert_eq!(class(&text, &parameter("query", list(json!({})))), COMPATIBLE);
    assert_eq!(class(&number, &parameter("query", list(json!({})))), COMPATIBLE);
    assert_eq!(class(&text, &parameter("query", list(json!({"explode": false})))), BREAKING, "a comma separates now");
    assert_eq!(class(&number, &parameter("query", list(json!({"explode": false})))), COMPATIBLE, "it has no comma");
    assert_eq!(class(&parameter("query", list(json!({}))), &text), BREAKING);
    let more = json!({"schema": {"type": "array", "items": {"type": "string"}, "minItems": 2}});
    assert_eq!(class(&text, &parameter("query", more)), BREAKING);
    let others = json!({"schema": {"type": "array", "items": {"type": "integer"}}});
    assert_eq!(class(&text, &parameter("query", others)), BREAKING);

    let header = |of: &str| {
        document(&json!({"responses": {"200": {"headers": {"X-Left": {"schema": {"type": of}}}}}}), &json!({}))
    };
    assert_eq!(kinds(&header("string"), &header("integer")), [Kind::ResponseTypeNarrowed]);
    assert_eq!(kinds(&header("integer"), &header("string")), [Kind::ResponseTypeChanged]);
    // In JSON, a text is none.
    assert_eq!(class(&request(&json!({"type": "integer"})), &request(&json!({"type": "string"}))), BREAKING);
}

#[test]
fn servers_are_a_set() {
    let served = |document: &[&str], own: &[&str]| {
        let list = |urls: &[&str]| urls.iter().map(|url| json!({ "url": url })).collect::<Vec<_>>();
        let mut contract =
            json!({"servers": list(document), "paths": {"/a": {"get": {"operationId": "a", "responses": {}}}}});
        if !own.is_empty() {
            contract["paths"]["/a"]["get"]["servers"] = list(own).into();
        }
        contract
    };
    let (a, b, c) = ("https://a.example/v1", "https://b.example/api/v1", "https://c.example/v2");
    assert_eq!(found(&served(&[a, b, c], &[]), &served(&[c, a, b], &[])), []);
    assert_eq!(found(&served(&[a], &[b, c]), &served(&[a], &[c, b])), []);
    assert_eq!(kinds(&served(&[a, b], &[]), &served(&[c, b, a], &[])), [Kind::ServerAdded]);
    assert_eq!(kinds(&served(&[a, b], &[]), &served(&[b], &[])), [Kind::ServerRemoved]);
    assert_eq!(
        kinds(&served(&[a], &[]), &served(&["https://x.example/v1"], &[])),
        [Kind::ServerRemoved, Kind::ServerAdded]
    );
    let moved = kinds(&served(&[a], &["https://x.example/v1"]), &served(&[a], &["https://y.example/v1"]));
    assert_eq!(moved, [Kind::ServerRemoved, Kind::ServerAdded]);
    assert_eq!(kinds(&served(&["/v1"], &[]), &served(&["/v2"], &[])), [Kind::OperationPathChanged]);
}

#[test]
fn credentials_of_less_are_less_and_tokens_come_from_where_they_say() {
    let secured = |needed: Value, flows: Value| {
        let more = json!({"components": {"securitySchemes": {"o": {"type": "oauth2", "flows": flows}, "k": {"type": "apiKey", "in": "header", "name": "X-K"}}}});
        document(&json!({ "security": needed }), &more)
    };
    let flow = |url: &str, scopes: Value| json!({"clientCredentials": {"tokenUrl": url, "scopes": scopes}});
    let flows = || flow("https://t.example", json!({"read": "r", "write": "w"}));
    let of = |needed: Value| secured(needed, flows());
    for (more, less) in [
        (json!([{"o": ["read", "write"]}]), json!([{"o": ["read"]}])),
        (json!([{"o": ["read"]}]), json!([{"o": []}])),
        (json!([{"o": ["read"], "k": []}]), json!([{"o": ["read"]}])),
        (json!([{"o": ["read"]}]), json!([{"o": ["read"]}, {"k": []}])),
        (json!([{"o": ["read"]}]), json!([])),
    ] {
        assert_eq!(kinds(&of(more.clone()), &of(less.clone())), [Kind::OperationSecurityRelaxed], "{more} -> {less}");
        assert_eq!(kinds(&of(less.clone()), &of(more.clone())), [Kind::OperationSecurityChanged], "{less} -> {more}");
    }
    let read = || json!([{"o": ["read"]}]);
    let with = |flows: Value| secured(read(), flows);
    let old = of(read());
    assert_eq!(
        kinds(&old, &with(flow("https://u.example", json!({"read": "", "write": ""})))),
        [Kind::SecurityUrlChanged]
    );
    assert_eq!(kinds(&old, &with(flow("https://t.example", json!({"read": ""})))), [Kind::SecurityFlowRemoved]);
    assert_eq!(kinds(&old, &with(json!({}))), [Kind::SecurityFlowRemoved]);
    assert_eq!(kinds(&with(json!({})), &old), [Kind::SecurityFlowAdded]);
    let mut refreshed = flows();
    refreshed["clientCredentials"]["refreshUrl"] = "https://r.example".into();
    assert_eq!(kinds(&old, &with(refreshed.clone())), [Kind::SecurityFlowAdded]);
    assert_eq!(kinds(&with(refreshed), &old), [Kind::SecurityUrlChanged]);
    // What each scope is for is prose.
    assert_eq!(kinds(&old, &with(flow("https://t.example", json!({"read": "other", "write": "words"})))), []);
    let connected = |url: &str| {
        let more =
            json!({"components": {"securitySchemes": {"c": {"type": "openIdConnect", "openIdConnectUrl": url}}}});
        document(&json!({"security": [{"c": []}]}), &more)
    };
    assert_eq!(kinds(&connected("https://a.example"), &connected("https://b.example")), [Kind::SecurityUrlChanged]);
}

#[test]
fn parts_of_a_form_are_written_as_their_encoding_says() {
    let form = |encoding: Value| {
        let schema = json!({"type": "object", "properties": {"meta": {"type": "object"}, "file": {"type": "string", "format": "binary"}, "ids": {"type": "array", "items": {"type": "string"}}}});
        let content = json!({"multipart/form-data": {"schema": schema, "encoding": encoding}});
        document(&json!({"requestBody": {"content": content}}), &json!({}))
    };
    let plain = form(json!({}));
    assert_eq!(found(&plain, &form(json!({"meta": {"contentType": "application/json"}}))), [], "it is the default");
    let images = |types: &str| form(json!({"file": {"contentType": types}}));
    assert_eq!(class(&images("image/png"), &images("image/png, image/jpeg")), COMPATIBLE);
    assert_eq!(class(&images("image/png, image/jpeg"), &images("image/png")), BREAKING);
    assert_eq!(class(&images("image/png"), &images("image/*")), COMPATIBLE);
    assert_eq!(class(&plain, &images("image/png")), BREAKING, "any bytes before");
    assert_eq!(kinds(&plain, &form(json!({"ids": {"explode": false}}))), [Kind::ParameterStyleChanged]);
    assert_eq!(found(&plain, &form(json!({"file": {"explode": false}}))), [], "one value looks the same");
    let header = |required: bool| {
        form(json!({"file": {"headers": {"X-Sum": {"required": required, "schema": {"type": "string"}}}}}))
    };
    assert_eq!(kinds(&plain, &header(true)), [Kind::ParameterAddedRequired]);
    assert_eq!(found(&plain, &form(json!({"nothing": {"contentType": "a/b"}}))), [], "there is no such part");
}

#[test]
fn open_lists_and_links_are_told_and_break_no_reader() {
    let listed = |values: &[&str]| json!({"type": "string", "x-extensible-enum": values});
    let (two, three) = (listed(&["a", "b"]), listed(&["a", "b", "c"]));
    assert_eq!(kinds(&answer(&two), &answer(&three)), [Kind::ExtensibleEnumChanged]);
    assert_eq!(kinds(&answer(&three), &answer(&two)), [Kind::ExtensibleEnumChanged]);
    assert_eq!(kinds(&request(&two), &request(&three)), [Kind::ExtensibleEnumChanged]);
    assert_eq!(kinds(&request(&three), &request(&two)), [Kind::RequestEnumValueRemoved]);
    assert_eq!(class(&answer(&json!({"enum": ["a", "b"]})), &answer(&two)), BREAKING, "it was closed");
    let linked = |links: Value| document(&json!({"responses": {"200": {"links": links}}}), &json!({}));
    let next = |id: &str| linked(json!({"next": {"operationId": id, "description": id}}));
    assert_eq!(kinds(&next("a"), &next("b")), [Kind::LinkChanged]);
    assert_eq!(kinds(&linked(json!({})), &next("b")), [Kind::LinkChanged]);
    let described = linked(json!({"next": {"operationId": "a", "description": "words"}}));
    assert_eq!(found(&next("a"), &described), []);
}

#[test]
fn a_new_call_that_a_consumer_must_answer_breaks() {
    let hooks =
        |hooks: Value| json!({"openapi": "3.1.0", "webhooks": hooks, "paths": {"/a": {"get": {"responses": {}}}}});
    let event = json!({"post": {"responses": {"200": {}}}});
    assert_eq!(kinds(&hooks(json!({})), &hooks(json!({"sold": event}))), [Kind::CallbackAdded]);
    assert_eq!(
        kinds(&hooks(json!({"sold": event})), &hooks(json!({"sold": event, "left": event}))),
        [Kind::CallbackAdded]
    );
    assert_eq!(kinds(&hooks(json!({"sold": event})), &hooks(json!({}))), [Kind::OperationRemoved]);
}

#[test]
fn a_reference_that_newly_leads_nowhere_is_reported_where_it_is() {
    let with = |more: Value| answer(&json!({"type": "object", "properties": more}));
    let old = with(json!({"a": {"type": "string"}}));
    let new = with(json!({"a": {"type": "integer"}, "b": {"$ref": "#/components/schemas/Nowhere"}}));
    assert_eq!(super::credible(&old, &new), Ok(()));
    let found = found(&old, &new);
    let kinds: Vec<Kind> = found.iter().map(|deviation| deviation.kind).collect();
    assert_eq!(kinds, [Kind::ResponsePropertyAdded, Kind::ResponseTypeChanged, Kind::NotCompared]);
    let place = found[2].location.to_string();
    assert!(place.ends_with("/properties/b"), "{place}");
    assert_eq!(diff(&new, &new).deviations, [], "it led nowhere before");
}
