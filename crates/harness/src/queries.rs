//! A consumer's own queries: a folder in, a report out. Nothing is sent.

use crate::runner::unreadable;
use serde_json::Value;
use std::io::Read;
use std::path::Path;
use vigie_contract::files;
use vigie_contract::graphql::expand::{EXTENSION, Endpoint, ExpandError, endpoints};
use vigie_contract::graphql::looks_like_sdl;
use vigie_drift::causes;
use vigie_drift::finding::CaseReport;
use vigie_drift::graphql::consumer::{Asked, judge};
use vigie_drift::run::RunReport;
use vigie_judge::Queries;
use vigie_judge::exceptions::{Exceptions, Scope};
use vigie_scenario::ScenarioError;

/// Extensions of files that hold queries.
const EXTENSIONS: [&str; 2] = ["graphql", "gql"];
/// Bytes of a file that is read; a larger one is no query.
const LARGEST: u64 = 1 << 20;

/// Bytes of a larger file that show what it is.
const HEAD: u64 = 1 << 12;

/// A contract that answers queries.
#[derive(Debug)]
pub struct Queryable {
    /// `mobilic`.
    pub name: String,
    /// Its document.
    pub document: Value,
    /// Its schemas, each by its file below the contract's folder.
    pub schemas: Vec<(String, String)>,
}

/// Why queries could not be checked.
#[derive(Debug, thiserror::Error)]
pub enum OperationsError {
    /// The folder, or what is in it.
    #[error("--operations {path}: {reason}")]
    Folder {
        /// The folder, or a file in it.
        path: String,
        /// What is wrong, and how to mend it.
        reason: String,
    },
    /// No contract, or too many, to check them against.
    #[error("--operations: {0}")]
    Contract(String),
    /// The contract's own schemas.
    #[error("the contract is broken: {0}")]
    Schemas(ExpandError),
}

impl Queryable {
    /// The embedded contract that answers queries: of a provider, or the only one.
    pub fn embedded(provider: Option<&str>) -> Result<Self, OperationsError> {
        let mut found = vigie_embedded::CONTRACTS.iter().filter_map(|(name, document, _)| {
            let document: Value = serde_json::from_str(document).ok()?;
            document.get(EXTENSION)?;
            Some((*name, document))
        });
        let of_provider = |name: &str| provider.is_none_or(|provider| name.split('/').next() == Some(provider));
        let (mut wanted, all): (Vec<_>, Vec<_>) = found.by_ref().partition(|(name, _)| of_provider(name));
        let names =
            |contracts: &[(&str, Value)]| contracts.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        match (wanted.pop(), wanted.len()) {
            (Some((name, document)), 0) => {
                let files = document[EXTENSION].as_array().into_iter().flatten();
                let files = files.filter_map(|entry| entry["schema"].as_str());
                let text =
                    |file: &str| Some((file.to_owned(), vigie_embedded::spec(&format!("{name}/{file}"))?.to_owned()));
                let schemas = files.filter_map(text).collect();
                Ok(Self { name: name.to_owned(), schemas, document })
            }
            (None, _) => Err(OperationsError::Contract(match provider {
                Some(provider) if !all.is_empty() => {
                    format!("the contract of `{provider}` has no GraphQL schema; these have one: {}", names(&all))
                }
                Some(provider) => {
                    format!("no contract has a GraphQL schema, and neither has that of `{provider}`")
                }
                None => "this build has no contract with a GraphQL schema".to_owned(),
            })),
            (Some(last), _) => {
                wanted.push(last);
                Err(OperationsError::Contract(format!("choose a provider with --provider: {}", names(&wanted))))
            }
        }
    }

    /// What may be asked, and where.
    pub fn endpoints(&self) -> Result<Vec<Endpoint>, OperationsError> {
        endpoints(&self.document, &self.schemas()).map_err(|problems| OperationsError::Schemas(ExpandError(problems)))
    }

    /// The contract, for the queries of recorded exchanges.
    #[must_use]
    pub fn queries<'a>(&'a self, endpoints: &'a [Endpoint]) -> Queries<'a> {
        Queries { name: &self.name, document: &self.document, endpoints }
    }

    fn schemas(&self) -> Vec<(&str, &str)> {
        self.schemas.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect()
    }

