//! Staging directory lock: one build of a site at a time.
//!
//! The lock file is removed with the directory when a build ends. By then, another build may have
//! opened it: that build would lock a file without a name, while a third one creates and locks a
//! new file. So a build removes the file only while it holds the lock, and after locking a file it
//! checks that the name still leads to that file.

use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::contents::{LOCK, refuse_foreign};
use super::error::StagingError;
use crate::io_action::{IoAction, OnPath, PathError};

/// How often another build may remove the lock while this one tries to take it.
const ATTEMPTS: usize = 1_000;

/// A locked staging directory. Dropping it removes the directory if it is empty.
pub struct Lock {
    directory: PathBuf,
    file: File,
}

impl Lock {
    /// Creates a staging directory unless it exists, and locks it. A failed attempt leaves nothing.
    pub fn acquire(directory: &Path) -> Result<Self, StagingError> {
        for _ in 0..ATTEMPTS {
            if let Some(lock) = Self::attempt(directory)? {
                return Ok(lock);
            }
        }
        Err(StagingError::OtherBuild(directory.to_owned()))
    }

    /// `None` if another build has just removed the directory or the lock.
    fn attempt(directory: &Path) -> Result<Option<Self>, StagingError> {
        match fs::create_dir(directory) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            created => created.on_path(IoAction::Lock, directory)?,
        }
        match refuse_foreign(directory) {
            Err(StagingError::Path(PathError { source, .. }))
                if source.kind() == ErrorKind::NotFound =>
            {
                return Ok(None);
            }
            ours => ours?,
        }
        let path = directory.join(LOCK);
        let Some((file, is_new)) = open(&path).on_path(IoAction::Lock, &path)? else {
            return Ok(None);
        };
        let Some(lock) = Self::hold(directory, file)? else {
            return Ok(None);
        };
        // A build creates the lock first, so entries without a lock are not a build's.
        if is_new
            && let Some(name) = first_beside_lock(directory).on_path(IoAction::Lock, directory)?
        {
            fs::remove_file(&path).on_path(IoAction::Lock, &path)?;
            let directory = directory.to_owned();
            return Err(StagingError::Foreign { directory, name });
        }
        Ok(Some(lock))
    }

    /// Locks an open file; `None` if it is no longer the lock of the directory.
    fn hold(directory: &Path, file: File) -> Result<Option<Self>, StagingError> {
        let path = directory.join(LOCK);
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(StagingError::OtherBuild(directory.to_owned()));
            }
            Err(TryLockError::Error(error)) => Err(error).on_path(IoAction::Lock, &path)?,
        }
        let is_lock = is_at(&path, &file).on_path(IoAction::Lock, &path)?;
        let directory = directory.to_owned();
        Ok(is_lock.then_some(Self { directory, file }))
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let path = self.directory.join(LOCK);
        // Entries that could not be removed keep their lock: the next build recognizes them by it.
        // On systems that cannot compare a name with an open file, the lock always stays.
        let is_alone = || matches!(first_beside_lock(&self.directory), Ok(None));
        if cfg!(unix) && is_at(&path, &self.file).unwrap_or(false) && is_alone() {
            let _ = fs::remove_file(path);
            let _ = fs::remove_dir(&self.directory);
        }
    }
}

/// Opens or creates the lock file, and says whether it is new; `None` if another build was faster.
fn open(path: &Path) -> io::Result<Option<(File, bool)>> {
    match File::options().write(true).open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        file => return Ok(Some((file?, false))),
    }
    match File::options().write(true).create_new(true).open(path) {
        Err(error) if matches!(error.kind(), ErrorKind::AlreadyExists | ErrorKind::NotFound) => {
            Ok(None)
        }
        file => Ok(Some((file?, true))),
    }
}

/// The first other entry of a staging directory, by name.
fn first_beside_lock(directory: &Path) -> io::Result<Option<OsString>> {
    let mut first = None;
    for entry in fs::read_dir(directory)? {
        let name = entry?.file_name();
        if name != LOCK && first.as_ref().is_none_or(|first| name < *first) {
            first = Some(name);
        }
    }
    Ok(first)
}

/// Whether a path, not a link, names an open file.
#[cfg(unix)]
fn is_at(path: &Path, file: &File) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let found = match path.symlink_metadata() {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        found => found?,
    };
    let file = file.metadata()?;
    Ok((found.dev(), found.ino()) == (file.dev(), file.ino()))
}

/// Always true here, where no build removes a lock.
#[cfg(not(unix))]
fn is_at(_: &Path, _: &File) -> io::Result<bool> {
    Ok(true)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    /// A build that is stopped between opening the lock and locking it.
    fn opened(directory: &Path) -> File {
        let (file, _) = open(&directory.join(LOCK)).unwrap().unwrap();
        file
    }

    #[test]
    fn a_lock_that_was_removed_after_it_was_opened_is_not_taken() {
        let desk = tempfile::tempdir().unwrap();
        let directory = desk.path().join(".site.building");
        let first = Lock::acquire(&directory).unwrap();
        let early = opened(&directory);
        drop(first);
        assert!(Lock::hold(&directory, early).unwrap().is_none());

        let first = Lock::acquire(&directory).unwrap();
        let early = opened(&directory);
        drop(first);
        let second = Lock::acquire(&directory).unwrap();
        assert!(Lock::hold(&directory, early).unwrap().is_none());
        let late = opened(&directory);
        let held = Lock::hold(&directory, late);
        assert!(matches!(held, Err(StagingError::OtherBuild(_))));
        drop(second);
        assert!(!directory.exists());
    }

    #[test]
    fn a_lock_stays_beside_what_could_not_be_removed() {
        let desk = tempfile::tempdir().unwrap();
        let directory = desk.path().join(".site.building");
        let lock = Lock::acquire(&directory).unwrap();
        let pages = directory.join("pages");
        fs::create_dir(&pages).unwrap();
        drop(lock);
        let lock = Lock::acquire(&directory).unwrap();
        fs::remove_dir(pages).unwrap();
        drop(lock);
        assert!(!directory.exists());
    }
}
