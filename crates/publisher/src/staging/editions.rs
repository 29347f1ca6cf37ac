//! Edition directories, `data/ID/ROOT/`: how a build recognizes and removes its own.
//!
//! A publisher may keep other files below `data`. An edition is a directory, not a link, whose name
//! is 64 lower-case hexadecimal digits, and that holds only shards. A build leaves the rest alone.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::error::StagingError;
use crate::io_action::{IoAction, OnPath, unless_missing};
use cek_nik::catalogue::is_dataset_id;

/// The entries of a directory named like an edition.
pub struct Content {
    /// Regular files named like shards, sorted.
    pub shards: Vec<OsString>,
    /// The first other entry, by name.
    pub foreign: Option<OsString>,
}

impl Content {
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

/// Refuses a site in which `data`, a data set or an edition is a link.
pub fn refuse_links(data: &Path) -> Result<(), StagingError> {
    match data.symlink_metadata() {
        Ok(metadata) if metadata.is_symlink() => return Err(StagingError::Link(data.to_owned())),
        Ok(metadata) if metadata.is_dir() => {}
        Ok(_) => return Err(StagingError::NotADirectory(data.to_owned())),
        Err(error) => return Ok(unless_missing(Err(error)).on_path(IoAction::Read, data)?),
    }
    let datasets = named(data, is_dataset_name).on_path(IoAction::Read, data)?;
    refuse_link_among(&datasets)?;
    for dataset in directories(datasets) {
        let editions = named(&dataset, is_edition_name).on_path(IoAction::Read, &dataset)?;
        refuse_link_among(&editions)?;
    }
    Ok(())
}

/// The directories in `data` named like data sets, without links. A site may have no `data`.
pub fn datasets(data: &Path) -> io::Result<Vec<PathBuf>> {
    Ok(directories(unless_missing(named(data, is_dataset_name))?))
}

/// The directories of a data set named like editions, without links.
pub fn editions(dataset: &Path) -> io::Result<Vec<PathBuf>> {
    Ok(directories(named(dataset, is_edition_name)?))
}

/// Whether an edition of a data set holds shards.
pub fn has_shards(dataset: &Path) -> io::Result<bool> {
    for edition in editions(dataset)? {
        if !Content::of(&edition)?.shards.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Removes an edition: its shards, then the directory. If another file has appeared in it, both
/// stay.
pub fn remove(edition: &Path) -> io::Result<()> {
    for shard in Content::of(edition)?.shards {
        fs::remove_file(edition.join(shard))?;
    }
    fs::remove_dir(edition)
}

type Entries = Vec<(PathBuf, fs::FileType)>;

/// The entries of a directory whose names match, sorted.
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

fn refuse_link_among(entries: &[(PathBuf, fs::FileType)]) -> Result<(), StagingError> {
    match entries.iter().find(|(_, kind)| kind.is_symlink()) {
        Some((link, _)) => Err(StagingError::Link(link.clone())),
        None => Ok(()),
    }
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
