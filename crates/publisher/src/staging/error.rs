//! Staging errors: why a site cannot be built or published at a path.

use std::ffi::OsString;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use crate::io_action::{IoAction, PathError};

/// Why a site cannot be built or published at a path. The site is then as it was.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "the messages name the fields")]
pub enum StagingError {
    /// The path has no name, like `/`.
    #[error("{0}: give a directory for the site")]
    NoDirectory(PathBuf),
    /// The directory holds files, but no catalogue.
    #[error(
        "{0} is not empty and holds no catalogue.json, so it is not a site of cek-nik; choose a \
         new directory"
    )]
    NotASite(PathBuf),
    /// The site is a symbolic link without a target.
    #[error(
        "{path} is a symbolic link to nothing: make the directory that it points to, or choose \
         another one"
    )]
    DanglingLink { path: PathBuf, source: io::Error },
    /// Another build holds the lock of this staging directory.
    #[error("another build is using {0}; wait until it has ended")]
    OtherBuild(PathBuf),
    /// A symbolic link in place of the staging directory, or of a directory in it or in the site.
    #[error(
        "{0} is a symbolic link, and a build does not follow links there: replace it with the \
         directory itself or move it away, or choose another site directory"
    )]
    Link(PathBuf),
    /// A file in place of the staging directory or of a directory in the site.
    #[error(
        "{0} is not a directory, and a build needs one of that name: move it away, or choose \
         another site directory"
    )]
    NotADirectory(PathBuf),
    /// An entry of the staging directory that no build makes.
    #[error(
        "{path} was not made by a build, but a build empties {directory}: move it away, or choose \
         another site directory",
        path = .directory.join(.name).display()
    )]
    Foreign { directory: PathBuf, name: OsString },
    /// A directory of the site on another file system than the staging directory.
    #[error(
        "{path} is on another disk than its parent directory, so a build cannot move files into \
         it: the site must not be a mount point; use a subdirectory"
    )]
    OtherDisk { path: PathBuf, source: io::Error },
    /// A directory of the site that this user may not write in.
    #[error(
        "no permission to write in {path}: build as the user who owns it, or choose another \
         directory"
    )]
    NoPermission { path: PathBuf, source: io::Error },
    /// A directory of the site on a read-only file system.
    #[error("{path} is on a read-only disk: choose another directory")]
    ReadOnlyDisk { path: PathBuf, source: io::Error },
    /// Another file in an edition whose damaged shards have to be replaced.
    #[error(
        "{0} is not part of the site, but is in a directory of damaged shards that have to be \
         replaced: move it away, and run the same command again"
    )]
    AmongDamagedShards(PathBuf),
    /// Any other failed access to the file system.
    #[error(transparent)]
    Path(#[from] PathError),
}

impl StagingError {
    /// The stable name, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoDirectory(_) => "no_directory",
            Self::NotASite(_) => "not_a_site",
            Self::DanglingLink { .. } => "dangling_link",
            Self::OtherBuild(_) => "other_build",
            Self::Link(_) => "symbolic_link",
            Self::NotADirectory(_) => "not_a_directory",
            Self::Foreign { .. } => "staging_foreign",
            Self::OtherDisk { .. } => "other_disk",
            Self::NoPermission { .. } => "no_permission",
            Self::ReadOnlyDisk { .. } => "read_only_disk",
            Self::AmongDamagedShards(_) => "among_damaged_shards",
            Self::Path(_) => "file_system",
        }
    }

    /// The error for a directory of the site that a file could not be moved into.
    pub(super) fn unpublishable(path: &Path, source: io::Error) -> Self {
        let (path, action) = (path.to_owned(), IoAction::WriteIn);
        match source.kind() {
            ErrorKind::CrossesDevices => Self::OtherDisk { path, source },
            ErrorKind::PermissionDenied => Self::NoPermission { path, source },
            ErrorKind::ReadOnlyFilesystem => Self::ReadOnlyDisk { path, source },
            _ => Self::Path(PathError {
                action,
                path,
                source,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_cause_of_a_failed_move_has_its_code() {
        for (kind, code) in [
            (ErrorKind::CrossesDevices, "other_disk"),
            (ErrorKind::PermissionDenied, "no_permission"),
            (ErrorKind::ReadOnlyFilesystem, "read_only_disk"),
            (ErrorKind::Other, "file_system"),
        ] {
            let error = StagingError::unpublishable(Path::new("site"), kind.into());
            assert_eq!(error.code(), code);
            assert!(error.to_string().contains("site"), "{error}");
        }
    }
}
