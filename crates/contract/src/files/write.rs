//! How files are written: beside the old one, and put in its place in one step, never through a link.
//!
//! A reader sees the old file or the new one, and after a failure the old one is as it was. What is written goes to the place that
//! was named: a symbolic link there, which a checkout may bring along, is refused or replaced, and what it leads to is not touched.

use fs4::FileExt;
use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use tempfile::{Builder, NamedTempFile};

/// How the name of a file begins and ends that is not whole yet. No reader of snapshots, cases or reports takes such a name.
const BEGINNING: &str = ".vigie-";
const END: &str = ".part";
/// How often a new file is made before its folder counts as one that cannot be used.
const ATTEMPTS: usize = 16;

/// Folders in which this process has already searched for what an earlier one left.
static SWEPT: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// Who may read a new file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readers {
    /// Whoever may read the files of this user: the umask decides.
    Everybody,
    /// Its owner alone, from the first byte.
    Owner,
}

/// A file beside the one that is meant. Dropped, it leaves nothing behind; of a process that was killed, the next one that writes
/// to the folder removes it.
#[derive(Debug)]
pub struct Reserved {
    new: NamedTempFile,
    path: PathBuf,
    readers: Readers,
}

/// Puts a file in its place in one step. A link there is replaced.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    beside(path, Readers::Everybody)?.fill(bytes)
}

/// Makes sure of a place before there is anything to write. A link there is refused: somebody may rely on what it leads to.
pub fn reserve(path: &Path, readers: Readers) -> io::Result<Reserved> {
    if path.is_symlink() {
        return Err(is_link(path));
    }
    beside(path, readers)
}

/// The file `inner` below `root`, whose folders are made where they are missing. A link in the place of one of them is refused.
pub fn below(root: &Path, inner: &Path) -> io::Result<PathBuf> {
    fs::create_dir_all(root)?;
    let mut path = root.to_owned();
    for part in inner.parent().unwrap_or(Path::new("")).components() {
        let Component::Normal(name) = part else {
            return Err(io::Error::other(format!("{} is outside of {}", inner.display(), root.display())));
        };
        path.push(name);
        if path.is_symlink() {
            return Err(is_link(&path));
        }
        match fs::create_dir(&path) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error),
            _ => {}
        }
    }
    Ok(root.join(inner))
}

/// Opens a file that several processes change where it is, and makes it where it is missing. A link is refused.
pub fn open_in_place(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    loop {
        // A new file is never made at the end of a link.
        match options.clone().create_new(true).open(path) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            made => return made,
        }
        if path.is_symlink() {
            return Err(is_link(path));
        }
        match options.open(path) {
            // Removed in between.
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Ok(file) if !is_at(&file, path)? => return Err(is_link(path)),
            opened => return opened,
        }
    }
}

impl Reserved {
    /// The file that is meant.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Puts the bytes in the place of what is there, in one step.
    pub fn fill(mut self, bytes: &[u8]) -> io::Result<()> {
        self.write(bytes)?;
        self.new.persist(&self.path).map(drop).map_err(|error| error.error)
    }

    /// The same, unless there is something by now: that error is of the kind [`ErrorKind::AlreadyExists`].
    pub fn fill_new(mut self, bytes: &[u8]) -> io::Result<()> {
        self.write(bytes)?;
        self.new.persist_noclobber(&self.path).map(drop).map_err(|error| error.error)
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.new.write_all(bytes)?;
        // Nothing makes a secret again that was lost with the power. What else is written can be, and there may be hundreds of files.
        if self.readers == Readers::Owner { self.new.as_file().sync_all() } else { Ok(()) }
    }
}

/// A new file in the folder of the one that is meant, since a rename does not cross file systems.
fn beside(path: &Path, readers: Readers) -> io::Result<Reserved> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    sweep(folder);
    let mut builder = Builder::new();
    builder.prefix(BEGINNING).suffix(END);
    #[cfg(unix)]
    if readers == Readers::Everybody {
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    }
    for _ in 0..ATTEMPTS {
        let new = builder.tempfile_in(folder)?;
        // Locked while its process lives. Whoever sweeps may have been faster, and removes it.
        match FileExt::try_lock(new.as_file()) {
            Err(fs4::TryLockError::WouldBlock) => {}
            _ if !is_at(new.as_file(), new.path())? => {}
            _ => return Ok(Reserved { new, path: path.to_owned(), readers }),
        }
    }
    Err(io::Error::other("the file disappears: something removes it at once"))
}

