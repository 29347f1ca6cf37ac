//! Keys that lie beside a site until it is published, so that a build which was stopped continues where it was.
//!
//! A directory of their own, `.SITE.keys`, holds a file for each data set: a [`fingerprint`], which says what the keys were made with, and
//! [`chunk`]s, each with the keys of some consecutive rows. A build with other parameters, another salt or other lists is [`Mismatch`] for
//! them, and is refused: it could only throw them away.
//!
//! # What whoever reads them learns
//!
//! Not a NIK. Of a key they hold what the shards are made of, sorted within a chunk, and without the false alarms of a filter: trying out
//! numbers costs as much as against the site, and all of what is found is true. So they belong where the list belongs, are readable for
//! nobody else, and are removed when the site is published.
//!
//! A chunk is recognised by its [`verifier`](chunk::Chunk::verifier), not by a hash of its rows: that of a chunk whose rows are known but for
//! one would tell this one for the price of a few hashes. The verifier is a key of that hash, and as dear to try out as any other key.
//!
//! # What they outlive
//!
//! Chunks are only ever added, in one piece and with a checksum. A process that is killed loses the chunks that it was working on; a power cut
//! also those of about the last second. What a cut or a full disk has left of a chunk is not taken for one.

pub mod chunk;
pub mod error;
pub mod file;
pub mod fingerprint;
pub mod source_stamp;

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::error::{BuildError, CheckpointRows};
use crate::io_action::{IoAction, OnPath};
use crate::staging::durability;
use cek_nik::key::Salt;
use error::CheckpointError;

use file::Checkpoint;
use fingerprint::{Difference, Fingerprint, Mismatch};
use source_stamp::Lists;

/// The directory beside a site in which keys are kept.
pub struct CheckpointDirectory {
    directory: PathBuf,
    files: BTreeMap<String, Checkpoint>,
    /// Whether other keys lie there that are to be thrown away.
    start_over: bool,
}

const EXTENSION: &str = "keys";
/// Nobody wants to publish keys together with the site that lies in the same repository.
const IGNORE: (&str, &str) = (".gitignore", "*\n");

