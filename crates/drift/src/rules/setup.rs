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
        title: "the token is past its end",
        sees: "An answer that says that our good token has expired.",
        why: "no case that needs it can be judged: have a new one made",
        witness: "The target says that the token has expired: {after}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::TokenRevoked,
        id: "token-revoked",
        class: Class::Setup,
        sure: Sure::Definite,
        verdict: Some(Verdict::Setup),
        title: "the token was taken back",
        sees: "An answer that says that our good token was revoked.",
        why: "no case that needs it can be judged: ask the provider why, and for a new one",
        witness: "The target says that the token was taken back: {after}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::TokenRefused,
        id: "token-refused",
        class: Class::Setup,
        sure: Sure::Definite,
        verdict: Some(Verdict::Setup),
        title: "the token is not taken",
        sees: "Status 401, or an error code that refuses a token that should be good.",
        why: "no case that needs it can be judged: is it the token of this host, and whole?",
        witness: "The target does not take the token: {after}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ScopeMissing,
        id: "scope-missing",
        class: Class::Setup,
        sure: Sure::Definite,
        verdict: Some(Verdict::Setup),
        title: "the token has no right to this operation",
        sees: "An answer that says that our good token lacks the right.",
        why: "the operation cannot be judged with this token: have the right added, or leave the operation out",
        witness: "The token may not call {operation}: {after}.",
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
        sees: "A request that needs what an earlier answer gave, which does not fit, or is missing in it.",
        why: "it was not sent, so it proves nothing",
        witness: "The request could not be built: {after}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::CaseNotReached,
        id: "case-not-reached",
        class: Class::Setup,
        sure: Sure::Definite,
        verdict: Some(Verdict::Setup),
        title: "the run ended before this case",
        sees: "A case that was not sent, or that failed and was not sent again: the time was up, or somebody broke off.",
        why: "it was not sent, so it proves nothing",
        witness: "The run ended before the case was sent: {after}.",
        ..Rule::PLAIN
    },
];
