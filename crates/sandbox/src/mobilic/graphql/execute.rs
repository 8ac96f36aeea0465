//! One operation, from its text to its answer.

use super::super::state::{Credentials, State};
use super::answer::{Node, Object};
use super::call::Call;
use super::problem::{Extensions, Problem, Written, text};
use super::request::{Request, Unreadable};
use super::{Outcome, coerce, dialect, problem};
use apollo_compiler::ast::{self, OperationType};
use apollo_compiler::diagnostic::ToCliReport;
use apollo_compiler::executable::Operation;
use apollo_compiler::parser::LineColumn;
use apollo_compiler::resolvers::Execution;
use apollo_compiler::response::{ExecutionResponse, GraphQLError, JsonMap};
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Schema};
use serde_json::{Map, Value, json};

/// The values that a mutation or a query of this schema starts from.
const ROOTS: [&str; 6] =
    ["Queries", "Mutations", "ProtectedQueries", "ProtectedMutations", "PrivateQueries", "PrivateMutations"];

/// Executes an operation; what cannot be executed has status 400.
pub(super) fn execute(
    schema: &Valid<Schema>,
    request: &Request,
    reads_only: bool,
    credentials: &Credentials,
    state: &mut State,
) -> Outcome {
    let outcome = |status, body| Outcome { status, body, cookies: Vec::new() };
    let document = match document(schema, request) {
        Ok(document) => document,
        Err(Refusal::Problems(problems)) => return outcome(400, text(&problems)),
        Err(Refusal::Subscription) => {
            let errors = &[Problem::nowhere("Schema is not configured for subscriptions")];
            return outcome(200, Written { errors, data: Some(&None) }.text());
        }
    };
    let operation = match operation(&document, request.operation.as_deref()) {
        Ok(operation) => operation,
        Err(problem) => return outcome(400, text(&[problem])),
    };
    if reads_only && operation.is_mutation() {
        return outcome(405, problem::refusal("Can only perform a mutation operation from a POST request."));
    }
    let given = match &request.variables {
        Ok(given) => given,
        Err(Unreadable(message)) => return outcome(400, problem::refusal(message)),
    };
    let variables = match coerce::variables(schema, &document, operation, given) {
        Ok(variables) => variables,
        Err(problem) => return outcome(400, text(&[problem])),
    };
    run(schema, &document, operation, &variables, credentials, state)
}

/// Why a document is not executed.
enum Refusal {
    Problems(Vec<Problem>),
    Subscription,
}

fn document(schema: &Valid<Schema>, request: &Request) -> Result<Valid<ExecutableDocument>, Refusal> {
    let one = |problem| Refusal::Problems(vec![problem]);
    let query = request.query.as_deref().ok_or_else(|| one(Problem::nowhere("Must provide query string.")))?;
    let refuse = |offset: usize, what: &str| {
        let (message, line, column) = dialect::syntax_error(query, offset, what);
        one(Problem { message, places: vec![LineColumn { line, column }], ..Problem::default() })
    };
    let parsed = ast::Document::parse(query, "request.graphql");
    if let Some(found) = dialect::modern(parsed.as_ref().unwrap_or_else(|failed| &failed.partial)) {
        return Err(refuse(found.offset, &format!("Unexpected {}", found.found)));
    }
    let parsed = parsed.map_err(|failed| {
        let offset = failed.errors.iter().next().and_then(|error| error.error.location()).map(|span| span.offset());
        let offset = offset.unwrap_or_default();
        let found = dialect::token(query, offset);
        refuse(
            offset,
            &if found == "EOF" { format!("Expected Name, found {found}") } else { format!("Unexpected {found}") },
        )
    })?;
    let is_subscription = |definition: &ast::Definition| matches!(definition, ast::Definition::OperationDefinition(own) if own.operation_type == OperationType::Subscription);
    if parsed.definitions.iter().any(is_subscription) {
        return Err(Refusal::Subscription);
    }
    let built = ExecutableDocument::parse(schema, query, "request.graphql");
    let built = built.map_err(|failed| Refusal::Problems(problem::of(&failed.errors)))?;
    let mut problems = coerce::literals(schema, &built);
    match built.validate(schema) {
        Ok(document) if problems.is_empty() => return Ok(document),
        Ok(_) => {}
        // Literals are told in the older words.
        Err(failed) => {
            let found = problem::of(&failed.errors).into_iter();
            problems.extend(found.filter(|problem| !problem.message.contains("cannot represent")));
        }
    }
    Err(Refusal::Problems(problems))
}

fn operation<'a>(document: &'a ExecutableDocument, name: Option<&str>) -> Result<&'a Operation, Problem> {
    document.operations.get(name).map(|found| &**found).map_err(|_| {
        Problem::nowhere(match name {
            Some(name) => format!("Unknown operation named \"{name}\"."),
            None => "Must provide operation name if query contains multiple operations.".to_owned(),
        })
    })
}

fn run(
    schema: &Valid<Schema>,
    document: &Valid<ExecutableDocument>,
    operation: &Operation,
    variables: &Map<String, Value>,
    credentials: &Credentials,
    state: &mut State,
) -> Outcome {
    let name = operation.object_type().as_str();
    let root = ROOTS.into_iter().find(|own| *own == name).unwrap_or(ROOTS[0]);
    let values: JsonMap = variables.iter().map(|(name, value)| (name.as_str().into(), value.clone().into())).collect();
    let values = Valid::assume_valid(values);
    let call = Call::new(state, credentials);
    let executed = Execution::new(schema, document)
        .operation(operation)
        .coerced_variable_values(&values)
        .enable_schema_introspection(true)
        .execute_sync(&Object { call: &call, node: Node::Space(root) });
    match executed {
        Ok(answer) => {
            let body = written(&call, &answer);
            Outcome { status: 200, body, cookies: call.cookies.take() }
        }
        Err(error) => {
            Outcome { status: 400, body: problem::refusal(&error.message().to_string()), cookies: Vec::new() }
        }
    }
}

fn written(call: &Call<'_>, answer: &ExecutionResponse) -> String {
    let problem = |error: &GraphQLError| {
        let (places, path) = (error.locations.clone(), Some(json!(error.path)));
        let Some((failure, place)) = call.failure(&error.message) else {
            return Problem { message: error.message.clone(), places, path, extensions: None };
        };
        if failure.bare {
            return Problem::nowhere(failure.message);
        }
        let places = place.map_or(places, |place| vec![place]);
        let extensions = failure.code.map(|code| Extensions { code, extra: failure.extra });
        Problem { message: failure.message, places, path, extensions }
    };
    let errors: Vec<Problem> = answer.errors.iter().map(problem).collect();
    Written { errors: &errors, data: Some(&answer.data) }.text()
}
