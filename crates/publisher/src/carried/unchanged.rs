//! Decision whether a build keeps the shards of a data set: the only place where it is taken.
//!
//! Shards depend on the set of identifiers, their kind, the salt, the key derivation, the id and
//! the sizes of a plan, and on nothing else. So they stay if all of these are the same. The
//! identifiers are read anew and recognized by their verifier: another file, column or rule of
//! reading counts exactly if it gives other identifiers.

use std::fmt;
use std::path::PathBuf;

use super::existing_site::ExistingSite;
use super::record::Records;
use super::{CarriedDataset, Unverified, VerifyError};
use crate::job::{Cancelled, Job};
use crate::keys::derive_keys::Keys;
use crate::preflight::Preflight;

/// Why the shards of a data set that the site has are made again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Remade {
    /// The site has another salt, key derivation or kind of identifier.
    #[error("{0} is not that of the site")]
    OtherKeys(KeyDifference),
    /// No record of the list.
    #[error(
        "{path} has no record of its list, so nothing shows whether the list is unchanged",
        path = .0.display()
    )]
    NoRecord(PathBuf),
    /// A record that cannot be read.
    #[error("the record of its list in {path} is damaged", path = .0.display())]
    DamagedRecord(PathBuf),
    /// Other identifiers.
    #[error("its list has changed")]
    OtherRows,
    /// Other prefix bits, or another false-positive rate.
    #[error("its prefix bits or its false-positive rate have changed")]
    OtherPlan,
    /// Shards that are missing or damaged.
    #[error(transparent)]
    Unverified(Unverified),
}

/// In what the keys of a build differ from those of the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyDifference {
    /// The salt.
    Salt,
    /// The key derivation.
    Kdf,
    /// The kind of identifier.
    Identifier,
}

impl fmt::Display for KeyDifference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Salt => "the salt",
            Self::Kdf => "the key derivation",
            Self::Identifier => "the kind of identifier",
        })
    }
}

/// The data set as the site has it, with verified shards, if a build would make the same shards
/// again; `None` if the site has no data set of that id.
///
/// # Errors
///
/// [`Cancelled`].
pub fn carry(
    id: &str,
    keys: Keys,
    preflight: &Preflight,
    existing: &ExistingSite,
    records: &Records,
    job: &Job,
) -> Result<Option<Result<CarriedDataset, Remade>>, Cancelled> {
    let carried = match CarriedDataset::of(existing, id) {
        None => return Ok(None),
        Some(Err(unverified)) => return Ok(Some(Err(Remade::Unverified(unverified)))),
        Some(Ok(carried)) => carried,
    };
    if let Err(remade) = refuse_changed(&carried, keys, preflight, existing, records) {
        return Ok(Some(Err(remade)));
    }
    match carried.verify(job) {
        Ok(()) => Ok(Some(Ok(carried))),
        Err(VerifyError::Unverified(unverified)) => Ok(Some(Err(Remade::Unverified(unverified)))),
        Err(VerifyError::Cancelled(cancelled)) => Err(cancelled),
    }
}

fn refuse_changed(
    carried: &CarriedDataset,
    keys: Keys,
    preflight: &Preflight,
    existing: &ExistingSite,
    records: &Records,
) -> Result<(), Remade> {
    let of_site = existing.keys();
    if keys.salt != of_site.salt {
        return Err(Remade::OtherKeys(KeyDifference::Salt));
    }
    if keys.kdf != of_site.kdf {
        return Err(Remade::OtherKeys(KeyDifference::Kdf));
    }
    if keys.identifier != of_site.identifier {
        return Err(Remade::OtherKeys(KeyDifference::Identifier));
    }
    let directory = || records.directory.clone();
    if records.is_damaged {
        return Err(Remade::DamagedRecord(directory()));
    }
    let document = carried.document();
    let record = records.find(&document.id, &document.root);
    let record = record.ok_or_else(|| Remade::NoRecord(directory()))?;
    let verifier = record.verifier();
    let verifier = verifier.ok_or_else(|| Remade::DamagedRecord(directory()))?;
    let dataset = &carried.dataset;
    if verifier != preflight.verifier || dataset.distinct() != preflight.distinct {
        return Err(Remade::OtherRows);
    }
    let is_same_plan = preflight.plan.as_ref().is_some_and(|plan| {
        dataset.prefix_bits() == plan.chosen.prefix_bits
            && dataset.false_positive_rate() == plan.false_positive_rate
    });
    is_same_plan.then_some(()).ok_or(Remade::OtherPlan)
}
