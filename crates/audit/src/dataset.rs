//! The figures of one data set, and what is wrong with them.

use indicatif::{HumanBytes, HumanCount};

use super::contents::SHOWN;
use super::fill::{Estimate, Fill, deviation_of_log_rate};
use super::finding::{Finding, Kind, hidden};
use super::interval::Counted;
use super::kinds;
use super::promise::{self, Promise, candidates};
use super::shards::Shards;
use super::traces::binary::Places;
use cek_nik::accuracy::POPULATION;
use cek_nik::catalogue::{Catalogue, Dataset};
use cek_nik::check::Reason;
use cek_nik::nik::Date;
use cek_nik::prefix::Prefix;
use cek_nik_publisher::plan::accuracy::DEFAULT_NAME_WORDS;
use cek_nik_publisher::plan::anonymity_set::Crowd;
use cek_nik_publisher::plan::choice::Plan;
use cek_nik_publisher::plan::risk::{Harm, small_crowd};

/// What was measured of one data set.
#[derive(Clone, Debug)]
pub struct DatasetAudit {
    /// Its id, as it may be shown.
    pub id: String,
    /// What the catalogue says.
    pub dataset: Dataset,
    /// Shards that were verified.
    pub verified: u64,
    /// Who shares a prefix.
    pub crowd: Crowd,
    /// What the bits say; `None` where no shard was verified.
    pub bits: Option<Bits>,
    /// How many of the probes whose shard was verified were found.
    pub counted: Counted,
    /// What reads as a NIK in the bits, in binary.
    pub places: Places,
    /// What follows from the figures in the catalogue.
    pub promised: Promise,
    /// What follows from the figures that were measured; `None` unless all shards were verified and not full.
    pub found: Option<Promise>,
    /// The plan for the figures in the catalogue; `None` where cek-nik would not build it.
    pub plan: Option<Plan>,
}

/// What the bits of all verified shards say.
#[derive(Clone, Debug)]
pub struct Bits {
    /// The share of the bits that are set, on average and in the fullest shard.
    pub share: f64,
    /// In the fullest shard.
    pub fullest_share: f64,
    /// The false-positive rate that follows, for somebody with any prefix.
    pub false_positive_rate: f64,
    /// That of the fullest shard.
    pub fullest_false_positive_rate: f64,
    /// The rows of all shards; `None` where a shard is full.
    pub rows: Option<Estimate>,
    /// The rows of each verified shard, in the order of prefixes; none where a shard is full.
    pub rows_per_shard: Vec<f64>,
}

/// Chance gives a larger difference less often than once in a million: five standard deviations.
const DEVIATIONS: f64 = 5.0;

/// Shards this much longer than the plan says were made otherwise: the plan itself is a few bytes short for one salt in a hundred.
const MUCH_LONGER: f64 = 1.02;

/// Five of a hundred numbers that somebody gets are a difference that a publisher would have weighed.
const CLEARLY_MORE: f64 = 0.05;

impl Bits {
    fn of(shards: &[(Prefix, Fill)]) -> Option<Self> {
        if shards.is_empty() {
            return None;
        }
        let fills = || shards.iter().map(|(_, fill)| *fill);
        let average =
            |figure: fn(Fill) -> f64| fills().map(figure).sum::<f64>() / shards.len() as f64;
        let highest = |figure: fn(Fill) -> f64| fills().map(figure).fold(0.0, f64::max);
        let estimates: Option<Vec<Estimate>> = fills().map(Fill::estimate).collect();
        Some(Self {
            share: average(Fill::share),
            fullest_share: highest(Fill::share),
            false_positive_rate: average(Fill::false_positive_rate),
            fullest_false_positive_rate: highest(Fill::false_positive_rate),
            rows: estimates.as_ref().map(|all| all.iter().copied().sum()),
            rows_per_shard: estimates
                .into_iter()
                .flatten()
                .map(|estimate| estimate.rows)
                .collect(),
        })
    }
}

impl DatasetAudit {
    /// Sums up what the shards gave.
    pub fn of(catalogue: &Catalogue, dataset: &Dataset, shards: &Shards, today: Date) -> Self {
        let candidates = candidates(catalogue.identifier(), DEFAULT_NAME_WORDS);
        let promise = |distinct, rate| Promise::of(distinct, rate, POPULATION, candidates);
        let bits = Bits::of(&shards.verified);
        let rows = bits.as_ref().and_then(|bits| bits.rows);
        let found = rows
            .filter(|_| shards.are_whole())
            .zip(bits.as_ref())
            .map(|(rows, bits)| promise(rows.rows.round() as u64, bits.false_positive_rate));
        Self {
            id: hidden(dataset.id(), today),
            dataset: dataset.clone(),
            verified: shards.verified.len() as u64,
            crowd: Crowd::of(dataset.prefix_bits(), POPULATION),
            bits,
            counted: shards.counted,
            places: shards.places,
            promised: promise(dataset.distinct(), dataset.false_positive_rate()),
            found,
            plan: promise::as_it_is(dataset, POPULATION).ok(),
        }
    }

