//! The rules of live exchanges, as a table: id, class, title, why it matters.

use crate::deviation::Kind;
use crate::finding::{Class, Verdict};

/// What one kind of deviation means.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Kebab case, by subject.
    pub id: &'static str,
    /// What it means for a consumer.
    pub class: Class,
    /// The verdict of a case that has it; `None` when it does not fail the case.
    pub verdict: Option<Verdict>,
    /// One line: what is wrong.
    pub title: &'static str,
    /// Why it matters to a consumer.
    pub why: &'static str,
}

/// The rule of a kind of deviation. The match breaks the build when one is forgotten.
#[must_use]
#[rustfmt::skip]
pub const fn rule(kind: Kind) -> Rule {
    use Class::{Breaking, Compatible, Data, Masked, Outage, Uncertain};
    let (id, class, verdict, title, why) = match kind {
        Kind::CaseParameterUnknown => ("case-parameter-unknown", Breaking, Some(Verdict::Params), "the operation has no such parameter", "no caller can send it, so no caller ever gets this answer"),
        Kind::CaseParameterMissing => ("case-parameter-missing", Breaking, Some(Verdict::Params), "a required parameter is missing", "the provider refuses the request before it looks for this answer"),
        Kind::CaseIdentityUnknown => ("case-identity-unknown", Uncertain, None, "a FranceConnect identity has no such part", "it is never compared, so the case may answer other people than it means to"),
        Kind::CaseNotSent => ("case-not-sent", Uncertain, Some(Verdict::Skipped), "the target cannot provoke this case", "it was left out, so it proves nothing"),
        Kind::OperationUnknown => ("operation-unknown", Uncertain, Some(Verdict::Skipped), "no contract has this operation", "either its folder is misspelt, or the provider has an operation that nobody here knows"),
        Kind::OperationGone => ("operation-gone", Breaking, Some(Verdict::Status), "the operation is gone, and the contract still lists it", "every call fails from now on"),
        Kind::StatusUndocumented => ("status-undocumented", Breaking, Some(Verdict::Status), "the contract has no such status for the operation", "a consumer has no code for it"),
        Kind::StatusDiffers => ("status-differs", Breaking, Some(Verdict::Status), "the status is not the one that the case expects", "the same request is answered in another way"),
        Kind::MediaTypeUndocumented => ("media-type-undocumented", Breaking, Some(Verdict::Headers), "the answer's media type is not documented", "a consumer parses the body as something that it is not"),
        Kind::HeaderMissing => ("header-missing", Uncertain, None, "a documented header is missing", "a consumer that paces itself by it is blind"),
        Kind::BodyNotJson => ("body-not-json", Breaking, Some(Verdict::Body), "the body is not JSON", "nothing can be read from it"),
        Kind::BodyInvalid => ("body-invalid", Breaking, Some(Verdict::Body), "the body does not fit the contract", "a consumer that relies on the contract fails on it"),
        Kind::ScopeMasked => ("scope-masked", Masked, None, "a key is absent because the token lacks its scope", "the contract describes the full answer; production leaves out what a token may not see"),
        Kind::ErrorCodeDiffers => ("error-code-differs", Breaking, Some(Verdict::Expectation), "the error code is not the one that the case expects", "consumers branch on error codes"),
        Kind::ClientRequestDiffers => ("client-request-differs", Breaking, Some(Verdict::Client), "the generated client builds another request", "typed callers do not send what the case sends"),
        Kind::ClientDecodeFailed => ("client-decode-failed", Breaking, Some(Verdict::Client), "the generated client cannot read the answer", "typed callers get an error instead of the data"),
        Kind::ClientDecodeLossy => ("client-decode-lossy", Breaking, Some(Verdict::Client), "the generated client drops a part of the answer", "typed callers never see it"),
        Kind::SnapshotMissing => ("snapshot-missing", Uncertain, None, "there is no accepted snapshot", "nothing says what the answer was before"),
        Kind::ResponseStatusChanged => ("response-status-changed", Breaking, Some(Verdict::Snapshot), "the status changed", "the same request is answered in another way"),
        Kind::ResponseMediaTypeChanged => ("response-media-type-changed", Breaking, Some(Verdict::Snapshot), "the media type changed", "a consumer may refuse the answer"),
        Kind::ResponseHeaderRemoved => ("response-header-removed", Uncertain, None, "a header is gone", "a consumer that reads it is blind"),
        Kind::ResponsePropertyAdded => ("response-property-added", Compatible, None, "a property is new", "strict readers may refuse it; most ignore it"),
        Kind::ResponsePropertyRemoved => ("response-property-removed", Breaking, Some(Verdict::Snapshot), "a property is gone", "a consumer that reads it fails"),
        Kind::ResponsePropertyBecameOptional => ("response-property-became-optional", Uncertain, None, "a property is missing in some elements", "one answer does not tell whether it may always be absent"),
        Kind::ResponseNullableAdded => ("response-nullable-added", Uncertain, None, "a value is null or empty on one side", "null and empty prove nothing about the type"),
        Kind::ResponseTypeChanged => ("response-type-changed", Breaking, Some(Verdict::Snapshot), "the type of a value changed", "a typed reader fails"),
        Kind::ValueFormChanged => ("value-form-changed", Breaking, Some(Verdict::Snapshot), "the form of a value changed", "no schema keyword sees it, and parsers fail on it"),
        Kind::DataChanged => ("data-changed", Data, None, "values moved, the shape did not", "accept the new values when they are right"),
        Kind::CaseShadowed => ("case-shadowed", Uncertain, None, "another answer stands before the stored one", "a request with these parameters gets the other answer, so this one was asked for by its name"),
        Kind::NoAnswer => ("no-answer", Outage, Some(Verdict::Outage), "the target did not answer well enough to judge", "this is no drift: try again later"),
    };
    Rule { id, class, verdict, title, why }
}
