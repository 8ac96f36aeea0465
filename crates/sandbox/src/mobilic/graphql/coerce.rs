//! Variables and literals: loose where the real server is loose, and checked where its scalars check.

use super::literal::{Misfit, plain, read};
use super::problem::Problem;
use apollo_compiler::ast::{Type, Value as Literal};
use apollo_compiler::executable::{Operation, Selection, SelectionSet};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{ExecutableDocument, Schema};
use serde_json::{Map, Value};
use vigie_contract::graphql::expand::is_later_argument;

/// The values of an operation's variables. One that is null counts as absent.
pub(super) fn variables(
    schema: &Schema,
    document: &ExecutableDocument,
    operation: &Operation,
    given: &Map<String, Value>,
) -> Result<Map<String, Value>, Problem> {
    let mut values = Map::new();
    for variable in &operation.variables {
        let name = variable.name.as_str();
        let at = |message| Problem::at(document, variable.location(), message);
        match given.get(name).filter(|value| !value.is_null()) {
            Some(value) => {
                let coerced = coerce(schema, &variable.ty, value).map_err(|trouble| match trouble {
                    Trouble::Said(message) => Problem::nowhere(message),
                    Trouble::At(path) => {
                        at(format!("Variable \"${name}\" got invalid value {}.\n{path}", spaced(value)))
                    }
                })?;
                values.insert(name.to_owned(), coerced);
            }
            None => match variable.default_value.as_ref().and_then(|literal| plain(literal)) {
                Some(default) => drop(values.insert(name.to_owned(), default)),
                None if variable.ty.is_non_null() => {
                    return Err(at(format!(
                        "Variable \"${name}\" of required type \"{}\" was not provided.",
                        variable.ty
                    )));
                }
                None => {}
            },
        }
    }
    Ok(values)
}

/// Why a value does not fit its type.
enum Trouble {
    Said(String),
    At(String),
}

fn coerce(schema: &Schema, kind: &Type, value: &Value) -> Result<Value, Trouble> {
    if value.is_null() {
        if kind.is_non_null() {
            return Err(Trouble::At(format!("Expected \"{kind}\", found null.")));
        }
        return Ok(Value::Null);
    }
    if let Type::List(inner) | Type::NonNullList(inner) = kind {
        let alone = std::slice::from_ref(value);
        let items = value.as_array().map_or(alone, Vec::as_slice).iter().enumerate();
        let list = value.is_array();
        return items
            .map(|(place, item)| {
                coerce(schema, inner, item).map_err(|trouble| match trouble {
                    Trouble::At(text) if list => Trouble::At(format!("In element #{place}: {text}")),
                    other => other,
                })
            })
            .collect();
    }
    let name = kind.inner_named_type().as_str();
    match schema.types.get(name) {
        Some(ExtendedType::InputObject(input)) => {
            let Some(given) = value.as_object() else {
                return Err(Trouble::At(format!("Expected \"{name}\", found not an object.")));
            };
            if let Some(unknown) = given.keys().find(|key| !input.fields.contains_key(key.as_str())) {
                return Err(Trouble::At(format!("In field \"{unknown}\": Unknown field.")));
            }
            let mut fields = Map::new();
            for (field, definition) in &input.fields {
                let inside = |trouble| match trouble {
                    Trouble::At(text) => Trouble::At(format!("In field \"{field}\": {text}")),
                    said @ Trouble::Said(_) => said,
                };
                match given.get(field.as_str()).filter(|value| !value.is_null()) {
                    Some(value) => {
                        fields.insert(field.to_string(), coerce(schema, &definition.ty, value).map_err(inside)?);
                    }
                    None => match definition.default_value.as_ref().and_then(|literal| plain(literal)) {
                        Some(default) => drop(fields.insert(field.to_string(), default)),
                        None if definition.ty.is_non_null() => {
                            return Err(inside(Trouble::At(format!("Expected \"{}\", found null.", definition.ty))));
                        }
                        None => {}
                    },
                }
            }
            Ok(Value::Object(fields))
        }
        _ => read(schema, name, value).map_err(|misfit| match misfit {
            Misfit::Said(message) => Trouble::Said(message),
            Misfit::Expected => Trouble::At(format!("Expected type \"{name}\", found {}.", spaced(value))),
        }),
    }
}

