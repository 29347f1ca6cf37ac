//! Choice of prefix bits and false-positive rate, with the reasons. `plan` shows it, `build` uses
//! it.

use serde::Serialize;

use super::accuracy::{
    DEFAULT_CERTAINTY, HIGHEST_RATE, LOWEST_RATE, enumerators_share, false_positive_rate,
};
use super::anonymity_set::AnonymitySet;
use super::number_format;
use super::size::{
    TooLarge, average_rate, bloom, chance_of_an_empty_shard, fullest, usual_fullest,
};
use cek_nik::accuracy::{POPULATION, certainty};
use cek_nik::filter::Bloom;
use cek_nik::prefix::PrefixBits;
use cek_nik::sizes::{shard_bytes, shard_bytes_around};

/// The default for the longest shard, in bytes.
pub const MAX_SHARD_BYTES: u64 = 512 << 10;
/// The default for the longest whole set, in bytes. A whole set is one shard, without prefix bits.
pub const MAX_WHOLE_BYTES: u64 = 4 << 20;

/// The limits that the publisher sets; the rest is derived.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Constraints {
    /// How many bits of the key choose the shard.
    pub prefix_bits: Option<PrefixBits>,
    /// The false-positive rate, between 0 and 1; derived from `certainty` if not given.
    pub false_positive_rate: Option<f64>,
    /// The target precision, between 0 and 1: the share of "in the list" answers that are true, if
    /// everyone asks once.
    pub certainty: f64,
    /// The longest shard in bytes, if there are several.
    pub max_shard_bytes: u64,
    /// The longest whole set in bytes.
    pub max_whole_bytes: u64,
    /// How many people may ask.
    pub population: u64,
}

impl Default for Constraints {
    fn default() -> Self {
        Self {
            prefix_bits: None,
            false_positive_rate: None,
            certainty: DEFAULT_CERTAINTY,
            max_shard_bytes: MAX_SHARD_BYTES,
            max_whole_bytes: MAX_WHOLE_BYTES,
            population: POPULATION,
        }
    }
}

impl Constraints {
    /// Checks the ranges.
    ///
    /// # Errors
    ///
    /// [`PlanError::NotARate`], [`PlanError::NotACertainty`] or [`PlanError::NoPopulation`].
    pub fn check(&self) -> Result<(), PlanError> {
        let between = |share: f64| share > 0.0 && share < 1.0;
        if !self.false_positive_rate.is_none_or(between) {
            return Err(PlanError::NotARate);
        }
        if !between(self.certainty) {
            return Err(PlanError::NotACertainty);
        }
        if self.population == 0 {
            return Err(PlanError::NoPopulation);
        }
        Ok(())
    }
}

/// Why there is no plan.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[allow(missing_docs, reason = "the messages name the fields")]
pub enum PlanError {
    #[error("a false-positive rate is more than 0 and less than 1, for example 0.001")]
    NotARate,
    #[error(
        "a certainty is more than 0 and less than 1, for example 0.99: no filter makes every \
         answer true, and a higher certainty also tells more to someone who tries all numbers"
    )]
    NotACertainty,
    #[error("a population is at least one person")]
    NoPopulation,
    #[error("a list without a NIK cannot be published: give the number of different NIKs in it")]
    NoRows,
    /// A filter larger than clients accept, in bytes.
    #[error(
        "with {bits} prefix bits a shard would have {bytes}, and no reader's browser accepts more \
         than {limit}: {next} a higher false-positive rate",
        bytes = number_format::bytes(*bytes), limit = number_format::bytes(*limit),
        next = too_large_next(*bits)
    )]
    TooLarge { bits: u8, bytes: u64, limit: u64 },
    /// Shards without a key, which tell an observer the answer. `most` is the largest number of
    /// prefix bits that makes them unlikely.
    #[error(
        "with {bits} prefix bits, some of the {shards} shards may be empty: {distinct} different \
         NIKs are too few for them. Anyone who sees a reader fetch an empty shard knows the \
         answer. {next}",
        shards = number_format::number((*shards).into()),
        distinct = number_format::number(*distinct), next = empty_shards_next(*most)
    )]
    EmptyShards {
        bits: u8,
        shards: u32,
        distinct: u64,
        most: u8,
    },
}

