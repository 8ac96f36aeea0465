//! What the server refuses, with the place and the mend.

use super::{SCHEMAS, endpoints, operation_for, refused};

#[track_caller]
fn check(query: &str, expected: &[&str]) {
    assert_eq!(refused(query), expected, "{query}");
}

#[test]
fn what_the_schema_does_not_have_is_told_with_what_it_has() {
    check("{ me {\n  emial } }", &["query:2:3: type `Person` does not have a field `emial`; did you mean `email`?"]);
    check(
        "{ wages(year: 1) }",
        &["query:1:3: type `Reads` does not have a field `wages`; `Reads` has me, book, books, any, thing, shelf"],
    );
    check(
        "{ book(idd: 1) { id } }",
        &[
            "query:1:3: the required argument `Reads.book(id:)` is not provided; add `id: Int!`",
            "query:1:8: the argument `idd` is not supported by `Reads.book`; did you mean `id`?",
        ],
    );
    check(
        "query a($k: Kynd) { books(kind: $k) { id } }",
        &["query:1:9: cannot find type `Kynd`; did you mean `Kind`?"],
    );
    check(
        "{ books(kind: NOVELL) { id } }",
        &["query:1:15: value `NOVELL` does not exist on `Kind`; did you mean `NOVEL`?"],
    );
    check(
        "mutation { lend(bookId: 1, states: [], terms: {dayz: 1, days: 2}) { id } }",
        &["query:1:54: field `dayz` does not exist on `Terms`; did you mean `days`?"],
    );
}

#[test]
fn what_only_follows_from_something_else_is_not_told() {
    check(
        "query a($x: Int, $y: Int) { me { idd(a: $x) { id } } }",
        &[
            "query:1:18: unused variable: `$y`; use it, or take it away",
            "query:1:34: type `Person` does not have a field `idd`; did you mean `id`?",
        ],
    );
    check(
        "{ me { idd { ...F } } } fragment F on Person { id }",
        &["query:1:8: type `Person` does not have a field `idd`; did you mean `id`?"],
    );
}

#[test]
fn columns_are_counted_in_characters() {
    let found = refused("mutation { shelves { put(bookId: 1, state: \"good\", tags: [\"éàü\", null]) { name } } }");
    assert!(found[0].starts_with("query:1:66: the server does not know the literal `null`"), "{found:?}");
}

#[test]
fn types_of_variables_are_compared_by_name() {
    check(
        "query a($id: String!) { book(id: $id) { id } }",
        &[
            "query:1:30: variable `$id` of type `String!` cannot be used for argument `id` of type `Int!`; declare `$id: Int!`: types are compared by name",
        ],
    );
}

#[test]
fn a_type_that_the_schema_does_not_use_is_unknown_and_the_right_one_is_told() {
    let expected = "query:1:9: cannot find type `Foo`; declare `$id: Int!`: types are compared by name";
    check("query a($id: Foo!) { book(id: $id) { id } }", &[expected]);
}

#[test]
fn braces_are_told() {
    check(
        "{ me { id { x } } }",
        &["query:1:8: field selection of scalar type `Int` must not have subselections; take the braces away"],
    );
    let found = refused("{ me }");
    assert!(
        found[0].starts_with(
            "query:1:3: `me` is an object of type `Person`, and nothing is selected of it; select fields of `Person`: id, name, "
        ),
        "{found:?}"
    );
}

#[test]
fn what_came_after_the_servers_language_is_told() {
    check(
        "mutation { shelves { put(bookId: 1, state: \"good\", tags: null) { name } } }",
        &[
            "query:1:58: the server does not know the literal `null`; leave it out: what is absent is null, and a variable may be null",
        ],
    );
    check(
        "mutation { shelves { put(bookId: 1, state: \"good\", tags: [\"\"\"a\"\"\"]) { name } } }",
        &[
            "query:1:59: the server does not know block strings; write \"..\" on one line, with \\n for line breaks, or use a variable",
        ],
    );
    check(
        "{ __type(name: \"Day\") { specifiedByURL } }",
        &["query:1:25: the server has no `__Type.specifiedByURL`; ask only for what introspection had in 2016"],
    );
    check(
        "{ __schema { directives { isRepeatable args(includeDeprecated: true) { isDeprecated } } types { fields(includeDeprecated: true) { isDeprecated args { name } } } } }",
        &[
            "query:1:27: the server has no `__Directive.isRepeatable`; ask only for what introspection had in 2016",
            "query:1:45: the server has no argument `includeDeprecated` of `__Directive.args`; ask only for what introspection had in 2016",
            "query:1:72: the server has no `__InputValue.isDeprecated`; ask only for what introspection had in 2016",
        ],
    );
    check(
        "{ __schema { types { inputFields(includeDeprecated: true) { name } } } }",
        &[
            "query:1:34: the server has no argument `includeDeprecated` of `__Type.inputFields`; ask only for what introspection had in 2016",
        ],
    );
    let subscription = refused("subscription a { me { id } }");
    assert_eq!(subscription, ["query:1:1: the server has no subscriptions; ask with a query, again and again"]);
    let default = refused("query a($id: Int! = 1) { book(id: $id) { id } }");
    assert_eq!(
        default,
        ["query:1:21: `$id` of type `Int!` has a default, which the server refuses; take the `!` or the default away"]
    );
}

#[test]
fn what_came_later_is_refused_only_where_the_server_is_that_old() {
    let mut contract = super::document();
    contract["x-graphql"][0]["edition"].take();
    let endpoints = endpoints(&contract, &SCHEMAS).expect("its schemas");
    let refused = |query: &str| {
        let asked = operation_for(&contract, &endpoints, "/graphql", query, None);
        asked.err().unwrap_or_default().iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(refused("mutation { shelves { put(bookId: 1, state: \"good\", tags: null) { name } } }"), [""; 0]);
    let required = refused("{ book(id: null) { id } }");
    assert!(required.contains(&"query:1:12: expected value of type Int!, found null".to_owned()), "{required:?}");
}

#[test]
fn a_scalar_takes_what_its_form_says() {
    check(
        "mutation { shelves { put(bookId: 1, state: good) { name } } }",
        &["query:1:44: `state` of type `State` does not take good; write one of \"good\", \"worn\""],
    );
    check(
        "mutation { lend(bookId: 1, until: \"1/2/2026\", states: [\"bad\"]) { id } }",
        &[
            "query:1:35: `until` of type `Day` does not take \"1/2/2026\"; write \"YYYY-MM-DD\"",
            "query:1:56: `states` of type `State` does not take \"bad\"; write one of \"good\", \"worn\"",
        ],
    );
}

#[test]
fn what_is_no_graphql_is_told_with_its_place() {
    let found = refused("{ me { id }");
    assert!(found[0].starts_with("query:1:"), "{found:?}");
    let unused = refused("query a($x: Int) { me { id } } fragment F on Person { id }");
    assert_eq!(unused.len(), 2, "{unused:?}");
}

#[test]
fn a_scalar_of_which_nothing_is_known_is_the_contracts_fault() {
    check(
        "{ book(id: 1) { secret } }",
        &[
            "query:1:17: nothing says how the scalar `Odd` is written in JSON; add `components.schemas.Odd` to open-api.yml, or list its values in its description",
        ],
    );
}
