//! Staging: a directory next to the site where a build creates everything before it publishes.
//!
//! ```
//! use cek_nik_publisher::staging::{Place, Ready, Staging};
//!
//! let parent = tempfile::tempdir()?;
//! let site = parent.path().join("site");
//! let staging = Staging::open(&site)?;
//! let other = Staging::open(&site).err().map(|error| error.code());
//! assert_eq!(other, Some("other_build"));
//!
//! let shards = staging.dataset("contoh")?.join("shards");
//! std::fs::create_dir(&shards)?;
//! let place = Place::Staging;
//! let ready = Ready { id: "contoh".to_owned(), root: [0; 32], shards, place };
//! staging.publish(&[ready], &[("index.html", b"<!doctype html>")], "{}")?;
//! assert!(site.join("index.html").exists());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod atomic_file;
mod contents;
pub(crate) mod durability;
mod editions;
pub mod error;
mod lock;
pub mod overwrite_guard;

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::io_action::{IoAction, OnPath, unless_missing};
use cek_nik::catalogue::{self, FILE_NAME};
use cek_nik::merkle::Hash;
use cek_nik::signature;
use contents::{DATASETS, NEW_SITE, PAGES, PROBE, REPLACED};
use editions::{Content, refuse_links};
use error::StagingError;
use lock::Lock;

/// A locked directory on the same disk as the site. Dropping it removes the directory; the next
/// build removes the directory of a killed one.
pub struct Staging {
    site: PathBuf,
    directory: PathBuf,
    /// Dropped last, because it removes the directory.
    _lock: Lock,
}

/// Directory of a site with one directory for each data set.
const DATA: &str = "data";

/// Name of the probe while it is in the site.
const MOVED_PROBE: &str = ".cek-nik.probe";

/// A data set whose shards are complete and synced.
pub struct Ready {
    /// The id of the data set.
    pub id: String,
    /// The root of its Merkle tree.
    pub root: Hash,
    /// The directory of its shards.
    pub shards: PathBuf,
    /// Where that is.
    pub place: Place,
}

/// Where the shards of a data set are before they are published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the staging directory.
    Staging,
    /// In the site, where they stay.
    Site,
}

/// The removal of an old edition.
pub struct Removed {
    /// The directory of the edition.
    pub path: PathBuf,
    /// Why it is still there, if the removal failed.
    pub error: Option<io::Error>,
}

impl Staging {
    /// Locks and empties the staging directory of a site, and makes sure that a build can publish
    /// to the site.
    ///
    /// # Errors
    ///
    /// Another directory than a site, no permission to publish to it, files in the staging
    /// directory that no build created, or another build of the same site.
    pub fn open(site: &Path) -> Result<Self, StagingError> {
        let site = resolved(site)?;
        let (Some(parent), Some(name)) = (site.parent(), site.file_name()) else {
            return Err(StagingError::NoDirectory(site));
        };
        if !is_new(&site).on_path(IoAction::Read, &site)? && !site.join(FILE_NAME).is_file() {
            return Err(StagingError::NotASite(site));
        }
        refuse_links(&site.join(DATA))?;
        fs::create_dir_all(parent).on_path(IoAction::WriteIn, parent)?;
        let directory = parent.join(format!(".{}.building", name.to_string_lossy()));
        let lock = Lock::acquire(&directory)?;
        let staging = Self {
            site,
            directory,
            _lock: lock,
        };
        contents::clear(&staging.directory).on_path(IoAction::Remove, &staging.directory)?;
        staging.refuse_unwritable()?;
        Ok(staging)
    }

