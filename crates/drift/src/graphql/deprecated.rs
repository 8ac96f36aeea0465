//! What a query uses that its schema marks as deprecated.

use apollo_compiler::ast::{DirectiveList, InputValueDefinition, Type, Value};
use apollo_compiler::executable::{ExecutableDocument, Selection, SelectionSet};
use apollo_compiler::parser::SourceSpan;
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{Node, Schema};

/// Something deprecated that a query uses.
pub(super) struct Use {
    /// Where the query does.
    pub(super) place: Option<SourceSpan>,
    /// What it is: `User.email`, `User.missions(first:)`, `Kind.OLD`.
    pub(super) what: String,
    /// What the schema says of it.
    pub(super) reason: Option<String>,
}

/// Everything deprecated that a query uses.
pub(super) fn uses(document: &ExecutableDocument, schema: &Schema) -> Vec<Use> {
    let mut search = Search { schema, uses: Vec::new() };
    for operation in document.operations.iter() {
        for variable in &operation.variables {
            if let Some(default) = &variable.default_value {
                search.value(&variable.ty, default);
            }
        }
        search.selections(&operation.selection_set);
    }
    document.fragments.values().for_each(|fragment| search.selections(&fragment.selection_set));
    search.uses
}

struct Search<'a> {
    schema: &'a Schema,
    uses: Vec<Use>,
}

impl Search<'_> {
    fn note(&mut self, directives: &DirectiveList, place: Option<SourceSpan>, what: String) {
        if let Some(directive) = directives.get("deprecated") {
            let reason = directive.specified_argument_by_name("reason").and_then(|value| value.as_str());
            self.uses.push(Use { place, what, reason: reason.map(str::to_owned) });
        }
    }

    fn selections(&mut self, set: &SelectionSet) {
        for selection in &set.selections {
            match selection {
                Selection::Field(field) => {
                    let what = format!("{}.{}", set.ty, field.name);
                    for argument in &field.arguments {
                        let known = field.definition.arguments.iter().find(|known| known.name == argument.name);
                        if let Some(known) = known {
                            self.given(
                                known,
                                &argument.value,
                                argument.location(),
                                format!("{what}({}:)", argument.name),
                            );
                        }
                    }
                    self.note(&field.definition.directives, field.location(), what);
                    self.selections(&field.selection_set);
                }
                Selection::InlineFragment(inline) => self.selections(&inline.selection_set),
                Selection::FragmentSpread(_) => {}
            }
        }
    }

    fn given(&mut self, known: &InputValueDefinition, value: &Node<Value>, place: Option<SourceSpan>, what: String) {
        self.note(&known.directives, place, what);
        self.value(&known.ty, value);
    }

    fn value(&mut self, ty: &Type, value: &Node<Value>) {
        let schema = self.schema;
        let name = ty.inner_named_type();
        match (&**value, schema.types.get(name)) {
            (Value::List(items), _) => items.iter().for_each(|item| self.value(ty.item_type(), item)),
            (Value::Object(members), Some(ExtendedType::InputObject(input))) => {
                for (field, member) in members {
                    if let Some(known) = input.fields.get(field) {
                        self.given(known, member, field.location(), format!("{name}.{field}"));
                    }
                }
            }
            (Value::Enum(word), Some(ExtendedType::Enum(words))) => {
                if let Some(known) = words.values.get(word) {
                    self.note(&known.directives, value.location(), format!("{name}.{word}"));
                }
            }
            _ => {}
        }
    }
}
