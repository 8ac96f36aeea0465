//! Two documents, compared.

use crate::origin::{Origin, Revision};
use crate::usages::{Operations, UsagesError, usages};
use serde_json::Value;
use std::path::Path;
use vigie_contract::graphql;
use vigie_contract::read::{Document, ReadError, Source};
use vigie_drift::comparison::{Comparison, Form, Side};
use vigie_drift::deviation::{Deviation, Kind};
use vigie_drift::diff::{Listing, credible, cut_short, diff_listing, names};
use vigie_drift::impact::Clients;
use vigie_drift::location::Location;
use vigie_judge::exceptions::Exceptions;
use vigie_judge::shape::{self, Terms};
use vigie_judge::snapshot::{Observation, RecordError};

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
    /// A series in which nothing stands beside anything.
    #[error("{name}: a history needs at least two contracts, and there are {found}")]
    TooFew {
        /// How the user named it.
        name: String,
        /// How many there are.
        found: usize,
    },
}

/// What is asked before two documents are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gate {
    /// Whether the new one can stand for the old one.
    Credible,
    /// Nothing: it is known that it does.
    Open,
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
    pub fn compare(&self, exceptions: &Exceptions, listing: Listing) -> Result<Comparison, CompareError> {
        self.old.compare(&self.new, Gate::Credible, listing, |comparison| exceptions.apply_to_comparison(comparison))
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

/// A document, or why it is not credible as one.
pub(super) struct Version {
    pub(super) name: String,
    source: Result<Source, String>,
}

impl Version {
    fn read(origin: &Origin) -> Result<Self, CompareError> {
        let source = match origin.document() {
            Ok(source) => Ok(source),
            // What got published empty or cut off says nothing, where what is no document at all is the caller's mistake.
            Err(error @ (ReadError::Empty | ReadError::Cut(_))) => Err(error.to_string()),
            Err(source) => return Err(CompareError::Read { name: origin.name.clone(), source }),
        };
        Ok(Self { name: origin.name.clone(), source })
    }

    /// A document of a series, where what cannot be read is a version too. `None` for what is another file: in a series of one
    /// file there is none.
    pub(super) fn of_series(revision: Revision, is_one_file: bool) -> Option<Self> {
        let source = match revision.document() {
            Err(reason) => Err(reason),
            Ok(Ok(Source { document: Document::Exchange(_) | Document::Response(_), .. })) if !is_one_file => {
                return None;
            }
            Ok(Ok(source)) => match source.document.form() {
                Form::Exchange | Form::Response => Err("it is a recorded answer and not a contract".to_owned()),
                _ => Ok(source),
            },
            Ok(Err(ReadError::Another(_))) if !is_one_file => return None,
            Ok(Err(error)) => Err(error.to_string()),
        };
        Some(Self { name: revision.name, source })
    }

    pub(super) fn is_readable(&self) -> bool {
        self.source.is_ok()
    }

    /// Whether they can be compared; what cannot be read may be anything.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let is_graphql =
            |version: &Self| version.source.as_ref().ok().map(|source| matches!(source.document, Document::GraphQl(_)));
        is_graphql(self).is_none_or(|own| is_graphql(other).is_none_or(|other| own == other))
    }

    /// The same, where it cannot stand for a document of the kind that was before.
    pub(super) fn of_another_kind(self) -> Self {
        let reason = |source: Source| format!("it is {}, which the version before is not", source.document.form());
        Self { source: self.source.and_then(|source| Err(reason(source))), ..self }
    }

    /// Whether it may be what an API has become: something is left of it.
    pub(super) fn may_follow(&self) -> bool {
        self.source.as_ref().is_ok_and(|source| match &source.document {
            Document::OpenApi(document) | Document::Swagger(document) => !names(document).is_empty(),
            _ => true,
        })
    }

    /// Whether another version goes on from this one. The same text again shows nobody's hand.
    pub(super) fn is_confirmed_by(&self, next: &Self) -> bool {
        let (Ok(own), Ok(next)) = (&self.source, &next.source) else { return false };
        own.text != next.text && doubt(own, next).is_none()
    }

    /// Title and major version, which a document keeps for life.
    pub(super) fn identity(&self) -> Option<(String, String)> {
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
    pub(super) fn compare(
        &self,
        new: &Self,
        gate: Gate,
        listing: Listing,
        except: impl FnOnce(&mut Comparison),
    ) -> Result<Comparison, CompareError> {
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
                match doubt(old, new).filter(|_| gate == Gate::Credible) {
                    Some(reason) => vec![implausible(&comparison.old, &comparison.new, &reason)],
                    None => deviations(old, new, listing, &mut comparison)?,
                }
            }
        };
        comparison.changes = deviations.into_iter().map(|deviation| vigie_drift::find(deviation, |_| None)).collect();
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

/// Why a new document cannot stand for an old one.
fn doubt(old: &Source, new: &Source) -> Option<String> {
    match (&old.document, &new.document) {
        (
            Document::OpenApi(before) | Document::Swagger(before),
            Document::OpenApi(after) | Document::Swagger(after),
        ) => {
            let doubt = credible(before, after).err().map(|reason| reason.to_string());
            doubt.or_else(|| cut_short(&old.text, &new.text).then(|| "it stops before its end".to_owned()))
        }
        (Document::GraphQl(before), Document::GraphQl(after)) => {
            graphql::credible(before, after).err().map(|reason| reason.to_string())
        }
        _ => None,
    }
}

fn deviations(
    old: &Source,
    new: &Source,
    listing: Listing,
    comparison: &mut Comparison,
) -> Result<Vec<Deviation>, CompareError> {
    match (&old.document, &new.document) {
        (
            Document::OpenApi(before) | Document::Swagger(before),
            Document::OpenApi(after) | Document::Swagger(after),
        ) => {
            let difference = diff_listing(before, after, listing);
            comparison.notes.extend(difference.notes);
            Ok(difference.deviations)
        }
        (Document::GraphQl(before), Document::GraphQl(after)) => Ok(vigie_drift::graphql::diff(before, after)),
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
    Deviation::new(Kind::DocumentImplausible, Location::Whole, named(expected), observed).of("*")
}
