//! Tasks of the maintainers, `cargo xtask COMMAND`: one file a command.

mod regenerate;
mod specs;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Tasks of vigie's maintainers")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write the vendored contracts from the published documents, or check that they are what it would write.
    Regenerate(regenerate::Args),
}

fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Regenerate(args) => regenerate::run(&args, &mut std::io::stdout().lock()),
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}
