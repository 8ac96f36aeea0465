//! A consumer's own queries, beside the schemas of a contract: what would break each of them. Pure: no IO.

use super::deprecated;
use crate::deviation::{Deviation, Kind};
use crate::location::Location;
use apollo_compiler::Node;
use apollo_compiler::ast::{Definition, Document, FragmentDefinition, OperationDefinition, Selection};
use apollo_compiler::parser::SourceMap;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use vigie_contract::graphql::expand::{Checked, Endpoint, Fault, Problem, check, nearness, parse, place, scalars};
use vigie_contract::graphql::looks_like_sdl;

/// An operation of a consumer, or a file that holds none because it cannot be read.
#[derive(Debug)]
pub struct Asked {
    /// The file with line and column.
    pub at: String,
    /// `query` or `mutation`; empty for a file that cannot be read.
    pub kind: &'static str,
    /// Its name, if it has one.
    pub name: Option<String>,
    /// The path that answers it, or comes closest; `None` for a file that cannot be read.
    pub path: Option<String>,
    /// What is wrong with it, and what to write instead.
    pub deviations: Vec<Deviation>,
}

/// Judges every operation of some files. A fragment may stand in any of them; files that hold a schema are left out.
#[must_use]
pub fn judge(document: &Value, endpoints: &[Endpoint], files: &[(String, String)]) -> Vec<Asked> {
    let components = scalars(document);
    let (mut asked, mut folder) = (Vec::new(), Folder::default());
    for (name, text) in files.iter().filter(|(_, text)| says_something(text)) {
        let is_schema = looks_like_sdl(text);
        match parse(name, text) {
            // A client may add types of its own before its queries.
            Ok(parsed) if is_schema && !asks(&parsed) => {}
            Ok(parsed) => folder.add(parsed),
            Err(_) if is_schema => {}
            Err(problems) => asked.push(unreadable(name, problems)),
        }
    }
    for file in &folder.files {
        for operation in file.definitions.iter().filter_map(Definition::as_operation_definition) {
            asked.push(folder.judge(file, operation, endpoints, &components));
        }
    }
    asked.sort_by(|a, b| a.at.cmp(&b.at));
    asked
}

/// Whether a document has anything that is asked.
fn asks(document: &Document) -> bool {
    let asked = |definition: &Definition| {
        definition.as_operation_definition().is_some() || definition.as_fragment_definition().is_some()
    };
    document.definitions.iter().any(asked)
}

/// Whether a text is more than comments.
fn says_something(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}');
    text.lines().map(str::trim).any(|line| !line.is_empty() && !line.starts_with('#'))
}

fn unreadable(name: &str, problems: Vec<Problem>) -> Asked {
    let at = problems.first().map_or_else(|| name.to_owned(), Problem::at);
    Asked { at, kind: "", name: None, path: None, deviations: problems.into_iter().map(deviation).collect() }
}

/// What is wrong with a query, as a fact.
#[must_use]
pub fn deviation(problem: Problem) -> Deviation {
    let kind = if problem.fault == Fault::Dialect { Kind::QueryDialect } else { Kind::QueryInvalid };
    let at = problem.at();
    let expected = match problem.fault {
        _ if !problem.mend.is_empty() => problem.mend,
        Fault::Syntax => "GraphQL".into(),
        _ => "a query that the schema answers".into(),
    };
    Deviation::new(kind, Location::name(at), expected, problem.message)
}

/// The files of a consumer.
#[derive(Default)]
struct Folder {
    files: Vec<Document>,
    sources: SourceMap,
    /// Every fragment by name, with the position of its file.
    fragments: BTreeMap<String, Vec<(usize, Node<FragmentDefinition>)>>,
}

impl Folder {
    fn add(&mut self, parsed: Document) {
        let position = self.files.len();
        Arc::make_mut(&mut self.sources).extend(parsed.sources.iter().map(|(id, file)| (*id, file.clone())));
        for fragment in parsed.definitions.iter().filter_map(Definition::as_fragment_definition) {
            self.fragments.entry(fragment.name.to_string()).or_default().push((position, fragment.clone()));
        }
        self.files.push(parsed);
    }