    /// Moves a probe into each directory that [`Self::publish`] will move files into, because a
    /// build can take days before that. Also removes the probes of killed builds.
    fn refuse_unwritable(&self) -> Result<(), StagingError> {
        let data = self.site.join(DATA);
        remove_left_probe(&self.site)?;
        remove_left_probe(&data)?;
        let mut datasets = Vec::new();
        let listed = editions::datasets(&data);
        for dataset in listed.on_path(IoAction::Read, &data)? {
            remove_left_probe(&dataset)?;
            let has_shards = editions::has_shards(&dataset);
            if has_shards.on_path(IoAction::Read, &dataset)? {
                datasets.push(dataset);
            }
        }
        for directory in [&self.site, &data].into_iter().chain(&datasets) {
            if directory.is_dir() {
                self.try_to_move_into(directory)
                    .map_err(|source| StagingError::unpublishable(directory, source))?;
            }
        }
        Ok(())
    }

    fn try_to_move_into(&self, directory: &Path) -> io::Result<()> {
        let probe = self.directory.join(PROBE);
        File::create(&probe)?;
        let moved = directory.join(MOVED_PROBE);
        fs::rename(&probe, &moved)?;
        fs::remove_file(moved)
    }

    /// The site, behind a symbolic link if the path is one.
    pub fn site(&self) -> &Path {
        &self.site
    }

    /// Whether the site has editions of a data set, or its empty directory: what a build that was
    /// killed may have left.
    ///
    /// # Errors
    ///
    /// A directory that cannot be read.
    pub fn has_remains(&self, id: &str) -> Result<bool, StagingError> {
        let dataset = self.site.join(DATA).join(id);
        let has_remains = || {
            let is_empty = dataset.is_dir() && is_empty(&dataset)?;
            Ok(is_empty || !unless_missing(editions::editions(&dataset))?.is_empty())
        };
        Ok(has_remains().on_path(IoAction::Read, &dataset)?)
    }

    /// Creates a directory for a data set.
    ///
    /// # Errors
    ///
    /// A full disk.
    pub fn dataset(&self, id: &str) -> io::Result<PathBuf> {
        let path = self.directory.join(DATASETS).join(id);
        fs::create_dir_all(&path)?;
        Ok(path)
    }

    /// Moves everything into the site, then removes the editions that the catalogue does not name.
    ///
    /// A new site is assembled in the staging directory and renamed. In an existing site, the
    /// shards come first, then the changed pages, and the catalogue last: until then, the site
    /// answers with its old edition. Everything that needs disk space is written and synced before
    /// that. Files that no build created stay. The signature of another catalogue is removed.
    ///
    /// # Errors
    ///
    /// A link in the site, or another file among damaged shards; the site then answers as before.
    pub fn publish(
        &self,
        ready: &[Ready],
        pages: &[(&str, &[u8])],
        catalogue: &str,
    ) -> Result<Vec<Removed>, StagingError> {
        if is_empty(&self.site).on_path(IoAction::Read, &self.site)? {
            let new = self.directory.join(NEW_SITE);
            self.fill(&new, ready, pages, catalogue)?;
            if self.site.exists() {
                fs::remove_dir(&self.site).on_path(IoAction::Write, &self.site)?;
            }
            fs::rename(&new, &self.site).on_path(IoAction::Write, &self.site)?;
            durability::directory(self.site.parent().unwrap_or(&self.site))
                .on_path(IoAction::Write, &self.site)?;
            return Ok(Vec::new());
        }
        // Again, because a build can take days.
        refuse_links(&self.site.join(DATA))?;
        self.fill(&self.site, ready, pages, catalogue)?;
        Ok(self.remove_old_editions(ready))
    }

    /// Replaces one file of the site, or adds it: whole, synced, and at once.
    ///
    /// # Errors
    ///
    /// A full disk, or no permission; the file is then as it was.
    pub fn replace_file(&self, name: &str, content: &[u8]) -> Result<(), StagingError> {
        self.write_page(name, content)?;
        self.move_page(name, &self.site)?;
        durability::directory(&self.site).on_path(IoAction::Write, &self.site)?;
        Ok(())
    }

