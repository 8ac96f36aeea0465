//! Three witnesses: the published document, the served answers, and the accepted contract. Which two agree?
//!
//! A published document is treated as `cargo xtask regenerate` would treat it, and then judges every exchange of the run
//! beside the accepted contract. It never decides how the run ends: what it says is advice.

mod heard;
mod testify;

pub(super) use heard::{ByCase, Heard};

use serde_json::Value;
use std::io;
use std::path::{Path, PathBuf};
use vigie_contract::canonical::canonical;
use vigie_contract::files;
use vigie_contract::graphql::expand::EXTENSION;
use vigie_contract::graphql::{self, Schema, credible};
use vigie_contract::model::Contract;
use vigie_contract::overlay::{Overlay, Purpose};
use vigie_contract::plausible;
use vigie_contract::read::{self, Document};
use vigie_drift::causes;
use vigie_drift::comparison::Cause;
use vigie_drift::deviation::Deviation;
use vigie_drift::diff::diff;
use vigie_judge::{Evidence, Judge, Judgement};

/// The name of a document in the folder that `cargo xtask fetch` fills.
const DOCUMENT: &str = "document";

/// The published documents of a run. Without any, there is nothing to hear.
#[derive(Debug, Default)]
pub struct Published {
    documents: Vec<Witness>,
    schemas: Vec<SchemaWitness>,
    /// What is no witness, and why.
    notes: Vec<String>,
}

/// A published document beside the accepted contract of the same name.
#[derive(Debug)]
struct Witness {
    judge: Judge,
    changes: Vec<Cause>,
}

/// A published GraphQL schema beside the accepted one.
#[derive(Debug)]
struct SchemaWitness {
    /// `mobilic/schema.graphql`.
    name: String,
    changes: Vec<Cause>,
}

/// Why a file could not be asked.
#[derive(Debug, thiserror::Error)]
#[error("--published {}: {source}", path.display())]
pub struct PublishedError {
    path: PathBuf,
    source: io::Error,
}

/// What a document may be the next version of.
enum Accepted<'a> {
    Contract(&'a Contract, Overlay),
    Schema(String, Schema),
}

impl Published {
    /// Reads documents: files, or folders as `cargo xtask fetch` fills them. What is not credible is no witness, and is
    /// told in the run's report.
    pub fn read(paths: &[PathBuf], contracts: &[Contract]) -> Result<Self, PublishedError> {
        let accepted = accepted(contracts);
        let mut published = Self::default();
        for path in paths {
            let failed = |source| PublishedError { path: path.clone(), source };
            if !path.is_dir() {
                let bytes = files::read(path, files::MOST_TEXT).map_err(failed)?;
                published.hear_any(path, &bytes, &accepted);
                continue;
            }
            if accepted.is_empty() {
                published.notes.push(format!("{}: nothing of this provider is published", path.display()));
            }
            // A mistyped folder would leave every answer without its witness, in silence.
            if !accepted.is_empty() && !accepted.iter().any(|own| path.join(own.folder()).join(DOCUMENT).exists()) {
                let wanted: Vec<String> = accepted.iter().map(|own| format!("{}/{DOCUMENT}", own.folder())).collect();
                return Err(failed(io::Error::other(format!(
                    "no published document in this folder: expected {}; `cargo xtask fetch` gets them",
                    wanted.join(" or ")
                ))));
            }
            for own in &accepted {
                let file = path.join(own.folder()).join(DOCUMENT);
                match files::read(&file, files::MOST_TEXT) {
                    Ok(bytes) => {
                        let heard = own.take(&bytes);
                        published.admit(&file, own.name(), heard);
                    }
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {
                        published.notes.push(format!(
                            "{}: missing, so {} is not compared with it; `cargo xtask fetch` gets it",
                            file.display(),
                            own.name()
                        ));
                    }
                    Err(error) => return Err(failed(error)),
                }
            }
        }
        Ok(published)
    }

