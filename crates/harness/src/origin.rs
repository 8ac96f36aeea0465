//! Where documents come from: files, folders, revisions of the user's git, and hosts.

use crate::beside::Place;
use crate::download::{self, Site};
use crate::targets::own_variables;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use vigie_contract::files;
use vigie_contract::read::{self, ReadError, Source};

/// Bytes that a document may have: more than any contract has.
pub(crate) const MOST_BYTES: u64 = 64 << 20;

/// One document's bytes, and how the user knows it.
#[derive(Debug, Clone)]
pub struct Origin {
    /// A path, `REV:path`, or a URL without its query.
    pub name: String,
    /// The bytes.
    pub bytes: Vec<u8>,
    place: Place,
    /// Folders outside of its own that its references may lead to.
    allowed: Vec<PathBuf>,
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
    /// A host that answers with no document.
    #[error("{name}: {reason}")]
    Web {
        /// The URL, without what may be a secret in it.
        name: String,
        /// What the host did.
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
    pub(crate) fn reason(&self) -> String {
        match self {
            Self::File { source, .. } => source.to_string(),
            Self::Git { reason, .. } | Self::Web { reason, .. } => reason.clone(),
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
                let place = Place::Git { revision: revision.to_owned(), path: inner.to_owned() };
                Ok(Self { bytes: blob(name, revision, inner)?, ..Self::at(name, place) })
            }
            _ => Self::file(name, path),
        }
    }

    /// What a host answers for a URL, or else as [`Origin::read`] does.
    pub fn fetch(name: &str) -> Result<Self, OriginError> {
        if !download::is_url(name) {
            return Self::read(name);
        }
        // What was typed may have a password in it.
        let failed = |name: String| move |reason| OriginError::Web { name, reason };
        let url = download::address(name).map_err(failed("the URL".into()))?;
        let name = download::shown(&url);
        let site = Site::of(&url).map_err(failed(name.clone()))?;
        let (end, bytes) = site.get(&url, MOST_BYTES).map_err(failed(name.clone()))?;
        Ok(Self { bytes, ..Self::at(&name, Place::Web(end, Arc::new(site))) })
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
        Ok(Self { bytes: bounded(name, file)?, ..Self::at(name, Place::Disk(path.to_owned())) })
    }

    fn at(name: &str, place: Place) -> Self {
        Self { name: name.to_owned(), bytes: Vec::new(), place, allowed: Vec::new() }
    }

    /// The same, whose references may lead below these folders too.
    #[must_use]
    pub fn allowing(self, folders: &[PathBuf]) -> Self {
        Self { allowed: folders.to_owned(), ..self }
    }

