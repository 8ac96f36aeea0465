//! Where a node of a parsed text stands.

use super::problem::{Fault, Problem};
use apollo_compiler::parser::{SourceMap, SourceSpan};

/// The file of a node with line and column, as editors open it.
#[must_use]
pub fn place(sources: &SourceMap, place: Option<SourceSpan>) -> String {
    Sources(sources).problem(Fault::Invalid, place, String::new(), String::new()).at()
}

/// The files of parsed texts.
#[derive(Clone, Copy)]
pub(super) struct Sources<'a>(pub(super) &'a SourceMap);

impl<'a> Sources<'a> {
    /// A problem at a place.
    pub(super) fn problem(self, fault: Fault, place: Option<SourceSpan>, message: String, mend: String) -> Problem {
        let file = place.and_then(|place| self.0.get(&place.file_id()));
        // The compiler counts bytes, an editor characters.
        let before = place.and_then(|place| self.file(Some(place)).get(..place.offset()));
        let start = before.map(|before| {
            let line = before.rsplit('\n').next().unwrap_or(before);
            (before.matches('\n').count() + 1, line.chars().count() + 1)
        });
        let file = file.map(|file| file.path().display().to_string()).unwrap_or_default();
        Problem { place: start, ..Problem::new(fault, &file, message, mend) }
    }

    /// The text of a place.
    pub(super) fn node(self, place: Option<SourceSpan>) -> &'a str {
        place
            .and_then(|place| self.file(Some(place)).get(place.offset()..place.end_offset()))
            .unwrap_or_default()
            .trim()
    }

    /// The whole text that a place is in.
    pub(super) fn file(self, place: Option<SourceSpan>) -> &'a str {
        place.and_then(|place| self.0.get(&place.file_id())).map_or("", |file| file.source_text())
    }
}
