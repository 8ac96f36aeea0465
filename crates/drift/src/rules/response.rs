//! Rules about the bodies of answers. A wider contract breaks a reader.

use super::{Rule, Sure};
use crate::deviation::Kind;
use crate::finding::{Class, Verdict};

pub(super) const RULES: &[Rule] = &[
    Rule {
        kind: Kind::ResponsePropertyAdded,
        id: "response-property-added",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "a property is new",
        sees: "A property of an answer that was not there, or that the old contract does not list.",
        why: "strict readers may refuse it; most ignore it",
        witness: "An answer of {operation} has {location}, which the old contract does not list.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponsePropertyRemoved,
        id: "response-property-removed",
        class: Class::Breaking,
        sure: Sure::IfRequired,
        verdict: Some(Verdict::Snapshot),
        title: "a property is gone",
        sees: "A property of an answer. It is definite where the old side requires or has it, conditional where it was optional.",
        why: "a consumer that reads it fails",
        witness: "An answer of {operation} lacks {location}, which the old contract promises.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::PropertyRenamed,
        id: "property-renamed",
        class: Class::Breaking,
        sure: Sure::IfRequired,
        title: "a property has another name",
        sees: "A property that went and one that came in the same object, with like names and the same schema.",
        why: "a consumer that reads the old name fails",
        witness: "{operation} answers with {after} where the old contract promises {before}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponsePropertyBecameRequired,
        id: "response-property-became-required",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "a property is always there",
        sees: "An optional property of an answer that is now required.",
        why: "consumers lived without it",
        witness: "An answer of {operation} lacks {location}: complete by the old contract, refused by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponsePropertyBecameOptional,
        id: "response-property-became-optional",
        class: Class::Breaking,
        sure: Sure::Definite,
        title: "a property may be missing",
        sees: "A required property of an answer that may now be left out.",
        why: "a consumer that relies on it fails",
        witness: "An answer of {operation} lacks {location}: refused by the old contract, complete by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::PropertyDeprecatedChanged,
        id: "property-deprecated-changed",
        class: Class::Compatible,
        sure: Sure::Definite,
        info: true,
        title: "a property's deprecation changed",
        sees: "The `deprecated` flag of a property, of a request or an answer.",
        why: "it is still there, and will go",
        witness: "{location} of {operation} is as before; its `deprecated` went from {before} to {after}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponseNullableAdded,
        id: "response-nullable-added",
        class: Class::Breaking,
        sure: Sure::Definite,
        title: "a value may be null",
        sees: "A value of an answer that could not be null: by `nullable`, by an enum with null, by a variant or by a type.",
        why: "a typed reader fails on null",
        witness: "{operation} answers with null at {location}: refused by the old contract, right by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponseNullableRemoved,
        id: "response-nullable-removed",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "a value is never null",
        sees: "A value of an answer that could be null.",
        why: "code for null is never reached",
        witness: "{operation} answers with null at {location}: right by the old contract, refused by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponseEnumConstraintAdded,
        id: "response-enum-constraint-added",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "an answer has only some values",
        sees: "An enum of an answer where any value could come.",
        why: "consumers took any value",
        witness: "{operation} answers at {location} with a value that is not one of {after}: right by the old contract only.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponseEnumConstraintRemoved,
        id: "response-enum-constraint-removed",
        class: Class::Breaking,
        sure: Sure::Conditional,
        title: "an answer may have any value",
        sees: "An enum of an answer that is gone.",
        why: "a consumer that branches on the values meets others",
        witness: "{operation} answers at {location} with a value that is not one of {before}: right by the new contract only.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponseEnumValueAdded,
        id: "response-enum-value-added",
        class: Class::Breaking,
        sure: Sure::Conditional,
        title: "an answer may have more values",
        sees: "Values that came into an enum of an answer.",
        why: "a consumer that branches on the values meets others",
        witness: "{operation} answers with {after} at {location}: refused by the old contract, right by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponseEnumValueRemoved,
        id: "response-enum-value-removed",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "an answer has fewer values",
        sees: "Values that left an enum of an answer.",
        why: "code for them is never reached",
        witness: "{operation} answers with {before} at {location}: right by the old contract, refused by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponseTypeDeclared,
        id: "response-type-declared",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "a value got a type",
        sees: "A type where none was stated.",
        why: "consumers took any type",
        witness: "{operation} answers at {location} with another type than {after}: right by the old contract only.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponseTypeUndeclared,
        id: "response-type-undeclared",
        class: Class::Breaking,
        sure: Sure::Conditional,
        title: "a value lost its type",
        sees: "A value of an answer whose type is no longer stated.",
        why: "a typed reader meets other types",
        witness: "{operation} answers at {location} with another type than {before}: right by the new contract only.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponseTypeChanged,
        id: "response-type-changed",
        class: Class::Breaking,
        sure: Sure::Definite,
        verdict: Some(Verdict::Snapshot),
        title: "the type of a value changed",
        sees: "A type that the old side does not have at this place.",
        why: "a typed reader fails",
        witness: "{operation} answers with {after} at {location}, where the old contract promises {before}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponseTypeNarrowed,
        id: "response-type-narrowed",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "a value has fewer types",
        sees: "Types of an answer, all of which the old contract has.",
        why: "code for the others is never reached",
        witness: "{operation} answers at {location} with a type of {before} that is not in {after}: right by the old contract only.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponseFormatAdded,
        id: "response-format-added",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "a value got a format",
        sees: "A format where any text or number could come.",
        why: "consumers took any form",
        witness: "{operation} answers at {location} with a value that is no {after}: right by the old contract only.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponseFormatChanged,
        id: "response-format-changed",
        class: Class::Breaking,
        sure: Sure::Definite,
        title: "a value has another format",
        sees: "A value of an answer whose format is another one.",
        why: "a parser of the old form fails",
        witness: "{operation} answers with a {after} at {location}, where the old contract promises a {before}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponseFormatNarrowed,
        id: "response-format-narrowed",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "a number has a narrower format",
        sees: "A format of numbers, all of which the old one has: `int64` to `int32`, `double` to `float`.",
        why: "every number fits where the old ones fitted",
        witness: "{operation} answers at {location} with a number that is {before} and not {after}: right by the old contract only.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponseFormatRemoved,
        id: "response-format-removed",
        class: Class::Breaking,
        sure: Sure::Conditional,
        title: "a value lost its format",
        sees: "A value of an answer whose format is no longer stated.",
        why: "a parser of the old form may fail",
        witness: "{operation} answers at {location} with a value that is no {before}: right by the new contract only.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponsePatternAdded,
        id: "response-pattern-added",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "a value got a pattern",
        sees: "A pattern where any text could come.",
        why: "consumers took any text",
        witness: "{operation} answers at {location} with a value that does not match {after}: right by the old contract only.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponsePatternChanged,
        id: "response-pattern-changed",
        class: Class::Breaking,
        sure: Sure::Conditional,
        title: "a value has another pattern",
        sees: "A value of an answer whose pattern is another one.",
        why: "a parser of the old form may fail",
        witness: "{operation} answers at {location} with a value that matches {after} and not {before}: right by the new contract only.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponsePatternRemoved,
        id: "response-pattern-removed",
        class: Class::Breaking,
        sure: Sure::Conditional,
        title: "a value lost its pattern",
        sees: "A value of an answer whose pattern is no longer stated.",
        why: "a parser of the old form may fail",
        witness: "{operation} answers at {location} with a value that does not match {before}: right by the new contract only.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponseBoundsTightened,
        id: "response-bounds-tightened",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "a value has narrower bounds",
        sees: "Length, size, range, number of elements or uniqueness of a value of an answer.",
        why: "every value fits where the old ones fitted",
        witness: "{operation} answers at {location} with a value within {before} and not within {after}: right by the old contract only.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponseBoundsLoosened,
        id: "response-bounds-loosened",
        class: Class::Breaking,
        sure: Sure::Conditional,
        title: "a value has wider bounds",
        sees: "Length, size, range, number of elements or uniqueness of a value of an answer.",
        why: "a column, a field or a counter may be too small",
        witness: "{operation} answers at {location} with a value within {after} and not within {before}: right by the new contract only.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponseAdditionalPropertiesChanged,
        id: "response-additionalProperties-changed",
        class: Class::Compatible,
        sure: Sure::Conditional,
        title: "whether an object may have other properties changed",
        sees: "`additionalProperties` of an object of an answer, opened or closed.",
        why: "only a reader that refuses unknown keys sees it",
        witness: "{operation} answers with an unlisted property in {location}: the two contracts do not agree whether it may.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponseVariantAdded,
        id: "response-variant-added",
        class: Class::Breaking,
        sure: Sure::Conditional,
        title: "an answer may have one more form",
        sees: "An alternative of `oneOf` or `anyOf` in an answer that came.",
        why: "a reader of the known forms fails on it",
        witness: "{operation} answers in the new form ({after}) at {location}: refused by the old contract, right by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponseVariantRemoved,
        id: "response-variant-removed",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "an answer has one form less",
        sees: "An alternative of `oneOf` or `anyOf` in an answer that went.",
        why: "code for it is never reached",
        witness: "{operation} answers in the old form ({before}) at {location}: right by the old contract only.",
        ..Rule::PLAIN
    },
];
