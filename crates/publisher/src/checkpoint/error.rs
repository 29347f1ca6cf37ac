//! Checkpoint directory errors: entries that no build created.

use std::path::PathBuf;

use cek_nik::nik::masked;

/// An entry of a checkpoint directory that no build created. A build leaves it alone.
#[derive(Debug, thiserror::Error)]
pub enum CheckpointError {
    /// A file that does not begin like a checkpoint.
    #[error(
        "{path} does not begin like a checkpoint of cek-nik: it is damaged or another file, so it \
         is not removed. Look at it, delete it by hand, and run the same command again",
        path = masked(&.0.display().to_string())
    )]
    NotOurs(PathBuf),
    /// A symbolic link in place of the directory or of a file in it.
    #[error(
        "{path} is a symbolic link, and a build does not follow links to checkpoints: replace it \
         with its target or delete it, and run the same command again",
        path = masked(&.0.display().to_string())
    )]
    Linked(PathBuf),
}

impl CheckpointError {
    /// The stable name, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotOurs(_) => "checkpoint_not_ours",
            Self::Linked(_) => "checkpoint_linked",
        }
    }
}
