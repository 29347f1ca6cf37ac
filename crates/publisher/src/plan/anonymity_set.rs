//! Anonymity set: how many people share a prefix.

use serde::Serialize;

use cek_nik::prefix::PrefixBits;

/// Regencies and cities of Indonesia (Kepmendagri 300.2.2-2138 of 2025).
pub const REGENCIES: u64 = 514;

/// The people of the smallest regency, Supiori in Papua: 28,451 in the first half of 2025
/// (Dukcapil, presentation of 28 August 2025).
pub const SMALLEST_REGENCY: u64 = 28_451;

/// The smallest nationwide anonymity set that a build makes unless the publisher accepts less.
pub const SMALL_CROWD: f64 = 50_000.0;

/// The average number of people who would send the same prefix; keys are as good as random.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct AnonymitySet {
    /// In the country.
    pub country: f64,
    /// In a regency of average population, for someone who knows the reader's region.
    pub average_regency: f64,
    /// In the smallest regency.
    pub smallest_regency: f64,
}

impl AnonymitySet {
    /// The anonymity set of a prefix in a country of `population` people.
    pub fn of(bits: PrefixBits, population: u64) -> Self {
        let share = |people: f64| people / f64::from(bits.shards());
        Self {
            country: share(population as f64),
            average_regency: share(population as f64 / REGENCIES as f64),
            smallest_regency: share(SMALLEST_REGENCY.min(population) as f64),
        }
    }

    /// Whether a prefix leaves fewer than [`SMALL_CROWD`] people. Without prefix bits, all readers
    /// fetch the same file, so their number does not matter.
    pub fn is_small_behind(self, bits: PrefixBits) -> bool {
        bits != PrefixBits::NONE && self.country < SMALL_CROWD
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cek_nik::accuracy::POPULATION;

    #[test]
    fn worked_examples() {
        for (bits, country, regency) in [(8, 1_126, 2_191), (10, 282, 548), (12, 70, 137)] {
            let set = AnonymitySet::of(PrefixBits::new(bits).unwrap(), POPULATION);
            assert_eq!((set.country / 1e3).round() as u64, country);
            assert_eq!(set.average_regency.round() as u64, regency);
        }
    }

    #[test]
    fn twelve_bits_are_the_most_that_leave_a_crowd() {
        let small = |bits| {
            let bits = PrefixBits::new(bits).unwrap();
            AnonymitySet::of(bits, POPULATION).is_small_behind(bits)
        };
        assert!(!small(12));
        assert!(small(13));
    }
}
