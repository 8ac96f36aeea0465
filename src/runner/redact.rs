//! What is told of a real host's answers: their values are people's, so only words of ours are.

use crate::deviation::{Deviation, Kind};
use crate::finding::text;
use crate::shape::describe;
use serde_json::Value;

/// How long an error code may be: longer ones are sentences, or somebody's number.
const LONGEST_CODE: usize = 60;
/// How many digits an error code may have, as `00366`: more may be a person's number.
const MOST_DIGITS: usize = 5;

/// Takes the values of an answer out of a fact about it; types and forms stay. A kind that is not known to tell in words
/// of ours is taken for one that tells a value.
pub(super) fn redact(mut deviation: Deviation, body: Option<&Value>) -> Deviation {
    let words = || body.and_then(|body| body.pointer(&deviation.pointer)).map_or("absent".into(), describe);
    match deviation.kind {
        // Statuses, media types, header and property names, types, counts, forms; line and column.
        Kind::SnapshotMissing
        | Kind::ResponseStatusChanged
        | Kind::ResponseMediaTypeChanged
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
        | Kind::MediaTypeUndocumented
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
        Kind::ErrorCodeDiffers if is_code(&deviation.observed) => {}
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
    deviation
}

/// Whether a statement looks like an error code: `00366`, `not_found`, `INVALID_INPUTS`. A word in capitals alone may be
/// somebody's name.
fn is_code(observed: &Value) -> bool {
    let code = text(observed);
    let digits = code.bytes().filter(u8::is_ascii_digit).count();
    let of_code = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-');
    let of_constant = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    let is_constant = || code.contains('_') && code.bytes().all(of_constant);
    code.len() <= LONGEST_CODE && digits <= MOST_DIGITS && (code.bytes().all(of_code) || is_constant())
}

#[cfg(test)]
mod tests {
    use super::redact;
    use crate::deviation::{Deviation, Kind};
    use serde_json::json;

    #[test]
    fn what_tells_a_value_tells_its_type_and_form_instead() {
        let body = json!({"nom": "OSTERMANN", "naissance": "2021-06-31"});
        let told = |kind, pointer| {
            let told = redact(Deviation::new(kind, pointer, "OSTERMANN", "2021-06-31"), Some(&body));
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
        let told =
            |code: &str| redact(Deviation::new(Kind::ErrorCodeDiffers, "/error", "not_found", code), None).observed;
        assert_eq!(told("00366"), "00366");
        assert_eq!(told("bad_request"), "bad_request");
        assert_eq!(told("none"), "none");
        assert_eq!(
            told("USER_NOT_EMPLOYED_BY_COMPANY_ANYMORE_EMPLOYEE"),
            "USER_NOT_EMPLOYED_BY_COMPANY_ANYMORE_EMPLOYEE"
        );
        assert_eq!(told("OSTERMANN"), "absent");
        assert_eq!(told("Mme OSTERMANN"), "absent");
        assert_eq!(told("1980575116001"), "absent");
    }
}
