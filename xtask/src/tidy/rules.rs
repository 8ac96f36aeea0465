//! The drift rules: ids are unique and in kebab case, and each rule has its fixture, its witness and its docs.

use super::{Source, Violation};
use crate::docs::{FIXTURES, PAGE};
use proc_macro2::{TokenStream, TokenTree};
use std::collections::BTreeMap;
use std::path::Path;

/// Where the rules are: a file for each subject.
const PLACE: &str = "crates/drift/src/rules/";

/// What a fixture may be made of: two contracts, two schemas, two answers, cases, a schema and queries, or a record.
const FORMS: [&[&str]; 6] = [
    &["old.yml", "new.yml", "witness.yml"],
    &["old.graphql", "new.graphql", "witness.yml"],
    &["old.json", "new.json"],
    &["cases"],
    &["schema.graphql", "queries"],
    &["contract.yml", "recorded.yml"],
];

/// Checks the rules of the tree. Returns how many there are.
pub(super) fn check(root: &Path, sources: &[Source], violations: &mut Vec<Violation>) -> usize {
    let before = violations.len();
    let mut first: BTreeMap<String, (String, usize)> = BTreeMap::new();
    for source in sources.iter().filter(|source| source.path.starts_with(PLACE)) {
        let mut ids = Vec::new();
        collect(source.tokens.clone(), &mut ids);
        for (id, line) in ids {
            if !is_kebab(&id) {
                violations.push(source.at(line, format!("the rule id `{id}` is not in kebab case")));
            }
            if let Some((path, there)) = first.get(&id) {
                violations.push(source.at(line, format!("the rule id `{id}` is taken by {path}:{there}")));
            } else {
                first.insert(id, (source.path.clone(), line));
            }
        }
    }
    if first.is_empty() {
        let message = "no rule id found: expected `id: \"id\"`".to_owned();
        violations.push(Violation { path: PLACE.to_owned(), line: 1, message });
    }
    // What a rule has is named after it: ids come first.
    if violations.len() > before {
        return first.len();
    }
    let page = std::fs::read_to_string(root.join(PAGE)).unwrap_or_default();
    for (id, (path, line)) in &first {
        let lacks = [fixture(&root.join(FIXTURES).join(id)), docs(&page, id)];
        let at = |lack| Violation { path: path.clone(), line: *line, message: format!("the rule `{id}` {lack}") };
        violations.extend(lacks.into_iter().flatten().map(at));
    }
    for folder in folders(&root.join(FIXTURES)).into_iter().filter(|folder| !first.contains_key(folder)) {
        let message = "no rule has this id: rename the folder, or remove it".to_owned();
        violations.push(Violation { path: format!("{FIXTURES}/{folder}"), line: 1, message });
    }
    first.len()
}

/// What a fixture lacks.
fn fixture(folder: &Path) -> Option<String> {
    let has = |name: &str| folder.join(name).exists();
    let lacking = |form: &[&str]| form.iter().filter(|name| !has(name)).copied().collect::<Vec<_>>().join(", ");
    let begun = FORMS.iter().find(|form| has(form[0])).map(|form| lacking(form));
    match begun {
        None => Some(format!("has no fixture: make {FIXTURES}/<id>/ as CONTRIBUTING.md says")),
        Some(lacking) if !lacking.is_empty() => Some(format!("has a fixture without {lacking}")),
        Some(_) => (!has("expected.yml")).then(|| "has a fixture without expected.yml".to_owned()),
    }
}

fn docs(page: &str, id: &str) -> Option<String> {
    let heading = format!("### `{id}`");
    let is_there = page.lines().any(|line| line == heading);
    (!is_there).then(|| format!("is not in {PAGE}: run `cargo xtask docs`"))
}

/// Names of the folders in a folder, sorted; none where there is no such folder.
fn folders(path: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// The ids of a table: `id: "id"`.
fn collect(tokens: TokenStream, ids: &mut Vec<(String, usize)>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (position, token) in tokens.iter().enumerate() {
        let is_id = matches!(
            &tokens[position.saturating_sub(2)..position],
            [TokenTree::Ident(name), TokenTree::Punct(colon)] if name == "id" && colon.as_char() == ':'
        );
        // The row that the others are filled up from has no id.
        ids.extend(text(token).filter(|(id, _)| is_id && !id.is_empty()));
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

pub(crate) fn is_kebab(id: &str) -> bool {
    let word =
        |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    // A keyword of OpenAPI keeps its capitals, as the labelled histories write it.
    id.split('-').all(|part| part == "additionalProperties" || word(part))
}

#[cfg(test)]
mod tests {
    use super::{collect, docs, fixture, is_kebab};

    #[test]
    fn ids_are_read_and_nothing_else() {
        let code =
            "[\n  Rule { id: \"a-a\", title: \"no\" },\n  Rule { id: \"\", ..f(\"no\") },\n\n  Rule { id: \"b\" },\n]";
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

    #[test]
    fn a_fixture_says_what_it_lacks() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let write = |name: &str| std::fs::write(folder.path().join(name), "").expect("it is written");
        let lacks = || fixture(folder.path()).unwrap_or_default();
        assert!(lacks().starts_with("has no fixture"), "{}", lacks());
        write("old.yml");
        assert_eq!(lacks(), "has a fixture without new.yml, witness.yml");
        write("new.yml");
        write("witness.yml");
        assert_eq!(lacks(), "has a fixture without expected.yml");
        write("expected.yml");
        assert_eq!(fixture(folder.path()), None);
    }

    #[test]
    fn docs_are_a_heading_of_their_own() {
        assert_eq!(docs("## A\n### `a-b`\n", "a-b"), None);
        assert!(docs("### `a-b-c`\n", "a-b").is_some());
    }
}
