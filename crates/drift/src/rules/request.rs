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
        sees: "A property of a request that the old contract does not have, and without which the new one refuses.",
        why: "every old request is refused",
        witness: "A request to {operation} without {location} is complete by the old contract and refused by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestPropertyAddedOptional,
        id: "request-property-added-optional",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "an optional property of a request is new",
        sees: "A property of a request that the old contract does not list and that may be left out.",
        why: "old requests stay complete",
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
        why: "a strict provider refuses it; a lax one ignores what the caller asked for",
        witness: "A request to {operation} with {location} is documented in the old contract only.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestPropertyBecameRequired,
        id: "request-property-became-required",
        class: Class::Breaking,
        sure: Sure::Definite,
        title: "a property of a request became required",
        sees: "A property of a request that could be left out.",
        why: "requests without it are refused",
        witness: "A request to {operation} without {location} is complete by the old contract and refused by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestPropertyBecameOptional,
        id: "request-property-became-optional",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "a property of a request became optional",
        sees: "A required property of a request that may now be left out.",
        why: "requests with it stay right",
        witness: "A request to {operation} without {location} is refused by the old contract and complete by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestNullableAdded,
        id: "request-nullable-added",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "a request takes null",
        sees: "A value of a request that may now be null, in any way of saying so.",
        why: "requests with a value stay right",
        witness: "A request to {operation} with null at {location} is refused by the old contract and taken by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestNullableRemoved,
        id: "request-nullable-removed",
        class: Class::Breaking,
        sure: Sure::Definite,
        title: "a request takes null no longer",
        sees: "A value of a request that could be null.",
        why: "requests with null are refused",
        witness: "A request to {operation} with null at {location} is taken by the old contract and refused by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestEnumConstraintAdded,
        id: "request-enum-constraint-added",
        class: Class::Breaking,
        sure: Sure::Definite,
        title: "a request takes only some values",
        sees: "An enum of a request where any value was taken.",
        why: "requests with other values are refused",
        witness: "A request to {operation} with a value at {location} that is not one of {after} is taken by the old contract and refused by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestEnumConstraintRemoved,
        id: "request-enum-constraint-removed",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "a request takes any value",
        sees: "An enum of a request that is gone.",
        why: "requests with the old values stay right",
        witness: "A request to {operation} with a value at {location} that is not one of {before} is refused by the old contract and taken by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestEnumValueAdded,
        id: "request-enum-value-added",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "a request takes more values",
        sees: "Values that came into an enum of a request.",
        why: "requests with the old values stay right",
        witness: "A request to {operation} with {after} at {location} is refused by the old contract and taken by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestEnumValueRemoved,
        id: "request-enum-value-removed",
        class: Class::Breaking,
        sure: Sure::Definite,
        title: "a request takes fewer values",
        sees: "Values that left an enum of a request.",
        why: "requests with them are refused",
        witness: "A request to {operation} with {before} at {location} is taken by the old contract and refused by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestTypeDeclared,
        id: "request-type-declared",
        class: Class::Compatible,
        sure: Sure::Conditional,
        info: true,
        title: "a request's value got a type",
        sees: "A type where none was stated.",
        why: "most likely it was meant before; who sends another type is refused now",
        witness: "A request to {operation} with another type than {after} at {location} is not refused by the old contract, and is by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestTypeUndeclared,
        id: "request-type-undeclared",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "a request's value lost its type",
        sees: "A value of a request whose type is no longer stated.",
        why: "requests with the old type stay right",
        witness: "A request to {operation} with another type than {before} at {location} is refused by the old contract and not by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestTypeChanged,
        id: "request-type-changed",
        class: Class::Breaking,
        sure: Sure::Definite,
        title: "a request's value has another type",
        sees: "A type of a request that no longer takes what it took.",
        why: "requests with the old type are refused",
        witness: "A request to {operation} with {before} at {location} is taken by the old contract and refused by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestTypeWidened,
        id: "request-type-widened",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "a request's value has more types",
        sees: "Types of a request that take all that they took, and more.",
        why: "requests with the old type stay right",
        witness: "A request to {operation} with {after} at {location} is refused by the old contract and taken by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestFormatAdded,
        id: "request-format-added",
        class: Class::Breaking,
        sure: Sure::Conditional,
        title: "a request's value got a format",
        sees: "A format where any text or number was taken.",
        why: "values in another form are refused",
        witness: "A request to {operation} with a value at {location} that is no {after} is taken by the old contract and refused by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestFormatChanged,
        id: "request-format-changed",
        class: Class::Breaking,
        sure: Sure::Definite,
        title: "a request's value has another format",
        sees: "A value of a request whose format is another one.",
        why: "values in the old form are refused",
        witness: "A request to {operation} with a {before} at {location} is taken by the old contract and refused by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestFormatWidened,
        id: "request-format-widened",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "a number of a request has a wider format",
        sees: "A format of numbers that takes all that the old one took: `int32` to `int64`, `float` to `double`.",
        why: "numbers in the old format stay right",
        witness: "A request to {operation} with a number at {location} that is {after} and not {before} is refused by the old contract and taken by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestFormatRemoved,
        id: "request-format-removed",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "a request's value lost its format",
        sees: "A value of a request whose format is no longer stated.",
        why: "values in the old form stay right",
        witness: "A request to {operation} with a value at {location} that is no {before} is refused by the old contract and taken by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestPatternAdded,
        id: "request-pattern-added",
        class: Class::Breaking,
        sure: Sure::Conditional,
        title: "a request's value got a pattern",
        sees: "A pattern where any text was taken.",
        why: "values that it does not match are refused",
        witness: "A request to {operation} with a value at {location} that does not match {after} is taken by the old contract and refused by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestPatternChanged,
        id: "request-pattern-changed",
        class: Class::Breaking,
        sure: Sure::Conditional,
        title: "a request's value has another pattern",
        sees: "A value of a request whose pattern is another one.",
        why: "values that only the old one matches are refused",
        witness: "A request to {operation} with a value at {location} that matches {before} and not {after} is refused by the new contract.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestPatternRemoved,
        id: "request-pattern-removed",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "a request's value lost its pattern",
        sees: "A value of a request whose pattern is no longer stated.",
        why: "values that matched stay right",
        witness: "A request to {operation} with a value at {location} that does not match {before} is refused by the old contract and taken by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestBoundsTightened,
        id: "request-bounds-tightened",
        class: Class::Breaking,
        sure: Sure::Definite,
        title: "a request's value has narrower bounds",
        sees: "Length, size, range, number of elements or uniqueness of a value of a request.",
        why: "values between the old and the new bound are refused",
        witness: "A request to {operation} with a value at {location} within {before} and not within {after} is refused by the new contract.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestBoundsLoosened,
        id: "request-bounds-loosened",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "a request's value has wider bounds",
        sees: "Length, size, range, number of elements or uniqueness of a value of a request.",
        why: "values within the old bounds stay right",
        witness: "A request to {operation} with a value at {location} within {after} and not within {before} is refused by the old contract only.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestAdditionalPropertiesDenied,
        id: "request-additionalProperties-denied",
        class: Class::Breaking,
        sure: Sure::Conditional,
        title: "a request takes no other properties",
        sees: "`additionalProperties` of a request's object, closed.",
        why: "requests with properties that are not listed are refused",
        witness: "A request to {operation} with an unlisted property in {location} is taken by the old contract and refused by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestAdditionalPropertiesAllowed,
        id: "request-additionalProperties-allowed",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "a request takes other properties",
        sees: "`additionalProperties` of a request's object, opened.",
        why: "old requests stay right",
        witness: "A request to {operation} with an unlisted property in {location} is refused by the old contract and taken by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestDefaultChanged,
        id: "request-default-changed",
        class: Class::Breaking,
        sure: Sure::Conditional,
        title: "what a request leaves out means something else",
        sees: "The default of a value of a request.",
        why: "the same request is answered in another way",
        witness: "A call of {operation} without {location} means {before} by the old contract and {after} by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestDefaultDeclared,
        id: "request-default-declared",
        class: Class::Compatible,
        sure: Sure::Conditional,
        info: true,
        title: "what a request leaves out is written down, or no longer",
        sees: "A default of a value of a request, stated on one side only.",
        why: "it was most likely so before; look whether it is what you meant by leaving it out",
        witness: "A call of {operation} without {location} has a stated meaning in one of the contracts only.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestVariantAdded,
        id: "request-variant-added",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "a request takes one more form",
        sees: "An alternative of `oneOf` or `anyOf` in a request that came.",
        why: "requests in the old forms stay right",
        witness: "A request to {operation} in the new form ({after}) at {location} is refused by the old contract and taken by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestVariantRemoved,
        id: "request-variant-removed",
        class: Class::Breaking,
        sure: Sure::Definite,
        title: "a request takes one form less",
        sees: "An alternative of `oneOf` or `anyOf` in a request that went.",
        why: "requests in that form are refused",
        witness: "A request to {operation} in the old form ({before}) at {location} is taken by the old contract and refused by the new one.",
        ..Rule::PLAIN
    },
];
