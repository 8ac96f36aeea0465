//! The ids of the drift rules: unique, and in kebab case.

use super::{Source, Violation};
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::collections::BTreeMap;

/// Where the rules are: a file, or a folder of files.
const PLACES: [&str; 2] = ["src/drift/rules.rs", "src/drift/rules/"];

/// Checks the rules of the tree. Returns how many there are.
pub(super) fn check(sources: &[Source], violations: &mut Vec<Violation>) -> usize {
    let mut first: BTreeMap<String, String> = BTreeMap::new();
    for source in sources.iter().filter(|source| PLACES.iter().any(|place| source.path.starts_with(place))) {
        let mut ids = Vec::new();
        collect(source.tokens.clone(), &mut ids);
        for (id, line) in ids {
            if !is_kebab(&id) {
                violations.push(source.at(line, format!("the rule id `{id}` is not in kebab case")));
            }
            let here = format!("{}:{line}", source.path);
            if let Some(there) = first.get(&id) {
                violations.push(source.at(line, format!("the rule id `{id}` is taken by {there}")));
            } else {
                first.insert(id, here);
            }
        }
    }
    if first.is_empty() {
        let message = "no rule id found: expected `Kind => (\"id\", ..)` or `id: \"id\"`".to_owned();
        violations.push(Violation { path: PLACES[0].to_owned(), line: 1, message });
    }
    first.len()
}

/// The ids of a table: `=> ("id", ..)`, and `id: "id"`.
fn collect(tokens: TokenStream, ids: &mut Vec<(String, usize)>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (position, token) in tokens.iter().enumerate() {
        let before = |steps: usize| position.checked_sub(steps).map(|position| &tokens[position]);
        let is =
            |steps, character| matches!(before(steps), Some(TokenTree::Punct(punct)) if punct.as_char() == character);
        let found = match token {
            TokenTree::Literal(_)
                if is(1, ':') && matches!(before(2), Some(TokenTree::Ident(name)) if name == "id") =>
            {
                text(token)
            }
            TokenTree::Group(group) if is(1, '>') && is(2, '=') && group.delimiter() == Delimiter::Parenthesis => {
                group.stream().into_iter().next().as_ref().and_then(text)
            }
            _ => None,
        };
        // The row that the others are filled up from has no id.
        ids.extend(found.filter(|(id, _)| !id.is_empty()));
        if let TokenTree::Group(group) = token {
            collect(group.stream(), ids);
        }
    }
}

/// A string literal and its line.
fn text(token: &TokenTree) -> Option<(String, usize)> {
    let written = token.to_string();
    let text = written.strip_prefix('"')?.strip_suffix('"')?;
    Some((text.to_owned(), token.span().start().line))
}

fn is_kebab(id: &str) -> bool {
    let word =
        |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    // A keyword of OpenAPI keeps its capitals, as the labelled histories write it.
    id.split('-').all(|part| part == "additionalProperties" || word(part))
}

#[cfg(test)]
mod tests {
    use super::{collect, is_kebab};

    #[test]
    fn both_forms_of_a_table_are_read_and_nothing_else() {
        let code =
            "match kind {\n  A => (\"a-a\", X, \"title\"),\n  B => f(\"no\"),\n};\nRule { id: \"b\", title: \"no\" }";
        let mut ids = Vec::new();
        collect(code.parse().expect("it is Rust"), &mut ids);
        assert_eq!(ids, [("a-a".to_owned(), 2), ("b".to_owned(), 5)]);
    }

    #[test]
    fn kebab_case_is_words_in_lower_case_with_single_hyphens() {
        for (id, kebab) in [
            ("body-invalid", true),
            ("v2-a", true),
            ("a--b", false),
            ("-a", false),
            ("a_b", false),
            ("aB", false),
            ("", false),
        ] {
            assert_eq!(is_kebab(id), kebab, "{id}");
        }
    }
}
