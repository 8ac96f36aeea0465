//! Which cases are wanted. Names of folders and files decide, so that nothing has to be parsed for that: a file that is
//! not wanted may be broken.

use super::Scenario;
use crate::pattern::Pattern;

/// What is wanted of a corpus. The default is everything.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    operation: Option<String>,
    glob: Option<Pattern>,
}

impl Choice {
    /// The cases of an operation, and those whose name, or `operation/name`, matches a pattern. An error says what is
    /// wrong with the pattern.
    pub fn new(operation: Option<&str>, pattern: Option<&str>) -> Result<Self, String> {
        Ok(Self { operation: operation.map(str::to_owned), glob: pattern.map(Pattern::glob).transpose()? })
    }

    /// Whether a scenario is wanted. Steps need each other: one that is wanted brings its scenario.
    #[must_use]
    pub fn takes(&self, scenario: &Scenario) -> bool {
        let calls = |id: &String| scenario.cases().any(|case| case.operation == *id);
        self.operation.as_ref().is_none_or(calls)
            && (self.named(&scenario.topic, &scenario.name)
                || scenario.cases().any(|case| self.named(&case.operation, &case.name)))
    }

    /// Whether a file of one case is wanted: its folder is its operation.
    pub(super) fn takes_case(&self, topic: &str, name: &str) -> bool {
        self.operation.as_ref().is_none_or(|id| id == topic) && self.named(topic, name)
    }

    /// Whether a file of steps may be wanted: which operations it calls stands in it.
    pub(super) fn may_take(&self, text: &str) -> bool {
        self.operation.as_ref().is_none_or(|id| text.contains(id.as_str()))
    }

    /// Whether a name, or `folder/name`, is one that is asked for.
    pub(super) fn named(&self, folder: &str, name: &str) -> bool {
        let fits = |glob: &Pattern| glob.fits(name) || glob.fits(&format!("{folder}/{name}"));
        self.glob.as_ref().is_none_or(fits)
    }
}
