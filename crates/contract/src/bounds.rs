//! What a text is measured by before it is read: readers take in the whole of it before they hand out its first value.

use super::tree::{self, TreeError};
use serde_json::Value;

/// Values that a file of one case, snapshot or exchange may have, aliases expanded: a hundred times those of a large answer.
pub const MOST_OF_FILE: usize = 1_000_000;
/// Values that a JSON body may have. Its bytes are bounded too, but 32 MiB can be sixteen million values, which take gigabytes.
pub const MOST_OF_BODY: usize = 250_000;

/// Refuses a YAML or JSON text that nests too deep, or has too many values.
pub fn check(text: &str, most: usize) -> Result<(), TreeError> {
    let refused = |line, message| Err(TreeError { message, line, column: 1, at_end: false });
    if let Some(line) = tree::too_deep(text) {
        return refused(
            line,
            format!("more than {} brackets of one kind are open at once, or lists within each other", tree::MOST_OPEN),
        );
    }
    let bytes = text.as_bytes();
    let marks = memchr::memchr3_iter(b'\n', b',', b'-', bytes).take(most + 1).count();
    // An alias stands for what may be much.
    let has_aliases = || [b'&', b'*'].iter().all(|mark| memchr::memchr(*mark, bytes).is_some());
    if marks > most || has_aliases() && tree::expands_beyond(text, most) {
        return refused(1, format!("it has more than {most} values"));
    }
    Ok(())
}

/// Whether a JSON text has more values than that. What is no JSON is measured as if it were.
#[must_use]
pub fn is_beyond(json: &[u8], most: usize) -> bool {
    // Each value but the first stands behind one of these.
    let marks = |bytes: &[u8]| memchr::memchr3_iter(b',', b'[', b'{', bytes).take(most + 1).count();
    if !matches!(json.trim_ascii_start().first(), Some(b'[' | b'{')) || marks(json) <= most {
        return false;
    }
    // Marks in texts are none: the text is walked through once more.
    let (mut values, mut rest) = (0, json);
    while let Some(at) = rest.iter().position(|byte| matches!(byte, b',' | b'[' | b'{' | b'"')) {
        let is_text = rest[at] == b'"';
        rest = &rest[at + 1..];
        if is_text {
            rest = after_text(rest);
        } else {
            values += 1;
            if values > most {
                return true;
            }
        }
    }
    false
}

/// How many values a value has, itself one of them.
#[must_use]
pub fn values(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.iter().map(values).sum::<usize>() + 1,
        Value::Object(members) => members.values().map(values).sum::<usize>() + 1,
        _ => 1,
    }
}

/// What follows a text whose opening quote is before.
fn after_text(bytes: &[u8]) -> &[u8] {
    let mut rest = bytes;
    while let Some(at) = memchr::memchr2(b'"', b'\\', rest) {
        let length = if rest[at] == b'"' { 1 } else { 2 };
        let after = rest.get(at + length..).unwrap_or_default();
        if rest[at] == b'"' {
            return after;
        }
        rest = after;
    }
    &[]
}

#[cfg(test)]
mod tests {
    use super::{check, is_beyond};

    #[test]
    fn what_nests_too_deep_or_stands_for_too_much_is_refused_unread() {
        let bomb = format!("a: &a [{}]\nb: [{}]\n", "1,".repeat(900), "*a,".repeat(900));
        let long = format!("a: &a '{}'\nb: [{}]\n", "x".repeat(100_000), "*a,".repeat(9_000));
        for (text, reason) in [
            (format!("a: {}", "[".repeat(100_000)), "more than 200 brackets"),
            (format!("a:\n  b: {}", "{a: ".repeat(100_000)), "more than 200 brackets"),
            ("- ".repeat(100_000), "more than 200 brackets"),
            (format!("a: [{}]", "1,".repeat(10_001)), "more than 10000 values"),
            (bomb, "more than 10000 values"),
            (long, "more than 10000 values"),
        ] {
            let error = check(&text, 10_000).expect_err("it is too much");
            assert!(error.message.contains(reason), "{error}");
        }
        for text in ["a: &a [1]\nb: [*a, *a]\n", "", "a: [\n", "status: 200\ndescription: '*a* & b'\n"] {
            assert_eq!(check(text, 10_000), Ok(()), "{text}");
        }
    }

    #[test]
    fn values_of_a_body_are_counted_and_not_the_marks_in_its_texts() {
        let list = |count: usize| format!("[{}1]", "1,".repeat(count));
        assert!(!is_beyond(list(9).as_bytes(), 10));
        assert!(is_beyond(list(10).as_bytes(), 10));
        assert!(is_beyond(format!(" {{\"a\": {}}}", list(9)).as_bytes(), 10));
        assert!(is_beyond("[".repeat(11).as_bytes(), 10));
        for text in [",".repeat(99), "\\\"[,{".repeat(99), "\\\\".repeat(99)] {
            assert!(!is_beyond(format!("[\"{text}\", 1]").as_bytes(), 10), "{text}");
        }
        // What is cut within a text, or is no JSON.
        for text in ["[\"a,,,,,,,,,,,,", "[\"\\", "a,b,c,d,e,f,g,h,i,j,k,l,m"] {
            assert!(!is_beyond(text.as_bytes(), 10), "{text}");
        }
    }
}
