//! The values that a scalar's description lists, for providers whose enums are scalars.
//!
//! Mobilic lists them as `- "drive" : ..`, one a line, and a new kind of activity shows nowhere else in its schema.

use std::collections::BTreeSet;

/// The values of a list with a bullet for each, or of one sentence that quotes them; `None` when there are not two.
pub fn enumerated(description: &str) -> Option<BTreeSet<&str>> {
    let bullets = description.lines().filter_map(|line| line.trim().strip_prefix(['-', '*', '•'])).map(bullet);
    let listed: Option<BTreeSet<&str>> = bullets.collect();
    let quoted = || description.lines().filter_map(|line| line.split_once(':')).map(|(_, rest)| quoted(rest));
    listed.filter(|values| values.len() > 1).or_else(|| quoted().find(|values| values.len() > 1))
}

/// `"drive" : driving`, `drive: driving`, and `"off: leave"`, whose second quote is forgotten.
fn bullet(line: &str) -> Option<&str> {
    let line = line.trim();
    let (value, rest) = token(line.trim_start_matches(['"', '\'', '`']))?;
    let is_quoted = !line.starts_with(value);
    let rest = if is_quoted { rest.trim_start_matches(['"', '\'', '`']) } else { rest }.trim_start();
    (rest.is_empty() || rest.starts_with([':', '=', '–', '—'])).then_some(value)
}

/// Every `"value"` or `` `value` `` of a sentence.
fn quoted(text: &str) -> BTreeSet<&str> {
    let parts = |quote| text.split(quote).skip(1).step_by(2);
    let is_value = |part: &&str| token(part).is_some_and(|(_, rest)| rest.is_empty());
    parts('"').chain(parts('`')).filter(is_value).collect()
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
