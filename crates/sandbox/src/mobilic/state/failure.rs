//! Why something was refused, in the words of the real server.

use serde_json::{Map, Value};

/// A refusal.
#[derive(Debug, Clone)]
pub(in super::super) struct Failure {
    pub(in super::super) message: String,
    /// `None` is a bug of the real server that its callers see.
    pub(in super::super) code: Option<&'static str>,
    /// What stands beside the code.
    pub(in super::super) extra: Map<String, Value>,
    /// Without place and path: found while a leaf was written.
    pub(in super::super) bare: bool,
    /// What the failing mutation changed stays.
    pub(in super::super) kept: bool,
}

impl Failure {
    pub(in super::super) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { message: message.into(), code: Some(code), extra: Map::new(), bare: false, kept: false }
    }

    /// An answer of the real server that is a bug of its own: under 200, without a code.
    pub(in super::super) fn bug(message: impl Into<String>) -> Self {
        Self { code: None, ..Self::new("", message) }
    }

    pub(in super::super) fn authentication(message: &str) -> Self {
        Self::new("AUTHENTICATION_ERROR", message)
    }

    pub(in super::super) fn unauthorized() -> Self {
        Self::new("AUTHORIZATION_ERROR", "Actor is not authorized to perform the operation")
    }

    pub(in super::super) fn forbidden() -> Self {
        Self::new("AUTHORIZATION_ERROR", "Forbidden access")
    }

    pub(in super::super) fn inputs(message: impl Into<String>) -> Self {
        Self::new("INVALID_INPUTS", message)
    }

    pub(in super::super) fn resource(message: impl Into<String>) -> Self {
        Self::new("INVALID_RESOURCE", message)
    }

    pub(in super::super) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.extra.insert(name.to_owned(), value.into());
        self
    }

    pub(in super::super) fn keeping(mut self) -> Self {
        self.kept = true;
        self
    }
}

/// What an attribute of nothing answers.
pub(in super::super) fn nothing(attribute: &str) -> Failure {
    Failure::bug(format!("'NoneType' object has no attribute '{attribute}'"))
}
