//! The line of a contract's text at which a JSON pointer stands.

use super::model::unescape;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// The lines of a canonical contract: YAML in block style, two spaces a level, sequences at the indent of their key.
#[derive(Debug)]
pub struct Locator {
    lines: Vec<&'static str>,
    /// What was asked for already: thousands of findings may be of one place.
    found: Mutex<HashMap<String, usize>>,
}

impl Locator {
    /// Splits a text that the binary carries.
    #[must_use]
    pub fn new(text: &'static str) -> Self {
        Self { lines: text.lines().collect(), found: Mutex::default() }
    }

    /// Line number, from 1, of the deepest part of a pointer that the text has.
    #[must_use]
    pub fn line_of(&self, pointer: &str) -> usize {
        // Whoever panicked has left whole entries.
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(line) = found.get(pointer) {
            return *line;
        }
        let line = line_of(&self.lines, pointer);
        found.insert(pointer.to_owned(), line);
        line
    }
}

fn line_of(lines: &[&str], pointer: &str) -> usize {
    let (mut start, mut end, mut indent, mut found) = (0, lines.len(), 0, 0);
    for token in pointer.split('/').skip(1) {
        let token = unescape(token);
        let Some(line) = position(&lines[start..end], indent, &token).map(|offset| start + offset) else { break };
        found = line;
        let is_item = lines[line][indent..].starts_with("- ") && token.bytes().all(|byte| byte.is_ascii_digit());
        if is_item {
            // The first key of an item stands on the line of its dash.
            start = line;
            end = block_end(lines, line + 1, end, indent + 2);
            indent += 2;
        } else {
            start = line + 1;
            // A sequence stands at the indent of its key; a map two deeper.
            let sequence =
                lines.get(start).is_some_and(|next| indent_of(next) == indent && next[indent..].starts_with("- "));
            let inner = if sequence { indent } else { indent + 2 };
            end = if sequence { sequence_end(lines, start, end, indent) } else { block_end(lines, start, end, inner) };
            indent = inner;
        }
    }
    found + 1
}

fn position(lines: &[&str], indent: usize, token: &str) -> Option<usize> {
    let content = |line: &'_ str| -> Option<String> {
        let dash = line.len() > indent && indent >= 2 && line[..indent].trim_start() == "- ";
        (indent_of(line) == indent || dash).then(|| line[indent.min(line.len())..].to_owned())
    };
    if let Ok(wanted) = token.parse::<usize>()
        && lines.first().is_some_and(|line| indent_of(line) == indent && line[indent..].starts_with("- "))
    {
        let items =
            lines.iter().enumerate().filter(|(_, line)| indent_of(line) == indent && line[indent..].starts_with("- "));
        return items.map(|(offset, _)| offset).nth(wanted);
    }
    lines.iter().position(|line| {
        content(line).is_some_and(|content| {
            let key = content.split(": ").next().unwrap_or(&content).trim_end_matches(':');
            key.trim_matches(|c| c == '\'' || c == '"') == token
        })
    })
}

fn block_end(lines: &[&str], start: usize, end: usize, indent: usize) -> usize {
    (start..end).find(|line| indent_of(lines[*line]) < indent).unwrap_or(end)
}

fn sequence_end(lines: &[&str], start: usize, end: usize, indent: usize) -> usize {
    let outside =
        |line: &&str| indent_of(line) < indent || (indent_of(line) == indent && !line[indent..].starts_with("- "));
    (start..end).find(|line| outside(&lines[*line])).unwrap_or(end)
}

fn indent_of(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

#[cfg(test)]
mod tests {
    use super::Locator;

    const TEXT: &str = "# comment\nopenapi: 3.0.0\npaths:\n  /a/b:\n    get:\n      parameters:\n      - in: query\n        name: x[]\n      - in: query\n        name: y\n      responses:\n        '200':\n          content:\n            application/json:\n              schema:\n                type: object\n";

    #[test]
    fn pointers_lead_to_their_lines() {
        let locator = Locator::new(TEXT);
        for (pointer, line) in [
            ("/paths", 3),
            ("/paths/~1a~1b/get", 5),
            ("/paths/~1a~1b/get/parameters/1", 9),
            ("/paths/~1a~1b/get/parameters/1/name", 10),
            ("/paths/~1a~1b/get/parameters/0/name", 8),
            ("/paths/~1a~1b/get/responses/200/content/application~1json/schema/type", 16),
            ("/paths/~1a~1b/get/responses/404", 11),
        ] {
            assert_eq!(locator.line_of(pointer), line, "{pointer}");
        }
    }
}
