//! The directory beside the site in which everything is made, so that the site changes only when all is ready.

pub mod atomic_file;
mod contents;
pub mod durability;
mod editions;
pub mod error;
mod lock;
pub mod overwrite_guard;

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::io_action::{IoAction, OnPath};
use cek_nik::catalogue::{self, FILE_NAME};
use cek_nik::merkle::Hash;
use contents::{DATASETS, NEW_SITE, PAGES, PROBE, REPLACED};
use editions::{Content, refuse_links};
use error::StagingError;
use lock::{Lock, LockError};

/// A directory of our own, on the same disk as the site. It is removed when dropped; what a killed process has left is removed by
/// the next one.
pub struct Staging {
    site: PathBuf,
    directory: PathBuf,
    /// Dropped last, and the directory with it.
    _lock: Lock,
}

/// Where the editions of a site lie.
const DATA: &str = "data";

/// What lies in the site for a moment.
const MOVED_PROBE: &str = ".cek-nik.probe";

/// A data set whose shards are ready in the stage.
pub struct Ready {
    /// The data set.
    pub id: String,
    /// The root of its Merkle tree.
    pub root: Hash,
    /// Where its shards are.
    pub shards: PathBuf,
}

/// An old edition, and why it is still there, if it is.
pub struct Removed {
    /// Where it was.
    pub path: PathBuf,
    /// Why it could not be removed.
    pub error: Option<io::Error>,
}

impl Staging {
    /// Opens the stage of a site.
    ///
    /// # Errors
    ///
    /// A directory that is something else than a site or that cannot be published to, a staging directory that no build has made, another build
    /// of the same site, or whatever the file system reports.
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
        let lock = Lock::acquire(&directory).map_err(|error| match error {
            LockError::Held => StagingError::OtherBuild(site.clone()),
            error => error.into(),
        })?;
        let stage = Self {
            site,
            directory,
            _lock: lock,
        };
        contents::clear(&stage.directory).on_path(IoAction::Remove, &stage.directory)?;
        stage.refuse_unwritable()?;
        Ok(stage)
    }

    /// Tries what [`Self::publish`] will do: keys may take days, and should not be made for a place that cannot be published to. Probes that
    /// a killed build has left are removed.
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
                    .map_err(|source| StagingError::Unpublishable {
                        path: directory.clone(),
                        source,
                    })?;
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

    /// The site.
    pub fn site(&self) -> &Path {
        &self.site
    }

    /// Makes a directory for a data set.
    ///
    /// # Errors
    ///
    /// Whatever the file system reports.
    pub fn dataset(&self, id: &str) -> io::Result<PathBuf> {
        let path = self.directory.join(DATASETS).join(id);
        fs::create_dir_all(&path)?;
        Ok(path)
    }

    /// Moves everything into the site. A new site is put together in the stage and appears at once. In an old one, shards
    /// come first, then the pages that have changed, the catalogue last: until that last step it answers with its old edition. Whatever needs room on the
    /// disk is written before, and all of it is there after a power cut, too. Then editions that no catalogue names any more are removed;
    /// the paths of those that could not be are returned too. What a build has not made is left alone.
    ///
    /// # Errors
    ///
    /// A link in the site, a foreign file among damaged shards, or whatever the file system reports; the site then answers as before.
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
        // Once more: keys may have taken days.
        refuse_links(&self.site.join(DATA))?;
        self.fill(&self.site, ready, pages, catalogue)?;
        Ok(self.remove_old_editions(ready))
    }

    fn fill(
        &self,
        site: &Path,
        ready: &[Ready],
        pages: &[(&str, &[u8])],
        catalogue: &str,
    ) -> Result<(), StagingError> {
        let catalogue = (FILE_NAME, catalogue.as_bytes());
        // The same version of cek-nik has written the same pages: then nothing but the catalogue changes, at once.
        let pages = pages.iter();
        let changed = pages.filter(|(name, content)| !is_file_with(&site.join(name), content));
        let changed: Vec<_> = changed.collect();
        for (name, content) in changed.iter().copied().chain([&catalogue]) {
            self.prepare(name, content)
                .map_err(|source| StagingError::Beside {
                    what: (*name).to_owned(),
                    source,
                })?;
        }
        for edition in ready {
            durability::files_in(&edition.shards).on_path(IoAction::Write, &edition.shards)?;
        }
        for edition in ready {
            let path = site.join(catalogue::edition_path(&edition.id, &edition.root));
            self.place(edition, &path)?;
            sync_up_to(site, &path).on_path(IoAction::Write, &path)?;
        }
        for (name, _) in changed {
            self.move_page(name, site)?;
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

    fn prepare(&self, name: &str, content: &[u8]) -> io::Result<()> {
        let pages = self.directory.join(PAGES);
        fs::create_dir_all(&pages)?;
        let mut file = File::create(pages.join(name))?;
        file.write_all(content)?;
        file.sync_all()
    }

    fn place(&self, edition: &Ready, path: &Path) -> Result<(), StagingError> {
        match self
            .move_edition(edition, path)
            .on_path(IoAction::Write, path)?
        {
            None => Ok(()),
            Some(foreign) => Err(StagingError::AmongDamagedShards(path.join(foreign))),
        }
    }

    /// Moves an edition to where it belongs, unless a file that is not ours is in the way.
    fn move_edition(&self, edition: &Ready, path: &Path) -> io::Result<Option<OsString>> {
        fs::create_dir_all(path.parent().unwrap_or(path))?;
        if !path.exists() {
            fs::rename(&edition.shards, path)?;
            return Ok(None);
        }
        let there = Content::of(path)?;
        if same_shards(&edition.shards, path, &there)? {
            return Ok(None);
        }
        if there.foreign.is_some() {
            return Ok(there.foreign);
        }
        // The path names the bytes that belong there, so these are damaged, and for a moment there are none.
        let replaced = self.directory.join(REPLACED).join(&edition.id);
        fs::create_dir_all(self.directory.join(REPLACED))?;
        fs::rename(path, &replaced)?;
        fs::rename(&edition.shards, path).or_else(|error| {
            fs::rename(&replaced, path)?;
            Err(error)
        })?;
        Ok(None)
    }

    /// Removes the editions that are not `current`. The site has its new catalogue by then, so that what fails is told and stops nothing.
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
                    // Somebody else's directory, which happens to be named like an edition.
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
                // Only if it is empty now. An empty directory does no harm.
                let _ = fs::remove_dir(&dataset);
            }
        }
        removed
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        // While it is locked. What cannot be removed now is removed by the next build.
        let _ = contents::clear(&self.directory);
    }
}

