//! `cargo xtask mutants`: what the harness catches of every change of one field of every stored answer.
//!
//! The measurement is a binary of the package `trials`: it needs the whole harness, and this program must build without it. Its options
//! are that binary's own.

use crate::bench::cargo_command;
use crate::specs::workspace;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{ExitCode, ExitStatus};

#[derive(clap::Args)]
#[command(disable_help_flag = true)]
pub(crate) struct Args {
    /// Options of the measurement; `--help` tells them.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "OPTIONS")]
    options: Vec<OsString>,
}

impl Args {
    /// Whether an option is among them.
    pub(crate) fn has(&self, option: &str) -> bool {
        self.options.iter().any(|own| own == option)
    }
}

/// Runs the measurement.
pub(crate) fn run(args: &Args) -> Result<ExitCode, String> {
    run_trial("mutants", args)
}

/// Builds and runs a measurement in release, from where the caller stands, and ends as it ends.
pub(crate) fn run_trial(name: &str, args: &Args) -> Result<ExitCode, String> {
    let mut options: Vec<OsString> = vec!["--bin".into(), name.into(), "--".into()];
    options.extend(args.options.iter().cloned());
    let status = cargo_release("run", &options)?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    code.map(ExitCode::from).ok_or_else(|| format!("the measurement ended with {status}"))
}

/// Runs a command of cargo in release.
pub(crate) fn cargo_release(name: &str, options: &[OsString]) -> Result<ExitStatus, String> {
    let cargo = PathBuf::from(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    let mut command = cargo_command(&cargo);
    command.args([name, "--quiet", "--release", "--manifest-path"]);
    command.arg(workspace().join("Cargo.toml")).args(options);
    command.status().map_err(|error| format!("{}: {error}", cargo.display()))
}
