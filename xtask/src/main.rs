//! Tasks of the maintainers, `cargo xtask COMMAND`: one file a command.

mod bench;
mod docs;
mod fetch;
mod mutants;
mod new_rule;
mod nightly;
mod regenerate;
mod simulate;
mod specs;
mod tidy;
mod tracker;

use clap::{Parser, Subcommand};
use std::io::Write;
use std::process::ExitCode;
use vigie_report::visible::Visible;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Tasks of vigie's maintainers")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Fetch the published documents, each into its place below `target/published` when it is whole and credible.
    Fetch(fetch::Args),
    /// Write the vendored contracts from the published documents, or check that they are what it would write.
    Regenerate(regenerate::Args),
    /// Draw the page of rules from their table and fixtures, or check that it is what would be drawn.
    Docs(docs::Args),
    /// Write the stubs of a rule: its kind, its entry and its fixture.
    NewRule(new_rule::Args),
    /// Check what no compiler checks: IO in pure crates, sizes of files, leftovers, rules and their fixtures.
    Tidy(tidy::Args),
    /// Measure comparisons, checks, the sandbox and builds, beside their goals.
    Bench(bench::Args),
    /// Change every field of every stored answer in every way, and count what the judge says about it.
    Mutants(mutants::Args),
    /// Run the steps of a night, as the workflows do, against any target.
    Nightly(nightly::Args),
    /// Open an issue for each cause that breaks consumers, and close it when the drift is gone.
    Tracker(tracker::Args),
    /// Simulate nightly runs against a sandbox that injects faults, and count false alarms and missed drifts.
    Simulate(mutants::Args),
}

fn main() -> ExitCode {
    // What servers and documents say steers no terminal and no CI.
    let mut out = Visible::new(std::io::stdout());
    let result = match Cli::parse().command {
        Command::Fetch(args) => fetch::run(&args, &mut out),
        Command::Regenerate(args) => regenerate::run(&args, &mut out),
        Command::Docs(args) => docs::run(&args, &mut out),
        Command::NewRule(args) => new_rule::run(&args, &mut out),
        Command::Tidy(args) => tidy::run(&args, &mut out),
        Command::Bench(args) => bench::run(&args, &mut out),
        Command::Mutants(args) => mutants::run(&args),
        Command::Nightly(args) => nightly::run(&args, &mut out),
        Command::Tracker(args) => tracker::run(&args, &mut out),
        Command::Simulate(args) => simulate::run(&args),
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            complain(&error);
            ExitCode::from(2)
        }
    }
}

/// Says what went wrong: what servers say of it steers nothing either. Nobody reads what cannot be printed.
fn complain(error: &dyn std::fmt::Display) {
    writeln!(Visible::new(std::io::stderr()), "error: {error}").ok();
}
