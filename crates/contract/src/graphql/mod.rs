//! GraphQL schemas, read from SDL or introspection, and queries on them as operations. Pure: no IO.
//!
//! Both forms give the same [`Schema`], so that one may be compared with the other.

mod credible;
pub mod expand;
mod introspection;
mod literal;
pub mod model;
mod sdl;
mod whole;

pub use credible::credible;
pub use introspection::{INTROSPECTION, is_introspection};
pub use model::{BUILT_IN, Field, Input, Root, Schema, Type, TypeRef};
pub use sdl::looks_like_sdl;

use serde_json::Value;

/// Lists within lists, and values within values, that are read.
const DEEPEST: usize = 100;
/// Bytes of a document that are read: several times the largest public schemas.
const MOST_BYTES: usize = 32 << 20;

/// Why a document is no schema.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ReadError {
    /// More bytes than any schema has.
    #[error("the document has {} MB; a schema has {} MB at most", .0 >> 20, MOST_BYTES >> 20)]
    TooLarge(usize),
    /// Neither of the two forms.
    #[error("the document is no GraphQL schema: it is neither SDL nor the answer to an introspection query")]
    NotGraphQl,
    /// It stops too early, in the middle of a definition.
    #[error("the document is cut off: line {line}, column {column}: {message}")]
    Cut {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What the parser says.
        message: String,
    },
    /// One of the two forms, with a fault.
    #[error("line {line}, column {column}: {message}")]
    Syntax {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What the parser says.
        message: String,
    },
    /// It parses, and is not whole: it was cut between two definitions, or is broken.
    #[error("the schema is cut off or broken: {0}")]
    Broken(String),
}

impl ReadError {
    fn at(is_end: bool, line: usize, column: usize, message: String) -> Self {
        if is_end { Self::Cut { line, column, message } } else { Self::Syntax { line, column, message } }
    }
}

/// Reads SDL. [`crate::read`] reads either form, as text.
pub fn read(text: &str) -> Result<Schema, ReadError> {
    if text.len() > MOST_BYTES {
        return Err(ReadError::TooLarge(text.len()));
    }
    if !sdl::looks_like_sdl(text) {
        return Err(ReadError::NotGraphQl);
    }
    let schema = sdl::read(text.trim_start_matches('\u{feff}'))?;
    whole::check(&schema)?;
    Ok(schema)
}

/// Reads the answer to an introspection query, with or without `data` around it.
pub fn from_introspection(document: &Value) -> Result<Schema, ReadError> {
    let schema = introspection::read(document)?;
    whole::check(&schema)?;
    Ok(schema)
}
