//! Generic crates know no provider. What only one provider has is in `specs/PROVIDER`, in its folder of the harness
//! (`crates/harness/src/providers/PROVIDER`) and in its sandbox (`crates/sandbox/src/PROVIDER`).

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use std::path::{Path, PathBuf};

/// Names of providers, and of what only they or the values of their country have: letters and digits, in small letters.
const NAMES: [&str; 12] = [
    "apiparticulier",
    "mobilic",
    "kaizala",
    "franceconnect",
    "datapass",
    "habilitation",
    "tokenintrospection",
    "graphqlcore",
    "siren",
    "siret",
    "insee",
    "xapikey",
];

/// The country of their phone numbers.
const COUNTRY_CODE: &str = "+33";

/// Sources that are generic, from the root of the workspace.
const GENERIC: [&str; 11] = [
    "crates/codegen/src",
    "crates/contract/src",
    "crates/drift/src",
    "crates/embedded/src",
    "crates/exchange/src",
    "crates/harness/src",
    "crates/judge/src",
    "crates/replay/src",
    "crates/report/src",
    "crates/sandbox/src",
    "crates/scenario/src",
];

/// Folders of providers in them.
const PROVIDERS: [&str; 4] = [
    "crates/harness/src/providers",
    "crates/sandbox/src/api_particulier",
    "crates/sandbox/src/kaizala",
    "crates/sandbox/src/mobilic",
];

#[test]
fn generic_crates_name_no_provider() {
    let root = support::root();
    let mut files = Vec::new();
    for folder in GENERIC {
        collect(&root.join(folder), &mut files);
    }
    let is_generic = |file: &&PathBuf| {
        let is_test = file.ends_with("tests.rs") || file.iter().any(|part| part == "tests");
        !is_test && !PROVIDERS.iter().any(|folder| file.starts_with(root.join(folder)))
    };
    let mut found = Vec::new();
    for file in files.iter().filter(is_generic) {
        let text = std::fs::read_to_string(file).expect("a source");
        let shown = file.strip_prefix(root).unwrap_or(file).display();
        found.extend(named(&text).into_iter().map(|(line, word)| format!("{shown}:{line}: {word}")));
    }
    assert!(files.len() > 300, "{} files", files.len());
    assert!(found.is_empty(), "move these to the data of their provider:\n{}", found.join("\n"));
}

#[test]
fn names_are_found_in_code_and_texts_and_not_in_comments_tests_and_lists_of_modules() {
    let text = r#"
        //! Mobilic.
        mod kaizala;
        /// As Kaizala does.
        fn france_connect() { "a habilitation for it"; /* DataPass */ }
        #[error("not of api-particulier")]
        struct One;
        #[cfg(test)]
        mod tests { use super::mobilic; }
        mod inner { const A: &str = "mobilic"; }
        const PHONE: &str = "(?:\\+33|0)[1-9]";
        fn is_siret() {}
    "#;
    let found = named(text);
    let lines: Vec<usize> = found.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [5, 5, 6, 10, 11, 12], "{found:?}");
}

/// The names in a source, each with its line.
fn named(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    walk(text.parse().expect("Rust"), &mut found);
    found
}

fn walk(tokens: TokenStream, found: &mut Vec<(usize, String)>) {
    let mut tokens = tokens.into_iter().peekable();
    // Set by `#[cfg(test)]`, until the end of the item that it stands before.
    let mut test_item = false;
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(punct) if punct.as_char() == '#' => {
                let attribute = |group: &Group| group.stream().to_string().replace(' ', "");
                if let Some(TokenTree::Group(group)) = tokens.peek() {
                    test_item |= attribute(group) == "cfg(test)";
                    // A comment is an attribute: `doc = ".."`.
                    if attribute(group).starts_with("doc=") {
                        tokens.next();
                    }
                } else if let Some(TokenTree::Punct(_)) = tokens.peek() {
                    tokens.next();
                    if matches!(tokens.peek(), Some(TokenTree::Group(group)) if attribute(group).starts_with("doc=")) {
                        tokens.next();
                    }
                }
            }
            TokenTree::Group(group) => {
                if !test_item {
                    walk(group.stream(), found);
                }
                test_item &= group.delimiter() != Delimiter::Brace;
            }
            TokenTree::Punct(punct) if punct.as_char() == ';' => test_item = false,
            TokenTree::Ident(ident) if ident == "mod" => drop(tokens.next()),
            TokenTree::Ident(_) | TokenTree::Literal(_) if !test_item => {
                let word = token.to_string();
                let letters: String = word.chars().filter(char::is_ascii_alphanumeric).collect();
                let is_named = NAMES.iter().any(|name| letters.to_ascii_lowercase().contains(name));
                if is_named || word.contains(COUNTRY_CODE) {
                    found.push((token.span().start().line, word));
                }
            }
            _ => {}
        }
    }
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}