/// Removes what processes that were killed left in a folder. What cannot be removed is no reason to write nothing.
fn sweep(folder: &Path) {
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    if !SWEPT.lock().unwrap_or_else(PoisonError::into_inner).insert(folder.clone()) {
        return;
    }
    let is_part = |name: &str| name.starts_with(BEGINNING) && name.ends_with(END);
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if !is_file || !entry.file_name().to_str().is_some_and(is_part) {
            continue;
        }
        // A process that lives holds the lock.
        let Ok(file) = File::open(entry.path()) else { continue };
        if FileExt::try_lock(&file).is_ok() {
            fs::remove_file(entry.path()).ok();
        }
    }
}

/// Whether a file is still the one at a path, and no link is there.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let own = file.metadata()?;
    Ok(path.symlink_metadata().is_ok_and(|there| (there.dev(), there.ino()) == (own.dev(), own.ino())))
}

/// Elsewhere a file that is open cannot be replaced.
#[cfg(not(unix))]
fn is_at(_file: &File, path: &Path) -> io::Result<bool> {
    Ok(!path.is_symlink())
}

fn is_link(path: &Path) -> io::Error {
    let path = path.display();
    io::Error::other(format!(
        "{path} is a symbolic link, and vigie does not write through links; remove it, or name its target"
    ))
}

#[cfg(all(test, unix))]
mod tests {
    use super::{BEGINNING, END, Readers, below, open_in_place, replace, reserve};
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::path::Path;

    fn read(path: &Path) -> String {
        std::fs::read_to_string(path).expect("it is there")
    }

    #[test]
    fn what_a_link_leads_to_is_not_touched() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("own"), "a file of the user").expect("it is written");
        for target in ["own", "missing"] {
            for name in ["replaced", "reserved", "opened"] {
                std::fs::remove_file(at(name)).ok();
                symlink(at(target), at(name)).expect("it is made");
            }
            replace(&at("replaced"), b"new").expect("the link is replaced");
            assert!(!at("replaced").is_symlink());
            assert_eq!(read(&at("replaced")), "new");
            let refused = [reserve(&at("reserved"), Readers::Owner).err(), open_in_place(&at("opened")).err()];
            for error in refused {
                let error = error.expect("a link is refused").to_string();
                assert!(error.contains("is a symbolic link"), "{error}");
            }
        }
        assert_eq!(read(&at("own")), "a file of the user");
        assert!(!at("missing").exists());
    }

    #[test]
    fn no_folder_on_the_way_is_a_link() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (root, elsewhere) = (folder.path().join("root"), folder.path().join("elsewhere"));
        std::fs::create_dir(&elsewhere).expect("it is made");
        let path = below(&root, Path::new("a/b/file")).expect("its folders are made");
        assert!(path.ends_with("root/a/b/file") && root.join("a/b").is_dir());
        symlink(&elsewhere, root.join("a/link")).expect("it is made");
        assert!(below(&root, Path::new("a/link/file")).is_err());
        assert!(below(&root, Path::new("a/link/deeper/file")).is_err());
        assert!(below(&root, Path::new("../x/file")).is_err());
        assert_eq!(std::fs::read_dir(&elsewhere).expect("it reads").count(), 0);
    }

    #[test]
    fn what_a_killed_process_left_is_removed_and_what_a_living_one_writes_stays() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let at = |name: &str| folder.path().join(name);
        let left = at(&format!("{BEGINNING}left{END}"));
        std::fs::write(&left, "half of it").expect("it is written");
        let living = tempfile::Builder::new().prefix(BEGINNING).suffix(END).tempfile_in(folder.path()).expect("a file");
        fs4::FileExt::lock(living.as_file()).expect("nobody has it");
        replace(&at("file"), b"new").expect("it is written");
        assert!(!left.exists() && living.path().exists());
        let names = std::fs::read_dir(folder.path()).expect("it reads").count();
        assert_eq!(names, 2, "the file, and that of the process that lives");
    }

    #[test]
    fn a_secret_is_its_owners_from_the_first_byte() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("secret");
        let reserved = reserve(&path, Readers::Owner).expect("it is made");
        assert!(!path.exists());
        let mode = |path: &Path| path.metadata().expect("it is there").permissions().mode() & 0o777;
        assert_eq!(mode(reserved.new.path()), 0o600);
        reserved.fill_new(b"s3cret").expect("it is written");
        assert_eq!((read(&path).as_str(), mode(&path)), ("s3cret", 0o600));
        let other = reserve(&path, Readers::Owner).expect("it is made").fill_new(b"other").expect_err("it is there");
        assert_eq!((other.kind(), read(&path).as_str()), (std::io::ErrorKind::AlreadyExists, "s3cret"));
    }
}
