//! What a selection set is answered with, as a schema of `OpenAPI` 3.0.
//!
//! The answer is derived for each object type that a value may be of, and what these have apart is joined: so a key that
//! comes only with some of them is optional, and whatever a fragment says of another type does not count.

use super::join::join;
use super::leaf::{form, nullable};
use apollo_compiler::ast::{self, Type};
use apollo_compiler::executable::{DirectiveList, ExecutableDocument, Field, Selection, SelectionSet};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{Name, Node, Schema};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// What must hold for something to be answered: variables and the value that each must have.
type When = BTreeSet<(Name, bool)>;

/// What answers are derived from.
pub(super) struct Answers<'a> {
    pub(super) schema: &'a Schema,
    pub(super) document: &'a ExecutableDocument,
    pub(super) components: &'a Map<String, Value>,
    /// Fields whose scalar has no known form.
    pub(super) unknown: Vec<&'a Node<Field>>,
}

/// A field that answers a key.
#[derive(Clone)]
struct Found<'a> {
    field: &'a Node<Field>,
    /// The type that the object at hand gives it, which may be narrower than its interface's.
    ty: &'a Type,
    when: When,
}

impl PartialEq for Found<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.field.ptr_eq(other.field) && self.ty == other.ty && self.when == other.when
    }
}

impl<'a> Answers<'a> {
    /// The answer to the whole selection of an operation.
    pub(super) fn of(&mut self, selection: &'a SelectionSet) -> Value {
        self.object(&[(selection, When::new())], &BTreeSet::from([&selection.ty]))
    }

    /// An object that some selection sets ask for, of one of these types.
    fn object(&mut self, sets: &[(&'a SelectionSet, When)], possible: &BTreeSet<&'a Name>) -> Value {
        // Most types are answered alike, and there may be many of them.
        let mut groups: Vec<(Vec<Found<'a>>, Vec<&'a Name>)> = Vec::new();
        for ty in possible {
            let mut found = Vec::new();
            let mut spread = BTreeSet::new();
            for (set, when) in sets {
                self.collect(set, when, ty, &mut spread, &mut found);
            }
            match groups.iter_mut().find(|(other, _)| *other == found) {
                Some((_, types)) => types.push(ty),
                None => groups.push((found, vec![ty])),
            }
        }
        let objects = groups.into_iter().map(|(found, types)| self.keys(found, &types));
        objects.reduce(join).unwrap_or_else(|| json!({"type": "object"}))
    }

    /// The fields that a selection asks of an object type. Each fragment counts once under the same conditions.
    fn collect(
        &self,
        set: &'a SelectionSet,
        when: &When,
        ty: &'a Name,
        spread: &mut BTreeSet<(&'a Name, When)>,
        found: &mut Vec<Found<'a>>,
    ) {
        for selection in &set.selections {
            let Some(when) = condition(selection.directives(), when) else { continue };
            match selection {
                Selection::Field(field) => {
                    let own = self.schema.type_field(ty, &field.name);
                    let ty = own.map_or(field.ty(), |own| &own.ty);
                    found.push(Found { field, ty, when });
                }
                Selection::InlineFragment(inline) => {
                    if inline.type_condition.as_ref().is_none_or(|condition| self.is(ty, condition)) {
                        self.collect(&inline.selection_set, &when, ty, spread, found);
                    }
                }
                Selection::FragmentSpread(named) => {
                    let Some(fragment) = named.fragment_def(self.document) else { continue };
                    if self.is(ty, fragment.type_condition()) && spread.insert((&fragment.name, when.clone())) {
                        self.collect(&fragment.selection_set, &when, ty, spread, found);
                    }
                }
            }
        }
    }

    fn is(&self, ty: &Name, condition: &Name) -> bool {
        ty == condition || self.schema.is_subtype(condition, ty)
    }

    /// The object that some fields make, of one of these types.
    fn keys(&mut self, found: Vec<Found<'a>>, types: &[&Name]) -> Value {
        let mut keys: BTreeMap<&'a str, Vec<Found<'a>>> = BTreeMap::new();
        for found in found {
            keys.entry(found.field.response_key().as_str()).or_default().push(found);
        }
        let always = |found: &Vec<Found<'_>>| found.iter().any(|found| found.when.is_empty());
        let required: Vec<&str> = keys.iter().filter(|(_, found)| always(found)).map(|(key, _)| *key).collect();
        let mut object = json!({"type": "object"});
        if !required.is_empty() {
            object["required"] = json!(required);
        }
        let properties = keys.into_iter().map(|(key, found)| (key.to_owned(), self.value(&found, types)));
        object["properties"] = properties.collect::<Map<_, _>>().into();
        object
    }

    /// The value of a key.
    fn value(&mut self, found: &[Found<'a>], types: &[&Name]) -> Value {
        let first = found[0].clone();
        if first.field.name == "__typename" {
            return json!({"type": "string", "enum": types});
        }
        let named = first.ty.inner_named_type();
        let inner = match self.schema.types.get(named) {
            Some(ExtendedType::Object(_) | ExtendedType::Interface(_) | ExtendedType::Union(_)) => {
                // What all of them hang on holds where the key is there at all.
                let common = found.iter().skip(1).fold(first.when.clone(), |common, other| &common & &other.when);
                let sets: Vec<_> =
                    found.iter().map(|found| (&found.field.selection_set, &found.when - &common)).collect();
                let possible = found.iter().flat_map(|found| self.possible(found.ty.inner_named_type())).collect();
                self.object(&sets, &possible)
            }
            _ => form(self.schema, self.components, named).unwrap_or_else(|| {
                self.unknown.push(first.field);
                json!({})
            }),
        };
        wrap(first.ty, inner)
    }

    /// The object types that a value of a type may be of.
    fn possible(&self, name: &'a Name) -> Vec<&'a Name> {
        let mut possible: Vec<&Name> = match self.schema.types.get(name) {
            Some(ExtendedType::Union(union)) => union.members.iter().map(|member| &member.name).collect(),
            Some(ExtendedType::Interface(_)) => {
                let objects = self.schema.types.iter().filter(|(_, ty)| ty.is_object());
                objects.map(|(object, _)| object).filter(|object| self.schema.is_subtype(name, object)).collect()
            }
            _ => Vec::new(),
        };
        if possible.is_empty() {
            possible.push(name);
        }
        possible
    }
}

/// A type's lists and nulls around the form of what it names.
pub(super) fn wrap(ty: &Type, inner: Value) -> Value {
    match ty {
        Type::NonNullNamed(_) => inner,
        Type::Named(_) => nullable(inner),
        Type::NonNullList(item) => json!({"type": "array", "items": wrap(item, inner)}),
        Type::List(item) => json!({"type": "array", "nullable": true, "items": wrap(item, inner)}),
    }
}

/// The conditions with those of `@include` and `@skip`; `None` for what never comes.
fn condition(directives: &DirectiveList, when: &When) -> Option<When> {
    let mut when = when.clone();
    for (name, wanted) in [("include", true), ("skip", false)] {
        for directive in directives.get_all(name) {
            match directive.specified_argument_by_name("if").map(|value| &**value) {
                Some(ast::Value::Boolean(value)) if *value != wanted => return None,
                Some(ast::Value::Variable(variable)) => {
                    if when.contains(&(variable.clone(), !wanted)) {
                        return None;
                    }
                    when.insert((variable.clone(), wanted));
                }
                _ => {}
            }
        }
    }
    Some(when)
}
