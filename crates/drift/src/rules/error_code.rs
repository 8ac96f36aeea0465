//! Rules about the codes that only the named examples of errors tell.

use super::{Rule, Sure};
use crate::deviation::Kind;
use crate::finding::Class;

pub(super) const RULES: &[Rule] = &[
    Rule {
        kind: Kind::ErrorCodeAdded,
        id: "error-code-added",
        class: Class::Compatible,
        sure: Sure::Conditional,
        title: "an error code is new",
        sees: "A code among the named examples of an error that the old contract does not name there.",
        why: "a consumer that branches on codes may not handle it",
        witness: "{operation} answers with the error code {after}, which the old contract does not name at {location}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ErrorCodeRemoved,
        id: "error-code-removed",
        class: Class::Compatible,
        sure: Sure::Conditional,
        title: "an error code is no longer named",
        sees: "A code among the named examples of an error that the new contract does not name there.",
        why: "code for it is never reached, unless the document is incomplete",
        witness: "{operation} answers with the error code {before}, which only the old contract names at {location}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ErrorCodeChanged,
        id: "error-code-changed",
        class: Class::Uncertain,
        sure: Sure::Conditional,
        title: "an error has another code",
        sees: "A named example of an error whose code changed.",
        why: "a consumer that branches on the old code may miss it; an example does not prove an answer",
        witness: "{operation} answers with the error code {after} where the old contract has {before} at {location}.",
        ..Rule::PLAIN
    },
];
