//! What is told of a real host's answers: their values are people's, so only words of ours are.

use crate::deviation::{Deviation, Kind};
use crate::finding::text;
use crate::judge::UNCODED;
use crate::pseudonym::{Pseudonyms, is_code};
use crate::shape::describe;
use serde_json::Value;

/// Media types that say nothing of anybody.
const MEDIA_TYPES: [&str; 13] = [
    "application/graphql-response+json",
    "application/hal+json",
    "application/json",
    "application/octet-stream",
    "application/pdf",
    "application/problem+json",
    "application/vnd.api+json",
    "application/xml",
    "application/zip",
    "text/csv",
    "text/html",
    "text/plain",
    "text/xml",
];

/// A media type, if it is one that anybody knows: a host may say anything in its place.
pub(super) fn media_type(told: &str) -> &str {
    if MEDIA_TYPES.contains(&told) { told } else { "no usual media type" }
}

/// What tells the names in an answer from what is somebody's.
pub(super) struct Keys<'a> {
    schema: &'a Value,
    words: Pseudonyms,
    secret: Option<&'a str>,
}

impl<'a> Keys<'a> {
    /// Those of a body; the schema is what the contract states of it, references in place. The secret is what was sent, and
    /// may be said back.
    pub(super) fn of(body: Option<&Value>, schema: &'a Value, secret: Option<&'a str>) -> Self {
        let mut words = Pseudonyms::new(&[]);
        words.learn(body.unwrap_or(&Value::Null));
        words.learn(&secret.into());
        Self { schema, words, secret }
    }

    fn is_code(&self, text: &str) -> bool {
        is_code(text) && self.secret.is_none_or(|secret| !text.contains(secret))
    }

    /// A JSON pointer without the keys of a map, which may be people's names. What is no pointer is told as it is: the name of
    /// a header, that the contract or a case says.
    pub(super) fn pointer(&self, pointer: &str) -> String {
        if pointer.starts_with('/') { self.words.pointer(pointer, self.schema) } else { pointer.to_owned() }
    }
}

/// Takes the values of an answer out of a fact about it; types and forms stay. A kind that is not known to tell in words
/// of ours is taken for one that tells a value.
pub(super) fn redact(mut deviation: Deviation, body: Option<&Value>, keys: &Keys<'_>) -> Deviation {
    let words = || body.and_then(|body| body.pointer(&deviation.pointer)).map_or("absent".into(), describe);
    match deviation.kind {
        // Statuses, media types, header and property names, types, counts, forms; line and column.
        Kind::SnapshotMissing
        | Kind::ResponseStatusChanged
        | Kind::HeaderAbsent
        | Kind::ResponsePropertyAdded
        | Kind::ResponsePropertyRemoved
        | Kind::ResponseTypeChanged
        | Kind::PropertySometimesAbsent
        | Kind::ValueNull
        | Kind::ValueFormChanged
        | Kind::ValueFormUncertain
        | Kind::CaseParameterUnknown
        | Kind::CaseParameterMissing
        | Kind::CaseIdentityUnknown
        | Kind::CaseNotSent
        | Kind::CaseUnknownThere
        | Kind::CaseShadowed
        | Kind::OperationUnknown
        | Kind::OperationGone
        | Kind::StatusUndocumented
        | Kind::StatusDiffers
        | Kind::HeaderMissing
        | Kind::BodyNotJson
        | Kind::ScopeMasked
        | Kind::ClientRequestDiffers
        | Kind::ClientDecodeFailed
        | Kind::AnswerLate
        | Kind::RequestInvalid
        | Kind::RequestUndocumented
        | Kind::CallbackMissing
        | Kind::HostRefused
        | Kind::HostUnknown
        | Kind::TlsFailed
        | Kind::AnswerTimeout
        | Kind::AnswerBroken
        | Kind::AnswerTooLarge
        | Kind::AnswerEmpty
        | Kind::ServerError
        | Kind::ErrorUncoded
        | Kind::WebPage
        | Kind::Maintenance
        | Kind::Redirected
        | Kind::RateLimited
        | Kind::AnswerUnsteady
        | Kind::SchemaUntold
        | Kind::TokenExpired
        | Kind::TokenRevoked
        | Kind::TokenRefused
        | Kind::ScopeMissing
        | Kind::WrongHost
        | Kind::RequestUnbuilt
        | Kind::CaseNotReached => {}
        // In place of an absent one stand words of ours.
        Kind::MediaTypeUndocumented | Kind::ResponseMediaTypeChanged => {
            if let Some(told) = deviation.observed.as_str().filter(|told| told.contains('/')) {
                deviation.observed = media_type(told).into();
            }
        }
        Kind::ErrorCodeDiffers if deviation.observed == "none" || keys.is_code(&text(&deviation.observed)) => {}
        Kind::ErrorUnexpected if deviation.observed == UNCODED || keys.is_code(&text(&deviation.observed)) => {}
        Kind::ErrorUnexpected => deviation.observed = "an error".into(),
        // The contract or the case says what is expected.
        Kind::ErrorCodeDiffers | Kind::BodyInvalid => deviation.observed = words().into(),
        Kind::ClientDecodeLossy => {
            deviation.expected = words().into();
            if deviation.observed != "dropped" {
                deviation.observed = "another value".into();
            }
        }
        _ => {
            deviation.observed = words().into();
            deviation.expected = "another value".into();
        }
    }
    // Where a request differs is said in our own words; an answer says its own keys.
    if !matches!(deviation.kind, Kind::ClientRequestDiffers | Kind::RequestInvalid | Kind::RequestUndocumented) {
        deviation.pointer = keys.pointer(&deviation.pointer);
    }
    deviation
}