impl PlanError {
    /// The stable name, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotARate => "invalid_rate",
            Self::NotACertainty => "invalid_certainty",
            Self::NoPopulation => "no_population",
            Self::NoRows => "no_rows",
            Self::TooLarge { .. } => "shards_too_large",
            Self::EmptyShards { .. } => "empty_shards",
        }
    }
}

fn too_large_next(bits: u8) -> &'static str {
    if bits < PrefixBits::MAX {
        "give more prefix bits, or"
    } else {
        "there are no more prefix bits, so publish fewer NIKs, or give"
    }
}

fn empty_shards_next(most: u8) -> String {
    match most {
        0 => "Publish the list whole: 0 prefix bits".to_owned(),
        most => format!("Give at most {most} prefix bits"),
    }
}

/// The reason for a false-positive rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RateReason {
    /// The publisher gave it.
    Given,
    /// It gives the target precision.
    Certainty,
    /// The target precision allows more than [`HIGHEST_RATE`].
    Highest,
    /// The target precision needs less than [`LOWEST_RATE`].
    Lowest,
    /// The list has as many NIKs as there are people, so there is no precision to compute.
    EverybodyListed,
}

/// The reason for a number of prefix bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BitsReason {
    /// The publisher gave them.
    Given,
    /// The whole set is short enough, so no bit has to leave the device.
    WholeFits,
    /// With fewer bits, shards would be too long.
    FewestThatFit,
    /// Shards are too long even with the most bits that clients send and that leave no shard empty.
    NoneFits,
}

/// The consequences of a number of prefix bits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    /// The prefix bits.
    pub prefix_bits: PrefixBits,
    /// The filter of each shard; `None` if clients would refuse it.
    pub filter: Option<Bloom>,
    /// The length of each shard, header and Merkle path included. One salt in 100 needs a bit more.
    pub shard_bytes: u64,
    /// The people who share the prefix.
    pub anonymity_set: AnonymitySet,
    /// Whether some shard is empty with a probability of 1 in 100 or more.
    pub empty_shards: bool,
}

/// The probability of an empty shard from which a plan is refused.
const EMPTY_SHARD_CHANCE: f64 = 0.01;

impl Row {
    fn of(bits: PrefixBits, distinct: u64, rate: f64, population: u64) -> Self {
        let filter = bloom(fullest(distinct, bits), rate);
        Self {
            prefix_bits: bits,
            filter: filter.ok(),
            shard_bytes: match filter {
                Ok(filter) => shard_bytes(filter, bits.get()) as u64,
                Err(TooLarge { bytes }) => shard_bytes_around(bytes, bits.get()),
            },
            anonymity_set: AnonymitySet::of(bits, population),
            empty_shards: chance_of_an_empty_shard(distinct, bits) >= EMPTY_SHARD_CHANCE,
        }
    }

    /// Whether few people share the prefix.
    pub fn has_small_crowd(&self) -> bool {
        self.anonymity_set.is_small_behind(self.prefix_bits)
    }

    /// The length of all shards together.
    pub fn site_bytes(&self) -> u64 {
        self.shard_bytes
            .saturating_mul(u64::from(self.prefix_bits.shards()))
    }

    fn fits(&self, constraints: &Constraints) -> bool {
        let most = if self.prefix_bits.get() == 0 {
            constraints.max_whole_bytes
        } else {
            constraints.max_shard_bytes
        };
        self.filter.is_some() && self.shard_bytes <= most
    }
}

