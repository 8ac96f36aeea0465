//! Rules about an answer beside the accepted one.

use super::{Rule, Sure};
use crate::deviation::Kind;
use crate::finding::{Class, Verdict};

pub(super) const RULES: &[Rule] = &[
    Rule {
        kind: Kind::SnapshotMissing,
        id: "snapshot-missing",
        class: Class::Uncertain,
        sure: Sure::Conditional,
        title: "there is no accepted snapshot",
        sees: "A case without a `.snap` file.",
        why: "nothing says what the answer was before",
        witness: "The case was answered, and nothing was accepted for it yet.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponseStatusChanged,
        id: "response-status-changed",
        class: Class::Breaking,
        sure: Sure::Definite,
        verdict: Some(Verdict::Snapshot),
        title: "the status changed",
        sees: "The status of an answer beside that of the accepted one.",
        why: "the same request is answered in another way",
        witness: "The same request is answered {after}, and {before} was accepted.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponseMediaTypeChanged,
        id: "response-media-type-changed",
        class: Class::Breaking,
        sure: Sure::Definite,
        verdict: Some(Verdict::Snapshot),
        title: "the media type changed",
        sees: "The media type of an answer beside that of the accepted one.",
        why: "a consumer may refuse the answer",
        witness: "The same request is answered as {after}, and {before} was accepted.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::HeaderAbsent,
        id: "header-absent",
        class: Class::Uncertain,
        sure: Sure::Conditional,
        title: "a header is not there this time",
        sees: "A header of the accepted answer that this one does not have.",
        why: "one answer does not tell whether it may always be absent",
        witness: "The same request is answered without {location}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::PropertySometimesAbsent,
        id: "property-sometimes-absent",
        class: Class::Uncertain,
        sure: Sure::Conditional,
        title: "a property is missing in some elements",
        sees: "A property that every element of an accepted array has, and only some elements of this one. An element that is what it was but for the key has lost it.",
        why: "one answer does not tell whether it may always be absent",
        witness: "The same request is answered with elements that lack {location}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ValueNull,
        id: "value-null",
        class: Class::Uncertain,
        sure: Sure::Conditional,
        title: "a value is null or empty on one side",
        sees: "A value that is null, or a text or list that is empty, on one side only.",
        why: "null and empty prove nothing about the type",
        witness: "The same request is answered with {after} at {location}, where {before} was accepted.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ValueFormChanged,
        id: "value-form-changed",
        class: Class::Breaking,
        sure: Sure::Definite,
        verdict: Some(Verdict::Snapshot),
        title: "the form of a value changed",
        sees: "What a text looks like: a date, a year, a code of five digits, capitals.",
        why: "no schema keyword sees it, and parsers fail on it",
        witness: "The same request is answered with a value of the form {after} at {location}, where {before} was accepted.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ValueFormUncertain,
        id: "value-form-uncertain",
        class: Class::Uncertain,
        sure: Sure::Conditional,
        title: "a value looks unlike the accepted one",
        sees: "A text of another form where values of both forms can be legal: a word for a code, one more digit.",
        why: "one answer does not tell a new form from an unusual value",
        witness: "The same request is answered with a value of the form {after} at {location}, where {before} was accepted.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::DataChanged,
        id: "data-changed",
        class: Class::Data,
        sure: Sure::Conditional,
        title: "values moved, the shape did not",
        sees: "Values that differ while types, keys and forms are the same.",
        why: "accept the new values when they are right",
        witness: "The same request is answered with {after} at {location}, where {before} was accepted.",
        ..Rule::PLAIN
    },
];
