//! Texts with `*` and `?`, by which people choose cases, operations and places.

use globset::{GlobBuilder, GlobSet};

/// Bytes of a pattern: more than any name has that it could be meant for. What it is compiled to takes a thousand times as much.
const MOST_BYTES: usize = 1_000;

/// A pattern.
#[derive(Debug, Clone)]
pub struct Pattern {
    /// What every text begins with that it stands for: thousands of patterns are held against thousands of texts.
    begin: String,
    set: GlobSet,
}

impl Pattern {
    /// A shell's pattern, with `[ab]` and `{a,b}` too.
    pub fn glob(text: &str) -> Result<Self, String> {
        if text.len() > MOST_BYTES {
            return Err(format!("a pattern of more than {MOST_BYTES} bytes; write a shorter one"));
        }
        let glob = GlobBuilder::new(text).backslash_escape(true).build().map_err(|error| error.kind().to_string())?;
        // A set refuses what is nested too deep, where a single matcher would panic.
        let set = GlobSet::builder().add(glob).build();
        let begin = text.split(['*', '?', '[', ']', '{', '}', '\\']).next().unwrap_or_default().to_owned();
        set.map(|set| Self { begin, set }).map_err(|_| "the pattern is too large; write a shorter one".to_owned())
    }

    /// `*` stands for any text and `?` for one character, and everything else for itself: `allocataires[].nom` and
    /// `/users/{id}` are places.
    pub fn place(text: &str) -> Result<Self, String> {
        let literal = |character| matches!(character, '[' | ']' | '{' | '}' | '\\');
        let escape = |character| literal(character).then_some('\\').into_iter().chain([character]);
        // What is too long is described by its own length.
        let escaped = if text.len() > MOST_BYTES { text.to_owned() } else { text.chars().flat_map(escape).collect() };
        Self::glob(&escaped)
    }

    /// Whether it stands for a text.
    #[must_use]
    pub fn fits(&self, text: &str) -> bool {
        text.starts_with(&self.begin) && self.set.is_match(text)
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn only_stars_and_question_marks_are_wild_in_a_place() {
        for (wild, text, fits) in [
            ("GET /v3/men/*", "GET /v3/men/scolarites/identite", true),
            ("GET /v3/men/*", "GET /v3/mesri/x", false),
            ("200 allocataires[].nom", "200 allocataires[].nom", true),
            ("200 *[].nom", "200 allocataires[].nom", true),
            ("GET /users/{id}", "GET /users/{id}", true),
            ("GET /users/{id}", "GET /users/id", false),
            ("40?", "409", true),
            ("200 nom", "200 noms", false),
        ] {
            assert_eq!(Pattern::place(wild).expect("a pattern").fits(text), fits, "{wild} on {text}");
        }
        assert!(Pattern::glob("{a,b}-[cd]*").expect("a pattern").fits("b-cx"));
    }

    #[test]
    fn a_pattern_without_end_is_refused() {
        for part in ["?", "*a", "é", "[", "{a,", "\\", "x"] {
            let long = part.repeat(200_000);
            assert!(Pattern::glob(&long).is_err() && Pattern::place(&long).is_err(), "{part}");
        }
        for part in ["?", "*a", "é", "x", "[", "\\"] {
            let long = part.repeat(200);
            assert!(Pattern::place(&long).is_ok(), "{part}");
        }
        // Whatever is nested in what is short enough does no harm.
        for nested in [format!("{}{}", "{".repeat(400), "}".repeat(400)), "{a,".repeat(300), "[".repeat(900)] {
            drop(Pattern::glob(&nested));
        }
    }
}
