//! Answers of GraphQL operations: errors come under HTTP 200, beside the data that is known all the same.

use super::codes::told;

/// An error that may have a code.
pub trait Coded {
    /// `extensions.code`; `None` for errors that the server did not mean to raise.
    fn code(&self) -> Option<&str>;

    /// The codes that its provider documents: no message repeats another one.
    const KNOWN: &[&str] = &[];
}

/// The answer of a GraphQL operation. Its `data` is a field; with errors it may be `None`, or known in part.
pub trait GraphqlAnswer {
    /// One error.
    type Error: Coded;

    /// Every error; none if all of the operation was executed.
    fn errors(&self) -> &[Self::Error];

    /// The first code among the errors.
    fn code(&self) -> Option<&str> {
        self.errors().iter().find_map(Coded::code)
    }

    /// The answer if it is without errors, else what these are. The data of a partial answer is not lost: the answer still
    /// has it.
    fn whole(&self) -> Result<&Self, GraphqlErrors> {
        match self.errors() {
            [] => Ok(self),
            errors => Err(GraphqlErrors {
                count: errors.len(),
                code: self.code().map(|code| told(code, &[Self::Error::KNOWN])),
            }),
        }
    }
}

/// Not all of an operation was executed. The messages may name people, so only the number and the code are shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the operation was answered with {count} errors{}", .code.as_ref().map(|code| format!(" ({code})")).unwrap_or_default())]
pub struct GraphqlErrors {
    /// How many there are.
    pub count: usize,
    /// The first code among them: `AUTHORIZATION_ERROR`. One that is not documented is not repeated here.
    pub code: Option<String>,
}
