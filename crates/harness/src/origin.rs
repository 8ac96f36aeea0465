//! Where documents come from: files, folders, and revisions of the user's git.

use crate::targets::own_variables;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use vigie_contract::files;

/// Bytes that a document may have: more than any contract has.
const MOST_BYTES: u64 = 64 << 20;

/// One document's bytes, and how the user knows it.
#[derive(Debug, Clone)]
pub struct Origin {
    /// A path, or `REV:path`.
    pub name: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// Why a document could not be fetched.
#[derive(Debug, thiserror::Error)]
pub enum OriginError {
    /// A file that is not there, or not readable.
    #[error("{name}: {source}")]
    File {
        /// How the user named it.
        name: String,
        /// What the system said.
        source: io::Error,
    },
    /// git is missing, or knows no such revision or path.
    #[error("{name}: {reason}")]
    Git {
        /// How the user named it.
        name: String,
        /// What git said.
        reason: String,
    },
    /// A history needs two documents.
    #[error("{name}: a history needs at least two documents, and there are {found}; {mend}")]
    TooFew {
        /// How the user named it.
        name: String,
        /// How many there are.
        found: usize,
        /// Where others may be.
        mend: &'static str,
    },
}

impl OriginError {
    /// What went wrong, without the name.
    fn reason(&self) -> String {
        match self {
            Self::File { source, .. } => source.to_string(),
            Self::Git { reason, .. } => reason.clone(),
            Self::TooFew { .. } => self.to_string(),
        }
    }
}

impl Origin {
    /// A file, or, where there is none of that name, `REV:path` in the repository of the current folder.
    pub fn read(name: &str) -> Result<Self, OriginError> {
        let path = Path::new(name);
        match name.split_once(':') {
            Some((revision, inner)) if !path.exists() && is_revision(revision, inner) => {
                Ok(Self { name: name.to_owned(), bytes: blob(name, revision, inner)? })
            }
            _ => Self::file(name, path),
        }
    }

    fn file(name: &str, path: &Path) -> Result<Self, OriginError> {
        let failed = |source| OriginError::File { name: name.to_owned(), source };
        if path.is_dir() {
            return Err(failed(io::Error::other("it is a folder; `--history` compares what is in it")));
        }
        if ["", "-"].contains(&name) {
            return Err(failed(io::Error::other("not the name of a file; standard input is /dev/stdin")));
        }
        // Not only regular files: a document may come through a pipe.
        let file = std::fs::File::open(path).map_err(failed)?;
        Ok(Self { name: name.to_owned(), bytes: bounded(name, file)? })
    }
}

/// The documents of a series, oldest first.
#[derive(Debug)]
pub struct History {
    /// How the user named it.
    pub name: String,
    /// What may be its versions.
    pub documents: Vec<Revision>,
    /// Whether they are revisions of one file, so that every one of them is meant to be a version.
    pub is_one_file: bool,
}

/// One document of a series, or why there is none.
#[derive(Debug)]
pub struct Revision {
    /// A path, or a revision with its day and path.
    pub name: String,
    /// The bytes.
    pub bytes: Result<Vec<u8>, String>,
}

/// The documents of a series: a folder's files by name, or `path@git`, the revisions that touched a file.
pub fn history(name: &str) -> Result<History, OriginError> {
    let file = name.strip_suffix("@git");
    let (documents, mend) = match file {
        Some(path) => {
            (revisions(name, path)?, "it reads the committed revisions, and a shallow clone has only the last one")
        }
        None => (folder(name)?, "it reads *.yml, *.yaml, *.json, *.graphql, *.graphqls and *.gql files"),
    };
    match documents.len() {
        found @ (0 | 1) => Err(OriginError::TooFew { name: name.to_owned(), found, mend }),
        _ => Ok(History { name: name.to_owned(), documents, is_one_file: file.is_some() }),
    }
}

/// Whether `before:after` may be a revision and a path: `C:\api.yml` is a path alone, and `:api.yml` git's index.
fn is_revision(before: &str, after: &str) -> bool {
    let is_drive = before.len() == 1 && after.starts_with('\\');
    !before.is_empty() && !is_drive
}

fn folder(name: &str) -> Result<Vec<Revision>, OriginError> {
    let failed = |source| OriginError::File { name: name.to_owned(), source };
    if Path::new(name).is_file() {
        let mend = format!("it is a file; `--history {name}@git` compares its revisions");
        return Err(failed(io::Error::other(mend)));
    }
    let mut files: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(name).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        if path.is_file() && ["yml", "yaml", "json", "graphql", "graphqls", "gql"].contains(&extension) {
            files.push(path);
        }
    }
    files.sort();
    let revision = |path: PathBuf| {
        let bytes = files::read(&path, MOST_BYTES).map_err(|error| error.to_string());
        Revision { name: path.display().to_string(), bytes }
    };
    Ok(files.into_iter().map(revision).collect())
}

