//! `cargo xtask simulate`: false alarms and missed drifts of many nightly runs against a target that misbehaves.
//!
//! The measurement is a binary of the package `trials`, as that of `mutants` is.

use crate::bench::BINARY;
use crate::mutants::{self, Args};
use std::process::ExitCode;

/// Builds and runs the example in release, and ends as it ends.
pub(crate) fn run(args: &Args) -> Result<ExitCode, String> {
    // What it starts as a process stands beside it.
    if args.has("--kinds") {
        let built = mutants::cargo_release("build", &BINARY.map(Into::into))?;
        if !built.success() {
            return Err(format!("vigie was not built: {built}"));
        }
    }
    mutants::run_trial("simulate", args)
}
