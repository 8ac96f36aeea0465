//! Tasks of the maintainers, `cargo xtask COMMAND`: one file a command.

mod bench;
mod docs;
mod edits;
mod fetch;
mod mutants;
mod new_rule;
mod nightly;
mod prose;
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
#[command(name = "cargo xtask", about = "Tasks for maintainers of vigie")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Fetch the published documents into `target/published`; keep only complete and credible ones.
    Fetch(fetch::Args),
    /// Write the vendored contracts from the published documents, or check that they are up to date.
    Regenerate(regenerate::Args),
    /// Write docs/rules.md from the rules and their fixtures, or check that it is up to date.
    Docs(docs::Args),
    /// Make each single edit of an `OpenAPI` document, and compare what the diff reports with the law of severity.
    Edits(edits::Args),
    /// Check that steps of histories that change nothing but prose raise no alarm.
    Prose(prose::Args),
    /// Write the stubs of a rule: its kind, its entry and its fixture.
    NewRule(new_rule::Args),
    /// Check what the compiler does not: IO in pure crates, file sizes, leftovers, rules and their fixtures.
    Tidy(tidy::Args),
    /// Measure comparisons, checks, the sandbox and builds, and print the figures beside their goals.
    Bench(bench::Args),
    /// Change every field of every stored answer in every way, and count what the judge detects.
    Mutants(mutants::Args),
    /// Run the steps of the nightly check against any target, as the workflows do.
    Nightly(nightly::Args),
    /// Open an issue for each cause that breaks consumers, and close it when the drift is gone.
    Tracker(tracker::Args),
    /// Simulate runs against a sandbox that misbehaves, and count false alarms and missed drifts.
    Simulate(mutants::Args),
}

fn main() -> ExitCode {
    // What servers and documents say steers no terminal and no CI.
    let mut out = Visible::new(std::io::stdout());
    let result = match Cli::parse().command {
        Command::Fetch(args) => fetch::run(&args, &mut out),
        Command::Regenerate(args) => regenerate::run(&args, &mut out),
        Command::Docs(args) => docs::run(&args, &mut out),
        Command::Edits(args) => edits::run(&args, &mut out),
        Command::Prose(args) => prose::run(&args, &mut out),
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
