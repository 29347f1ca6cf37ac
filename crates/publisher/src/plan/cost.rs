//! Cost of key derivation: one key a row for the publisher, one key a candidate for an enumerator.

use serde::Serialize;

use super::accuracy::{PLAUSIBLE_NIKS, plausible_pairs};
use super::choice::Plan;
use super::number_format;
use cek_nik::key::{Argon2Cost, Kdf};

/// The keys per second of one core while all cores are busy, as measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CoreSpeed {
    /// With SHA-256.
    pub sha256: f64,
    /// With Argon2id at the chosen cost.
    pub argon2id: f64,
}

/// The core-hours for a number of keys.
pub fn core_hours(keys: u64, keys_per_second: f64) -> f64 {
    keys as f64 / keys_per_second / SECONDS_IN_AN_HOUR
}

const SECONDS_IN_AN_HOUR: f64 = 3_600.0;

/// A graphics card for rent, with published figures.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Gpu {
    /// Its name.
    pub name: &'static str,
    /// Keys per second.
    pub keys_per_second: f64,
    /// The rent in US dollars per hour.
    pub dollars_per_hour: f64,
    /// The source of the speed.
    pub source: &'static str,
    /// The kind and the date of the rent, and its source. Cards that may be reclaimed at any time
    /// are the cheapest, and that does not hinder guessing.
    pub rent_source: &'static str,
}

/// A card with a published speed for SHA-256.
pub const SHA256_GPU: Gpu = Gpu {
    name: "RTX 4090",
    keys_per_second: 21_975.5e6,
    dollars_per_hour: 0.34,
    source: "hashcat 6.2.6, mode 1400, measured by Chick3nman: \
             https://gist.github.com/Chick3nman/32e662a5bb63bc4f51b847bb422222fd",
    rent_source: "spot price of RunPod in March 2026, as listed by \
                  https://deploybase.ai/articles/runpod-gpu-pricing",
};

/// The cheapest card for Argon2id of the five that docs/PRIVACY.md lists, at the default cost. The
/// two with published speeds reach 86 to 89 % of their memory bandwidth.
pub const ARGON2_GPU: Gpu = Gpu {
    name: "A100 40 GB",
    keys_per_second: ARGON2_GPU_KIB_PER_SECOND / (19_456.0 * 5.0),
    dollars_per_hour: 0.2524,
    source: "86 % of its 1,555 GB of memory a second, as other cards reach: \
             https://github.com/openwall/john/issues/5809, \
             https://github.com/hashcat/hashcat/pull/4284",
    rent_source: "spot price of April 2026",
};

/// The memory that the card moves for keys in a second.
const ARGON2_GPU_KIB_PER_SECOND: f64 = 0.86 * 1_555e9 / 1_024.0;

/// The memory that one Argon2id key moves, in KiB: m (3 t - 1). The first pass writes each block
/// and reads one for it; later passes also read the old block (Steve Thomas, "Minimum password
/// settings", <https://tobtu.com/minimum-password-settings/>).
pub fn memory_moved(memory_kib: f64, passes: f64) -> f64 {
    memory_kib * (3.0 * passes - 1.0)
}

/// The graphics card for a key derivation, with its speed at that cost.
///
/// For Argon2id, the speed follows from the memory that a key moves, which limits these cards.
/// Below a few MiB, caches would make a card faster than this.
pub fn gpu(kdf: Kdf) -> Gpu {
    match kdf {
        Kdf::Sha256 => SHA256_GPU,
        Kdf::Argon2id(cost) => Gpu {
            keys_per_second: argon2_gpu_speed(cost),
            ..ARGON2_GPU
        },
    }
}

fn argon2_gpu_speed(cost: Argon2Cost) -> f64 {
    ARGON2_GPU_KIB_PER_SECOND / memory_moved(cost.memory_kib().into(), cost.iterations().into())
}

/// The rent of a graphics card for a number of keys.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Rent {
    /// The card.
    #[serde(skip)]
    pub gpu: Gpu,
    /// The hours.
    #[serde(rename = "gpu_hours")]
    pub hours: f64,
    /// The rent in US dollars.
    pub dollars: f64,
}

impl Rent {
    /// The rent for `keys` keys.
    pub fn of(keys: u64, kdf: Kdf) -> Self {
        let gpu = gpu(kdf);
        let hours = core_hours(keys, gpu.keys_per_second);
        Self {
            gpu,
            hours,
            dollars: hours * gpu.dollars_per_hour,
        }
    }

    /// The hours in words: "12 minutes".
    pub fn time(self) -> String {
        let minutes = (self.hours * 60.0).round();
        match minutes as u64 {
            0 => "seconds".to_owned(),
            1 => "a minute".to_owned(),
            minutes @ ..100 => format!("{minutes} minutes"),
            _ => format!("{} hours", number_format::number(self.hours.round() as u64)),
        }
    }
}

