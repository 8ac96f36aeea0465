use super::{Asked, judge};
use crate::deviation::Kind;
use serde_json::json;
use vigie_contract::graphql::expand::endpoints;

const SCHEMA: &str = "type Query { me: Person old: Int @deprecated } type Mutation { staff: Staff }
    type Person { id: Int! name: String friends(first: Int @deprecated(reason: \"all come\")): [Person] kind: Kind }
    type Staff { hire(kind: Kind): Person } enum Kind { OLD @deprecated NEW }";
const OTHER: &str =
    "schema { query: Others mutation: Changes } type Others { wage(of: Int!): Int } type Changes { staff: OtherStaff }
    type OtherStaff { dismiss(id: Int!): Int }";

fn asked(files: &[(&str, &str)]) -> Vec<Asked> {
    let document = json!({
        "x-graphql": [
            {"path": "/graphql", "schema": "a.graphql", "edition": 2016},
            {"path": "/other", "schema": "b.graphql", "edition": 2016},
        ],
        "paths": {"/graphql": {"post": {}}, "/other": {"post": {}}},
    });
    let endpoints = endpoints(&document, &[("a.graphql", SCHEMA), ("b.graphql", OTHER)]).expect("both are good");
    let files: Vec<_> = files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    judge(&document, &endpoints, &files)
}

/// Every deviation: place, what is wrong, what to write.
fn found(files: &[(&str, &str)]) -> Vec<(String, String, String)> {
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let deviations = asked(files).into_iter().flat_map(|asked| asked.deviations);
    deviations.map(|found| (found.location.to_string(), text(&found.observed), text(&found.expected))).collect()
}

fn one(place: &str, observed: &str, expected: &str) -> Vec<(String, String, String)> {
    vec![(place.to_owned(), observed.to_owned(), expected.to_owned())]
}

#[test]
fn each_operation_is_asked_where_it_is_answered() {
    let asked = asked(&[
        ("a.graphql", "query a { me { id } }\nmutation b { staff { dismiss(id: 1) } }"),
        ("c.gql", "{ wage(of: 1) }"),
    ]);
    let told: Vec<_> = asked
        .iter()
        .map(|asked| {
            (asked.at.as_str(), asked.kind, asked.name.as_deref(), asked.path.as_deref(), asked.deviations.len())
        })
        .collect();
    let expected = [
        ("a.graphql:1:1", "query", Some("a"), Some("/graphql"), 0),
        ("a.graphql:2:1", "mutation", Some("b"), Some("/other"), 0),
        ("c.gql:1:1", "query", None, Some("/other"), 0),
    ];
    assert_eq!(told, expected);
}

#[test]
fn fragments_of_other_files_are_linked_and_told_where_they_stand() {
    let query = ("q.graphql", "query a { me { ...P } }");
    assert_eq!(
        found(&[query, ("f.graphql", "fragment P on Person { ...Q }"), ("g.graphql", "fragment Q on Person { id }")]),
        []
    );
    let found_in = found(&[query, ("f.graphql", "fragment P on Person {\n  nam\n}")]);
    assert_eq!(found_in, one("f.graphql:2:3", "type `Person` does not have a field `nam`", "did you mean `name`?"));
    assert_eq!(found(&[query]), one("q.graphql:1:16", "cannot find fragment `P`", "define it in one of the files"));
}

#[test]
fn the_fragment_of_the_own_file_goes_before_and_two_others_are_told() {
    let own = ("q.graphql", "query a { me { ...P } } fragment P on Person { id }");
    let (other, third) =
        (("f.graphql", "fragment P on Person { name }"), ("g.graphql", "fragment P on Person { kind }"));
    assert_eq!(found(&[own, other, third]), []);
    let expected =
        one("g.graphql:1:1", "the fragment `P` is another one at f.graphql:1:1", "give each a name of its own");
    assert_eq!(found(&[("q.graphql", "query a { me { ...P } }"), other, third]), expected);
    assert_eq!(found(&[("q.graphql", "query a { me { ...P } }"), other, ("h.graphql", other.1)]), []);
}

#[test]
fn a_fragment_that_nothing_spreads_is_no_querys_matter() {
    assert_eq!(found(&[("q.graphql", "query a { me { id } } fragment P on Person { nam }")]), []);
}

#[test]
fn what_another_path_has_is_told() {
    let expected = one(
        "q.graphql:1:18",
        "type `Query` does not have a field `wage`",
        "`wage` is asked at /other, in a query of its own",
    );
    assert_eq!(found(&[("q.graphql", "{ me { id name } wage(of: 1) }")]), expected);
}

#[test]
fn a_file_that_does_not_parse_is_told_and_a_schema_is_left_out() {
    let asked = asked(&[
        ("bad.graphql", "query a { me { id }"),
        ("schema.graphql", "type Query { a: Int }"),
        ("empty.graphql", "# none\n"),
    ]);
    assert_eq!(asked.len(), 1, "{asked:?}");
    assert_eq!((asked[0].kind, asked[0].deviations[0].kind), ("", Kind::QueryInvalid));
    assert!(asked[0].at.starts_with("bad.graphql:1:"), "{}", asked[0].at);
}

#[test]
fn operations_that_cannot_stand_beside_each_other_are_told() {
    let found = found(&[("q.graphql", "{ me { id } } query a { me { id } } query a { me { name } }")]);
    let told: Vec<&str> = found.iter().map(|(_, observed, _)| observed.as_str()).collect();
    let twice = "two operations of the file are called `a`";
    assert_eq!(told, ["an operation without a name stands beside others", twice, twice]);
}

#[test]
fn whatever_is_deprecated_is_told() {
    let found = found(&[(
        "q.graphql",
        "query a { old me { friends(first: 1) { id } } } mutation b { staff { hire(kind: OLD) { id } } }",
    )]);
    let told: Vec<(&str, &str)> =
        found.iter().map(|(_, observed, expected)| (observed.as_str(), expected.as_str())).collect();
    let expected = [
        ("`Query.old` is deprecated", "something else"),
        ("`Person.friends(first:)` is deprecated", "all come"),
        ("`Kind.OLD` is deprecated", "something else"),
    ];
    assert_eq!(told, expected);
}

#[test]
fn what_the_servers_language_lacks_is_of_its_own_kind() {
    let asked = asked(&[("q.graphql", "mutation b { staff { hire(kind: null) { id } } }")]);
    assert_eq!(asked[0].deviations.iter().map(|found| found.kind).collect::<Vec<_>>(), [Kind::QueryDialect]);
}
