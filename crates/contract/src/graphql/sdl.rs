//! A schema from SDL, the language in which people write it.

use super::expand::from_ast;
use super::model::{BUILT_IN, Field, Input, Root, Schema, Type, TypeRef};
use super::{DEEPEST, ReadError};
use apollo_compiler::ast;
use apollo_compiler::collections::IndexMap;
use apollo_compiler::diagnostic::ToCliReport;
use apollo_compiler::parser::Parser;
use apollo_compiler::schema::{Component, ExtendedType};
use apollo_compiler::{Name, Schema as Parsed};
use std::collections::BTreeMap;

/// Tokens that a document may have, white space included: several times those of the largest public schemas, and few
/// enough that a document of nothing but errors, each of which is kept, stays within memory.
const MOST_TOKENS: usize = 2_000_000;

/// Words that begin a definition of a schema.
const DEFINITIONS: [&str; 9] =
    ["schema", "type", "interface", "union", "enum", "input", "scalar", "directive", "extend"];

/// Whether a text begins like SDL: a definition, after comments and a description.
#[must_use]
pub fn looks_like_sdl(text: &str) -> bool {
    let text = skip_ignored(text);
    let text = skip_ignored(skip_description(text));
    let end = text.find(|character: char| !character.is_ascii_alphabetic()).unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    let next = skip_ignored(rest).chars().next();
    // `type: object` is YAML: a definition goes on with a name, `schema` with a block as well, and both with `@`.
    let goes_on = match next {
        Some('{') => word == "schema",
        Some('@') => rest.starts_with(char::is_whitespace) || word == "schema",
        Some(next) => rest.starts_with(char::is_whitespace) && (next.is_ascii_alphabetic() || next == '_'),
        None => false,
    };
    DEFINITIONS.contains(&word) && goes_on
}

fn skip_ignored(mut text: &str) -> &str {
    loop {
        text = text.trim_start_matches(|character: char| character.is_whitespace() || ",\u{feff}".contains(character));
        match text.strip_prefix('#') {
            Some(comment) => text = comment.find('\n').map_or("", |end| &comment[end..]),
            None => return text,
        }
    }
}

fn skip_description(text: &str) -> &str {
    for quotes in [r#"""""#, r#"""#] {
        if let Some(rest) = text.strip_prefix(quotes) {
            return rest.find(quotes).map_or("", |end| &rest[end + quotes.len()..]);
        }
    }
    text
}

/// Reads SDL, extensions folded in.
pub(super) fn read(text: &str) -> Result<Schema, ReadError> {
    let mut builder = Parsed::builder().adopt_orphan_extensions().ignore_builtin_redefinitions();
    let mut parser = Parser::new().recursion_limit(DEEPEST).token_limit(MOST_TOKENS);
    parser.parse_into_schema_builder(text, "schema.graphql", &mut builder);
    match builder.build() {
        Ok(parsed) => Ok(schema(&parsed)),
        Err(refused) => Err(refused.errors.iter().next().map_or(ReadError::NotGraphQl, |first| {
            let start = first.line_column_range().map(|range| range.start);
            let (line, column) = start.map_or((1, 1), |start| (start.line, start.column));
            let is_end = first.error.location().is_some_and(|place| stops(text, place.offset(), place.end_offset()));
            ReadError::at(is_end, line, column, first.error.to_string())
        })),
    }
}

/// Whether a fault is that the text ends: it is behind the last word, or a quote is open until there.
fn stops(text: &str, start: usize, end: usize) -> bool {
    let last = text.trim_end().len();
    start >= last || (end >= last && text.get(start..).is_some_and(|rest| rest.starts_with('"')))
}

fn schema(parsed: &Parsed) -> Schema {
    let definition = &parsed.schema_definition;
    let roots = [
        (Root::Query, &definition.query),
        (Root::Mutation, &definition.mutation),
        (Root::Subscription, &definition.subscription),
    ];
    let is_ours = |name: &Name| !name.starts_with("__") && !BUILT_IN.contains(&name.as_str());
    Schema {
        roots: roots.into_iter().filter_map(|(root, name)| Some((root, name.as_ref()?.to_string()))).collect(),
        types: parsed
            .types
            .iter()
            .filter(|(name, _)| is_ours(name))
            .map(|(name, ty)| (name.to_string(), type_of(ty)))
            .collect(),
    }
}

fn type_of(ty: &ExtendedType) -> Type {
    match ty {
        ExtendedType::Scalar(scalar) => {
            Type::Scalar { description: scalar.description.as_ref().map(ToString::to_string) }
        }
        ExtendedType::Object(object) => Type::Object {
            fields: fields(&object.fields),
            interfaces: object.implements_interfaces.iter().map(ToString::to_string).collect(),
        },
        ExtendedType::Interface(interface) => Type::Interface { fields: fields(&interface.fields) },
        ExtendedType::Union(union) => Type::Union { members: union.members.iter().map(ToString::to_string).collect() },
        ExtendedType::Enum(words) => Type::Enum {
            values: words
                .values
                .iter()
                .map(|(name, value)| (name.to_string(), deprecated(&value.directives)))
                .collect(),
        },
        ExtendedType::InputObject(input) => Type::Input {
            fields: input.fields.iter().map(|(name, field)| (name.to_string(), input_of(field))).collect(),
        },
    }
}

fn fields(fields: &IndexMap<Name, Component<ast::FieldDefinition>>) -> BTreeMap<String, Field> {
    let field = |field: &ast::FieldDefinition| Field {
        ty: type_ref(&field.ty),
        arguments: field.arguments.iter().map(|argument| (argument.name.to_string(), input_of(argument))).collect(),
        deprecated: deprecated(&field.directives),
    };
    fields.iter().map(|(name, definition)| (name.to_string(), field(definition))).collect()
}

fn input_of(input: &ast::InputValueDefinition) -> Input {
    Input {
        ty: type_ref(&input.ty),
        default: input.default_value.as_ref().map(|value| from_ast(value)).unwrap_or_default(),
        deprecated: deprecated(&input.directives),
    }
}

#[allow(clippy::unnecessary_wraps, reason = "SDL can always say it, introspection cannot")]
fn deprecated(directives: &ast::DirectiveList) -> Option<bool> {
    Some(directives.has("deprecated"))
}

fn type_ref(mut ty: &ast::Type) -> TypeRef {
    let mut never_null = Vec::new();
    loop {
        never_null.push(ty.is_non_null());
        match ty {
            ast::Type::Named(name) | ast::Type::NonNullNamed(name) => {
                return TypeRef { name: name.to_string(), never_null };
            }
            ast::Type::List(inner) | ast::Type::NonNullList(inner) => ty = inner,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::looks_like_sdl;

    #[test]
    fn definitions_after_comments_and_descriptions_look_like_sdl() {
        for text in [
            "type Query { a: Int }",
            "\u{feff}# a comment\n\n  schema { query: Q }",
            "schema @link(url: \"u\") { query: Q }",
            "\"\"\"What it\nis.\"\"\"\nscalar Date",
            "\"A word\" enum E { A }",
            "extend type Query { a: Int }",
            "directive @a on FIELD",
        ] {
            assert!(looks_like_sdl(text), "{text}");
        }
    }

    #[test]
    fn other_documents_do_not() {
        for text in [
            "",
            "type: object",
            "openapi: 3.0.0",
            "{\"data\": 1}",
            "query { me }",
            "schema:\n  a: 1",
            "<html>",
            "# type Q",
            "\"type Q",
        ] {
            assert!(!looks_like_sdl(text), "{text}");
        }
    }
}
