//! Enums that stay open: a new value of a provider must not break a program that does not look at it.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A value that the contract lists, or one that it does not list (yet), kept as it came.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Open<T> {
    /// One of the contract's values.
    Known(T),
    /// Another value.
    Other(String),
}

impl<T> Open<T> {
    /// The value, if the contract lists it.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Other(_) => None,
        }
    }
}

impl<T: fmt::Display> fmt::Display for Open<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(value) => value.fmt(formatter),
            Self::Other(value) => value.fmt(formatter),
        }
    }
}