    /// Checks every query below a folder.
    pub fn check(&self, folder: &Path, exceptions: &Exceptions) -> Result<RunReport, OperationsError> {
        let (files, unread) = read(folder)?;
        let endpoints = self.endpoints()?;
        let asked = judge(&self.document, &endpoints, &files);
        if asked.is_empty() {
            let reason =
                format!("no operation in {} files with queries: write one, as `query me {{ .. }}`", files.len());
            return Err(OperationsError::Folder { path: folder.display().to_string(), reason });
        }
        let mut report = RunReport { target: self.name.clone(), ..RunReport::default() };
        report.cases = asked.into_iter().map(|asked| case(asked, &self.name)).collect();
        report.cases.extend(unread.iter().map(|error| unreadable(CaseReport::new("", "", ""), error)));
        report.cases.sort_by(|a, b| a.file.cmp(&b.file));
        exceptions.apply_to_run(&mut report, Scope::Part);
        report.causes = causes::in_cases(&report.cases);
        Ok(report)
    }
}

/// One operation, as a case of a run.
fn case(asked: Asked, provider: &str) -> CaseReport {
    let name = asked.name.unwrap_or_default();
    let kind = if asked.kind.is_empty() { "a file" } else { asked.kind };
    let to = asked.path.as_ref().map(|path| format!(" to {path}")).unwrap_or_default();
    let findings = asked.deviations.into_iter().map(|found| vigie_drift::find(found, |_| None)).collect();
    let request = [kind, name.as_str()].iter().filter(|word| !word.is_empty()).copied().collect::<Vec<_>>().join(" ");
    let case = asked.path.as_deref().unwrap_or_default().trim_start_matches('/');
    let mut report = CaseReport::new(asked.at, name, case);
    provider.clone_into(&mut report.provider);
    report.request = request + &to;
    report.with(findings)
}

/// Files by name, with their texts.
type Files = Vec<(String, String)>;

/// The files of a folder that may hold queries, and why some of them cannot be read. What its `.gitignore` leaves out is
/// not read.
fn read(folder: &Path) -> Result<(Files, Vec<ScenarioError>), OperationsError> {
    let wrong = |path: &Path, reason: String| OperationsError::Folder { path: path.display().to_string(), reason };
    if !folder.is_dir() {
        let reason = if folder.exists() { "it is a file; name its folder" } else { "no such folder" };
        return Err(wrong(folder, reason.into()));
    }
    let (mut files, mut unread) = (Vec::new(), Vec::new());
    // A folder that is no repository may have a .gitignore all the same.
    let walk = ignore::WalkBuilder::new(folder).require_git(false).sort_by_file_name(std::ffi::OsStr::cmp).build();
    for entry in walk {
        let entry = entry.map_err(|error| wrong(folder, error.to_string()))?;
        let path = entry.path();
        let is_query = path.extension().is_some_and(|ending| EXTENSIONS.iter().any(|known| ending == *known));
        if !is_query || !entry.file_type().is_some_and(|kind| kind.is_file()) {
            continue;
        }
        if entry.metadata().is_ok_and(|metadata| metadata.len() > LARGEST) {
            if !is_schema(path) {
                unread.push(refused(path, std::io::Error::other("larger than 1 MiB, and no query is")));
            }
            continue;
        }
        match files::read(path, LARGEST) {
            // What is no text is no GraphQL either, and the parser says where.
            Ok(bytes) => files.push((shown(path), String::from_utf8_lossy(&bytes).into_owned())),
            Err(error) => unread.push(refused(path, error)),
        }
    }
    match (files.is_empty(), unread.first()) {
        (true, Some(error)) => Err(wrong(Path::new(error.file()), error.reason())),
        (true, None) => Err(wrong(folder, "no .graphql or .gql file in it".to_owned())),
        (false, _) => Ok((files, unread)),
    }
}

/// Whether a large file begins as a schema does: those are not asked.
fn is_schema(path: &Path) -> bool {
    let mut head = Vec::new();
    let read = std::fs::File::open(path).and_then(|file| file.take(HEAD).read_to_end(&mut head));
    read.is_ok() && looks_like_sdl(&String::from_utf8_lossy(&head))
}

fn refused(path: &Path, source: std::io::Error) -> ScenarioError {
    ScenarioError::Unreadable { path: shown(path), source }
}

fn shown(path: &Path) -> String {
    path.display().to_string().replace('\\', "/")
}
