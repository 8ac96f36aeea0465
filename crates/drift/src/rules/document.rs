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
        sees: "A document that is empty, truncated, of another API, or without half of its operations.",
        why: "comparing it would report hundreds of removals that are not real",
        witness: "The new document does not describe the API of the old one: {after}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::NotCompared,
        id: "not-compared",
        class: Class::Uncertain,
        sure: Sure::Conditional,
        title: "something was not compared",
        sees: "Differences that vigie does not compare, such as `xml`; alternatives of which a value may fit two, where `oneOf` refuses it; a `$ref` to a file that could not be read or to another host, or one that is unresolved on one side; and what is beyond a limit.",
        why: "a change that breaks consumers may hide there, so the exit status is 3 unless something breaking was found",
        witness: "It is unknown whether a call of {operation} that the old contract promises still works at {location}.",
        ..Rule::PLAIN
    },
];
