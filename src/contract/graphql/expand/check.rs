//! A query beside a schema: everything that the server would refuse.

use super::dialect::check_introspection;
use super::endpoint::Endpoint;
use super::problem::{Fault, Problem};
use super::source::Sources;
use super::{literals, mend};
use apollo_compiler::Schema;
use apollo_compiler::ast::Document;
use apollo_compiler::diagnostic::ToCliReport;
use apollo_compiler::executable::ExecutableDocument;
use apollo_compiler::validation::DiagnosticList;
use serde_json::{Map, Value};

/// A query beside a schema.
#[derive(Debug)]
pub struct Checked {
    /// What could be read of it: whole, if there are no problems.
    pub document: ExecutableDocument,
    /// What the server would refuse.
    pub problems: Vec<Problem>,
}

/// Checks a parsed text against the schema of a path. `components` are the forms of scalars.
pub fn check(endpoint: &Endpoint, text: &Document, components: &Map<String, Value>) -> Checked {
    let (document, mut problems) = match text.to_executable_validate(&endpoint.schema) {
        Ok(document) => (document.into_inner(), Vec::new()),
        Err(refused) => {
            let problems = self::problems(&refused.errors, Fault::Invalid, Some(&endpoint.schema));
            (refused.partial, problems)
        }
    };
    problems.extend(check_introspection(&document, &endpoint.schema));
    problems.extend(literals::check(&document, &endpoint.schema, components));
    problems.sort();
    problems.dedup();
    Checked { document, problems }
}

/// What the compiler found, as problems.
pub(super) fn problems(list: &DiagnosticList, fault: Fault, schema: Option<&Schema>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for diagnostic in list.iter() {
        let message = diagnostic.error.to_string();
        let message = message.trim_start_matches("syntax error: ").to_owned();
        let mend = match (schema, diagnostic.error.unstable_error_name()) {
            (Some(schema), Some(name)) => mend::mend(name, &message, schema),
            _ => String::new(),
        };
        problems.push(Sources(diagnostic.sources).problem(fault, diagnostic.error.location(), message, mend));
    }
    problems
}
