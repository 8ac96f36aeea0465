//! The accepted observation of a case, in insta's file format, so that `cargo insta review` works on it.
//!
//! A snapshot holds status, media type, documented headers by name, and the body. It holds no token and no time of day.

mod recorded;

pub use recorded::RecordError;

use crate::shape::{self, Terms};
use serde_json::Value;
use std::fmt::Write;
use vigie_contract::bounds;
use vigie_contract::model::Operation;
use vigie_drift::deviation::{Deviation, Kind};
use vigie_drift::location::Location;
use vigie_exchange::Response;

/// Headers that pace a caller: in a snapshot by name, wherever they are documented.
const PACING: [&str; 4] = ["ratelimit-limit", "ratelimit-remaining", "ratelimit-reset", "retry-after"];

/// The line before a body, and that before an outline of one.
const BODY: &str = "body:\n";
const SHAPE: &str = "shape:\n";

/// What a snapshot keeps of an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation {
    status: u16,
    media_type: String,
    headers: Vec<String>,
    body: Value,
    /// Whether the body is an outline: types and forms, and no value.
    outlined: bool,
}

impl Observation {
    /// What is kept of an answer. A body that is not JSON is kept as text.
    #[must_use]
    pub fn of(response: &Response, operation: &Operation, body: Option<&Value>) -> Self {
        let documented = operation.answer(response.status.as_u16()).into_iter().flat_map(|answer| &answer.headers);
        let mut headers: Vec<String> = documented.map(|name| name.to_ascii_lowercase()).collect();
        headers.extend(PACING.map(str::to_owned));
        headers.retain(|name| response.headers.contains_key(name));
        headers.sort();
        headers.dedup();
        let text = || Value::String(String::from_utf8_lossy(&response.body).into_owned());
        Self {
            status: response.status.as_u16(),
            media_type: response.media_type().unwrap_or_default(),
            headers,
            body: body.cloned().unwrap_or_else(text),
            outlined: false,
        }
    }

    /// The body; a text where it is no JSON.
    #[must_use]
    pub fn body(&self) -> &Value {
        &self.body
    }

    /// The same answer with pseudonyms in its body.
    #[must_use]
    pub fn with_body(self, body: Value) -> Self {
        Self { body, ..self }
    }

    /// The same answer with an outline in the place of its body: no value of another one differs from it.
    #[must_use]
    pub fn with_outline(self, outline: Value) -> Self {
        Self { body: outline, outlined: true, ..self }
    }

    /// The status of the answer.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The content of a snapshot, without insta's header.
    #[must_use]
    pub fn content(&self) -> String {
        let mut text = format!("status: {}\nmedia-type: {}\n", self.status, self.media_type);
        if !self.headers.is_empty() {
            let _ = writeln!(text, "headers: {}", self.headers.join(", "));
        }
        let body = serde_json::to_string_pretty(&self.body).unwrap_or_default();
        let _ = write!(text, "{}{body}", if self.outlined { SHAPE } else { BODY });
        text
    }

    /// A whole snapshot file.
    #[must_use]
    pub fn file(&self, expression: &str) -> String {
        format!("---\nsource: tests/conformance.rs\nexpression: {expression}\n---\n{}\n", self.content())
    }

