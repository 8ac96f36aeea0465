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
        kind: Kind::RequestUnbuilt,
        id: "request-unbuilt",
        class: Class::Setup,
        sure: Sure::Definite,
        verdict: Some(Verdict::Setup),
        title: "the request could not be built",
        sees: "A request that needs what an earlier answer gave, which does not fit.",
        why: "it was not sent, so it proves nothing",
        witness: "The request could not be built: {after}.",
        ..Rule::PLAIN
    },
];
