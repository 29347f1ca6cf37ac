//! From a number of NIKs to prefix bits and false-positive rate, with the reasons. The one place that decides: `plan` shows what it
//! chooses, `build` builds it.

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

/// A shard that a reader downloads stays within 512 KiB, unless the publisher says otherwise.
pub const MAX_SHARD_BYTES: u64 = 512 << 10;
/// A set that fits in 4 MiB is one shard, unless the publisher says otherwise: the whole set, for which no bit leaves the device.
pub const MAX_WHOLE_BYTES: u64 = 4 << 20;

/// What the publisher has fixed; the rest is derived.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Constraints {
    /// How many bits choose the shard.
    pub prefix_bits: Option<PrefixBits>,
    /// The false-positive rate, between 0 and 1; without it, `certainty` gives it.
    pub false_positive_rate: Option<f64>,
    /// The share of the people told "in the list" who are in it, if everybody asked once: between 0 and 1.
    pub certainty: f64,
    /// The longest that a shard is to be where there are several, in bytes.
    pub max_shard_bytes: u64,
    /// The longest that a whole set is to be, in bytes.
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
    /// Whether they can be fulfilled at all, whatever the list.
    ///
    /// # Errors
    ///
    /// [`PlanError::NotARate`], [`PlanError::NotACertainty`] or [`PlanError::Nobody`].
    pub fn check(&self) -> Result<(), PlanError> {
        let between = |share: f64| share > 0.0 && share < 1.0;
        if !self.false_positive_rate.is_none_or(between) {
            return Err(PlanError::NotARate);
        }
        if !between(self.certainty) {
            return Err(PlanError::NotACertainty);
        }
        if self.population == 0 {
            return Err(PlanError::Nobody);
        }
        Ok(())
    }
}

/// Why there is no plan. Each says what to do.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum PlanError {
    /// A false-positive rate that is no rate.
    #[error("a false-positive rate is more than 0 and less than 1, for example 0.001")]
    NotARate,
    /// A certainty that no filter gives.
    #[error(
        "a certainty is more than 0 and less than 1, for example 0.99: no filter makes every answer true, and a higher certainty \
         also tells more to somebody who tries all numbers"
    )]
    NotACertainty,
    /// A population of nobody.
    #[error("a population is at least one person")]
    Nobody,
    /// A list of nobody.
    #[error("a list without a NIK cannot be published: give the number of different NIKs in it")]
    NoRows,
    /// The fullest shard would be longer than any client accepts.
    #[error(
        "with {bits} prefix bits a shard would have {bytes}, and no reader's browser takes more than {limit}: \
         {next} a higher false-positive rate",
        bytes = number_format::bytes(*bytes), limit = number_format::bytes(*limit),
        next = if *bits < PrefixBits::MAX { "give more prefix bits, or" } else { "there are no more prefix bits: publish fewer NIKs, or give" }
    )]
    TooLarge {
        /// The prefix bits.
        bits: u8,
        /// Bytes of a shard's filter.
        bytes: u64,
        /// The most that a client accepts.
        limit: u64,
    },
    /// Whoever sees that an empty shard is fetched knows the answer: not in the list.
    #[error(
        "with {bits} prefix bits, some of the {shards} shards may be empty: {distinct} different NIKs are too few for them. Whoever \
         sees a reader fetch an empty shard knows the answer. {next}",
        shards = number_format::number((*shards).into()),
        distinct = number_format::number(*distinct), next = EmptyNext(*most)
    )]
    EmptyShards {
        /// The prefix bits.
        bits: u8,
        /// How many shards these make.
        shards: u32,
        /// How many NIKs there are.
        distinct: u64,
        /// The most prefix bits with which no shard is likely to be empty.
        most: u8,
    },
}

impl PlanError {
    /// The stable name, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotARate => "invalid_rate",
            Self::NotACertainty => "invalid_certainty",
            Self::Nobody => "no_population",
            Self::NoRows => "no_rows",
            Self::TooLarge { .. } => "shards_too_large",
            Self::EmptyShards { .. } => "empty_shards",
        }
    }
}

/// What to do about empty shards.
struct EmptyNext(u8);

impl core::fmt::Display for EmptyNext {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self.0 {
            0 => f.write_str("Publish the list whole: 0 prefix bits"),
            most => write!(f, "Give at most {most} prefix bits"),
        }
    }
}

/// Why the false-positive rate is what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RateReason {
    /// The publisher gave it.
    Given,
    /// It gives the certainty that is wished for.
    Certainty,
    /// A higher one would do for the certainty, and is never derived.
    Highest,
    /// The certainty would take a lower one, which is never derived.
    Lowest,
    /// The list has as many NIKs as there are people, so that no certainty can be computed.
    EverybodyListed,
}

/// Why there are as many prefix bits as there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BitsReason {
    /// The publisher gave them.
    Given,
    /// The whole set is small enough that no bit has to leave the device.
    WholeFits,
    /// With fewer, shards would be longer than they are to be.
    FewestThatFit,
    /// Shards are longer than they are to be even with the most bits that clients send and that leave no shard empty.
    NoneFits,
}

