//! Durability: file contents and directory entries that survive a power cut.

use std::fs::{self, File};
use std::io;
use std::path::Path;

/// Syncs all files in a directory, and the directory.
pub fn files_in(path: &Path) -> io::Result<()> {
    for entry in fs::read_dir(path)? {
        // Some systems sync only files that are open for writing.
        File::options()
            .write(true)
            .open(entry?.path())?
            .sync_all()?;
    }
    directory(path)
}

/// Syncs the entries of a directory. Only Unix opens directories; other systems do not need it.
pub fn directory(path: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(path)?.sync_all()
    } else {
        Ok(())
    }
}
