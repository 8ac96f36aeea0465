//! What is reported of a real host's answers: their values are people's, so only words of ours are. Keys and codes that no contract
//! knows are foreign text as values are.

use super::context::Context;
use serde_json::Value;
use vigie_contract::vocabulary::Vocabulary;
use vigie_drift::deviation::{Deviation, Kind};
use vigie_drift::finding::{CaseReport, text};
use vigie_drift::location::Location;
use vigie_judge::pseudonym::{Formats, Known, Pseudonyms, is_code, more_properties};
use vigie_judge::shape::describe;
use vigie_judge::{Judge, UNCODED};
use vigie_scenario::Dialect;

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
pub(crate) fn media_type(told: &str) -> &str {
    if MEDIA_TYPES.contains(&told) { told } else { "no usual media type" }
}

/// What tells the names in an answer from what is somebody's.
pub(crate) struct Keys<'a> {
    body: Option<&'a Value>,
    schema: &'a Value,
    words: Pseudonyms,
    known: Option<Words<'a>>,
}

/// The words that somebody answers for.
struct Words<'a> {
    contract: &'a Vocabulary,
    /// Keys of the accepted answer.
    accepted: Vocabulary,
    /// Codes of errors that the contract or the provider lists.
    codes: Vec<&'a str>,
}

impl<'a> Keys<'a> {
    /// Those of a body of one's own; the schema is what the contract states of it, references in place. A key that is written as
    /// programs write theirs is a name.
    pub(crate) fn of(body: Option<&'a Value>, schema: &'a Value) -> Self {
        let mut words = Pseudonyms::new(&[], Formats::NONE);
        words.learn(body.unwrap_or(&Value::Null));
        Self { body, schema, words, known: None }
    }

    /// Those of a real host's answer: only what somebody answers for is a name.
    fn known_by(self, contract: &'a Vocabulary, accepted: Vocabulary, codes: Vec<&'a str>) -> Self {
        Self { known: Some(Words { contract, accepted, codes }), ..self }
    }

    fn is_code(&self, text: &str) -> bool {
        self.known.as_ref().map_or_else(|| is_code(text), |known| known.codes.contains(&text))
    }

    /// A location without the keys of a map, which may be people's names. What is no pointer is told as it is: the name of
    /// a header, that the contract or a case says.
    pub(crate) fn location(&self, location: Location) -> Location {
        match location {
            Location::Pointer(pointer) => Location::Pointer(self.pointer(&pointer)),
            location => location,
        }
    }

    /// A JSON pointer without the keys of a map.
    pub(crate) fn pointer(&self, pointer: &str) -> String {
        let is_known =
            self.known.as_ref().map(|known| |key: &str| known.contract.names(key) || known.accepted.names(key));
        self.words.pointer(pointer, self.schema, self.body, is_known.as_ref().map(|known| known as Known<'_>))
    }

    /// What stands at a place, in words: types, formats, and how many keys are there that the contract does not list.
    fn described(&self, location: &Location) -> String {
        let (Some(body), Some(pointer)) = (self.body, location.as_pointer()) else { return "absent".to_owned() };
        let more = more_properties(body, pointer, self.schema);
        more.or_else(|| body.pointer(pointer).map(describe)).unwrap_or_else(|| "absent".to_owned())
    }
}

impl Context {
    /// What of a case's answer may be told. Nothing of a sandbox of ours is hidden, but where two of its answers are compared.
    pub(super) fn keys<'a>(&'a self, report: &CaseReport, body: Option<&'a Value>) -> Keys<'a> {
        let found = self.find(&report.operation);
        let schema = found.zip(report.status).map(|((judge, operation), status)| judge.schema(operation, status));
        let keys = Keys::of(body, schema.unwrap_or(&Value::Null));
        let Some((judge, _)) = found.filter(|_| self.peer.is_real()) else { return keys };
        let mut accepted = Vocabulary::default();
        // One that is damaged has ended the run.
        if let Some(observation) = self.snapshots.accepted(&self.key(report)) {
            accepted.learn(observation.body());
        }
        keys.known_by(judge.vocabulary(), accepted, self.codes(judge, self.provider.dialect).collect())
    }

    /// Codes of errors that a contract or its provider lists.
    pub(crate) fn codes<'a>(&'a self, judge: &'a Judge, dialect: &'static Dialect) -> impl Iterator<Item = &'a str> {
        let of_tokens = dialect.refusals.iter().map(|(code, _)| *code).chain(dialect.busy.iter().copied());
        judge.vocabulary().codes().chain(of_tokens).chain(self.provider.error_codes.iter().copied())
    }
}

