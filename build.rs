//! Reads `specs/` and writes the typed clients and the embedded contracts to `OUT_DIR`. It never touches the network.
//!
//! `VIGIE_SPECS=dir` points it at other contracts. It watches exactly the files that it reads.

#[path = "src/clients/generate/mod.rs"]
#[cfg(feature = "client")]
mod generate;
#[path = "src/contract/lower.rs"]
#[cfg(feature = "client")]
#[allow(unreachable_pub, reason = "the file is shared with the library, where it is public")]
mod lower;
#[path = "src/contract/overlay.rs"]
#[allow(dead_code, unreachable_pub, reason = "the file is shared with the library, where it is public and all used")]
mod overlay;

use serde_json::Value;
use std::error::Error;
use std::path::{Path, PathBuf};

/// The contracts with a client: feature, and folder below `specs/`.
const CONTRACTS: [(&str, &str); 2] =
    [("API_PARTICULIER_V2", "api-particulier/v2"), ("API_PARTICULIER_V3", "api-particulier/v3")];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=VIGIE_SPECS");
    let root = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?);
    let specs = std::env::var_os("VIGIE_SPECS").map_or_else(|| root.join("specs"), PathBuf::from);
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    for (feature, name) in CONTRACTS {
        if std::env::var_os(format!("CARGO_FEATURE_{feature}")).is_none() {
            continue;
        }
        let contract = effective_contract(&specs.join(name)).map_err(|error| format!("specs/{name}: {error}"))?;
        let stem = name.replace(['/', '-'], "_");
        #[cfg(feature = "client")]
        generate::write(&contract, name, &out.join(&stem))
            .map_err(|error| format!("client of specs/{name}: {error}"))?;
        if std::env::var_os("CARGO_FEATURE_HARNESS").is_some() {
            std::fs::write(out.join(format!("{stem}.json")), contract.to_string())?;
        }
    }
    if std::env::var_os("CARGO_FEATURE_HARNESS").is_some() {
        embed::write(&root, &specs, &out)?;
    }
    Ok(())
}

/// The vendored contract with the overlay's descriptions.
fn effective_contract(folder: &Path) -> Result<Value, Box<dyn Error>> {
    let mut contract: Value = serde_yaml::from_str(&read(&folder.join("open-api.yml"))?)?;
    overlay::Overlay::parse(&read(&folder.join("overlay.yml"))?)?.apply(&mut contract, overlay::Purpose::Prose)?;
    Ok(contract)
}

fn read(path: &Path) -> Result<String, Box<dyn Error>> {
    println!("cargo::rerun-if-changed={}", path.display());
    std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()).into())
}

/// Contracts, scenarios, snapshots and fixtures of rules as they are, so that an installed binary works in any folder.
mod embed {
    use super::CONTRACTS;
    use std::error::Error;
    use std::fmt::Write;
    use std::path::Path;

    pub(super) fn write(root: &Path, specs: &Path, out: &Path) -> Result<(), Box<dyn Error>> {
        let mut code = String::from(
            "/// Contracts: name, document as JSON, canonical text.\npub const CONTRACTS: &[(&str, &str, &str)] = &[\n",
        );
        for (_, name) in CONTRACTS {
            let document = out.join(format!("{}.json", name.replace(['/', '-'], "_")));
            let text = specs.join(name).join("open-api.yml");
            writeln!(code, "    ({name:?}, include_str!({:?}), include_str!({:?})),", utf8(&document)?, utf8(&text)?)?;
        }
        code.push_str("];\n\n");
        let scopes = specs.join("api-particulier/scopes.yml");
        println!("cargo::rerun-if-changed={}", scopes.display());
        writeln!(
            code,
            "/// What each scope of API Particulier opens.\npub const API_PARTICULIER_SCOPES: &str = include_str!({:?});\n",
            utf8(&scopes)?
        )?;
        for (constant, folder) in
            [("SCENARIOS", "tests/scenarios"), ("SNAPSHOTS", "snapshots"), ("FIXTURES", "tests/drifts")]
        {
            let folder = root.join(folder);
            println!("cargo::rerun-if-changed={}", folder.display());
            let mut files = Vec::new();
            collect(&folder, &mut files)?;
            files.sort();
            writeln!(code, "/// Files below `{constant}`: path and text.\npub const {constant}: &[(&str, &str)] = &[")?;
            for file in &files {
                let name = file.strip_prefix(&folder)?.to_string_lossy().replace('\\', "/");
                writeln!(code, "    ({name:?}, include_str!({:?})),", utf8(file)?)?;
            }
            code.push_str("];\n\n");
        }
        Ok(std::fs::write(out.join("embedded.rs"), code)?)
    }

    fn utf8(path: &Path) -> Result<&str, String> {
        path.to_str().ok_or_else(|| format!("{}: a path must be UTF-8", path.display()))
    }

    fn collect(folder: &Path, files: &mut Vec<std::path::PathBuf>) -> std::io::Result<()> {
        if !folder.is_dir() {
            return Ok(());
        }
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            let wanted = path.extension().is_some_and(|extension| {
                ["yml", "yaml", "json", "graphql", "snap"].iter().any(|wanted| extension == *wanted)
            });
            if path.is_dir() {
                collect(&path, files)?;
            } else if wanted {
                files.push(path);
            }
        }
        Ok(())
    }
}
