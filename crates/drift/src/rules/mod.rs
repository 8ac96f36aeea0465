//! The rules, as data: one entry for each kind of deviation, in a file for each subject.

mod answer;
mod document;
mod error_code;
mod exchange;
mod graphql;
mod operation;
mod outage;
mod parameter;
mod query;
mod request;
mod request_body;
mod response;
mod setup;
mod snapshot;
mod value;

use crate::deviation::{Deviation, Kind};
use crate::finding::{Certainty, Class, Verdict};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

/// What one kind of deviation means.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// The kind of deviation that it judges.
    pub kind: Kind,
    /// Kebab case, by subject; a keyword of `OpenAPI` keeps its capitals.
    pub id: &'static str,
    /// What it means for a consumer; [`Rule::class`] says it of one deviation.
    pub class: Class,
    /// Whether every consumer is hit.
    pub sure: Sure,
    /// Compatible on the wire, and worth a look all the same.
    pub info: bool,
    /// The verdict of a case that has it; `None` when it does not fail the case.
    pub verdict: Option<Verdict>,
    /// One line: what is wrong.
    pub title: &'static str,
    /// What it detects.
    pub sees: &'static str,
    /// Why it matters to a consumer.
    pub why: &'static str,
    /// An example: a request or an answer on which the two sides disagree. `{operation}`, `{location}`, `{before}` and
    /// `{after}` stand for those of a finding; `{before|no bounds}` has its own words for a side that states nothing. The
    /// rule's fixture runs it.
    pub witness: &'static str,
}

/// A rule is its id: in a report, in an order, and beside another one.
impl fmt::Display for Rule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.id)
    }
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

impl Eq for Rule {}

impl Ord for Rule {
    fn cmp(&self, other: &Self) -> Ordering {
        self.id.cmp(other.id)
    }
}

impl PartialOrd for Rule {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Hash for Rule {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.kind.hash(state);
    }
}

impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id)
    }
}

impl<'de> Deserialize<'de> for &'static Rule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let id = String::deserialize(deserializer)?;
        by_id(&id).ok_or_else(|| D::Error::custom(UnknownRule(id)))
    }
}

/// The id of a rule that this version does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("vigie {} has no rule `{}`", env!("CARGO_PKG_VERSION"), .0.escape_debug())]
pub struct UnknownRule(pub String);

/// How sure a rule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sure {
    /// Of every consumer.
    Definite,
    /// It hangs on what a consumer does, or on whether the provider follows its document.
    Conditional,
    /// Definite unless the old side says `optional`.
    IfRequired,
}

impl fmt::Display for Sure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Definite => "definite",
            Self::Conditional => "conditional",
            Self::IfRequired => "definite if required",
        })
    }
}

impl Rule {
    /// What most rules have: not only worth a look, and no verdict on a case.
    const PLAIN: Self = Self {
        kind: Kind::DataChanged,
        id: "",
        class: Class::Data,
        sure: Sure::Conditional,
        info: false,
        verdict: None,
        title: "",
        sees: "",
        why: "",
        witness: "",
    };

    /// What one deviation means. What only the generated client gets wrong is no fault of the provider; where the contract
    /// does not allow it either, no consumer can be right.
    #[must_use]
    pub fn class(&self, deviation: &Deviation) -> Class {
        if self.class == Class::Client && deviation.beyond_contract { Class::Breaking } else { self.class }
    }

    /// How sure the rule is of one deviation.
    #[must_use]
    pub fn certainty(&self, deviation: &Deviation) -> Certainty {
        match self.sure {
            Sure::Conditional => Certainty::Conditional,
            Sure::IfRequired if deviation.expected == "optional" => Certainty::Conditional,
            Sure::Definite | Sure::IfRequired => Certainty::Definite,
        }
    }
}

/// What was compared when a rule finds something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compared {
    /// Two contracts.
    Contracts,
    /// An answer, with its contract or with an accepted one.
    Answers,
    /// A consumer's query with a contract.
    Queries,
}

/// What some rules are about.
#[derive(Debug, Clone, Copy)]
pub struct Subject {
    /// For a heading.
    pub title: &'static str,
    /// What was compared.
    pub compared: Compared,
    /// Its rules.
    pub rules: &'static [Rule],
}

