//! What two documents, or two answers, have apart, in the nouns that every reporter draws.

use crate::finding::{Certainty, Class, Conclusion, Finding, Ignored};
use crate::location::Location;
use crate::rules::Rule;
use serde::{Deserialize, Serialize};
use serde_json::Value;
pub use vigie_contract::read::Form;

/// Two documents, compared.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// The old one.
    pub old: Side,
    /// The new one.
    pub new: Side,
    /// What was tolerated, and what could not be compared.
    pub notes: Vec<String>,
    /// Every change, elementary, in the order of the operations; a lone `document-implausible` when the new document is
    /// not credible.
    pub changes: Vec<Finding>,
    /// The same changes by cause, worst first.
    pub causes: Vec<Cause>,
    /// Changes that exceptions take out of both.
    pub ignored: Vec<Ignored>,
}

/// One of two documents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Side {
    /// How the user named it: a file, or `REV:path`.
    pub name: String,
    /// What it is.
    pub kind: Form,
    /// Its title, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Its version, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

/// What made one change, or the same change in many places.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Cause {
    /// Eight hexadecimal digits that depend on rule, kind of place and values alone: the same cause has the same id
    /// tomorrow, wherever else it shows.
    pub id: String,
    /// The rule that judged its findings.
    pub rule: &'static Rule,
    /// What it means for a consumer.
    pub class: Class,
    /// Whether it hits every consumer: definite if one place is.
    pub certainty: Certainty,
    /// A request or an answer on which the two sides do not agree, at the first place.
    pub witness: String,
    /// Everywhere it shows.
    pub places: Vec<Place>,
    /// The schemas of the contract's components that it is a change of, by name; none where a place is in no shared schema.
    pub components: Vec<String>,
    /// What the old side states.
    pub expected: Value,
    /// What the new side states.
    pub observed: Value,
    /// Why the two could not be compared here.
    pub not_compared: Option<String>,
    /// Why several changes are taken for one, such as a renaming.
    pub evidence: Option<String>,
    /// What shows the same event once more, such as a client that cannot read a body that does not fit the contract. Its
    /// findings are in the cases.
    pub also: Vec<Also>,
    /// What it does to the generated client.
    pub impact: Option<Impact>,
    /// Where the consumer's sources use it, `src/main.rs:12`; `None` when no sources were given.
    pub used: Option<Vec<String>>,
}

/// A cause as it stands in a report, with the words of its rule.
#[derive(Serialize, Deserialize)]
struct Written {
    id: String,
    rule: &'static Rule,
    class: Class,
    certainty: Certainty,
    #[serde(skip_deserializing)]
    title: &'static str,
    #[serde(skip_deserializing)]
    why: &'static str,
    #[serde(default)]
    witness: String,
    places: Vec<Place>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    components: Vec<String>,
    #[serde(default, skip_serializing_if = "Value::is_null")]
    before: Value,
    #[serde(default, skip_serializing_if = "Value::is_null")]
    after: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    not_compared: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    also: Vec<Also>,
    #[serde(skip_serializing_if = "Option::is_none")]
    impact: Option<Impact>,
    #[serde(skip_serializing_if = "Option::is_none")]
    used: Option<Vec<String>>,
}

impl From<Cause> for Written {
    fn from(cause: Cause) -> Self {
        Self {
            id: cause.id,
            rule: cause.rule,
            class: cause.class,
            certainty: cause.certainty,
            title: cause.rule.title,
            why: cause.rule.why,
            witness: cause.witness,
            places: cause.places,
            components: cause.components,
            before: cause.expected,
            after: cause.observed,
            not_compared: cause.not_compared,
            evidence: cause.evidence,
            also: cause.also,
            impact: cause.impact,
            used: cause.used,
        }
    }
}

impl TryFrom<Written> for Cause {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        let is_id = |id: &str| id.len() == 8 && id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if !is_id(&written.id) {
            return Err(format!("`{}` is not the id of a cause: eight hexadecimal digits", written.id.escape_debug()));
        }
        Ok(Self {
            id: written.id,
            rule: written.rule,
            class: written.class,
            certainty: written.certainty,
            witness: written.witness,
            places: written.places,
            components: written.components,
            expected: written.before,
            observed: written.after,
            not_compared: written.not_compared,
            evidence: written.evidence,
            also: written.also,
            impact: written.impact,
            used: written.used,
        })
    }
}

/// What shows the event of a cause once more.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Also {
    /// The rule that judged its findings.
    pub rule: &'static Rule,
    /// The id that they have as a cause: exceptions and `vigie accept` take it.
    pub id: String,
}

/// Where a cause shows.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// `GET /v3/..`, or the id of a case's operation.
    pub operation: String,
    /// Where in it.
    pub location: Location,
    /// The case's file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
}

/// What a cause does to the client that is generated from the contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Impact {
    /// Whether a program written against the old client still sends what the provider takes.
    pub request: Effect,
    /// Whether the old client still reads the new answers.
    pub decode: Effect,
    /// Rust types of the client that change, by name.
    pub types: Vec<String>,
    /// Methods of the client that change, by name.
    pub methods: Vec<String>,
    /// The version bump that a crate with the regenerated client owes its users.
    pub semver: Semver,
}

/// Whether something goes on working.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// As before.
    Works,
    /// For some values or callers only.
    MayFail,
    /// Never, or for every caller.
    Fails,
}

/// A version bump.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Semver {
    /// No public item changes.
    Patch,
    /// Public items are added.
    Minor,
    /// Public items change or go.
    Major,
}

impl Comparison {
    /// Of a series: what was seen anywhere was seen.
    #[must_use]
    pub fn conclude(series: &[Self]) -> Conclusion {
        let any = |conclusion| series.iter().any(|comparison| comparison.conclusion() == conclusion);
        match () {
            () if any(Conclusion::Drift) => Conclusion::Drift,
            () if any(Conclusion::Inconclusive) => Conclusion::Inconclusive,
            () => Conclusion::Conformant,
        }
    }

    /// Whether the new document can stand for what the old one describes; otherwise nothing was compared.
    #[must_use]
    pub fn is_credible(&self) -> bool {
        self.changes.iter().all(|change| change.class != Class::Implausible)
    }

    /// Whether all that both documents state was compared, but what an exception or a severity takes out.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        !self.changes.iter().any(|change| change.fact.not_compared.is_some() && change.class == Class::Uncertain)
    }

    /// A breaking change is drift; a document that is not credible says nothing, and what was not compared may hide one.
    #[must_use]
    pub fn conclusion(&self) -> Conclusion {
        let any = |class| self.changes.iter().any(|change| change.class == class);
        if any(Class::Breaking) {
            Conclusion::Drift
        } else if !self.is_credible() || !self.is_whole() {
            Conclusion::Inconclusive
        } else {
            Conclusion::Conformant
        }
    }
}
