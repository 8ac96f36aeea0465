//! What kind of document some bytes are, and the document.

use super::bundle::{Files, bundle};
use super::graphql;
use super::references;
use super::swagger;
use super::tree::{self, Keep, TreeError};
use serde::Serialize;
use serde_json::Value;
use std::fmt;

/// A document that can be compared.
#[derive(Debug)]
pub struct Source {
    /// What it is.
    pub document: Document,
    /// Its title, if it has one.
    pub title: Option<String>,
    /// Its version, if it has one.
    pub version: Option<String>,
    /// The text that it was read from.
    pub text: String,
    /// What was tolerated.
    pub notes: Vec<String>,
}

/// The kinds of documents.
#[derive(Debug)]
pub enum Document {
    /// `OpenAPI` 3, as it stands.
    OpenApi(Value),
    /// Swagger 2.0, as the `OpenAPI` 3 that says the same.
    Swagger(Value),
    /// A GraphQL schema, from SDL or from an introspection.
    GraphQl(graphql::Schema),
    /// A recorded answer: status, headers, body.
    Exchange(Value),
    /// The body of a recorded answer.
    Response(Value),
}

/// What a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// An `OpenAPI` 3 contract.
    OpenApi,
    /// A Swagger 2.0 contract.
    Swagger,
    /// A GraphQL schema.
    GraphQl,
    /// A recorded answer: status, headers, body.
    Exchange,
    /// The body of a recorded answer.
    Response,
    /// Empty, or cut off.
    Unreadable,
}

impl fmt::Display for Form {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::OpenApi => "an OpenAPI contract",
            Self::Swagger => "a Swagger contract",
            Self::GraphQl => "a GraphQL schema",
            Self::Exchange => "a recorded exchange",
            Self::Response => "a recorded answer",
            Self::Unreadable => "an unreadable document",
        })
    }
}

/// Why bytes are no document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// Nothing but white space and comments.
    #[error("the document is empty")]
    Empty,
    /// It stops too early.
    #[error("the document is cut off: {0}")]
    Cut(String),
    /// It is no text.
    #[error("byte {0} is no UTF-8: neither YAML nor JSON nor GraphQL is written so")]
    NotText(usize),
    /// Neither YAML nor JSON.
    #[error("neither YAML nor JSON nor GraphQL: {0}")]
    Syntax(TreeError),
    /// A tree that is no contract and no answer.
    #[error("{0}; a contract has `openapi: 3.0.x`, `swagger: '2.0'` or a GraphQL schema, a recorded answer is JSON")]
    NotAContract(String),
    /// A tree of somebody else's, which nobody meant as a contract.
    #[error("{0}; a contract has `openapi: 3.0.x`, `swagger: '2.0'` or a GraphQL schema, a recorded answer is JSON")]
    Another(String),
}

impl Document {
    /// Which of the kinds it is.
    #[must_use]
    pub fn form(&self) -> Form {
        match self {
            Self::OpenApi(_) => Form::OpenApi,
            Self::Swagger(_) => Form::Swagger,
            Self::GraphQl(_) => Form::GraphQl,
            Self::Exchange(_) => Form::Exchange,
            Self::Response(_) => Form::Response,
        }
    }
}

/// Reads a document of any kind, in one file.
pub fn read(bytes: &[u8]) -> Result<Source, ReadError> {
    read_from(bytes, None)
}

/// Reads a document that is the file `name`, and may refer to files beside it.
pub fn read_beside(bytes: &[u8], name: &str, files: &mut dyn Files) -> Result<Source, ReadError> {
    read_from(bytes, Some((name, files)))
}

