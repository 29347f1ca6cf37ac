//! Edition directories, `data/ID/ROOT/`: which ones `cek-nik build` made, and how they are removed.
//!
//! A publisher may keep other things below `data`. An edition is a directory, and no link, named by
//! 64 lower-case hexadecimal digits, that holds shards and nothing else. Everything else stays.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use cek_nik::catalogue::is_dataset_id;

/// A path below the site that a build would have to go through, and cannot.
#[derive(Debug, thiserror::Error)]
pub enum UnusablePath {
    /// A symbolic link.
    #[error(
        "{path} is a symbolic link, and a build neither writes nor deletes behind a link inside a \
         site: put the directory itself in its place, or choose another site directory",
        path = .0.display()
    )]
    Link(PathBuf),
    /// Something that is neither a link nor a directory.
    #[error(
        "{path} is not a directory: move it away, or choose another site directory",
        path = .0.display()
    )]
    NotADirectory(PathBuf),
    /// A directory that cannot be listed.
    #[error("cannot read {path}", path = .path.display())]
    Unreadable {
        /// The directory.
        path: PathBuf,
        /// What the file system reported.
        source: io::Error,
    },
}

/// Entries of a directory that may be an edition.
pub struct Content {
    /// Regular files that are named as shards are.
    pub shards: Vec<OsString>,
    /// The first other entry, by name.
    pub foreign: Option<OsString>,
}

impl Content {
    /// Lists a directory.
    ///
    /// # Errors
    ///
    /// Whatever the file system reports.
    pub fn of(directory: &Path) -> io::Result<Self> {
        let mut shards = Vec::new();
        let mut foreign = None;
        for entry in fs::read_dir(directory)? {
            let entry = entry?;
            let name = entry.file_name();
            if is_shard_name(&name) && entry.file_type()?.is_file() {
                shards.push(name);
            } else if foreign.as_ref().is_none_or(|first| name < *first) {
                foreign = Some(name);
            }
        }
        shards.sort();
        Ok(Self { shards, foreign })
    }
}

/// Refuses a site in which `data`, a data set or an edition lies behind a link.
///
/// # Errors
///
/// [`UnusablePath`] with the first such path.
pub fn refuse_links(data: &Path) -> Result<(), UnusablePath> {
    match data.symlink_metadata() {
        Ok(metadata) if metadata.is_symlink() => return Err(UnusablePath::Link(data.to_owned())),
        Ok(metadata) if metadata.is_dir() => {}
        Ok(_) => return Err(UnusablePath::NotADirectory(data.to_owned())),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(unreadable(data)(error)),
    }
    let datasets = named(data, is_dataset_name).map_err(unreadable(data))?;
    refuse_link_among(&datasets)?;
    for dataset in directories(datasets) {
        let editions = named(&dataset, is_edition_name).map_err(unreadable(&dataset))?;
        refuse_link_among(&editions)?;
    }
    Ok(())
}

/// The directories in `data` that are named as data sets are. Links are left out.
///
/// # Errors
///
/// Whatever the file system reports; a site without `data` has none.
pub fn datasets(data: &Path) -> io::Result<Vec<PathBuf>> {
    match named(data, is_dataset_name) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        found => Ok(directories(found?)),
    }
}

/// The directories of a data set that are named as editions are. Links are left out.
///
/// # Errors
///
/// Whatever the file system reports.
pub fn editions(dataset: &Path) -> io::Result<Vec<PathBuf>> {
    Ok(directories(named(dataset, is_edition_name)?))
}

/// Whether a data set holds shards of an edition, beside whatever else is there.
///
/// # Errors
///
/// Whatever the file system reports.
pub fn has_shards(dataset: &Path) -> io::Result<bool> {
    for edition in editions(dataset)? {
        if !Content::of(&edition)?.shards.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Removes an edition: its shards one by one, then the directory. Anything else that has appeared
/// in it meanwhile stays, and the directory with it.
///
/// # Errors
///
/// Whatever the file system reports.
pub fn remove(edition: &Path) -> io::Result<()> {
    for shard in Content::of(edition)?.shards {
        fs::remove_file(edition.join(shard))?;
    }
    fs::remove_dir(edition)
}

type Entries = Vec<(PathBuf, fs::FileType)>;

/// The entries of a directory whose name is of a kind, sorted.
fn named(directory: &Path, is_of_kind: fn(&OsStr) -> bool) -> io::Result<Entries> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        if is_of_kind(&entry.file_name()) {
            found.push((entry.path(), entry.file_type()?));
        }
    }
    found.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(found)
}

fn directories(entries: Entries) -> Vec<PathBuf> {
    let directories = entries.into_iter().filter(|(_, kind)| kind.is_dir());
    directories.map(|(path, _)| path).collect()
}

fn refuse_link_among(entries: &[(PathBuf, fs::FileType)]) -> Result<(), UnusablePath> {
    match entries.iter().find(|(_, kind)| kind.is_symlink()) {
        Some((link, _)) => Err(UnusablePath::Link(link.clone())),
        None => Ok(()),
    }
}

fn unreadable(path: &Path) -> impl FnOnce(io::Error) -> UnusablePath {
    let path = path.to_owned();
    |source| UnusablePath::Unreadable { path, source }
}

fn is_dataset_name(name: &OsStr) -> bool {
    name.to_str().is_some_and(is_dataset_id)
}

fn is_edition_name(name: &OsStr) -> bool {
    name.to_str().is_some_and(|name| is_lower_hex(name, 64))
}

fn is_shard_name(name: &OsStr) -> bool {
    let prefix = name.to_str().and_then(|name| name.strip_suffix(".cnk"));
    prefix.is_some_and(|prefix| is_lower_hex(prefix, 4))
}

fn is_lower_hex(text: &str, digits: usize) -> bool {
    let is_digit = |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    text.len() == digits && text.bytes().all(is_digit)
}
