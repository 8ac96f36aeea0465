//! `JSONPath` (RFC 9535), within bounds: its reader calls itself for each bracket, and what it reads can ask for every value
//! once for each that is above it.

use serde::{Deserialize, Deserializer, de::Error};
use serde_json_path::JsonPath;

/// Characters of a path.
const MOST_CHARACTERS: usize = 2_000;
/// Brackets that may be open at once.
const MOST_OPEN: usize = 32;
/// How often a path may say `..`: of each value that one finds, the next one takes all below it.
const MOST_DESCENTS: usize = 3;

/// Reads a path.
pub fn parse(text: &str) -> Result<JsonPath, String> {
    if text.len() > MOST_CHARACTERS {
        return Err(format!("it has more than {MOST_CHARACTERS} characters"));
    }
    let mut open = 0_usize;
    for character in text.chars() {
        match character {
            '[' | '(' => open += 1,
            ']' | ')' => open = open.saturating_sub(1),
            _ => {}
        }
        if open > MOST_OPEN {
            return Err(format!("more than {MOST_OPEN} brackets are open at once"));
        }
    }
    if text.matches("..").count() > MOST_DESCENTS {
        return Err(format!("it has more than {MOST_DESCENTS} times `..`"));
    }
    JsonPath::parse(text).map_err(|error| error.to_string())
}

/// A path in a document.
pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<JsonPath, D::Error> {
    parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
}

/// A path in a document that need not be there.
pub(super) fn deserialize_some<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<JsonPath>, D::Error> {
    deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn a_path_is_bounded_and_all_that_people_write_is_within() {
        for text in ["$", "$.a[?(@.b == 'x' && (@.c[0] > 1 || !@['d']))].e", "$..a..b", "$['a..b']"] {
            assert!(parse(text).is_ok(), "{text}");
        }
        for (text, reason) in [
            (format!("$[?{}", "(".repeat(1_500)), "brackets"),
            (format!("${}", "[?@".repeat(600)), "brackets"),
            (format!("$[?{}1 == 1", "length(".repeat(100)), "brackets"),
            ("$..*..*..*..*".to_owned(), "`..`"),
            (format!("$.{}", "a".repeat(3_000)), "characters"),
            ("$.[".to_owned(), ""),
        ] {
            assert!(parse(&text).is_err_and(|error| error.contains(reason)), "{text}");
        }
    }
}
