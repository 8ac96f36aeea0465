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

/// Marks a shard's check of a provider as one that came to its end.
pub(super) fn end(out: &Path, shard: Shard, provider: &str) -> io::Result<()> {
    vigie::files::replace(&folder(out, shard).join(format!("{provider}.{ENDED}")), b"")
}

/// The folders with reports of a provider, and the shards that did not come to their end.
pub(super) fn found(out: &Path, of: u16, provider: &str) -> (Vec<PathBuf>, Vec<u16>) {
    let mut folders = Vec::new();
    let mut missing = Vec::new();
    for shard in all(of) {
        let folder = folder(out, shard);
        if !folder.join(format!("{provider}.{ENDED}")).is_file() {
            missing.push(shard.number);
        }
        // A shard without any case of the provider has no folder for it.
        folders.extend(Some(folder.join(provider)).filter(|folder| folder.is_dir()));
    }
    (folders, missing)
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
            end(out.path(), shard, "mobilic").expect("it is written");
        }
        assert_eq!(found(out.path(), 3, "mobilic").1, [0; 0]);
        clear(out.path(), Shard { number: 2, of: 3 }).expect("it is cleared");
        let (folders, missing) = found(out.path(), 3, "mobilic");
        assert_eq!((folders.len(), missing), (2, vec![2]));
    }
}
