//! Values of scalars that stand in a query: the language lets a scalar of one's own take any, its server does not.

use super::leaf::{COMPONENTS, form};
use super::problem::{Fault, Problem};
use super::source::Sources;
use apollo_compiler::ast::{Argument, InputValueDefinition, Type, Value as Literal};
use apollo_compiler::executable::{ExecutableDocument, Selection, SelectionSet};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{Name, Node, Schema};
use serde_json::{Map, Value};

/// Every literal of a document that its scalar does not take.
pub(super) fn check(document: &ExecutableDocument, schema: &Schema, components: &Map<String, Value>) -> Vec<Problem> {
    let mut check = Check { sources: Sources(&document.sources), schema, components, problems: Vec::new() };
    for operation in document.operations.iter() {
        for variable in &operation.variables {
            if let Some(default) = &variable.default_value {
                check.value(&variable.name, &variable.ty, default);
            }
        }
        check.selections(&operation.selection_set);
    }
    document.fragments.values().for_each(|fragment| check.selections(&fragment.selection_set));
    check.problems
}

struct Check<'a> {
    sources: Sources<'a>,
    schema: &'a Schema,
    components: &'a Map<String, Value>,
    problems: Vec<Problem>,
}

impl Check<'_> {
    fn selections(&mut self, set: &SelectionSet) {
        for selection in &set.selections {
            match selection {
                Selection::Field(field) => {
                    self.arguments(&field.definition.arguments, &field.arguments);
                    self.selections(&field.selection_set);
                }
                Selection::InlineFragment(inline) => self.selections(&inline.selection_set),
                Selection::FragmentSpread(_) => {}
            }
        }
    }

    fn arguments(&mut self, definitions: &[Node<InputValueDefinition>], arguments: &[Node<Argument>]) {
        for argument in arguments {
            if let Some(definition) = definitions.iter().find(|definition| definition.name == argument.name) {
                self.value(&argument.name, &definition.ty, &argument.value);
            }
        }
    }

    fn value(&mut self, name: &Name, ty: &Type, value: &Node<Literal>) {
        match (&**value, self.schema.types.get(ty.inner_named_type())) {
            // A variable is of the right type; the other check tells a null.
            (Literal::Variable(_) | Literal::Null, _) => {}
            (Literal::List(items), _) if ty.is_list() => {
                for item in items {
                    self.value(name, ty.item_type(), item);
                }
            }
            (Literal::Object(members), Some(ExtendedType::InputObject(input))) => {
                for (name, member) in members {
                    if let Some(field) = input.fields.get(name) {
                        self.value(name, &field.ty, member);
                    }
                }
            }
            (_, Some(ExtendedType::Scalar(scalar))) if !scalar.is_built_in() => self.scalar(name, &scalar.name, value),
            _ => {}
        }
    }

    fn scalar(&mut self, name: &Name, scalar: &Name, value: &Node<Literal>) {
        let form = form(self.schema, self.components, scalar);
        let stated = form.as_ref().and_then(|form| form["$ref"].as_str());
        let component = stated.and_then(|target| self.components.get(target.strip_prefix(COMPONENTS)?));
        let Some(form) = component.or(form.as_ref()) else { return };
        if let Some(mend) = misfit(form, value) {
            let text = value.serialize().no_indent().to_string();
            let message = format!("`{name}` of type `{scalar}` does not take {text}");
            self.problems.push(self.sources.problem(Fault::Invalid, value.location(), message, mend));
        }
    }
}

/// What to write instead of a value that a form does not take.
fn misfit(form: &Value, value: &Literal) -> Option<String> {
    let words: Vec<&str> = form["enum"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let fits = match (value, form["type"].as_str()) {
        // It is a text, and a text is quoted.
        (Literal::Enum(_), _) => false,
        (Literal::String(text), _) if !words.is_empty() => words.contains(&text.as_str()),
        (_, _) if !words.is_empty() => false,
        (Literal::String(text), Some("integer")) => text.parse::<i64>().is_ok(),
        (Literal::String(text), Some("string")) => form["format"] != "date" || is_date(text),
        (Literal::Int(_), Some("integer" | "number"))
        | (Literal::Float(_), Some("number"))
        | (Literal::Boolean(_), Some("boolean"))
        | (Literal::Object(_), Some("object"))
        | (_, None) => true,
        _ => false,
    };
    match form["type"].as_str() {
        _ if fits => None,
        _ if !words.is_empty() => Some(format!("write one of \"{}\"", words.join("\", \""))),
        Some("string") if form["format"] == "date" => Some("write \"YYYY-MM-DD\"".into()),
        Some("string") | None => Some("write a text in quotes".into()),
        Some(ty) => Some(format!("write a JSON {ty}")),
    }
}

/// Whether a text has the form `YYYY-MM-DD`.
fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let digits = |part: &str, count| part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit());
    matches!(&parts[..], [year, month, day] if digits(year, 4) && digits(month, 2) && digits(day, 2))
}
