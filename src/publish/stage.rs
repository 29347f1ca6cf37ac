//! The directory beside the site in which everything is made, so that the site changes only when all is ready.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use crate::catalogue::{self, FILE_NAME};
use crate::merkle::Hash;

/// A directory of our own, on the same disk as the site. It is removed when dropped; what a killed process has left is removed by
/// the next one.
pub struct Stage {
    site: PathBuf,
    directory: PathBuf,
    lock: Option<File>,
}

/// A data set whose shards are ready in the stage.
pub struct Ready {
    /// The data set.
    pub id: String,
    /// The root of its Merkle tree.
    pub root: Hash,
    /// Where its shards are.
    pub shards: PathBuf,
}

impl Stage {
    /// Opens the stage of a site.
    ///
    /// # Errors
    ///
    /// A directory that is something else than a site, another build of the same site, or whatever the file system reports.
    pub fn beside(site: &Path) -> anyhow::Result<Self> {
        let shown = site.display();
        let site = std::path::absolute(site)?;
        let (Some(parent), Some(name)) = (site.parent(), site.file_name()) else {
            bail!("{shown}: give a directory for the site");
        };
        if !is_empty(&site).with_context(|| format!("cannot read {shown}"))?
            && !site.join(FILE_NAME).is_file()
        {
            bail!(
                "{shown} is not empty and holds no {FILE_NAME}: it is not a site of cek-nik; choose a new directory"
            );
        }
        fs::create_dir_all(parent)
            .with_context(|| format!("cannot write in {}", parent.display()))?;
        let directory = parent.join(format!(".{}.building", name.to_string_lossy()));
        fs::create_dir_all(&directory)
            .with_context(|| format!("cannot write in {}", parent.display()))?;
        let lock = File::create(directory.join("lock"))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                bail!("another build of {shown} is running; wait until it has ended")
            }
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        let stage = Self {
            site,
            directory,
            lock: Some(lock),
        };
        stage.clear()?;
        Ok(stage)
    }

    /// The site.
    pub fn site(&self) -> &Path {
        &self.site
    }

    /// Makes a directory in the stage.
    ///
    /// # Errors
    ///
    /// Whatever the file system reports.
    pub fn subdirectory(&self, name: &str) -> io::Result<PathBuf> {
        let path = self.directory.join(name);
        fs::create_dir(&path)?;
        Ok(path)
    }

    /// Moves everything into the site: shards first, then the pages, the catalogue last. Until that last step the site
    /// answers with its old edition. Then editions that no catalogue names any more are removed, and their paths
    /// returned.
    ///
    /// # Errors
    ///
    /// Whatever the file system reports.
    pub fn publish(
        self,
        ready: &[Ready],
        pages: &[(&str, &str)],
        catalogue: &str,
    ) -> anyhow::Result<Vec<PathBuf>> {
        for edition in ready {
            let path = self
                .site
                .join(catalogue::edition_path(&edition.id, &edition.root));
            let failed = || format!("cannot write {}", path.display());
            fs::create_dir_all(path.parent().unwrap_or(&self.site)).with_context(failed)?;
            if path.exists() {
                // The same root, so the same bytes, unless somebody has changed them since.
                fs::rename(&path, self.directory.join(format!("{}-before", edition.id)))
                    .with_context(failed)?;
            }
            fs::rename(&edition.shards, &path).with_context(failed)?;
        }
        for (name, content) in pages {
            self.write(name, content)?;
        }
        self.write(FILE_NAME, catalogue)?;
        self.remove_old_editions(ready)
    }

    fn write(&self, name: &str, content: &str) -> anyhow::Result<()> {
        let beside = self.directory.join("page");
        let write = || {
            let mut file = File::create(&beside)?;
            file.write_all(content.as_bytes())?;
            file.sync_all()?;
            fs::rename(&beside, self.site.join(name))
        };
        write().with_context(|| format!("cannot write {}", self.site.join(name).display()))
    }

    fn remove_old_editions(&self, current: &[Ready]) -> anyhow::Result<Vec<PathBuf>> {
        let kept: Vec<PathBuf> = current
            .iter()
            .map(|edition| {
                self.site
                    .join(catalogue::edition_path(&edition.id, &edition.root))
            })
            .collect();
        let mut removed = Vec::new();
        for dataset in directories(&self.site.join("data"))? {
            for edition in directories(&dataset)? {
                if !kept.contains(&edition) {
                    fs::remove_dir_all(&edition)
                        .with_context(|| format!("cannot remove {}", edition.display()))?;
                    removed.push(edition);
                }
            }
            if is_empty(&dataset)? {
                fs::remove_dir(&dataset)
                    .with_context(|| format!("cannot remove {}", dataset.display()))?;
            }
        }
        Ok(removed)
    }

    fn clear(&self) -> io::Result<()> {
        for entry in fs::read_dir(&self.directory)? {
            let path = entry?.path();
            if path.is_dir() {
                fs::remove_dir_all(path)?;
            } else if !path.ends_with("lock") {
                fs::remove_file(path)?;
            }
        }
        Ok(())
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        // Windows does not remove a directory with an open file in it.
        self.lock = None;
        // What cannot be removed now is removed by the next build.
        let _ = fs::remove_dir_all(&self.directory);
    }
}

fn is_empty(directory: &Path) -> io::Result<bool> {
    match fs::read_dir(directory) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error),
    }
}

fn directories(path: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}
