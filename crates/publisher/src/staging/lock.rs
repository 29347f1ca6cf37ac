//! Lock on a staging directory: one build of a site at a time.
//!
//! The lock file is removed with the directory when a build ends. Another build may have opened it
//! by then, and would lock a file that has no name any more, while a third one makes and locks a
//! new file. So a file is removed only while it is locked, and whoever has locked a file checks
//! that its name still leads to it.

use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::contents::{Foreign, LOCK, refuse_foreign};

/// How often a lock may vanish under a build that tries to take it.
const ATTEMPTS: usize = 1_000;

/// A staging directory that is locked. When dropped, the directory is removed if it is empty.
pub struct Lock {
    directory: PathBuf,
    file: File,
}

/// Why a staging directory cannot be locked.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another build has locked it.
    #[error("it is locked by another build")]
    Held,
    /// It is not a build's.
    #[error(transparent)]
    Foreign(#[from] Foreign),
    /// The directory or the lock file cannot be made or locked.
    #[error("cannot lock {path}", path = .path.display())]
    Io {
        /// The directory or the lock file.
        path: PathBuf,
        /// What the file system reported.
        source: io::Error,
    },
}

impl Lock {
    /// Makes a staging directory in an existing one, unless it is there, and locks it.
    ///
    /// # Errors
    ///
    /// [`LockError`]; nothing is then left of the attempt.
    pub fn acquire(directory: &Path) -> Result<Self, LockError> {
        for _ in 0..ATTEMPTS {
            if let Some(lock) = Self::attempt(directory)? {
                return Ok(lock);
            }
        }
        Err(LockError::Held)
    }

    /// `None` where another build has removed the directory or the lock meanwhile.
    fn attempt(directory: &Path) -> Result<Option<Self>, LockError> {
        match fs::create_dir(directory) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            made => made.map_err(cannot_lock(directory))?,
        }
        match refuse_foreign(directory) {
            Err(Foreign::Unreadable { source, .. }) if source.kind() == ErrorKind::NotFound => {
                return Ok(None);
            }
            ours => ours?,
        }
        let path = directory.join(LOCK);
        let Some((file, is_new)) = open(&path).map_err(cannot_lock(&path))? else {
            return Ok(None);
        };
        let Some(lock) = Self::hold(directory, file)? else {
            return Ok(None);
        };
        // A build makes the lock before anything else, so what lies there without one is not a
        // build's.
        if is_new
            && let Some(name) = first_beside_lock(directory).map_err(cannot_lock(directory))?
        {
            fs::remove_file(&path).map_err(cannot_lock(&path))?;
            let directory = directory.to_owned();
            return Err(Foreign::Entry { directory, name }.into());
        }
        Ok(Some(lock))
    }

    /// Locks a file that was opened; `None` where it is not the lock of the directory any more.
    fn hold(directory: &Path, file: File) -> Result<Option<Self>, LockError> {
        let path = directory.join(LOCK);
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(LockError::Held),
            Err(TryLockError::Error(error)) => return Err(cannot_lock(&path)(error)),
        }
        let is_lock = is_at(&path, &file).map_err(cannot_lock(&path))?;
        let directory = directory.to_owned();
        Ok(is_lock.then_some(Self { directory, file }))
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let path = self.directory.join(LOCK);
        // Where it cannot be told whether a name leads to a file, the lock stays, and the directory
        // with it. So it does beside what could not be removed: the next build knows it by the lock.
        let is_alone = || matches!(first_beside_lock(&self.directory), Ok(None));
        if cfg!(unix) && is_at(&path, &self.file).unwrap_or(false) && is_alone() {
            let _ = fs::remove_file(path);
            let _ = fs::remove_dir(&self.directory);
        }
    }
}

fn cannot_lock(path: &Path) -> impl FnOnce(io::Error) -> LockError {
    let path = path.to_owned();
    |source| LockError::Io { path, source }
}

/// Opens the lock file, or makes it, and says whether it is new; `None` where it has appeared or
/// vanished meanwhile.
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

/// Whether a path leads to an open file, through no link.
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

/// No build removes a lock here.
#[cfg(not(unix))]
fn is_at(_: &Path, _: &File) -> io::Result<bool> {
    Ok(true)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    /// What a build does that is stopped between opening the lock and locking it.
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
        assert!(matches!(held, Err(LockError::Held)));
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
