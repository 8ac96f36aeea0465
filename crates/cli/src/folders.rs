//! Folders that a command writes to, checked before the first request: what was measured must not be lost to a typing
//! mistake or to a disk that takes nothing.

use super::error::CliError;
use std::io;
use std::path::Path;
use vigie_harness::providers::PROVIDERS;

/// Makes sure that `--snapshots` names a folder of snapshots, or an empty one for new ones. With `writes`, that it takes
/// files too.
pub(super) fn snapshots(folder: &Path, writes: bool) -> Result<(), CliError> {
    let refused = |reason: String| Err(CliError::Usage(format!("--snapshots: {reason}")));
    let shown = folder.display();
    if folder.is_file() {
        return refused(format!("{shown} is a file, not a folder"));
    }
    if !folder.is_dir() {
        return refused(format!("there is no folder {shown}; to start a new one, create it first: mkdir {shown}"));
    }
    let is_visible = |name: &str| !name.starts_with('.');
    let names = std::fs::read_dir(folder).and_then(|entries| {
        entries.map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().into_owned())).collect()
    });
    let names: Vec<String> = match names {
        Ok(names) => names,
        Err(error) => return refused(format!("{shown}: {error}")),
    };
    let is_provider = |name: &String| PROVIDERS.iter().any(|provider| provider.name == name);
    if names.iter().any(|name| is_visible(name)) && !names.iter().any(is_provider) {
        let known: Vec<String> = PROVIDERS.iter().map(|provider| format!("{shown}/{}", provider.name)).collect();
        return refused(format!(
            "{shown} has other files, but not {}; name the folder of the snapshots, or an empty one",
            known.join(", ")
        ));
    }
    match writable(folder) {
        Err(error) if writes => refused(format!("new snapshots cannot be written to {shown}: {error}")),
        _ => Ok(()),
    }
}

/// Makes sure that files can be made in a folder, or in the folder in which it would be made. Nothing is left there.
pub(super) fn writable(folder: &Path) -> io::Result<()> {
    let absolute = std::path::absolute(folder)?;
    let existing = absolute.ancestors().find(|folder| folder.symlink_metadata().is_ok());
    tempfile::tempfile_in(existing.unwrap_or(&absolute)).map(drop)
}
