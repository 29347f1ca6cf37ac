//! A failed access to the file system: what was tried, and on which path.

use std::fmt;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// What was tried on a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IoAction {
    /// Reading a file or a directory.
    Read,
    /// Writing a file.
    Write,
    /// Making something in a directory.
    WriteIn,
    /// Removing a file or a directory.
    Remove,
}

impl fmt::Display for IoAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Read => "cannot read",
            Self::Write => "cannot write",
            Self::WriteIn => "cannot write in",
            Self::Remove => "cannot remove",
        })
    }
}

/// A failed access to the file system.
#[derive(Debug, thiserror::Error)]
#[error("{action} {path}", path = path.display())]
pub struct PathError {
    /// What was tried.
    pub action: IoAction,
    /// On which path.
    pub path: PathBuf,
    /// What the file system says.
    pub source: io::Error,
}

/// Names the path that an access has failed on.
pub trait OnPath<T> {
    /// The same result, with the action and the path.
    ///
    /// # Errors
    ///
    /// [`PathError`] where this is an error.
    fn on_path(self, action: IoAction, path: &Path) -> Result<T, PathError>;
}

impl<T> OnPath<T> for io::Result<T> {
    fn on_path(self, action: IoAction, path: &Path) -> Result<T, PathError> {
        self.map_err(|source| PathError {
            action,
            path: path.to_owned(),
            source,
        })
    }
}

/// Whether there is no room for what was to be written.
pub fn is_full_disk(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge
    )
}
