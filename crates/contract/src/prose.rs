//! Takes the prose out of a contract's YAML before it is read: two fifths of a real document, and most of a reader's time.
//!
//! Lines keep their numbers. What could be anything else than `description: some text` of a block mapping is left alone;
//! the reader drops what is left of the prose.

/// Keys whose texts promise nothing.
pub(super) const KEYS: [&str; 2] = ["description", "summary"];

/// The text without its prose.
pub(super) fn blank(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    // Brackets that are open: within them, a line is no entry of a block mapping.
    let mut open: i64 = 0;
    while !rest.is_empty() {
        let end = end_of_line(rest);
        let prose = if open == 0 { prose(rest) } else { None };
        if let Some(length) = prose {
            let lines = rest[..length].bytes().filter(|byte| *byte == b'\n').count();
            kept.extend(std::iter::repeat_n('\n', lines));
            rest = &rest[length..];
        } else {
            for byte in rest[..end].bytes() {
                match byte {
                    b'[' | b'{' => open += 1,
                    b']' | b'}' => open -= 1,
                    _ => {}
                }
            }
            kept.push_str(&rest[..end]);
            rest = &rest[end..];
        }
    }
    kept
}

fn end_of_line(text: &str) -> usize {
    memchr::memchr(b'\n', text.as_bytes()).map_or(text.len(), |at| at + 1)
}

/// How many bytes an entry of prose takes that begins here, to the end of its last line.
fn prose(text: &str) -> Option<usize> {
    let indent = text.len() - text.trim_start_matches(' ').len();
    let entry = &text[indent..];
    let value = KEYS.iter().find_map(|key| entry.strip_prefix(key)?.strip_prefix(": "))?;
    let value = value.trim_start_matches(' ');
    let start = text.len() - value.len();
    match value.bytes().next()? {
        quote @ (b'"' | b'\'') => {
            let close = start + closing_quote(value, quote)? + 1;
            let end = close + end_of_line(&text[close..]);
            // Something after the text: it was no plain entry.
            text[close..end].trim().is_empty().then_some(end)
        }
        // Anchors and aliases are needed elsewhere; a map is the schema of a property of that name.
        b'&' | b'*' | b'!' | b'{' | b'[' | b'#' | b'\r' | b'\n' => None,
        _ => {
            let mut end = end_of_line(text);
            while end < text.len() {
                let line = &text[end..end + end_of_line(&text[end..])];
                let deeper = line.len() - line.trim_start_matches(' ').len() > indent;
                if !deeper && !line.trim().is_empty() {
                    break;
                }
                end += line.len();
            }
            Some(end)
        }
    }
}

/// Where the text that opens with a quote closes.
fn closing_quote(text: &str, quote: u8) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if quote == b'"' => at += 2,
            // A doubled quote is one within the text.
            byte if byte == quote && quote == b'\'' && bytes.get(at + 1) == Some(&quote) => at += 2,
            byte if byte == quote => return Some(at),
            _ => at += 1,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{KEYS, blank};
    use crate::tree::{Keep, parse};
    use serde_json::Value;

    fn without_prose(node: Value) -> Value {
        match node {
            Value::Object(map) => {
                let is_fact = |(key, value): &(String, Value)| !(KEYS.contains(&key.as_str()) && value.is_string());
                let members = map.into_iter().filter(is_fact).map(|(key, value)| (key, without_prose(value)));
                let members: serde_json::Map<String, Value> = members.collect();
                // A map of prose alone is nothing at all when its lines are gone.
                if members.is_empty() { Value::Null } else { members.into() }
            }
            Value::Array(items) => items.into_iter().map(without_prose).collect(),
            value => value,
        }
    }

    fn read(text: &str) -> Value {
        without_prose(parse(text, Keep::All).expect("YAML").value)
    }

    #[test]
    fn a_line_of_a_quoted_text_that_looks_like_prose_cuts_nothing_off() {
        for text in [
            "a:\n  b: \"please give a\n    description: what it is for\"\n  c: 1\n",
            "a:\n  b: 'one\n    summary: two'\nc: [1]\n",
        ] {
            assert_eq!(without_prose(parse(text, Keep::Facts).expect("it is whole").value), read(text), "{text}");
        }
    }

    #[test]
    fn what_is_left_states_the_same() {
        let text = r#"
a:
  description: one line
  type: string
b:
  description: plain text
    that goes on here

    and [here
  summary: "quoted
    with \" a quote
 and a line that is not indented"
  type: integer
c:
  description: |-
    block: text
      deeper
    - x
  enum: [a, b]
d:
  properties:
    description: {type: string, description: inner}
    summary:
      type: integer
      description: 'it''s quoted'
e: {type: object,
  description: in a flow,
  summary: last
  }
f:
  description: &anchor shared
  x: *anchor
g: {pattern: '^[a'}
h:
  description: after an unclosed bracket
  type: number
list:
- description: first
  x: 1
- x: 2
  description: >
    folded

    text
last: 1
"#;
        let blanked = blank(text);
        assert_eq!(read(&blanked), read(text));
        assert_eq!(blanked.lines().count(), text.lines().count());
        for gone in ["one line", "that goes on", "a quote", "block: text", "it''s"] {
            assert!(!blanked.contains(gone), "{gone}\n{blanked}");
        }
        for left in ["in a flow", "shared", "{type: string, description: inner}"] {
            assert!(blanked.contains(left), "{left}\n{blanked}");
        }
    }

    #[test]
    fn a_text_that_ends_within_its_prose_is_left_alone() {
        for text in ["a:\n  description: \"cut", "a:\n  description: 'cut\n", "description:", "description: "] {
            assert_eq!(blank(text), text);
        }
    }

    #[test]
    fn real_documents_state_the_same_without_their_prose() {
        let Some(upstream) = std::env::var_os("VIGIE_UPSTREAM") else {
            eprintln!("skipped: VIGIE_UPSTREAM is not set");
            return;
        };
        let folder = std::path::Path::new(&upstream).join("api-particulier/history");
        for entry in std::fs::read_dir(folder).expect("the history") {
            let path = entry.expect("an entry").path();
            if path.extension().is_some_and(|extension| extension == "yaml") {
                let text = std::fs::read_to_string(&path).expect("text");
                let blanked = blank(&text);
                assert!(blanked.len() < text.len(), "{}", path.display());
                assert_eq!(read(&blanked), read(&text), "{}", path.display());
            }
        }
    }
}
