//! A contract with its queries.

use super::{SCHEMAS, document, expanded};
use crate::graphql::expand::expand;
use serde_json::json;

const ME: (&str, &str) = ("operations/me.graphql", "# Who calls.\n# In two lines.\nquery me {\n  me { id } # all\n}\n");

#[test]
fn each_file_is_an_operation_at_the_path_that_answers_it() {
    let wages = ("operations/wages.graphql", "query wages($year: Int!) { wages(year: $year) }");
    let document = expanded(&[ME, wages]).expect("both are answered");
    let me = &document["paths"]["/graphql#me"]["post"];
    assert_eq!(me["operationId"], "me");
    assert_eq!(me["description"], "Who calls.\nIn two lines.");
    assert_eq!(
        me["x-graphql"],
        json!({"document": "query me {\n  me { id }\n}", "source": "operations/me.graphql", "writes": false})
    );
    assert_eq!(document["paths"]["/staff#wages"]["post"]["operationId"], "wages");
    assert_eq!(document["paths"]["/graphql"]["post"]["operationId"], "graphql");
}

#[test]
fn a_document_without_queries_stays_as_it_is() {
    let mut plain = document();
    plain.as_object_mut().expect("an object").remove("x-graphql");
    assert_eq!(expand(plain.clone(), &[], &[ME]), Ok(plain));
}

#[test]
fn a_file_that_is_not_what_it_says_is_refused() {
    for (file, text, expected) in [
        (
            "operations/you.graphql",
            ME.1,
            "operations/you.graphql:3:1: the operation is not called as its file is, `you`; rename one",
        ),
        (
            "operations/me.graphql",
            "query me { me { id } } query b { me { id } }",
            "operations/me.graphql:1:24: the file has a second operation; give it a file of its own",
        ),
        (
            "operations/me.graphql",
            "fragment F on Person { id }",
            "operations/me.graphql: the file has no operation; write `query me { .. }`",
        ),
        (
            "operations/graphql.graphql",
            "query graphql { me { id } }",
            "operations/graphql.graphql: another operation has the id `graphql`; rename the file and its operation",
        ),
        (
            "operations/me.graphql",
            "query me { __typename }",
            "operations/me.graphql: it is answered at /graphql and /staff alike; select what only one of them has",
        ),
        (
            "operations/me.graphql",
            "query me { me { idd name } }",
            "operations/me.graphql:1:17: type `Person` does not have a field `idd`; did you mean `id`?",
        ),
        (
            "operations/me.graphql",
            "query me { wages(yer: 1) }",
            "operations/me.graphql:1:12: the required argument `StaffReads.wages(year:)` is not provided; add `year: Int!`\noperations/me.graphql:1:18: the argument `yer` is not supported by `StaffReads.wages`; did you mean `year`?",
        ),
    ] {
        assert_eq!(expanded(&[(file, text)]), Err(expected.to_owned()), "{text}");
    }
}

#[test]
fn what_the_document_says_of_its_schemas_must_be_so() {
    let with = |change: &dyn Fn(&mut serde_json::Value), schemas: &[(&str, &str)]| {
        let mut document = document();
        change(&mut document);
        expand(document, schemas, &[ME]).expect_err("it must be refused").to_string()
    };
    let nothing = |_: &mut serde_json::Value| {};
    assert_eq!(
        with(&nothing, &SCHEMAS[..1]),
        "open-api.yml: `x-graphql` names the schema `staff.graphql`, which is not there; put it beside the document, or name another one"
    );
    let error = with(&|document| document["x-graphql"][1]["path"] = "/none".into(), &SCHEMAS);
    assert!(error.starts_with("open-api.yml: `x-graphql` names `/none`, which has no `post`; "), "{error}");
    let error = with(&|document| document["x-graphql"] = json!({}), &SCHEMAS);
    assert!(error.starts_with("open-api.yml: `x-graphql` is no list; "), "{error}");
    let error = with(&|document| document["x-graphql"] = json!([{"path": "/graphql"}]), &SCHEMAS);
    assert!(error.contains("lacks `path` or `schema`"), "{error}");
    let error = with(&|document| document["x-graphql"][0]["edition"] = "2016".into(), &SCHEMAS);
    assert!(error.starts_with("open-api.yml: `x-graphql` has the edition \"2016\", which is not known; "), "{error}");
    let error = with(&nothing, &[SCHEMAS[0], ("staff.graphql", "type Query {\n  a: Lost\n}")]);
    assert!(error.starts_with("staff.graphql:2:6: "), "{error}");
    let taken =
        |document: &mut serde_json::Value| document["components"]["schemas"]["Terms"] = json!({"type": "string"});
    let lend =
        ("operations/lend.graphql", "mutation lend($t: Terms) { lend(bookId: 1, terms: $t, states: []) { id } }");
    let mut document = document();
    taken(&mut document);
    let error = expand(document, &SCHEMAS, &[lend]).expect_err("two things of one name").to_string();
    assert!(error.contains("`components.schemas.Terms` is not the input `Terms` of schema.graphql"), "{error}");
}
