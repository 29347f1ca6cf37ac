//! Carried data sets: those whose shards stay in the site when its catalogue is replaced.
//!
//! | module | contents |
//! |---|---|
//! | [`existing_site`] | the published site, and its catalogue with data sets added or removed |
//! | [`unchanged`] | the decision whether a build can keep the shards of a data set |
//! | [`rows_digest`] | the digest by which the rows of a list are recognized |
//! | [`record`] | the private file beside the site that holds it |

pub mod existing_site;
pub mod record;
pub mod rows_digest;
pub mod unchanged;

use std::fmt;
use std::path::PathBuf;
use std::sync::Mutex;

use crate::error::BuildError;
use crate::job::{Cancelled, Event, Job, Step, in_parallel, lock};
use crate::pack::messages::message;
use crate::site::catalogue_document::DatasetDocument;
use crate::staging::{Place, Ready};
use cek_nik::catalogue::{self, Dataset};
use cek_nik::check::{Reason, Source as _};
use cek_nik::prefix::Prefix;
use cek_nik::shard::Shard;
use cek_nik_reader::site::Site;
use existing_site::ExistingSite;

/// A data set whose shards stay in the site.
#[derive(Clone, Debug)]
pub struct CarriedDataset {
    site: PathBuf,
    dataset: Dataset,
    document: DatasetDocument,
}

/// Shards that cannot stay in the site.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {why}", why = message(*.reason))]
pub struct Unverified {
    /// The shard and its data set, or the catalogue whose entry cannot be used.
    pub file: CarriedFile,
    /// What is wrong with it.
    pub reason: Reason,
}

/// A file of a site whose shards are to stay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CarriedFile {
    /// The catalogue.
    Catalogue(PathBuf),
    /// A shard.
    Shard {
        /// The name of the file.
        name: String,
        /// The directory of its data set. The root has digits that would be masked like a NIK.
        directory: PathBuf,
    },
}

impl fmt::Display for CarriedFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Catalogue(path) => write!(f, "{}", path.display()),
            Self::Shard { name, directory } => write!(f, "shard {name} in {}", directory.display()),
        }
    }
}

/// Why the shards of a data set could not be verified.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// A shard is not what the catalogue says.
    #[error(transparent)]
    Unverified(#[from] Unverified),
    /// The job was cancelled.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

impl From<VerifyError> for BuildError {
    fn from(error: VerifyError) -> Self {
        match error {
            VerifyError::Unverified(unverified) => unverified.into(),
            VerifyError::Cancelled(cancelled) => cancelled.into(),
        }
    }
}

impl CarriedDataset {
    /// A data set of the site; `None` if the site has none of that id.
    ///
    /// # Errors
    ///
    /// [`Unverified`] for an entry of the catalogue that this version cannot use.
    pub fn of(existing: &ExistingSite, id: &str) -> Option<Result<Self, Unverified>> {
        let mut entries = existing.catalogue().datasets().iter();
        let entry = entries.find(|entry| entry.id == id)?;
        let mut documents = existing.document.datasets.iter();
        let document = documents.find(|document| document.id == id)?;
        let carried = entry.dataset.as_ref().map(|dataset| Self {
            site: existing.path.clone(),
            dataset: dataset.clone(),
            document: document.clone(),
        });
        Some(carried.map_err(|error| Unverified {
            file: CarriedFile::Catalogue(existing.catalogue_path().to_owned()),
            reason: Reason::Dataset(*error),
        }))
    }

    /// The entry of the catalogue.
    pub fn document(&self) -> &DatasetDocument {
        &self.document
    }

    /// The number of shards.
    pub fn shards(&self) -> u64 {
        self.dataset.prefix_bits().shards().into()
    }

    /// Verifies every shard against the root in the catalogue.
    ///
    /// # Errors
    ///
    /// [`VerifyError::Unverified`] for one of the bad shards.
    pub fn verify(&self, job: &Job) -> Result<(), VerifyError> {
        let bits = self.dataset.prefix_bits();
        job.progress.on(Event::Begin {
            step: Step::Verifying,
            total: Some(u64::from(bits.shards())),
        });
        let prefixes = Mutex::new(bits.all());
        in_parallel(job.threads, || {
            let site = Site::Directory(self.site.clone());
            loop {
                job.check_cancelled()?;
                let Some(prefix) = lock(&prefixes).next() else {
                    return Ok(());
                };
                let read = pollster::block_on(site.shard(&self.dataset, prefix));
                let verified = read.map_err(Reason::Fetch).and_then(|shard| {
                    Shard::verify(shard, &self.dataset, prefix).map_err(Reason::Shard)
                });
                if let Err(reason) = verified {
                    return Err(self.unverified(prefix, reason).into());
                }
                job.progress.on(Event::Advance(1));
            }
        })
    }

    fn unverified(&self, prefix: Prefix, reason: Reason) -> Unverified {
        Unverified {
            file: CarriedFile::Shard {
                name: format!("{prefix}.cnk"),
                directory: self.site.join("data").join(self.dataset.id()),
            },
            reason,
        }
    }

    /// The shards as part of the new edition of the site.
    pub fn ready(&self) -> Ready {
        let path = catalogue::edition_path(self.dataset.id(), self.dataset.root());
        Ready {
            id: self.dataset.id().to_owned(),
            root: *self.dataset.root(),
            shards: self.site.join(path),
            place: Place::Site,
        }
    }
}
