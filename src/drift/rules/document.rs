//! Rules about a document as a whole.

use super::{Rule, Sure};
use crate::deviation::Kind;
use crate::finding::{Class, Verdict};

pub(super) const RULES: &[Rule] = &[Rule {
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
}];