fn read_from(bytes: &[u8], files: Option<(&str, &mut dyn Files)>) -> Result<Source, ReadError> {
    let text = std::str::from_utf8(bytes).map_err(|error| match error.error_len() {
        Some(_) => ReadError::NotText(error.valid_up_to()),
        None => ReadError::Cut(format!("it stops within a character, at byte {}", error.valid_up_to())),
    })?;
    // Some editors begin a file with this mark; it is no part of its text.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let says_something = |line: &str| !matches!(line.trim(), "" | "---" | "...") && !line.trim().starts_with('#');
    if !text.lines().any(says_something) {
        return Err(ReadError::Empty);
    }
    if graphql::looks_like_sdl(text) {
        let schema = graphql::read(text).map_err(of_graphql)?;
        return Ok(Source::bare(Document::GraphQl(schema), text, Vec::new()));
    }
    let parse = |keep| {
        tree::parse(text, keep)
            .map_err(|error| if error.at_end { ReadError::Cut(error.to_string()) } else { ReadError::Syntax(error) })
    };
    let mut tree = parse(Keep::Facts)?;
    let mut notes = tree.notes;
    if graphql::is_introspection(&tree.value) {
        // The descriptions of scalars tell which values they take.
        let schema = graphql::from_introspection(&parse(Keep::All)?.value).map_err(of_graphql)?;
        return Ok(Source::bare(Document::GraphQl(schema), text, notes));
    }
    if let Some((name, files)) = files
        && ["openapi", "swagger"].iter().any(|key| tree.value.get(key).is_some())
    {
        notes.extend(bundle(&mut tree.value, name, files));
    }
    let mut document = recognise(tree.value, text, &mut notes)?;
    if let Document::Exchange(value) | Document::Response(value) = &mut document {
        // In an answer, what a key is called says nothing about its value.
        *value = parse(Keep::All)?.value;
    }
    let info = match &document {
        Document::OpenApi(value) | Document::Swagger(value) => &value["info"],
        _ => &Value::Null,
    };
    let stated = |value: &Value| match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    };
    let (title, version) = (stated(&info["title"]), stated(&info["version"]));
    Ok(Source { title, version, ..Source::bare(document, text, notes) })
}

impl Source {
    /// A document without title and version.
    fn bare(document: Document, text: &str, notes: Vec<String>) -> Self {
        Self { document, title: None, version: None, text: text.to_owned(), notes }
    }
}

/// What is not whole says nothing; what has a fault is the caller's mistake.
fn of_graphql(error: graphql::ReadError) -> ReadError {
    use graphql::ReadError as Schema;
    match error {
        Schema::Cut { .. } | Schema::Broken(_) => ReadError::Cut(error.to_string()),
        error => ReadError::NotAContract(error.to_string()),
    }
}

fn recognise(mut value: Value, text: &str, notes: &mut Vec<String>) -> Result<Document, ReadError> {
    let version = |key: &str| match &value[key] {
        Value::String(version) => Some(version.clone()),
        Value::Number(version) => Some(version.to_string()),
        _ => None,
    };
    if let Some(version) = version("openapi") {
        if !version.starts_with("3.") {
            notes.push(format!("`openapi: {version}` is not a version that vigie knows; it is read as 3.2"));
        }
        // Most documents name nothing so: they need no walk.
        if ["$id", "$anchor", "$dynamicAnchor", "$self"].iter().any(|keyword| text.contains(keyword)) {
            references::by_pointer(&mut value);
        }
        return Ok(Document::OpenApi(value));
    }
    if let Some(version) = version("swagger") {
        if !version.starts_with('2') {
            return Err(ReadError::NotAContract(format!("`swagger: {version}` is not supported")));
        }
        return swagger::convert(&value).map(Document::Swagger).map_err(ReadError::NotAContract);
    }
    let is_json = tree::looks_like_json(text);
    if value.get("status").is_some_and(Value::is_number) && value.get("body").is_some() {
        return Ok(Document::Exchange(value));
    }
    let looks_like_one = ["paths", "info", "components"].iter().filter(|key| value.get(**key).is_some()).count();
    // An answer may have members of these names; URLs as keys, it has not.
    let has_urls = value["paths"].as_object().is_some_and(|paths| paths.keys().any(|path| path.starts_with('/')));
    if has_urls || (looks_like_one >= 1 && !is_json) {
        return Err(ReadError::Cut("it has parts of a contract, and does not say which kind".into()));
    }
    if is_json {
        return Ok(Document::Response(value));
    }
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let first: String = first.chars().take(60).collect();
    let reason = format!("it begins with `{}`", first.trim());
    let is_page = !(value.is_object() || value.is_array());
    Err(if is_page { ReadError::NotAContract(reason) } else { ReadError::Another(reason) })
}
