//! Rules about operations and servers of two contracts.

use super::{Rule, Sure};
use crate::deviation::Kind;
use crate::finding::Class;

pub(super) const RULES: &[Rule] = &[
    Rule {
        kind: Kind::OperationAdded,
        id: "operation-added",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "an operation is new",
        sees: "An operation whose URL and id the old contract does not have.",
        why: "nobody calls it yet",
        witness: "A call of {operation} is answered; the old contract does not know it.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::OperationRemoved,
        id: "operation-removed",
        class: Class::Breaking,
        sure: Sure::Definite,
        title: "an operation is gone",
        sees: "An operation of the old contract that the new one has neither at its URL nor under its id.",
        why: "every call of it fails",
        witness: "A call of {operation}, which the old contract promises, has no operation in the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::OperationIdChanged,
        id: "operation-id-changed",
        class: Class::Compatible,
        sure: Sure::Definite,
        info: true,
        title: "an operation has another id",
        sees: "The id of an operation that stands at the same URL: another one, or one that comes or goes where its name is then another.",
        why: "requests stay the same; methods of generated clients, and files named after the id, take another name",
        witness: "{operation} is found under {before} in the old contract and under {after} in the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::OperationPathChanged,
        id: "operation-path-changed",
        class: Class::Breaking,
        sure: Sure::Definite,
        title: "an operation moved",
        sees: "An operation at another URL or with another method: under the same id, or with the same answers under a like name.",
        why: "calls of the old URL fail",
        witness: "A call of {before} has no operation in the new contract, where it is {after}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::OperationDeprecatedChanged,
        id: "operation-deprecated-changed",
        class: Class::Compatible,
        sure: Sure::Definite,
        info: true,
        title: "an operation's deprecation changed",
        sees: "The `deprecated` flag of an operation.",
        why: "a deprecated operation still answers, and will go",
        witness: "{operation} answers as before; its `deprecated` went from {before} to {after}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::OperationSunsetChanged,
        id: "operation-sunset-changed",
        class: Class::Compatible,
        sure: Sure::Definite,
        info: true,
        title: "an operation's end has another date",
        sees: "`x-sunset` of an operation, set, moved or taken back.",
        why: "it is the day on which calls begin to fail",
        witness: "{operation} answers until {before} by the old contract and until {after} by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::OperationSecurityChanged,
        id: "operation-security-changed",
        class: Class::Breaking,
        sure: Sure::Conditional,
        title: "an operation needs other credentials",
        sees: "The security alternatives of an operation, where one that was enough no longer is.",
        why: "a caller with the old credentials may be refused",
        witness: "A call of {operation} with {before} is enough by the old contract; the new one wants {after}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::OperationSecurityRelaxed,
        id: "operation-security-relaxed",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "an operation takes more credentials",
        sees: "Security alternatives that came, or that need less, while every old one still holds.",
        why: "callers with the old credentials are served as before",
        witness: "A call of {operation} with {after} is enough by the new contract; the old one wants {before}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::CallbackAdded,
        id: "callback-added",
        class: Class::Breaking,
        sure: Sure::Conditional,
        title: "the provider makes a new call",
        sees: "A callback that the old contract does not have, of an operation that it has, and that a consumer answers.",
        why: "a consumer that does not answer it is taken for one that does not listen",
        witness: "The provider makes {operation}: the old contract does not know it, and the new one says what to answer.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::CallbackAnswerRestricted,
        id: "callback-answer-restricted",
        class: Class::Breaking,
        sure: Sure::Conditional,
        title: "a callback takes fewer answers",
        sees: "A status with which a consumer may answer a callback by the old contract, and not by the new one.",
        why: "a consumer that answers so is taken for one that failed",
        witness: "A consumer answers {operation} with {location}: documented in the old contract only.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ServerAdded,
        id: "server-added",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "a server is new",
        sees: "A base URL that the old contract does not list.",
        why: "nobody calls it yet",
        witness: "The new contract answers at {location}; the old one does not list it.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ServerRemoved,
        id: "server-removed",
        class: Class::Breaking,
        sure: Sure::Conditional,
        title: "a server is gone",
        sees: "A base URL that the new contract no longer lists.",
        why: "callers that are set to it may find nobody there",
        witness: "A call of {location} is documented in the old contract, and nowhere in the new one.",
        ..Rule::PLAIN
    },
];
