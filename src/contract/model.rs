//! A contract as the harness asks it: operations, parameters, answers.

use super::canonical::METHODS;
use super::members;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What one document promises.
#[derive(Debug)]
pub struct Contract {
    /// `api-particulier/v3`.
    pub name: String,
    /// The document in canonical form, with the overlay's descriptions.
    pub document: Value,
    /// Every operation, sorted by id.
    pub operations: Vec<Operation>,
    by_id: HashMap<String, usize>,
}

/// One call.
#[derive(Debug)]
pub struct Operation {
    /// `api_particulier_v3_mesri_statut_etudiant_with_ine`.
    pub id: String,
    /// HTTP method, in upper case.
    pub method: String,
    /// Path template.
    pub path: String,
    /// Where it stands in the document, as a JSON pointer.
    pub pointer: String,
    /// First line of the overlay's description.
    pub summary: String,
    /// Whether the document says that it will go.
    pub deprecated: bool,
    /// Query, header and path parameters.
    pub parameters: Vec<Parameter>,
    /// Answers by status.
    pub responses: BTreeMap<u16, Answer>,
}

/// Where a parameter goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Location {
    /// After the `?`.
    Query,
    /// A request header.
    Header,
    /// In the path.
    Path,
}

/// One parameter of an operation.
#[derive(Debug)]
pub struct Parameter {
    /// Its name on the wire, `prenoms[]`.
    pub name: String,
    /// Where it goes.
    pub location: Location,
    /// Whether the document requires it.
    pub required: bool,
    /// Its schema: type, enum, pattern, bounds.
    pub schema: Value,
}

/// One documented status.
#[derive(Debug)]
pub struct Answer {
    /// Where it stands in the document, as a JSON pointer.
    pub pointer: String,
    /// Media types, each with whether it has a schema.
    pub content: BTreeMap<String, bool>,
    /// Names of documented headers.
    pub headers: BTreeSet<String>,
}

impl Contract {
    /// Reads a document in canonical form.
    #[must_use]
    pub fn new(name: &str, document: Value) -> Self {
        let mut operations: Vec<Operation> = Vec::new();
        for (path, item) in members(&document["paths"]) {
            for (method, operation) in members(item).filter(|(key, _)| METHODS.contains(&key.as_str())) {
                operations.push(Operation::read(path, method, operation));
            }
        }
        operations.sort_by(|a, b| a.id.cmp(&b.id));
        let by_id =
            operations.iter().enumerate().map(|(position, operation)| (operation.id.clone(), position)).collect();
        Self { name: name.to_owned(), document, operations, by_id }
    }

    /// An operation by its id.
    #[must_use]
    pub fn operation(&self, id: &str) -> Option<&Operation> {
        self.by_id.get(id).map(|position| &self.operations[*position])
    }
}

impl Operation {
    fn read(path: &str, method: &str, operation: &Value) -> Self {
        let pointer = format!("/paths/{}/{method}", escape(path));
        let parameters = operation["parameters"].as_array().into_iter().flatten().filter_map(Parameter::read).collect();
        let responses = members(&operation["responses"])
            .filter_map(|(status, response)| {
                let pointer = format!("{pointer}/responses/{status}");
                let content = members(&response["content"])
                    .map(|(media_type, content)| (media_type.clone(), content.get("schema").is_some()))
                    .collect();
                let headers = members(&response["headers"]).map(|(name, _)| name.clone()).collect();
                Some((status.parse().ok()?, Answer { pointer, content, headers }))
            })
            .collect();
        Self {
            id: operation["operationId"].as_str().unwrap_or_default().to_owned(),
            method: method.to_uppercase(),
            path: path.to_owned(),
            pointer,
            summary: operation["description"]
                .as_str()
                .and_then(|text| text.lines().next())
                .unwrap_or_default()
                .to_owned(),
            deprecated: operation["deprecated"] == true,
            parameters,
            responses,
        }
    }

    /// A parameter by its name on the wire or in a case: `prenoms[]` is also `prenoms`.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&Parameter> {
        self.parameters.iter().find(|parameter| parameter.name == name || parameter.internal_name() == name)
    }
}

impl Parameter {
    fn read(parameter: &Value) -> Option<Self> {
        let location = match parameter["in"].as_str()? {
            "query" => Location::Query,
            "header" => Location::Header,
            "path" => Location::Path,
            _ => return None,
        };
        Some(Self {
            name: parameter["name"].as_str()?.to_owned(),
            location,
            required: parameter["required"] == true,
            schema: parameter["schema"].clone(),
        })
    }

    /// The name without the brackets that say "repeat me".
    #[must_use]
    pub fn internal_name(&self) -> &str {
        self.name.strip_suffix("[]").unwrap_or(&self.name)
    }

    /// Whether the name repeats on the wire.
    #[must_use]
    pub fn is_list(&self) -> bool {
        self.schema["type"] == "array"
    }
}

/// A token of a JSON pointer.
#[must_use]
pub fn escape(token: &str) -> String {
    token.replace('~', "~0").replace('/', "~1")
}

/// What a token of a JSON pointer stands for.
#[must_use]
pub fn unescape(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}
