//! Rules about the types of a GraphQL schema, which a query names in its fragments and variables.

use super::{Rule, Sure};
use crate::deviation::Kind;
use crate::finding::Class;

pub(super) const RULES: &[Rule] = &[
    Rule {
        kind: Kind::TypeRemoved,
        id: "type-removed",
        class: Class::Breaking,
        sure: Sure::Definite,
        title: "a type is gone, with everything that used it",
        sees: "A type that the new schema does not have, and with which several fields, arguments or unions were removed.",
        why: "the server rejects the whole query that asks for any of them",
        witness: "A query that uses {location} at one of {before} is answered by the old schema and rejected by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::TypeMemberRemoved,
        id: "type-member-removed",
        class: Class::Breaking,
        sure: Sure::Conditional,
        title: "a type left a union or an interface",
        sees: "A member of a union, or an object that implements an interface, that the new schema no longer lists there.",
        why: "the server rejects the whole query with a fragment that joins the two",
        witness: "A query with a fragment that joins {location} and {before} is answered by the old schema and rejected by the new one.",
        ..Rule::PLAIN
    },
];
