//! `cargo xtask nights`: false alarms and missed drifts of many nights with a target that misbehaves.
//!
//! The measurement is the example `nights` of the package vigie (`xtask/nights/`), as that of `mutants` is.

use crate::mutants::{self, Args};
use std::process::ExitCode;

/// Builds and runs the example in release, and ends as it ends.
pub(crate) fn run(args: &Args) -> Result<ExitCode, String> {
    // What it starts as a process stands beside the examples.
    if args.has("--kinds") {
        let built = mutants::cargo_release("build", &["--bin".into(), "vigie".into()])?;
        if !built.success() {
            return Err(format!("vigie was not built: {built}"));
        }
    }
    mutants::run_example("nights", args)
}
