//! Filter size for a number of keys, and the number of keys in the fullest shard.
//!
//! Logarithms come from `libm`, not from the platform, so a list gives the same bytes everywhere.

use cek_nik::filter::Bloom;
use cek_nik::prefix::PrefixBits;

/// A filter above [`Bloom::MAX_BITS`], which no client accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLarge {
    /// Its length in bytes.
    pub bytes: u64,
}

/// The smallest Bloom filter that keeps a false-positive rate e with n keys: for k bits a key,
/// m = -k n / ln(1 - e^(1/k)), from (1 - e^(-kn/m))^k = e (Bloom 1970, in the usual approximation).
pub fn bloom(keys: u64, rate: f64) -> Result<Bloom, TooLarge> {
    let hashes = libm::round(-libm::log2(rate)).clamp(1.0, f64::from(Bloom::MAX_HASHES));
    let size = -hashes * keys.max(1) as f64 / libm::log1p(-libm::pow(rate, 1.0 / hashes));
    let bytes = libm::ceil(size / 8.0).max(8.0) as u64;
    Bloom::new(bytes.saturating_mul(8), hashes as u8).ok_or(TooLarge { bytes })
}

/// How often a salt may exceed [`fullest`].
const EXCEEDED: f64 = 0.01;
/// How often a salt may exceed [`almost_certain_fullest`].
const ALMOST_NEVER_EXCEEDED: f64 = 1e-6;
/// How often a salt may exceed [`usual_fullest`].
const USUALLY_EXCEEDED: f64 = 0.5;

/// The most keys in the fullest shard of `distinct` keys, for 99 salts of 100. All shards are as
/// long as the fullest one needs.
///
/// The count of each shard is binomial. The bound is the smallest count that one shard exceeds with
/// a probability below 1/100 divided by the number of shards (Boole's inequality).
pub fn fullest(distinct: u64, bits: PrefixBits) -> u64 {
    exceeded_at_most(EXCEEDED, distinct, bits)
}

/// The most keys in the fullest shard, for every other salt.
pub fn usual_fullest(distinct: u64, bits: PrefixBits) -> u64 {
    exceeded_at_most(USUALLY_EXCEEDED, distinct, bits)
}

/// The most keys in the fullest shard, for all but one salt in a million: what an audit must allow.
pub fn almost_certain_fullest(distinct: u64, bits: PrefixBits) -> u64 {
    exceeded_at_most(ALMOST_NEVER_EXCEEDED, distinct, bits)
}

fn exceeded_at_most(chance: f64, distinct: u64, bits: PrefixBits) -> u64 {
    if bits.get() == 0 {
        return distinct;
    }
    let shards = f64::from(bits.shards());
    let exceeded = chance / shards;
    let (mut too_few, mut enough) = (distinct / u64::from(bits.shards()), distinct);
    if probability_above(too_few, distinct, shards) <= exceeded {
        return too_few;
    }
    while enough - too_few > 1 {
        let middle = too_few + (enough - too_few) / 2;
        if probability_above(middle, distinct, shards) <= exceeded {
            enough = middle;
        } else {
            too_few = middle;
        }
    }
    enough
}

/// An upper bound for the probability that one of `shards` shards holds more than `count` of
/// `distinct` keys. From the average on, the terms of the sum fall by a decreasing factor, so the
/// sum is less than a geometric series with its first factor.
fn probability_above(count: u64, distinct: u64, shards: f64) -> f64 {
    if count >= distinct {
        return 0.0;
    }
    let (n, first) = (distinct as f64, count as f64 + 1.0);
    let ways = libm::lgamma(n + 1.0) - libm::lgamma(first + 1.0) - libm::lgamma(n - first + 1.0);
    let (here, elsewhere) = (-libm::log(shards), libm::log1p(-1.0 / shards));
    let term = libm::exp(ways + first * here + (n - first) * elsewhere);
    let factor = (n - first) / (first + 1.0) / (shards - 1.0);
    if factor < 1.0 {
        (term / (1.0 - factor)).min(1.0)
    } else {
        1.0
    }
}

/// Counts with a lower probability than this, relative to the likeliest count, are ignored.
const NEGLIGIBLE: f64 = 1e-12;

/// The false-positive rate over all shards with one filter: the mean of (1 - e^(-kj/m))^k over the
/// binomial number j of keys in a shard. Most shards hold fewer keys than the fullest one, which
/// the filter is sized for.
pub fn average_rate(distinct: u64, bits: PrefixBits, filter: Bloom) -> f64 {
    let hashes = f64::from(filter.hashes());
    let rate = |keys: f64| {
        let filled = -libm::expm1(-hashes * keys / filter.bits() as f64);
        libm::pow(filled, hashes)
    };
    let (n, others) = (distinct as f64, f64::from(bits.shards()) - 1.0);
    let average = libm::floor(n / f64::from(bits.shards()));
    let (mut weights, mut rates) = (1.0, rate(average));
    let (mut keys, mut weight) = (average, 1.0);
    while keys < n && weight > NEGLIGIBLE {
        weight *= (n - keys) / (keys + 1.0) / others;
        keys += 1.0;
        weights += weight;
        rates += weight * rate(keys);
    }
    let (mut keys, mut weight) = (average, 1.0);
    while keys > 0.0 && weight > NEGLIGIBLE {
        weight *= keys * others / (n - keys + 1.0);
        keys -= 1.0;
        weights += weight;
        rates += weight * rate(keys);
    }
    rates / weights
}

