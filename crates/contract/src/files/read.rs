//! Files that somebody names, read up to a size. A pipe has no end that we could wait for, and a device may have none.

use std::fs::File;
use std::io::{Error, ErrorKind, Read, Result};
use std::path::Path;

/// Bytes that a text of ours may have: a case, a snapshot, a recorded exchange. A body has half of that at most.
pub const MOST_TEXT: u64 = 64 << 20;

/// The bytes of a regular file, also behind a link.
pub fn read(path: &Path, most: u64) -> Result<Vec<u8>> {
    let found = std::fs::metadata(path)?;
    // A folder says so itself when it is read.
    if !found.is_file() && !found.is_dir() {
        return Err(Error::other("not a regular file"));
    }
    bounded(File::open(path)?, most)
}

/// The text of a regular file.
pub fn text(path: &Path, most: u64) -> Result<String> {
    let not_text = |_| Error::new(ErrorKind::InvalidData, "not UTF-8");
    String::from_utf8(read(path, most)?).map_err(not_text)
}

/// What a reader gives until its end, if that comes in time.
pub fn bounded(reader: impl Read, most: u64) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    // One byte more than may be: whether there is one is all that matters.
    reader.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        let large = if most < 1 << 20 { format!("{} KiB", most >> 10) } else { format!("{} MiB", most >> 20) };
        return Err(Error::new(ErrorKind::FileTooLarge, format!("larger than {large}")));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::{bounded, read, text};
    use std::path::Path;

    #[test]
    fn a_file_is_read_up_to_its_bound() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a");
        std::fs::write(&path, "é".repeat(1024)).expect("written");
        assert_eq!(text(&path, 2048).expect("it fits").len(), 2048);
        assert_eq!(text(&path, 2047).expect_err("it does not").to_string(), "larger than 1 KiB");
        assert_eq!(bounded(std::io::repeat(0), 1 << 20).expect_err("endless").to_string(), "larger than 1 MiB");
        std::fs::write(&path, b"\xff").expect("written");
        assert_eq!(text(&path, 1).expect_err("no text").to_string(), "not UTF-8");
        assert!(read(folder.path(), 1).is_err(), "a folder");
        assert_eq!(read(&folder.path().join("b"), 1).expect_err("none").kind(), std::io::ErrorKind::NotFound);
    }

    #[cfg(unix)]
    #[test]
    fn what_has_no_end_is_not_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let link = folder.path().join("link");
        std::os::unix::fs::symlink("/dev/zero", &link).expect("a link");
        for path in [&link, Path::new("/dev/zero"), Path::new("/dev/null")] {
            assert_eq!(read(path, 1 << 20).expect_err("a device").to_string(), "not a regular file");
        }
        let pipe = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().is_ok_and(|status| status.success()));
        // Without the check, opening it waits for somebody who writes.
        assert_eq!(text(&pipe, 1).expect_err("a pipe").to_string(), "not a regular file");
    }
}
