//! A file of tokens, readable by its owner alone, and replaced in one step or not at all.

use secrecy::{ExposeSecret, SecretString};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use vigie_contract::files::{self, Readers};

/// A file of named secrets: a JSON object of texts.
#[derive(Debug, Clone)]
pub struct TokenFile {
    path: PathBuf,
}

/// Bytes of a token file; a larger one is none, and nothing of it is taken for a token.
const LARGEST: u64 = 1 << 20;

/// Permissions of others that a file of tokens must not have.
const PRIVATE: u32 = 0o077;
/// Those that a file must not have which others may read.
const SHARED: u32 = 0o022;

/// What a token file holds, by name.
pub type Secrets = BTreeMap<String, SecretString>;

/// Why a token file could not be used. No message holds anything of its content.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The system refuses.
    #[error("{path}: {source}")]
    Unusable {
        /// The file.
        path: String,
        /// What the system says.
        source: io::Error,
    },
    /// A folder, a pipe or a device.
    #[error("{path}: not a file that can store tokens; name another one")]
    NoFile {
        /// What was named.
        path: String,
    },
    /// Its folder is not there.
    #[error("{path}: there is no folder `{folder}`; create it, or name another file")]
    NoFolder {
        /// The file.
        path: String,
        /// The folder.
        folder: String,
    },
    /// More than any token.
    #[error("{path}: larger than {LARGEST} bytes, so it is not a token file; is it the right file?")]
    TooLarge {
        /// The file.
        path: String,
    },
    /// Others than its owner may read or write it.
    #[error("{path}: {} by others (mode {mode:o}): run `chmod 600 {path}`, then revoke and replace the tokens in it", may(*.mode))]
    Open {
        /// The file.
        path: String,
        /// Its permissions.
        mode: u32,
    },
    /// No file of tokens.
    #[error("{path}: not a token file (line {line}, column {column}); delete it and log in again")]
    Damaged {
        /// The file.
        path: String,
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
}

impl TokenFile {
    /// The file at a path, whether it is there or not.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What it holds; nothing if there is no such file.
    pub fn read(&self) -> Result<Secrets, StoreError> {
        let text = match self.bytes(PRIVATE) {
            Ok(text) => text,
            Err(StoreError::Unusable { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
                return Ok(Secrets::new());
            }
            Err(error) => return Err(error),
        };
        let secrets: BTreeMap<String, String> = serde_json::from_slice(&text).map_err(|error| StoreError::Damaged {
            path: self.path.display().to_string(),
            line: error.line(),
            column: error.column(),
        })?;
        Ok(secrets.into_iter().map(|(name, secret)| (name, secret.into())).collect())
    }

    /// The text of a file that holds one secret and nothing else.
    pub fn text(&self) -> Result<String, StoreError> {
        self.bytes(PRIVATE).map(as_text)
    }

    /// The same, of a file that others may read but not write: the secrets of a container are mounted so.
    pub fn shared_text(&self) -> Result<String, StoreError> {
        self.bytes(SHARED).map(as_text)
    }

    /// Its bytes, if none of these permissions is given to others.
    fn bytes(&self, refused: u32) -> Result<Vec<u8>, StoreError> {
        self.regular()?;
        let file = std::fs::File::open(&self.path).map_err(|error| self.unusable(error))?;
        // Of the open file, so that nobody can put another one in its place in between.
        if let Some(mode) = open_to_others(&file, refused).map_err(|error| self.unusable(error))? {
            return Err(StoreError::Open { path: self.path.display().to_string(), mode });
        }
        let mut text = Vec::new();
        let mut file = io::Read::take(file, LARGEST + 1);
        let size = io::Read::read_to_end(&mut file, &mut text).map_err(|error| self.unusable(error))?;
        let too_large = || StoreError::TooLarge { path: self.path.display().to_string() };
        if size as u64 > LARGEST { Err(too_large()) } else { Ok(text) }
    }

    /// Puts new secrets in the place of the old ones: a reader sees the one or the other, and after a failure the old
    /// ones are as they were.
    pub fn replace(&self, secrets: &Secrets) -> Result<(), StoreError> {
        self.reserve()?.fill(secrets)
    }

    /// Makes sure of a place before there is anything to put there. Nothing is stored until it is filled.
    pub fn reserve(&self) -> Result<Reserved, StoreError> {
        self.regular()?;
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if !folder.is_dir() {
            let (path, folder) = (self.path.display().to_string(), folder.display().to_string());
            return Err(StoreError::NoFolder { path, folder });
        }
        // Not through a link: whoever else reads the file that it leads to would be left with a token that was replaced.
        let new = files::reserve(&self.path, Readers::Owner).map_err(|error| self.unusable(error))?;
        Ok(Reserved { file: self.clone(), new })
    }

    /// Refuses what is there and is no file: a pipe would never end, and a device be replaced.
    fn regular(&self) -> Result<(), StoreError> {
        match std::fs::metadata(&self.path) {
            Ok(found) if !found.is_file() => Err(StoreError::NoFile { path: self.path.display().to_string() }),
            _ => Ok(()),
        }
    }

    fn unusable(&self, source: io::Error) -> StoreError {
        StoreError::Unusable { path: self.path.display().to_string(), source }
    }
}

/// A place beside a token file for what will stand in its place. Dropped, it leaves nothing behind.
#[derive(Debug)]
pub struct Reserved {
    file: TokenFile,
    new: files::Reserved,
}

impl Reserved {
    /// Puts secrets in the place of the old ones, in one step.
    pub fn fill(self, secrets: &Secrets) -> Result<(), StoreError> {
        let plain: BTreeMap<&str, &str> =
            secrets.iter().map(|(name, secret)| (name.as_str(), secret.expose_secret())).collect();
        let mut text = serde_json::to_string_pretty(&plain).map_err(|error| self.file.unusable(error.into()))?;
        text.push('\n');
        self.new.fill(text.as_bytes()).map_err(|error| self.file.unusable(error))
    }
}

/// The permissions of a file that others may read or write.
#[cfg(unix)]
fn open_to_others(file: &std::fs::File, refused: u32) -> io::Result<Option<u32>> {
    use std::os::unix::fs::PermissionsExt;
    let mode = file.metadata()?.permissions().mode() & 0o777;
    Ok((mode & refused != 0).then_some(mode))
}

/// What a file is to others.
fn may(mode: u32) -> &'static str {
    if mode & 0o044 == 0 {
        "writable"
    } else if mode & 0o022 == 0 {
        "readable"
    } else {
        "readable and writable"
    }
}

