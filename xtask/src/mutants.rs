//! `cargo xtask mutants`: what the harness catches of every change of one field of every stored answer.
//!
//! The measurement is the example `mutants` of the package vigie (`xtask/mutants/`): it needs the whole harness, and this
//! program must build without it. Its options are the example's own.

use crate::bench::cargo_command;
use crate::specs::workspace;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(clap::Args)]
#[command(disable_help_flag = true)]
pub(crate) struct Args {
    /// Options of the measurement; `--help` tells them.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "OPTIONS")]
    options: Vec<OsString>,
}

/// Runs the measurement.
pub(crate) fn run(args: &Args) -> Result<ExitCode, String> {
    run_example("mutants", args)
}

/// Builds and runs an example in release, from where the caller stands, and ends as it ends.
pub(crate) fn run_example(name: &str, args: &Args) -> Result<ExitCode, String> {
    let cargo = PathBuf::from(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    let mut command = cargo_command(&cargo);
    command.args(["run", "--quiet", "--release", "--package", "vigie", "--example", name]);
    command.arg("--manifest-path").arg(workspace().join("Cargo.toml")).arg("--").args(&args.options);
    let status = command.status().map_err(|error| format!("{}: {error}", cargo.display()))?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    code.map(ExitCode::from).ok_or_else(|| format!("the measurement ended with {status}"))
}