    fn judge(
        &self,
        file: &Document,
        operation: &Node<OperationDefinition>,
        endpoints: &[Endpoint],
        components: &Map<String, Value>,
    ) -> Asked {
        let (linked, mut problems) = self.link(file, operation);
        problems.extend(self.beside(file, operation));
        let checked = endpoints.iter().map(|endpoint| (endpoint, check(endpoint, &linked, components)));
        let best = checked.min_by_key(|(endpoint, checked)| {
            (!checked.problems.is_empty(), nearness(endpoint, &linked), checked.problems.len())
        });
        let mut path = None;
        let mut deviations = Vec::new();
        if let Some((endpoint, Checked { document, problems: refusals })) = best {
            path = Some(endpoint.path.clone());
            problems.extend(refusals.into_iter().map(|problem| elsewhere(problem, endpoint, endpoints)));
            deviations.extend(deprecated::uses(&document, &endpoint.schema).into_iter().map(|used| {
                let observed = format!("`{}` is deprecated", used.what);
                let expected = used.reason.unwrap_or_else(|| "something else".into());
                let at = Location::name(place(&self.sources, used.place));
                Deviation::new(Kind::QueryDeprecated, at, expected, observed)
            }));
        }
        problems.sort();
        problems.dedup();
        deviations.extend(problems.into_iter().map(deviation));
        Asked {
            at: place(&self.sources, operation.location()),
            kind: operation.operation_type.name(),
            name: operation.name.as_ref().map(ToString::to_string),
            path,
            deviations,
        }
    }

    /// An operation with the fragments that it needs, from its own file before others.
    fn link(&self, file: &Document, operation: &Node<OperationDefinition>) -> (Document, Vec<Problem>) {
        let own = self.files.iter().position(|other| std::ptr::eq(other, file));
        let mut document = Document::new();
        document.sources = self.sources.clone();
        document.definitions.push(Definition::OperationDefinition(operation.clone()));
        let (mut known, mut problems) = (BTreeSet::new(), Vec::new());
        let mut left = spreads(&operation.selection_set);
        while let Some(name) = left.pop() {
            let Some(found) = self.fragments.get(name).filter(|_| known.insert(name)) else { continue };
            let of_own = found.iter().find(|(position, _)| Some(*position) == own);
            let (_, fragment) = of_own.unwrap_or(&found[0]);
            if let Some((_, other)) = found.iter().find(|(_, other)| of_own.is_none() && other != fragment) {
                let at = place(&self.sources, fragment.location());
                problems.push(Problem {
                    file: place(&self.sources, other.location()),
                    place: None,
                    fault: Fault::Invalid,
                    message: format!("the fragment `{name}` is another one at {at}"),
                    mend: "give each a name of its own".into(),
                });
            }
            left.extend(spreads(&fragment.selection_set));
            document.definitions.push(Definition::FragmentDefinition(fragment.clone()));
        }
        (document, problems)
    }

    /// What is wrong between the operations of one file, which is sent as a whole by some.
    fn beside(&self, file: &Document, operation: &Node<OperationDefinition>) -> Option<Problem> {
        let operations = file.definitions.iter().filter_map(Definition::as_operation_definition);
        let mut others = operations.filter(|other| !other.ptr_eq(operation)).peekable();
        others.peek()?;
        let (message, mend) = match &operation.name {
            None => ("an operation without a name stands beside others".to_owned(), "give it a name"),
            Some(name) if others.any(|other| other.name.as_ref() == Some(name)) => {
                (format!("two operations of the file are called `{name}`"), "give each a name of its own")
            }
            Some(_) => return None,
        };
        let file = place(&self.sources, operation.location());
        Some(Problem { file, place: None, fault: Fault::Invalid, message, mend: mend.into() })
    }
}

/// The fragments that some selections name.
fn spreads(selections: &[Selection]) -> Vec<&str> {
    let (mut left, mut names) = (vec![selections], Vec::new());
    while let Some(selections) = left.pop() {
        for selection in selections {
            match selection {
                Selection::Field(field) => left.push(&field.selection_set),
                Selection::InlineFragment(inline) => left.push(&inline.selection_set),
                Selection::FragmentSpread(spread) => names.push(spread.fragment_name.as_str()),
            }
        }
    }
    names
}

/// A field that this path does not have may be one of another path.
fn elsewhere(mut problem: Problem, here: &Endpoint, endpoints: &[Endpoint]) -> Problem {
    let names: Vec<&str> = problem.message.split('`').skip(1).step_by(2).collect();
    let [ty, field] = names[..] else { return problem };
    if !problem.message.contains("does not have a field") {
        return problem;
    }
    let root = here
        .schema
        .schema_definition
        .iter_root_operations()
        .find(|(_, name)| name.as_str() == ty)
        .map(|(root, _)| root);
    let has = |other: &&Endpoint| {
        let of_root = root.and_then(|root| other.schema.root_operation(root));
        other.schema.type_field(of_root.map_or(ty, |name| name.as_str()), field).is_ok()
    };
    if let Some(other) = endpoints.iter().filter(|other| other.path != here.path).find(has) {
        problem.mend = format!("`{field}` is asked at {}, in a query of its own", other.path);
    }
    problem
}

#[cfg(test)]
mod tests;