/// The subjects, in the order in which they are told: two contracts, two answers, an exchange beside its contract, why
/// there is none, and what a consumer asks.
pub const SUBJECTS: [Subject; 15] = [
    Subject { title: "Operations and servers", compared: Compared::Contracts, rules: operation::RULES },
    Subject { title: "Parameters", compared: Compared::Contracts, rules: parameter::RULES },
    Subject { title: "Request bodies", compared: Compared::Contracts, rules: request_body::RULES },
    Subject { title: "What a caller sends", compared: Compared::Contracts, rules: request::RULES },
    Subject { title: "Statuses, headers and media types", compared: Compared::Contracts, rules: answer::RULES },
    Subject { title: "Bodies of answers", compared: Compared::Contracts, rules: response::RULES },
    Subject { title: "Values of both", compared: Compared::Contracts, rules: value::RULES },
    Subject { title: "GraphQL schemas", compared: Compared::Contracts, rules: graphql::RULES },
    Subject { title: "Error codes", compared: Compared::Contracts, rules: error_code::RULES },
    Subject { title: "The document", compared: Compared::Contracts, rules: document::RULES },
    Subject { title: "An answer beside the accepted one", compared: Compared::Answers, rules: snapshot::RULES },
    Subject {
        title: "An exchange beside its contract, client and case",
        compared: Compared::Answers,
        rules: exchange::RULES,
    },
    Subject { title: "No answer that can be judged", compared: Compared::Answers, rules: outage::RULES },
    Subject { title: "What the run was given", compared: Compared::Answers, rules: setup::RULES },
    Subject { title: "A consumer's queries beside the contract", compared: Compared::Queries, rules: query::RULES },
];

/// Every rule, subject by subject.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    SUBJECTS.iter().flat_map(|subject| subject.rules)
}

/// What was compared when a kind of deviation shows.
#[must_use]
pub fn compared(kind: Kind) -> Option<Compared> {
    let has = |subject: &&Subject| subject.rules.iter().any(|rule| rule.kind == kind);
    SUBJECTS.iter().find(has).map(|subject| subject.compared)
}

/// A rule by its id.
#[must_use]
pub fn by_id(id: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.id == id)
}

/// From here on, an id is taken for another one that is misspelt, or cut short.
const ALIKE: f64 = 0.8;

/// Ids of rules that look like this text, three at most, the likest first.
#[must_use]
pub fn near(id: &str) -> Vec<&'static str> {
    let likeness = |rule: &'static Rule| (crate::finding::likeness(id, rule.id), rule.id);
    let mut near: Vec<(f64, &str)> = all().map(likeness).filter(|(alike, _)| *alike >= ALIKE).collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0));
    near.into_iter().take(3).map(|(_, id)| id).collect()
}

/// The rule of a kind of deviation.
///
/// # Panics
/// If a kind has no rule, which a test below excludes.
#[must_use]
pub fn rule(kind: Kind) -> &'static Rule {
    all().find(|rule| rule.kind == kind).unwrap_or_else(|| panic!("{kind:?} has no rule"))
}

#[cfg(test)]
mod tests {
    use super::{all, by_id, near};
    use crate::deviation::Kind;

    #[test]
    fn every_kind_has_exactly_one_rule_with_all_its_texts() {
        for kind in Kind::ALL {
            assert_eq!(all().filter(|rule| rule.kind == *kind).count(), 1, "{kind:?}");
        }
        for rule in all() {
            assert!(by_id(rule.id).is_some_and(|found| found.kind == rule.kind), "{} stands twice", rule.id);
            for text in [rule.title, rule.sees, rule.why, rule.witness] {
                assert!(!text.is_empty(), "{} lacks a text", rule.id);
            }
            let placeholders = rule.witness.split('{').skip(1).filter_map(|rest| rest.split('}').next());
            for placeholder in placeholders {
                let known = ["operation", "location", "before", "after"];
                let name = placeholder.split('|').next().unwrap_or_default();
                assert!(known.contains(&name), "{}: nothing stands for {{{placeholder}}}", rule.id);
            }
        }
    }

    #[test]
    fn a_misspelt_id_finds_its_rule() {
        for (misspelt, id) in [
            ("respons-proprety-removed", "response-property-removed"),
            ("parametre-removed", "parameter-removed"),
            ("data", "data-changed"),
        ] {
            assert_eq!(near(misspelt).first(), Some(&id));
        }
        assert_eq!(near("xyz"), Vec::<&str>::new());
    }
}
