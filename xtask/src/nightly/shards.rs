//! The folders of a night's shards: each has the reports of its cases, and a mark when it came to its end.
//!
//! Shards run on machines of their own, and their folders are put together afterwards. One that is missing, or that was cut
//! short, must be seen: its cases were not judged.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// The mark of a shard that came to its end.
const ENDED: &str = "ended";
/// What the mark says where trials failed.
const FAILED: &str = "failed";

/// One part of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shard {
    pub(super) number: u16,
    pub(super) of: u16,
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('/').and_then(|(number, of)| Some((number.parse().ok()?, of.parse().ok()?)));
        match parts {
            Some((number, of)) if (1..=of).contains(&number) => Ok(Self { number, of }),
            _ => Err("write NUMBER/COUNT, such as 1/4".into()),
        }
    }
}

/// All shards of a check.
pub(super) fn all(of: u16) -> Vec<Shard> {
    (1..=of).map(|number| Shard { number, of }).collect()
}

/// Empties the folder of a shard: what an earlier night left would pass for tonight's.
pub(super) fn clear(out: &Path, shard: Shard) -> io::Result<PathBuf> {
    let folder = folder(out, shard);
    match fs::remove_dir_all(&folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// Marks a shard's check of a provider as one that came to its end, and whether trials of it failed.
pub(super) fn end(out: &Path, shard: Shard, provider: &str, failed: bool) -> io::Result<()> {
    let mark = if failed { FAILED } else { "" };
    vigie_contract::files::replace(&folder(out, shard).join(format!("{provider}.{ENDED}")), mark.as_bytes())
}

/// What shards left of a provider.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The folders of their reports.
    pub(super) folders: Vec<PathBuf>,
    /// The shards that did not come to their end.
    pub(super) missing: Vec<u16>,
    /// The shards in which trials failed: by drift, which is in their reports, or without any report.
    pub(super) failed: Vec<u16>,
}

/// What the shards left.
pub(super) fn found(out: &Path, of: u16, provider: &str) -> Found {
    let mut found = Found::default();
    for shard in all(of) {
        let folder = folder(out, shard);
        match fs::read_to_string(folder.join(format!("{provider}.{ENDED}"))) {
            Ok(mark) if mark == FAILED => found.failed.push(shard.number),
            Ok(_) => {}
            Err(_) => found.missing.push(shard.number),
        }
        // A shard without any case of the provider has no folder for it.
        found.folders.extend(Some(folder.join(provider)).filter(|folder| folder.is_dir()));
    }
    found
}

fn folder(out: &Path, shard: Shard) -> PathBuf {
    out.join("shards").join(shard.number.to_string())
}

#[cfg(test)]
mod tests {
    use super::{Shard, all, clear, end, found};

    #[test]
    fn a_shard_is_one_of_several() {
        assert_eq!("2/4".parse(), Ok(Shard { number: 2, of: 4 }));
        for wrong in ["0/4", "5/4", "1", "1/", "a/b", "1/0"] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_shard_that_was_cut_short_is_seen_and_an_old_one_is_cleared() {
        let out = tempfile::tempdir().expect("a temporary folder");
        for shard in all(3) {
            let folder = clear(out.path(), shard).expect("it is made");
            std::fs::create_dir(folder.join("mobilic")).expect("it is made");
            end(out.path(), shard, "mobilic", shard.number == 3).expect("it is written");
        }
        let whole = found(out.path(), 3, "mobilic");
        assert_eq!((whole.missing, whole.failed), (vec![], vec![3]));
        clear(out.path(), Shard { number: 2, of: 3 }).expect("it is cleared");
        let rest = found(out.path(), 3, "mobilic");
        assert_eq!((rest.folders.len(), rest.missing), (2, vec![2]));
    }
}