/// The parameters of one data set, with the reasons.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The number of different NIKs.
    pub distinct: u64,
    /// The publisher's limits.
    pub constraints: Constraints,
    /// The false-positive rate that the filters are sized for.
    pub false_positive_rate: f64,
    /// The reason for it.
    pub rate_reason: RateReason,
    /// The usual false-positive rate over all shards. It is lower than that of the fullest shard,
    /// most of all for small shards.
    pub average_rate: f64,
    /// The chosen row.
    pub chosen: Row,
    /// The filter of the chosen row.
    pub filter: Bloom,
    /// The reason for its prefix bits.
    pub bits_reason: BitsReason,
}

impl Plan {
    /// Chooses the parameters for a number of different NIKs.
    pub fn new(distinct: u64, constraints: &Constraints) -> Result<Self, PlanError> {
        constraints.check()?;
        if distinct == 0 {
            return Err(PlanError::NoRows);
        }
        let (rate, rate_reason) = rate(distinct, constraints);
        let row = |bits| Row::of(bits, distinct, rate, constraints.population);
        let (chosen, bits_reason) = match constraints.prefix_bits {
            Some(bits) => (row(bits), BitsReason::Given),
            None => fewest(row, constraints),
        };
        let bits = chosen.prefix_bits;
        let filter = chosen.filter.ok_or(PlanError::TooLarge {
            bits: bits.get(),
            bytes: chosen.shard_bytes,
            limit: Bloom::MAX_BITS / 8,
        })?;
        // All shards are as long as the fullest one needs, which is usually less than allowed for.
        let usual = bloom(usual_fullest(distinct, bits), rate).unwrap_or(filter);
        let average_rate = match bits {
            PrefixBits::NONE => rate,
            bits => average_rate(distinct, bits, usual),
        };
        Ok(Self {
            distinct,
            constraints: *constraints,
            false_positive_rate: rate,
            rate_reason,
            average_rate,
            chosen,
            filter,
            bits_reason,
        })
    }

    /// Refuses a plan that may leave shards empty.
    ///
    /// # Errors
    ///
    /// [`PlanError::EmptyShards`].
    pub fn refuse_empty_shards(&self) -> Result<(), PlanError> {
        if self.chosen.empty_shards {
            Err(empty_shards(self.chosen.prefix_bits, self.distinct))
        } else {
            Ok(())
        }
    }

    /// The consequences of all numbers of prefix bits, from 0 to [`PrefixBits::MAX`].
    pub fn rows(&self) -> impl Iterator<Item = Row> {
        all_bits().map(|bits| {
            Row::of(
                bits,
                self.distinct,
                self.false_positive_rate,
                self.constraints.population,
            )
        })
    }

    /// The expected number of false "in the list" answers, if everyone asks once.
    pub fn false_alarms(&self) -> f64 {
        let others = self.constraints.population.saturating_sub(self.distinct);
        others as f64 * self.false_positive_rate
    }

    /// The share of true numbers in an enumerator's finds, see [`enumerators_share`].
    pub fn enumerators_share(&self, candidates: u64) -> f64 {
        enumerators_share(self.distinct, self.average_rate, candidates)
    }

    /// The precision of "in the list" answers, see [`certainty`]; `None` if the list has as many
    /// NIKs as there are people.
    pub fn certainty(&self) -> Option<f64> {
        let population = self.constraints.population;
        (self.distinct < population)
            .then(|| certainty(self.distinct, self.false_positive_rate, population))
    }
}

/// The error for shards that are empty or likely to be.
pub fn empty_shards(bits: PrefixBits, distinct: u64) -> PlanError {
    let is_filled =
        |bits: &PrefixBits| chance_of_an_empty_shard(distinct, *bits) < EMPTY_SHARD_CHANCE;
    let shorter = all_bits().filter(|shorter| *shorter < bits);
    PlanError::EmptyShards {
        bits: bits.get(),
        shards: bits.shards(),
        distinct,
        most: shorter.filter(is_filled).last().map_or(0, PrefixBits::get),
    }
}

fn all_bits() -> impl Iterator<Item = PrefixBits> {
    (0..=PrefixBits::MAX).filter_map(PrefixBits::new)
}

