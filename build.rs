//! Reads `specs/` and writes the typed clients and the embedded contracts to `OUT_DIR`. It never touches the network.
//!
//! `VIGIE_SPECS=dir` points it at other contracts. It watches exactly the files that it reads.

#[path = "src/contract/graphql/expand/mod.rs"]
#[cfg(feature = "graphql")]
#[allow(
    dead_code,
    unused_imports,
    unreachable_pub,
    reason = "the folder is shared with the library, where it is public and all used"
)]
mod expand;
#[path = "src/clients/generate/mod.rs"]
#[cfg(feature = "client")]
mod generate;
#[path = "src/contract/lower/mod.rs"]
#[cfg(feature = "client")]
#[allow(dead_code, unreachable_pub, reason = "the folder is shared with the library, where it is public and all used")]
mod lower;
#[path = "src/contract/overlay.rs"]
#[allow(dead_code, unreachable_pub, reason = "the file is shared with the library, where it is public and all used")]
mod overlay;
#[path = "src/contract/path.rs"]
#[allow(dead_code, unreachable_pub, reason = "the file is shared with the library, where it is public and all used")]
mod path;

use serde_json::Value;
use std::error::Error;
use std::path::{Path, PathBuf};

/// The file of a contract's folder that makes it one.
const CONTRACT: &str = "open-api.yml";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=VIGIE_SPECS");
    let root = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?);
    let specs = std::env::var_os("VIGIE_SPECS").map_or_else(|| root.join("specs"), PathBuf::from);
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    let contracts = contracts(&specs)?;
    for name in &contracts {
        let contract = effective_contract(&specs.join(name)).map_err(|error| format!("specs/{name}: {error}"))?;
        let stem = stem(name);
        #[cfg(feature = "client")]
        generate::write(&contract, name, &out.join(&stem))
            .map_err(|error| format!("client of specs/{name}: {error}"))?;
        if std::env::var_os("CARGO_FEATURE_HARNESS").is_some() {
            std::fs::write(out.join(format!("{stem}.json")), contract.to_string())?;
        }
    }
    if std::env::var_os("CARGO_FEATURE_HARNESS").is_some() {
        embed::write(&root, &specs, &contracts, &out)?;
    }
    Ok(())
}

/// The folders of contracts, below `specs/`, whose feature is on: that of `api-particulier/v3` is `api-particulier-v3`.
fn contracts(specs: &Path) -> Result<Vec<String>, Box<dyn Error>> {
    // A contract that came or went changes the folder.
    println!("cargo::rerun-if-changed={}", specs.display());
    let mut files = Vec::new();
    collect(specs, &["yml"], &mut files).map_err(|error| format!("{}: {error}", specs.display()))?;
    let mut names = Vec::new();
    for file in files.iter().filter(|file| file.ends_with(CONTRACT)) {
        let folder = file.strip_prefix(specs)?.parent().unwrap_or(Path::new(""));
        let name = folder.to_string_lossy().replace('\\', "/");
        let feature = name.replace(['/', '-'], "_").to_uppercase();
        if std::env::var_os(format!("CARGO_FEATURE_{feature}")).is_some() {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

/// The name of a contract as a file.
fn stem(name: &str) -> String {
    name.replace(['/', '-'], "_")
}

/// Files below a folder with one of these extensions.
fn collect(folder: &Path, extensions: &[&str], files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let wanted = path.extension().is_some_and(|extension| extensions.iter().any(|wanted| extension == *wanted));
        if path.is_dir() {
            collect(&path, extensions, files)?;
        } else if wanted {
            files.push(path);
        }
    }
    Ok(())
}

/// The contract: a vendored one with the overlay's descriptions, one of GraphQL with its queries as operations.
fn effective_contract(folder: &Path) -> Result<Value, Box<dyn Error>> {
    let mut contract: Value = serde_yaml::from_str(&read(&folder.join(CONTRACT))?)?;
    let overlay = folder.join("overlay.yml");
    if overlay.is_file() {
        overlay::Overlay::parse(&read(&overlay)?)?.apply(&mut contract, overlay::Purpose::Prose)?;
    }
    expanded(contract, folder)
}

/// The contract with an operation for each of its queries: `operations/*.graphql`, on the schemas beside it.
#[cfg(feature = "graphql")]
fn expanded(contract: Value, folder: &Path) -> Result<Value, Box<dyn Error>> {
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

#[cfg(not(feature = "graphql"))]
fn expanded(contract: Value, _folder: &Path) -> Result<Value, Box<dyn Error>> {
    if contract.get("x-graphql").is_some() {
        return Err("it has queries: turn on the feature `graphql` with the feature of its client".into());
    }
    Ok(contract)
}

fn read(path: &Path) -> Result<String, Box<dyn Error>> {
    println!("cargo::rerun-if-changed={}", path.display());
    std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()).into())
}

/// Contracts, scenarios, snapshots and fixtures of rules as they are, so that an installed binary works in any folder.
mod embed {
    use super::{CONTRACT, collect, stem};
    use std::error::Error;
    use std::fmt::Write;
    use std::path::Path;

    pub(super) fn write(root: &Path, specs: &Path, contracts: &[String], out: &Path) -> Result<(), Box<dyn Error>> {
        let mut code = String::from(
            "/// Contracts: name, document as JSON, text as a person finds it.\npub const CONTRACTS: &[(&str, &str, &str)] = &[\n",
        );
        for name in contracts {
            let document = out.join(format!("{}.json", stem(name)));
            let text = specs.join(name).join(CONTRACT);
            writeln!(code, "    ({name:?}, include_str!({:?}), include_str!({:?})),", utf8(&document)?, utf8(&text)?)?;
        }
        code.push_str(
            "];\n\n/// The code of the clients, by contract.\n#[cfg(test)]\npub const CLIENTS: &[(&str, &str)] = &[\n",
        );
        for name in contracts {
            let client = out.join(format!("{}.rs", stem(name)));
            writeln!(code, "    ({name:?}, include_str!({:?})),", utf8(&client)?)?;
        }
        code.push_str("];\n\n");
        for (constant, folder, extensions) in [
            // What a provider's folder has beside its contracts.
            ("SPECS", specs, &["yml", "graphql"][..]),
            ("SCENARIOS", &root.join("tests/scenarios"), &["yml", "yaml"]),
            ("SNAPSHOTS", &root.join("snapshots"), &["snap"]),
            ("FIXTURES", &root.join("tests/drifts"), &["yml", "yaml", "json", "graphql", "snap"]),
        ] {
            println!("cargo::rerun-if-changed={}", folder.display());
            let mut files = Vec::new();
            collect(folder, extensions, &mut files)?;
            files.sort();
            files.retain(|file| constant != "SPECS" || !file.ends_with(CONTRACT));
            writeln!(code, "/// Files below `{constant}`: path and text.\npub const {constant}: &[(&str, &str)] = &[")?;
            for file in &files {
                let name = file.strip_prefix(folder)?.to_string_lossy().replace('\\', "/");
                writeln!(code, "    ({name:?}, include_str!({:?})),", utf8(file)?)?;
            }
            code.push_str("];\n\n");
        }
        Ok(std::fs::write(out.join("embedded.rs"), code)?)
    }

    fn utf8(path: &Path) -> Result<&str, String> {
        path.to_str().ok_or_else(|| format!("{}: a path must be UTF-8", path.display()))
    }
}
