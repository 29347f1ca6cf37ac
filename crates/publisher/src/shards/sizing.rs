//! From a plan and the keys that were counted to the filters that are built: as long as the fullest shard needs.

use crate::keys::distinct_count::Counts;
use crate::plan::choice::{Plan, PlanError, empty_shards};
use crate::plan::size::{TooLarge, bloom};
use cek_nik::filter::Bloom;
use cek_nik::prefix::PrefixBits;

/// The parameters of one data set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sizing {
    /// How many bits choose the shard.
    pub prefix_bits: PrefixBits,
    /// The filter of every shard.
    pub filter: Bloom,
    /// What the filter was sized for.
    pub false_positive_rate: f64,
}

/// Fits the filters of a plan to the keys.
///
/// # Errors
///
/// [`PlanError::TooLarge`].
pub fn size(counts: &Counts, plan: &Plan) -> Result<Sizing, PlanError> {
    let prefix_bits = plan.chosen.prefix_bits;
    let rate = plan.false_positive_rate;
    let filter = bloom(counts.fullest(prefix_bits), rate).map_err(|TooLarge { bytes }| {
        PlanError::TooLarge {
            bits: prefix_bits.get(),
            bytes,
            limit: Bloom::MAX_BITS / 8,
        }
    })?;
    Ok(Sizing {
        prefix_bits,
        filter,
        false_positive_rate: rate,
    })
}

/// # Errors
///
/// [`PlanError::EmptyShards`] where there is one: a plan only foresees how likely that is.
pub fn refuse_empty_shards(counts: &Counts, prefix_bits: PrefixBits) -> Result<(), PlanError> {
    if counts.emptiest(prefix_bits) == 0 {
        Err(empty_shards(prefix_bits, counts.total()))
    } else {
        Ok(())
    }
}
