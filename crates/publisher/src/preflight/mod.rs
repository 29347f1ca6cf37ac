//! Preflight: each data set is read once and planned before any key is stretched.
//!
//! The keys of the data sets before it may take days, so everything that is refused is refused
//! here.

pub mod refused;
pub mod scan;

use std::path::PathBuf;

use crate::carried::rows_digest::{DigestKey, RowsDigest, RowsVerifier};
use crate::checkpoint::source_stamp::Lists;
use crate::config::{Accepted, DatasetDescription};
use crate::error::BuildError;
use crate::input::stats::Stats;
use crate::input::{Changed, SourceInfo};
use crate::job::{Event, Job};
use crate::keys::derive_keys::Keys;
use crate::plan::choice::Plan;
use crate::plan::risk::risks;
use crate::preflight::refused::refuse;
use crate::preflight::scan::{can_be_read_twice, scan};
use crate::staging::Staging;
use cek_nik::identifier::Identifier;
use cek_nik::key::Kdf;

/// Different identifiers beside those of the lists of a data set.
#[derive(Clone, Copy, Default)]
pub struct Counted {
    /// Those of the other data sets that were counted.
    pub before: u64,
    /// Those that its key files have at least.
    pub in_files: u64,
}

/// A data set that has been read once.
pub struct Preflight {
    /// How it is to be built; `None` with key files, whose keys are not counted yet.
    pub plan: Option<Plan>,
    /// How many rows have keys to be stretched.
    pub rows: u64,
    /// How many different identifiers.
    pub distinct: u64,
    /// Its lists, watched since before they were read.
    pub watched: Lists,
    /// The counts of accepted and rejected rows.
    pub stats: Stats,
    /// Identifiers to look up in the finished site.
    pub probes: Vec<Identifier>,
    /// The verifier of its rows.
    pub verifier: RowsVerifier,
    seen: Vec<SourceInfo>,
}

impl Preflight {
    /// Reads a data set and plans it; `None` where its keys take no time, or where it can be read
    /// only once. `digest_key` is that of the record of its list, if there is one.
    ///
    /// # Errors
    ///
    /// [`refused::Refused`], a harm that is not accepted, an unreadable list, a full disk, or
    /// [`crate::job::Cancelled`].
    pub fn of(
        dataset: &DatasetDescription,
        keys: Keys,
        counted: Counted,
        accepted: Accepted,
        digest_key: Option<DigestKey>,
        staging: &Staging,
        job: &Job,
    ) -> Result<Option<Self>, BuildError> {
        let is_fast = match keys.kdf {
            Kdf::Sha256 => true,
            Kdf::Argon2id(_) => false,
        };
        if is_fast || dataset.inputs.is_empty() || !can_be_read_twice(&dataset.inputs) {
            return Ok(None);
        }
        let lists: Vec<PathBuf> = dataset.inputs.iter().map(|i| i.path.clone()).collect();
        let watched = Lists::now(&lists);
        let directory = staging.dataset(&dataset.id)?;
        let digest_key = digest_key.map_or_else(DigestKey::random, Ok)?;
        let key = Some(digest_key);
        let scanned = scan(&dataset.inputs, keys.identifier, key, &directory, job)?;
        job.progress.on(Event::ListsRead {
            dataset: &dataset.id,
            lists: &lists,
            source_info: &scanned.seen,
            stats: &scanned.stats,
            distinct: Some(scanned.distinct),
            identifier: keys.identifier,
        });
        refuse(&scanned.stats, &lists, accepted)?;
        let plan = match dataset.key_files.is_empty() {
            true => Some(plan(
                dataset,
                keys,
                scanned.distinct,
                counted.before,
                accepted,
                job,
            )?),
            false => {
                refuse_early(
                    dataset,
                    keys,
                    scanned.distinct.max(counted.in_files),
                    counted.before,
                    accepted,
                )?;
                None
            }
        };
        Ok(Some(Self {
            plan,
            rows: scanned.stats.accepted().rows(),
            distinct: scanned.distinct,
            watched,
            verifier: scanned
                .rows_digest
                .unwrap_or_else(|| RowsDigest::new(digest_key))
                .verifier(keys)?,
            stats: scanned.stats,
            probes: scanned.probes,
            seen: scanned.seen,
        }))
    }

    /// # Errors
    ///
    /// [`Changed`] where a list has been read once more and was another one.
    pub fn refuse_changed(&self, now: &[SourceInfo]) -> Result<(), Changed> {
        let mut lists = self.seen.iter().zip(now);
        match lists.position(|(then, now)| then != now) {
            Some(list) => Err(Changed(self.watched.path(list).to_owned())),
            None => Ok(()),
        }
    }
}

/// Refuses a harm that at least so many different identifiers do: more of them do more of it.
fn refuse_early(
    dataset: &DatasetDescription,
    keys: Keys,
    at_least: u64,
    before: u64,
    accepted: Accepted,
) -> Result<(), BuildError> {
    // Without a plan for so few, there may be one for all.
    let Ok(plan) = Plan::new(at_least, &dataset.constraints) else {
        return Ok(());
    };
    let risks = risks(&plan, keys.kdf, keys.identifier, before + at_least);
    Ok(accepted.risks.check(risks)?)
}

/// Chooses how a data set is built, unless that would harm somebody in a way that the publisher has
/// not accepted.
///
/// # Errors
///
/// [`crate::plan::choice::PlanError`], or a [`crate::plan::risk::Risk`].
pub fn plan(
    dataset: &DatasetDescription,
    Keys {
        identifier, kdf, ..
    }: Keys,
    distinct: u64,
    before: u64,
    accepted: Accepted,
    job: &Job,
) -> Result<Plan, BuildError> {
    let plan = Plan::new(distinct, &dataset.constraints)?;
    if !accepted.empty_shards {
        plan.refuse_empty_shards()?;
    }
    let risks = risks(&plan, kdf, identifier, before + distinct);
    accepted.risks.check(risks)?;
    job.progress.on(Event::Planned {
        dataset: &dataset.id,
        plan: &plan,
        kdf,
        identifier,
    });
    Ok(plan)
}
