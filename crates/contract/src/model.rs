//! A contract as the harness asks it: operations, parameters, answers.

use super::members;
use super::operations::{self, operations};
use super::schema::Schema;
use jsonptr::Token;
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

/// The variables of a URL template: `endpointUrl` of `{endpointUrl}/v1`.
pub fn template_variables(template: &str) -> impl Iterator<Item = &str> {
    template.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0))
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
    /// Paths that are taken for its own (`x-tolerated-paths`).
    pub tolerated_paths: Vec<String>,
    /// Answers by status.
    pub responses: BTreeMap<u16, Answer>,
    /// Answers by a range of statuses: what `2XX` says stands at 2.
    pub ranges: BTreeMap<u16, Answer>,
    /// The answer to every status that has none of its own.
    pub default: Option<Answer>,
    /// What a caller sends.
    pub body: Option<RequestBody>,
    /// The query of an operation that was made from a GraphQL document (`x-graphql`).
    pub graphql: Option<Graphql>,
    /// The URL template of the operation's own server, where it has one: `{endpointUrl}/v1`.
    pub server: Option<String>,
    /// Whether the provider calls, and the consumer answers: an operation below `callbacks`, or a webhook.
    pub callback: bool,
}

/// What a caller sends.
#[derive(Debug)]
pub struct RequestBody {
    /// Where it stands in the document, as a JSON pointer.
    pub pointer: String,
    /// Whether the document requires it.
    pub required: bool,
    /// Media types, each with whether it has a schema.
    pub content: BTreeMap<String, bool>,
}

/// A GraphQL document as an operation of its own.
#[derive(Debug)]
pub struct Graphql {
    /// The text of the document, as it is sent.
    pub document: String,
    /// The file that it comes from, below the contract's folder: `operations/me.graphql`.
    pub source: String,
    /// Whether it changes anything: a mutation.
    pub writes: bool,
    /// What a caller gives, by name.
    pub variables: BTreeMap<String, Variable>,
}

/// A variable of a GraphQL document.
#[derive(Debug)]
pub struct Variable {
    /// Whether every call gives it.
    pub required: bool,
    /// Its schema; one of an input object is a reference.
    pub schema: Value,
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
    /// Other spellings of its name that are accepted (`x-tolerated`).
    pub tolerated: Vec<String>,
    /// Parameters beside which it is not required (`x-unless`).
    pub unless: Vec<String>,
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
    /// What the body has to be, as a runtime expression: `$request.query.validationToken` (`x-body`).
    pub body: Option<String>,
    /// Within how many seconds it has to come (`x-within-seconds`).
    pub within: Option<u64>,
}

impl Contract {
    /// Reads a document in canonical form.
    #[must_use]
    pub fn new(name: &str, document: Value) -> Self {
        let mut operations: Vec<Operation> = Vec::new();
        for (section, callback) in [("paths", false), ("webhooks", true)] {
            for (path, item) in document.get(section).into_iter().flat_map(members) {
                read_item(&format!("/{section}/{}", escape(path)), path, item, callback, &mut operations);
            }
        }
        operations.sort_by(|a, b| a.id.cmp(&b.id));
        let by_id =
            operations.iter().enumerate().map(|(position, operation)| (operation.id.clone(), position)).collect();
        Self { name: name.to_owned(), document, operations, by_id }
    }

    /// The URL template of the server that answers an operation: its own, else the document's first one where its URL has
    /// a variable. `None` where the operation is answered by whoever is asked.
    #[must_use]
    pub fn server<'a>(&'a self, operation: &'a Operation) -> Option<&'a str> {
        let own = || self.document["servers"][0]["url"].as_str().filter(|url| url.contains('{'));
        operation.server.as_deref().or_else(own)
    }

    /// The variables in the URLs of its servers.
    pub fn server_variables(&self) -> impl Iterator<Item = &str> {
        self.operations.iter().filter_map(|operation| self.server(operation)).flat_map(template_variables)
    }

    /// An operation by its id.
    #[must_use]
    pub fn operation(&self, id: &str) -> Option<&Operation> {
        self.by_id.get(id).map(|position| &self.operations[*position])
    }
}

/// The operations of a path item, and those that call back.
fn read_item(pointer: &str, path: &str, item: &Value, callback: bool, found: &mut Vec<Operation>) {
    for (method, operation) in operations(item) {
        let pointer = format!("{pointer}{}", operations::pointer(method));
        for (name, callbacks) in members(&operation["callbacks"]) {
            for (expression, inner) in members(callbacks) {
                let pointer = format!("{pointer}/callbacks/{}/{}", escape(name), escape(expression));
                read_item(&pointer, expression, inner, true, found);
            }
        }
        let server =
            [&operation["servers"], &item["servers"]].into_iter().find_map(|servers| servers[0]["url"].as_str());
        let server = server.map(str::to_owned);
        let tolerated_paths = texts(&item["x-tolerated-paths"]);
        found.push(Operation {
            tolerated_paths,
            server,
            callback,
            ..Operation::read(&pointer, path, method, operation)
        });
    }
}

