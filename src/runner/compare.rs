//! Two documents, compared; and a series of them.

use crate::comparison::{Comparison, Form, Side};
use crate::contract::diff::{credible, cut_short, diff, names};
use crate::contract::graphql;
use crate::contract::read::{self, Document, ReadError, Source};
use crate::deviation::{Deviation, Kind};
use crate::drift;
use crate::drift::impact::Clients;
use crate::exceptions::Exceptions;
use crate::origin::Origin;
use crate::shape::{self, Terms};
use crate::snapshot::{Observation, RecordError};
use crate::usages::{Operations, UsagesError, usages};
use serde_json::Value;
use std::path::Path;

/// Why two documents could not be compared.
#[derive(Debug, thiserror::Error)]
pub enum CompareError {
    /// One of them is no document.
    #[error("{name}: {source}")]
    Read {
        /// Its name.
        name: String,
        /// Why.
        source: ReadError,
    },
    /// One of them looks like a recorded exchange, and is none.
    #[error("{name}: {source}")]
    Record {
        /// Its name.
        name: String,
        /// Why.
        source: RecordError,
    },
    /// They are of different kinds.
    #[error("{old} is {old_kind} and {new} is {new_kind}: only documents of one kind can be compared")]
    Kinds {
        /// Name of the old one.
        old: String,
        /// Its kind.
        old_kind: Form,
        /// Name of the new one.
        new: String,
        /// Its kind.
        new_kind: Form,
    },
}

/// Two documents that were read.
pub struct Pair {
    old: Version,
    new: Version,
}

impl Pair {
    /// Reads both.
    pub fn read(old: &Origin, new: &Origin) -> Result<Self, CompareError> {
        Ok(Self { old: Version::read(old)?, new: Version::read(new)? })
    }

    /// What they have apart, with the exceptions applied.
    pub fn compare(&self, exceptions: &Exceptions) -> Result<Comparison, CompareError> {
        self.old.compare(&self.new, |comparison| exceptions.apply_to_comparison(comparison))
    }

    /// Marks the causes of their comparison with the places below a folder that use what changed.
    pub fn mark_used(&self, comparison: &mut Comparison, folder: &Path) -> Result<(), UsagesError> {
        let mut operations = Operations::new();
        // What could not be read was told by the comparison.
        for source in [&self.old, &self.new].iter().filter_map(|version| version.source.as_ref().ok()) {
            if let Document::OpenApi(document) | Document::Swagger(document) = &source.document {
                for (operation, ids) in names(document) {
                    operations.entry(operation).or_default().extend(ids);
                }
            }
        }
        comparison.notes.extend(usages(folder, &mut comparison.causes, &operations)?);
        Ok(())
    }
}

/// A series, each version beside the last credible one of the same API: a blip is told once, and what a document says
/// after another one took its place is compared with what it said before.
pub fn timeline(documents: &[Origin], exceptions: &Exceptions) -> Result<Vec<Comparison>, CompareError> {
    let mut comparisons: Vec<Comparison> = Vec::new();
    // Baselines by API, the latest last.
    let mut baselines: Vec<Version> = Vec::new();
    for document in documents {
        let version = match Version::read(document) {
            Ok(version) if version.is_contract() => version,
            // What else lies in the folder is no version.
            Ok(_) | Err(CompareError::Read { source: ReadError::NotAContract(_), .. }) => continue,
            Err(error) => return Err(error),
        };
        let own = baselines.iter().position(|baseline| baseline.identity() == version.identity());
        let compared = own.or(baselines.len().checked_sub(1));
        let Some(baseline) = compared.map(|position| &baselines[position]) else {
            baselines.push(version);
            continue;
        };
        let comparison = baseline.compare(&version, |comparison| exceptions.apply_to_step(comparison))?;
        let is_credible = comparison.is_credible();
        let is_whole = matches!(version.source, Ok(ref source) if !source.text.trim().is_empty());
        comparisons.push(comparison);
        if is_credible || (own.is_none() && is_whole) {
            if let Some(position) = own {
                baselines.remove(position);
            }
            baselines.push(version);
        }
    }
    Ok(comparisons)
}

/// A document, or why it is not credible as one.
struct Version {
    name: String,
    source: Result<Source, String>,
}

impl Version {
    fn read(origin: &Origin) -> Result<Self, CompareError> {
        let source = match read::read(&origin.bytes) {
            Ok(source) => Ok(source),
            // What got published empty or cut off says nothing, where what is no document at all is the caller's mistake.
            Err(error @ (ReadError::Empty | ReadError::Cut(_))) => Err(error.to_string()),
            Err(source) => return Err(CompareError::Read { name: origin.name.clone(), source }),
        };
        Ok(Self { name: origin.name.clone(), source })
    }

