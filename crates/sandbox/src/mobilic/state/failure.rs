//! Why something was refused, in the words of the real server.

use serde_json::{Map, Value};

/// A refusal.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    pub(crate) message: String,
    /// `None` is a bug of the real server that its callers see.
    pub(crate) code: Option<&'static str>,
    /// What stands beside the code.
    pub(crate) extra: Map<String, Value>,
    /// Without place and path: found while a leaf was written.
    pub(crate) bare: bool,
    /// What the failing mutation changed stays.
    pub(crate) kept: bool,
}

impl Failure {
    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { message: message.into(), code: Some(code), extra: Map::new(), bare: false, kept: false }
    }

    /// An answer of the real server that is a bug of its own: under 200, without a code.
    pub(crate) fn bug(message: impl Into<String>) -> Self {
        Self { code: None, ..Self::new("", message) }
    }

    pub(crate) fn authentication(message: &str) -> Self {
        Self::new("AUTHENTICATION_ERROR", message)
    }

    pub(crate) fn unauthorized() -> Self {
        Self::new("AUTHORIZATION_ERROR", "Actor is not authorized to perform the operation")
    }

    pub(crate) fn forbidden() -> Self {
        Self::new("AUTHORIZATION_ERROR", "Forbidden access")
    }

    pub(crate) fn inputs(message: impl Into<String>) -> Self {
        Self::new("INVALID_INPUTS", message)
    }

    pub(crate) fn resource(message: impl Into<String>) -> Self {
        Self::new("INVALID_RESOURCE", message)
    }

    pub(crate) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.extra.insert(name.to_owned(), value.into());
        self
    }

    pub(crate) fn keeping(mut self) -> Self {
        self.kept = true;
        self
    }
}

/// What an attribute of nothing answers.
pub(crate) fn nothing(attribute: &str) -> Failure {
    Failure::bug(format!("'NoneType' object has no attribute '{attribute}'"))
}
