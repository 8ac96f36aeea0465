//! How people get in: the variables that are read, and the way to a token in the words that its users know.

use super::Stage;

/// An environment variable that is read.
#[derive(Debug, Clone, Copy)]
pub struct Variable {
    /// `VIGIE_API_PARTICULIER_TOKEN`
    pub name: &'static str,
    /// What it holds, in a line.
    pub what: &'static str,
    /// How one gets that, in a line.
    pub how: &'static str,
}

/// How people get in.
#[derive(Debug, Clone, Copy)]
pub struct Access {
    /// The variable that holds a token for real targets. With `_FILE` at its end it names a file that does.
    pub token: Variable,
    /// Further variables, those of a login.
    pub further: &'static [Variable],
    /// The steps to a token.
    pub steps: &'static str,
    /// How one gets a scope that a token lacks, where there are scopes.
    pub scope: Option<&'static str>,
    /// The steps to the token of the staging, where it is public and nobody has to apply for it.
    pub staging: Option<&'static str>,
}

impl Access {
    /// The steps to a token of a stage, or of a host of one's own.
    #[must_use]
    pub fn steps_to(&self, stage: Option<Stage>) -> &'static str {
        self.public(stage).unwrap_or(self.steps)
    }

    /// The steps to the public token of a stage, if it has one.
    #[must_use]
    pub fn public(&self, stage: Option<Stage>) -> Option<&'static str> {
        self.staging.filter(|_| stage == Some(Stage::Staging))
    }
}

/// What only one API answers, asked without a token.
#[derive(Debug, Clone, Copy)]
pub enum Hallmark {
    /// An operation whose documented 200 is enough, by its id.
    Operation(&'static str),
    /// The type that queries begin with, of which a GraphQL path tells the name.
    QueryType {
        /// The path.
        path: &'static str,
        /// The name.
        name: &'static str,
    },
}
