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
        why: "nothing shows what the answer was before",
        witness: "The case was answered, and it has no accepted answer yet.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponseStatusChanged,
        id: "response-status-changed",
        class: Class::Breaking,
        sure: Sure::Definite,
        verdict: Some(Verdict::Snapshot),
        title: "the status changed",
        sees: "An answer with another status than the accepted one.",
        why: "the same request gets another answer",
        witness: "The same request is answered with {after}; {before} was accepted.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponseMediaTypeChanged,
        id: "response-media-type-changed",
        class: Class::Breaking,
        sure: Sure::Definite,
        verdict: Some(Verdict::Snapshot),
        title: "the media type changed",
        sees: "An answer with another media type than the accepted one.",
        why: "a consumer may reject the answer",
        witness: "The same request is answered as {after}; {before} was accepted.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::HeaderAbsent,
        id: "header-absent",
        class: Class::Uncertain,
        sure: Sure::Conditional,
        title: "a header is absent this time",
        sees: "A header of the accepted answer that this one does not have.",
        why: "one answer does not show whether it may always be absent",
        witness: "The same request is answered without {location}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::PropertySometimesAbsent,
        id: "property-sometimes-absent",
        class: Class::Uncertain,
        sure: Sure::Conditional,
        title: "a property is missing in some elements",
        sees: "A property that every element of the accepted array has, and only some elements of this one. If an element is otherwise unchanged, the property counts as removed.",
        why: "one answer does not show whether it may always be absent",
        witness: "The same request is answered with elements without {location}.",
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
        title: "the format of a value changed",
        sees: "A text that looks different: a date, a year, a code of five digits, capitals.",
        why: "no schema describes it, and parsers fail on it",
        witness: "The same request is answered with a value of the format {after} at {location}, where {before} was accepted.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ValueFormUncertain,
        id: "value-form-uncertain",
        class: Class::Uncertain,
        sure: Sure::Conditional,
        title: "a value may have another format than the accepted one",
        sees: "A text of another format where values of both formats can be valid: a word instead of a code, one more digit.",
        why: "one answer does not show whether it is a new format or an unusual value",
        witness: "The same request is answered with a value of the format {after} at {location}, where {before} was accepted.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::DataChanged,
        id: "data-changed",
        class: Class::Data,
        sure: Sure::Conditional,
        title: "values changed, the shape did not",
        sees: "Values that differ while types, keys and formats are the same.",
        why: "accept the new values if they are correct",
        witness: "The same request is answered with {after} at {location}, where {before} was accepted.",
        ..Rule::PLAIN
    },
];