    /// Whether it is, or was meant to be, a contract.
    fn is_contract(&self) -> bool {
        !matches!(&self.source, Ok(Source { document: Document::Exchange(_) | Document::Response(_), .. }))
    }

    /// Title and major version, which a document keeps for life.
    fn identity(&self) -> Option<(String, String)> {
        let source = self.source.as_ref().ok()?;
        let major = source.version.as_deref().unwrap_or_default().split('.').next().unwrap_or_default();
        Some((source.title.clone().unwrap_or_default(), major.to_owned()))
    }

    fn side(&self) -> Side {
        let source = self.source.as_ref().ok();
        Side {
            name: self.name.clone(),
            kind: source.map_or(Form::Unreadable, |source| source.document.form()),
            title: source.and_then(|source| source.title.clone()),
            version: source.and_then(|source| source.version.clone()),
        }
    }

    /// Exceptions come before causes, and causes before what they do to the client.
    fn compare(&self, new: &Self, except: impl FnOnce(&mut Comparison)) -> Result<Comparison, CompareError> {
        let mut comparison = Comparison {
            old: self.side(),
            new: new.side(),
            notes: Vec::new(),
            changes: Vec::new(),
            causes: Vec::new(),
            ignored: Vec::new(),
        };
        let deviations = match (&self.source, &new.source) {
            (Err(reason), _) => vec![implausible(&comparison.old, &comparison.old, reason)],
            (_, Err(reason)) => vec![implausible(&comparison.old, &comparison.new, reason)],
            (Ok(old), Ok(new)) => {
                for (side, source) in [("old", old), ("new", new)] {
                    comparison.notes.extend(source.notes.iter().map(|note| format!("{side}: {note}")));
                }
                deviations(old, new, &mut comparison)?
            }
        };
        comparison.changes = deviations.into_iter().map(|deviation| drift::find(deviation, |_| None)).collect();
        except(&mut comparison);
        if let (Ok(old), Ok(new)) = (&self.source, &new.source)
            && let (Document::OpenApi(old) | Document::Swagger(old), Document::OpenApi(new) | Document::Swagger(new)) =
                (&old.document, &new.document)
        {
            let clients = Clients::new(old, new);
            for cause in &mut comparison.causes {
                cause.impact = clients.impact(cause);
            }
        }
        Ok(comparison)
    }
}

fn deviations(old: &Source, new: &Source, comparison: &mut Comparison) -> Result<Vec<Deviation>, CompareError> {
    match (&old.document, &new.document) {
        (
            Document::OpenApi(before) | Document::Swagger(before),
            Document::OpenApi(after) | Document::Swagger(after),
        ) => {
            let doubt = credible(before, after).err();
            let doubt = doubt.or_else(|| cut_short(&old.text, &new.text).then(|| "it stops within a line".to_owned()));
            if let Some(reason) = doubt {
                return Ok(vec![implausible(&comparison.old, &comparison.new, &reason)]);
            }
            let difference = diff(before, after);
            comparison.notes.extend(difference.notes);
            Ok(difference.deviations)
        }
        (Document::GraphQl(before), Document::GraphQl(after)) => {
            if let Err(reason) = graphql::credible(before, after) {
                return Ok(vec![implausible(&comparison.old, &comparison.new, &reason)]);
            }
            Ok(graphql::diff(before, after))
        }
        (Document::Exchange(before), Document::Exchange(after)) => {
            let recorded = |side: &Side, value| {
                Observation::recorded(value).map_err(|source| CompareError::Record { name: side.name.clone(), source })
            };
            let (before, after) = (recorded(&comparison.old, before)?, recorded(&comparison.new, after)?);
            Ok(after.changes_from(&before, &Terms::NONE))
        }
        (Document::Response(before), Document::Response(after)) => Ok(shape::compare(before, after, &Terms::NONE)),
        (old, new) => Err(CompareError::Kinds {
            old: comparison.old.name.clone(),
            old_kind: old.form(),
            new: comparison.new.name.clone(),
            new_kind: new.form(),
        }),
    }
}

fn implausible(expected: &Side, doubtful: &Side, reason: &str) -> Deviation {
    let named = |side: &Side| match (&side.title, &side.version) {
        (Some(title), Some(version)) => format!("{title} {version}"),
        _ => side.name.clone(),
    };
    let observed = Value::from(format!("{}: {reason}", doubtful.name));
    Deviation::new(Kind::DocumentImplausible, "", named(expected), observed).of("*")
}
