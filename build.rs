//! Reads `specs/` and writes the typed clients to `OUT_DIR`. It never touches the network.
//!
//! `VIGIE_SPECS=dir` points it at other contracts. It watches exactly the files that it reads.

use std::error::Error;
use std::path::PathBuf;
use vigie_codegen::client;
use vigie_codegen::specs::{Specs, stem};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let root = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    let specs = Specs::watched(root.join("specs"));
    for name in specs.names()? {
        // A contract is a client where its feature is on: that of `api-particulier/v3` is `api-particulier-v3`.
        if std::env::var_os(format!("CARGO_FEATURE_{}", stem(&name).to_uppercase())).is_none() {
            continue;
        }
        let client = client::generate(&specs.contract(&name)?, &name)
            .map_err(|error| format!("client of specs/{name}: {error}"))?;
        for operation in client.left_out {
            println!("cargo::warning=specs/{name}: the client has no method for `{operation}`");
        }
        std::fs::write(out.join(stem(&name)).with_extension("rs"), client.code)?;
    }
    Ok(())
}