/// Every revision of a file, through renames, oldest first.
fn revisions(name: &str, path: &str) -> Result<Vec<Revision>, OriginError> {
    // Without `--reverse`: git follows no renaming from the oldest revision on.
    let list = git(name, &["log", "--follow", "--name-status", "--format=%x00%h %cs", "--", path])?;
    let list = String::from_utf8_lossy(&list).into_owned();
    let mut documents = Vec::new();
    for entry in list.split('\0').skip(1) {
        let mut lines = entry.lines().filter(|line| !line.trim().is_empty());
        let (Some(head), Some(touched)) = (lines.next(), lines.next()) else { continue };
        // `M`, the path; `R100`, the old path, the new one. A revision that took the file away has no document.
        let Some(path) = touched.rsplit('\t').next().filter(|_| !touched.starts_with('D')) else { continue };
        let revision = head.split(' ').next().unwrap_or_default();
        let bytes = git(name, &["cat-file", "blob", &format!("{revision}:{path}")]);
        documents.push(Revision { name: format!("{head} {path}"), bytes: bytes.map_err(|error| error.reason()) });
    }
    documents.reverse();
    Ok(documents)
}

fn blob(name: &str, revision: &str, path: &str) -> Result<Vec<u8>, OriginError> {
    if revision.starts_with('-') {
        return Err(OriginError::Git { name: name.to_owned(), reason: "a revision must not start with `-`".into() });
    }
    let object = format!("{revision}:{path}");
    git(name, &["cat-file", "blob", &object]).map_err(|error| {
        // git says more of what is not there than of what is no file.
        let reason = match git(name, &["show", "--no-textconv", &object]) {
            Ok(_) => "it is a folder or a submodule in that revision, not a file".to_owned(),
            Err(OriginError::Git { reason, .. }) => reason,
            Err(_) => return error,
        };
        OriginError::Git { name: name.to_owned(), reason }
    })
}

fn git(name: &str, arguments: &[&str]) -> Result<Vec<u8>, OriginError> {
    let failed = |reason: String| OriginError::Git { name: name.to_owned(), reason };
    let mut command = Command::new("git");
    command.args(["-c", "core.quotepath=off"]).args(arguments).stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    for name in own_variables() {
        command.env_remove(name);
    }
    let mut child = command.spawn().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => failed("no such file, and git is not installed, so no revision can be read".into()),
        _ => failed(format!("git did not start: {error}")),
    })?;
    // Both are read at once: git waits for a reader when either is full.
    let errors = child.stderr.take().map(|mut errors| {
        std::thread::spawn(move || {
            let mut said = String::new();
            errors.read_to_string(&mut said).ok();
            said
        })
    });
    let out = child.stdout.take().map(|out| bounded(name, out)).transpose();
    if out.is_err() {
        child.kill().ok();
    }
    let said = errors.and_then(|errors| errors.join().ok()).unwrap_or_default();
    let status = child.wait().map_err(|error| failed(error.to_string()))?;
    let bytes = out?.unwrap_or_default();
    if status.success() {
        return Ok(bytes);
    }
    let line = said.lines().next().unwrap_or("no reason given").trim_start_matches("fatal: ").to_owned();
    Err(failed(format!("no such file, and git says: {line}")))
}

fn bounded(name: &str, reader: impl Read) -> Result<Vec<u8>, OriginError> {
    files::bounded(reader, MOST_BYTES).map_err(|source| OriginError::File { name: name.to_owned(), source })
}
