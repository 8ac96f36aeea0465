//! The contracts of a folder: `<provider>/open-api.yml` or `<provider>/<version>/open-api.yml`, each with its overlay and its queries.

use serde_json::Value;
use std::error::Error;
use std::path::{Path, PathBuf};
use vigie_contract::graphql::expand;
use vigie_contract::overlay::{Overlay, Purpose};

/// The file of a contract's folder that makes it one.
pub const CONTRACT: &str = "open-api.yml";

/// A folder of contracts.
#[derive(Debug, Clone)]
pub struct Specs {
    folder: PathBuf,
}

impl Specs {
    /// The folder that the environment variable `VIGIE_SPECS` names, or else this one. Cargo runs the build script again when the variable,
    /// or a file that is read, changes.
    #[must_use]
    pub fn watched(default: PathBuf) -> Self {
        println!("cargo::rerun-if-env-changed=VIGIE_SPECS");
        let folder = std::env::var_os("VIGIE_SPECS").map_or(default, PathBuf::from);
        // A contract that came or went changes the folder.
        println!("cargo::rerun-if-changed={}", folder.display());
        Self { folder }
    }

    /// Where the contracts are.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The names of all contracts, sorted: `api-particulier/v3`, `mobilic`.
    pub fn names(&self) -> Result<Vec<String>, Box<dyn Error>> {
        let mut files = Vec::new();
        collect(&self.folder, &["yml"], &mut files).map_err(|error| format!("{}: {error}", self.folder.display()))?;
        let mut names = Vec::new();
        for file in files.iter().filter(|file| file.ends_with(CONTRACT)) {
            let folder = file.strip_prefix(&self.folder)?.parent().unwrap_or(Path::new(""));
            names.push(folder.to_string_lossy().replace('\\', "/"));
        }
        names.sort();
        Ok(names)
    }

    /// The contract of a name: a vendored one with the overlay's descriptions, one of GraphQL with its queries as operations.
    pub fn contract(&self, name: &str) -> Result<Value, Box<dyn Error>> {
        effective(&self.folder.join(name)).map_err(|error| format!("specs/{name}: {error}").into())
    }
}

/// The name of a contract as that of a file or a module: `api_particulier_v3`.
#[must_use]
pub fn stem(name: &str) -> String {
    name.replace(['/', '-'], "_")
}

/// Adds the files below a folder that have one of these extensions.
pub fn collect(folder: &Path, extensions: &[&str], files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let is_wanted = path.extension().is_some_and(|extension| extensions.iter().any(|wanted| extension == *wanted));
        if path.is_dir() {
            collect(&path, extensions, files)?;
        } else if is_wanted {
            files.push(path);
        }
    }
    Ok(())
}

fn effective(folder: &Path) -> Result<Value, Box<dyn Error>> {
    let mut contract: Value = serde_yaml::from_str(&read(&folder.join(CONTRACT))?)?;
    let overlay = folder.join("overlay.yml");
    if overlay.is_file() {
        Overlay::parse(&read(&overlay)?)?.apply(&mut contract, Purpose::Prose)?;
    }
    with_queries(contract, folder)
}

/// The contract with an operation for each of its queries: `operations/*.graphql`, on the schemas beside it.
fn with_queries(contract: Value, folder: &Path) -> Result<Value, Box<dyn Error>> {
    if contract.get(expand::EXTENSION).is_none() {
        return Ok(contract);
    }
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut paths = Vec::new();
    collect(folder, &["graphql"], &mut paths)?;
    paths.sort();
    let mut files = Vec::new();
    for path in &paths {
        files.push((path.strip_prefix(folder)?.to_string_lossy().replace('\\', "/"), read(path)?));
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let (operations, schemas): (Vec<_>, Vec<_>) =
        files.into_iter().partition(|(name, _)| name.starts_with("operations/"));
    Ok(expand::expand(contract, &schemas, &operations)?)
}

fn read(path: &Path) -> Result<String, Box<dyn Error>> {
    println!("cargo::rerun-if-changed={}", path.display());
    std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()).into())
}