    /// A file says itself what it is the next version of.
    fn hear_any(&mut self, path: &Path, bytes: &[u8], accepted: &[Accepted<'_>]) {
        let mut refusals = Vec::new();
        for own in accepted {
            match own.take(bytes) {
                Ok(found) => return self.admit(path, own.name(), Ok(found)),
                Err(reason) => refusals.push(format!("of {}: {reason}", own.name())),
            }
        }
        if refusals.is_empty() {
            refusals.push("nothing of this provider is published".to_owned());
        }
        self.notes.push(format!("{}: not credible, so it is not used: {}", path.display(), refusals.join("; ")));
    }

    fn admit(&mut self, path: &Path, name: &str, taken: Result<Taken, String>) {
        match taken {
            Ok(Taken::Document { witness, notes }) => {
                self.notes.extend(notes.into_iter().map(|note| format!("{}: {note}", path.display())));
                // Of two of one contract the last one counts.
                self.documents.retain(|other| other.judge.contract.name != witness.judge.contract.name);
                self.documents.push(*witness);
            }
            Ok(Taken::Schema(witness)) => {
                self.schemas.retain(|other| other.name != witness.name);
                self.schemas.push(witness);
            }
            Err(reason) => {
                self.notes.push(format!("{}: not credible, so it is not used for {name}: {reason}", path.display()));
            }
        }
    }

    /// An exchange judged against the published document, beside what the accepted contract said of it.
    pub(super) fn hear(
        &self,
        contract: &str,
        evidence: &Evidence<'_>,
        judgement: &Judgement,
        told: heard::Told<'_>,
    ) -> Option<Heard> {
        let witness = self.documents.iter().find(|witness| witness.judge.contract.name == contract)?;
        Some(Heard::new(&witness.judge, evidence, judgement, told))
    }
}

/// A document that is a witness.
enum Taken {
    Document { witness: Box<Witness>, notes: Vec<String> },
    Schema(SchemaWitness),
}

/// What of a provider is published: vendored contracts by their overlays, and schemas.
fn accepted(contracts: &[Contract]) -> Vec<Accepted<'_>> {
    let mut accepted = Vec::new();
    for contract in contracts {
        let overlay =
            vigie_embedded::spec(&format!("{}/overlay.yml", contract.name)).and_then(|text| Overlay::parse(text).ok());
        if let Some(overlay) = overlay {
            accepted.push(Accepted::Contract(contract, overlay));
        }
        for entry in contract.document[EXTENSION].as_array().into_iter().flatten() {
            let name = format!("{}/{}", contract.name, entry["schema"].as_str().unwrap_or_default());
            if let Some(schema) = vigie_embedded::spec(&name).and_then(|text| graphql::read(text).ok()) {
                accepted.push(Accepted::Schema(name, schema));
            }
        }
    }
    accepted
}

impl Accepted<'_> {
    fn name(&self) -> &str {
        match self {
            Self::Contract(contract, _) => &contract.name,
            Self::Schema(name, _) => name,
        }
    }

    /// Where `cargo xtask fetch` puts its document.
    fn folder(&self) -> &str {
        self.name().trim_end_matches(".graphql")
    }

    /// The document of these bytes as a witness, or why it is none.
    fn take(&self, bytes: &[u8]) -> Result<Taken, String> {
        match self {
            Self::Contract(contract, overlay) => {
                let document = plausible::read(bytes).map_err(|error| error.to_string())?;
                plausible::same_contract(&document, &contract.document).map_err(|error| error.to_string())?;
                let (document, notes) = prepared(document, overlay);
                let changes = by_cause(diff(&contract.document, &document).deviations);
                let judge = Judge::new(Contract::new(&contract.name, document));
                Ok(Taken::Document { witness: Box::new(Witness { judge, changes }), notes })
            }
            Self::Schema(name, own) => {
                let source = read::read(bytes).map_err(|error| error.to_string())?;
                let Document::GraphQl(schema) = source.document else {
                    return Err("it is not a GraphQL schema".into());
                };
                credible(own, &schema).map_err(|error| error.to_string())?;
                Ok(Taken::Schema(SchemaWitness {
                    name: name.clone(),
                    changes: by_cause(vigie_drift::graphql::diff(own, &schema)),
                }))
            }
        }
    }
}

/// A published document with our corrections, in canonical form. A correction that fits nothing any more is told, and
/// does not silence the witness.
fn prepared(mut document: Value, overlay: &Overlay) -> (Value, Vec<String>) {
    let unfit = overlay.apply_what_fits(&mut document, Purpose::Facts);
    let notes = unfit.into_iter().map(|error| format!("our overlay no longer fits it: {error}")).collect();
    (canonical(&document), notes)
}

fn by_cause(deviations: Vec<Deviation>) -> Vec<Cause> {
    let findings: Vec<_> = deviations.into_iter().map(|deviation| vigie_drift::find(deviation, |_| None)).collect();
    causes::group(&findings)
}
