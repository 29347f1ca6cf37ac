//! File system errors: the failed action and the path.

use std::fmt;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// An action on a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum IoAction {
    Read,
    Write,
    /// Creating or moving an entry in a directory.
    WriteIn,
    Remove,
    Lock,
}

impl fmt::Display for IoAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Read => "cannot read",
            Self::Write => "cannot write",
            Self::WriteIn => "cannot write in",
            Self::Remove => "cannot remove",
            Self::Lock => "cannot lock",
        })
    }
}

/// A failed action on a path.
#[derive(Debug, thiserror::Error)]
#[error("{action} {path}")]
#[allow(missing_docs, reason = "the message names the fields")]
pub struct PathError {
    pub action: IoAction,
    pub path: PathBuf,
    pub source: io::Error,
}

/// Adds the action and the path to an I/O error.
pub trait OnPath<T> {
    /// The same result, with a [`PathError`] for the I/O error.
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

/// Whether an error means that the disk, the quota or the largest file size is exhausted.
pub fn is_full_disk(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge
    )
}

/// The same result, but the default value if nothing exists at the path.
pub(crate) fn unless_missing<T: Default>(result: io::Result<T>) -> io::Result<T> {
    match result {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(T::default()),
        result => result,
    }
}
