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
        sees: "A property of an answer that is new, or that the old contract does not list.",
        why: "strict parsers may reject it; most ignore it",
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
        sees: "A property of an answer that was removed. Definite if the old side requires or has it, conditional if it was optional.",
        why: "a consumer that reads it fails",
        witness: "An answer of {operation} has no {location}, which the old contract promises.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::PropertyRenamed,
        id: "property-renamed",
        class: Class::Breaking,
        sure: Sure::IfRequired,
        title: "a property has another name",
        sees: "A property that was removed and one that was added in the same object, with similar names and the same schema.",
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
        sees: "A required property of an answer that was optional.",
        why: "consumers work without it",
        witness: "An answer of {operation} without {location} is valid under the old contract and rejected by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponsePropertyBecameOptional,
        id: "response-property-became-optional",
        class: Class::Breaking,
        sure: Sure::Definite,
        title: "a property may be missing",
        sees: "An optional property of an answer that was required.",
        why: "a consumer that relies on it fails",
        witness: "An answer of {operation} without {location} is rejected by the old contract and valid under the new one.",
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
        why: "it still works, and will be removed",
        witness: "{location} of {operation} is as before; its `deprecated` changed from {before|false} to {after|false}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponseNullableAdded,
        id: "response-nullable-added",
        class: Class::Breaking,
        sure: Sure::Definite,
        title: "a value may be null",
        sees: "A value of an answer that may now be null: through `nullable`, an enum with null, a variant or a type.",
        why: "a typed parser fails on null",
        witness: "{operation} answers with null at {location}: rejected by the old contract, valid under the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponseNullableRemoved,
        id: "response-nullable-removed",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "a value is never null",
        sees: "A value of an answer that could be null and no longer may.",
        why: "code for null is never reached",
        witness: "{operation} answers with null at {location}: valid under the old contract, rejected by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponseEnumConstraintAdded,
        id: "response-enum-constraint-added",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "an answer has only some values",
        sees: "A new enum in an answer, where any value could come.",
        why: "consumers already handle any value",
        witness: "{operation} answers at {location} with a value that is not one of {after}: valid under the old contract only.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponseEnumConstraintRemoved,
        id: "response-enum-constraint-removed",
        class: Class::Breaking,
        sure: Sure::Conditional,
        title: "an answer may have any value",
        sees: "An enum that was removed from an answer.",
        why: "a consumer that branches on the values may get others",
        witness: "{operation} answers at {location} with a value that is not one of {before}: valid under the new contract only.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponseEnumValueAdded,
        id: "response-enum-value-added",
        class: Class::Breaking,
        sure: Sure::Conditional,
        title: "an answer may have more values",
        sees: "Values that were added to an enum of an answer.",
        why: "a consumer that branches on the values may get others",
        witness: "{operation} answers with {after} at {location}: rejected by the old contract, valid under the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponseEnumValueRemoved,
        id: "response-enum-value-removed",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "an answer has fewer values",
        sees: "Values that were removed from an enum of an answer.",
        why: "code for them is never reached",
        witness: "{operation} answers with {before} at {location}: valid under the old contract, rejected by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponseTypeDeclared,
        id: "response-type-declared",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "a value got a type",
        sees: "A type, where none was stated.",
        why: "consumers already handle any type",
        witness: "{operation} answers at {location} with another type than {after}: valid under the old contract only.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponseTypeUndeclared,
        id: "response-type-undeclared",
        class: Class::Breaking,
        sure: Sure::Conditional,
        title: "a value lost its type",
        sees: "A value of an answer whose type is no longer stated.",
        why: "a typed parser may get other types",
        witness: "{operation} answers at {location} with another type than {before}: valid under the new contract only.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponseTypeChanged,
        id: "response-type-changed",
        class: Class::Breaking,
        sure: Sure::Definite,
        verdict: Some(Verdict::Snapshot),
        title: "the type of a value changed",
        sees: "A type that the old side does not have at this location.",
        why: "a typed parser fails",
        witness: "{operation} answers with the type {after} at {location}, where the old contract promises {before}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponseTypeNarrowed,
        id: "response-type-narrowed",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "a value has fewer types",
        sees: "Fewer types in an answer than the old contract has.",
        why: "code for the others is never reached",
        witness: "{operation} answers at {location} with a type of {before} that is not in {after}: valid under the old contract only.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponseFormatAdded,
        id: "response-format-added",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "a value got a format",
        sees: "A new format in an answer, where any text or number could come.",
        why: "consumers already handle any format",
        witness: "{operation} answers at {location} with a value that does not have the format {after}: valid under the old contract only.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponseFormatChanged,
        id: "response-format-changed",
        class: Class::Breaking,
        sure: Sure::Definite,
        title: "a value has another format",
        sees: "A value of an answer whose format changed.",
        why: "a parser of the old format fails",
        witness: "{operation} answers with the format {after} at {location}, where the old contract promises {before}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponseFormatNarrowed,
        id: "response-format-narrowed",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "a number has a narrower format",
        sees: "A number format whose numbers all fit the old one: `int64` to `int32`, `double` to `float`.",
        why: "every new number fits where the old ones did",
        witness: "{operation} answers at {location} with a number that is {before} and not {after}: valid under the old contract only.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponseFormatRemoved,
        id: "response-format-removed",
        class: Class::Breaking,
        sure: Sure::Conditional,
        title: "a value lost its format",
        sees: "A value of an answer whose format is no longer stated.",
        why: "a parser of the old format may fail",
        witness: "{operation} answers at {location} with a value that does not have the format {before}: valid under the new contract only.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponsePatternAdded,
        id: "response-pattern-added",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "a value got a pattern",
        sees: "A new pattern in an answer, where any text could come.",
        why: "consumers already handle any text",
        witness: "{operation} answers at {location} with a value that does not match {after}: valid under the old contract only.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponsePatternChanged,
        id: "response-pattern-changed",
        class: Class::Breaking,
        sure: Sure::Conditional,
        title: "a value has another pattern",
        sees: "A value of an answer whose pattern changed.",
        why: "a parser of the old format may fail",
        witness: "{operation} answers at {location} with a value that matches {after} and not {before}: valid under the new contract only.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponsePatternRemoved,
        id: "response-pattern-removed",
        class: Class::Breaking,
        sure: Sure::Conditional,
        title: "a value lost its pattern",
        sees: "A value of an answer whose pattern is no longer stated.",
        why: "a parser of the old format may fail",
        witness: "{operation} answers at {location} with a value that does not match {before}: valid under the new contract only.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponseBoundsTightened,
        id: "response-bounds-tightened",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "a value has narrower bounds",
        sees: "Length, size, range, number of elements or uniqueness of a value of an answer.",
        why: "every new value fits where the old ones did",
        witness: "{operation} answers with a value outside {after} at {location}: valid under the old contract only, which has {before|no bounds}.",
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
        witness: "{operation} answers with a value outside {before} at {location}: valid under the new contract only, which has {after|no bounds}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponseAdditionalPropertiesChanged,
        id: "response-additionalProperties-changed",
        class: Class::Compatible,
        sure: Sure::Conditional,
        title: "an object may have other properties, or no longer",
        sees: "An object of an answer whose `additionalProperties` was opened or closed.",
        why: "it affects only parsers that reject unknown keys",
        witness: "{operation} answers with an unlisted property in {location}: only one of the contracts allows it.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponseDefaultChanged,
        id: "response-default-changed",
        class: Class::Compatible,
        sure: Sure::Conditional,
        info: true,
        title: "a default of an answer changed",
        sees: "A default of a value of an answer that changed, or that only one side states.",
        why: "the answer is the same; a program that fills in what is missing takes another value",
        witness: "An answer of {operation} without {location} means {before|nothing} to a program that fills in defaults, and {after|nothing} under the new contract.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponseVariantAdded,
        id: "response-variant-added",
        class: Class::Breaking,
        sure: Sure::Conditional,
        title: "an answer may have one more variant",
        sees: "An alternative that was added to a `oneOf` or `anyOf` of an answer.",
        why: "a parser of the known variants fails on it",
        witness: "{operation} answers with the new variant ({after}) at {location}: rejected by the old contract, valid under the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponseVariantRemoved,
        id: "response-variant-removed",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "an answer has one variant less",
        sees: "An alternative that was removed from a `oneOf` or `anyOf` of an answer.",
        why: "code for it is never reached",
        witness: "{operation} answers with the old variant ({before}) at {location}: valid under the old contract only.",
        ..Rule::PLAIN
    },
];
