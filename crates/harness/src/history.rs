//! A series of documents: each version beside the last credible one of the same API.

use super::compare::{CompareError, Gate, Version};
use crate::origin::History;
use vigie_drift::comparison::Comparison;
use vigie_drift::diff::Listing;
use vigie_judge::exceptions::Exceptions;

/// One API of a series.
struct Line {
    /// Its last credible version.
    baseline: Version,
    /// A version that was not credible beside it, and may be the first one after a restructure.
    doubtful: Option<Version>,
}

/// A series, each version beside the last credible one of the same API: a blip is reported once, and what a document says
/// after another one took its place is compared with what it said before.
///
/// A version that was not credible is believed once another one builds on it: that one is then compared with the last
/// credible version, whatever is gone, and takes its place. What cannot be read is named, and the series goes on.
pub fn timeline(history: History, exceptions: &Exceptions) -> Result<Vec<Comparison>, CompareError> {
    let mut series = Series { exceptions, lines: Vec::new(), comparisons: Vec::new(), unreadable: Vec::new() };
    let mut contracts = 0;
    for document in history.documents {
        let version = Version::of_series(document, history.is_one_file);
        // What else lies in a folder is no version.
        let Some(version) = version else { continue };
        contracts += 1;
        series.step(version, history.is_one_file)?;
    }
    match contracts {
        found @ (0 | 1) => Err(CompareError::TooFew { name: history.name, found }),
        _ => series.finish(),
    }
}

/// What is known of a series so far.
struct Series<'a> {
    exceptions: &'a Exceptions,
    /// The APIs, the latest last.
    lines: Vec<Line>,
    comparisons: Vec<Comparison>,
    /// What could not be read before anything could.
    unreadable: Vec<Version>,
}

impl Series<'_> {
    fn step(&mut self, version: Version, is_one_file: bool) -> Result<(), CompareError> {
        let own = self.lines.iter().position(|line| line.baseline.identity() == version.identity());
        let alike = |line: &Line| is_one_file || version.is_like(&line.baseline);
        let Some(position) = own.or_else(|| self.lines.iter().rposition(alike)) else {
            if version.is_readable() {
                self.lines.push(Line { baseline: version, doubtful: None });
            } else {
                self.unreadable.push(version);
            }
            return Ok(());
        };
        let line = &mut self.lines[position];
        let version = if version.is_like(&line.baseline) { version } else { version.of_another_kind() };
        let except = |comparison: &mut Comparison| self.exceptions.apply_to_step(comparison);
        let comparison = line.baseline.compare(&version, Gate::Credible, Listing::Messages, except)?;
        if comparison.is_credible() || (own.is_none() && version.is_readable()) {
            self.comparisons.push(comparison);
        } else if let Some(doubtful) = line.doubtful.take_if(|doubtful| doubtful.is_confirmed_by(&version)) {
            let mut recovered = line.baseline.compare(&version, Gate::Open, Listing::Messages, except)?;
            recovered.notes.push(format!(
                "`{}` was not a mistake, since `{}` builds on it: compared with the last credible version",
                doubtful.name, version.name
            ));
            self.comparisons.push(recovered);
            // What came with the first and went with the second stands in neither of the two that are compared above.
            let since = doubtful.compare(&version, Gate::Credible, Listing::Messages, except)?;
            self.comparisons.extend(Some(since).filter(|since| !since.changes.is_empty()));
        } else {
            self.comparisons.push(comparison);
            if own.is_some() && version.may_follow() {
                line.doubtful = Some(version);
            }
            return Ok(());
        }
        if own.is_some() {
            self.lines.remove(position);
        }
        self.lines.push(Line { baseline: version, doubtful: None });
        Ok(())
    }

    /// What stood before anything readable has nothing to stand beside but itself.
    fn finish(mut self) -> Result<Vec<Comparison>, CompareError> {
        let mut early = Vec::new();
        for version in &self.unreadable {
            let except = |comparison: &mut Comparison| self.exceptions.apply_to_step(comparison);
            early.push(version.compare(version, Gate::Credible, Listing::Messages, except)?);
        }
        early.append(&mut self.comparisons);
        Ok(early)
    }
}