    /// Bytes of all shards, as many as there should be.
    pub fn site_bytes(&self) -> u64 {
        self.dataset.shard_bytes() as u64 * u64::from(self.dataset.prefix_bits().shards())
    }

    /// Whether an enumerator gets clearly more truth than was planned: there are less than half as many false alarms, by more than chance.
    fn is_read_more_truly_than_planned(&self) -> bool {
        self.found.is_some_and(|found| {
            let promised = self.promised.false_positive_rate;
            let fewer = 2_f64.max(self.tolerance(self.verified));
            found.false_positive_rate * fewer < promised
                && found.true_share > self.promised.true_share + CLEARLY_MORE
        })
    }

    /// How high the rate may be by chance alone: times the promised one.
    fn tolerance(&self, shards: u64) -> f64 {
        let deviation =
            deviation_of_log_rate(self.dataset.filter(), self.dataset.false_positive_rate());
        (DEVIATIONS * deviation / (shards as f64).sqrt()).exp()
    }
}

/// What is wrong with a data set.
pub fn findings(audit: &DatasetAudit, shards: &Shards) -> Vec<Finding> {
    let id = audit.dataset.id();
    let all = [
        broken(audit, shards),
        bits(audit, shards),
        figures(audit),
        people(audit),
    ];
    all.into_iter()
        .flatten()
        .map(|finding| finding.of_dataset(id))
        .collect()
}

/// Shards that are not as they were built.
fn broken(audit: &DatasetAudit, shards: &Shards) -> Vec<Finding> {
    let of = |prefixes: &[Prefix]| of_all(prefixes, &audit.dataset);
    let mut findings = Vec::new();
    let mut add = |kind: &'static Kind, prefixes: &[Prefix], what: &str| {
        if !prefixes.is_empty() {
            findings.push(Finding::new(
                kind,
                format!("{} {what}: {}", of(prefixes), names(prefixes)),
            ));
        }
    };
    add(&kinds::SHARD_MISSING, &shards.missing, "not there");
    add(&kinds::FILE_UNREADABLE, &shards.unreadable, "not readable");
    let mut refused: Vec<(&'static str, Vec<Prefix>)> = Vec::new();
    for (prefix, error) in &shards.refused {
        let code = Reason::Shard(*error).code();
        match refused.iter_mut().find(|(other, _)| *other == code) {
            Some((_, prefixes)) => prefixes.push(*prefix),
            None => refused.push((code, vec![*prefix])),
        }
    }
    for (code, prefixes) in refused {
        add(
            &kinds::SHARD_REFUSED,
            &prefixes,
            &format!("refused by clients ({code})"),
        );
    }
    findings
}

/// Filters that say too much, or something else than they should.
fn bits(audit: &DatasetAudit, shards: &Shards) -> Vec<Finding> {
    let mut findings = Vec::new();
    let promised = audit.dataset.false_positive_rate();
    let such = |is_such: &dyn Fn(Fill) -> bool| -> Vec<Prefix> {
        let such = shards.verified.iter().filter(|(_, fill)| is_such(*fill));
        such.map(|(prefix, _)| *prefix).collect()
    };
    let empty = such(&Fill::is_empty);
    if !empty.is_empty() {
        let what = format!(
            "{} empty: {}",
            of_all(&empty, &audit.dataset),
            names(&empty)
        );
        findings.push(Finding::new(&kinds::SHARD_EMPTY, what));
    }
    let highest = promised * audit.tolerance(1);
    let overfull = such(&|fill| fill.false_positive_rate() > highest);
    if !overfull.is_empty() {
        let what = format!(
            "{} overfull: {}. Up to {:.3} % of the bits are set, and so up to 1 in {} of those who are not in the list are told that \
             they are; promised is 1 in {}",
            of_all(&overfull, &audit.dataset),
            names(&overfull),
            audit
                .bits
                .as_ref()
                .map_or(0.0, |bits| bits.fullest_share * 100.0),
            one_in(
                audit
                    .bits
                    .as_ref()
                    .map_or(1.0, |bits| bits.fullest_false_positive_rate)
            ),
            one_in(promised)
        );
        findings.push(Finding::new(&kinds::SHARD_OVERFULL, what));
    }
    if let Some(bits) = &audit.bits
        && bits.false_positive_rate > promised * audit.tolerance(audit.verified)
    {
        let what = format!(
            "1 in {} of those who are not in the list are told that they are; promised is 1 in {}",
            one_in(bits.false_positive_rate),
            one_in(promised)
        );
        findings.push(Finding::new(&kinds::RATE_WORSE, what));
    }
    if shards.texts > 0 || shards.places.spell_numbers() {
        let what = format!(
            "{} places in the bits of the filters read as NIKs; chance gives about {}",
            shards.texts as u64 + shards.places.at_bytes,
            shards.places.between_bytes
        );
        findings.push(Finding::new(&kinds::NUMBERS_IN_BITS, what));
    }
    findings
}

