//! The command line. Each command is a file; only here do errors become exit statuses.

mod accept;
mod call;
mod check;
mod config;
mod diff;
mod doctor;
mod error;
mod explain;
mod folders;
mod key;
mod list;
mod login;
mod merge;
mod progress;
mod record;
mod reports;
mod serve;
mod signals;
mod snippet;
mod terminal;

use anstream::ColorChoice;
use clap::{Parser, Subcommand, ValueEnum};
use error::CliError;
use std::process::ExitCode;
use vigie_drift::finding::Conclusion;

/// Watches the contracts of public APIs.
///
/// Exit status: 0 conformant, 1 drift, 2 could not run, 3 inconclusive.
#[derive(Parser)]
#[command(name = "vigie", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// When to use colours.
    #[arg(long, value_enum, default_value = "auto", global = true)]
    color: Color,
}

#[derive(Subcommand)]
enum Command {
    /// Replay cases against a target and judge every answer.
    ///
    /// Exit status: 0 nothing breaks a consumer, 1 drift, 2 could not run, 3 inconclusive: an outage, something to set up, or a
    /// case that could not be judged.
    Check(check::Args),
    /// Write or refresh cases and snapshots from a target, with a pseudonym for every value.
    ///
    /// Exit status: 0 everything was recorded, 2 could not run, 3 something was not, such as when the target is down.
    Record(record::Args),
    /// Compare two contracts, or two recorded answers, and report what breaks a consumer.
    ///
    /// Exit status: 0 nothing breaks a consumer, 1 something does, 2 could not compare, 3 a document is not credible or something was not compared.
    Diff(diff::Args),
    /// Accept the pending snapshots of a cause, or list the causes.
    ///
    /// Exit status: 0 accepted or listed, 1 every snapshot has other causes too, 2 could not run.
    Accept(accept::Args),
    /// Merge the reports of several shards into one.
    ///
    /// Exit status: as for one run of all the cases; 2 if a report cannot be read, 3 also if one is missing.
    Merge(merge::Args),
    /// Serve the embedded sandbox for other programs.
    Serve(serve::Args),
    /// List providers, operations, cases or environment variables.
    List(list::Args),
    /// Explain a rule: what it detects, why it matters, and an example.
    Explain(explain::Args),
    /// Make one call through the typed client.
    Call(call::Args),
    /// Check a target: host, token, scopes, clock; and print how to fix each problem.
    ///
    /// Exit status: 0 a run can work, 2 could not run, 3 something is missing or does not answer.
    Doctor(doctor::Args),
    /// Get a token, or print how to get one by hand.
    Login(login::Args),
}

#[derive(Clone, Copy, ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

/// Parses the arguments, runs the command, and returns its exit status.
#[must_use]
pub fn main() -> ExitCode {
    terminal::hide_panics();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version go to stdout with 0, bad arguments to stderr with 2: clap knows which.
            let code = error.exit_code();
            terminal::of_arguments(&error);
            return ExitCode::from(u8::try_from(code).unwrap_or(2));
        }
    };
    match cli.color {
        Color::Auto => ColorChoice::Auto,
        Color::Always => ColorChoice::Always,
        Color::Never => ColorChoice::Never,
    }
    .write_global();
    let result = match cli.command {
        Command::Check(args) => wait_for(check::run(args)),
        Command::Record(args) => wait_for(record::run(args)),
        Command::Accept(args) => accept::run(&args),
        Command::Diff(args) => diff::run(args),
        Command::Merge(args) => merge::run(args),
        Command::Serve(args) => wait_for(serve::run(args)),
        Command::List(args) => list::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Call(args) => wait_for(call::run(args)),
        Command::Doctor(args) => wait_for(doctor::run(args)),
        Command::Login(args) => wait_for(login::run(args)),
    };
    match result {
        Ok(conclusion) => conclusion.into(),
        // The reader of our output has seen enough (`vigie list | head`).
        Err(CliError::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            error.print();
            error.conclusion().into()
        }
    }
}

/// Runs a command that waits for the network; the others start no threads.
fn wait_for(command: impl Future<Output = Result<Conclusion, CliError>>) -> Result<Conclusion, CliError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(CliError::Runtime)?;
    runtime.block_on(command)
}

/// The README's code is compiled with the doc tests.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
