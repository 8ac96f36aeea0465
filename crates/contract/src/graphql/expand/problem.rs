//! What is wrong with a text in GraphQL, or with the contract that it is read against: where, what, and how to mend it.

use std::fmt;

/// Why a contract cannot be expanded: everything that is wrong, in the order of the files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpandError(pub Vec<Problem>);

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file, as its name was given.
    pub file: String,
    /// Line and column, from 1; `None` where the file as a whole is meant.
    pub place: Option<(usize, usize)>,
    /// What kind of fault.
    pub fault: Fault,
    /// What is wrong.
    pub message: String,
    /// What to write instead; empty where nothing can be said.
    pub mend: String,
}

/// Kinds of faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// It is no GraphQL.
    Syntax,
    /// GraphQL that the schema does not answer.
    Invalid,
    /// GraphQL of today that the server, which is older, refuses.
    Dialect,
    /// The contract itself: a schema, or what its document says of the schemas.
    Contract,
}

impl Problem {
    /// A fault without a place.
    pub(super) fn new(fault: Fault, file: &str, message: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { file: file.to_owned(), place: None, fault, message: message.into(), mend: mend.into() }
    }

    /// The file with line and column, as editors open it.
    #[must_use]
    pub fn at(&self) -> String {
        self.place.map_or_else(|| self.file.clone(), |(line, column)| format!("{}:{line}:{column}", self.file))
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.at(), self.message)?;
        if self.mend.is_empty() { Ok(()) } else { write!(formatter, "; {}", self.mend) }
    }
}

impl fmt::Display for ExpandError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, problem) in self.0.iter().enumerate() {
            write!(formatter, "{}{problem}", if position > 0 { "\n" } else { "" })?;
        }
        Ok(())
    }
}

impl std::error::Error for ExpandError {}
