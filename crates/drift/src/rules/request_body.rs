//! Rules about the body of a request as a whole, and its media types.

use super::{Rule, Sure};
use crate::deviation::Kind;
use crate::finding::Class;

pub(super) const RULES: &[Rule] = &[
    Rule {
        kind: Kind::RequestBodyAddedRequired,
        id: "request-body-added-required",
        class: Class::Breaking,
        sure: Sure::Definite,
        title: "a required request body is new",
        sees: "A body that the old contract does not have, and without which the new one refuses.",
        why: "every old request is refused",
        witness: "A call of {operation} without a body is complete by the old contract and refused by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestBodyAddedOptional,
        id: "request-body-added-optional",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "an optional request body is new",
        sees: "A body that the old contract does not have and that may be left out.",
        why: "old requests stay complete",
        witness: "A call of {operation} with a body is not documented in the old contract, and taken by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestBodyRemoved,
        id: "request-body-removed",
        class: Class::Breaking,
        sure: Sure::Conditional,
        title: "the request body is gone",
        sees: "A body that the new contract does not have.",
        why: "what the caller says in it is refused or ignored",
        witness: "A call of {operation} with a body is documented in the old contract only.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestBodyBecameRequired,
        id: "request-body-became-required",
        class: Class::Breaking,
        sure: Sure::Definite,
        title: "the request body became required",
        sees: "A body that could be left out.",
        why: "requests without it are refused",
        witness: "A call of {operation} without a body is complete by the old contract and refused by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestBodyBecameOptional,
        id: "request-body-became-optional",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "the request body became optional",
        sees: "A required body that may now be left out.",
        why: "requests with it stay right",
        witness: "A call of {operation} without a body is refused by the old contract and complete by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestMediaTypeAdded,
        id: "request-media-type-added",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "a request media type is new",
        sees: "A media type of the request body that the old contract does not list.",
        why: "requests in the old ones stay right",
        witness: "A body sent to {operation} as {after} is not documented in the old contract, and taken by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestMediaTypeRemoved,
        id: "request-media-type-removed",
        class: Class::Breaking,
        sure: Sure::Definite,
        title: "a request media type is gone",
        sees: "A media type of the request body that the new contract does not list.",
        why: "requests in it are refused",
        witness: "A body sent to {operation} as {before} is taken by the old contract, and not documented in the new one.",
        ..Rule::PLAIN
    },
];