/// What one number of prefix bits would mean.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    /// The prefix bits.
    pub prefix_bits: PrefixBits,
    /// The filter of every shard; none where no client would accept it.
    pub filter: Option<Bloom>,
    /// Bytes of one shard, header and Merkle path included; for one salt in a hundred a few more.
    pub shard_bytes: u64,
    /// Who shares the prefix.
    pub crowd: AnonymitySet,
    /// Whether some shard may well be empty: with a probability of 1 in 100 or more.
    pub empty_shards: bool,
}

/// The probability of an empty shard from which it is refused.
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
            crowd: AnonymitySet::of(bits, population),
            empty_shards: chance_of_an_empty_shard(distinct, bits) >= EMPTY_SHARD_CHANCE,
        }
    }

    /// Whether few people share the prefix.
    pub fn has_small_crowd(&self) -> bool {
        self.crowd.is_small_behind(self.prefix_bits)
    }

    /// Bytes of all shards.
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

/// The parameters of one data set, and why they are these.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// How many different NIKs.
    pub distinct: u64,
    /// What the publisher has fixed.
    pub constraints: Constraints,
    /// What the filters are sized for.
    pub false_positive_rate: f64,
    /// Why.
    pub rate_reason: RateReason,
    /// The false-positive rate over all shards, as it usually comes out: lower than that of the fullest, the more so the fewer keys a shard
    /// has.
    pub average_rate: f64,
    /// What was chosen.
    pub chosen: Row,
    /// The filter of the chosen row.
    pub filter: Bloom,
    /// Why.
    pub bits_reason: BitsReason,
}

impl Plan {
    /// Chooses for so many different NIKs.
    ///
    /// # Errors
    ///
    /// [`PlanError`].
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
        // All shards are as long as the fullest, which is seldom as full as the row allows for.
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

    /// # Errors
    ///
    /// [`PlanError::EmptyShards`] where some shard is likely to be empty.
    pub fn refuse_empty_shards(&self) -> Result<(), PlanError> {
        if self.chosen.empty_shards {
            Err(empty_shards(self.chosen.prefix_bits, self.distinct))
        } else {
            Ok(())
        }
    }

    /// What every number of prefix bits would mean, from 0 to [`PrefixBits::MAX`].
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

    /// How many people who are not in the list would be told that they are, if everybody asked once.
    pub fn false_alarms(&self) -> f64 {
        let others = self.constraints.population.saturating_sub(self.distinct);
        others as f64 * self.false_positive_rate
    }

    /// The share of true numbers in what somebody gets who tries all `candidates`, see [`enumerators_share`].
    pub fn enumerators_share(&self, candidates: u64) -> f64 {
        enumerators_share(self.distinct, self.average_rate, candidates)
    }

    /// The certainty that a reader gets, see [`certainty`]; none where the list has as many NIKs as there are people.
    pub fn certainty(&self) -> Option<f64> {
        let population = self.constraints.population;
        (self.distinct < population)
            .then(|| certainty(self.distinct, self.false_positive_rate, population))
    }
}

/// The error for shards of which some are empty, or are likely to be.
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

/// The fewest bits whose shards stay within the budget; the most that leave none empty, where none do.
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

    #[test]
    fn of_small_shards_an_enumerator_gets_more() {
        // By the bits of sites that were built: 95.5, 97.9 and 99.27 %.
        for (bits, built) in [(7, 0.955), (8, 0.979), (9, 0.9927)] {
            let constraints = Constraints {
                prefix_bits: PrefixBits::new(bits),
                ..Constraints::default()
            };
            let plan = Plan::new(40_000, &constraints).unwrap();
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
        // Filters for the average shard; the fullest of all is up to three percent fuller.
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
        for certainty in [0.0, 1.0, 1.5, -0.5, f64::NAN] {
            let constraints = Constraints {
                certainty,
                ..Constraints::default()
            };
            assert_eq!(refused(constraints), PlanError::NotACertainty);
        }
        for rate in [0.0, 1.0, f64::NAN] {
            let constraints = Constraints {
                false_positive_rate: Some(rate),
                ..Constraints::default()
            };
            assert_eq!(refused(constraints), PlanError::NotARate);
        }
        let nobody = Constraints {
            population: 0,
            ..Constraints::default()
        };
        assert_eq!(refused(nobody), PlanError::Nobody);
        assert_eq!(
            Plan::new(0, &Constraints::default()),
            Err(PlanError::NoRows)
        );
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
        let constraints = |bits| Constraints {
            prefix_bits: PrefixBits::new(bits),
            ..Constraints::default()
        };
        let check = |bits| {
            Plan::new(1_000, &constraints(bits))
                .unwrap()
                .refuse_empty_shards()
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
    fn the_whole_set_is_the_same_for_a_crowd_of_any_size() {
        let of = |bits| {
            let constraints = Constraints {
                population: 40_000,
                prefix_bits: PrefixBits::new(bits),
                ..Constraints::default()
            };
            Plan::new(1_000, &constraints)
                .unwrap()
                .chosen
                .has_small_crowd()
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
        let constraints = Constraints {
            prefix_bits: Some(PrefixBits::NONE),
            ..Constraints::default()
        };
        let error = Plan::new(279_000_000, &constraints).unwrap_err();
        assert!(matches!(error, PlanError::TooLarge { bits: 0, .. }));
    }
}
