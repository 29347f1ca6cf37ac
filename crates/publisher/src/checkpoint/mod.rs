//! Checkpoint of a build: keys on disk next to the site until it is published, so that a stopped
//! build can continue.
//!
//! The directory `.SITE.keys` has one file for each data set: a [`fingerprint`] of the build, and
//! [`chunk`]s, each the [key file](crate::key_file) of a batch of consecutive rows. A build with
//! other parameters, another salt or other lists could not use them, so it is refused with a
//! [`Mismatch`].
//!
//! A row does not show which key is its own, except at the price of the key. So a batch is found by
//! its number, and recognized by its list id.
//!
//! # What the files reveal
//!
//! No NIK. They hold the part of each key that shards are made of, sorted within a chunk, and
//! without the false positives of a filter: guessing numbers costs as much as against the site, and
//! every hit is true. So the directory is as sensitive as the list. Only its owner can read it, and
//! it is removed when the site is published.
//!
//! A list id is stretched, too: someone who knows all rows of a chunk but one could find that one
//! for a few hashes otherwise.
//!
//! # What the files survive
//!
//! Each chunk is written once, with a checksum. A killed process loses the chunks that it was
//! working on; a power cut also those of about the last second. A chunk that was cut off by either,
//! or by a full disk, is not read.

pub mod chunk;
pub mod error;
pub mod file;
pub mod fingerprint;
pub mod source_stamp;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::{BuildError, CheckpointRows};
use crate::io_action::{IoAction, OnPath, unless_missing};
use crate::key_file::fit::TestKey;
use crate::keys::Keys;
use crate::private_directory;
use cek_nik::key::Salt;
use error::CheckpointError;

use file::Checkpoint;
use fingerprint::{Difference, Fingerprint, Mismatch};
use source_stamp::Lists;

/// The checkpoint directory of a site.
pub struct CheckpointDirectory {
    /// Its path.
    pub path: PathBuf,
    files: BTreeMap<String, Checkpoint>,
    /// Whether older files are to be removed before the first one is created.
    start_over: bool,
}

const EXTENSION: &str = "keys";

impl CheckpointDirectory {
    /// Reads the checkpoint of a site. The site must be locked. With `start_over`, the files are
    /// removed unread, as soon as this build has keys of its own: a build that is refused before
    /// that keeps them.
    ///
    /// # Errors
    ///
    /// [`Mismatch`] for a damaged file, [`CheckpointError`] for a symbolic link and, with
    /// `start_over`, for a file of another program.
    pub fn open(site: &Path, start_over: bool) -> Result<Self, BuildError> {
        // A site without a name, such as `/`, has no staging directory either.
        let name = site.file_name().unwrap_or_default().to_string_lossy();
        let directory = site.with_file_name(format!(".{name}.{EXTENSION}"));
        let mut files = BTreeMap::new();
        refuse_link(&directory)?;
        for path in files_in(&directory).on_path(IoAction::Read, &directory)? {
            if is_named_as_ours(&path) {
                refuse_link(&path)?;
            }
            if start_over {
                if !is_ours(&path).on_path(IoAction::Read, &directory)? {
                    return Err(CheckpointError::NotOurs(path).into());
                }
            } else if is_keys(&path) {
                let dataset = path.file_stem().unwrap_or_default().to_string_lossy();
                files.insert(dataset.to_string(), Checkpoint::open(&path, &dataset)?);
            }
        }
        let mut checkpoints = Self {
            path: directory,
            files,
            start_over,
        };
        // A build that was stopped before its first chunk must not restrict the next one.
        checkpoints.remove_empty_files();
        checkpoints
            .files
            .retain(|_, checkpoint| checkpoint.rows() > 0);
        Ok(checkpoints)
    }

    /// The salt of the stopped build.
    pub fn salt(&self) -> Option<Salt> {
        let checkpoint = self.files.values().next()?;
        Some(checkpoint.fingerprint.keys.salt)
    }

    /// Refuses a build that cannot use all checkpoints.
    pub fn refuse_mismatch(&self, wanted: &[Fingerprint]) -> Result<(), Mismatch> {
        for (dataset, checkpoint) in &self.files {
            let difference = match wanted.iter().find(|wanted| wanted.dataset == *dataset) {
                Some(wanted) => checkpoint.fingerprint.difference(wanted),
                None => Some(Difference::NotDescribed(dataset.clone())),
            };
            if let Some(difference) = difference {
                return Err(Mismatch::new(&self.path, difference));
            }
        }
        Ok(())
    }