    /// Replaces pages, then removes all editions, the signature and the catalogue. The catalogue
    /// comes last: while it is there, the same call can complete what a killed one has begun.
    ///
    /// # Errors
    ///
    /// A link in the site, a full disk, or no permission.
    pub fn withdraw(&self, pages: &[(&str, Vec<u8>)]) -> Result<Vec<Removed>, StagingError> {
        refuse_links(&self.site.join(DATA))?;
        for (name, content) in pages {
            self.write_page(name, content)?;
        }
        for (name, _) in pages {
            self.move_page(name, &self.site)?;
        }
        durability::directory(&self.site).on_path(IoAction::Write, &self.site)?;
        let removed = self.remove_old_editions(&[]);
        let data = self.site.join(DATA);
        let datasets = editions::datasets(&data).on_path(IoAction::Read, &data)?;
        for directory in datasets.iter().chain([&data]) {
            // Only succeeds if it is empty.
            let _ = fs::remove_dir(directory);
        }
        for name in [signature::FILE_NAME, FILE_NAME] {
            let path = self.site.join(name);
            unless_missing(fs::remove_file(&path)).on_path(IoAction::Remove, &path)?;
        }
        durability::directory(&self.site).on_path(IoAction::Write, &self.site)?;
        Ok(removed)
    }

    fn fill(
        &self,
        site: &Path,
        ready: &[Ready],
        pages: &[(&str, &[u8])],
        catalogue: &str,
    ) -> Result<(), StagingError> {
        let catalogue = (FILE_NAME, catalogue.as_bytes());
        // The same version writes the same pages: then only the catalogue changes.
        let changed: Vec<_> = pages
            .iter()
            .filter(|(name, content)| !is_file_with(&site.join(name), content))
            .collect();
        for (name, content) in changed.iter().copied().chain([&catalogue]) {
            self.write_page(name, content)?;
        }
        let staged = ready
            .iter()
            .filter(|edition| edition.place == Place::Staging);
        for edition in staged.clone() {
            durability::directory(&edition.shards).on_path(IoAction::Write, &edition.shards)?;
        }
        for edition in staged {
            let path = site.join(catalogue::edition_path(&edition.id, &edition.root));
            self.move_edition(edition, &path)?;
            sync_up_to(site, &path).on_path(IoAction::Write, &path)?;
        }
        for (name, _) in changed {
            self.move_page(name, site)?;
        }
        if !is_file_with(&site.join(FILE_NAME), catalogue.1) {
            // The old signature would make readers refuse the new catalogue as forged.
            let signature = site.join(signature::FILE_NAME);
            unless_missing(fs::remove_file(&signature)).on_path(IoAction::Remove, &signature)?;
        }
        durability::directory(site).on_path(IoAction::Write, site)?;
        self.move_page(FILE_NAME, site)?;
        durability::directory(site).on_path(IoAction::Write, site)?;
        Ok(())
    }

    fn move_page(&self, name: &str, site: &Path) -> Result<(), StagingError> {
        let path = site.join(name);
        fs::rename(self.directory.join(PAGES).join(name), &path).on_path(IoAction::Write, &path)?;
        Ok(())
    }

    fn write_page(&self, name: &str, content: &[u8]) -> Result<(), StagingError> {
        let pages = self.directory.join(PAGES);
        let path = pages.join(name);
        let write = || {
            fs::create_dir_all(&pages)?;
            let mut file = File::create(&path)?;
            file.write_all(content)?;
            file.sync_all()
        };
        Ok(write().on_path(IoAction::Write, &path)?)
    }

    /// Moves an edition into the site, unless another file is among the shards to replace.
    fn move_edition(&self, edition: &Ready, path: &Path) -> Result<(), StagingError> {
        let foreign = self
            .replace_shards(edition, path)
            .on_path(IoAction::Write, path)?;
        match foreign {
            None => Ok(()),
            Some(name) => Err(StagingError::AmongDamagedShards(path.join(name))),
        }
    }

