//! Figures of one data set.

use serde::Serialize;

use super::expected::{self, Expected, candidates};
use super::fill::{Estimate, Fill};
use super::finding::hidden;
use super::interval::Measured;
use super::shards::Shards;
use cek_nik::accuracy::POPULATION;
use cek_nik::catalogue::{Catalogue, Dataset};
use cek_nik::nik::Date;
use cek_nik::prefix::Prefix;
use cek_nik_publisher::plan::accuracy::DEFAULT_NAME_WORDS;
use cek_nik_publisher::plan::anonymity_set::AnonymitySet;

mod findings;

pub(super) use findings::findings;

/// Figures of one data set: from the catalogue, from the bits of its filters, and from probes.
#[derive(Clone, Debug, Serialize)]
pub struct DatasetAudit {
    /// The id, masked if it reads as a NIK.
    pub id: String,
    /// The number of bits of the key that choose the shard.
    pub prefix_bits: u8,
    /// The number of shards by the catalogue.
    pub shards: u64,
    /// The number of verified shards.
    pub verified: u64,
    /// The length of every shard, in bytes.
    pub shard_bytes: u64,
    /// The length of all shards by the catalogue, in bytes.
    pub site_bytes: u64,
    /// The length of all shards by the plan for these figures, in bytes; `None` if cek-nik would
    /// not build such a data set.
    pub planned_site_bytes: Option<u64>,
    /// People who share a prefix.
    pub people: AnonymitySet,
    /// The consequences of the figures in the catalogue.
    pub promised: Expected,
    /// The consequences of the figures by the bits; `None` if a shard was not verified or is full.
    pub found: Option<Expected>,
    /// The figures by the bits of the verified shards; `None` if there is none.
    pub bits: Option<Bits>,
    /// The share of the probes that were found; `None` if no shard was verified.
    pub measured: Option<Measured>,
}

impl DatasetAudit {
    /// Sums up the shards of a data set.
    pub(super) fn of(
        catalogue: &Catalogue,
        dataset: &Dataset,
        shards: &Shards,
        today: Date,
    ) -> Self {
        let candidates = candidates(catalogue.identifier(), DEFAULT_NAME_WORDS);
        let expected = |distinct, rate| Expected::of(distinct, rate, POPULATION, candidates);
        let bits = Bits::of(&shards.verified);
        let found = bits
            .as_ref()
            .filter(|_| shards.are_whole())
            .and_then(|bits| Some((bits.distinct?, bits.false_positive_rate)))
            .map(|(distinct, rate)| expected(distinct.round() as u64, rate));
        let plan = expected::as_it_is(dataset, POPULATION).ok();
        let all = u64::from(dataset.prefix_bits().shards());
        Self {
            id: hidden(dataset.id(), today),
            prefix_bits: dataset.prefix_bits().get(),
            shards: all,
            verified: shards.verified.len() as u64,
            shard_bytes: dataset.shard_bytes() as u64,
            site_bytes: dataset.shard_bytes() as u64 * all,
            planned_site_bytes: plan.map(|plan| plan.chosen.site_bytes()),
            people: AnonymitySet::of(dataset.prefix_bits(), POPULATION),
            promised: expected(dataset.distinct(), dataset.false_positive_rate()),
            found,
            bits,
            measured: shards.counted.measured(),
        }
    }
}

/// Figures by the bits of all verified shards.
#[derive(Clone, Debug, Serialize)]
pub struct Bits {
    /// The average share of the bits that are set, 0 to 1.
    pub set: f64,
    /// The share of the bits that are set in the fullest shard.
    pub set_in_fullest: f64,
    /// The false-positive rate that follows, as an average over all prefixes.
    pub false_positive_rate: f64,
    /// The false-positive rate of the fullest shard.
    pub false_positive_rate_of_fullest: f64,
    /// The number of different NIKs in these shards; `None` if a shard is full, so that it can hold
    /// any number.
    pub distinct: Option<f64>,
    /// The standard deviation of that estimate.
    pub distinct_deviation: Option<f64>,
    /// The rows of one shard.
    pub rows_per_shard: Option<Rows>,
}

/// Estimated rows of one shard.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Rows {
    /// On average.
    pub average: f64,
    /// In the emptiest.
    pub fewest: f64,
    /// In the fullest.
    pub most: f64,
}

impl Bits {
    fn of(shards: &[(Prefix, Fill)]) -> Option<Self> {
        if shards.is_empty() {
            return None;
        }
        let count = shards.len() as f64;
        let fills = || shards.iter().map(|(_, fill)| *fill);
        let average = |figure: fn(Fill) -> f64| fills().map(figure).sum::<f64>() / count;
        let highest = |figure: fn(Fill) -> f64| fills().map(figure).fold(0.0, f64::max);
        let estimates: Option<Vec<Estimate>> = fills().map(Fill::estimate).collect();
        let all: Option<Estimate> = estimates.as_ref().map(|all| all.iter().copied().sum());
        let rows = |estimates: &Vec<Estimate>| estimates.iter().map(|one| one.rows).collect();
        let rows: Option<Vec<f64>> = estimates.as_ref().map(rows);
        Some(Self {
            set: average(Fill::share),
            set_in_fullest: highest(Fill::share),
            false_positive_rate: average(Fill::false_positive_rate),
            false_positive_rate_of_fullest: highest(Fill::false_positive_rate),
            distinct: all.map(|all| all.rows),
            distinct_deviation: all.map(Estimate::deviation),
            rows_per_shard: rows.map(|rows| Rows {
                average: rows.iter().sum::<f64>() / count,
                fewest: rows.iter().copied().fold(f64::INFINITY, f64::min),
                most: rows.iter().copied().fold(0.0, f64::max),
            }),
        })
    }
}
