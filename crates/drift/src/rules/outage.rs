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
        title: "connection rejected",
        sees: "A connection that is rejected, or a host that is unreachable.",
        why: "this is not drift: the host is down, or the port is wrong",
        witness: "The host does not accept the connection: {after}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::HostUnknown,
        id: "host-unknown",
        class: Class::Outage,
        sure: Sure::Definite,
        verdict: Some(Verdict::Outage),
        title: "the host name is unknown",
        sees: "A host name that resolves to no address.",
        why: "this is not drift: the name is misspelt, or DNS is down",
        witness: "The host name does not resolve: {after}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::TlsFailed,
        id: "tls-failed",
        class: Class::Outage,
        sure: Sure::Definite,
        verdict: Some(Verdict::Outage),
        title: "TLS handshake failed",
        sees: "A TLS handshake that fails: an expired certificate, one of another host or of an unknown issuer, or no TLS at all.",
        why: "this is not drift, and nothing was sent: the host has not proven to be the provider",
        witness: "The host has not proven to be the provider: {after}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::AnswerTimeout,
        id: "answer-timeout",
        class: Class::Outage,
        sure: Sure::Definite,
        verdict: Some(Verdict::Outage),
        title: "no complete answer came in time",
        sees: "A call that takes longer than the provider's time limit.",
        why: "this is not drift: the provider is slow, or hangs",
        witness: "The answer is not complete in time: {after}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::AnswerBroken,
        id: "answer-broken",
        class: Class::Outage,
        sure: Sure::Definite,
        verdict: Some(Verdict::Outage),
        title: "the answer broke off, or is not HTTP",
        sees: "A connection that is reset, a body that is shorter or longer than its `Content-Length`, an encoding that cannot be decoded.",
        why: "this is not drift: the answer was damaged on the way",
        witness: "The answer cannot be read completely: {after}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::AnswerTooLarge,
        id: "answer-too-large",
        class: Class::Outage,
        sure: Sure::Definite,
        verdict: Some(Verdict::Outage),
        title: "the answer is too large",
        sees: "A body that exceeds the limit of a check, compressed or decompressed.",
        why: "this is not drift: vigie stopped reading, so the answer is incomplete",
        witness: "The answer exceeds the limit: {after}.",
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
        why: "this is not drift: something between the provider and vigie dropped it",
        witness: "The answer has no body: {after}.",
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
        why: "this is not drift: try again later",
        witness: "The provider fails: {after}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ErrorUncoded,
        id: "error-uncoded",
        class: Class::Outage,
        sure: Sure::Definite,
        verdict: Some(Verdict::Outage),
        title: "the provider failed, and reports it under a successful status",
        sees: "Errors without a code in a GraphQL answer with a successful status, if the case does not say `expect: {uncoded: true}`.",
        why: "this is not drift unless every attempt has one: then it is `error-unexpected`",
        witness: "The provider fails under a successful status: {after}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::WebPage,
        id: "web-page",
        class: Class::Outage,
        sure: Sure::Definite,
        verdict: Some(Verdict::Outage),
        title: "a web page came instead of the answer",
        sees: "HTML that the contract does not promise: a proxy's page, a login, a captcha.",
        why: "this is not drift: the provider was not reached",
        witness: "A page answers instead of the provider: {after}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::Maintenance,
        id: "maintenance",
        class: Class::Outage,
        sure: Sure::Definite,
        verdict: Some(Verdict::Outage),
        title: "the provider is under maintenance",
        sees: "Status 503 with a `Retry-After`, or a page or an error code that announces maintenance.",
        why: "this is not drift: the provider will be back",
        witness: "The provider asks to try again later: {after}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::Redirected,
        id: "redirected",
        class: Class::Outage,
        sure: Sure::Definite,
        verdict: Some(Verdict::Outage),
        title: "the answer is a redirect",
        sees: "A redirect, which a check does not follow: it would send a token to another host.",
        why: "this is not drift, unless it lasts: then the host has moved",
        witness: "The answer is a redirect: {after}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::RateLimited,
        id: "rate-limited",
        class: Class::Outage,
        sure: Sure::Definite,
        verdict: Some(Verdict::Outage),
        title: "the quota is used up",
        sees: "Status 429 that the case does not expect, and the cases that were not sent after it.",
        why: "this is not drift: ignoring a 429 can lead to a ban, so nothing more is sent with this token",
        witness: "The provider asks for fewer requests: {after}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::AnswerUnsteady,
        id: "answer-unsteady",
        class: Class::Outage,
        sure: Sure::Definite,
        verdict: Some(Verdict::Outage),
        title: "each attempt shows something else",
        sees: "A case that fails in every attempt, and never twice in the same way.",
        why: "this is not drift: no failure was confirmed by a second attempt",
        witness: "The same request never gets the same answer: {after}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::SchemaUntold,
        id: "schema-untold",
        class: Class::Outage,
        sure: Sure::Definite,
        verdict: Some(Verdict::Outage),
        title: "the target does not return its schema",
        sees: "An introspection that is answered with errors, or with something else.",
        why: "this is not drift: the live schema could not be compared",
        witness: "Asked for its schema, the target answers {after}.",
        ..Rule::PLAIN
    },
];
