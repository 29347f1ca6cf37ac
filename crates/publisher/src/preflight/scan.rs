//! Scan: reads lists once, and counts rows and different identifiers before keys are stretched.
//!
//! Stretching the keys of a large list takes days. An error in it should come out in the minutes
//! that reading takes.

use std::path::Path;

use crate::carried::rows_digest::{DigestKey, RowsDigest};
use crate::error::BuildError;
use crate::input::stats::Stats;
use crate::input::{Input, SourceInfo};
use crate::job::{Job, random_salt};
use crate::keys::derive_keys::{DerivedKeys, Keys, derive_keys};
use crate::keys::distinct_count::count;
use cek_nik::identifier::{Identifier, IdentifierKind};
use cek_nik::key::Kdf;

/// Lists that have been read once.
pub struct Scanned {
    /// What became of the rows.
    pub stats: Stats,
    /// What each list looked like.
    pub seen: Vec<SourceInfo>,
    /// How many different identifiers.
    pub distinct: u64,
    /// Identifiers to look up in a site.
    pub probes: Vec<Identifier>,
    /// The digest of all accepted rows, if a key for it was given.
    pub rows_digest: Option<RowsDigest>,
}

/// Counts the rows and the different identifiers of lists. Meanwhile, nameless files in a directory
/// hold their keys under a random salt that is never written; they vanish with the process.
///
/// # Errors
///
/// An unreadable list, a full disk, or [`crate::job::Cancelled`].
pub fn scan(
    inputs: &[Input],
    identifier: IdentifierKind,
    digest_key: Option<DigestKey>,
    directory: &Path,
    job: &Job,
) -> Result<Scanned, BuildError> {
    let keys = Keys {
        identifier,
        salt: random_salt()?,
        kdf: Kdf::Sha256,
    };
    let DerivedKeys {
        partitions,
        stats,
        source_info: seen,
        probes,
        rows_digest,
        ..
    } = derive_keys(inputs, keys, None, digest_key, None, directory, job)?;
    let distinct = count(&partitions, job)?.total();
    Ok(Scanned {
        stats,
        seen,
        distinct,
        probes,
        rows_digest,
    })
}

/// Whether lists can be read a second time: files can, standard input and pipes cannot.
pub fn can_be_read_twice(inputs: &[Input]) -> bool {
    inputs
        .iter()
        .all(|input| crate::input::size(input).is_some())
}
