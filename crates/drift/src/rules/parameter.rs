//! Rules about parameters of two contracts.

use super::{Rule, Sure};
use crate::deviation::Kind;
use crate::finding::Class;

pub(super) const RULES: &[Rule] = &[
    Rule {
        kind: Kind::ParameterAddedRequired,
        id: "parameter-added-required",
        class: Class::Breaking,
        sure: Sure::Definite,
        title: "a required parameter is new",
        sees: "A required parameter that the old contract does not have.",
        why: "every old request is rejected",
        witness: "A call of {operation} without {location} is valid under the old contract and rejected by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ParameterAddedOptional,
        id: "parameter-added-optional",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "an optional parameter is new",
        sees: "An optional parameter that the old contract does not have.",
        why: "old requests stay valid",
        witness: "A call of {operation} with {location}: only the new contract has this parameter.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ParameterRemoved,
        id: "parameter-removed",
        class: Class::Breaking,
        sure: Sure::Conditional,
        title: "a parameter is gone",
        sees: "A parameter that the new contract does not have.",
        why: "a strict provider rejects it; a lax one ignores what the caller asked for",
        witness: "A call of {operation} with {location}: the new contract does not have this parameter.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ParameterRenamed,
        id: "parameter-renamed",
        class: Class::Breaking,
        sure: Sure::Conditional,
        title: "a parameter has another name",
        sees: "A parameter that was removed and one that was added in the same operation, with similar names and the same schema.",
        why: "the old name is ignored or rejected",
        witness: "A call of {operation} with {before} is documented in the old contract; the new one calls it {after}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ParameterBecameRequired,
        id: "parameter-became-required",
        class: Class::Breaking,
        sure: Sure::Definite,
        title: "a parameter became required",
        sees: "A required parameter that was optional.",
        why: "requests without it are rejected",
        witness: "A call of {operation} without {location} is valid under the old contract and rejected by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ParameterBecameOptional,
        id: "parameter-became-optional",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "a parameter became optional",
        sees: "An optional parameter that was required.",
        why: "requests with it stay valid",
        witness: "A call of {operation} without {location} is rejected by the old contract and valid under the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ParameterDeprecatedChanged,
        id: "parameter-deprecated-changed",
        class: Class::Compatible,
        sure: Sure::Definite,
        info: true,
        title: "a parameter's deprecation changed",
        sees: "The `deprecated` flag of a parameter, of a header of an answer, or of a security scheme.",
        why: "it still works, and will be removed",
        witness: "{location} of {operation} works as before; its `deprecated` changed from {before|false} to {after|false}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ParameterStyleChanged,
        id: "parameter-style-changed",
        class: Class::Breaking,
        sure: Sure::Definite,
        title: "a parameter is serialised in another way",
        sees: "`style`, `explode` or `collectionFormat` of a parameter or a header, defaults included; or a value that is written as a media type on one side only.",
        why: "the provider reads other values from the same text",
        witness: "A call of {operation} with {location} serialised as {before} is read as {after} under the new contract.",
        ..Rule::PLAIN
    },
];
