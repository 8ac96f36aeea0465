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
        sees: "A required body that the old contract does not have.",
        why: "every old request is rejected",
        witness: "A call of {operation} without a body is valid under the old contract and rejected by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestBodyAddedOptional,
        id: "request-body-added-optional",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "an optional request body is new",
        sees: "An optional body that the old contract does not have.",
        why: "old requests stay valid",
        witness: "A call of {operation} with a body is documented in the new contract only.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestBodyRemoved,
        id: "request-body-removed",
        class: Class::Breaking,
        sure: Sure::Conditional,
        title: "the request body is gone",
        sees: "A body that the new contract does not have.",
        why: "the provider rejects or ignores the body",
        witness: "A call of {operation} with a body is documented in the old contract only.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestBodyBecameRequired,
        id: "request-body-became-required",
        class: Class::Breaking,
        sure: Sure::Definite,
        title: "the request body became required",
        sees: "A required body that was optional.",
        why: "requests without it are rejected",
        witness: "A call of {operation} without a body is valid under the old contract and rejected by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestBodyBecameOptional,
        id: "request-body-became-optional",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "the request body became optional",
        sees: "An optional body that was required.",
        why: "requests with it stay valid",
        witness: "A call of {operation} without a body is rejected by the old contract and valid under the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestMediaTypeAdded,
        id: "request-media-type-added",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "a request media type is new",
        sees: "A media type of the request body that the old contract does not list.",
        why: "requests in the old media types stay valid",
        witness: "A body sent to {operation} as {after} is documented in the new contract only.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestMediaTypeRemoved,
        id: "request-media-type-removed",
        class: Class::Breaking,
        sure: Sure::Definite,
        title: "a request media type is gone",
        sees: "A media type of the request body that the new contract does not list.",
        why: "requests in it are rejected",
        witness: "A body sent to {operation} as {before} is documented in the old contract only.",
        ..Rule::PLAIN
    },
];