/// Takes the values of an answer out of a fact about it; types and forms stay. A kind that is not known to tell in words
/// of ours is taken for one that tells a value.
pub(crate) fn redact(mut deviation: Deviation, keys: &Keys<'_>) -> Deviation {
    let words = || keys.described(&deviation.location);
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
        | Kind::CaseLeftOut
        | Kind::CaseUnreadable
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
        deviation.location = keys.location(deviation.location);
    }
    deviation
}

#[cfg(test)]
mod tests {
    use super::{Keys, redact};
    use serde_json::{Value, json};
    use vigie_contract::vocabulary::Vocabulary;
    use vigie_drift::deviation::{Deviation, Kind};
    use vigie_drift::location::Location;

    /// What is reported of a fact about a real host's answer.
    fn told(deviation: Deviation, body: &Value) -> Deviation {
        let schema = json!({"properties": {"nom": {}, "naissance": {}, "prenom": {}}, "additionalProperties": false});
        let contract = Vocabulary::of(&json!({"schema": schema, "x-error-codes": ["00366", "not_found"]}));
        let codes = contract.codes().collect();
        redact(deviation, &Keys::of(Some(body), &schema).known_by(&contract, Vocabulary::default(), codes))
    }

    #[test]
    fn what_tells_a_value_tells_its_type_and_form_instead() {
        let body = json!({"nom": "OSTERMANN", "naissance": "2021-06-31"});
        let told = |kind, pointer| {
            let told = told(Deviation::new(kind, Location::pointer(pointer), "OSTERMANN", "2021-06-31"), &body);
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
    fn keys_that_no_contract_knows_are_counted_and_never_told() {
        let body = json!({"nom": "x", "ostermann": 1, "0601020304": 1});
        let closed = Deviation::new(
            Kind::BodyInvalid,
            Location::Whole,
            "no other properties",
            "2 more properties: ostermann, 0601020304",
        );
        assert_eq!(told(closed, &body).observed, "2 more properties: 1 text of 9 characters, 1 number");
        for (pointer, expected) in
            [("/nom", "/nom"), ("/ostermann", "/*"), ("/0601020304", "/*"), ("/ostermann/nom", "/*/nom")]
        {
            let added = Deviation::new(Kind::ResponsePropertyAdded, Location::pointer(pointer), "absent", "present");
            assert_eq!(told(added, &body).location, Location::pointer(expected));
        }
    }

    #[test]
    fn listed_codes_stay_and_every_other_one_goes() {
        let observed = |code: &str| {
            let body = json!({"error": code});
            told(Deviation::new(Kind::ErrorCodeDiffers, Location::pointer("/error"), "not_found", code), &body).observed
        };
        for code in ["00366", "not_found", "none"] {
            assert_eq!(observed(code), code);
        }
        for code in [
            "00367",
            "75056",
            "ostermann_liselotte",
            "OSTERMANN_LISELOTTE",
            "ostermann",
            "Mme OSTERMANN",
            "t0ken_of_a_town",
        ] {
            let told = observed(code);
            assert!(told.as_str().is_some_and(|told| told.starts_with("a string that looks like")), "{code}: {told}");
        }
    }
}
