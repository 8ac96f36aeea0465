//! `vigie.toml`: found, read, and set beside today's date.

use super::error::CliError;
use crate::exceptions::{Date, Exceptions};
use crate::sandbox::calendar;
use std::io;
use std::path::Path;

/// Where exceptions are, without `--config`.
const DEFAULT: &str = "vigie.toml";

/// The exceptions of a file; without one, those of `./vigie.toml` if it is there.
pub(super) fn exceptions(file: Option<&Path>) -> Result<Exceptions, CliError> {
    let path = file.unwrap_or(Path::new(DEFAULT));
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Exceptions::parse(&path.display().to_string(), &text, today())?),
        // A link to nowhere is not nothing: somebody meant to have exceptions.
        Err(error) if file.is_none() && error.kind() == io::ErrorKind::NotFound && !path.is_symlink() => {
            Ok(Exceptions::default())
        }
        Err(error) => {
            let option = if file.is_some() { "--config " } else { "" };
            Err(CliError::Usage(format!("{option}{}: {error}", path.display())))
        }
    }
}

/// Today in UTC, so that an exception ends everywhere at once.
fn today() -> Date {
    let (year, month, day) = calendar::today();
    let small = |part: i64| u8::try_from(part).unwrap_or(u8::MAX);
    Date { year: u16::try_from(year).unwrap_or(u16::MAX), month: small(month), day: small(day) }
}
