//! What GraphQL of today has and the server's does not. Mobilic runs graphql-core 2, which is older than the June 2018
//! edition of the language: no `null` literal, no block string, no subscription, and introspection of 2016.

use super::problem::{Fault, Problem};
use super::source::Sources;
use apollo_compiler::ast::{Argument, Definition, Document, OperationType, Selection, Value, VariableDefinition};
use apollo_compiler::executable::{self, ExecutableDocument};
use apollo_compiler::parser::SourceSpan;
use apollo_compiler::{Node, Schema};

/// Directives that every server has.
const DIRECTIVES: [&str; 2] = ["include", "skip"];

/// Fields of introspection that came after 2016, by type.
const LATER: [(&str, &[&str]); 5] = [
    ("__Schema", &["description"]),
    ("__Type", &["specifiedByURL", "isOneOf"]),
    ("__Field", &[]),
    ("__InputValue", &["isDeprecated", "deprecationReason"]),
    ("__Directive", &["isRepeatable"]),
];

/// What can be seen in a text without a schema.
#[must_use]
pub fn check_text(document: &Document) -> Vec<Problem> {
    let mut check = Check { sources: Sources(&document.sources), problems: Vec::new() };
    for definition in &document.definitions {
        match definition {
            Definition::OperationDefinition(operation) => {
                if operation.operation_type == OperationType::Subscription {
                    check.tell(
                        operation.location(),
                        "the server has no subscriptions",
                        "ask with a query, again and again",
                    );
                }
                operation.variables.iter().for_each(|variable| check.variable(variable));
                check.directives(&operation.directives);
                check.selections(&operation.selection_set);
            }
            Definition::FragmentDefinition(fragment) => {
                check.directives(&fragment.directives);
                check.selections(&fragment.selection_set);
            }
            _ => {}
        }
    }
    check.problems
}

/// What needs the types of a schema: fields of introspection.
pub(super) fn check_introspection(document: &ExecutableDocument, schema: &Schema) -> Vec<Problem> {
    let mut check = Check { sources: Sources(&document.sources), problems: Vec::new() };
    let operations = document.operations.iter().map(|operation| &operation.selection_set);
    let fragments = document.fragments.values().map(|fragment| &fragment.selection_set);
    let mut left: Vec<&executable::SelectionSet> = operations.chain(fragments).collect();
    while let Some(set) = left.pop() {
        for selection in &set.selections {
            match selection {
                executable::Selection::Field(field) => {
                    left.push(&field.selection_set);
                    check.introspection(&set.ty, field, schema);
                }
                executable::Selection::InlineFragment(inline) => left.push(&inline.selection_set),
                executable::Selection::FragmentSpread(_) => {}
            }
        }
    }
    check.problems
}

struct Check<'a> {
    sources: Sources<'a>,
    problems: Vec<Problem>,
}

impl Check<'_> {
    fn tell(&mut self, place: Option<SourceSpan>, message: impl Into<String>, mend: &str) {
        self.problems.push(self.sources.problem(Fault::Dialect, place, message.into(), mend.to_owned()));
    }

    fn variable(&mut self, variable: &Node<VariableDefinition>) {
        if let Some(default) = &variable.default_value {
            if variable.ty.is_non_null() {
                let message =
                    format!("`${}` of type `{}` has a default, which the server refuses", variable.name, variable.ty);
                self.tell(default.location(), message, "take the `!` or the default away");
            }
            self.value(default);
        }
        if let Some(directive) = variable.directives.iter().next() {
            self.tell(directive.location(), "the server knows no directives of variables", "take it away");
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
                let message = format!("the server does not know the directive `@{}`", directive.name);
                self.tell(directive.location(), message, "it has `@include` and `@skip`");
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
            Value::Null => {
                let mend = "leave it out: what is absent is null, and a variable may be null";
                self.tell(value.location(), "the server does not know the literal `null`", mend);
            }
            Value::String(_) if self.sources.node(value.location()).starts_with(r#"""""#) => {
                let mend = "write \"..\" on one line, with \\n for line breaks, or use a variable";
                self.tell(value.location(), "the server does not know block strings", mend);
            }
            Value::List(items) => items.iter().for_each(|item| self.value(item)),
            Value::Object(members) => members.iter().for_each(|(_, member)| self.value(member)),
            _ => {}
        }
    }

    fn introspection(&mut self, ty: &str, field: &Node<executable::Field>, schema: &Schema) {
        let Some((_, later)) = LATER.iter().find(|(name, _)| *name == ty) else { return };
        if !schema.types.get(ty).is_some_and(apollo_compiler::schema::ExtendedType::is_built_in) {
            return;
        }
        let mend = "ask only for what introspection had in 2016";
        if later.contains(&field.name.as_str()) {
            self.tell(field.location(), format!("the server has no `{ty}.{}`", field.name), mend);
        }
        // Only the fields and the values of a type could be deprecated then.
        let is_later = matches!(field.name.as_str(), "args" | "inputFields");
        if let Some(argument) = field.arguments.first().filter(|_| is_later) {
            let message = format!("the server has no argument `{}` of `{ty}.{}`", argument.name, field.name);
            self.tell(argument.location(), message, mend);
        }
    }
}