/// Where a site is: behind a symbolic link, since a directory cannot be moved over the link itself.
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

/// Removes the probe that a build has left which was killed right after it had moved it.
fn remove_left_probe(directory: &Path) -> Result<(), StagingError> {
    let probe = directory.join(MOVED_PROBE);
    // A disk that cannot be written to refuses to remove what is not there, too.
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

/// Makes sure of the name of an edition, and of those of the directories that it lies in.
fn sync_up_to(site: &Path, edition: &Path) -> io::Result<()> {
    let directories = edition.ancestors().skip(1);
    directories
        .take_while(|directory| directory.starts_with(site))
        .try_for_each(durability::directory)
}

/// Whether a site is yet to be made: the directory is not there, or holds nothing but a probe of a build that runs or was killed.
fn is_new(site: &Path) -> io::Result<bool> {
    match fs::read_dir(site) {
        Ok(entries) => {
            for entry in entries {
                if entry?.file_name() != MOVED_PROBE {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error),
    }
}

fn is_empty(directory: &Path) -> io::Result<bool> {
    match fs::read_dir(directory) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error),
    }
}

/// What was listed in a directory; an error is told among what was to be removed.
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

/// Whether an edition has shards of the same names and bytes as new ones.
fn same_shards(new: &Path, edition: &Path, there: &Content) -> io::Result<bool> {
    if Content::of(new)?.shards != there.shards {
        return Ok(false);
    }
    for name in &there.shards {
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
