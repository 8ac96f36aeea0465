//! The engine of the real server, which is older than the June 2018 edition of the language: what it does not know, and
//! how it draws its errors.

use apollo_compiler::parser::SourceSpan;
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::validation::Valid;
use apollo_compiler::{Schema, ast};
use std::fmt::Write;
use vigie_contract::graphql::expand::{DIRECTIVES, LATER_FIELDS, Later, later};

/// A location that no document may have.
pub(super) struct Unexpected {
    /// Bytes before it.
    pub(super) offset: usize,
    /// What is there.
    pub(super) found: &'static str,
}

/// Leaves of introspection only what there was in 2016, and of directives the two that there were.
pub(super) fn of_2016(schema: Valid<Schema>) -> Valid<Schema> {
    let mut schema = schema.into_inner();
    for (name, fields) in LATER_FIELDS {
        if let Some(ExtendedType::Object(own)) = schema.types.get_mut(name) {
            own.make_mut().fields.retain(|field, _| !fields.contains(&field.as_str()));
        }
    }
    schema.directive_definitions.retain(|name, _| DIRECTIVES.contains(&name.as_str()));
    // It was valid, and what is gone is named by nothing.
    Valid::assume_valid(schema)
}

/// The first `null` that stands for a value, or the first block string.
pub(super) fn modern(document: &ast::Document) -> Option<Unexpected> {
    let unexpected = |(place, later): (Option<SourceSpan>, Later)| {
        let found = match later {
            Later::Null => "Name \"null\"",
            Later::BlockString => "String",
            _ => return None,
        };
        Some(Unexpected { offset: place?.offset(), found })
    };
    later(document).into_iter().filter_map(unexpected).min_by_key(|unexpected| unexpected.offset)
}

/// A syntax error as the real server draws it.
pub(super) fn syntax_error(document: &str, offset: usize, what: &str) -> (String, usize, usize) {
    let offset = (0..=offset.min(document.len())).rev().find(|at| document.is_char_boundary(*at)).unwrap_or_default();
    let before = &document[..offset];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    let width = (line + 1).to_string().len();
    let mut drawn = String::new();
    for (number, text) in document.lines().enumerate().map(|(at, text)| (at + 1, text)) {
        if number + 1 >= line && number <= line + 1 {
            // Writing to a String cannot fail.
            let _ = writeln!(drawn, "{number:>width$}: {text}");
        }
        if number == line {
            let _ = writeln!(drawn, "{}^", " ".repeat(width + 1 + column));
        }
    }
    (format!("Syntax Error GraphQL ({line}:{column}) {what}\n\n{drawn}"), line, column)
}

/// What stands at a place, in the words of the real server.
pub(super) fn token(document: &str, offset: usize) -> String {
    let rest = document.get(offset..).unwrap_or_default();
    let Some(first) = rest.chars().next() else { return "EOF".to_owned() };
    if first.is_ascii_alphabetic() || first == '_' {
        let end = rest.find(|character: char| !character.is_ascii_alphanumeric() && character != '_');
        return format!("Name \"{}\"", &rest[..end.unwrap_or(rest.len())]);
    }
    if first.is_ascii_digit() || first == '-' {
        let end = rest.find(|character: char| !character.is_ascii_digit() && character != '-');
        return format!("Int \"{}\"", &rest[..end.unwrap_or(rest.len())]);
    }
    first.to_string()
}

#[cfg(test)]
mod tests {
    use super::{ast, modern, syntax_error};

    #[test]
    fn a_null_is_refused_where_it_is_a_value_only() {
        let at = |document: &str| {
            let parsed = ast::Document::parse(document, "request.graphql");
            let document = parsed.unwrap_or_else(|failed| failed.partial);
            modern(&document).map(|found| found.offset)
        };
        assert_eq!(at("mutation { a(name: null) { id } }"), Some(19));
        assert_eq!(at("{ a(list: [1, null]) }"), Some(14));
        assert_eq!(at("query ($a: Int = null) { a }"), Some(17));
        assert_eq!(at("{ null: a, b(null: 1) # null\n c(x: \"null\") }"), None);
        assert_eq!(at("{ a(x: \"\"\"b\"\"\") }"), Some(7));
        assert_eq!(at("{ a(x: 1) @skip(if: null) }"), Some(20));
        assert_eq!(at("{ a(x: [null]"), Some(8));
    }

    #[test]
    fn a_syntax_error_points_at_its_place() {
        let (message, line, column) = syntax_error("{", 1, "Expected Name, found EOF");
        assert_eq!(message, "Syntax Error GraphQL (1:2) Expected Name, found EOF\n\n1: {\n    ^\n");
        assert_eq!((line, column), (1, 2));
    }
}