/// The costs of a list, for its publisher and for enumerators, with one key derivation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cost {
    /// The core-hours of a build.
    pub build_core_hours: f64,
    /// The cost of trying all plausible NIKs.
    pub enumerate: Enumeration,
    /// The cost of trying all plausible NIKs with all plausible first words of names.
    pub enumerate_name_locked: Enumeration,
}

impl Cost {
    /// The costs at a measured speed, with `name_words` plausible first words.
    pub fn of(plan: &Plan, kdf: Kdf, keys_per_second: f64, name_words: u64) -> Self {
        let enumeration = |candidates| Enumeration {
            candidates,
            core_hours: core_hours(candidates, keys_per_second),
            rent: Rent::of(candidates, kdf),
            true_share: plan.enumerators_share(candidates),
        };
        Self {
            build_core_hours: core_hours(plan.distinct, keys_per_second),
            enumerate: enumeration(PLAUSIBLE_NIKS),
            enumerate_name_locked: enumeration(plausible_pairs(name_words)),
        }
    }
}

/// The cost and the gain of trying all candidates. Looking up the keys costs extra.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Enumeration {
    /// The number of candidates.
    pub candidates: u64,
    /// The core-hours, at the measured speed.
    pub core_hours: f64,
    /// The rent of a graphics card.
    #[serde(flatten)]
    pub rent: Rent,
    /// The share of the finds that is true.
    pub true_share: f64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::choice::Constraints;

    #[test]
    fn the_publishers_cost_of_the_design() {
        // 16 ms a key, 279 million rows: 1,200 to 1,300 core-hours.
        let hours = core_hours(279_000_000, 1.0 / 0.016);
        assert!((1_200.0..1_300.0).contains(&hours), "{hours}");
    }

    #[test]
    fn the_enumerators_cost_of_the_design() {
        // 10,000 to 20,000 keys a second on a rented card, 30 dollars for all plausible NIKs.
        let speed = gpu(Kdf::Argon2id(Argon2Cost::OWASP)).keys_per_second;
        // 0.86 * 1,555e9 / (1,024 * 19,456 * 5)
        assert_eq!(speed.round() as u64, 13_425);
        assert_eq!(speed, ARGON2_GPU.keys_per_second);
        let rent = Rent::of(PLAUSIBLE_NIKS, Kdf::Argon2id(Argon2Cost::OWASP));
        assert_eq!((rent.hours.round(), rent.dollars.round()), (119.0, 30.0));
        let rent = Rent::of(PLAUSIBLE_NIKS, Kdf::Sha256);
        assert!(rent.hours * 3_600.0 < 1.0);
    }

    #[test]
    fn the_rent_in_words() {
        let words = |hours| {
            Rent {
                gpu: ARGON2_GPU,
                hours,
                dollars: 0.0,
            }
            .time()
        };
        assert_eq!(words(0.008), "seconds");
        assert_eq!(words(0.009), "a minute");
        assert_eq!(words(1.65), "99 minutes");
        assert_eq!(words(1.66), "2 hours");
        assert_eq!(words(103_496.0), "103,496 hours");
    }

    #[test]
    fn the_name_lock_multiplies_only_the_enumerators_cost() {
        let plan = Plan::new(1_000_000, &Constraints::default()).unwrap();
        let cost = Cost::of(&plan, Kdf::Sha256, 20e6, 1_000);
        let ratio = cost.enumerate_name_locked.core_hours / cost.enumerate.core_hours;
        assert!((ratio - 1_000.0).abs() < 1e-6);
        // 1e6 / 20e6 / 3600 and 5.7556e9 / 20e6 / 3600
        assert!((cost.build_core_hours / 1.3889e-5 - 1.0).abs() < 1e-4);
        assert!((cost.enumerate.core_hours / 0.079_939 - 1.0).abs() < 1e-4);
        assert!(cost.enumerate_name_locked.true_share < cost.enumerate.true_share / 100.0);
    }

    #[test]
    fn published_rates_reach_the_same_share_of_the_memory_bandwidth() {
        let share = |keys_per_second: f64, memory_kib, passes, bytes_per_second: f64| {
            keys_per_second * memory_moved(memory_kib, passes) * 1_024.0 / bytes_per_second
        };
        // An RTX 5090 (1.79 TB/s), and an RTX 4090 (1.008 TB/s) with another program.
        for share in [
            share(11_465.0, 16_384.0, 3.0, 1.79e12),
            share(1_667.0, 65_536.0, 3.0, 1.008e12),
        ] {
            assert!((0.85..0.90).contains(&share), "{share}");
        }
    }
}
