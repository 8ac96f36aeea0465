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
        sees: "A parameter that the old contract does not have, and without which the new one refuses.",
        why: "every old request is refused",
        witness: "A call of {operation} without {location} is complete by the old contract and refused by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ParameterAddedOptional,
        id: "parameter-added-optional",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "an optional parameter is new",
        sees: "A parameter that the old contract does not have and that may be left out.",
        why: "old requests stay complete",
        witness: "A call of {operation} with {location} has no such parameter in the old contract, and is understood by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ParameterRemoved,
        id: "parameter-removed",
        class: Class::Breaking,
        sure: Sure::Conditional,
        title: "a parameter is gone",
        sees: "A parameter that the new contract does not have.",
        why: "a strict provider refuses it; a lax one ignores what the caller asked for",
        witness: "A call of {operation} with {location} is documented in the old contract, and has an unknown parameter in the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ParameterRenamed,
        id: "parameter-renamed",
        class: Class::Breaking,
        sure: Sure::Conditional,
        title: "a parameter has another name",
        sees: "A parameter that went and one that came in the same place, with like names and the same schema.",
        why: "the old name is ignored or refused",
        witness: "A call of {operation} with {before} is documented in the old contract; the new one calls it {after}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ParameterBecameRequired,
        id: "parameter-became-required",
        class: Class::Breaking,
        sure: Sure::Definite,
        title: "a parameter became required",
        sees: "A parameter that could be left out.",
        why: "requests without it are refused",
        witness: "A call of {operation} without {location} is complete by the old contract and refused by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ParameterBecameOptional,
        id: "parameter-became-optional",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "a parameter became optional",
        sees: "A required parameter that may now be left out.",
        why: "requests with it stay right",
        witness: "A call of {operation} without {location} is refused by the old contract and complete by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ParameterDeprecatedChanged,
        id: "parameter-deprecated-changed",
        class: Class::Compatible,
        sure: Sure::Definite,
        info: true,
        title: "a parameter's deprecation changed",
        sees: "The `deprecated` flag of a parameter.",
        why: "it still works, and will go",
        witness: "{location} of {operation} works as before; its `deprecated` went from {before} to {after}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ParameterStyleChanged,
        id: "parameter-style-changed",
        class: Class::Breaking,
        sure: Sure::Definite,
        title: "a parameter is written in another way",
        sees: "`style`, `explode` or `collectionFormat` of a parameter, defaults included.",
        why: "the provider reads other values out of the same text",
        witness: "A call of {operation} that writes {location} as {before} is read as {after} by the new contract.",
        ..Rule::PLAIN
    },
];
