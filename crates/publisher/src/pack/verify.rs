//! Verification of a whole pack: all shards, and the hash by which files are compared.

use std::path::Path;

use sha2::{Digest, Sha256};

use super::Packed;
use super::contents::{self, shard_in};
use super::error::{NextStep, PackingError};
use crate::job::{Event, Job, Step};
use crate::site::OFFLINE;
use crate::staging::atomic_file::Written;
use cek_nik::check::Reason;
use cek_nik::merkle::Hash;
use cek_nik::pack::dataset_bytes;
use cek_nik::shard::Shard;
use cek_nik::signature::PublicKey;
use cek_nik_reader::pack_file::PackFile;

/// Verifies a pack, or a page with a pack inside, and reads it only once. With a key, a pack that
/// the key has not signed is refused.
///
/// # Errors
///
/// [`PackingError`] for the first fault.
pub fn verify(path: &Path, key: Option<&PublicKey>, job: &Job) -> Result<Packed, PackingError> {
    let name = path.display();
    let bad = |reason| PackingError::Site {
        site: name.to_string(),
        is_directory: false,
        reason,
    };
    let PackFile { pack, page } = PackFile::open(path).map_err(bad)?;
    let file = pack.catalogue().map_err(Reason::Catalogue).map_err(bad)?;
    let catalogue = file.catalogue();
    let signature = contents::signature_of(
        pack.signature_file().map(<[u8]>::to_vec),
        key,
        pack.catalogue_file(),
        catalogue,
    );
    let signature = signature.map_err(bad)?;
    let entries = catalogue.datasets().iter();
    let datasets = entries
        .map(|entry| {
            let dataset = entry.dataset.as_ref();
            dataset.map_err(|error| PackingError::Dataset {
                site: name.to_string(),
                id: entry.id.clone(),
                reason: Reason::Dataset(*error),
            })
        })
        .collect::<Result<Vec<_>, _>>()?;
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
                shard: shard_in(&name, dataset, prefix),
                reason,
                next: NextStep::CopyFile,
            })?;
            hash.update(&shard);
            shards += 1;
            job.progress.on(Event::Advance(shard.len() as u64));
        }
    }
    let (bytes, sha256) = match page {
        // A changed page is a program that could send what is typed.
        Some(page) if page.empty_sha256 != Hash::from(Sha256::digest(OFFLINE)) => {
            return Err(PackingError::OtherPage(path.to_owned()));
        }
        Some(page) => (page.bytes, page.sha256),
        None => (pack.length(), hash.finalize().into()),
    };
    Ok(Packed {
        datasets: datasets.iter().map(|d| d.id().to_owned()).collect(),
        shards,
        signed: signature.map(|(signature, _)| signature.trusted_comment().to_owned()),
        file: Written { bytes, sha256 },
    })
}
