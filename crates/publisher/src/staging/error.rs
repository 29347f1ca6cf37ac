//! Errors of the staging directory, and of the site that is published to.

use std::io::{self, ErrorKind};
use std::path::PathBuf;

use super::contents::Foreign;
use super::editions::UnusablePath;
use super::lock::LockError;
use crate::io_action::PathError;

/// Error of the staging directory, or of the site that is published to.
#[derive(Debug, thiserror::Error)]
pub enum StagingError {
    /// The path has no name, as `/` has none.
    #[error("{path}: give a directory for the site", path = .0.display())]
    NoDirectory(PathBuf),
    /// The directory holds other files, and no catalogue.
    #[error(
        "{path} is not empty and holds no catalogue.json: it is not a site of cek-nik; choose a new \
         directory",
        path = .0.display()
    )]
    NotASite(PathBuf),
    /// A symbolic link that leads nowhere.
    #[error(
        "{path} is a symbolic link that leads nowhere: make the directory that it points to, or give \
         another one",
        path = .path.display()
    )]
    DanglingLink {
        /// The link.
        path: PathBuf,
        /// What the file system says.
        source: io::Error,
    },
    /// Another build of the same site is running.
    #[error("another build of {site} is running; wait until it has ended", site = .0.display())]
    OtherBuild(PathBuf),
    /// The staging directory was not made by a build.
    #[error(transparent)]
    Foreign(#[from] Foreign),
    /// The staging directory cannot be locked.
    #[error(transparent)]
    Lock(LockError),
    /// A link or a file in the place of a directory of the site.
    #[error(transparent)]
    UnusablePath(#[from] UnusablePath),
    /// Nothing can be moved into a directory of the site.
    #[error("{path} {why}", path = path.display(), why = unpublishable(source.kind()))]
    Unpublishable {
        /// The directory.
        path: PathBuf,
        /// What the file system says.
        source: io::Error,
    },
    /// A file that is not ours stands among damaged shards, which would have to be replaced.
    #[error(
        "{path} is not part of the site, and stands among damaged shards that are to be replaced: \
         move it away, and give the same command again",
        path = .0.display()
    )]
    AmongDamagedShards(PathBuf),
    /// Something cannot be written beside the site.
    #[error("cannot write {what} beside the site")]
    Beside {
        /// What.
        what: String,
        /// What the file system says.
        source: io::Error,
    },
    /// Another access to the file system.
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
            Self::Foreign(_) => "staging_foreign",
            Self::Lock(_) => "staging_lock",
            Self::UnusablePath(_) => "site_path_unusable",
            Self::Unpublishable { .. } => "unpublishable",
            Self::AmongDamagedShards(_) => "among_damaged_shards",
            Self::Beside { .. } | Self::Path(_) => "file_system",
        }
    }

    /// The file system's error, where one is the cause.
    pub fn io_error(&self) -> Option<&io::Error> {
        match self {
            Self::DanglingLink { source, .. }
            | Self::Unpublishable { source, .. }
            | Self::Beside { source, .. } => Some(source),
            Self::Path(error) => Some(&error.source),
            Self::Lock(LockError::Io { source, .. }) => Some(source),
            _ => None,
        }
    }
}

impl From<LockError> for StagingError {
    fn from(error: LockError) -> Self {
        match error {
            LockError::Foreign(foreign) => Self::Foreign(foreign),
            error => Self::Lock(error),
        }
    }
}

fn unpublishable(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::CrossesDevices => {
            "lies on another disk than the directory around it, where a build makes everything: the \
             site must not be a mount point; use a subdirectory"
        }
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            "cannot be written to, so nothing could be published there: build as the user who owns \
             it, or give another directory"
        }
        _ => "takes no files, so nothing could be published there: give another directory",
    }
}
