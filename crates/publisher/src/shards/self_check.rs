//! Self-check: looks up rows of the lists in the staged site, before it is published.

use std::fs;

use crate::error::BuildError;
use crate::job::Job;
use crate::keys::derive_keys::PROBES;
use crate::partition::Record;
use crate::staging::Ready;
use cek_nik::catalogue::Dataset;
use cek_nik::check::{Checker, FetchError, Outcome, Reason, Source};
use cek_nik::filter::FilterHash;
use cek_nik::identifier::Identifier;
use cek_nik::prefix::Prefix;
use cek_nik::shard::Shard;
use cek_nik_reader::catalogue_file::CatalogueFile;

/// Looks up some rows of each list, in the way of a reader's browser. A site that finds nobody
/// verifies as well as a good one; only this shows the difference.
///
/// # Errors
///
/// [`BuildError::SelfCheck`] and [`BuildError::Unusable`].
pub fn self_check(
    catalogue: &str,
    ready: &[Ready],
    probes: &[Vec<Identifier>],
    job: &Job,
) -> Result<(), BuildError> {
    let catalogue = CatalogueFile::parse(catalogue.as_bytes())
        .map_err(|error| BuildError::Unusable(Reason::Catalogue(error)))?
        .into_catalogue();
    let mut checker = Checker::new(&catalogue).map_err(BuildError::Unusable)?;
    for (index, (some, ready)) in probes.iter().zip(ready).enumerate() {
        for identifier in some.iter().take(PROBES) {
            job.check_cancelled()?;
            let answers = pollster::block_on(checker.check(identifier, &Staged(ready)));
            let outcome = answers.get(index).map(|answer| answer.outcome);
            if outcome != Some(Outcome::Member) {
                return Err(BuildError::SelfCheck { outcome });
            }
        }
    }
    Ok(())
}

/// Looks up some keys of each key file, whose rows are not known.
///
/// # Errors
///
/// As [`self_check`].
pub fn self_check_keys(
    catalogue: &str,
    ready: &[Ready],
    probes: &[Vec<Record>],
    job: &Job,
) -> Result<(), BuildError> {
    let catalogue = CatalogueFile::parse(catalogue.as_bytes())
        .map_err(|error| BuildError::Unusable(Reason::Catalogue(error)))?
        .into_catalogue();
    for ((entry, ready), keys) in catalogue.datasets().iter().zip(ready).zip(probes) {
        let dataset = match &entry.dataset {
            Ok(dataset) => dataset,
            Err(reason) => return Err(BuildError::Unusable(Reason::Dataset(*reason))),
        };
        for key in keys.iter().take(PROBES) {
            job.check_cancelled()?;
            let prefix = dataset.prefix_bits().prefix_of(key.head);
            let shard = pollster::block_on(Staged(ready).shard(dataset, prefix));
            let outcome = shard
                .ok()
                .map(|bytes| match Shard::verify(bytes, dataset, prefix) {
                    Ok(shard) => shard.look_up(&FilterHash(key.filter)),
                    Err(error) => Outcome::Unknown(Reason::Shard(error)),
                });
            if outcome != Some(Outcome::Member) {
                return Err(BuildError::SelfCheck { outcome });
            }
        }
    }
    Ok(())
}

/// The shards of one data set in the staging directory.
struct Staged<'a>(&'a Ready);

impl Source for Staged<'_> {
    async fn shard(&self, dataset: &Dataset, prefix: Prefix) -> Result<Vec<u8>, FetchError> {
        if dataset.id() != self.0.id {
            return Err(FetchError::NotFound);
        }
        fs::read(self.0.shards.join(format!("{prefix}.cnk"))).map_err(|_| FetchError::NotFound)
    }
}
