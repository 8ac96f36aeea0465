//! Rules about values of requests and of answers alike.

use super::{Rule, Sure};
use crate::deviation::Kind;
use crate::finding::Class;

pub(super) const RULES: &[Rule] = &[
    Rule {
        kind: Kind::DiscriminatorChanged,
        id: "discriminator-changed",
        class: Class::Breaking,
        sure: Sure::Conditional,
        title: "another property tells subtypes apart",
        sees: "The `propertyName` of a `discriminator`. Its values are alternatives, which have rules of their own.",
        why: "a reader that picks the subtype by the old property no longer can, and a request without the new one is not understood",
        witness: "In {location} of {operation}, {before} tells the subtypes apart under the old contract and {after} under the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::DiscriminatorDeclared,
        id: "discriminator-declared",
        class: Class::Compatible,
        sure: Sure::Definite,
        info: true,
        title: "a discriminator is stated, or no longer stated",
        sees: "A `discriminator` that only one side has.",
        why: "the same values are sent; generated types change their shape",
        witness: "In {location} of {operation}, the property that tells the subtypes apart is {before|not stated} in the old contract and {after|not stated} in the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ExtensibleEnumChanged,
        id: "extensible-enum-changed",
        class: Class::Compatible,
        sure: Sure::Definite,
        info: true,
        title: "an open list of values changed",
        sees: "Values of an `x-extensible-enum` that came or went. Who sends one that is gone has `request-enum-value-removed`.",
        why: "the list is open by its name: a reader has to expect further values, and should know these",
        witness: "At {location} of {operation}, the old contract lists {before|no such value} and the new one {after|no such value}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::XmlChanged,
        id: "xml-changed",
        class: Class::Breaking,
        sure: Sure::Definite,
        title: "a value is written as XML in another way",
        sees: "`xml` of a value that is sent or answered as XML: the name, the namespace, attribute or element, wrapped or not. The prefix says nothing.",
        why: "the value is not found where it was",
        witness: "{location} of {operation} is written as {before|an element of its own name} under the old contract, and as {after|an element of its own name} under the new one.",
        ..Rule::PLAIN
    },
];
