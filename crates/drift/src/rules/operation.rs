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
        witness: "{operation} is answered; the old contract does not have it.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::OperationRemoved,
        id: "operation-removed",
        class: Class::Breaking,
        sure: Sure::Definite,
        title: "an operation is gone",
        sees: "An operation of the old contract that the new one has neither under its URL nor under its id.",
        why: "every call of it fails",
        witness: "The old contract promises {operation}; the new one does not have it.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::OperationIdChanged,
        id: "operation-id-changed",
        class: Class::Compatible,
        sure: Sure::Definite,
        info: true,
        title: "an operation has another id",
        sees: "An operation at the same URL whose id changed, or was added or removed so that its name changes.",
        why: "requests stay the same; methods of generated clients, and files named after the id, change their names",
        witness: "The id of {operation} is {before} in the old contract and {after} in the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::OperationPathChanged,
        id: "operation-path-changed",
        class: Class::Breaking,
        sure: Sure::Definite,
        title: "an operation moved",
        sees: "An operation at another URL or with another method that has the same id, or the same answers and a similar name.",
        why: "calls of the old URL fail",
        witness: "{before} does not exist in the new contract, where it is {after}.",
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
        why: "a deprecated operation still works, and will be removed",
        witness: "{operation} works as before; its `deprecated` changed from {before|false} to {after|false}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::OperationSunsetChanged,
        id: "operation-sunset-changed",
        class: Class::Compatible,
        sure: Sure::Definite,
        info: true,
        title: "the end date of an operation changed",
        sees: "An `x-sunset` of an operation that was set, changed or removed.",
        why: "calls fail from that day on",
        witness: "The end date of {operation} is {before|not set} in the old contract and {after|not set} in the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::OperationSecurityChanged,
        id: "operation-security-changed",
        class: Class::Breaking,
        sure: Sure::Conditional,
        title: "an operation needs other credentials",
        sees: "An operation for which credentials that were enough no longer are.",
        why: "a caller with the old credentials may be rejected",
        witness: "For {operation}, {before} is enough under the old contract; the new one requires {after}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::OperationSecurityRelaxed,
        id: "operation-security-relaxed",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "an operation accepts more credentials",
        sees: "An operation with additional or weaker security alternatives, while every old one is still enough.",
        why: "the old credentials still work",
        witness: "For {operation}, {after} is enough under the new contract; the old one requires {before}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::SecurityUrlChanged,
        id: "security-url-changed",
        class: Class::Breaking,
        sure: Sure::Conditional,
        title: "tokens come from another URL",
        sees: "The token, authorisation, refresh or device URL of an OAuth flow, or the `openIdConnectUrl`, of a scheme that an operation needs.",
        why: "a caller that gets its tokens at the old URL may get none, or wrong ones",
        witness: "A caller of {operation} gets its token with {before} under the old contract and with {after} under the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::SecurityFlowRemoved,
        id: "security-flow-removed",
        class: Class::Breaking,
        sure: Sure::Conditional,
        title: "a way to a token is gone",
        sees: "An OAuth flow that is gone from a scheme that an operation needs, or a scope that it no longer offers.",
        why: "a caller that asks for its token this way is refused",
        witness: "A caller of {operation} can ask for a token by {before} under the old contract only.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::SecurityFlowAdded,
        id: "security-flow-added",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "there is one more way to a token",
        sees: "An OAuth flow that is new in a scheme that an operation needs, or a scope that it offers now.",
        why: "the old way still works",
        witness: "A caller of {operation} can ask for a token by {after} under the new contract only.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::CallbackAdded,
        id: "callback-added",
        class: Class::Breaking,
        sure: Sure::Conditional,
        title: "the provider makes a new call",
        sees: "A callback that is new in an operation of the old contract, or a new webhook, that a consumer has to answer.",
        why: "the provider may conclude that a consumer without an answer does not listen",
        witness: "The provider calls {operation}: only the new contract has it, and says what to answer.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::CallbackAnswerRestricted,
        id: "callback-answer-restricted",
        class: Class::Breaking,
        sure: Sure::Conditional,
        title: "a callback accepts fewer answers",
        sees: "A status that a consumer may answer a callback with under the old contract, and not under the new one.",
        why: "the provider treats this answer as a failure",
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
        witness: "The new contract lists {location}; the old one does not.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ServerRemoved,
        id: "server-removed",
        class: Class::Breaking,
        sure: Sure::Conditional,
        title: "a server is gone",
        sees: "A base URL that the new contract no longer lists.",
        why: "callers configured with it may get no answer",
        witness: "A call of {location} is documented in the old contract only.",
        ..Rule::PLAIN
    },
];
