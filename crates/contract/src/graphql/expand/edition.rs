//! The edition of GraphQL that a server speaks. One of 2016 is older than the June 2018 edition of the language: no `null`
//! literal, no block string, no subscription, two directives, and introspection without what came later.

use super::problem::{Fault, Problem};
use super::source::Sources;
use apollo_compiler::ast::{Argument, Definition, Document, OperationType, Selection, Value, VariableDefinition};
use apollo_compiler::executable::{self, ExecutableDocument};
use apollo_compiler::parser::SourceSpan;
use apollo_compiler::{Node, Schema};

/// The edition that a server speaks, `edition` of its entry in `x-graphql`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edition {
    /// That of the compiler: nothing else is refused.
    Current,
    /// That of 2016.
    Of2016,
}

/// Directives that every server has; one of 2016 has no other.
pub const DIRECTIVES: [&str; 2] = ["include", "skip"];

/// Fields of introspection that came after 2016, by type.
pub const LATER_FIELDS: [(&str, &[&str]); 4] = [
    ("__Schema", &["description"]),
    ("__Type", &["specifiedByURL", "isOneOf"]),
    ("__InputValue", &["isDeprecated", "deprecationReason"]),
    ("__Directive", &["isRepeatable"]),
];

/// Whether an argument of a field of introspection came after 2016: only fields and values of a type could be deprecated
/// then.
#[must_use]
pub fn is_later_argument(ty: &str, field: &str) -> bool {
    ty.starts_with("__") && ["args", "inputFields"].contains(&field)
}

/// What a text has that came after 2016, or that no server of then takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Later {
    /// An operation that is one.
    Subscription,
    /// The literal `null`.
    Null,
    /// A block string.
    BlockString,
    /// A directive of a variable.
    VariableDirective,
    /// A default of a variable that may not be null: its name and its type.
    NeedlessDefault(String, String),
    /// A directive, by its name.
    Directive(String),
}

/// What can be seen in a text without a schema, each with its location.
#[must_use]
pub fn later(document: &Document) -> Vec<(Option<SourceSpan>, Later)> {
    let mut reader = Reader { sources: Sources(&document.sources), found: Vec::new() };
    for definition in &document.definitions {
        match definition {
            Definition::OperationDefinition(operation) => {
                if operation.operation_type == OperationType::Subscription {
                    reader.found(operation.location(), Later::Subscription);
                }
                operation.variables.iter().for_each(|variable| reader.variable(variable));
                reader.directives(&operation.directives);
                reader.selections(&operation.selection_set);
            }
            Definition::FragmentDefinition(fragment) => {
                reader.directives(&fragment.directives);
                reader.selections(&fragment.selection_set);
            }
            _ => {}
        }
    }
    reader.found
}

/// The same, as problems.
pub(super) fn check_text(document: &Document) -> Vec<Problem> {
    let sources = Sources(&document.sources);
    let problem = |(place, later): (Option<SourceSpan>, Later)| {
        let (message, mend) = match later {
            Later::Subscription => ("the server has no subscriptions".to_owned(), "ask with a query, again and again"),
            Later::Null => (
                "the server does not know the literal `null`".to_owned(),
                "leave it out: what is absent is null, and a variable may be null",
            ),
            Later::BlockString => (
                "the server does not know block strings".to_owned(),
                "write \"..\" on one line, with \\n for line breaks, or use a variable",
            ),
            Later::VariableDirective => ("the server knows no directives of variables".to_owned(), "take it away"),
            Later::NeedlessDefault(name, ty) => (
                format!("`${name}` of type `{ty}` has a default, which the server refuses"),
                "take the `!` or the default away",
            ),
            Later::Directive(name) => {
                (format!("the server does not know the directive `@{name}`"), "it has `@include` and `@skip`")
            }
        };
        sources.problem(Fault::Dialect, place, message, mend.to_owned())
    };
    later(document).into_iter().map(problem).collect()
}

