use super::diff;
use serde_json::{Value, json};
use vigie_contract::graphql::{ReadError, Schema, from_introspection, is_introspection, read};
use vigie_contract::read::Document;

fn refused(text: &str) -> ReadError {
    read(text).expect_err(&text.chars().take(80).collect::<String>())
}

fn broken(text: &str) -> bool {
    matches!(refused(text), ReadError::Broken(_))
}

/// One schema as introspection of the form of 2016: no key that came later.
fn introspection() -> Value {
    let named = |kind: &str, name: &str| json!({"kind": kind, "name": name, "ofType": null});
    let never_null = |inner: Value| json!({"kind": "NON_NULL", "name": null, "ofType": inner});
    let list = |inner: Value| json!({"kind": "LIST", "name": null, "ofType": inner});
    let field =
        |name: &str, ty: Value, args: Value| json!({"name": name, "args": args, "type": ty, "isDeprecated": false});
    let argument = |name: &str, ty: Value, default: Value| json!({"name": name, "type": ty, "defaultValue": default});
    let ty = |kind: &str, name: &str, more: Value| {
        let mut ty = json!({"kind": kind, "name": name, "description": "Prose.", "fields": null, "inputFields": null,
            "interfaces": null, "enumValues": null, "possibleTypes": null});
        for (key, value) in more.as_object().into_iter().flatten() {
            ty[key] = value.clone();
        }
        ty
    };
    let arguments = json!([argument("i", named("INPUT_OBJECT", "In"), json!("{e: A, n: [1.0]}"))]);
    json!({"data": {"__schema": {
        "queryType": {"name": "Queries"}, "mutationType": null, "subscriptionType": null, "directives": [],
        "types": [
            ty("OBJECT", "Queries", json!({"interfaces": [], "fields": [field("t", never_null(list(never_null(named("OBJECT", "T")))), arguments)]})),
            ty("OBJECT", "T", json!({"interfaces": [named("INTERFACE", "Node")], "fields": [field("id", named("SCALAR", "ID"), json!([])), field("u", named("UNION", "U"), json!([]))]})),
            ty("INTERFACE", "Node", json!({"fields": [field("id", named("SCALAR", "ID"), json!([]))], "possibleTypes": [named("OBJECT", "T")]})),
            ty("UNION", "U", json!({"possibleTypes": [named("OBJECT", "T")]})),
            ty("INPUT_OBJECT", "In", json!({"inputFields": [argument("e", named("ENUM", "E"), Value::Null), argument("n", list(named("SCALAR", "Float")), Value::Null)]})),
            ty("ENUM", "E", json!({"enumValues": [{"name": "A", "isDeprecated": false}, {"name": "B", "isDeprecated": true}]})),
            ty("SCALAR", "ID", json!({})), ty("SCALAR", "Float", json!({})), ty("OBJECT", "__Type", json!({"fields": []})),
        ],
    }}})
}

const SDL: &str = r#"
    schema { query: Queries }
    enum E { B @deprecated A }
    union U = T
    input In { n: [Float] e: E @deprecated }
    interface Node { id: ID }
    type T implements Node { u: U id: ID }
    "The root." type Queries { t(i: In = { n: [1], e: A }): [T!]! }
"#;

fn both() -> (Schema, Schema) {
    (read(SDL).expect("SDL"), from_introspection(&introspection()).expect("introspection"))
}

#[test]
fn both_forms_of_a_schema_compare_as_equal_in_both_directions() {
    let (sdl, introspection) = both();
    assert_eq!(diff(&sdl, &introspection), []);
    assert_eq!(diff(&introspection, &sdl), []);
}

#[test]
fn both_forms_have_the_same_types() {
    let (sdl, introspection) = both();
    assert_eq!(sdl.types.keys().collect::<Vec<_>>(), introspection.types.keys().collect::<Vec<_>>());
    assert_eq!(sdl.fields("Queries").map(|fields| fields["t"].ty.to_string()), Some("[T!]!".to_owned()));
    assert_eq!(sdl.types["U"], introspection.types["U"]);
}

#[test]
fn introspection_is_known_with_and_without_data_around_it() {
    let document = introspection();
    assert!(is_introspection(&document) && is_introspection(&document["data"]));
    assert_eq!(from_introspection(&document["data"]).ok(), from_introspection(&document).ok());
    for other in [json!({"data": {"me": null}}), json!({"data": null}), json!([]), json!({"__schema": null})] {
        assert!(!is_introspection(&other), "{other}");
        assert_eq!(from_introspection(&other), Err(ReadError::NotGraphQl));
    }
}

#[test]
fn extensions_and_definitions_of_what_every_schema_has_are_read() {
    let schema =
        read("extend type Query { b: Int } type Query { a: ID } scalar ID type __Type { x: Int }").expect("SDL");
    assert_eq!(
        schema.fields("Query").map(|fields| fields.keys().cloned().collect()),
        Some(vec!["a".to_owned(), "b".into()])
    );
    assert_eq!(schema.types.len(), 1);
}