impl Operation {
    fn read(pointer: &str, path: &str, method: &str, operation: &Value) -> Self {
        let pointer = pointer.to_owned();
        let parameters = operation["parameters"].as_array().into_iter().flatten().filter_map(Parameter::read).collect();
        let answer = |status: &String, response: &Value| Answer {
            pointer: format!("{pointer}/responses/{status}"),
            content: media_types(&response["content"]),
            headers: members(&response["headers"]).map(|(name, _)| name.clone()).collect(),
            body: response["x-body"].as_str().map(str::to_owned),
            within: response["x-within-seconds"].as_u64(),
        };
        let by = |code: fn(&str) -> Option<u16>| {
            members(&operation["responses"])
                .filter_map(|(status, response)| Some((code(status)?, answer(status, response))))
                .collect()
        };
        let responses = by(|status| status.parse().ok());
        let ranges = by(|status| status.to_ascii_uppercase().strip_suffix("XX")?.parse().ok());
        let default = operation["responses"].get("default").map(|response| answer(&"default".to_owned(), response));
        let body = operation.get("requestBody").map(|body| RequestBody {
            pointer: format!("{pointer}/requestBody"),
            required: body["required"] == true,
            content: media_types(&body["content"]),
        });
        let graphql = operation.get("x-graphql").map(|graphql| Graphql {
            document: graphql["document"].as_str().unwrap_or_default().to_owned(),
            source: graphql["source"].as_str().unwrap_or_default().to_owned(),
            writes: graphql["writes"] == true,
            variables: variables(&operation["requestBody"]["content"]["application/json"]["schema"]),
        });
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
            tolerated_paths: Vec::new(),
            responses,
            ranges,
            default,
            body,
            graphql,
            server: None,
            callback: false,
        }
    }

    /// What the document says of an answer with this status: its own entry, else that of its range, else the default.
    #[must_use]
    pub fn answer(&self, status: u16) -> Option<&Answer> {
        self.responses.get(&status).or_else(|| self.ranges.get(&(status / 100))).or(self.default.as_ref())
    }

    /// Every answer that the document describes.
    pub fn answers(&self) -> impl Iterator<Item = &Answer> {
        self.responses.values().chain(self.ranges.values()).chain(&self.default)
    }

    /// The path that is sent: operations that share one differ by a fragment, `/graphql#me`.
    #[must_use]
    pub fn route(&self) -> &str {
        self.path.split('#').next().unwrap_or(&self.path)
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
            tolerated: texts(&parameter["x-tolerated"]),
            unless: texts(&parameter["x-unless"]),
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
        Schema::whole(&self.schema).only_type() == Some("array")
    }
}

/// A list of texts; empty where there is none.
fn texts(list: &Value) -> Vec<String> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// The variables in the schema of a GraphQL request.
fn variables(request: &Value) -> BTreeMap<String, Variable> {
    let Some(variables) = Schema::whole(request).own_property("variables") else { return BTreeMap::new() };
    let required: BTreeSet<&str> = variables.own_required().collect();
    let variable = |(name, schema): (&str, Schema<'_>)| {
        (name.to_owned(), Variable { required: required.contains(name), schema: schema.node().clone() })
    };
    variables.own_properties().map(variable).collect()
}

/// Media types, each with whether it has a schema.
fn media_types(content: &Value) -> BTreeMap<String, bool> {
    members(content).map(|(media_type, content)| (media_type.clone(), content.get("schema").is_some())).collect()
}

/// A token of a JSON pointer.
#[must_use]
pub fn escape(token: &str) -> String {
    Token::new(token).encoded().to_owned()
}

/// What a token of a JSON pointer stands for; what is not a token stands for itself.
#[must_use]
pub fn unescape(token: &str) -> String {
    Token::from_encoded(token).map_or_else(|_| token.to_owned(), |token| token.decoded().into_owned())
}

#[cfg(test)]
mod tests {
    use super::Contract;
    use serde_json::json;

    #[test]
    fn operations_of_openapi_3_2_and_webhooks_have_their_places() {
        let operation = |id: &str| json!({"operationId": id, "responses": {"200": {}}});
        let document = json!({
            "paths": {"/x": {"query": operation("b"), "additionalOperations": {"COPY": operation("a")}}},
            "webhooks": {"made": {"post": operation("c")}},
        });
        let contract = Contract::new("t", document);
        let found: Vec<_> = contract.operations.iter().map(|one| (one.method.as_str(), one.callback)).collect();
        assert_eq!(found, [("COPY", false), ("QUERY", false), ("POST", true)]);
        for operation in &contract.operations {
            let id = contract.document.pointer(&format!("{}/operationId", operation.pointer));
            assert_eq!(id, Some(&json!(operation.id)), "{}", operation.pointer);
        }
    }
}