/// What needs the types of a schema: fields of introspection.
pub(super) fn check_introspection(document: &ExecutableDocument, schema: &Schema) -> Vec<Problem> {
    let sources = Sources(&document.sources);
    let mut problems = Vec::new();
    let operations = document.operations.iter().map(|operation| &operation.selection_set);
    let fragments = document.fragments.values().map(|fragment| &fragment.selection_set);
    let mut left: Vec<&executable::SelectionSet> = operations.chain(fragments).collect();
    while let Some(set) = left.pop() {
        for selection in &set.selections {
            match selection {
                executable::Selection::Field(field) => {
                    left.push(&field.selection_set);
                    problems.extend(introspected(&set.ty, field, schema, sources));
                }
                executable::Selection::InlineFragment(inline) => left.push(&inline.selection_set),
                executable::Selection::FragmentSpread(_) => {}
            }
        }
    }
    problems
}

struct Reader<'a> {
    sources: Sources<'a>,
    found: Vec<(Option<SourceSpan>, Later)>,
}

impl Reader<'_> {
    fn found(&mut self, place: Option<SourceSpan>, later: Later) {
        self.found.push((place, later));
    }

    fn variable(&mut self, variable: &Node<VariableDefinition>) {
        if let Some(default) = &variable.default_value {
            if variable.ty.is_non_null() {
                let (name, ty) = (variable.name.to_string(), variable.ty.to_string());
                self.found(default.location(), Later::NeedlessDefault(name, ty));
            }
            self.value(default);
        }
        if let Some(directive) = variable.directives.iter().next() {
            self.found(directive.location(), Later::VariableDirective);
        }
    }

    fn selections(&mut self, selections: &[Selection]) {
        for selection in selections {
            match selection {
                Selection::Field(field) => {
                    self.arguments(&field.arguments);
                    self.directives(&field.directives);
                    self.selections(&field.selection_set);
                }
                Selection::FragmentSpread(spread) => self.directives(&spread.directives),
                Selection::InlineFragment(inline) => {
                    self.directives(&inline.directives);
                    self.selections(&inline.selection_set);
                }
            }
        }
    }

    fn directives(&mut self, directives: &executable::DirectiveList) {
        for directive in directives {
            if !DIRECTIVES.contains(&directive.name.as_str()) {
                self.found(directive.location(), Later::Directive(directive.name.to_string()));
            }
            self.arguments(&directive.arguments);
        }
    }

    fn arguments(&mut self, arguments: &[Node<Argument>]) {
        for argument in arguments {
            self.value(&argument.value);
        }
    }

    fn value(&mut self, value: &Node<Value>) {
        match &**value {
            Value::Null => self.found(value.location(), Later::Null),
            Value::String(_) if self.sources.node(value.location()).starts_with(r#"""""#) => {
                self.found(value.location(), Later::BlockString);
            }
            Value::List(items) => items.iter().for_each(|item| self.value(item)),
            Value::Object(members) => members.iter().for_each(|(_, member)| self.value(member)),
            _ => {}
        }
    }
}

/// A field of introspection, and its argument, that a server of 2016 does not have.
fn introspected(ty: &str, field: &Node<executable::Field>, schema: &Schema, sources: Sources<'_>) -> Vec<Problem> {
    if !schema.types.get(ty).is_some_and(apollo_compiler::schema::ExtendedType::is_built_in) {
        return Vec::new();
    }
    let tell = |place: Option<SourceSpan>, message: String| {
        sources.problem(Fault::Dialect, place, message, "ask only for what introspection had in 2016".to_owned())
    };
    let is_later = LATER_FIELDS.iter().any(|(name, fields)| *name == ty && fields.contains(&field.name.as_str()));
    let later = is_later.then(|| tell(field.location(), format!("the server has no `{ty}.{}`", field.name)));
    let argument = field.arguments.first().filter(|_| is_later_argument(ty, &field.name));
    let argument = argument.map(|argument| {
        let message = format!("the server has no argument `{}` of `{ty}.{}`", argument.name, field.name);
        tell(argument.location(), message)
    });
    later.into_iter().chain(argument).collect()
}
