//! The files beside a document: in its folder or its repository, of the same revision where the document is of one, or on its host.

use crate::download::Site;
use crate::origin::{self, MOST_BYTES};
use reqwest::Url;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use vigie_contract::bundle::Files;
use vigie_contract::files;

/// Files of one document.
const MOST_FILES: usize = 20_000;
/// Files of one document on the web, each of which is a request.
const MOST_REQUESTS: usize = 1_000;

/// Where a document is.
#[derive(Debug, Clone)]
pub(crate) enum Place {
    /// A file on disk.
    Disk(PathBuf),
    /// A file of a revision in the repository of the current folder.
    Git {
        /// The revision.
        revision: String,
        /// The path: from the top of the repository, or with `./` or `../` from the current folder.
        path: String,
    },
    /// An answer of a host, where it was found in the end.
    Web(Url, Arc<Site>),
}

impl Place {
    /// The name of the file alone.
    pub(crate) fn file_name(&self) -> String {
        match self {
            Self::Disk(path) => path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            Self::Git { path, .. } => path.rsplit('/').next().unwrap_or_default().to_owned(),
            Self::Web(url, _) => url.path().rsplit('/').next().unwrap_or_default().to_owned(),
        }
    }

    /// The files beside it; on disk also those below the folders that are allowed.
    pub(crate) fn beside(&self, allowed: &[PathBuf]) -> Beside<'_> {
        let reach = match self {
            Self::Disk(path) => std::iter::once(reach(path)).chain(allowed.iter().cloned()).collect(),
            Self::Git { .. } | Self::Web(..) => Vec::new(),
        };
        let reach = reach.iter().filter_map(|folder: &PathBuf| folder.canonicalize().ok()).collect();
        Beside { place: self, reach, left: MOST_BYTES, read: Vec::new() }
    }
}

/// The repository that a file is in, or else its folder.
fn reach(path: &Path) -> PathBuf {
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let repository = path.ancestors().skip(1).find(|folder| folder.join(".git").exists());
    repository.or_else(|| path.parent()).unwrap_or(Path::new(".")).to_owned()
}

/// The files beside one document.
#[derive(Debug)]
pub(crate) struct Beside<'p> {
    place: &'p Place,
    /// Folders that files may be in.
    reach: Vec<PathBuf>,
    /// Bytes that may still be read: all files together have no more than a document may have.
    left: u64,
    /// What was read, from the folder of the document.
    read: Vec<String>,
}

impl Beside<'_> {
    /// The paths of what was read, as the repository has them.
    pub(crate) fn into_paths(self) -> Vec<String> {
        let Place::Git { path, .. } = self.place else { return self.read };
        self.read.iter().filter_map(|file| inside(path, file)).collect()
    }

    fn bytes(&self, path: &str) -> Result<Vec<u8>, String> {
        match self.place {
            Place::Disk(document) => {
                let path = document.parent().unwrap_or(Path::new("")).join(path);
                let real = path.canonicalize().map_err(|error| error.to_string())?;
                if !self.reach.iter().any(|folder| real.starts_with(folder)) {
                    return Err(
                        "it is outside of the document's folder and repository; allow it with `--allow-refs DIR`"
                            .into(),
                    );
                }
                files::read(&real, self.left).map_err(|error| error.to_string())
            }
            Place::Git { revision, path: document } => {
                let path = inside(document, path).ok_or("it is outside of the repository")?;
                origin::blob(&path, revision, &path).map_err(|error| error.reason())
            }
            Place::Web(document, site) => {
                let url = document.join(path).map_err(|error| error.to_string())?;
                site.get(&url, self.left).map(|(_, bytes)| bytes)
            }
        }
    }
}

/// The path in a repository of a file that is named from the folder of another one.
fn inside(document: &str, file: &str) -> Option<String> {
    let folder = document.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in file.split('/') {
        match (part, parts.last()) {
            ("..", Some(&".." | &".")) if document.starts_with('.') => parts.push(part),
            ("..", Some(_)) => drop(parts.pop()),
            ("..", None) => return None,
            _ => parts.push(part),
        }
    }
    (!file.starts_with('/')).then(|| parts.join("/"))
}

impl Files for Beside<'_> {
    fn read(&mut self, path: &str) -> Result<Vec<u8>, String> {
        let most = if matches!(self.place, Place::Web(..)) { MOST_REQUESTS } else { MOST_FILES };
        if self.read.len() == most {
            return Err(format!("the document has more than {most} files"));
        }
        self.read.push(path.to_owned());
        let bytes = self.bytes(path)?;
        let left = self.left.checked_sub(bytes.len() as u64);
        self.left =
            left.ok_or_else(|| format!("the files of the document are larger than {} MiB", MOST_BYTES >> 20))?;
        Ok(bytes)
    }

    fn url(&self) -> Option<&Url> {
        if let Place::Web(url, _) = self.place { Some(url) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::inside;

    #[test]
    fn a_file_of_a_revision_is_in_its_repository() {
        for (document, file, path) in [
            ("api/openapi.yml", "a/b.yml", Some("api/a/b.yml")),
            ("api/openapi.yml", "../b.yml", Some("b.yml")),
            ("openapi.yml", "../b.yml", None),
            ("api/openapi.yml", "../../b.yml", None),
            ("api/openapi.yml", "/etc/passwd", None),
            ("./openapi.yml", "a.yml", Some("./a.yml")),
            ("./openapi.yml", "../a.yml", Some("./../a.yml")),
            ("../openapi.yml", "../a.yml", Some("../../a.yml")),
        ] {
            assert_eq!(inside(document, file).as_deref(), path, "{document} {file}");
        }
    }
}
