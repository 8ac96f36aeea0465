//! The contracts of the tree: folders of `specs/` (or of `VIGIE_SPECS`) that have a contract or an overlay.

use std::path::{Path, PathBuf};

/// One contract.
pub(crate) struct Spec {
    /// Its provider: the first folder below `specs/`.
    pub(crate) provider: String,
    /// `api-particulier/v3`, `kaizala`.
    pub(crate) name: String,
    /// Its folder.
    pub(crate) folder: PathBuf,
}

impl Spec {
    fn is_contract(&self) -> bool {
        self.overlay().is_file() || self.contract().is_file()
    }

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

/// The vendored contracts of a provider (of all, without one), sorted by name: those that have an overlay.
pub(crate) fn find(provider: Option<&str>) -> Result<Vec<Spec>, String> {
    of_provider(vendored(all()?), provider)
}

/// Every contract of a provider (of all, without one), sorted by name, written by hand or not.
pub(crate) fn find_all(provider: Option<&str>) -> Result<Vec<Spec>, String> {
    of_provider(all()?, provider)
}

fn vendored(specs: Vec<Spec>) -> Vec<Spec> {
    specs.into_iter().filter(|spec| spec.overlay().is_file()).collect()
}

fn of_provider(mut specs: Vec<Spec>, provider: Option<&str>) -> Result<Vec<Spec>, String> {
    let Some(provider) = provider else { return Ok(specs) };
    let mut known: Vec<String> = specs.iter().map(|spec| spec.provider.clone()).collect();
    known.dedup();
    specs.retain(|spec| spec.provider == provider);
    if specs.is_empty() {
        return Err(format!("no provider `{provider}` in {}; known: {}", root().display(), known.join(", ")));
    }
    Ok(specs)
}

fn root() -> PathBuf {
    std::env::var_os("VIGIE_SPECS").map_or_else(|| workspace().join("specs"), PathBuf::from)
}

/// A provider's folder is a contract, or has a folder for each.
fn all() -> Result<Vec<Spec>, String> {
    let mut specs = Vec::new();
    for provider_folder in folders(&root())? {
        let provider = file_name(&provider_folder);
        let own = Spec { provider: provider.clone(), name: provider.clone(), folder: provider_folder.clone() };
        let inner = folders(&provider_folder)?.into_iter().map(|folder| {
            let name = format!("{provider}/{}", file_name(&folder));
            Spec { provider: provider.clone(), name, folder }
        });
        specs.extend(std::iter::once(own).chain(inner).filter(Spec::is_contract));
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
