//! Where accepted snapshots are, and where new ones wait for `cargo insta review`.

use crate::embedded;
use crate::snapshot::Observation;
use std::io;
use std::path::{Path, PathBuf};

/// The snapshots of a run.
#[derive(Debug, Clone)]
pub enum Store {
    /// No snapshots: only contract, client and expectation are judged.
    Off,
    /// Those that the binary carries; nothing can be written.
    Embedded,
    /// A folder: `<provider>/<operation>/<case>.snap`. New observations are written beside the accepted ones.
    Folder(PathBuf),
}

impl Store {
    /// The folder of the working tree if there is one, else what the binary carries.
    #[must_use]
    pub fn find(provider: &str) -> Self {
        let folder = Path::new("snapshots");
        if folder.join(provider).is_dir() { Self::Folder(folder.to_owned()) } else { Self::Embedded }
    }

    /// The accepted observation of a case. A file that is no snapshot counts as none.
    pub fn accepted(&self, key: &str) -> io::Result<Option<Observation>> {
        let path = format!("{key}.snap");
        match self {
            Self::Off => Ok(None),
            Self::Embedded => Ok(embedded::snapshot(&path).and_then(Observation::parse)),
            Self::Folder(folder) => match std::fs::read_to_string(folder.join(path)) {
                Ok(text) => Ok(Observation::parse(&text)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
                Err(error) => Err(error),
            },
        }
    }

    /// Writes a new observation beside the accepted one. Returns the file.
    pub fn propose(&self, key: &str, observation: &Observation) -> io::Result<Option<String>> {
        let Self::Folder(folder) = self else { return Ok(None) };
        let path = folder.join(format!("{key}.snap.new"));
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(&path, observation.file(key))?;
        Ok(Some(path.display().to_string()))
    }

    /// Takes a proposal back that no longer differs.
    pub fn withdraw(&self, key: &str) -> io::Result<()> {
        let Self::Folder(folder) = self else { return Ok(()) };
        match std::fs::remove_file(folder.join(format!("{key}.snap.new"))) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}
