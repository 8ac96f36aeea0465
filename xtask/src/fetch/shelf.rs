//! Where fetched documents lie: `target/published/<name>/document` and `meta.json`, or below `VIGIE_PUBLISHED`.

use crate::specs;
use serde::{Deserialize, Serialize};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use vigie_contract::yaml;

/// How often two files are written that must belong together.
const MOST_SAVES: usize = 20;

/// The folder of fetched documents.
pub(crate) struct Shelf {
    root: PathBuf,
}

/// A document that was fetched and found credible.
pub(crate) struct Stored {
    /// Its bytes, as they were published.
    pub(crate) bytes: Vec<u8>,
    /// What was told with it.
    pub(crate) meta: Meta,
}

/// What is kept about a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Meta {
    /// Where it was asked for.
    pub(crate) url: String,
    /// Of the bytes.
    pub(crate) sha256: String,
    /// Bytes.
    pub(crate) size: u64,
    /// The day and time of the fetch, as HTTP writes them.
    pub(crate) fetched: String,
    /// As the server sent it.
    pub(crate) content_type: Option<String>,
    /// As the server sent it, for the next request.
    pub(crate) etag: Option<String>,
    /// As the server sent it, for the next request.
    pub(crate) last_modified: Option<String>,
}

impl Shelf {
    /// The folder of this run.
    pub(crate) fn find() -> Self {
        let own = || specs::workspace().join("target/published");
        Self { root: std::env::var_os("VIGIE_PUBLISHED").map_or_else(own, PathBuf::from) }
    }

    /// Where a document lies.
    pub(crate) fn document(&self, name: &str) -> PathBuf {
        self.root.join(name).join("document")
    }

    /// A document by its name. `None` if it was never fetched, or is not what was fetched.
    pub(crate) fn load(&self, name: &str) -> Result<Option<Stored>, String> {
        let path = self.document(name);
        let (Some(bytes), Some(meta)) = (read(&path)?, read(&meta_of(&path))?) else { return Ok(None) };
        let Ok(meta) = serde_json::from_slice::<Meta>(&meta) else { return Ok(None) };
        Ok((meta.sha256 == yaml::sha256(&bytes)).then_some(Stored { bytes, meta }))
    }

    /// Puts a document in place of the last one. Between the two renames the digest does not fit, and the document counts
    /// as never fetched. Where two do this at once, who writes last sees whether both files are of one of them.
    pub(crate) fn save(&self, name: &str, stored: &Stored) -> Result<(), String> {
        let path = self.document(name);
        let folder = path.parent().unwrap_or(&self.root);
        std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let meta = serde_json::to_vec_pretty(&stored.meta).map_err(|error| error.to_string())?;
        for _ in 0..MOST_SAVES {
            replace(&path, &stored.bytes)?;
            replace(&meta_of(&path), &meta)?;
            if self.load(name)?.is_some() {
                return Ok(());
            }
        }
        Err(format!("{}: another process writes there too; run one `cargo xtask fetch` at a time", folder.display()))
    }
}

fn meta_of(document: &Path) -> PathBuf {
    document.with_file_name("meta.json")
}

fn read(path: &Path) -> Result<Option<Vec<u8>>, String> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(format!("{}: {error}", path.display())),
    }
}

/// Puts a file in place in one step; until then nothing of it is seen.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), String> {
    vigie_contract::files::replace(path, bytes).map_err(|error| format!("{}: {error}", path.display()))
}
