//! The values that a scalar's description lists, for providers whose enums are scalars.
//!
//! They are listed as `- "drive" : ..`, one a line, and a new value shows nowhere else in such a schema.

use std::collections::BTreeSet;

/// The values of a list with a bullet for each, or of one sentence that quotes them; `None` when there are not two.
#[must_use]
pub fn enumerated(description: &str) -> Option<BTreeSet<&str>> {
    let bullets: Vec<&str> = description.lines().filter_map(|line| marked(line.trim())).collect();
    let listed: Option<BTreeSet<&str>> = bullets.iter().map(|line| bullet(line)).collect();
    let sentences =
        || description.lines().filter_map(|line| line.split_once(':')).map(|(_, rest)| quoted(rest).collect());
    let listed = listed.filter(|values| values.len() > 1).or_else(|| irregular(&bullets));
    listed.or_else(|| sentences().find(|values: &BTreeSet<&str>| values.len() > 1))
}

/// What stands behind the mark of a list: `-`, `*`, `•`, `1.` or `1)`.
fn marked(line: &str) -> Option<&str> {
    let numbered = || line.trim_start_matches(|character: char| character.is_ascii_digit());
    let mark = |rest: &'_ str| rest.len() < line.len() && rest.starts_with(['.', ')']);
    line.strip_prefix(['-', '*', '•']).or_else(|| Some(numbered()).filter(|rest| mark(rest)).map(|rest| &rest[1..]))
}

/// A list whose values are quoted, with an entry that says more than one: a value may hide in it.
fn irregular<'t>(bullets: &[&'t str]) -> Option<BTreeSet<&'t str>> {
    let is_quoted = |line: &&&str| line.trim().starts_with(['"', '\'', '`']) && bullet(line).is_some();
    let regular = bullets.iter().filter(is_quoted).count();
    let value = |line: &&'t str| bullet(line).or_else(|| quoted(line).next());
    (regular > 1).then(|| bullets.iter().filter_map(value).collect())
}

/// `"drive" : driving`, `drive: driving`, and `"off: leave"`, whose second quote is forgotten.
fn bullet(line: &str) -> Option<&str> {
    let line = line.trim();
    if let Some((value, rest)) = between_quotes(line)
        && ends(rest)
    {
        return Some(value);
    }
    let (value, rest) = token(line.trim_start_matches(['"', '\'', '`']))?;
    let is_quoted = !line.starts_with(value);
    let rest = if is_quoted { rest.trim_start_matches(['"', '\'', '`']) } else { rest }.trim_start();
    ends(rest).then_some(value)
}

/// A value in quotes at the start of a line, whatever it is made of, and what follows it.
fn between_quotes(line: &str) -> Option<(&str, &str)> {
    let quote = line.chars().next().filter(|first| matches!(first, '"' | '\'' | '`'))?;
    let (value, rest) = line[1..].split_once(quote)?;
    let is_value = !value.is_empty() && value.trim() == value && !value.contains([':', '=', '"']);
    is_value.then(|| (value, rest.trim_start()))
}

/// Whether what follows a value explains it, or nothing does.
fn ends(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with([':', '=', '–', '—'])
}

/// Every `"value"` or `` `value` `` of a sentence.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    let parts = |quote| text.split(quote).skip(1).step_by(2);
    let is_value = |part: &&str| token(part).is_some_and(|(_, rest)| rest.is_empty());
    parts('"').chain(parts('`')).filter(is_value)
}

/// A word without spaces at the start of a text, and what follows it.
fn token(text: &str) -> Option<(&str, &str)> {
    let is_part = |character: char| character.is_alphanumeric() || "_-.".contains(character);
    let end = text.find(|character| !is_part(character)).unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

#[cfg(test)]
mod tests {
    use super::enumerated;

    fn values(description: &str) -> Option<Vec<&str>> {
        enumerated(description).map(|values| values.into_iter().collect())
    }

    #[test]
    fn bullets_are_read_in_the_spellings_that_providers_have() {
        let listed = values("\nThe values.\n- \"drive\" : driving\n- \"work\": a, b\n- \"off: leave, \"\"\n");
        assert_eq!(listed, Some(vec!["drive", "off", "work"]));
        assert_eq!(values("* `a` — one\n* b: two\n* 'c'"), Some(vec!["a", "b", "c"]));
    }

    #[test]
    fn one_entry_that_is_written_otherwise_hides_no_value() {
        for (entry, expected) in [
            ("- \"on call\": at home", vec!["drive", "on call", "work"]),
            ("- and lately \"night\", at night", vec!["drive", "night", "work"]),
            ("- whatever a company adds", vec!["drive", "work"]),
        ] {
            let text = format!("Values:\n- \"drive\": driving\n- \"work\": a\n{entry}\n");
            assert_eq!(values(&text), Some(expected), "{entry}");
        }
        assert_eq!(values("1. \"drive\": driving\n2) \"work\""), Some(vec!["drive", "work"]));
    }

    #[test]
    fn a_sentence_that_quotes_them_is_read() {
        assert_eq!(values("One of: \"day\", \"week\"."), Some(vec!["day", "week"]));
        assert_eq!(values("Values: `day` or `week`"), Some(vec!["day", "week"]));
    }

    #[test]
    fn prose_lists_nothing() {
        for prose in [
            "",
            "A date\nas specified by\n[iso8601](https://example.org/a_b).",
            "It could be:\nString, Boolean, Int, Float, List or Object.",
            "Rules:\n- values are never empty\n- ask first",
            "- \"one\": alone",
            "Written as: \"a date of ours\", \"or of yours\"",
        ] {
            assert_eq!(values(prose), None, "{prose}");
        }
    }
}
