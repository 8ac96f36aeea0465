//! What an issue remembers of its cause, in comments of HTML that nobody sees: the id, and the places where it was.
//!
//! A line is read only if it is wholly such a comment. Values stand within other lines, so that no answer of a provider can
//! pass for one.

use super::night::Place;
use serde::{Deserialize, Serialize};

/// The most bytes of places that are kept: a body of GitHub has 65,536 characters.
const MOST: usize = 40_000;
const CAUSE: &str = "<!-- vigie:cause:";
const PLACES: &str = "<!-- vigie:places:";
/// The last line that is ours: what people write below it stays.
const END: &str = "<!-- vigie:end -->";
const CLOSE: &str = " -->";

/// The places of a cause, as its issue keeps them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Memory {
    pub(super) rule: String,
    pub(super) places: Vec<Place>,
    /// How many more there were, when they were too many to be kept.
    #[serde(default, skip_serializing_if = "is_none")]
    pub(super) more: usize,
    /// How many cases that run had, if there were more.
    #[serde(default, skip_serializing_if = "is_none")]
    pub(super) of: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_none(number: &usize) -> bool {
    *number == 0
}

impl Memory {
    /// `of` is how many cases the run had.
    pub(super) fn new(rule: &str, mut places: Vec<Place>, of: usize) -> Self {
        places.sort();
        let all = places.len();
        let mut bytes = 0;
        places.retain(|place| {
            bytes += place.target.len() + place.operation.len() + place.location.to_string().len();
            bytes += place.case.as_ref().map_or(0, String::len) + "[\"\",\"\",\"\",\"\"],".len();
            bytes <= MOST
        });
        let more = all - places.len();
        Self { rule: rule.to_owned(), places, more, of: if more > 0 { of } else { 0 } }
    }

    /// The targets where it was.
    pub(super) fn targets(&self) -> Vec<&str> {
        let mut targets: Vec<&str> = self.places.iter().map(|place| &*place.target).collect();
        targets.sort_unstable();
        targets.dedup();
        targets
    }
}

/// The body of an issue: our part, between the marks by which it is found again.
pub(super) fn wrap(id: &str, memory: &Memory, text: &str) -> String {
    // JSON in which nothing can end the comment.
    let json = serde_json::json!(memory).to_string().replace('<', "\\u003c").replace('>', "\\u003e");
    format!("{CAUSE}{id}{CLOSE}\n{PLACES}{json}{CLOSE}\n\n{text}\n{END}\n")
}

/// A new body in place of an old one: what people wrote below ours stays.
pub(super) fn rewrap(old: &str, new: &str) -> String {
    let rest: Vec<&str> = old.lines().skip_while(|line| *line != END).skip(1).collect();
    let rest = rest.join("\n");
    if rest.trim().is_empty() { new.to_owned() } else { format!("{new}{rest}\n") }
}

/// The id of the cause that an issue is about.
pub(super) fn id(body: &str) -> Option<&str> {
    comment(body, CAUSE)
}

/// What an issue remembers; `None` if somebody has changed it beyond reading.
pub(super) fn read(body: &str) -> Option<Memory> {
    serde_json::from_str(comment(body, PLACES)?).ok()
}

fn comment<'a>(body: &'a str, start: &str) -> Option<&'a str> {
    body.lines().find_map(|line| line.trim_end().strip_prefix(start)?.strip_suffix(CLOSE))
}

#[cfg(test)]
mod tests {
    use super::super::night::Place;
    use super::{Memory, id, read, rewrap, wrap};
    use vigie_drift::location::Location;

    fn places(number: usize, case: &str) -> Vec<Place> {
        let place = |number| Place {
            target: "https://staging.example".into(),
            operation: format!("operation_{number:04}"),
            location: Location::pointer("/data"),
            case: Some(case.to_owned()),
        };
        (0..number).map(place).collect()
    }

    #[test]
    fn an_issue_gives_back_what_was_put_in() {
        let memory = Memory::new("body-invalid", places(3, "a --> b.yml"), 9);
        let body = wrap("6a67e4b1", &memory, "text");
        assert_eq!(body.matches("-->").count(), 3);
        assert_eq!((id(&body), read(&body)), (Some("6a67e4b1"), Some(memory)));
        // The web form ends lines as Windows does.
        assert_eq!(id(&body.replace('\n', "\r\n")), Some("6a67e4b1"));
    }

    #[test]
    fn a_value_within_a_line_is_no_mark() {
        let body = wrap("6a67e4b1", &Memory::new("r", vec![], 0), "- `<!-- vigie:cause:00000000 -->`");
        assert_eq!(id(&body), Some("6a67e4b1"));
        assert_eq!(id("- `<!-- vigie:cause:00000000 -->`"), None);
        assert_eq!(read("<!-- vigie:places:{\"rule\": -->"), None);
    }

    #[test]
    fn what_people_wrote_below_stays() {
        let memory = Memory::new("r", vec![], 0);
        let [old, new] = ["old", "new"].map(|text| wrap("6a67e4b1", &memory, text));
        assert_eq!(rewrap(&old, &new), new);
        assert_eq!(rewrap(&format!("{old}\nticket 123\n"), &new), format!("{new}\nticket 123\n"));
        assert_eq!(rewrap("", &new), new);
    }

    #[test]
    fn too_many_places_are_counted() {
        let memory = Memory::new("r", places(700, &"x".repeat(80)), 900);
        assert_eq!((memory.places.len() + memory.more, memory.of), (700, 900));
        assert!(memory.more > 0 && wrap("6a67e4b1", &memory, "").len() < 50_000);
    }
}