#[cfg(test)]
mod tests {
    use super::{Keys, redact};
    use crate::deviation::{Deviation, Kind};
    use serde_json::{Value, json};

    #[test]
    fn what_tells_a_value_tells_its_type_and_form_instead() {
        let body = json!({"nom": "OSTERMANN", "naissance": "2021-06-31"});
        let told = |kind, pointer| {
            let told = redact(
                Deviation::new(kind, pointer, "OSTERMANN", "2021-06-31"),
                Some(&body),
                &Keys::of(Some(&body), &Value::Null, None),
            );
            (told.expected, told.observed)
        };
        assert_eq!(
            told(Kind::BodyInvalid, "/naissance"),
            (json!("OSTERMANN"), json!("a string that looks like: date"))
        );
        assert_eq!(told(Kind::BodyInvalid, "/prenom"), (json!("OSTERMANN"), json!("absent")));
        assert_eq!(
            told(Kind::DataChanged, "/nom"),
            (json!("another value"), json!("a string that looks like: upper case"))
        );
        assert_eq!(
            told(Kind::ClientDecodeLossy, "/nom"),
            (json!("a string that looks like: upper case"), json!("another value"))
        );
    }

    #[test]
    fn error_codes_stay_and_what_is_none_goes() {
        let told = |code: &str| {
            redact(
                Deviation::new(Kind::ErrorCodeDiffers, "/error", "not_found", code),
                None,
                &Keys::of(None, &Value::Null, None),
            )
            .observed
        };
        assert_eq!(told("00366"), "00366");
        assert_eq!(told("bad_request"), "bad_request");
        assert_eq!(told("none"), "none");
        assert_eq!(
            told("USER_NOT_EMPLOYED_BY_COMPANY_ANYMORE_EMPLOYEE"),
            "USER_NOT_EMPLOYED_BY_COMPANY_ANYMORE_EMPLOYEE"
        );
        assert_eq!(told("OSTERMANN"), "absent");
        assert_eq!(told("ostermann"), "absent");
        let keys = Keys::of(None, &Value::Null, Some("t0ken_of_a_town"));
        let said_back = Deviation::new(Kind::ErrorCodeDiffers, "/t0ken_of_a_town", "not_found", "t0ken_of_a_town");
        let told_back = redact(said_back, None, &keys);
        assert_eq!((&*told_back.pointer, told_back.observed), ("/*", json!("absent")));
        assert_eq!(told("liselotte-ostermann"), "absent");
        assert_eq!(told("Mme OSTERMANN"), "absent");
        assert_eq!(told("1980575116001"), "absent");
    }
}
