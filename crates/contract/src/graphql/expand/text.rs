//! The text of a query: read, and without its comments.

use super::check;
use super::problem::{Fault, Problem};
use apollo_compiler::parser::Parser;
use apollo_compiler::{Node, ast};

/// Levels of braces that are read.
const DEEPEST: usize = 200;

/// Reads a text. An error tells the first place where it is no GraphQL: what comes after it is mostly due to it.
pub fn parse(name: &str, text: &str) -> Result<ast::Document, Vec<Problem>> {
    let parsed = Parser::new().recursion_limit(DEEPEST).parse_ast(text, name);
    parsed.map_err(|refused| check::problems(&refused.errors, Fault::Syntax).into_iter().take(1).collect())
}

/// Whether a text asks for the schema alone: every field of the operation that is meant begins with `__`.
#[must_use]
pub fn only_introspects(text: &str, name: Option<&str>) -> bool {
    let Ok(parsed) = parse("query", text) else { return false };
    let operations = || parsed.definitions.iter().filter_map(ast::Definition::as_operation_definition);
    let is_meant = |operation: &&Node<ast::OperationDefinition>| {
        name.is_none_or(|name| operation.name.as_ref().is_some_and(|own| own == name))
    };
    let asks_schema =
        |selection: &ast::Selection| selection.as_field().is_some_and(|field| field.name.starts_with("__"));
    let mut meant = operations().filter(is_meant);
    meant.next().is_some_and(|operation| operation.selection_set.iter().all(asks_schema)) && meant.next().is_none()
}

/// The comment at the head of a text, without its marks.
pub(super) fn description(text: &str) -> String {
    let lines = text.lines().map(str::trim).skip_while(|line| line.is_empty());
    let comment = lines.map_while(|line| line.strip_prefix('#')).map(str::trim);
    comment.collect::<Vec<_>>().join("\n").trim().to_owned()
}

/// A text without comments and blank lines. It must hold no block string.
pub(super) fn without_comments(text: &str) -> String {
    let lines = text.lines().map(|line| line[..code(line)].trim_end()).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

/// How much of a line is no comment.
fn code(line: &str) -> usize {
    let (mut in_string, mut escaped) = (false, false);
    for (at, character) in line.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' if in_string => escaped = true,
            '"' => in_string = !in_string,
            '#' if !in_string => return at,
            _ => {}
        }
    }
    line.len()
}

#[cfg(test)]
mod tests {
    use super::{description, without_comments};

    #[test]
    fn comments_go_and_what_is_quoted_stays() {
        let text = "\n# Who calls.\n#\n# And when.\nquery me { # all\n  a(b: \"# \\\" no\") # c\n\n  # d\n}\n# e\n";
        assert_eq!(description(text), "Who calls.\n\nAnd when.");
        assert_eq!(without_comments(text), "query me {\n  a(b: \"# \\\" no\")\n}");
        assert_eq!(description("query me { a }"), "");
    }
}
