//! Rules about why there is no answer that can be judged. None of them is drift.

use super::{Rule, Sure};
use crate::deviation::Kind;
use crate::finding::{Class, Verdict};

pub(super) const RULES: &[Rule] = &[
    Rule {
        kind: Kind::HostRefused,
        id: "host-refused",
        class: Class::Outage,
        sure: Sure::Definite,
        verdict: Some(Verdict::Outage),
        title: "nobody takes connections there",
        sees: "A connection that is refused, or that finds no way to the host.",
        why: "this is no drift: the host is down, or the port is wrong",
        witness: "The host takes no connection: {after}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::HostUnknown,
        id: "host-unknown",
        class: Class::Outage,
        sure: Sure::Definite,
        verdict: Some(Verdict::Outage),
        title: "the host's name is not known",
        sees: "A host name that resolves to no address.",
        why: "this is no drift: the name is misspelt, or the name service is down",
        witness: "The name of the host leads nowhere: {after}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::TlsFailed,
        id: "tls-failed",
        class: Class::Outage,
        sure: Sure::Definite,
        verdict: Some(Verdict::Outage),
        title: "no secure connection came about",
        sees: "A TLS handshake that fails: a certificate that is expired, of another host or of nobody known, or no TLS at all.",
        why: "this is no drift, and nothing was sent: whoever answers is not proven to be the provider",
        witness: "The host is not proven to be the provider: {after}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::AnswerTimeout,
        id: "answer-timeout",
        class: Class::Outage,
        sure: Sure::Definite,
        verdict: Some(Verdict::Outage),
        title: "no whole answer came in time",
        sees: "A call that takes longer than the provider's advice.",
        why: "this is no drift: the provider is slow, or hangs",
        witness: "The answer does not end in time: {after}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::AnswerBroken,
        id: "answer-broken",
        class: Class::Outage,
        sure: Sure::Definite,
        verdict: Some(Verdict::Outage),
        title: "the answer broke off, or is no HTTP",
        sees: "A connection that is reset, a body that is shorter or longer than it says, an encoding that cannot be undone.",
        why: "this is no drift: what came is not what was sent",
        witness: "The answer cannot be read to its end: {after}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::AnswerTooLarge,
        id: "answer-too-large",
        class: Class::Outage,
        sure: Sure::Definite,
        verdict: Some(Verdict::Outage),
        title: "the answer is larger than any that the contract means",
        sees: "A body, as it came or inflated, beyond the limit of a check.",
        why: "this is no drift: nobody knows how much more would have come, so it was not read on",
        witness: "The answer does not end within the limit: {after}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::AnswerEmpty,
        id: "answer-empty",
        class: Class::Outage,
        sure: Sure::Definite,
        verdict: Some(Verdict::Outage),
        title: "the answer has no body",
        sees: "An empty body where the contract promises one.",
        why: "this is no drift: something between the provider and us swallowed it",
        witness: "The answer comes without a body: {after}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ServerError,
        id: "server-error",
        class: Class::Outage,
        sure: Sure::Definite,
        verdict: Some(Verdict::Outage),
        title: "the provider failed",
        sees: "A status of 500 and above that the case does not expect.",
        why: "this is no drift: try again later",
        witness: "The provider fails: {after}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ErrorUncoded,
        id: "error-uncoded",
        class: Class::Outage,
        sure: Sure::Definite,
        verdict: Some(Verdict::Outage),
        title: "the provider failed, and says so below a successful status",
        sees: "Errors without a code in a GraphQL answer of a successful status, where the case does not say `expect: {uncoded: true}`.",
        why: "this is no drift unless every attempt gets one: then it is `error-unexpected`",
        witness: "The provider fails below a successful status: {after}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::WebPage,
        id: "web-page",
        class: Class::Outage,
        sure: Sure::Definite,
        verdict: Some(Verdict::Outage),
        title: "a web page stands in place of the answer",
        sees: "HTML where the contract promises none: a proxy's page, a login, a captcha.",
        why: "this is no drift: the provider was not reached",
        witness: "A page answers in the provider's place: {after}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::Maintenance,
        id: "maintenance",
        class: Class::Outage,
        sure: Sure::Definite,
        verdict: Some(Verdict::Outage),
        title: "the provider is under maintenance",
        sees: "Status 503 with a time to come back, or a page or an error code that says so.",
        why: "this is no drift: the provider says when to come back, or that it will",
        witness: "The provider asks for patience: {after}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::Redirected,
        id: "redirected",
        class: Class::Outage,
        sure: Sure::Definite,
        verdict: Some(Verdict::Outage),
        title: "the answer leads elsewhere",
        sees: "A redirect, which a check does not follow: it would carry a token to another place.",
        why: "this is no drift, unless it stays: then the host has moved",
        witness: "The answer leads elsewhere: {after}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RateLimited,
        id: "rate-limited",
        class: Class::Outage,
        sure: Sure::Definite,
        verdict: Some(Verdict::Outage),
        title: "the quota is spent",
        sees: "Status 429 that the case does not expect, and what was not sent after it.",
        why: "this is no drift: an ignored 429 earns a ban, so nothing more is sent with this token",
        witness: "The provider asks for fewer requests: {after}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::AnswerUnsteady,
        id: "answer-unsteady",
        class: Class::Outage,
        sure: Sure::Definite,
        verdict: Some(Verdict::Outage),
        title: "each look at the case sees something else",
        sees: "A case that fails whenever it is sent, and never twice in the same way.",
        why: "this is no drift: what the provider answers does not last until the next request",
        witness: "The same request is never answered in the same way: {after}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::SchemaUntold,
        id: "schema-untold",
        class: Class::Outage,
        sure: Sure::Definite,
        verdict: Some(Verdict::Outage),
        title: "the target does not tell its schema",
        sees: "An introspection that is answered with errors, or with something else.",
        why: "this is no drift: the live schema could not be compared",
        witness: "Asked for its schema, the target answers {after}.",
        ..Rule::PLAIN
    },
];
