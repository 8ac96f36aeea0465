//! The project's key: who has it can try values until one has a pseudonym, so it is kept as a password is.

use super::error::CliError;
use secrecy::SecretString;
use std::fmt::Write as _;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use vigie_contract::files::{self, Readers};
use vigie_harness::auth::{StoreError, TokenFile};

/// The variable that holds the key.
const VARIABLE: &str = "VIGIE_RECORD_KEY";
/// Where a key is kept where nothing else is said.
const FOLDER: &str = ".vigie";
const FILE: &str = "record.key";
/// Characters that a key has at least: those of 128 random bits as hexadecimal digits.
const SHORTEST: usize = 32;
/// Random bytes of a new key.
const FRESH: usize = 32;

/// The key of a file, of the environment, or of `.vigie/record.key`; a new one where there is no file. `notice` is told of a
/// new one, where it is and what to do with it: never what it is.
pub(super) fn project_key(file: Option<PathBuf>, out: &Path, notice: &mut dyn Write) -> Result<SecretString, CliError> {
    let variable = std::env::var_os(VARIABLE).filter(|key| file.is_none() && !key.is_empty());
    if let Some(key) = variable {
        let key = key.into_string().map_err(|_| CliError::Usage(format!("{VARIABLE} is not valid text")))?;
        return checked(VARIABLE, &key);
    }
    let own = file.is_none();
    let path = file.unwrap_or_else(|| Path::new(FOLDER).join(FILE));
    let shown = path.display();
    if is_below(&path, out) {
        return Err(CliError::Usage(format!(
            "--key-file: {shown} is in the folder of the recording, which you may share; keep the key elsewhere"
        )));
    }
    // As a token's: a pipe would never end, and a key that others may read is no secret.
    match TokenFile::at(&path).text() {
        Ok(key) => return checked(&shown.to_string(), &key),
        Err(StoreError::Unusable { source, .. }) if source.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(CliError::Usage(format!("the key: {error}"))),
    }
    let refused = |error: std::io::Error| CliError::Usage(format!("the new key {shown} could not be written: {error}"));
    if own {
        // Nothing of the folder is ever committed by accident.
        let ignore = files::below(Path::new("."), &Path::new(FOLDER).join(".gitignore")).map_err(refused)?;
        files::replace(&ignore, b"*\n").map_err(refused)?;
    }
    let mut bytes = [0; FRESH];
    getrandom::fill(&mut bytes).map_err(|error| CliError::Usage(format!("no random bytes for a new key: {error}")))?;
    let key = bytes.iter().fold(String::new(), |mut key, byte| {
        // A String takes everything.
        let _ = write!(key, "{byte:02x}");
        key
    });
    // Made beside it, for its owner alone from the first byte, and never over a key that another run has just made.
    let new = files::reserve(&path, Readers::Owner).map_err(refused)?;
    match new.fill_new(format!("{key}\n").as_bytes()) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            let other = files::text(&path, files::MOST_TEXT).map_err(refused)?;
            return checked(&shown.to_string(), &other);
        }
        Err(error) => return Err(refused(error)),
    }
    writeln!(
        notice,
        "created a new key: {shown}. Share it with your team like a password, in {VARIABLE} or in a file; another key gives other pseudonyms. Never commit it: anyone with this key can recover names and dates."
    )?;
    Ok(key.into())
}

fn checked(place: &str, key: &str) -> Result<SecretString, CliError> {
    let key = key.trim();
    if key.chars().count() < SHORTEST {
        return Err(CliError::Usage(format!(
            "{place} has fewer than {SHORTEST} characters, so it could be guessed; delete it to create a new key"
        )));
    }
    Ok(key.into())
}

/// Whether a file is in a folder, as far as either is there.
fn is_below(file: &Path, folder: &Path) -> bool {
    let absolute = |path: &Path| {
        path.ancestors()
            .find_map(|known| Some(known.canonicalize().ok()?.join(path.strip_prefix(known).ok()?)))
            .or_else(|| std::env::current_dir().ok().map(|current| current.join(path)))
            .unwrap_or_else(|| path.to_owned())
    };
    absolute(file).starts_with(absolute(folder))
}
