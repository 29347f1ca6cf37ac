//! Sizing of filters: fits a plan to the counted keys. All filters are as long as the fullest
//! needs.

use crate::keys::distinct_count::Counts;
use crate::plan::choice::{Plan, PlanError, empty_shards};
use crate::plan::size::{TooLarge, bloom};
use cek_nik::filter::Bloom;
use cek_nik::prefix::PrefixBits;

/// The parameters of a data set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sizing {
    /// How many bits of the key choose the shard.
    pub prefix_bits: PrefixBits,
    /// The filter of each shard.
    pub filter: Bloom,
    /// The false-positive rate that the filter is sized for.
    pub false_positive_rate: f64,
}

/// Fits the filter of a plan to the fullest shard.
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

/// Refuses a site with an empty shard. A plan knows only how likely that is.
pub fn refuse_empty_shards(counts: &Counts, prefix_bits: PrefixBits) -> Result<(), PlanError> {
    if counts.emptiest(prefix_bits) == 0 {
        Err(empty_shards(prefix_bits, counts.total()))
    } else {
        Ok(())
    }
}
