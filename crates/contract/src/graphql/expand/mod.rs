//! A document with the queries of its contract as operations like any other.
//!
//! Everything that a client, a judge or a snapshot needs of a query is derived from the schema: the answer from what it
//! selects, the request from its variables. The language is the edition that the server speaks, which may be older than the
//! compiler's.
//!
//! `build.rs` shares this folder, so it uses nothing else of the crate.

mod answer;
mod check;
mod edition;
mod endpoint;
mod join;
mod leaf;
mod literal;
mod literals;
mod mend;
mod operation;
mod problem;
mod source;
mod text;
mod values;
mod variables;

pub use check::{Checked, check};
pub use edition::{DIRECTIVES, Edition, LATER_FIELDS, Later, is_later_argument, later};
pub use endpoint::{EXTENSION, Endpoint, endpoints};
pub use literal::from_ast;
pub use problem::{ExpandError, Fault, Problem};
pub use source::place;
pub use text::{only_introspects, parse};
pub use values::enumerated;

use apollo_compiler::Node;
use apollo_compiler::ast::{Definition, Document};
use apollo_compiler::executable::Operation;
use operation::{Query, add_components, operation};
use serde_json::{Map, Value};
use source::Sources;

/// The operation id of a query that is judged by itself.
pub const QUERY: &str = "query";

