//! Foreign text in an issue: it stands on one line, and is only ever text.
//!
//! No value begins a line, so that none is a heading, a fence, or a command of GitLab (`/close`); in code spans nobody is
//! mentioned and nothing is HTML.

/// The most characters of one value that an issue shows; the report has all.
const MOST: usize = 500;

/// A value as a code span.
pub(super) fn code(text: &str) -> String {
    if text.is_empty() {
        return "an empty text".to_owned();
    }
    let text = one_line(text);
    let (mut longest, mut run) = (0, 0);
    for character in text.chars() {
        run = if character == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let fence = "`".repeat(longest + 1);
    // One space on each side is taken off again by Markdown, if there is one on both.
    let pad = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// A sentence: its punctuation means nothing, and it mentions nobody.
pub(super) fn prose(text: &str) -> String {
    let mut escaped = String::new();
    for character in one_line(text).chars() {
        match character {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            // Mentions, references and links are found in the text that Markdown leaves: a space of no width ends them.
            '@' | '#' | '!' | '~' | '%' | ':' => escaped.extend(['\\', character, '\u{200b}']),
            '\\' | '`' | '*' | '_' | '[' | ']' | '(' | ')' | '|' | '$' => escaped.extend(['\\', character]),
            _ => escaped.push(character),
        }
    }
    escaped
}

/// A title, which is no Markdown: short, on one line.
pub(super) fn title(text: &str) -> String {
    one_line(text).chars().take(200).collect()
}

/// Characters that end a line, reorder one or cannot be seen are spelt out; what is too long is cut.
fn one_line(text: &str) -> String {
    let mut line = String::new();
    for character in text.chars().take(MOST) {
        if character.is_control() || is_invisible(character) {
            line.extend(character.escape_unicode());
        } else {
            line.push(character);
        }
    }
    if text.chars().nth(MOST).is_some() {
        line.push('…');
    }
    line
}

/// Separators of lines, characters of no width, and those that turn the direction of writing.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::{MOST, code, prose, title};

    #[test]
    fn a_code_span_holds_any_text() {
        for (text, expected) in [
            ("2021-06-31", "`2021-06-31`"),
            ("", "an empty text"),
            ("a `b` ``c``", "``` a `b` ``c`` ```"),
            ("x\n/close\r\n# h", r"`x\u{a}/close\u{d}\u{a}# h`"),
            ("a\u{202e}b", r"`a\u{202e}b`"),
        ] {
            assert_eq!(code(text), expected);
        }
        assert_eq!(code(&"é".repeat(MOST + 1)).chars().count(), MOST + 3);
    }

    #[test]
    fn a_sentence_is_only_text() {
        assert_eq!(prose("see @team, #12"), "see \\@\u{200b}team, \\#\u{200b}12");
        assert_eq!(prose("<img> [a](b) `c`"), r"&lt;img&gt; \[a\]\(b\) \`c\`");
        assert_eq!(title("a\nb"), r"a\u{a}b");
    }
}
