//! Rules about what the run was given: a token, its rights, a host, time. Ours to mend, and no drift.

use super::{Rule, Sure};
use crate::deviation::Kind;
use crate::finding::{Class, Verdict};

pub(super) const RULES: &[Rule] = &[
    Rule {
        kind: Kind::TokenExpired,
        id: "token-expired",
        class: Class::Setup,
        sure: Sure::Definite,
        verdict: Some(Verdict::Setup),
        title: "the token has expired",
        sees: "An answer that says that the token of the run has expired.",
        why: "no case that needs it can be judged: get a new token",
        witness: "The target says that the token has expired: {after}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::TokenRevoked,
        id: "token-revoked",
        class: Class::Setup,
        sure: Sure::Definite,
        verdict: Some(Verdict::Setup),
        title: "the token was revoked",
        sees: "An answer that says that the token of the run was revoked.",
        why: "no case that needs it can be judged: ask the provider why, and get a new token",
        witness: "The target says that the token was revoked: {after}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::TokenRefused,
        id: "token-refused",
        class: Class::Setup,
        sure: Sure::Definite,
        verdict: Some(Verdict::Setup),
        title: "the token was rejected",
        sees: "Status 401, or an error code that rejects the token of the run.",
        why: "no case that needs it can be judged: is it the token of this host, and complete?",
        witness: "The target rejects the token: {after}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ScopeMissing,
        id: "scope-missing",
        class: Class::Setup,
        sure: Sure::Definite,
        verdict: Some(Verdict::Setup),
        title: "the token has no right to this operation",
        sees: "An answer that says that the token of the run does not have the right.",
        why: "the operation cannot be judged with this token: get the right added, or exclude the operation",
        witness: "The token may not call the operation: {after}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::WrongHost,
        id: "wrong-host",
        class: Class::Setup,
        sure: Sure::Definite,
        verdict: Some(Verdict::Setup),
        title: "another API answers",
        sees: "A run in which no answer has anything of the contract, not even its errors.",
        why: "nothing can be said about the contract: is the base URL right?",
        witness: "Another API seems to answer: {after}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RequestUnbuilt,
        id: "request-unbuilt",
        class: Class::Setup,
        sure: Sure::Definite,
        verdict: Some(Verdict::Setup),
        title: "the request could not be built",
        sees: "A request that needs a value of an earlier answer that is missing or does not fit.",
        why: "it was not sent, so it proves nothing",
        witness: "The case was not sent: {after}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::CaseNotReached,
        id: "case-not-reached",
        class: Class::Setup,
        sure: Sure::Definite,
        verdict: Some(Verdict::Setup),
        title: "the run ended before this case",
        sees: "A case that was not sent, or that failed and was not retried: the time was up, or the run was cancelled.",
        why: "it was not sent, so it proves nothing",
        witness: "The run ended before the case was sent: {after}.",
        ..Rule::PLAIN
    },
];