    /// Reads a snapshot file, or its content alone. `None` if it is neither.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.replace("\r\n", "\n");
        let content = match text.strip_prefix("---\n") {
            Some(rest) => rest.split_once("\n---\n")?.1,
            None => &text,
        };
        let content = content.trim_start();
        // In JSON a line break inside a text is escaped: the first of these lines is the right one.
        let at = |line: &str| content.split_once(line);
        let (head, body, outlined) = match (at(BODY), at(SHAPE)) {
            (Some((head, body)), other) if other.is_none_or(|(other, _)| head.len() < other.len()) => {
                (head, body, false)
            }
            (_, Some((head, body))) => (head, body, true),
            _ => return None,
        };
        if bounds::is_beyond(body.as_bytes(), bounds::MOST_OF_FILE) {
            return None;
        }
        let field = |name: &str| head.lines().find_map(|line| line.strip_prefix(name));
        Some(Self {
            status: field("status: ")?.parse().ok()?,
            media_type: field("media-type:")?.trim().to_owned(),
            headers: field("headers: ").map(|names| names.split(", ").map(str::to_owned).collect()).unwrap_or_default(),
            body: serde_json::from_str(body).ok()?,
            outlined,
        })
    }

    /// What changed since an observation was accepted, if one was.
    #[must_use]
    pub fn changes_since(&self, accepted: Option<&Self>, terms: &Terms<'_>) -> Vec<Deviation> {
        match accepted {
            Some(accepted) => self.changes_from(accepted, terms),
            None => vec![Deviation::new(Kind::SnapshotMissing, Location::Whole, "an accepted snapshot", "none")],
        }
    }

    /// What changed from the accepted observation to this one, under the terms of the body. Two answers with two statuses
    /// are not compared any further.
    #[must_use]
    pub fn changes_from(&self, accepted: &Self, terms: &Terms<'_>) -> Vec<Deviation> {
        let mut deviations = Vec::new();
        if accepted.status != self.status {
            let (old, new) = (accepted.status.to_string(), self.status.to_string());
            deviations.push(Deviation::new(Kind::ResponseStatusChanged, Location::Whole, old, new));
            return deviations;
        }
        if accepted.media_type != self.media_type {
            let (old, new) = (&*accepted.media_type, &*self.media_type);
            deviations.push(Deviation::new(Kind::ResponseMediaTypeChanged, Location::name("content-type"), old, new));
        }
        for gone in accepted.headers.iter().filter(|name| !self.headers.contains(name)) {
            deviations.push(Deviation::new(Kind::HeaderAbsent, Location::name(gone), "present", "absent"));
        }
        let moved = |deviation: &Deviation| deviation.kind == Kind::DataChanged;
        let body = shape::compare(&accepted.body, &self.body, terms).into_iter();
        deviations.extend(body.filter(|deviation| !(accepted.outlined && moved(deviation))));
        deviations
    }
}

#[cfg(test)]
mod tests {
    use super::Observation;
    use crate::shape::Terms;
    use serde_json::json;

    fn observation(body: serde_json::Value) -> Observation {
        Observation {
            status: 200,
            media_type: "application/json".into(),
            headers: vec!["ratelimit-limit".into()],
            body,
            outlined: false,
        }
    }

    #[test]
    fn a_file_reads_back_as_it_was() {
        let whole = observation(json!({"a": ["body:\n", 1.5, null]}));
        assert_eq!(Observation::parse(&whole.file("op/case")), Some(whole.clone()));
        assert_eq!(Observation::parse(&whole.file("op/case").replace('\n', "\r\n")), Some(whole.clone()));
        assert_eq!(Observation::parse(&whole.content()), Some(whole.clone()));
        let outlined = whole.with_outline(json!({"shape:\n": "body:\n"}));
        assert_eq!(Observation::parse(&outlined.file("op/case")), Some(outlined));
        assert_eq!(Observation::parse("---\nsource: x\n---\nsomething else"), None);
    }

    #[test]
    fn of_an_outline_only_the_shape_counts() {
        let accepted = observation(json!(null)).with_outline(json!({"a": 0, "b": "2000-01-01"}));
        let changes = |body| observation(body).changes_from(&accepted, &Terms::NONE);
        assert_eq!(changes(json!({"a": 7, "b": "1989-07-18"})), []);
        assert_eq!(changes(json!({"a": 7, "b": "18/07/1989"})).len(), 1);
        assert_eq!(changes(json!({"a": "7", "b": "1989-07-18"})).len(), 1);
    }

    #[test]
    fn a_header_that_went_and_a_value_that_moved_are_both_told() {
        let accepted = observation(json!({"a": 1}));
        let observed = Observation { headers: vec![], ..observation(json!({"a": 2})) };
        assert_eq!(observed.changes_from(&accepted, &Terms::NONE).len(), 2);
    }
}