/// An upper bound for the probability of an empty shard: with n keys and S shards, S (1 - 1/S)^n
/// (Boole's inequality).
pub fn chance_of_an_empty_shard(distinct: u64, bits: PrefixBits) -> f64 {
    let shards = f64::from(bits.shards());
    let empty = libm::exp(distinct as f64 * libm::log1p(-1.0 / shards));
    (shards * empty).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bits(bits: u8) -> PrefixBits {
        PrefixBits::new(bits).unwrap()
    }

    #[test]
    fn a_filter_of_one_in_a_hundred_takes_ten_bits_a_key() {
        let bloom = bloom(272_461, 0.01).unwrap();
        // The table of the design: 279 million rows in 1,024 shards, 326 kB each.
        assert_eq!(bloom.bytes() / 1_000, 326);
        assert_eq!(bloom.hashes(), 7);
    }

    #[test]
    fn a_filter_larger_than_a_client_takes_is_none() {
        assert_eq!(
            bloom(279_000_000, 0.01).map_err(|e| e.bytes / 1_000_000),
            Err(334)
        );
    }

    #[test]
    fn the_whole_set_holds_everybody() {
        assert_eq!(fullest(12_345, bits(0)), 12_345);
        assert_eq!(chance_of_an_empty_shard(1, bits(0)), 0.0);
    }

    #[test]
    fn the_fullest_of_two_shards_of_ten_keys() {
        // P(X > 9) = 1/1024 and P(X > 8) = 11/1024; allowed is 1/200.
        let one = probability_above(9, 10, 2.0) * 1_024.0;
        assert!((one - 1.0).abs() < 1e-9, "{one}");
        let eleven = probability_above(8, 10, 2.0) * 1_024.0;
        assert!((11.0..11.2).contains(&eleven), "{eleven}");
        assert_eq!(fullest(10, bits(1)), 9);
        assert_eq!(fullest(1, bits(1)), 1);
        assert_eq!(fullest(0, bits(3)), 0);
    }

    #[test]
    fn one_salt_in_a_hundred_exceeds_the_fullest() {
        use rand_chacha::ChaCha8Rng;
        use rand_chacha::rand_core::{Rng, SeedableRng};
        let (distinct, bits) = (3_000, bits(6));
        let most = fullest(distinct, bits);
        let mut random = ChaCha8Rng::seed_from_u64(1);
        let mut exceeds = || {
            let mut counts = [0_u64; 64];
            (0..distinct).for_each(|_| counts[random.next_u32() as usize % 64] += 1);
            counts.into_iter().max() > Some(most)
        };
        let exceeded = (0..2_000).filter(|_| exceeds()).count();
        assert!((10..=30).contains(&exceeded), "{exceeded} of 2,000");
    }

    #[test]
    fn the_average_rate_is_that_of_every_number_of_keys_by_its_chance() {
        let filter = Bloom::new(64, 1).unwrap();
        let rate = |keys: f64| 1.0 - (-keys / 64.0).exp();
        // Two keys in two shards: none, one or both, with the chances 1/4, 1/2 and 1/4.
        let expected = rate(1.0) / 2.0 + rate(2.0) / 4.0;
        assert!((average_rate(2, bits(1), filter) - expected).abs() < 1e-15);
        assert!((average_rate(9, bits(0), filter) - rate(9.0)).abs() < 1e-15);
    }

    #[test]
    fn the_fullest_is_the_average_and_a_few_standard_deviations() {
        let distinct = 279_000_000.0_f64;
        for p in [1, 8, 10, 14] {
            let shards = f64::from(1_u32 << p);
            let average = distinct / shards;
            let deviation = (average * (1.0 - 1.0 / shards)).sqrt();
            let above = (fullest(distinct as u64, bits(p)) as f64 - average) / deviation;
            assert!((2.5..5.5).contains(&above), "{p}: {above}");
        }
    }

    #[test]
    fn a_random_key_leaves_shards_empty_as_often_as_computed() {
        // 4 keys, 2 shards: all in one of them with probability 2 / 16.
        assert!((chance_of_an_empty_shard(4, bits(1)) - 0.125).abs() < 1e-12);
        assert_eq!(chance_of_an_empty_shard(10, bits(14)), 1.0);
        assert!(chance_of_an_empty_shard(1_002, bits(6)) < 1e-5);
    }
}
