//! Rules about the queries of a consumer, beside the schemas of the contract.

use super::{Rule, Sure};
use crate::deviation::Kind;
use crate::finding::{Class, Verdict};

pub(super) const RULES: &[Rule] = &[
    Rule {
        kind: Kind::QueryInvalid,
        id: "query-invalid",
        class: Class::Breaking,
        sure: Sure::Definite,
        verdict: Some(Verdict::Query),
        title: "the server refuses the query",
        sees: "A query that does not parse, or that none of the contract's schemas answers: fields, arguments, types, fragments, variables, values.",
        why: "a server answers nothing of a query in which one thing is wrong",
        witness: "The server refuses the query at {location}: {after}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::QueryDialect,
        id: "query-dialect",
        class: Class::Breaking,
        sure: Sure::Definite,
        verdict: Some(Verdict::Query),
        title: "the server is older than the query's language",
        sees: "GraphQL that came after the edition which the server speaks: the literal `null`, block strings, defaults of variables that are never null, later introspection, subscriptions.",
        why: "the tools of today write it, and the server refuses the query as a whole",
        witness: "The server refuses the query at {location}: {after}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::QueryDeprecated,
        id: "query-deprecated",
        class: Class::Uncertain,
        sure: Sure::Conditional,
        title: "the query uses what is deprecated",
        sees: "A field, an argument, an input field or a value that the schema marks as deprecated, in a query of a consumer.",
        why: "it still works, and the provider says that it will go",
        witness: "The query at {location} is answered today: {after}.",
        ..Rule::PLAIN
    },
];
