//! Rules about a document as a whole.

use super::{Rule, Sure};
use crate::deviation::Kind;
use crate::finding::{Class, Verdict};

pub(super) const RULES: &[Rule] = &[
    Rule {
        kind: Kind::DocumentImplausible,
        id: "document-implausible",
        class: Class::Implausible,
        sure: Sure::Definite,
        verdict: Some(Verdict::Outage),
        title: "the document is not credible",
        sees: "A document that is empty, cut off, another one's, or without half of its operations.",
        why: "believing it would raise one alarm for each thing that it lacks",
        witness: "The new document does not stand for the API that the old one describes: {after}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::NotCompared,
        id: "not-compared",
        class: Class::Uncertain,
        sure: Sure::Conditional,
        title: "something was not compared",
        sees: "What differs and vigie does not compare, such as `patternProperties`; a `$ref` that leads out of the document, or nowhere on one side; and what lies behind a limit.",
        why: "a change that breaks consumers may hide there, so the exit status is 3 unless something breaking was found",
        witness: "Whether a call of {operation} that the old contract promises still works at {location} is not known.",
        ..Rule::PLAIN
    },
];
