//! Verifies a pack whole, as no client does: every shard, and the hash by which two files are compared.

use std::path::Path;

use sha2::{Digest, Sha256};

use super::error::PackingError;
use crate::job::{Event, Job, Step};
use crate::site::OFFLINE;
use cek_nik::check::Reason;
use cek_nik::merkle::Hash;
use cek_nik::pack::dataset_bytes;
use cek_nik::shard::Shard;
use cek_nik_reader::pack_file::PackFile;
use cek_nik_reader::page::PageAround;

/// A file in which every shard is as its catalogue says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The ids of the data sets.
    pub datasets: Vec<String>,
    /// How many shards they have.
    pub shards: u64,
    /// The length of the file.
    pub bytes: u64,
    /// Its SHA-256.
    pub sha256: Hash,
}

/// Reads a pack, or a page with a pack inside, once from its first byte to its last.
///
/// # Errors
///
/// [`PackingError`]: the first thing that is wrong.
pub fn verify(path: &Path, job: &Job) -> Result<Verified, PackingError> {
    let shown = path.display().to_string();
    let bad = |reason| PackingError::Site {
        site: shown.clone(),
        is_directory: false,
        reason,
    };
    let PackFile { pack, page } = PackFile::open(path).map_err(bad)?;
    let file = pack.catalogue().map_err(Reason::Catalogue).map_err(bad)?;
    let catalogue = file.catalogue();
    let mut datasets = Vec::new();
    for entry in catalogue.datasets() {
        match &entry.dataset {
            Ok(dataset) => datasets.push(dataset),
            Err(error) => {
                return Err(PackingError::Dataset {
                    site: shown,
                    id: entry.id.clone(),
                    reason: Reason::Dataset(*error),
                });
            }
        }
    }
    let all = datasets.iter().map(|dataset| dataset_bytes(dataset)).sum();
    job.progress.on(Event::Begin {
        step: Step::Verifying,
        total: Some(all),
    });
    let mut hash = Sha256::new_with_prefix(pack.beginning());
    let mut shards = 0;
    for dataset in &datasets {
        for prefix in dataset.prefix_bits().all() {
            job.check_cancelled()
                .map_err(|_| PackingError::NotVerified(path.to_owned()))?;
            let read = || {
                let shard = pack.shard(dataset, prefix).map_err(Reason::Fetch)?;
                Shard::verify(&shard, dataset, prefix).map_err(Reason::Shard)?;
                Ok(shard)
            };
            let shard = read().map_err(|reason| PackingError::Shard {
                place: format!(
                    "{shown}: shard {prefix} of the data set \"{}\"",
                    dataset.id()
                ),
                reason,
                next: "copy or download the file again",
            })?;
            hash.update(&shard);
            shards += 1;
            job.progress.on(Event::Advance(shard.len() as u64));
        }
    }
    let (bytes, sha256) = match page {
        Some(page) => {
            refuse_other_page(path, &page)?;
            (page.bytes, page.sha256)
        }
        None => (pack.length(), hash.finalize().into()),
    };
    Ok(Verified {
        datasets: datasets.iter().map(|d| d.id().to_owned()).collect(),
        shards,
        bytes,
        sha256,
    })
}

/// A page is a program: one that was changed could send what is typed, however good its lists are.
fn refuse_other_page(path: &Path, page: &PageAround) -> Result<(), PackingError> {
    let ours: Hash = Sha256::digest(OFFLINE).into();
    if page.empty_sha256 == ours {
        Ok(())
    } else {
        Err(PackingError::OtherPage(path.to_owned()))
    }
}
