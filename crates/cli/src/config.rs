//! `vigie.toml`: found, and read by all who have tables in it.

use super::error::CliError;
use std::io;
use std::path::Path;
use vigie_contract::files;
use vigie_harness::runner::today;
use vigie_harness::targets::Settings;
use vigie_judge::exceptions::Exceptions;

/// Bytes that it may have: thousands of exceptions.
const MOST_BYTES: u64 = 1 << 20;
/// Where it is, without `--config`.
const DEFAULT: &str = "vigie.toml";

/// What `vigie.toml` says.
#[derive(Default)]
pub(super) struct Config {
    pub(super) exceptions: Exceptions,
    pub(super) settings: Settings,
}

/// Reads a file; without one, `./vigie.toml` if it is there. What is wrong anywhere in it is told, whoever needs it.
pub(super) fn read(file: Option<&Path>) -> Result<Config, CliError> {
    let path = file.unwrap_or(Path::new(DEFAULT));
    match files::text(path, MOST_BYTES) {
        Ok(text) => {
            let name = path.display().to_string();
            let exceptions = Exceptions::parse(&name, &text, today())?;
            Ok(Config { exceptions, settings: Settings::parse(&name, &text)? })
        }
        // A link to nowhere is not nothing: somebody meant to have exceptions.
        Err(error) if file.is_none() && error.kind() == io::ErrorKind::NotFound && !path.is_symlink() => {
            Ok(Config::default())
        }
        Err(error) => {
            let option = if file.is_some() { "--config " } else { "" };
            Err(CliError::Usage(format!("{option}{}: {error}", path.display())))
        }
    }
}
