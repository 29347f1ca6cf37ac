//! Verifies a pack whole, as no client does: every shard, and the hash by which two files are compared.

use std::path::{Path, PathBuf};

use anyhow::{bail, ensure};
use sha2::{Digest, Sha256};

use super::messages::message;
use crate::job::{Job, Step};
use crate::site::{OFFLINE, OFFLINE_NAME};
use cek_nik::check::Reason;
use cek_nik::merkle::Hash;
use cek_nik::pack::dataset_bytes;
use cek_nik::shard::Shard;
use cek_nik_reader::pack_file::{PackFile, PageAround};

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

/// Somebody asked to stop.
#[derive(Debug, thiserror::Error)]
#[error("stopped: not all of {path} was verified", path = .0.display())]
pub struct NotVerified(PathBuf);

/// Reads a pack, or a page with a pack inside, once from its first byte to its last.
///
/// # Errors
///
/// The first thing that is wrong, and [`NotVerified`].
pub fn verify(path: &Path, job: &Job) -> anyhow::Result<Verified> {
    let shown = path.display();
    let bad = |reason| anyhow::anyhow!("{shown}: {}", message(reason));
    let PackFile { pack, page } = PackFile::open(path).map_err(bad)?;
    let file = pack.catalogue().map_err(Reason::Catalogue).map_err(bad)?;
    let catalogue = file.catalogue();
    let mut datasets = Vec::new();
    for entry in catalogue.datasets() {
        match &entry.dataset {
            Ok(dataset) => datasets.push(dataset),
            Err(error) => bail!(
                "{shown}: the data set \"{}\" cannot be verified: {}",
                entry.id,
                message(Reason::Dataset(*error))
            ),
        }
    }
    let all = datasets.iter().map(|dataset| dataset_bytes(dataset)).sum();
    job.progress.begin(Step::Verifying, Some(all));
    let mut hash = Sha256::new_with_prefix(pack.beginning());
    let mut shards = 0;
    for dataset in &datasets {
        for prefix in dataset.prefix_bits().all() {
            job.check_cancelled()
                .map_err(|_| NotVerified(path.to_owned()))?;
            let read = || {
                let shard = pack.shard(dataset, prefix).map_err(Reason::Fetch)?;
                Shard::verify(&shard, dataset, prefix).map_err(Reason::Shard)?;
                Ok(shard)
            };
            let shard = read().map_err(|reason| {
                anyhow::anyhow!(
                    "{shown}: shard {prefix} of the data set \"{}\": {}; copy or download the file again",
                    dataset.id(),
                    message(reason)
                )
            })?;
            hash.update(&shard);
            shards += 1;
            job.progress.advance(shard.len() as u64);
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
fn refuse_other_page(path: &Path, page: &PageAround) -> anyhow::Result<()> {
    let ours: Hash = Sha256::digest(OFFLINE).into();
    ensure!(
        page.empty_sha256 == ours,
        "{shown}: its lists are good, but the page around them is not the {OFFLINE_NAME} of cek-nik {version}: it is that of another version, or was \
         changed, and a changed page can send what is typed. Verify it with the version that made it, or take the lists out of it and open them \
         in a page that you trust: cek-nik pack FILE --out LISTS.cnkpack",
        shown = path.display(),
        version = env!("CARGO_PKG_VERSION"),
    );
    Ok(())
}
