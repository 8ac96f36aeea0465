//! Rules about what an answer has around its body: status, headers, media type.

use super::{Rule, Sure};
use crate::deviation::Kind;
use crate::finding::Class;

pub(super) const RULES: &[Rule] = &[
    Rule {
        kind: Kind::ResponseStatusAdded,
        id: "response-status-added",
        class: Class::Compatible,
        sure: Sure::Conditional,
        title: "a status is new",
        sees: "A status that the old contract does not document for the operation.",
        why: "a consumer may not handle it; most providers only document what they already sent",
        witness: "{operation} answers {location}: undocumented in the old contract, documented in the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponseStatusRemoved,
        id: "response-status-removed",
        class: Class::Compatible,
        sure: Sure::Conditional,
        title: "a status is no longer documented",
        sees: "An error status that the new contract does not list.",
        why: "code for it is never reached, unless the document is incomplete",
        witness: "{operation} answers {location}: documented in the old contract only.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponseSuccessRemoved,
        id: "response-success-removed",
        class: Class::Breaking,
        sure: Sure::Definite,
        title: "a success status is gone",
        sees: "A success status (2xx) that the new contract does not list.",
        why: "a consumer that expects it treats every other answer as a failure",
        witness: "{operation} answers {location}: documented in the old contract, undocumented in the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponseHeaderAdded,
        id: "response-header-added",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "a header is new",
        sees: "A header of an answer that the old contract does not document.",
        why: "nobody reads it yet",
        witness: "An answer of {operation} has {location}: undocumented in the old contract.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponseHeaderRemoved,
        id: "response-header-removed",
        class: Class::Breaking,
        sure: Sure::Conditional,
        title: "a header is no longer documented",
        sees: "A header of an answer that the new contract does not document.",
        why: "a consumer that reads it does not get it",
        witness: "An answer of {operation} has {location}: documented in the old contract only.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponseHeaderBecameOptional,
        id: "response-header-became-optional",
        class: Class::Breaking,
        sure: Sure::Definite,
        title: "a header may be missing",
        sees: "An optional header of an answer that was required.",
        why: "a consumer that reads it does not get it",
        witness: "An answer of {operation} without {location} is rejected by the old contract and valid under the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponseHeaderBecameRequired,
        id: "response-header-became-required",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "a header is always there",
        sees: "A required header of an answer that was optional.",
        why: "consumers work without it",
        witness: "An answer of {operation} without {location} is valid under the old contract and rejected by the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponseMediaTypeAdded,
        id: "response-media-type-added",
        class: Class::Compatible,
        sure: Sure::Conditional,
        title: "a media type is new",
        sees: "A media type of an answer that the old contract does not list.",
        why: "a consumer that asks for no media type may get it",
        witness: "{operation} answers with {after}: undocumented in the old contract, documented in the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponseMediaTypeRemoved,
        id: "response-media-type-removed",
        class: Class::Breaking,
        sure: Sure::Definite,
        title: "a media type is gone",
        sees: "A media type of an answer that the new contract does not list.",
        why: "a consumer that asks for it is rejected, or gets another one",
        witness: "{operation} answers with {before}: documented in the old contract only.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::ResponseMediaTypeNarrowed,
        id: "response-media-type-narrowed",
        class: Class::Compatible,
        sure: Sure::Definite,
        title: "the media types of an answer are named more closely",
        sees: "A range of media types of an answer, such as `*/*`, of which only some are left.",
        why: "what is answered was allowed before",
        witness: "{operation} answers {location} with {before} under the old contract, and only with {after} under the new one.",
        ..Rule::PLAIN
    },
    Rule {
        kind: Kind::LinkChanged,
        id: "link-changed",
        class: Class::Compatible,
        sure: Sure::Conditional,
        info: true,
        title: "a link of an answer changed",
        sees: "A `links` entry of an answer that came, went, or leads to another operation or with other parameters.",
        why: "the answer is the same; a program that follows links takes another way",
        witness: "From {location} of {operation}, the old contract links {before|nothing} and the new one {after|nothing}.",
        ..Rule::PLAIN
    },
];
