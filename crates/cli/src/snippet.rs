//! The place in a file that an error is about, as it is shown. A line may be as long as its file, and what draws it takes no
//! column beyond 65,535.

use std::borrow::Cow;
use std::ops::Range;

/// Characters of a line that are shown whole.
const MOST_CHARACTERS: usize = 200;
/// Characters of a longer one that are shown before the place, and from it on.
const AROUND: usize = 60;

/// A text of which the lines at a place can be drawn.
#[derive(Debug)]
pub(super) struct Snippet<'a> {
    /// The text; the lines that are not shown may be empty, and those that are shown shortened.
    pub(super) text: Cow<'a, str>,
    /// The place in it.
    pub(super) span: Range<usize>,
    /// The column of the place in its own line, from 1, where that line is shortened.
    pub(super) column: Option<usize>,
}

impl<'a> Snippet<'a> {
    pub(super) fn new(text: &'a str, span: &Range<usize>) -> Self {
        let start = boundary(text, span.start);
        let end = boundary(text, span.end).max(start);
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        let before = text[..line_start].lines().next_back().unwrap_or_default();
        let mut after = text[line_end..].split('\n').skip(1);
        let after = after.next().unwrap_or_default();
        let line = &text[line_start..line_end];
        // What spans many lines is shown by its first one.
        let is_short = |line: &str| line.len() <= MOST_CHARACTERS;
        if [before, line, after].into_iter().all(is_short) && text[start..end].len() <= MOST_CHARACTERS {
            return Self { text: Cow::Borrowed(text), span: start..end, column: None };
        }
        let mut shown = "\n".repeat(text[..line_start].matches('\n').count().saturating_sub(1));
        if line_start > 0 {
            shown += &head(before);
            shown.push('\n');
        }
        let (left, right) = (&line[..start - line_start], &line[start - line_start..]);
        shown += &tail(left);
        let at = shown.len();
        shown += &head(right);
        let length = (end - start).min(shown.len() - at);
        let length = (0..=length).rev().find(|length| shown.is_char_boundary(at + length)).unwrap_or(0);
        shown.push('\n');
        shown += &head(after);
        let column = (left.len() > AROUND).then(|| left.chars().count() + 1);
        Self { text: Cow::Owned(shown), span: at..at + length, column }
    }
}

/// The last byte up to a place at which a character begins.
fn boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// The begin of a text.
fn head(text: &str) -> String {
    match text.char_indices().nth(AROUND) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// The end of a text.
fn tail(text: &str) -> String {
    match text.char_indices().rev().nth(AROUND - 1).filter(|(start, _)| *start > 0) {
        Some((start, _)) => format!("…{}", &text[start..]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::Snippet;

    #[test]
    fn short_lines_stay_as_they_are() {
        let text = "a: 1\nb: é\nc: 3\n";
        let snippet = Snippet::new(text, &(8..10));
        assert_eq!((&*snippet.text, snippet.span, snippet.column), (text, 8..10, None));
    }

    #[test]
    fn of_a_long_line_the_place_and_what_is_around_it_is_shown() {
        let long = format!("a: 1\nb: {}HERE{}\n{}\nd: 4\n", "é".repeat(70_000), "ü".repeat(70_000), "c".repeat(70_000));
        let start = long.find("HERE").expect("it is there");
        let snippet = Snippet::new(&long, &(start..start + 4));
        assert_eq!(&snippet.text[snippet.span.clone()], "HERE");
        assert_eq!(snippet.column, Some(70_004));
        assert!(snippet.text.len() < 1_000 && snippet.text.lines().count() == 3, "{}", snippet.text);
        assert!(snippet.text.lines().nth(1).is_some_and(|line| line.contains("éHEREü")), "{}", snippet.text);
    }

    #[test]
    fn any_place_of_any_text_can_be_shown() {
        let long = "é".repeat(500);
        for text in ["", "\n", "é", "\n\n\né", &long, &format!("{long}\n"), &format!("\n{long}\n\n{long}")] {
            for start in 0..=text.len() + 1 {
                for end in [start, start + 1, start + 300, text.len()] {
                    let snippet = Snippet::new(text, &(start..end));
                    assert!(snippet.text.get(snippet.span).is_some(), "{text} {start}..{end}");
                }
            }
        }
    }
}