    /// Opens or creates the checkpoint of a data set with `rows` rows that need keys.
    ///
    /// # Errors
    ///
    /// A directory or file that cannot be written, not enough memory, or keys of a computer that
    /// derives others.
    pub fn checkpoint(
        &mut self,
        fingerprint: Fingerprint,
        lists: Lists,
        rows: u64,
    ) -> Result<&Checkpoint, BuildError> {
        let Keys { salt, kdf, .. } = fingerprint.keys;
        let test_key = TestKey::derive(salt, kdf)?;
        if self.start_over {
            remove_all(&self.path).on_path(IoAction::Remove, &self.path)?;
            self.start_over = false;
        }
        let dataset = fingerprint.dataset.clone();
        let checkpoint = match self.files.remove(&dataset) {
            Some(checkpoint) => checkpoint,
            None => self.create(&fingerprint, test_key)?,
        };
        checkpoint.refuse_other(test_key)?;
        let checkpoint = checkpoint.expect(lists, rows);
        Ok(self.files.entry(dataset).or_insert(checkpoint))
    }

    /// How many rows of a data set have keys.
    pub fn rows_of(&self, dataset: &str) -> CheckpointRows {
        self.count(self.files.get(dataset).into_iter())
    }

    /// How many rows of all data sets have keys.
    pub fn rows(&self) -> CheckpointRows {
        self.count(self.files.values())
    }

    fn count<'a>(&self, files: impl Iterator<Item = &'a Checkpoint> + Clone) -> CheckpointRows {
        CheckpointRows {
            directory: self.path.clone(),
            rows: files.clone().map(Checkpoint::rows).sum(),
            expected: files.map(|checkpoint| checkpoint.expected).sum(),
        }
    }

    fn create(
        &self,
        fingerprint: &Fingerprint,
        test_key: TestKey,
    ) -> Result<Checkpoint, BuildError> {
        refuse_link(&self.path)?;
        let dataset = &fingerprint.dataset;
        let path = self.path.join(format!("{dataset}.{EXTENSION}"));
        let head = fingerprint.to_bytes(test_key);
        self.write_new(&path, &head)
            .on_path(IoAction::WriteIn, &self.path)?;
        Checkpoint::open(&path, dataset)
    }

    fn write_new(&self, path: &Path, head: &[u8]) -> io::Result<()> {
        private_directory::create(&self.path)?;
        // At once: an incomplete head is then damage, never the trace of a killed build.
        private_directory::write(&self.path, path, head)
    }

    /// Removes the checkpoints, and the directory unless it holds other files.
    ///
    /// # Errors
    ///
    /// Another file in the directory, which stays.
    pub fn remove(&mut self) -> io::Result<()> {
        self.files.clear();
        remove_all(&self.path)
    }

    /// Ignores errors: the files hold no keys.
    fn remove_empty_files(&self) {
        if self.path.is_symlink() {
            return;
        }
        for checkpoint in self.files.values().filter(|file| file.rows() == 0) {
            let _ = fs::remove_file(&checkpoint.path);
        }
        if files_in(&self.path).is_ok_and(|files| !files.iter().any(|path| is_keys(path))) {
            let _ = remove_all(&self.path);
        }
    }
}

impl Drop for CheckpointDirectory {
    fn drop(&mut self) {
        self.remove_empty_files();
    }
}

fn files_in(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let paths = |entries: fs::ReadDir| entries.map(|entry| Ok(entry?.path())).collect();
    unless_missing(fs::read_dir(directory).and_then(paths))
}

/// Removes our files. Next to other files, the `.gitignore` stays as well.
fn remove_all(directory: &Path) -> io::Result<()> {
    refuse_link(directory).map_err(io::Error::other)?;
    let mut left = None;
    for path in files_in(directory)? {
        if !is_ours(&path)? {
            left = Some(path);
        } else if !is_ignore(&path) {
            fs::remove_file(path)?;
        }
    }
    if let Some(path) = left {
        return Err(io::Error::other(CheckpointError::NotOurs(path)));
    }
    unless_missing(fs::remove_file(directory.join(private_directory::IGNORE)))?;
    unless_missing(fs::remove_dir(directory))
}

fn refuse_link(path: &Path) -> Result<(), CheckpointError> {
    if path.is_symlink() {
        return Err(CheckpointError::Linked(path.to_owned()));
    }
    Ok(())
}

fn is_keys(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension == EXTENSION)
}

fn is_ignore(path: &Path) -> bool {
    path.ends_with(private_directory::IGNORE)
}

/// Whether a build created a file, even a killed one. A link does not count.
fn is_ours(path: &Path) -> io::Result<bool> {
    let is_file = path.symlink_metadata()?.is_file();
    Ok(is_file && is_named_as_ours(path) && (!is_keys(path) || fingerprint::begins(path)?))
}

/// Whether a build creates files with that name.
fn is_named_as_ours(path: &Path) -> bool {
    let is_new = path
        .extension()
        .is_some_and(|extension| extension == private_directory::INCOMPLETE);
    is_ignore(path) || is_new || is_keys(path)
}
