//! Durability: file contents and directory entries that survive a power cut.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use crate::io_action::{IoAction, OnPath, PathError};

/// Files that are synced together, before they are closed: the file system then writes their
/// contents and their metadata once for many of them.
#[derive(Default)]
pub struct SyncGroup(Vec<(PathBuf, File)>);

impl SyncGroup {
    /// A process may often have no more than 1,024 open files, on all threads.
    const MOST_FILES: usize = 64;

    /// Adds a file that is complete. A full group is synced.
    ///
    /// # Errors
    ///
    /// A file that cannot be synced.
    pub fn add(&mut self, path: PathBuf, file: File) -> Result<(), PathError> {
        self.0.push((path, file));
        if self.0.len() < Self::MOST_FILES {
            return Ok(());
        }
        std::mem::take(self).sync()
    }

    /// Syncs the files.
    ///
    /// # Errors
    ///
    /// A file that cannot be synced.
    pub fn sync(self) -> Result<(), PathError> {
        self.0
            .into_iter()
            .try_for_each(|(path, file)| file.sync_all().on_path(IoAction::Write, &path))
    }
}

/// Syncs the entries of a directory. Only Unix opens directories; other systems do not need it.
pub fn directory(path: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(path)?.sync_all()
    } else {
        Ok(())
    }
}
