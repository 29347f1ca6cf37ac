//! From counts to prefix bits and filter: the fewest bits whose shards stay small, sized by the fullest shard.
//!
//! Logarithms come from the `libm` crate, not from the platform: the same list gives the same bytes everywhere.

use super::count::Counts;
use crate::filter::Bloom;
use crate::plan::{self, accuracy};
use crate::prefix::PrefixBits;
use crate::shard::shard_bytes;

/// A shard that a reader downloads stays within 512 KiB, unless the publisher says otherwise.
pub const MAX_SHARD_BYTES: usize = 512 << 10;
/// A set that fits in 4 MiB is one shard: the whole set, for which no bit leaves the device.
pub const MAX_WHOLE_BYTES: usize = 4 << 20;

/// What the publisher has fixed; the rest is derived.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Wishes {
    /// How many bits choose the shard.
    pub prefix_bits: Option<PrefixBits>,
    /// The false-positive rate, between 0 and 1.
    pub false_positive_rate: Option<f64>,
}

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

/// Why no filter can be made.
#[derive(Debug, thiserror::Error, PartialEq)]
pub enum SizingError {
    /// The fullest shard would be longer than any client accepts.
    #[error(
        "with {bits} prefix bits a shard would have {bytes} bytes, and no reader's browser takes more than {limit}: \
         give more prefix bits, or a higher false-positive rate"
    )]
    TooLarge {
        /// The prefix bits.
        bits: u8,
        /// Bytes of a shard's filter.
        bytes: u64,
        /// The most that a client accepts.
        limit: u64,
    },
    /// A false-positive rate that is no rate.
    #[error("a false-positive rate is more than 0 and less than 1, for example 0.001")]
    NotARate,
}

/// Whether the wishes can be fulfilled at all, whatever the list.
///
/// # Errors
///
/// [`SizingError::NotARate`].
pub fn check(wishes: Wishes) -> Result<(), SizingError> {
    match wishes.false_positive_rate {
        Some(rate) if !(rate > 0.0 && rate < 1.0) => Err(SizingError::NotARate),
        _ => Ok(()),
    }
}

/// Derives what the publisher has not fixed.
///
/// # Errors
///
/// [`SizingError`].
pub fn size(counts: &Counts, wishes: Wishes) -> Result<Sizing, SizingError> {
    let rate = wishes.false_positive_rate.unwrap_or_else(|| {
        accuracy::false_positive_rate(
            counts.total(),
            accuracy::DEFAULT_CERTAINTY,
            plan::POPULATION,
        )
    });
    check(wishes)?;
    let sized = |bits| {
        bloom(counts.fullest(bits), rate, bits).map(|filter| Sizing {
            prefix_bits: bits,
            filter,
            false_positive_rate: rate,
        })
    };
    if let Some(bits) = wishes.prefix_bits {
        return sized(bits);
    }
    let fits = |sizing: &Sizing| {
        let bits = sizing.prefix_bits.get();
        let most = if bits == 0 {
            MAX_WHOLE_BYTES
        } else {
            MAX_SHARD_BYTES
        };
        shard_bytes(sizing.filter, bits) <= most
    };
    let mut last = Err(SizingError::NotARate);
    for bits in (0..=PrefixBits::MAX).filter_map(PrefixBits::new) {
        last = sized(bits);
        if last.as_ref().is_ok_and(fits) {
            break;
        }
    }
    last
}

/// The smallest Bloom filter that keeps the false-positive rate with so many keys: for k bits a key,
/// m = -k n / ln(1 - e^(1/k)), from (1 - e^(-kn/m))^k = e (Bloom 1970, in the usual approximation).
fn bloom(keys: u64, rate: f64, bits: PrefixBits) -> Result<Bloom, SizingError> {
    let hashes = libm::round(-libm::log2(rate)).clamp(1.0, f64::from(Bloom::MAX_HASHES));
    let size = -hashes * keys.max(1) as f64 / libm::log1p(-libm::pow(rate, 1.0 / hashes));
    let bytes = libm::ceil(size / 8.0).max(8.0);
    Bloom::new((bytes as u64).saturating_mul(8), hashes as u8).ok_or(SizingError::TooLarge {
        bits: bits.get(),
        bytes: bytes as u64,
        limit: Bloom::MAX_BITS / 8,
    })
}
