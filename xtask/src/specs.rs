//! The contracts of the tree: every folder of `specs/` (or of `VIGIE_SPECS`) that has an overlay.

use std::path::{Path, PathBuf};

/// One vendored contract.
pub(crate) struct Spec {
    /// Its provider: the first folder below `specs/`.
    pub(crate) provider: String,
    /// `api-particulier/v3`.
    pub(crate) name: String,
    /// Its folder.
    pub(crate) folder: PathBuf,
}

impl Spec {
    /// The contract in canonical form.
    pub(crate) fn contract(&self) -> PathBuf {
        self.folder.join("open-api.yml")
    }

    /// Our corrections and descriptions.
    pub(crate) fn overlay(&self) -> PathBuf {
        self.folder.join("overlay.yml")
    }

    /// The major version of the API, where the folder says it (`v3`).
    pub(crate) fn major(&self) -> Option<&str> {
        self.folder.file_name()?.to_str()?.strip_prefix('v')
    }
}

/// The root of the workspace.
pub(crate) fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

/// The contracts of a provider (of all, without one), sorted by name.
pub(crate) fn find(provider: Option<&str>) -> Result<Vec<Spec>, String> {
    let root = std::env::var_os("VIGIE_SPECS").map_or_else(|| workspace().join("specs"), PathBuf::from);
    let mut specs = Vec::new();
    for provider_folder in folders(&root)? {
        let name = file_name(&provider_folder);
        for folder in folders(&provider_folder)? {
            if folder.join("overlay.yml").is_file() {
                specs.push(Spec { provider: name.clone(), name: format!("{name}/{}", file_name(&folder)), folder });
            }
        }
    }
    if let Some(provider) = provider {
        let mut known: Vec<String> = specs.iter().map(|spec| spec.provider.clone()).collect();
        known.dedup();
        specs.retain(|spec| spec.provider == provider);
        if specs.is_empty() {
            return Err(format!("no provider `{provider}` in {}; known: {}", root.display(), known.join(", ")));
        }
    }
    Ok(specs)
}

fn folders(path: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = std::fs::read_dir(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut folders: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    Ok(folders)
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
