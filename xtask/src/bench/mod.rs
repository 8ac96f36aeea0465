//! `cargo xtask bench`: figures that anyone can get again, beside the goals. It never fails on a time.
//!
//! Everything is measured from outside, on the release binary, so that this program needs nothing of the harness.

mod builds;
mod check;
mod diff;
mod load;
mod mix;
mod process;
mod sandbox;
mod server;
mod stats;
mod table;

use crate::specs::workspace;
use serde_json::Value;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use table::Table;

/// What other programs need, for comparison.
const PLAIN_RUNNER: &str = "plain HTTP runner 0.065 s for 795 requests";
const SCHEMATHESIS: &str = "Schemathesis 7.6 s for 4,060 requests";

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Also check this corpus. Default: `$VIGIE_UPSTREAM/api-particulier/sandbox`, if that variable is set.
    #[arg(long, value_name = "DIR")]
    corpus: Option<PathBuf>,
    /// Also measure builds, including clean ones. This takes minutes.
    #[arg(long)]
    builds: bool,
    /// How long each load of the sandbox takes.
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=60))]
    seconds: u32,
}

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<ExitCode, String> {
    let cargo = PathBuf::from(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    let binary = release_binary(&cargo)?;
    // Other work on the machine spoils the figures; the reader should know.
    let busy = std::fs::read_to_string("/proc/loadavg").ok();
    let mut table = Table::new();
    let upstream = std::env::var_os("VIGIE_UPSTREAM").map(|folder| Path::new(&folder).join("api-particulier"));
    // Processes that end come first: on Linux their peak memory is never told lower than our own.
    diff::figures(&binary, upstream.as_deref(), &mut table)?;
    check::figures(&binary, "check, own cases", None, PLAIN_RUNNER, &mut table)?;
    match args.corpus.clone().or_else(|| upstream.map(|folder| folder.join("sandbox"))) {
        Some(corpus) => {
            let corpus = std::path::absolute(&corpus).map_err(|error| format!("{}: {error}", corpus.display()))?;
            check::figures(&binary, "check, corpus", Some(&corpus), SCHEMATHESIS, &mut table)?;
        }
        None => table.row("check, corpus", SCHEMATHESIS, "skipped: use `--corpus DIR`, or set VIGIE_UPSTREAM"),
    }
    sandbox::measure(&binary, args.seconds, &mut table)?;
    if args.builds {
        builds::figures(&cargo, &mut table)?;
    } else {
        table.row("builds", "< 90 s clean, < 3 s touched", "skipped: use `--builds`");
    }
    // A reader that went away (`| head`) is no failure.
    draw(&table, busy.as_deref(), out).ok();
    Ok(ExitCode::SUCCESS)
}

fn draw(table: &Table, busy: Option<&str>, out: &mut dyn Write) -> std::io::Result<()> {
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let (os, architecture) = (std::env::consts::OS, std::env::consts::ARCH);
    let load = busy.and_then(|text| text.split(' ').next()).unwrap_or("unknown");
    writeln!(out, "{os} on {architecture}, {cores} cores, load average {load} before the first run")?;
    writeln!(out, "medians, with the minimum and maximum of all runs\n")?;
    table.draw(out)
}

/// How cargo is asked for the binary.
pub(crate) const BINARY: [&str; 2] = ["--bin", "vigie"];

/// Builds the binary that is measured, and finds out where cargo puts it.
fn release_binary(cargo: &Path) -> Result<PathBuf, String> {
    eprintln!("building the release binary");
    let mut command = cargo_command(cargo);
    command.args(["build", "--release"]).args(BINARY);
    command.args(["--message-format", "json-render-diagnostics"]).current_dir(workspace()).stderr(Stdio::inherit());
    let output = command.output().map_err(|error| format!("{}: {error}", cargo.display()))?;
    if !output.status.success() {
        return Err("the release build failed".into());
    }
    executable(&output.stdout).ok_or_else(|| "cargo built `vigie` and did not say where".into())
}

/// Cargo without what `cargo run` told us of ourselves: build scripts that watch it (`ring`) would run again.
pub(crate) fn cargo_command(cargo: &Path) -> Command {
    let mut command = Command::new(cargo);
    let own = |name: &str| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_");
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_str().is_some_and(own)) {
        command.env_remove(name);
    }
    command
}

/// The binary among cargo's messages, one JSON document a line.
fn executable(messages: &[u8]) -> Option<PathBuf> {
    let messages = messages.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice::<Value>(line).ok());
    messages.filter_map(|message| message["executable"].as_str().map(PathBuf::from)).next_back()
}

#[cfg(test)]
mod tests {
    use super::executable;
    use std::path::Path;

    #[test]
    fn the_binary_is_found_among_the_messages_of_cargo() {
        let messages = b"{\"reason\":\"compiler-artifact\",\"executable\":null}\n{\"executable\":\"/t/release/vigie\"}\n{\"reason\":\"build-finished\"}\n";
        assert_eq!(executable(messages).as_deref(), Some(Path::new("/t/release/vigie")));
        assert_eq!(executable(b"{\"executable\":null}\n"), None);
    }
}
