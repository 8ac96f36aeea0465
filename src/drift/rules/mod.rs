//! The rules, as data: one entry for each kind of deviation, in a file for each subject.

mod answer;
mod document;
mod error_code;
mod exchange;
mod graphql;
mod operation;
mod parameter;
mod request;
mod response;
mod snapshot;

use crate::deviation::{Deviation, Kind};
use crate::finding::{Certainty, Class, Verdict};

/// What one kind of deviation means.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// The kind of deviation that it judges.
    pub kind: Kind,
    /// Kebab case, by subject; a keyword of `OpenAPI` keeps its capitals.
    pub id: &'static str,
    /// What it means for a consumer.
    pub class: Class,
    /// Whether every consumer is hit.
    pub sure: Sure,
    /// Compatible on the wire, and worth a look all the same.
    pub info: bool,
    /// The verdict of a case that has it; `None` when it does not fail the case.
    pub verdict: Option<Verdict>,
    /// One line: what is wrong.
    pub title: &'static str,
    /// What is compared.
    pub sees: &'static str,
    /// Why it matters to a consumer.
    pub why: &'static str,
    /// A request or an answer on which the two sides do not agree. `{operation}`, `{location}`, `{before}` and `{after}`
    /// stand for those of a finding. The rule's fixture runs it.
    pub witness: &'static str,
}

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

/// Every rule, subject by subject.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    let subjects = [
        operation::RULES,
        parameter::RULES,
        request::RULES,
        answer::RULES,
        response::RULES,
        graphql::RULES,
        error_code::RULES,
        document::RULES,
        snapshot::RULES,
        exchange::RULES,
    ];
    subjects.into_iter().flatten()
}

/// A rule by its id.
#[must_use]
pub fn by_id(id: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.id == id)
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
    use super::{all, by_id};
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
        }
    }
}
