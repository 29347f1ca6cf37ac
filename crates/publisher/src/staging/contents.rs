//! Entries of a staging directory: which ones a build makes, and their removal.
//!
//! A build empties the directory, so it has to be sure that nobody else's files lie there.

use std::ffi::OsString;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

// Each has a name of its own, whatever a data set is called.
/// Directory of the data sets that are being built.
pub const DATASETS: &str = "datasets";
/// Directory of damaged editions that new ones have replaced.
pub const REPLACED: &str = "replaced";
/// Directory that becomes a new site.
pub const NEW_SITE: &str = "site";
/// Directory of pages, until they are moved into the site.
pub const PAGES: &str = "pages";
/// File that is locked as long as a build runs.
pub const LOCK: &str = "lock";
/// File that is moved into the site to find out whether that is possible.
pub const PROBE: &str = "probe";

const DIRECTORIES: [&str; 4] = [DATASETS, REPLACED, NEW_SITE, PAGES];
const FILES: [&str; 2] = [LOCK, PROBE];

/// Something in the place of a staging directory, or in one, that no build has made.
#[derive(Debug, thiserror::Error)]
pub enum Foreign {
    /// A symbolic link: the directory itself, or an entry.
    #[error(
        "{path} is a symbolic link, and no build makes or follows one there: move it away, or \
         choose another site directory",
        path = .0.display()
    )]
    Link(PathBuf),
    /// Something else than a directory.
    #[error(
        "{path} is not a directory, and a build needs one of that name to work in: move it away, \
         or choose another site directory",
        path = .0.display()
    )]
    NotADirectory(PathBuf),
    /// An entry that has another name than those above, or is not of the kind that belongs to it.
    #[error(
        "{path} was not made by a build, which works in {directory} and empties it: move it away, \
         or choose another site directory",
        path = .directory.join(.name).display(), directory = .directory.display()
    )]
    Entry {
        /// The staging directory.
        directory: PathBuf,
        /// The entry.
        name: OsString,
    },
    /// A directory that cannot be listed, or is gone.
    #[error("cannot read {path}", path = .path.display())]
    Unreadable {
        /// The directory.
        path: PathBuf,
        /// What the file system reported.
        source: io::Error,
    },
}

/// Refuses a directory that holds anything but what a build makes. Of several such entries, the
/// first by name is in the error.
///
/// # Errors
///
/// [`Foreign`].
pub fn refuse_foreign(directory: &Path) -> Result<(), Foreign> {
    let unreadable = |source| Foreign::Unreadable {
        path: directory.to_owned(),
        source,
    };
    let metadata = directory.symlink_metadata().map_err(unreadable)?;
    if metadata.is_symlink() {
        return Err(Foreign::Link(directory.to_owned()));
    }
    if !metadata.is_dir() {
        return Err(Foreign::NotADirectory(directory.to_owned()));
    }
    let mut entries: Vec<_> = fs::read_dir(directory)
        .and_then(Iterator::collect)
        .map_err(unreadable)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let kind = match entry.file_type() {
            // Another build has just removed it.
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            kind => kind.map_err(unreadable)?,
        };
        let name = entry.file_name();
        let is_one_of = |names: &[&str]| names.iter().any(|one| name == **one);
        if kind.is_symlink() && (is_one_of(&DIRECTORIES) || is_one_of(&FILES)) {
            return Err(Foreign::Link(entry.path()));
        }
        let is_ours =
            kind.is_dir() && is_one_of(&DIRECTORIES) || kind.is_file() && is_one_of(&FILES);
        if !is_ours {
            return Err(Foreign::Entry {
                directory: directory.to_owned(),
                name,
            });
        }
    }
    Ok(())
}

/// Removes everything that a build makes in a staging directory, except for the lock. A link is
/// removed itself; what it leads to stays. A directory that has become a link is not emptied.
///
/// # Errors
///
/// Whatever the file system reports.
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
        match removed {
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            removed => removed?,
        }
    }
    Ok(())
}
