//! Writes `OUT_DIR/embedded.rs`: contracts, scenarios, snapshots and fixtures of rules as they are, so that an installed binary works in
//! any folder.

use std::error::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use vigie_codegen::specs::{CONTRACT, Specs, collect, stem};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let root = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?).join("../..").canonicalize()?;
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    let specs = Specs::watched(root.join("specs"));
    let mut code = String::from(
        "/// Contracts: name, document as JSON, text as a person finds it.\npub const CONTRACTS: &[(&str, &str, &str)] = &[\n",
    );
    for name in specs.names()? {
        let document = out.join(format!("{}.json", stem(&name)));
        std::fs::write(&document, specs.contract(&name)?.to_string())?;
        let text = specs.folder().join(&name).join(CONTRACT).canonicalize()?;
        writeln!(code, "    ({name:?}, include_str!({:?}), include_str!({:?})),", utf8(&document)?, utf8(&text)?)?;
    }
    code.push_str("];\n\n");
    for (constant, folder, extensions) in [
        // What a provider's folder has beside its contracts.
        ("SPECS", specs.folder(), &["yml", "graphql"][..]),
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
            writeln!(code, "    ({name:?}, include_str!({:?})),", utf8(&file.canonicalize()?)?)?;
        }
        code.push_str("];\n\n");
    }
    Ok(std::fs::write(out.join("embedded.rs"), code)?)
}

fn utf8(path: &Path) -> Result<&str, String> {
    path.to_str().ok_or_else(|| format!("{}: a path must be UTF-8", path.display()))
}
