//! A query beside a schema: everything that the server would refuse.

use super::edition::{Edition, check_introspection, check_text};
use super::endpoint::Endpoint;
use super::problem::{Fault, Problem};
use super::source::Sources;
use super::{literals, mend};
use apollo_compiler::ast::Document;
use apollo_compiler::diagnostic::{Diagnostic, ToCliReport};
use apollo_compiler::executable::{ExecutableDocument, Field, Selection};
use apollo_compiler::parser::SourceSpan;
use apollo_compiler::validation::{DiagnosticData, DiagnosticList};
use apollo_compiler::{Node, Schema};
use serde_json::{Map, Value};

/// What the parser calls tokens, and how they are written.
const TOKENS: [(&str, &str); 9] = [
    ("syntax error: ", ""),
    ("L_CURLY", "`{`"),
    ("R_CURLY", "`}`"),
    ("L_PAREN", "`(`"),
    ("R_PAREN", "`)`"),
    ("L_BRACK", "`[`"),
    ("R_BRACK", "`]`"),
    ("<EOF>", "end"),
    ("EOF", "the end"),
];

/// A query beside a schema.
#[derive(Debug)]
pub struct Checked {
    /// What could be read of it: whole, if there are no problems.
    pub document: ExecutableDocument,
    /// What the server would refuse.
    pub problems: Vec<Problem>,
}

/// Checks a parsed text against the schema of a path. `components` are the forms of scalars.
#[must_use]
pub fn check(endpoint: &Endpoint, text: &Document, components: &Map<String, Value>) -> Checked {
    let (document, mut problems) = match text.to_executable_validate(&endpoint.schema) {
        Ok(document) => (document.into_inner(), Vec::new()),
        Err(refused) => {
            let problems = refusals(&refused.errors, endpoint, &refused.partial);
            (refused.partial, problems)
        }
    };
    if endpoint.edition == Edition::Of2016 {
        problems.extend(check_text(text));
        problems.extend(check_introspection(&document, &endpoint.schema));
    }
    problems.extend(literals::check(&document, &endpoint.schema, components));
    problems.sort();
    problems.dedup();
    Checked { document, problems }
}

/// What the compiler found in a schema or in the syntax of a text, as problems.
pub(super) fn problems(list: &DiagnosticList, fault: Fault) -> Vec<Problem> {
    let problem = |found: Diagnostic<'_, DiagnosticData>| {
        let message = found.error.to_string();
        let message = TOKENS.iter().fold(message, |message, (token, written)| message.replace(token, written));
        Sources(found.sources).problem(fault, found.error.location(), message, String::new())
    };
    list.iter().map(problem).collect()
}

/// What the compiler found in a query, each with its mend, and without what only follows from something else: a field that
/// does not exist is left out, and then its object has no fields, and its variable no use.
fn refusals(list: &DiagnosticList, endpoint: &Endpoint, document: &ExecutableDocument) -> Vec<Problem> {
    let (schema, is_old) = (&*endpoint.schema, endpoint.edition == Edition::Of2016);
    let fault = |found: &Diagnostic<'_, DiagnosticData>| found.error.unstable_error_name().unwrap_or_default();
    let is_partial = list.iter().any(|found| fault(&found) == "UndefinedField");
    let is_known = |ty: &str| schema.types.contains_key(ty.trim_matches(['[', ']', '!']));
    let mut problems = Vec::new();
    for found in list.iter() {
        let (sources, place) = (Sources(found.sources), found.error.location());
        let mut message = found.error.to_string().replace(" in this document", "");
        let names: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
        let mut mend = mend::mend(fault(&found), &names, schema);
        match fault(&found) {
            "MissingSubselection" => {
                if sources.node(place).ends_with('}') {
                    continue;
                }
                if let Some(field) = field_at(document, place) {
                    let ty = field.ty().inner_named_type();
                    message = format!("`{}` is an object of type `{ty}`, and nothing is selected of it", field.name);
                    mend = mend::selection(ty, schema);
                }
            }
            "UnusedVariable" | "UnusedFragment" if is_partial => {
                let file = sources.file(place);
                let use_of =
                    |name: &&str| if name.starts_with('$') { (*name).to_owned() } else { format!("...{name}") };
                if names
                    .first()
                    .map(use_of)
                    .is_some_and(|used| file.matches(&used).count() > usize::from(used.starts_with('$')))
                {
                    continue;
                }
            }
            "UndefinedDefinition" if mend.is_empty() => mend = wanted(list, names.first().copied(), schema),
            // A server of 2016 refuses these whatever its schema says, which is told once.
            "UnsupportedValueType" if is_old && sources.node(place) == "null" => continue,
            "UndefinedRootOperation" if is_old && names.first() == Some(&"subscription") => continue,
            // The type that it is declared with is told where it is declared.
            "DisallowedVariableUsage" if !names.get(1).is_some_and(|ty| is_known(ty)) => continue,
            _ => {}
        }
        problems.push(sources.problem(Fault::Invalid, place, message, mend));
    }
    problems
}

/// How to declare the variables of an unknown type: as what they are given to is.
fn wanted(list: &DiagnosticList, unknown: Option<&str>, schema: &Schema) -> String {
    let used = list.iter().find_map(|found| {
        let message = found.error.to_string();
        let names: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
        let is_it = names.get(1).map(|ty| ty.trim_matches(['[', ']', '!'])) == unknown;
        let fault = found.error.unstable_error_name().filter(|name| *name == "DisallowedVariableUsage" && is_it)?;
        Some(mend::mend(fault, &names, schema))
    });
    used.unwrap_or_default()
}

/// The field that stands at a place.
fn field_at(document: &ExecutableDocument, place: Option<SourceSpan>) -> Option<&Node<Field>> {
    let operations = document.operations.iter().map(|operation| &operation.selection_set);
    let mut left: Vec<_> =
        operations.chain(document.fragments.values().map(|fragment| &fragment.selection_set)).collect();
    while let Some(set) = left.pop() {
        for selection in &set.selections {
            match selection {
                Selection::Field(field) if field.location() == place => return Some(field),
                Selection::Field(field) => left.push(&field.selection_set),
                Selection::InlineFragment(inline) => left.push(&inline.selection_set),
                Selection::FragmentSpread(_) => {}
            }
        }
    }
    None
}