/// Figures that contradict each other.
fn figures(audit: &DatasetAudit) -> Vec<Finding> {
    let mut findings = Vec::new();
    let claimed = audit.dataset.distinct();
    let rows = audit.bits.as_ref().and_then(|bits| bits.rows);
    if let Some(rows) = rows.filter(|_| audit.found.is_some()) {
        // Half a row is what rounding may hide.
        let allowed = DEVIATIONS * rows.deviation() + 0.5;
        if (rows.rows - claimed as f64).abs() > allowed {
            let what = format!(
                "the catalogue says {} different NIKs; by the bits that are set there are {}, give or take {}",
                HumanCount(claimed),
                HumanCount(rows.rows.round() as u64),
                HumanCount(allowed.ceil() as u64)
            );
            findings.push(Finding::new(&kinds::DISTINCT_DIFFERS, what));
        }
    }
    if let Some(plan) = &audit.plan
        && audit.dataset.shard_bytes() as f64 > plan.chosen.shard_bytes as f64 * MUCH_LONGER
    {
        let what = format!(
            "every shard has {}; {} are enough for so many NIKs and this rate",
            HumanBytes(audit.dataset.shard_bytes() as u64),
            HumanBytes(plan.chosen.shard_bytes)
        );
        findings.push(Finding::new(&kinds::LONGER_THAN_PLANNED, what));
    }
    if audit.is_read_more_truly_than_planned()
        && let Some(found) = audit.found
    {
        let what = format!(
            "of what somebody gets who tries everything plausible, {} is true by the bits; by the promised rate it would be {}",
            percent(found.true_share),
            percent(audit.promised.true_share)
        );
        findings.push(Finding::new(&kinds::TRUE_SHARE_HIGHER, what));
    }
    if let Ok(plan) = promise::by_itself(&audit.dataset, POPULATION)
        && plan.chosen.prefix_bits < audit.dataset.prefix_bits()
    {
        let what = format!(
            "its prefix has {} bits; cek-nik by itself would take {} for so many NIKs, with files of {}",
            audit.dataset.prefix_bits().get(),
            plan.chosen.prefix_bits.get(),
            HumanBytes(plan.chosen.shard_bytes)
        );
        findings.push(Finding::new(&kinds::NARROWER_THAN_PLANNED, what));
    }
    findings
}

/// Half of those who are told "in the list".
const LOWEST_DECENT_CERTAINTY: f64 = 0.5;

/// What the parameters do to people.
fn people(audit: &DatasetAudit) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(Harm::SmallCrowd {
        bits,
        people,
        nearby,
    }) = small_crowd(audit.dataset.prefix_bits(), POPULATION)
    {
        let what = format!(
            "with {bits} prefix bits, {} people in the country share a prefix, and {nearby:.1} in the smallest regency",
            HumanCount(people as u64)
        );
        findings.push(Finding::new(&kinds::SMALL_CROWD, what));
    }
    match audit.promised.certainty {
        None => {
            let what = format!(
                "{} different NIKs, and {} people",
                HumanCount(audit.dataset.distinct()),
                HumanCount(POPULATION)
            );
            findings.push(Finding::new(&kinds::EVERYBODY_LISTED, what));
        }
        Some(certainty) if certainty < LOWEST_DECENT_CERTAINTY => {
            let what = format!(
                "of 100 people told \"in the list\", {:.0} are in it, if everybody asks once",
                certainty * 100.0
            );
            findings.push(Finding::new(&kinds::CERTAINTY_LOW, what));
        }
        Some(_) => {}
    }
    findings
}

fn of_all(prefixes: &[Prefix], dataset: &Dataset) -> String {
    let all = dataset.prefix_bits().shards();
    let is = if prefixes.len() == 1 { "is" } else { "are" };
    format!("{} of {all} shards {is}", prefixes.len())
}

/// The names of the first few.
fn names(prefixes: &[Prefix]) -> String {
    let mut names: Vec<String> = prefixes
        .iter()
        .take(SHOWN)
        .map(|prefix| format!("{prefix}.cnk"))
        .collect();
    if prefixes.len() > SHOWN {
        names.push("...".to_owned());
    }
    names.join(", ")
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

fn one_in(rate: f64) -> String {
    let one_in = 1.0 / rate;
    if one_in < 10.0 {
        format!("{one_in:.1}")
    } else {
        HumanCount(one_in.round() as u64).to_string()
    }
}