/// JSON as the real server prints it, with spaces and in the order of the keys.
fn spaced(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("[{}]", items.iter().map(spaced).collect::<Vec<_>>().join(", ")),
        Value::Object(map) => {
            let mut fields: Vec<_> = map.iter().collect();
            fields.sort_by_key(|(name, _)| name.as_str());
            let fields: Vec<String> = fields
                .into_iter()
                .map(|(name, value)| format!("{}: {}", Value::from(name.as_str()), spaced(value)))
                .collect();
            format!("{{{}}}", fields.join(", "))
        }
        other => other.to_string(),
    }
}

/// Literals of a document that their scalars do not take, and arguments of introspection that came later.
pub(super) fn literals(schema: &Schema, document: &ExecutableDocument) -> Vec<Problem> {
    let mut problems = Vec::new();
    let operations = document.operations.iter().map(|operation| &operation.selection_set);
    let fragments = document.fragments.values().map(|fragment| &fragment.selection_set);
    for selections in operations.chain(fragments) {
        walk(schema, document, selections, &mut problems);
    }
    problems
}

fn walk(schema: &Schema, document: &ExecutableDocument, selections: &SelectionSet, problems: &mut Vec<Problem>) {
    for selection in &selections.selections {
        match selection {
            Selection::Field(field) => {
                // The engine needs it to answer; in 2016 there was none.
                if is_later_argument(&selections.ty, &field.name) && !field.arguments.is_empty() {
                    let message = format!(
                        "Unknown argument \"{}\" on field \"{}\" of type \"{}\".",
                        field.arguments[0].name, field.name, selections.ty
                    );
                    problems.push(Problem::at(document, field.arguments[0].location(), message));
                }
                for argument in &field.arguments {
                    let definition = field.definition.arguments.iter().find(|own| own.name == argument.name);
                    let Some(misfit) = definition.and_then(|own| unfit(schema, &own.ty, &argument.value)) else {
                        continue;
                    };
                    let (name, value) = (&argument.name, &argument.value);
                    problems.push(match misfit {
                        Trouble::Said(message) => Problem::nowhere(message),
                        Trouble::At(text) => {
                            let message = format!("Argument \"{name}\" has invalid value {value}.\n{text}");
                            Problem::at(document, value.location(), message)
                        }
                    });
                }
                walk(schema, document, &field.selection_set, problems);
            }
            Selection::InlineFragment(fragment) => walk(schema, document, &fragment.selection_set, problems),
            Selection::FragmentSpread(_) => {}
        }
    }
}

fn unfit(schema: &Schema, kind: &Type, literal: &Literal) -> Option<Trouble> {
    if matches!(literal, Literal::Variable(_)) {
        return None;
    }
    if let (Type::List(inner) | Type::NonNullList(inner), Literal::List(items)) = (kind, literal) {
        return items.iter().find_map(|item| unfit(schema, inner, item));
    }
    let name = kind.inner_named_type().as_str();
    match (schema.types.get(name)?, literal) {
        (ExtendedType::InputObject(input), Literal::Object(fields)) => fields.iter().find_map(|(field, value)| {
            unfit(schema, &input.fields.get(field)?.ty, value).map(|trouble| match trouble {
                Trouble::At(text) => Trouble::At(format!("In field \"{field}\": {text}")),
                said @ Trouble::Said(_) => said,
            })
        }),
        (ExtendedType::Scalar(_), _) if name == "GenericScalar" => None,
        (ExtendedType::Scalar(_), _) => {
            let expected = || Trouble::At(format!("Expected type \"{name}\", found {literal}."));
            // A literal is held to its type: only times and numbers may be written as texts.
            let strict = match name {
                "Int" | "Float" => !matches!(literal, Literal::Int(_) | Literal::Float(_)),
                "Boolean" => !matches!(literal, Literal::Boolean(_)),
                "TimeStamp" => !matches!(literal, Literal::Int(_) | Literal::String(_)),
                _ => !matches!(literal, Literal::String(_)),
            };
            if strict {
                return Some(expected());
            }
            match read(schema, name, &plain(literal)?) {
                Ok(_) => None,
                Err(Misfit::Said(message)) => Some(Trouble::Said(message)),
                Err(Misfit::Expected) => Some(expected()),
            }
        }
        _ => None,
    }
}