    fn replace_shards(&self, edition: &Ready, path: &Path) -> io::Result<Option<OsString>> {
        fs::create_dir_all(path.parent().unwrap_or(path))?;
        if !path.exists() {
            fs::rename(&edition.shards, path)?;
            return Ok(None);
        }
        let existing = Content::of(path)?;
        if same_shards(&edition.shards, path, &existing)? {
            return Ok(None);
        }
        if existing.foreign.is_some() {
            return Ok(existing.foreign);
        }
        // The name is the hash of the right content, so these shards are damaged. For a moment
        // there are none.
        let replaced = self.directory.join(REPLACED).join(&edition.id);
        fs::create_dir_all(self.directory.join(REPLACED))?;
        fs::rename(path, &replaced)?;
        fs::rename(&edition.shards, path).or_else(|error| {
            fs::rename(&replaced, path)?;
            Err(error)
        })?;
        Ok(None)
    }

    /// Removes the editions that are not `current`. The new catalogue is published by then, so
    /// failures are reported and stop nothing.
    fn remove_old_editions(&self, current: &[Ready]) -> Vec<Removed> {
        let mut removed = Vec::new();
        let data = self.site.join(DATA);
        for dataset in listed(&data, editions::datasets(&data), &mut removed) {
            let mut is_any_gone = false;
            for edition in listed(&dataset, editions::editions(&dataset), &mut removed) {
                let is_current = current.iter().any(|ready| {
                    let root = base16ct::lower::encode_string(&ready.root);
                    dataset.ends_with(&ready.id) && edition.ends_with(root)
                });
                if is_current {
                    continue;
                }
                let error = match Content::of(&edition) {
                    // Another directory that happens to be named like an edition.
                    Ok(content) if content.shards.is_empty() && content.foreign.is_some() => {
                        continue;
                    }
                    Ok(Content {
                        foreign: Some(name),
                        ..
                    }) => Some(io::Error::other(format!(
                        "it also holds {}, which is not a shard",
                        name.to_string_lossy()
                    ))),
                    Ok(_) => editions::remove(&edition).err(),
                    Err(error) => Some(error),
                };
                is_any_gone |= error.is_none();
                removed.push(Removed {
                    path: edition,
                    error,
                });
            }
            if is_any_gone {
                // Only succeeds if it is empty. An empty directory does no harm.
                let _ = fs::remove_dir(&dataset);
            }
        }
        removed
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        // While it is locked. The next build removes what is left.
        let _ = contents::clear(&self.directory);
    }
}

/// The directory of a site, behind a link: a directory cannot be renamed over a link.
fn resolved(site: &Path) -> Result<PathBuf, StagingError> {
    let absolute = std::path::absolute(site).on_path(IoAction::Read, site)?;
    if !absolute.is_symlink() {
        return Ok(absolute);
    }
    absolute
        .canonicalize()
        .map_err(|source| StagingError::DanglingLink {
            path: site.to_owned(),
            source,
        })
}

/// Removes the probe of a build that was killed right after moving it.
fn remove_left_probe(directory: &Path) -> Result<(), StagingError> {
    let probe = directory.join(MOVED_PROBE);
    // A read-only disk refuses even to remove a file that does not exist.
    if probe.symlink_metadata().is_err() {
        return Ok(());
    }
    fs::remove_file(&probe).on_path(IoAction::Remove, &probe)?;
    Ok(())
}

/// Whether a path is a regular file with this content.
fn is_file_with(path: &Path, content: &[u8]) -> bool {
    let is_as_long = path
        .symlink_metadata()
        .is_ok_and(|metadata| metadata.is_file() && metadata.len() == content.len() as u64);
    is_as_long && fs::read(path).is_ok_and(|found| found == content)
}

/// Syncs the directories between a site and an edition.
fn sync_up_to(site: &Path, edition: &Path) -> io::Result<()> {
    let directories = edition.ancestors().skip(1);
    directories
        .take_while(|directory| directory.starts_with(site))
        .try_for_each(durability::directory)
}

