//! Where a consumer's sources use what changed.
//!
//! A change is used where its name stands, in any language and in the manner of any of them, if the sources name one of its
//! operations too: `nom` is in every program, and most of them never call the operation whose `nom` changed.

mod terms;

use aho_corasick::{AhoCorasick, MatchKind};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use terms::{Subject, Target, Term, terms};
use vigie_contract::files;
use vigie_drift::comparison::Cause;
use vigie_drift::finding::Class;

/// Operations of both contracts, `GET /v3/..`, with the other names that a consumer may know them by: operation ids, and
/// the client's methods.
pub type Operations = BTreeMap<String, BTreeSet<String>>;

/// How many places of a cause are told.
const MOST_PLACES: usize = 20;
/// Bytes of a file that is read; a larger one is data.
const LARGEST: u64 = 1 << 20;

/// Why the sources could not be searched.
#[derive(Debug, thiserror::Error)]
pub enum UsagesError {
    /// There is nothing to search.
    #[error("{path}: {reason}")]
    Unreadable {
        /// The folder.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
    /// More names than can be searched for.
    #[error("the names of the contract cannot be searched for: {0}")]
    Names(#[from] aho_corasick::BuildError),
}

/// Marks every cause with its places below a folder, `src/main.rs:12`; none if it is not used. Returns what a reader must
/// know of how that was decided. Left out is what the folder's `.gitignore` leaves out, `target/`, binaries, files larger
/// than 1 MiB, and contracts, which name everything and use nothing.
pub fn usages(folder: &Path, causes: &mut [Cause], operations: &Operations) -> Result<Vec<String>, UsagesError> {
    if !folder.is_dir() {
        return Err(UsagesError::Unreadable { path: folder.display().to_string(), reason: "no such folder".into() });
    }
    let subjects: Vec<Subject> = causes.iter().map(Subject::of).collect();
    let (names, terms) = terms(causes, &subjects, operations);
    let mut search = Search::new(terms)?;
    let mut notes = Vec::new();
    let walk = ignore::WalkBuilder::new(folder)
        // A folder that is no repository may have a .gitignore all the same.
        .require_git(false)
        .max_filesize(Some(LARGEST))
        .filter_entry(|entry| entry.file_name() != "target")
        .sort_by_file_name(std::ffi::OsStr::cmp)
        .build();
    for entry in walk {
        let read = entry.map_err(|error| error.to_string()).and_then(|entry| {
            let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
            let bytes = if is_file { files::read(entry.path(), LARGEST) } else { Ok(Vec::new()) };
            bytes
                .map(|bytes| (entry.path().to_owned(), bytes))
                .map_err(|error| format!("{}: {error}", entry.path().display()))
        });
        match read {
            Ok((path, bytes)) => {
                let name = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().replace('\\', "/");
                if let Some(text) = source(&bytes) {
                    search.file(&name, &text);
                }
            }
            Err(error) => notes.push(format!("not searched: {error}")),
        }
    }
    notes.extend(mark(causes, &subjects, &names, &search.found));
    Ok(notes)
}

/// A file's text; `None` for a binary, and for a contract.
fn source(bytes: &[u8]) -> Option<std::borrow::Cow<'_, str>> {
    let head = &bytes[..bytes.len().min(4096)];
    if head.contains(&0) {
        return None;
    }
    let is_contract = |line: &str| {
        ["openapi:", "swagger:"].iter().any(|key| line.starts_with(key))
            || ["\"openapi\":", "\"swagger\":"]
                .iter()
                .any(|key| line.trim_start_matches(['{', ' ', '\t']).starts_with(key))
    };
    let contract = String::from_utf8_lossy(head).lines().any(is_contract);
    (!contract).then(|| String::from_utf8_lossy(bytes))
}

/// What is looked for, and where it was found.
struct Search {
    automaton: AhoCorasick,
    terms: Vec<Term>,
    found: BTreeMap<Target, BTreeSet<(String, usize)>>,
}

impl Search {
    fn new(terms: Vec<Term>) -> Result<Self, UsagesError> {
        // Headers are written in any case; every other term compares again.
        let mut builder = AhoCorasick::builder();
        builder.match_kind(MatchKind::Standard).ascii_case_insensitive(true);
        let automaton = builder.build(terms.iter().map(|term| &term.text))?;
        Ok(Self { automaton, terms, found: BTreeMap::new() })
    }

    fn file(&mut self, name: &str, text: &str) {
        let starts: Vec<usize> = text.match_indices('\n').map(|(at, _)| at).collect();
        for hit in self.automaton.find_overlapping_iter(text) {
            let term = &self.terms[hit.pattern()];
            if !term.holds(text, hit.range()) {
                continue;
            }
            let line = starts.partition_point(|start| *start < hit.start()) + 1;
            let places = self.found.entry(term.target).or_default();
            if places.len() < MOST_PLACES {
                places.insert((name.to_owned(), line));
            }
        }
    }
}

/// Writes down what was found. Without any operation, names alone must do.
fn mark(
    causes: &mut [Cause],
    subjects: &[Subject],
    names: &[String],
    found: &BTreeMap<Target, BTreeSet<(String, usize)>>,
) -> Option<String> {
    let at = |target: Target| found.get(&target).into_iter().flatten();
    let position: BTreeMap<&str, usize> =
        names.iter().enumerate().map(|(position, name)| (name.as_str(), position)).collect();
    let target_of = |operation: &str| position.get(operation).map(|position| Target::Operation(*position));
    let any_operation = found.keys().any(|target| matches!(target, Target::Operation(_)));
    for (index, (cause, subject)) in causes.iter_mut().zip(subjects).enumerate() {
        // Nothing was compared, so nothing is used or unused.
        if cause.class == Class::Implausible {
            continue;
        }
        let own = cause.places.iter().filter_map(|place| target_of(&place.operation));
        let places: BTreeSet<&(String, usize)> = match subject {
            Subject::Operation => own.flat_map(at).collect(),
            Subject::Server(_) => at(Target::Cause(index)).collect(),
            Subject::Name { .. } => {
                let called = !any_operation || own.into_iter().any(|target| found.contains_key(&target));
                if called { at(Target::Cause(index)).collect() } else { BTreeSet::new() }
            }
        };
        cause.used = Some(places.iter().take(MOST_PLACES).map(|(file, line)| format!("{file}:{line}")).collect());
    }
    // Recorded answers have no operations to name.
    (!any_operation && !names.is_empty() && !causes.is_empty()).then(|| {
        "the sources name no operation of the contract, by path or by id: properties and parameters count as used wherever their name appears, and operations as unused"
            .to_owned()
    })
}

#[cfg(test)]
mod tests;