#[test]
fn what_is_no_schema_is_refused() {
    for text in [" \n\t", "<html></html>", "openapi: 3.0.0", "query { me }", "type: object", "[1]", "{\"data\": {}}"] {
        assert_eq!(refused(text), ReadError::NotGraphQl, "{text}");
    }
}

#[test]
fn a_fault_is_told_with_its_line_and_column() {
    assert!(matches!(refused("type Query {\n  a: \n}"), ReadError::Syntax { line: 3, column: 1, .. }));
    assert!(matches!(refused("type Query { a: Int }\ntype Query { b: Int }"), ReadError::Syntax { line: 2, .. }));
}

#[test]
fn a_document_that_ends_in_a_definition_is_cut() {
    for text in ["type Query {\n  a: \n", "type Query { a: Int", "type Query { a: Int } \"What"] {
        assert!(matches!(refused(text), ReadError::Cut { .. }), "{text}: {}", refused(text));
    }
}

#[test]
fn a_document_that_was_cut_anywhere_is_refused() {
    let whole = SDL.trim_end();
    let cuts = (1..whole.len()).filter(|at| whole.is_char_boundary(*at));
    let read: Vec<usize> = cuts.filter(|at| read(&whole[..*at]).is_ok()).collect();
    assert!(read.is_empty(), "cut at {read:?}");
    let json = introspection().to_string();
    let document = |at: usize| vigie_contract::read::read(&json.as_bytes()[..at]);
    assert!((1..json.len()).step_by(7).all(|at| document(at).is_err()));
    assert!(document(json.len()).is_ok());
}

#[test]
fn what_is_not_whole_is_refused() {
    assert!(broken("type User { id: Int }"));
    assert!(broken("type Query { a: Gone }"));
    assert!(broken("type Query { a(x: Gone): Int }"));
    assert!(broken("type Query { a: T } type T"));
    assert!(broken("schema { query: Q } type Query { a: Int }"));
    assert!(broken("schema { query: Q } enum Q { A }"));
    let mut cut = introspection();
    cut["data"]["__schema"]["types"][0]["fields"][0]["type"] = json!({"kind": "NON_NULL", "ofType": null});
    let reason = from_introspection(&cut).expect_err("it breaks off").to_string();
    assert!(reason.contains("`types[0]`, Queries: a type breaks off"), "{reason}");
}

#[test]
fn nothing_nests_deep_enough_to_overflow_the_stack() {
    let many = 20_000;
    for (open, close) in [("[", "]"), ("{a:", "}")] {
        let (open, close) = (open.repeat(many), close.repeat(many));
        for text in [
            format!("type Query {{ a: {open}Int{close} }}"),
            format!("type Query {{ a(x: Int = {open}1{close}): Int }}"),
            format!("type Query {{ a(x: Int = {open}"),
            format!("type Query {{ a: Int @a(b: {open}"),
        ] {
            assert!(matches!(refused(&text), ReadError::Syntax { .. }), "{}", refused(&text));
        }
    }
    let mut document = introspection();
    document["data"]["__schema"]["types"][0]["fields"][0]["args"][0]["defaultValue"] = "[".repeat(many).into();
    assert!(from_introspection(&document).is_ok(), "a default that cannot be read is kept as text");
}

#[test]
fn a_document_is_bounded() {
    let text = format!("type Query {{ a: Int }} #{}", "x".repeat(32 << 20));
    assert_eq!(refused(&text).to_string(), "the document has 32 MB; a schema has 32 MB at most");
    assert!(matches!(
        refused(&format!("type Query {{ a: Int }}{}", "\n#".repeat(1_100_000))),
        ReadError::Syntax { .. }
    ));
}

#[test]
fn types_that_hold_themselves_are_compared() {
    let schema = read("type Query { a(i: In): Query } input In { i: In j: [In!] }").expect("SDL");
    assert_eq!(diff(&schema, &schema), []);
}

/// The real schemas are not ours to keep: `VIGIE_UPSTREAM` names the folder that has them.
#[test]
fn the_real_schemas_have_no_deviation_between_their_forms() {
    let Ok(folder) = std::env::var("VIGIE_UPSTREAM") else {
        println!("left out: VIGIE_UPSTREAM names no folder with the published schemas");
        return;
    };
    let schema = |file: &str| {
        let path = format!("{folder}/mobilic/{file}");
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        match vigie_contract::read::read(text.as_bytes()).map(|source| source.document) {
            Ok(Document::GraphQl(schema)) => schema,
            other => panic!("{path}: {other:?}"),
        }
    };
    for (sdl, introspection) in
        [("schema.graphql", "introspection.json"), ("schema.protected.graphql", "introspection.protected.json")]
    {
        let (sdl, introspection) = (schema(sdl), schema(introspection));
        assert_eq!(diff(&sdl, &introspection), []);
        assert_eq!(diff(&introspection, &sdl), []);
        assert_eq!(vigie_contract::graphql::credible(&sdl, &introspection), Ok(()));
    }
}
