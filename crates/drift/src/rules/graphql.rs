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
        title: "a type is gone, and all that used it",
        sees: "A type that the new schema does not have, where several fields, arguments or unions went with it.",
        why: "a query that asks for any of them is refused as a whole",
        witness: "A query that uses {location} at one of {before} is answered by the old schema and refused by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::TypeMemberRemoved,
        id: "type-member-removed",
        class: Class::Breaking,
        sure: Sure::Conditional,
        title: "a type left a union or an interface",
        sees: "A member of a union, or an object that implements an interface, that the new schema no longer lists there.",
        why: "a query with a fragment that joins the two is refused as a whole",
        witness: "A query with a fragment that joins {location} and {before} is answered by the old schema and refused by the new one.",
        ..Rule::PLAIN
    },
];
