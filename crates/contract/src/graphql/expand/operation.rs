//! An operation of a contract from one of a query: what is sent, and what comes.

use super::answer::Answers;
use super::check::Checked;
use super::endpoint::{DOCUMENT, EXTENSION, Endpoint};
use super::problem::{Fault, Problem};
use super::source::Sources;
use super::variables::Variables;
use crate::schema::{Schema, follow};
use apollo_compiler::Node;
use apollo_compiler::executable::Operation;
use serde_json::{Map, Value, json};

/// What of the path's own operation holds for each query that is sent there.
const SHARED: [&str; 5] = ["deprecated", "parameters", "security", "servers", "tags"];

/// What is known of a query beside its text.
pub(super) struct Query<'a> {
    /// The operation id.
    pub(super) id: &'a str,
    pub(super) description: String,
    /// The text as it is sent.
    pub(super) text: String,
    /// The file that it comes from.
    pub(super) source: &'a str,
}

/// An operation for `document`, and the components that it needs.
pub(super) fn operation(
    document: &Value,
    components: &Map<String, Value>,
    endpoint: &Endpoint,
    checked: &Checked,
    asked: &Node<Operation>,
    query: &Query<'_>,
) -> Result<(Value, Map<String, Value>), Vec<Problem>> {
    let sources = Sources(&checked.document.sources);
    let mut answers =
        Answers { schema: &endpoint.schema, document: &checked.document, components, unknown: Vec::new() };
    let data = answers.of(&asked.selection_set);
    let mut variables = Variables { schema: &endpoint.schema, components, inputs: Map::new(), unknown: Vec::new() };
    let given = variables.of(&asked.variables);
    let unknown = answers.unknown.iter().map(|field| (field.location(), field.ty().inner_named_type()));
    let unknown = unknown.chain(variables.unknown.iter().map(|name| (asked.location(), name)));
    let mut problems: Vec<Problem> = unknown
        .map(|(place, name)| {
            let message = format!("nothing says how the scalar `{name}` is written in JSON");
            let mend = format!("add `components.schemas.{name}` to {DOCUMENT}, or list its values in its description");
            sources.problem(Fault::Contract, place, message, mend)
        })
        .collect();
    for (name, input) in &variables.inputs {
        if components.get(name).is_some_and(|own| own != input) {
            let message = format!("`components.schemas.{name}` is not the input `{name}` of {}", endpoint.file);
            let mend = "call one of them otherwise";
            problems.push(sources.problem(Fault::Contract, asked.location(), message, mend.into()));
        }
    }
    if !problems.is_empty() {
        problems.dedup();
        return Err(problems);
    }
    let item = &document["paths"][&endpoint.path];
    let base = &item["post"];
    let mut operation = json!({
        "operationId": query.id,
        EXTENSION: {"document": query.text, "source": query.source, "writes": asked.is_mutation()},
        "requestBody": request(query, given),
        "responses": responses(document, &base["responses"], data),
    });
    if !query.description.is_empty() {
        operation["description"] = query.description.as_str().into();
    }
    for key in SHARED {
        if let Some(value) = base.get(key).or_else(|| item.get(key)) {
            operation[key] = value.clone();
        }
    }
    Ok((operation, variables.inputs))
}

fn request(query: &Query<'_>, variables: Value) -> Value {
    let mut required = vec!["query"];
    let mut properties =
        json!({"query": {"type": "string", "enum": [query.text]}, "operationName": {"type": "string"}});
    if variables["properties"].as_object().is_some_and(|members| !members.is_empty()) {
        if variables.get("required").is_some() {
            required.push("variables");
        }
        properties["variables"] = variables;
    }
    let schema = json!({"type": "object", "required": required, "properties": properties});
    json!({"required": true, "content": {"application/json": {"schema": schema}}})
}

/// The answers of the path's own operation, with what the query asks for in place of its data.
fn responses(document: &Value, base: &Value, mut data: Value) -> Value {
    let mut responses = base.clone();
    data["nullable"] = true.into();
    let mut success = follow(document, &base["200"]).node.clone();
    if !success.is_object() {
        success = json!({"description": "The answer."});
    }
    let stated = &success["content"]["application/json"]["schema"];
    let mut properties = json!({"data": data});
    if let Some(errors) = errors(document, stated) {
        properties["errors"] = errors;
    }
    success["content"]["application/json"]["schema"] =
        json!({"type": "object", "required": ["data"], "properties": properties});
    if !responses.is_object() {
        responses = json!({});
    }
    responses["200"] = success;
    responses
}

/// The property `errors` of an answer, wherever it stands: an answer to many queries at once is an alternative.
fn errors(document: &Value, schema: &Value) -> Option<Value> {
    let branches = Schema::new(document, schema).branches();
    branches.into_iter().find_map(|branch| branch.own_property("errors")).map(|errors| errors.node().clone())
}

/// Puts components into a document.
pub(super) fn add_components(document: &mut Value, inputs: Map<String, Value>) {
    if inputs.is_empty() {
        return;
    }
    if let Some(own) = document["components"]["schemas"].as_object_mut() {
        own.extend(inputs);
    } else {
        document["components"]["schemas"] = inputs.into();
    }
}
