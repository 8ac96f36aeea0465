//! What two documents, or two answers, have apart, in the nouns that every reporter draws.

use crate::finding::{Certainty, Class, Conclusion, Finding, Ignored};
use serde::Serialize;
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
#[derive(Debug, Clone, Serialize)]
pub struct Cause {
    /// Eight hexadecimal digits that depend on rule, kind of place and values alone: the same cause has the same id
    /// tomorrow, wherever else it shows.
    pub id: String,
    /// The rule's id.
    pub rule: &'static str,
    /// What it means for a consumer.
    pub class: Class,
    /// Whether it hits every consumer: definite if one place is.
    pub certainty: Certainty,
    /// One line: what changed.
    pub title: &'static str,
    /// Why it matters to a consumer.
    pub why: &'static str,
    /// A request or an answer on which the two sides do not agree, at the first place.
    pub witness: String,
    /// Everywhere it shows.
    pub places: Vec<Place>,
    /// What the old side states.
    #[serde(rename = "before", skip_serializing_if = "Value::is_null")]
    pub expected: Value,
    /// What the new side states.
    #[serde(rename = "after", skip_serializing_if = "Value::is_null")]
    pub observed: Value,
    /// Why the two could not be compared here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_compared: Option<String>,
    /// Why several changes are taken for one, such as a renaming.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
    /// What it does to the generated client.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub impact: Option<Impact>,
    /// Where the consumer's sources use it, `src/main.rs:12`; `None` when no sources were given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub used: Option<Vec<String>>,
}

/// Where a cause shows.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// `GET /v3/..`, or the id of a case's operation.
    pub operation: String,
    /// The place in words, or a JSON pointer in a case.
    pub location: String,
    /// The case's file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
}

/// What a cause does to the client that is generated from the contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
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
        !self.changes.iter().any(|change| change.not_compared.is_some() && change.class == Class::Uncertain)
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