/// A secret as a text. What is none has a character in it that no token has.
fn as_text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|_| char::REPLACEMENT_CHARACTER.to_string())
}

/// Where files have no such permissions, the folder's are all there is.
#[cfg(not(unix))]
fn open_to_others(_file: &std::fs::File, _refused: u32) -> io::Result<Option<u32>> {
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::{Secrets, StoreError, TokenFile};
    use secrecy::ExposeSecret;

    fn secrets(token: &str) -> Secrets {
        Secrets::from([("refreshToken".to_owned(), token.to_owned().into())])
    }

    #[test]
    fn what_is_written_is_read_and_a_missing_file_is_empty() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = TokenFile::at(folder.path().join("tokens.json"));
        assert!(file.read().expect("nothing there").is_empty());
        file.replace(&secrets("one")).expect("it is written");
        file.replace(&secrets("two")).expect("it is replaced");
        assert_eq!(file.read().expect("it is read")["refreshToken"].expose_secret(), "two");
        let left: Vec<_> = std::fs::read_dir(folder.path()).expect("it lists").collect();
        assert_eq!(left.len(), 1, "no temporary file stays");
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_may_read_is_refused_and_a_new_one_is_not_theirs() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("tokens.json");
        let file = TokenFile::at(&path);
        file.replace(&secrets("s3cret")).expect("it is written");
        let mode = |path| std::fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o600);
        for open in [0o640, 0o604, 0o660, 0o606] {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(open)).expect("it is ours");
            let error = file.read().expect_err("others may read it");
            assert!(matches!(error, StoreError::Open { mode, .. } if mode == open), "{error}");
            assert!(!format!("{error} {error:?}").contains("s3cret"));
        }
    }

    #[test]
    fn a_damaged_file_is_told_without_its_content_and_a_failed_write_leaves_the_old_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("tokens.json");
        let file = TokenFile::at(&path);
        file.replace(&secrets("s3cret")).expect("it is written");
        let whole = std::fs::read_to_string(&path).expect("it reads");
        std::fs::write(&path, &whole[..whole.len() - 5]).expect("it is ours");
        let error = file.read().expect_err("it is cut");
        assert!(matches!(error, StoreError::Damaged { .. }) && !format!("{error} {error:?}").contains("s3c"));
        let nowhere = TokenFile::at(folder.path().join("missing/tokens.json"));
        let error = nowhere.replace(&secrets("x")).expect_err("no such folder");
        assert!(matches!(&error, StoreError::NoFolder { folder, .. } if folder.ends_with("missing")), "{error}");
    }

    #[test]
    fn what_is_no_file_is_left_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = TokenFile::at(folder.path());
        assert!(matches!(file.read(), Err(StoreError::NoFile { .. })));
        assert!(matches!(file.replace(&secrets("x")), Err(StoreError::NoFile { .. })));
        #[cfg(unix)]
        assert!(matches!(TokenFile::at("/dev/null").reserve(), Err(StoreError::NoFile { .. })));
    }

    #[test]
    fn of_a_file_that_is_too_large_nothing_is_taken() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("token");
        TokenFile::at(&path).replace(&secrets(&"x".repeat(1 << 20))).expect("it is written");
        for read in [TokenFile::at(&path).text(), TokenFile::at(&path).shared_text()] {
            assert!(matches!(read, Err(StoreError::TooLarge { .. })));
        }
        assert!(matches!(TokenFile::at(&path).read(), Err(StoreError::TooLarge { .. })));
    }

    #[cfg(unix)]
    #[test]
    fn nothing_is_stored_through_a_link() {
        let folder = tempfile::tempdir().expect("a folder");
        let (path, link) = (folder.path().join("tokens.json"), folder.path().join("link.json"));
        TokenFile::at(&path).replace(&secrets("old")).expect("it is written");
        std::os::unix::fs::symlink("tokens.json", &link).expect("a link");
        let error = TokenFile::at(&link).replace(&secrets("new")).expect_err("it is a link").to_string();
        assert!(error.contains("is a symbolic link") && link.is_symlink(), "{error}");
        assert_eq!(TokenFile::at(&link).read().expect("it is read")["refreshToken"].expose_secret(), "old");
    }
}
