//! Rules about an exchange beside its contract, its client and its case.

use super::{Rule, Sure};
use crate::deviation::Kind;
use crate::finding::{Class, Verdict};

pub(super) const RULES: &[Rule] = &[
    Rule {
        kind: Kind::CaseParameterUnknown,
        id: "case-parameter-unknown",
        class: Class::Breaking,
        sure: Sure::Definite,
        verdict: Some(Verdict::Params),
        title: "the operation has no such parameter",
        sees: "A parameter of a case that its operation does not have.",
        why: "no caller can send it, so no caller ever gets this answer",
        witness: "The case sends {location}, which the contract does not list.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::CaseParameterMissing,
        id: "case-parameter-missing",
        class: Class::Breaking,
        sure: Sure::Definite,
        verdict: Some(Verdict::Params),
        title: "a required parameter is missing",
        sees: "A required parameter that a case does not give.",
        why: "the provider refuses the request before it looks for this answer",
        witness: "The case leaves out {location}, which the contract requires.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::CaseIdentityUnknown,
        id: "case-identity-unknown",
        class: Class::Uncertain,
        sure: Sure::Conditional,
        title: "a FranceConnect identity has no such part",
        sees: "A part of a case's identity that the pivot identity does not have.",
        why: "it is never compared, so the case may answer other people than it means to",
        witness: "The case names {location}, which no identity has.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::CaseNotSent,
        id: "case-not-sent",
        class: Class::Uncertain,
        sure: Sure::Conditional,
        verdict: Some(Verdict::Skipped),
        title: "the target cannot provoke this case",
        sees: "A case that needs what the target does not have, such as a token with just some scopes.",
        why: "it was left out, so it proves nothing",
        witness: "The case was not sent: its credential is {after}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::CaseShadowed,
        id: "case-shadowed",
        class: Class::Uncertain,
        sure: Sure::Conditional,
        title: "another answer stands before the stored one",
        sees: "A stored answer that a request with its own parameters does not get.",
        why: "a request with these parameters gets the other answer, so this one was asked for by its name",
        witness: "The request of the case is answered by another case.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::OperationUnknown,
        id: "operation-unknown",
        class: Class::Uncertain,
        sure: Sure::Conditional,
        verdict: Some(Verdict::Skipped),
        title: "no contract has this operation",
        sees: "A folder of cases that is no operation id.",
        why: "either its folder is misspelt, or the provider has an operation that nobody here knows",
        witness: "The cases of {after} have no operation.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::OperationGone,
        id: "operation-gone",
        class: Class::Breaking,
        sure: Sure::Definite,
        verdict: Some(Verdict::Status),
        title: "the operation is gone, and the contract still lists it",
        sees: "Status 410 of an operation that the contract lists without it.",
        why: "every call fails from now on",
        witness: "The operation answers {after}, where the contract promises {before}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::StatusUndocumented,
        id: "status-undocumented",
        class: Class::Breaking,
        sure: Sure::Definite,
        verdict: Some(Verdict::Status),
        title: "the contract has no such status for the operation",
        sees: "A status that the contract does not document.",
        why: "a consumer has no code for it",
        witness: "The operation answers {after}, and the contract documents {before}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::StatusDiffers,
        id: "status-differs",
        class: Class::Breaking,
        sure: Sure::Definite,
        verdict: Some(Verdict::Status),
        title: "the status is not the one that the case expects",
        sees: "The status of an answer beside that of its case.",
        why: "the same request is answered in another way",
        witness: "The request is answered {after}, and the case expects {before}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::MediaTypeUndocumented,
        id: "media-type-undocumented",
        class: Class::Breaking,
        sure: Sure::Definite,
        verdict: Some(Verdict::Headers),
        title: "the answer's media type is not documented",
        sees: "The content type of an answer.",
        why: "a consumer parses the body as something that it is not",
        witness: "The answer comes as {after}, and the contract documents {before}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::HeaderMissing,
        id: "header-missing",
        class: Class::Uncertain,
        sure: Sure::Conditional,
        title: "a documented header is missing",
        sees: "A header that the contract documents and the answer does not have.",
        why: "a consumer that paces itself by it is blind",
        witness: "The answer comes without {location}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::BodyNotJson,
        id: "body-not-json",
        class: Class::Breaking,
        sure: Sure::Definite,
        verdict: Some(Verdict::Body),
        title: "the body is not JSON",
        sees: "A body with a JSON media type that does not parse.",
        why: "nothing can be read from it",
        witness: "The answer says that it is JSON, and is not.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::BodyInvalid,
        id: "body-invalid",
        class: Class::Breaking,
        sure: Sure::Definite,
        verdict: Some(Verdict::Body),
        title: "the body does not fit the contract",
        sees: "A body against the schema of its operation, status and media type, formats included.",
        why: "a consumer that relies on the contract fails on it",
        witness: "The answer has {after} at {location}, where the contract promises {before}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ScopeMasked,
        id: "scope-masked",
        class: Class::Masked,
        sure: Sure::Conditional,
        title: "a key is absent because the token lacks its scope",
        sees: "A required key that is absent, where no scope of the token opens it.",
        why: "the contract describes the full answer; production leaves out what a token may not see",
        witness: "The answer leaves out {location}, which no scope of the token opens.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ErrorCodeDiffers,
        id: "error-code-differs",
        class: Class::Breaking,
        sure: Sure::Definite,
        verdict: Some(Verdict::Expectation),
        title: "the error code is not the one that the case expects",
        sees: "The code of a refusal beside that of its case.",
        why: "consumers branch on error codes",
        witness: "The request is refused with {after}, and the case expects {before}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ClientRequestDiffers,
        id: "client-request-differs",
        class: Class::Breaking,
        sure: Sure::Definite,
        verdict: Some(Verdict::Client),
        title: "the generated client builds another request",
        sees: "The request that the typed client builds, beside the one that was sent.",
        why: "typed callers do not send what the case sends",
        witness: "By the case: {before}. By the typed client: {after}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ClientDecodeFailed,
        id: "client-decode-failed",
        class: Class::Breaking,
        sure: Sure::Definite,
        verdict: Some(Verdict::Client),
        title: "the generated client cannot read the answer",
        sees: "The typed decode of the recorded bytes.",
        why: "typed callers get an error instead of the data",
        witness: "The typed client refuses the answer: {after}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ClientDecodeLossy,
        id: "client-decode-lossy",
        class: Class::Breaking,
        sure: Sure::Definite,
        verdict: Some(Verdict::Client),
        title: "the generated client drops a part of the answer",
        sees: "The typed value, written out again, beside the recorded bytes.",
        why: "typed callers never see it",
        witness: "The answer has {before} at {location}; by the typed client: {after}.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::NoAnswer,
        id: "no-answer",
        class: Class::Outage,
        sure: Sure::Definite,
        verdict: Some(Verdict::Outage),
        title: "the target did not answer well enough to judge",
        sees: "No connection, a web page, a redirect, status 429, an unexpected 5xx, an empty body.",
        why: "this is no drift: try again later",
        witness: "The target gives no answer that can be judged: {after}.",
        ..Rule::PLAIN
    },
];
