//! Staging directory entries: the names that a build uses, and their removal.
//!
//! A build empties the directory, so it first makes sure that all entries are its own.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

use super::error::StagingError;
use crate::io_action::{IoAction, OnPath, unless_missing};

/// Directory with one directory for each data set being built.
pub const DATASETS: &str = "datasets";
/// Directory of damaged editions that were replaced.
pub const REPLACED: &str = "replaced";
/// Directory that becomes a new site.
pub const NEW_SITE: &str = "site";
/// Directory of pages until they are moved into the site.
pub const PAGES: &str = "pages";
/// File that a running build holds a lock on.
pub const LOCK: &str = "lock";
/// File that is moved into the site to test whether that is possible.
pub const PROBE: &str = "probe";

const DIRECTORIES: [&str; 4] = [DATASETS, REPLACED, NEW_SITE, PAGES];
const FILES: [&str; 2] = [LOCK, PROBE];

/// Refuses a directory with other entries than those of a build. The error names the first one.
pub fn refuse_foreign(directory: &Path) -> Result<(), StagingError> {
    let metadata = directory
        .symlink_metadata()
        .on_path(IoAction::Read, directory)?;
    if metadata.is_symlink() {
        return Err(StagingError::Link(directory.to_owned()));
    }
    if !metadata.is_dir() {
        return Err(StagingError::NotADirectory(directory.to_owned()));
    }
    let mut entries: Vec<_> = fs::read_dir(directory)
        .and_then(Iterator::collect)
        .on_path(IoAction::Read, directory)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let kind = match entry.file_type() {
            // Another build has just removed it.
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            kind => kind.on_path(IoAction::Read, directory)?,
        };
        let name = entry.file_name();
        let is_one_of = |names: &[&str]| names.iter().any(|one| name == **one);
        if kind.is_symlink() && (is_one_of(&DIRECTORIES) || is_one_of(&FILES)) {
            return Err(StagingError::Link(entry.path()));
        }
        let is_ours =
            kind.is_dir() && is_one_of(&DIRECTORIES) || kind.is_file() && is_one_of(&FILES);
        if !is_ours {
            let directory = directory.to_owned();
            return Err(StagingError::Foreign { directory, name });
        }
    }
    Ok(())
}

/// Removes all entries of a build except the lock. Links are removed, their targets are not. A
/// staging directory that has become a link itself is left alone.
pub fn clear(directory: &Path) -> io::Result<()> {
    if !directory.symlink_metadata()?.is_dir() {
        return Err(ErrorKind::NotADirectory.into());
    }
    for name in DIRECTORIES.into_iter().chain([PROBE]) {
        let path = directory.join(name);
        let removed = match path.symlink_metadata() {
            Ok(metadata) if metadata.is_dir() => fs::remove_dir_all(path),
            Ok(_) => fs::remove_file(path),
            Err(error) => Err(error),
        };
        unless_missing(removed)?;
    }
    Ok(())
}