/// Whether a site does not exist yet: a directory that is missing, empty or holds only a probe.
fn is_new(site: &Path) -> io::Result<bool> {
    Ok(names_in(site)?.iter().all(|name| name == MOVED_PROBE))
}

fn is_empty(directory: &Path) -> io::Result<bool> {
    Ok(names_in(directory)?.is_empty())
}

/// The names in a directory; none if it does not exist.
fn names_in(directory: &Path) -> io::Result<Vec<OsString>> {
    let names = |entries: fs::ReadDir| entries.map(|entry| Ok(entry?.file_name())).collect();
    unless_missing(fs::read_dir(directory).and_then(names))
}

/// The directories that were listed; an error is added to the failed removals.
fn listed(
    directory: &Path,
    found: io::Result<Vec<PathBuf>>,
    removed: &mut Vec<Removed>,
) -> Vec<PathBuf> {
    found.unwrap_or_else(|error| {
        removed.push(Removed {
            path: directory.to_owned(),
            error: Some(error),
        });
        Vec::new()
    })
}

/// Whether two directories hold shards of the same names and content.
fn same_shards(new: &Path, edition: &Path, existing: &Content) -> io::Result<bool> {
    if Content::of(new)?.shards != existing.shards {
        return Ok(false);
    }
    for name in &existing.shards {
        if fs::read(new.join(name))? != fs::read(edition.join(name))? {
            return Ok(false);
        }
    }
    Ok(true)
}

#[cfg(all(test, unix))]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn two_builds_never_share_a_staging_directory() {
        let desk = tempfile::tempdir().unwrap();
        let site = desk.path().join("site");
        let holders = AtomicUsize::new(0);
        let builds = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    while builds.load(Ordering::SeqCst) < 500 {
                        match Staging::open(&site) {
                            Ok(stage) => {
                                assert_eq!(holders.fetch_add(1, Ordering::SeqCst), 0);
                                builds.fetch_add(1, Ordering::SeqCst);
                                std::thread::yield_now();
                                assert_eq!(holders.fetch_sub(1, Ordering::SeqCst), 1);
                                drop(stage);
                            }
                            Err(error) => {
                                let error = format!("{error:#}");
                                assert!(error.contains("another build"), "{error}");
                            }
                        }
                    }
                });
            }
        });
        let left: Vec<_> = fs::read_dir(desk.path()).unwrap().collect();
        assert!(left.is_empty(), "{left:?}");
    }

    #[test]
    fn a_staging_directory_that_has_become_a_link_is_not_emptied() {
        let desk = tempfile::tempdir().unwrap();
        let foreign = desk.path().join("foreign/pages");
        fs::create_dir_all(&foreign).unwrap();
        fs::write(foreign.join("notes.txt"), "not of cek-nik").unwrap();
        let stage = Staging::open(&desk.path().join("site")).unwrap();
        fs::rename(&stage.directory, desk.path().join("moved")).unwrap();
        std::os::unix::fs::symlink(desk.path().join("foreign"), &stage.directory).unwrap();
        drop(stage);
        assert!(foreign.join("notes.txt").exists());
        assert!(desk.path().join(".site.building").is_symlink());
    }

    #[test]
    fn a_link_in_the_staging_directory_is_removed_and_its_target_stays() {
        let desk = tempfile::tempdir().unwrap();
        let foreign = desk.path().join("foreign");
        fs::create_dir(&foreign).unwrap();
        fs::write(foreign.join("notes.txt"), "not of cek-nik").unwrap();
        let stage = Staging::open(&desk.path().join("site")).unwrap();
        let inside = stage.dataset("x").unwrap().join("shards");
        for link in [stage.directory.join(PAGES), inside] {
            std::os::unix::fs::symlink(&foreign, link).unwrap();
        }
        drop(stage);
        assert!(foreign.join("notes.txt").exists());
        assert!(!desk.path().join(".site.building").exists());
    }
}