    /// The document that the bytes are, with the files beside it that it refers to.
    pub(crate) fn document(self) -> Result<Source, ReadError> {
        read::read_beside(self.bytes, &self.place.file_name(), &mut self.place.beside(&self.allowed))
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

/// One document of a series. It is read when its turn comes: a series may be long.
#[derive(Debug)]
pub struct Revision {
    /// A path, or a revision with its day and path.
    pub name: String,
    place: Place,
    allowed: Vec<PathBuf>,
}

impl Revision {
    fn bytes(&self) -> Result<Vec<u8>, OriginError> {
        match &self.place {
            Place::Disk(path) => {
                files::read(path, MOST_BYTES).map_err(|source| OriginError::File { name: self.name.clone(), source })
            }
            Place::Git { revision, path } => git(&self.name, &["cat-file", "blob", &format!("{revision}:{path}")]),
            Place::Web(url, site) => {
                let failed = |reason| OriginError::Web { name: self.name.clone(), reason };
                site.get(url, MOST_BYTES).map(|(_, bytes)| bytes).map_err(failed)
            }
        }
    }

    /// The document; the outer error is why there are no bytes.
    pub(crate) fn document(&self) -> Result<Result<Source, ReadError>, String> {
        let bytes = self.bytes().map_err(|error| error.reason())?;
        Ok(read::read_beside(bytes, &self.place.file_name(), &mut self.place.beside(&self.allowed)))
    }

    /// A file of a commit, by its hash and day.
    fn of_commit(head: &str, path: &str) -> Self {
        let revision = head.split(' ').next().unwrap_or_default().to_owned();
        Self {
            name: format!("{head} {path}"),
            place: Place::Git { revision, path: path.to_owned() },
            allowed: Vec::new(),
        }
    }

    /// The paths of the files beside it that it refers to.
    fn files(&self) -> Vec<String> {
        let Ok(bytes) = self.bytes() else { return Vec::new() };
        let mut beside = self.place.beside(&[]);
        read::read_beside(bytes, &self.place.file_name(), &mut beside).ok();
        beside.into_paths()
    }
}

/// The documents of a series: a folder's files by name, or `path@git`, the revisions that touched a file.
pub fn history(name: &str, allowed: &[PathBuf]) -> Result<History, OriginError> {
    let file = name.strip_suffix("@git");
    let (mut documents, mend) = match file {
        Some(path) => {
            (revisions(name, path)?, "it reads the committed revisions, and a shallow clone has only the last one")
        }
        None => (folder(name)?, "it reads *.yml, *.yaml, *.json, *.graphql, *.graphqls and *.gql files"),
    };
    for document in &mut documents {
        allowed.clone_into(&mut document.allowed);
    }
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
        // What is there and cannot be read, such as a link to nothing, is a version that is named as such.
        if !path.is_dir() && ["yml", "yaml", "json", "graphql", "graphqls", "gql"].contains(&extension) {
            files.push(path);
        }
    }
    files.sort();
    let revision =
        |path: PathBuf| Revision { name: path.display().to_string(), place: Place::Disk(path), allowed: Vec::new() };
    Ok(files.into_iter().map(revision).collect())
}

/// Every revision of a file, through renames, oldest first; also those of the files that it refers to.
fn revisions(name: &str, path: &str) -> Result<Vec<Revision>, OriginError> {
    // Without `--reverse`: git follows no renaming from the oldest revision on.
    let own = listed(name, &["log", "--follow", "--name-status", "--format=%x00%h %cs", "--", path])?;
    let Some((newest, place)) = own.last().map(|newest| (newest, &newest.place)) else { return Ok(own) };
    let files = newest.files();
    let Place::Git { path, .. } = place else { return Ok(own) };
    if files.is_empty() {
        return Ok(own);
    }
    let names: Vec<String> = std::iter::once(path).chain(&files).map(|file| format!(":(top,literal){file}")).collect();
    let mut arguments = vec!["log", "--format=%x00%h %cs", "--"];
    arguments.extend(names.iter().map(String::as_str));
    let list = git(name, &arguments)?;
    let list = String::from_utf8_lossy(&list).into_owned();
    let mut documents: Vec<Revision> = Vec::new();
    let heads: Vec<&str> = list.split('\0').skip(1).map(str::trim).collect();
    for head in heads.into_iter().rev() {
        // A commit that touched other files alone has the document where the commit before it had it.
        let known = own.iter().find(|revision| revision.name.starts_with(head)).or(documents.last());
        let Some(Place::Git { path, .. }) = known.map(|revision| &revision.place) else { continue };
        documents.push(Revision::of_commit(head, &path.clone()));
    }
    Ok(documents)
}

/// The revisions that a log lists, oldest first.
fn listed(name: &str, arguments: &[&str]) -> Result<Vec<Revision>, OriginError> {
    let list = git(name, arguments)?;
    let list = String::from_utf8_lossy(&list).into_owned();
    let mut documents = Vec::new();
    for entry in list.split('\0').skip(1) {
        let mut lines = entry.lines().filter(|line| !line.trim().is_empty());
        let (Some(head), Some(touched)) = (lines.next(), lines.next()) else { continue };
        // `M`, the path; `R100`, the old path, the new one. A revision that took the file away has no document.
        let Some(path) = touched.rsplit('\t').next().filter(|_| !touched.starts_with('D')) else { continue };
        documents.push(Revision::of_commit(head, path));
    }
    documents.reverse();
    Ok(documents)
}

pub(crate) fn blob(name: &str, revision: &str, path: &str) -> Result<Vec<u8>, OriginError> {
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
