//! Fill of a filter: its rows and false alarms, estimated from its bits.

use cek_nik::filter::Bloom;

/// Number of bits of a filter that are set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fill {
    bloom: Bloom,
    set: u64,
}

/// Estimated number of rows.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Estimate {
    /// The number.
    pub rows: f64,
    /// The square of the standard deviation. Those of several shards add up.
    pub variance: f64,
}

impl Estimate {
    /// The standard deviation.
    pub fn deviation(self) -> f64 {
        self.variance.sqrt()
    }
}

impl std::iter::Sum for Estimate {
    fn sum<I: Iterator<Item = Self>>(shards: I) -> Self {
        shards.fold(Self::default(), |sum, shard| Self {
            rows: sum.rows + shard.rows,
            variance: sum.variance + shard.variance,
        })
    }
}

impl Fill {
    /// Counts the bits of one shard's filter.
    pub fn of(bloom: Bloom, filter: &[u8]) -> Self {
        let (words, rest) = filter.as_chunks::<8>();
        let in_words: u64 = words
            .iter()
            .map(|word| u64::from(u64::from_le_bytes(*word).count_ones()))
            .sum();
        let in_rest: u64 = rest.iter().map(|byte| u64::from(byte.count_ones())).sum();
        Self {
            bloom,
            set: in_words + in_rest,
        }
    }

    /// Whether no bit is set.
    pub fn is_empty(self) -> bool {
        self.set == 0
    }

    /// The share of the bits that are set.
    pub fn share(self) -> f64 {
        self.set as f64 / self.bloom.bits() as f64
    }

    /// The share of keys outside of the filter that it seems to hold: all k bits of such a key are
    /// set with probability (X/m)^k.
    pub fn false_positive_rate(self) -> f64 {
        self.share().powi(i32::from(self.bloom.hashes()))
    }

    /// The number of keys that have set these bits: n = -(m/k) ln(1 - X/m) (Swamidass and Baldi
    /// 2007), less its bias. `None` if all bits are set: then it can be any number.
    ///
    /// X is the number of bits that kn draws hit, whose variance is m e^-c (1 - (1 + c) e^-c) with
    /// c = kn/m (the occupancy problem). To first order that makes the standard deviation of the
    /// estimate sqrt(m (e^c - 1 - c)) / k, and to second order its bias (e^c - 1 - c) / 2k.
    pub fn estimate(self) -> Option<Estimate> {
        let bits = self.bloom.bits() as f64;
        let hashes = f64::from(self.bloom.hashes());
        let unset = 1.0 - self.share();
        if unset == 0.0 {
            return None;
        }
        let load = -unset.ln();
        let spread = 1.0 / unset - 1.0 - load;
        Some(Estimate {
            rows: (bits * load / hashes - spread / (2.0 * hashes)).max(0.0),
            variance: bits * spread / (hashes * hashes),
        })
    }
}

/// The standard deviation of the logarithm of a filter's rate, for a filter that was sized for
/// `rate`: how far chance alone moves it.
///
/// The rate is (X/m)^k, so its logarithm moves by k times as much as that of X.
pub fn deviation_of_log_rate(bloom: Bloom, rate: f64) -> f64 {
    let hashes = f64::from(bloom.hashes());
    let set = rate.powf(1.0 / hashes);
    let unset = 1.0 - set;
    let load = -unset.ln();
    let variance = unset * (1.0 - (1.0 + load) * unset) / bloom.bits() as f64;
    hashes * variance.sqrt() / set
}

#[cfg(test)]
mod tests {
    use super::*;
    use cek_nik::filter::FilterHash;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::{Rng, SeedableRng};

    fn filled(bloom: Bloom, rows: u64, random: &mut ChaCha8Rng) -> Fill {
        let mut filter = vec![0_u8; bloom.bytes()];
        for _ in 0..rows {
            let mut hash = [0; 16];
            random.fill_bytes(&mut hash);
            for place in bloom.places(&FilterHash(hash)) {
                filter[(place / 8) as usize] |= 1 << (place % 8);
            }
        }
        Fill::of(bloom, &filter)
    }

    #[test]
    fn bits_are_counted_to_the_last_byte() {
        let bloom = Bloom::new(88, 1).unwrap();
        let mut filter = vec![0; 11];
        assert!(Fill::of(bloom, &filter).is_empty());
        filter[10] = 0x81;
        filter[0] = 1;
        assert_eq!(Fill::of(bloom, &filter).share(), 3.0 / 88.0);
    }

    #[test]
    fn rows_are_estimated_as_far_off_as_is_said() {
        let mut random = ChaCha8Rng::seed_from_u64(1);
        // As built for 1,000 rows at 1 in 100, and for 6 rows at 2^-32.
        for (bits, hashes, rows) in [(9_592, 7, 1_000), (280, 32, 6)] {
            let bloom = Bloom::new(bits, hashes).unwrap();
            let rounds = 400;
            let estimates: Vec<Estimate> = (0..rounds)
                .map(|_| filled(bloom, rows, &mut random).estimate().unwrap())
                .collect();
            let count = f64::from(rounds);
            let mean = estimates.iter().map(|e| e.rows).sum::<f64>() / count;
            let variance = estimates
                .iter()
                .map(|e| (e.rows - rows as f64).powi(2))
                .sum::<f64>()
                / count;
            let said = estimates.iter().map(|e| e.variance).sum::<f64>() / count;
            assert!(
                (mean - rows as f64).abs() < 4.0 * (said / count).sqrt(),
                "{mean}"
            );
            assert!(
                (0.8..1.25).contains(&(variance / said)),
                "{variance} {said}"
            );
        }
    }

    #[test]
    fn the_rate_of_a_filter_is_the_one_it_was_sized_for_as_far_as_is_said() {
        let mut random = ChaCha8Rng::seed_from_u64(2);
        let bloom = cek_nik_publisher::plan::size::bloom(500, 1e-4).unwrap();
        let rounds = 400;
        let logs: Vec<f64> = (0..rounds)
            .map(|_| filled(bloom, 500, &mut random).false_positive_rate().ln() - 1e-4_f64.ln())
            .collect();
        let mean = logs.iter().sum::<f64>() / f64::from(rounds);
        let variance = logs.iter().map(|log| log * log).sum::<f64>() / f64::from(rounds);
        let said = deviation_of_log_rate(bloom, 1e-4);
        assert!(mean.abs() < 0.25 * said, "{mean} {said}");
        assert!(
            (0.85..1.15).contains(&(variance.sqrt() / said)),
            "{} {said}",
            variance.sqrt()
        );
    }

    #[test]
    fn of_a_filter_without_a_gap_no_number_follows() {
        let bloom = Bloom::new(64, 3).unwrap();
        let full = Fill::of(bloom, &[0xff; 8]);
        assert_eq!(full.estimate(), None);
        assert_eq!(full.false_positive_rate(), 1.0);
    }
}