impl CheckpointDirectory {
    /// Looks at what a build of this site has left; nobody else may be building it. Where it is to `start_over`, what there is is thrown
    /// away unread, as soon as this build has keys of its own: whatever it refuses before that leaves them.
    ///
    /// # Errors
    ///
    /// [`Mismatch`] where something cannot be read as keys, a symbolic link, something else in the directory where all is to be thrown away, or
    /// whatever the file system reports.
    pub fn open(site: &Path, start_over: bool) -> Result<Self, BuildError> {
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
                let keys = Checkpoint::open(&path)?;
                files.insert(keys.fingerprint().dataset.clone(), keys);
            }
        }
        let kept = Self {
            directory,
            files,
            start_over,
        };
        Ok(kept.without_empty_files())
    }

    /// A build that was stopped before it had made anything leaves whoever comes next free to choose.
    fn without_empty_files(mut self) -> Self {
        self.remove_empty_files();
        self.files.retain(|_, keys| keys.rows() > 0);
        self
    }

    /// Where they are.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The salt of the build that was stopped.
    pub fn salt(&self) -> Option<Salt> {
        let keys = self.files.values().next()?;
        Salt::from_hex(&keys.fingerprint().salt)
    }

    /// Refuses a build that cannot use all keys that are there.
    ///
    /// # Errors
    ///
    /// [`Mismatch`].
    pub fn refuse_mismatch(&self, wanted: &[Fingerprint]) -> Result<(), Mismatch> {
        for (dataset, keys) in &self.files {
            let difference = match wanted.iter().find(|wanted| wanted.dataset == *dataset) {
                Some(wanted) => keys.fingerprint().difference(wanted),
                None => Some(Difference::NotDescribed(dataset.clone())),
            };
            if let Some(difference) = difference {
                return Err(Mismatch::new(&self.directory, difference));
            }
        }
        Ok(())
    }

    /// The keys of a data set with so many rows to stretch, those that are there and those to come.
    ///
    /// # Errors
    ///
    /// Whatever the file system reports.
    pub fn keys(
        &mut self,
        fingerprint: Fingerprint,
        lists: Lists,
        rows: u64,
    ) -> Result<&Checkpoint, BuildError> {
        if self.start_over {
            remove_all(&self.directory).on_path(IoAction::Remove, &self.directory)?;
            self.start_over = false;
        }
        let dataset = fingerprint.dataset.clone();
        let keys = match self.files.remove(&dataset) {
            Some(keys) => keys,
            None => self.create(fingerprint)?,
        };
        let keys = keys.expect(lists, rows);
        Ok(self.files.entry(dataset).or_insert(keys))
    }

    /// Of how many rows of a data set there are keys.
    pub fn rows_of(&self, dataset: &str) -> CheckpointRows {
        let keys = self.files.get(dataset);
        self.count(keys.into_iter())
    }

    /// Of how many rows of all data sets there are keys.
    pub fn rows(&self) -> CheckpointRows {
        self.count(self.files.values())
    }

    fn count<'a>(&self, files: impl Iterator<Item = &'a Checkpoint> + Clone) -> CheckpointRows {
        CheckpointRows {
            directory: self.directory.clone(),
            rows: files.clone().map(Checkpoint::rows).sum(),
            expected: files.map(Checkpoint::expected).sum(),
        }
    }

    fn create(&self, fingerprint: Fingerprint) -> Result<Checkpoint, BuildError> {
        refuse_link(&self.directory)?;
        let path = self
            .directory
            .join(format!("{}.{EXTENSION}", fingerprint.dataset));
        self.write_new(&path, &fingerprint)
            .on_path(IoAction::WriteIn, &self.directory)?;
        Checkpoint::open(&path)
    }

    fn write_new(&self, path: &Path, fingerprint: &Fingerprint) -> io::Result<()> {
        create_private_directory(&self.directory)?;
        let (name, content) = IGNORE;
        fs::write(self.directory.join(name), content)?;
        // In one piece, so that a header that is not whole is damage, and never the trace of a cut.
        let mut file = tempfile::Builder::new()
            .suffix(".new")
            .tempfile_in(&self.directory)?;
        file.write_all(&fingerprint.to_bytes()?)?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|failed| failed.error)?;
        durability::directory(&self.directory)
    }

    /// Removes the keys.
    ///
    /// # Errors
    ///
    /// Whatever the file system reports, also where something lies there that is not ours.
    pub fn remove(&mut self) -> io::Result<()> {
        self.files.clear();
        remove_all(&self.directory)
    }

    /// What cannot be removed here holds nothing of anybody.
    fn remove_empty_files(&self) {
        if self.directory.is_symlink() {
            return;
        }
        for keys in self.files.values().filter(|keys| keys.rows() == 0) {
            let _ = fs::remove_file(keys.path());
        }
        if files_in(&self.directory).is_ok_and(|files| !files.iter().any(|path| is_keys(path))) {
            let _ = remove_all(&self.directory);
        }
    }
}

impl Drop for CheckpointDirectory {
    fn drop(&mut self) {
        self.remove_empty_files();
    }
}

fn files_in(directory: &Path) -> io::Result<Vec<PathBuf>> {
    match fs::read_dir(directory) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        entries => entries?.map(|entry| Ok(entry?.path())).collect(),
    }
}

/// Removes what is ours. Where something else is left, the directory stays out of version control.
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
    remove_if_there(fs::remove_file(directory.join(IGNORE.0)))?;
    remove_if_there(fs::remove_dir(directory))
}

fn refuse_link(path: &Path) -> Result<(), CheckpointError> {
    if path.is_symlink() {
        return Err(CheckpointError::Linked(path.to_owned()));
    }
    Ok(())
}

fn remove_if_there(removed: io::Result<()>) -> io::Result<()> {
    match removed {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

fn is_keys(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension == EXTENSION)
}

fn is_ignore(path: &Path) -> bool {
    path.ends_with(IGNORE.0)
}

/// Whether a build has made a file, also one that was killed. A link is none.
fn is_ours(path: &Path) -> io::Result<bool> {
    let is_file = path.symlink_metadata()?.is_file();
    Ok(is_file && is_named_as_ours(path) && (!is_keys(path) || fingerprint::begins(path)?))
}

/// Whether a build makes files of that name.
fn is_named_as_ours(path: &Path) -> bool {
    let is_new = path.extension().is_some_and(|extension| extension == "new");
    is_ignore(path) || is_new || is_keys(path)
}

fn create_private_directory(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => make_private(path),
        created => created,
    }
}

#[cfg(unix)]
fn make_private(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
fn make_private(_: &Path) -> io::Result<()> {
    Ok(())
}