/// Makes an operation of each query. A document without `x-graphql` is returned as it is.
///
/// `schemas` and `operations` are files below the contract's folder, `operations/me.graphql`, each with its text. An
/// operation's file has one operation, called as the file is, which one of the schemas answers.
pub fn expand(
    mut document: Value,
    schemas: &[(&str, &str)],
    operations: &[(&str, &str)],
) -> Result<Value, ExpandError> {
    if document.get(EXTENSION).is_none() {
        return Ok(document);
    }
    let endpoints = endpoints(&document, schemas).map_err(ExpandError)?;
    let mut problems = Vec::new();
    let stated = scalars(&document);
    for (file, text) in operations {
        match one(&document, &stated, &endpoints, file, text) {
            Ok((path, method, inputs)) => {
                document["paths"][path] = method;
                add_components(&mut document, inputs);
            }
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() { Ok(document) } else { Err(ExpandError(problems)) }
}

/// A document whose only operation is one of a text, with the id [`QUERY`]: what a server that speaks the schema of `path`
/// is asked. The text may have several operations; `name` tells which is meant.
pub fn operation_for(
    document: &Value,
    endpoints: &[Endpoint],
    path: &str,
    text: &str,
    name: Option<&str>,
) -> Result<Value, Vec<Problem>> {
    let refused = |message: String, mend: &str| vec![Problem::new(Fault::Invalid, QUERY, message, mend)];
    let endpoint = endpoints.iter().find(|endpoint| endpoint.path == path);
    let endpoint = endpoint.ok_or_else(|| refused(format!("`{path}` takes no queries"), "ask another path"))?;
    let parsed = parse(QUERY, text)?;
    let components = scalars(document);
    let checked = checked(endpoint, &parsed, &components)?;
    let name = name.filter(|name| !name.is_empty());
    let asked = checked.document.operations.get(name).map_err(|_| match name {
        Some(name) => refused(format!("the text has no operation `{name}`"), "name one that it has"),
        None if checked.document.operations.is_empty() => refused("the text has no operation".into(), "write one"),
        None => refused("the text has several operations".into(), "say which one in `operationName`"),
    })?;
    let query = Query { id: QUERY, description: String::new(), text: text.to_owned(), source: QUERY };
    let (method, inputs) = operation(document, &components, endpoint, &checked, asked, &query)?;
    let mut document = document.clone();
    document["paths"] = serde_json::json!({format!("{path}#{QUERY}"): {"post": method}});
    add_components(&mut document, inputs);
    Ok(document)
}

/// What a document says of scalars; nothing else of it tells how a value is written.
#[must_use]
pub fn scalars(document: &Value) -> Map<String, Value> {
    leaf::components(document)
}

type Made = (String, Value, Map<String, Value>);

/// The operation of one file: its path, its method, and the components that it needs.
fn one(
    document: &Value,
    stated: &Map<String, Value>,
    endpoints: &[Endpoint],
    file: &str,
    text: &str,
) -> Result<Made, Vec<Problem>> {
    let parsed = parse(file, text)?;
    let id = file.rsplit('/').next().and_then(|name| name.split('.').next()).unwrap_or(file);
    alone(&parsed, file, id)?;
    let (endpoint, checked) = answered(endpoints, &parsed, stated, file)?;
    let asked = checked.document.operations.get(Some(id)).ok().cloned();
    let Some(asked) = asked else { return Err(Vec::new()) };
    let path = format!("{}#{id}", endpoint.path);
    let methods = document["paths"].as_object().into_iter().flatten().filter_map(|(_, item)| item.as_object());
    if methods.flatten().any(|(_, method)| method["operationId"] == id) {
        let message = format!("another operation has the id `{id}`");
        return Err(vec![Problem::new(Fault::Contract, file, message, "rename the file and its operation")]);
    }
    let query = Query { id, description: text::description(text), text: text::without_comments(text), source: file };
    let (method, inputs) = operation(document, &leaf::components(document), endpoint, &checked, &asked, &query)?;
    Ok((path, serde_json::json!({"post": method}), inputs))
}

/// Refuses a file that has not exactly one operation, called as the file is.
fn alone(parsed: &Document, file: &str, id: &str) -> Result<(), Vec<Problem>> {
    let operations: Vec<_> = parsed.definitions.iter().filter_map(Definition::as_operation_definition).collect();
    let sources = Sources(&parsed.sources);
    let refused =
        |place, message: String, mend: String| Err(vec![sources.problem(Fault::Contract, place, message, mend)]);
    match operations[..] {
        [only] if only.name.as_ref().is_some_and(|name| name == id) => Ok(()),
        [only] => {
            refused(only.location(), format!("the operation is not called as its file is, `{id}`"), "rename one".into())
        }
        [] => Err(vec![Problem::new(
            Fault::Contract,
            file,
            "the file has no operation",
            format!("write `query {id} {{ .. }}`"),
        )]),
        [_, second, ..] => {
            refused(second.location(), "the file has a second operation".into(), "give it a file of its own".into())
        }
    }
}

/// The one path that answers a query.
fn answered<'e>(
    endpoints: &'e [Endpoint],
    parsed: &Document,
    components: &Map<String, Value>,
    file: &str,
) -> Result<(&'e Endpoint, Checked), Vec<Problem>> {
    let (mut good, mut refused): (Vec<_>, Vec<_>) = (Vec::new(), Vec::new());
    for endpoint in endpoints {
        match checked(endpoint, parsed, components) {
            Ok(checked) => good.push((endpoint, checked)),
            Err(problems) => refused.push((endpoint, problems)),
        }
    }
    if good.len() > 1 {
        let paths: Vec<&str> = good.iter().map(|(endpoint, _)| endpoint.path.as_str()).collect();
        let message = format!("it is answered at {} alike", paths.join(" and "));
        return Err(vec![Problem::new(Fault::Contract, file, message, "select what only one of them has")]);
    }
    // Where none answers it, the path that comes closest is the one that was meant.
    good.pop().ok_or_else(|| {
        let nearest =
            refused.into_iter().min_by_key(|(endpoint, problems)| (nearness(endpoint, parsed), problems.len()));
        nearest.map(|(_, problems)| problems).unwrap_or_default()
    })
}

/// How much of a query a path does not have at its root: less is nearer.
#[must_use]
pub fn nearness(endpoint: &Endpoint, parsed: &Document) -> std::cmp::Reverse<usize> {
    let document = match parsed.to_executable(&endpoint.schema) {
        Ok(document) => document,
        Err(refused) => refused.partial,
    };
    let count = |operation: &Node<Operation>| operation.all_fields(&document).count();
    std::cmp::Reverse(document.operations.iter().map(count).sum())
}

/// Everything that the server would refuse of a text, or the text as it understands it.
fn checked(endpoint: &Endpoint, parsed: &Document, components: &Map<String, Value>) -> Result<Checked, Vec<Problem>> {
    let checked = check(endpoint, parsed, components);
    if checked.problems.is_empty() { Ok(checked) } else { Err(checked.problems) }
}

#[cfg(test)]
mod tests;
