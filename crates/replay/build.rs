//! Writes `OUT_DIR/replay.rs`: for each contract, its calls by operation id through the typed client.

use std::error::Error;
use std::fmt::Write;
use std::path::PathBuf;
use vigie_codegen::replay;
use vigie_codegen::specs::{Specs, stem};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let root = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?);
    let specs = Specs::watched(root.join("../../specs"));
    let (mut modules, mut arms, mut names) = (String::new(), String::new(), String::new());
    for name in specs.names()? {
        let (module, client) = (stem(&name), name.replace('-', "_").replace('/', "::"));
        let code =
            replay::generate(&specs.contract(&name)?).map_err(|error| format!("calls of specs/{name}: {error}"))?;
        writeln!(
            modules,
            "#[allow(unused_imports, unused_mut, clippy::pedantic, reason = \"generated code\")]\nmod {module} {{\nuse vigie::clients::{client}::{{Client, types}};\n{code}}}\n"
        )?;
        write!(names, "{name:?}, ")?;
        writeln!(
            arms,
            "{name:?} => {module}::replay(&vigie::clients::{client}::Client::new_with_client(NOWHERE, http, tap), operation, parameters).await,"
        )?;
    }
    let code = format!(
        "{modules}
/// The contracts that have a typed client.
const CLIENTS: &[&str] = &[{names}];

/// Calls an operation of a contract by its id, through the typed client that answers with what the Tap has.
///
/// The future is boxed here: the body of an `async fn` is compiled in each crate that polls it, and this one holds every call.
fn replay_operation<'a>(
    contract: &'a str,
    http: reqwest::Client,
    tap: vigie::clients::Tap,
    operation: &'a str,
    parameters: &'a call::Parameters,
) -> std::pin::Pin<Box<dyn Future<Output = Result<call::Outcome, call::Unfit>> + Send + 'a>> {{
    Box::pin(async move {{
        match contract {{
            {arms}
            _ => Err(call::Unfit::operation(operation)),
        }}
    }})
}}
"
    );
    Ok(std::fs::write(PathBuf::from(std::env::var("OUT_DIR")?).join("replay.rs"), code)?)
}