fn rate(distinct: u64, constraints: &Constraints) -> (f64, RateReason) {
    if let Some(rate) = constraints.false_positive_rate {
        return (rate, RateReason::Given);
    }
    let rate = false_positive_rate(distinct, constraints.certainty, constraints.population);
    let reason = if distinct >= constraints.population {
        RateReason::EverybodyListed
    } else if rate >= HIGHEST_RATE {
        RateReason::Highest
    } else if rate <= LOWEST_RATE {
        RateReason::Lowest
    } else {
        RateReason::Certainty
    };
    (rate, reason)
}

/// The fewest bits whose shards fit; if none fit, the most that leave no shard empty.
fn fewest(row: impl Fn(PrefixBits) -> Row, constraints: &Constraints) -> (Row, BitsReason) {
    let mut last = row(PrefixBits::NONE);
    for bits in all_bits() {
        if row(bits).empty_shards {
            break;
        }
        last = row(bits);
        if last.fits(constraints) {
            let reason = match bits {
                PrefixBits::NONE => BitsReason::WholeFits,
                _ => BitsReason::FewestThatFit,
            };
            return (last, reason);
        }
    }
    (last, BitsReason::NoneFits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::accuracy::PLAUSIBLE_NIKS;

    fn plan(distinct: u64) -> Plan {
        Plan::new(distinct, &Constraints::default()).unwrap()
    }

    fn with_bits(bits: u8) -> Constraints {
        Constraints {
            prefix_bits: PrefixBits::new(bits),
            ..Constraints::default()
        }
    }

    #[test]
    fn small_shards_give_an_enumerator_more() {
        // By the bits of sites that were built: 95.5, 97.9 and 99.27 %.
        for (bits, built) in [(7, 0.955), (8, 0.979), (9, 0.9927)] {
            let plan = Plan::new(40_000, &with_bits(bits)).unwrap();
            let share = plan.enumerators_share(PLAUSIBLE_NIKS);
            assert!((share - built).abs() < 0.01, "{bits}: {share}");
        }
        let share = plan(279_000_000).enumerators_share(PLAUSIBLE_NIKS);
        assert_eq!((share * 1_000.0).round() as u32, 840);
    }

    #[test]
    fn the_list_of_2021_has_ten_bits() {
        let plan = plan(279_000_000);
        assert_eq!(plan.chosen.prefix_bits.get(), 10);
        assert_eq!(plan.bits_reason, BitsReason::FewestThatFit);
        assert_eq!(plan.false_positive_rate, HIGHEST_RATE);
        assert_eq!(plan.rate_reason, RateReason::Highest);
        assert!(plan.certainty().unwrap() > 0.99);
    }

    #[test]
    fn shards_are_as_long_as_in_the_table_of_the_design() {
        let plan = plan(279_000_000);
        // The table is for the average shard; the fullest one is up to three percent fuller.
        for (bits, kilobytes) in [(8, 1_306.0), (10, 326.5), (12, 81.6)] {
            let row = plan.rows().nth(bits).unwrap();
            let ratio = row.shard_bytes as f64 / 1e3 / kilobytes;
            assert!((1.0..1.03).contains(&ratio), "{bits}: {ratio}");
        }
    }

    #[test]
    fn a_small_list_is_whole() {
        let plan = plan(100_000);
        assert_eq!(plan.chosen.prefix_bits, PrefixBits::NONE);
        assert_eq!(plan.bits_reason, BitsReason::WholeFits);
        assert_eq!(plan.rate_reason, RateReason::Certainty);
        assert_eq!(plan.rows().count(), 15);
    }

    #[test]
    fn the_budgets_decide() {
        let distinct = 100_000;
        let constraints = Constraints {
            max_whole_bytes: 200 << 10,
            max_shard_bytes: 100 << 10,
            ..Constraints::default()
        };
        let plan = Plan::new(distinct, &constraints).unwrap();
        assert!(plan.chosen.shard_bytes <= 100 << 10);
        let before = plan.chosen.prefix_bits.get() - 1;
        let before = plan.rows().nth(before.into()).unwrap();
        assert!(before.shard_bytes > 100 << 10);
        let whole = Constraints {
            max_whole_bytes: 400 << 10,
            ..constraints
        };
        let plan = Plan::new(distinct, &whole).unwrap();
        assert_eq!(plan.bits_reason, BitsReason::WholeFits);
        let tiny = Constraints {
            max_whole_bytes: 1,
            max_shard_bytes: 1,
            ..Constraints::default()
        };
        let plan = Plan::new(distinct, &tiny).unwrap();
        assert_eq!(plan.bits_reason, BitsReason::NoneFits);
        assert_eq!(plan.chosen.prefix_bits.get(), 12);
        assert!(plan.rows().nth(13).unwrap().empty_shards);
        let plan = Plan::new(3, &tiny).unwrap();
        assert_eq!(plan.bits_reason, BitsReason::NoneFits);
        assert_eq!(plan.chosen.prefix_bits, PrefixBits::NONE);
    }

    #[test]
    fn the_knobs_have_ends() {
        let refused = |constraints| Plan::new(1_000, &constraints).map(|_| ()).unwrap_err();
        let default = Constraints::default();
        for certainty in [0.0, 1.0, 1.5, -0.5, f64::NAN] {
            let constraints = Constraints {
                certainty,
                ..default
            };
            assert_eq!(refused(constraints), PlanError::NotACertainty);
        }
        for rate in [0.0, 1.0, f64::NAN] {
            let constraints = Constraints {
                false_positive_rate: Some(rate),
                ..default
            };
            assert_eq!(refused(constraints), PlanError::NotARate);
        }
        let no_population = Constraints {
            population: 0,
            ..default
        };
        assert_eq!(refused(no_population), PlanError::NoPopulation);
        assert_eq!(Plan::new(0, &default), Err(PlanError::NoRows));
    }

    #[test]
    fn more_rows_than_people_have_the_highest_rate() {
        let plan = plan(POPULATION);
        assert_eq!(plan.false_positive_rate, HIGHEST_RATE);
        assert_eq!(plan.rate_reason, RateReason::EverybodyListed);
        assert_eq!(plan.certainty(), None);
    }

    #[test]
    fn shards_that_may_be_empty_are_refused() {
        let check = |bits| {
            let plan = Plan::new(1_000, &with_bits(bits)).unwrap();
            plan.refuse_empty_shards()
        };
        assert_eq!(check(6), Ok(()));
        assert_eq!(
            check(8),
            Err(PlanError::EmptyShards {
                bits: 8,
                shards: 256,
                distinct: 1_000,
                most: 6
            })
        );
    }

    #[test]
    fn the_whole_set_is_the_same_for_an_anonymity_set_of_any_size() {
        let of = |bits| {
            let constraints = Constraints {
                population: 40_000,
                ..with_bits(bits)
            };
            let plan = Plan::new(1_000, &constraints).unwrap();
            plan.chosen.has_small_crowd()
        };
        assert!(!of(0));
        assert!(of(1));
    }

    #[test]
    fn numbers_without_sense_do_no_harm() {
        for distinct in [1, u64::MAX / 2, u64::MAX] {
            for population in [1, u64::MAX] {
                for rate in [None, Some(f64::MIN_POSITIVE), Some(1.0 - f64::EPSILON)] {
                    let constraints = Constraints {
                        population,
                        false_positive_rate: rate,
                        ..Constraints::default()
                    };
                    if let Ok(plan) = Plan::new(distinct, &constraints) {
                        assert!(plan.rows().all(|row| row.site_bytes() >= row.shard_bytes));
                    }
                }
            }
        }
    }

    #[test]
    fn a_filter_that_no_client_takes_is_an_error() {
        let error = Plan::new(279_000_000, &with_bits(0)).unwrap_err();
        assert!(matches!(error, PlanError::TooLarge { bits: 0, .. }));
    }
}
