//! Recorded answers, `{status, headers, body}`: two of them compare as an answer does with its snapshot.

use super::Observation;
use serde_json::{Map, Value};

/// Headers that tell of one transport, not of the API: an answer without them is the same answer.
const TRANSPORT: [&str; 16] = [
    "accept-ranges",
    "age",
    "alt-svc",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "date",
    "etag",
    "keep-alive",
    "server",
    "set-cookie",
    "strict-transport-security",
    "transfer-encoding",
    "vary",
    "via",
];

/// Why a value is no recorded answer.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// No map, or one without a status.
    #[error("not a recorded answer: expected `status`, and `headers` and `body` where it has them")]
    Form,
    /// A status that HTTP does not have.
    #[error("`status` is {0}: expected a number from 100 to 599")]
    Status(String),
    /// Headers that are no map of names.
    #[error("`headers` is no map from names to texts")]
    Headers,
}

impl Observation {
    /// What is kept of a recorded answer: `status`, and where it has them `headers` (name to text, or to a list of texts)
    /// and `body`. A body that was recorded as text is read as JSON where its media type says so.
    pub fn recorded(answer: &Value) -> Result<Self, RecordError> {
        let answer = answer.as_object().ok_or(RecordError::Form)?;
        let status = answer.get("status").ok_or(RecordError::Form)?;
        let code = status.as_u64().and_then(|code| u16::try_from(code).ok()).filter(|code| (100..600).contains(code));
        let nothing = Map::new();
        let headers = match answer.get("headers") {
            None | Some(Value::Null) => &nothing,
            Some(headers) => headers.as_object().ok_or(RecordError::Headers)?,
        };
        let mut names: Vec<String> = headers.keys().map(|name| name.to_ascii_lowercase()).collect();
        names.retain(|name| !TRANSPORT.contains(&name.as_str()));
        names.sort();
        names.dedup();
        let content_type = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        let content_type = content_type.and_then(|(_, value)| value.get(0).unwrap_or(value).as_str());
        let media_type = content_type.and_then(|value| value.split(';').next()).unwrap_or_default();
        let body = answer.get("body").unwrap_or(&Value::Null);
        let parsed =
            body.as_str().filter(|_| media_type.contains("json")).and_then(|text| serde_json::from_str(text).ok());
        Ok(Self {
            status: code.ok_or_else(|| RecordError::Status(status.to_string()))?,
            media_type: media_type.trim().to_ascii_lowercase(),
            headers: names,
            body: parsed.unwrap_or_else(|| body.clone()),
            outlined: false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::RecordError;
    use crate::shape::Terms;
    use crate::snapshot::Observation;
    use serde_json::{Value, json};
    use vigie_drift::deviation::Kind;

    fn kinds(old: &Value, new: &Value) -> Vec<(Kind, String)> {
        let recorded = |answer| Observation::recorded(answer).expect("it is a recorded answer");
        let deviations = recorded(new).changes_from(&recorded(old), &Terms::NONE);
        deviations.into_iter().map(|deviation| (deviation.kind, deviation.location.to_string())).collect()
    }

    #[test]
    fn every_part_of_an_answer_is_compared() {
        let old = json!({
            "status": 200,
            "headers": {"Content-Type": "application/json; charset=utf-8", "RateLimit-Limit": "20", "Date": "Monday"},
            "body": {"annee": "2024-2025"},
        });
        for (pointer, changed, expected) in [
            ("/status", json!(404), (Kind::ResponseStatusChanged, "")),
            ("/headers/Content-Type", json!(["text/json"]), (Kind::ResponseMediaTypeChanged, "content-type")),
            ("/headers", json!({"content-type": "Application/JSON"}), (Kind::HeaderAbsent, "ratelimit-limit")),
            ("/body/annee", json!("2025"), (Kind::ValueFormChanged, "/annee")),
            ("/body", json!("{\"annee\": \"2025-2026\"}"), (Kind::DataChanged, "/annee")),
            ("/body", json!({}), (Kind::ResponsePropertyRemoved, "/annee")),
        ] {
            let mut new = old.clone();
            *new.pointer_mut(pointer).expect("the place is there") = changed;
            assert_eq!(kinds(&old, &new), [(expected.0, expected.1.to_owned())], "{pointer}");
        }
        assert_eq!(kinds(&old, &old), []);
    }

    #[test]
    fn what_is_no_recorded_answer_says_why() {
        let good = json!({"status": 204});
        assert_eq!(kinds(&good, &good), []);
        for (bad, error) in [
            (json!([1]), RecordError::Form),
            (json!({"body": {}}), RecordError::Form),
            (json!({"status": "200"}), RecordError::Status("\"200\"".into())),
            (json!({"status": 42}), RecordError::Status("42".into())),
            (json!({"status": 200, "headers": ["a"]}), RecordError::Headers),
        ] {
            assert_eq!(Observation::recorded(&bad), Err(error));
        }
    }
}
