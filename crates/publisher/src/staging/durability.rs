//! What has to outlive a power cut: the content of files, and the names by which they are found.

use std::fs::{self, File};
use std::io;
use std::path::Path;

/// Makes sure of the content and the names of all files in a directory.
///
/// # Errors
///
/// Whatever the file system reports, also that there was no room after all.
pub fn files_in(path: &Path) -> io::Result<()> {
    for entry in fs::read_dir(path)? {
        // Some systems only let whoever may write make sure.
        File::options()
            .write(true)
            .open(entry?.path())?
            .sync_all()?;
    }
    directory(path)
}

/// Makes sure of the names in a directory. Other systems than Unix do not open directories, and need not be told.
///
/// # Errors
///
/// Whatever the file system reports.
pub fn directory(path: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(path)?.sync_all()
    } else {
        Ok(())
    }
}
