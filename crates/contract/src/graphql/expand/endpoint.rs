//! Which path of a contract speaks which schema: the extension `x-graphql` of its document.

use super::check;
use super::edition::Edition;
use super::problem::{Fault, Problem};
use apollo_compiler::Schema;
use apollo_compiler::validation::Valid;
use serde_json::Value;

/// The extension's name, at the document and at each operation that was made from a query.
pub const EXTENSION: &str = "x-graphql";
/// The file that the extension stands in, for messages.
pub(super) const DOCUMENT: &str = "open-api.yml";

/// A path that takes queries.
#[derive(Debug)]
pub struct Endpoint {
    /// `/graphql`.
    pub path: String,
    /// The file of its schema, below the contract's folder.
    pub file: String,
    /// The edition of the language.
    pub edition: Edition,
    /// Whether anybody may ask for the schema itself, without the credentials of other queries.
    pub open_introspection: bool,
    /// What may be asked there.
    pub schema: Valid<Schema>,
}

/// The paths of a document that take queries, and their schemas. `schemas` are the files that may be named, each with its
/// text.
pub fn endpoints(document: &Value, schemas: &[(&str, &str)]) -> Result<Vec<Endpoint>, Vec<Problem>> {
    let wrong = |message: String, mend: &str| vec![Problem::new(Fault::Contract, DOCUMENT, message, mend)];
    let Some(entries) = document[EXTENSION].as_array() else {
        let mend = "write a list of `path: /graphql` and `schema: schema.graphql`";
        return Err(wrong(format!("`{EXTENSION}` is no list"), mend));
    };
    let mut endpoints = Vec::new();
    for entry in entries {
        let (Some(path), Some(file)) = (entry["path"].as_str(), entry["schema"].as_str()) else {
            return Err(wrong(format!("an entry of `{EXTENSION}` lacks `path` or `schema`"), "write both, as texts"));
        };
        let edition = match &entry["edition"] {
            Value::Null => Edition::Current,
            year if *year == 2016 => Edition::Of2016,
            other => {
                let mend = "write 2016 for a server older than the June 2018 edition, or leave it out";
                return Err(wrong(format!("`{EXTENSION}` has the edition {other}, which is not known"), mend));
            }
        };
        let open_introspection = match &entry["introspection"] {
            Value::Null => false,
            open if open == "open" => true,
            other => {
                let fix = "write `open` where it needs no credentials, or leave it out";
                return Err(wrong(format!("`{EXTENSION}` has the introspection {other}, which is not known"), fix));
            }
        };
        if !document["paths"][path]["post"].is_object() {
            let mend = "document it: headers, security and answers of every query are those of its operation";
            return Err(wrong(format!("`{EXTENSION}` names `{path}`, which has no `post`"), mend));
        }
        let Some((_, text)) = schemas.iter().find(|(name, _)| *name == file) else {
            let mend = "put it beside the document, or name another one";
            return Err(wrong(format!("`{EXTENSION}` names the schema `{file}`, which is not there"), mend));
        };
        let schema = Schema::parse_and_validate(*text, file)
            .map_err(|refused| check::problems(&refused.errors, Fault::Contract))?;
        endpoints.push(Endpoint { path: path.to_owned(), file: file.to_owned(), edition, open_introspection, schema });
    }
    Ok(endpoints)
}
