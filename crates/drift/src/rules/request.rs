//! Rules about what a caller sends: bodies, and the values of parameters. A narrower contract breaks a caller.

use super::{Rule, Sure};
use crate::deviation::Kind;
use crate::finding::Class;

pub(super) const RULES: &[Rule] = &[
    Rule {
        kind: Kind::RequestPropertyAddedRequired,
        id: "request-property-added-required",
        class: Class::Breaking,
        sure: Sure::Definite,
        title: "a required property of a request is new",
        sees: "A required property of a request that the old contract does not have.",
        why: "every old request is rejected",
        witness: "A request to {operation} without {location} is valid under the old contract and rejected by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestPropertyAddedOptional,
        id: "request-property-added-optional",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "an optional property of a request is new",
        sees: "An optional property of a request that the old contract does not list.",
        why: "old requests stay valid",
        witness: "A request to {operation} with {location} has a property that only the new contract lists.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestPropertyRemoved,
        id: "request-property-removed",
        class: Class::Breaking,
        sure: Sure::Conditional,
        title: "a property of a request is gone",
        sees: "A property of a request that the new contract does not list.",
        why: "a strict provider rejects it; a lax one ignores what the caller asked for",
        witness: "A request to {operation} with {location} is documented in the old contract only.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestPropertyBecameRequired,
        id: "request-property-became-required",
        class: Class::Breaking,
        sure: Sure::Definite,
        title: "a property of a request became required",
        sees: "A required property of a request that was optional.",
        why: "requests without it are rejected",
        witness: "A request to {operation} without {location} is valid under the old contract and rejected by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestPropertyBecameOptional,
        id: "request-property-became-optional",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "a property of a request became optional",
        sees: "An optional property of a request that was required.",
        why: "requests with it stay valid",
        witness: "A request to {operation} without {location} is rejected by the old contract and valid under the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestNullableAdded,
        id: "request-nullable-added",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "a request may have null",
        sees: "A value of a request that may now be null, whichever notation says so.",
        why: "requests with a value stay valid",
        witness: "A request to {operation} with null at {location} is rejected by the old contract and accepted by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestNullableRemoved,
        id: "request-nullable-removed",
        class: Class::Breaking,
        sure: Sure::Definite,
        title: "a request may no longer have null",
        sees: "A value of a request that could be null and no longer may.",
        why: "requests with null are rejected",
        witness: "A request to {operation} with null at {location} is accepted by the old contract and rejected by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestEnumConstraintAdded,
        id: "request-enum-constraint-added",
        class: Class::Breaking,
        sure: Sure::Definite,
        title: "a request may have only some values",
        sees: "A new enum in a request, where any value was accepted.",
        why: "requests with other values are rejected",
        witness: "A request to {operation} with a value at {location} that is not one of {after} is accepted by the old contract and rejected by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestEnumConstraintRemoved,
        id: "request-enum-constraint-removed",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "a request may have any value",
        sees: "An enum that was removed from a request.",
        why: "requests with the old values stay valid",
        witness: "A request to {operation} with a value at {location} that is not one of {before} is rejected by the old contract and accepted by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestEnumValueAdded,
        id: "request-enum-value-added",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "a request may have more values",
        sees: "Values that were added to an enum of a request.",
        why: "requests with the old values stay valid",
        witness: "A request to {operation} with {after} at {location} is rejected by the old contract and accepted by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestEnumValueRemoved,
        id: "request-enum-value-removed",
        class: Class::Breaking,
        sure: Sure::Definite,
        title: "a request may have fewer values",
        sees: "Values that were removed from an enum of a request.",
        why: "requests with them are rejected",
        witness: "A request to {operation} with {before} at {location} is accepted by the old contract and rejected by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestTypeDeclared,
        id: "request-type-declared",
        class: Class::Compatible,
        sure: Sure::Conditional,
        info: true,
        title: "a value of a request got a type",
        sees: "A type, where none was stated.",
        why: "it was probably meant before; requests with another type are now rejected",
        witness: "A request to {operation} with another type than {after} at {location} is rejected by the new contract only.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestTypeUndeclared,
        id: "request-type-undeclared",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "a value of a request lost its type",
        sees: "A value of a request whose type is no longer stated.",
        why: "requests with the old type stay valid",
        witness: "A request to {operation} with another type than {before} at {location} is rejected by the old contract only.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestTypeChanged,
        id: "request-type-changed",
        class: Class::Breaking,
        sure: Sure::Definite,
        title: "a value of a request has another type",
        sees: "A type in a request that no longer accepts the old values.",
        why: "requests with the old type are rejected",
        witness: "A request to {operation} with the type {before} at {location} is accepted by the old contract and rejected by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestTypeWidened,
        id: "request-type-widened",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "a value of a request has more types",
        sees: "Types in a request that accept all old values, and more.",
        why: "requests with the old type stay valid",
        witness: "A request to {operation} with the type {after} at {location} is rejected by the old contract and accepted by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestFormatAdded,
        id: "request-format-added",
        class: Class::Breaking,
        sure: Sure::Conditional,
        title: "a value of a request got a format",
        sees: "A new format in a request, where any text or number was accepted.",
        why: "values in another format are rejected",
        witness: "A request to {operation} with a value at {location} that does not have the format {after} is accepted by the old contract and rejected by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestFormatChanged,
        id: "request-format-changed",
        class: Class::Breaking,
        sure: Sure::Definite,
        title: "a value of a request has another format",
        sees: "A value of a request whose format changed.",
        why: "values in the old format are rejected",
        witness: "A request to {operation} with the format {before} at {location} is accepted by the old contract and rejected by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestFormatWidened,
        id: "request-format-widened",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "a number of a request has a wider format",
        sees: "A number format that accepts all old numbers: `int32` to `int64`, `float` to `double`.",
        why: "numbers in the old format stay valid",
        witness: "A request to {operation} with a number at {location} that is {after} and not {before} is rejected by the old contract and accepted by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestFormatRemoved,
        id: "request-format-removed",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "a value of a request lost its format",
        sees: "A value of a request whose format is no longer stated.",
        why: "values in the old format stay valid",
        witness: "A request to {operation} with a value at {location} that does not have the format {before} is rejected by the old contract and accepted by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestPatternAdded,
        id: "request-pattern-added",
        class: Class::Breaking,
        sure: Sure::Conditional,
        title: "a value of a request got a pattern",
        sees: "A new pattern in a request, where any text was accepted.",
        why: "values that do not match it are rejected",
        witness: "A request to {operation} with a value at {location} that does not match {after} is accepted by the old contract and rejected by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestPatternChanged,
        id: "request-pattern-changed",
        class: Class::Breaking,
        sure: Sure::Conditional,
        title: "a value of a request has another pattern",
        sees: "A value of a request whose pattern changed.",
        why: "values that match only the old pattern are rejected",
        witness: "A request to {operation} with a value at {location} that matches {before} and not {after} is rejected by the new contract.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestPatternRemoved,
        id: "request-pattern-removed",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "a value of a request lost its pattern",
        sees: "A value of a request whose pattern is no longer stated.",
        why: "values that matched stay valid",
        witness: "A request to {operation} with a value at {location} that does not match {before} is rejected by the old contract and accepted by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestBoundsTightened,
        id: "request-bounds-tightened",
        class: Class::Breaking,
        sure: Sure::Definite,
        title: "a value of a request has narrower bounds",
        sees: "Length, size, range, number of elements or uniqueness of a value of a request.",
        why: "values between the old and the new bound are rejected",
        witness: "A request to {operation} with a value outside {after} at {location} is rejected by the new contract; the old one has {before|no bounds}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestBoundsLoosened,
        id: "request-bounds-loosened",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "a value of a request has wider bounds",
        sees: "Length, size, range, number of elements or uniqueness of a value of a request.",
        why: "values within the old bounds stay valid",
        witness: "A request to {operation} with a value outside {before} at {location} is rejected by the old contract; the new one has {after|no bounds}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestAdditionalPropertiesDenied,
        id: "request-additionalProperties-denied",
        class: Class::Breaking,
        sure: Sure::Conditional,
        title: "a request may have no other properties",
        sees: "An object of a request whose `additionalProperties` was closed.",
        why: "requests with unlisted properties are rejected",
        witness: "A request to {operation} with an unlisted property in {location} is accepted by the old contract and rejected by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestAdditionalPropertiesAllowed,
        id: "request-additionalProperties-allowed",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "a request may have other properties",
        sees: "An object of a request whose `additionalProperties` was opened.",
        why: "old requests stay valid",
        witness: "A request to {operation} with an unlisted property in {location} is rejected by the old contract and accepted by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestDefaultChanged,
        id: "request-default-changed",
        class: Class::Breaking,
        sure: Sure::Conditional,
        title: "a default of a request changed",
        sees: "A changed default of a value of a request.",
        why: "the same request gets another answer",
        witness: "A call of {operation} without {location} means {before} under the old contract and {after} under the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestDefaultDeclared,
        id: "request-default-declared",
        class: Class::Compatible,
        sure: Sure::Conditional,
        info: true,
        title: "a default of a request is stated, or no longer stated",
        sees: "A default of a value of a request that only one side states.",
        why: "it was probably the same before; check that it is what you meant by leaving the value out",
        witness: "What a call of {operation} without {location} means is stated in one of the contracts only.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestVariantAdded,
        id: "request-variant-added",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "a request may have one more variant",
        sees: "An alternative that was added to a `oneOf` or `anyOf` of a request.",
        why: "requests with the old variants stay valid",
        witness: "A request to {operation} with the new variant ({after}) at {location} is rejected by the old contract and accepted by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestVariantRemoved,
        id: "request-variant-removed",
        class: Class::Breaking,
        sure: Sure::Definite,
        title: "a request may have one variant less",
        sees: "An alternative that was removed from a `oneOf` or `anyOf` of a request.",
        why: "requests with that variant are rejected",
        witness: "A request to {operation} with the old variant ({before}) at {location} is accepted by the old contract and rejected by the new one.",
        ..Rule::PLAIN
    },
];
