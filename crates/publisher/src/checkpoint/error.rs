//! What lies in the place of kept keys and is not ours.

use std::path::PathBuf;

use cek_nik::nik::masked;

/// Something in the directory of kept keys that no build makes. A build leaves it alone.
#[derive(Debug, thiserror::Error)]
pub enum CheckpointError {
    /// Something lies among the keys that may be somebody else's.
    #[error(
        "{path} does not begin like keys of cek-nik: it is damaged, or something else, and is not \
         thrown away. Look at it, delete it by hand, and give the same command again",
        path = masked(&.0.display().to_string())
    )]
    NotOurs(PathBuf),
    /// A symbolic link in the place of the directory, or of a file in it.
    #[error(
        "{path} is a symbolic link, and a build neither writes nor removes keys behind one: put what it \
         leads to in its place, or delete the link, and give the same command again",
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
