//! The paths that a source file names (`crate::judge::Judge`), read from its tokens: text in comments, strings and docs
//! is no code.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use std::iter::Peekable;

/// A path as it is written, `use` groups taken apart, or the name of a macro with its `!`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) segments: Vec<String>,
    /// Line, from 1.
    pub(super) line: usize,
    /// Whether it stands in an item that is only there for tests.
    pub(super) test: bool,
}

/// Every path of a file, in its order.
pub(super) fn paths(tokens: TokenStream) -> Vec<Named> {
    let mut reader = Reader { named: Vec::new() };
    reader.items(tokens, false);
    reader.named
}

type Tokens = Peekable<proc_macro2::token_stream::IntoIter>;

struct Reader {
    named: Vec<Named>,
}

impl Reader {
    fn items(&mut self, tokens: TokenStream, test: bool) {
        let mut tokens = tokens.into_iter().peekable();
        // Set by `#[cfg(test)]`, until the end of the item that it stands before.
        let mut test_item = false;
        while let Some(token) = tokens.next() {
            let test = test || test_item;
            match token {
                TokenTree::Punct(punct) if punct.as_char() == '#' => {
                    if let Some(TokenTree::Group(attribute)) = tokens.peek() {
                        test_item |= is_cfg_test(attribute);
                        self.items(attribute.stream(), test);
                        tokens.next();
                    }
                }
                TokenTree::Group(group) => {
                    self.items(group.stream(), test);
                    if group.delimiter() == Delimiter::Brace {
                        test_item = false;
                    }
                }
                TokenTree::Punct(punct) if punct.as_char() == ';' => test_item = false,
                TokenTree::Ident(ident) => {
                    self.path(vec![ident.to_string()], ident.span(), &mut tokens, test);
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }

    /// The rest of a path whose first segments were read.
    fn path(&mut self, mut segments: Vec<String>, span: Span, tokens: &mut Tokens, test: bool) {
        let line = span.start().line;
        while eat_separator(tokens) {
            match tokens.peek() {
                Some(TokenTree::Ident(ident)) => segments.push(ident.to_string()),
                Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                    let group = group.clone();
                    tokens.next();
                    return self.group(&segments, group.stream(), test);
                }
                _ => break,
            }
            tokens.next();
        }
        if tokens.peek().is_some_and(|token| is(token, '!'))
            && let Some(last) = segments.last_mut()
        {
            last.push('!');
        }
        self.named.push(Named { segments, line, test });
    }

    /// `{a, b::{c, d}}` after a path: one path each.
    fn group(&mut self, prefix: &[String], tokens: TokenStream, test: bool) {
        let mut tokens = tokens.into_iter().peekable();
        while let Some(token) = tokens.next() {
            if let TokenTree::Ident(ident) = token {
                let segments = prefix.iter().cloned().chain([ident.to_string()]).collect();
                self.path(segments, ident.span(), &mut tokens, test);
                // `as other` names nothing further.
                while tokens.peek().is_some_and(|token| !is(token, ',')) {
                    tokens.next();
                }
            }
        }
    }
}

fn is(token: &TokenTree, character: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == character)
}

/// Takes a `::`.
fn eat_separator(tokens: &mut Tokens) -> bool {
    let mut ahead = tokens.clone();
    let found = ahead.next().is_some_and(|token| is(&token, ':')) && ahead.next().is_some_and(|token| is(&token, ':'));
    if found {
        *tokens = ahead;
    }
    found
}

/// `[cfg(test)]`, and `[cfg(all(test, ..))]`; not `[cfg(not(test))]`.
fn is_cfg_test(attribute: &Group) -> bool {
    let text: String = attribute.stream().to_string().split_whitespace().collect();
    text == "cfg(test)" || text.starts_with("cfg(all(test,")
}

#[cfg(test)]
mod tests {
    use super::paths;

    fn read(code: &str) -> Vec<(String, usize, bool)> {
        let named = paths(code.parse().expect("it is Rust")).into_iter();
        let long = named.filter(|named| named.segments.len() > 1 || named.segments[0].ends_with('!'));
        long.map(|named| (named.segments.join("::"), named.line, named.test)).collect()
    }

    #[test]
    fn groups_are_taken_apart_and_lines_are_those_of_their_parts() {
        let found = read("use crate::{\n    a::A,\n    b::{self as other, B},\n};\nfn f() { crate::c::f::<D>() }\n");
        let plain = |path: &str, line| (path.to_owned(), line, false);
        let expected =
            [plain("crate::a::A", 2), plain("crate::b::self", 3), plain("crate::b::B", 3), plain("crate::c::f", 5)];
        assert_eq!(found, expected);
    }

    #[test]
    fn text_is_no_code_and_code_in_macros_is() {
        let found =
            read("//! crate::a::A\n/// [`crate::b::B`]\nfn f() { say!(\"crate::c\", crate::d::D) } // crate::e\n");
        assert_eq!(found, [("say!".to_owned(), 3, false), ("crate::d::D".to_owned(), 3, false)]);
    }

    #[test]
    fn only_the_item_of_cfg_test_is_for_tests() {
        let code =
            "#[cfg(test)]\nmod tests { use super::a::A; }\n#[cfg(test)]\nuse x::y;\n#[cfg(not(test))]\nuse x::z;\n";
        let test = |path: &str, line, test| (path.to_owned(), line, test);
        let expected = [test("super::a::A", 2, true), test("x::y", 4, true), test("x::z", 6, false)];
        assert_eq!(read(code), expected);
    }
}
