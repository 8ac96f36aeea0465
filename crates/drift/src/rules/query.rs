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
        title: "the server rejects the query",
        sees: "A query that does not parse, or that is invalid in every schema of the contract: fields, arguments, types, fragments, variables, values.",
        why: "the server rejects the whole query if one part of it is invalid",
        witness: "The server rejects the query at {location}: {after}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::QueryDialect,
        id: "query-dialect",
        class: Class::Breaking,
        sure: Sure::Definite,
        verdict: Some(Verdict::Query),
        title: "the query uses GraphQL that is newer than the server",
        sees: "GraphQL features that are newer than the server's edition: the literal `null`, block strings, defaults of variables that are never null, later introspection, subscriptions.",
        why: "current tools write it, and the server rejects the whole query",
        witness: "The server rejects the query at {location}: {after}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::QueryDeprecated,
        id: "query-deprecated",
        class: Class::Uncertain,
        sure: Sure::Conditional,
        title: "the query uses something deprecated",
        sees: "A field, an argument, an input field or a value that the schema marks as deprecated, in a query of a consumer.",
        why: "it still works, and the provider announces its removal",
        witness: "The query at {location} is answered today: {after}.",
        ..Rule::PLAIN
    },
];
