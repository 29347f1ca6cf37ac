//! Findings about one data set.

use indicatif::{HumanBytes, HumanCount};

use super::DatasetAudit;
use crate::contents::SHOWN;
use crate::expected;
use crate::fill::{Fill, deviation_of_log_rate};
use crate::finding::{Finding, Rule};
use crate::rules;
use crate::shards::Shards;
use cek_nik::accuracy::POPULATION;
use cek_nik::catalogue::Dataset;
use cek_nik::check::Reason;
use cek_nik::prefix::Prefix;
use cek_nik_publisher::plan::risk::{Risk, small_crowd};

/// Findings about a data set: its figures, what the catalogue says of it, and its shards.
pub fn findings(audit: &DatasetAudit, dataset: &Dataset, shards: &Shards) -> Vec<Finding> {
    let all = [
        broken(dataset, shards),
        bits(audit, dataset, shards),
        figures(audit, dataset),
        people(audit, dataset),
    ];
    all.into_iter()
        .flatten()
        .map(|finding| finding.of_dataset(dataset.id()))
        .collect()
}

/// Chance gives a larger difference less often than once in a million: five standard deviations.
const DEVIATIONS: f64 = 5.0;

/// The factor by which chance alone may take the rate of so many shards above the promised one.
fn tolerance(dataset: &Dataset, shards: u64) -> f64 {
    let deviation = deviation_of_log_rate(dataset.filter(), dataset.false_positive_rate());
    (DEVIATIONS * deviation / (shards as f64).sqrt()).exp()
}

/// Shards that are not as they were built.
fn broken(dataset: &Dataset, shards: &Shards) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut add = |rule: &'static Rule, prefixes: &[Prefix], what: &str| {
        if !prefixes.is_empty() {
            findings.push(Finding::new(
                rule,
                format!("{} {what}: {}", of_all(prefixes, dataset), names(prefixes)),
            ));
        }
    };
    add(&rules::SHARD_MISSING, &shards.missing, "not there");
    add(&rules::FILE_UNREADABLE, &shards.unreadable, "not readable");
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
            &rules::SHARD_REFUSED,
            &prefixes,
            &format!("refused by clients ({code})"),
        );
    }
    findings
}

/// Filters that say too much, or something else than they should.
fn bits(audit: &DatasetAudit, dataset: &Dataset, shards: &Shards) -> Vec<Finding> {
    let mut findings = Vec::new();
    let promised = audit.promised.false_positive_rate;
    let such = |is_such: &dyn Fn(Fill) -> bool| -> Vec<Prefix> {
        let such = shards.verified.iter().filter(|(_, fill)| is_such(*fill));
        such.map(|(prefix, _)| *prefix).collect()
    };
    let empty = such(&Fill::is_empty);
    if !empty.is_empty() {
        let what = format!("{} empty: {}", of_all(&empty, dataset), names(&empty));
        findings.push(Finding::new(&rules::SHARD_EMPTY, what));
    }
    let highest = promised * tolerance(dataset, 1);
    let overfull = such(&|fill| fill.false_positive_rate() > highest);
    if !overfull.is_empty() {
        let what = format!(
            "{} overfull: {}. Up to {:.3} % of the bits are set, and so up to 1 in {} of those who are not in the list are told that \
             they are; promised is 1 in {}",
            of_all(&overfull, dataset),
            names(&overfull),
            audit
                .bits
                .as_ref()
                .map_or(0.0, |bits| bits.set_in_fullest * 100.0),
            one_in(
                audit
                    .bits
                    .as_ref()
                    .map_or(1.0, |bits| bits.false_positive_rate_of_fullest)
            ),
            one_in(promised)
        );
        findings.push(Finding::new(&rules::SHARD_OVERFULL, what));
    }
    if let Some(bits) = &audit.bits
        && bits.false_positive_rate > promised * tolerance(dataset, audit.verified)
    {
        let what = format!(
            "1 in {} of those who are not in the list are told that they are; promised is 1 in {}",
            one_in(bits.false_positive_rate),
            one_in(promised)
        );
        findings.push(Finding::new(&rules::RATE_WORSE, what));
    }
    if shards.texts > 0 {
        let is = if shards.texts == 1 {
            "place reads as a NIK"
        } else {
            "places read as NIKs"
        };
        let what = format!("in the bits of its filters, {} {is}", shards.texts);
        findings.push(Finding::new(&rules::NUMBERS_IN_BITS, what));
    }
    findings
}

/// Shards this much longer than the plan says were made otherwise: the plan itself is a few bytes
/// short for one salt in a hundred.
const MUCH_LONGER: f64 = 1.02;

/// Figures that contradict each other.
fn figures(audit: &DatasetAudit, dataset: &Dataset) -> Vec<Finding> {
    let mut findings = Vec::new();
    let claimed = dataset.distinct();
    if let Some(bits) = audit.bits.as_ref().filter(|_| audit.found.is_some())
        && let (Some(distinct), Some(deviation)) = (bits.distinct, bits.distinct_deviation)
    {
        // Half a row is what rounding may hide.
        let allowed = DEVIATIONS * deviation + 0.5;
        if (distinct - claimed as f64).abs() > allowed {
            let what = format!(
                "the catalogue says {} different NIKs; by the bits that are set there are {}, give or take {}",
                HumanCount(claimed),
                HumanCount(distinct.round() as u64),
                HumanCount(allowed.ceil() as u64)
            );
            findings.push(Finding::new(&rules::DISTINCT_DIFFERS, what));
        }
    }
    if let Ok(plan) = expected::as_it_is(dataset, POPULATION)
        && audit.shard_bytes as f64 > plan.chosen.shard_bytes as f64 * MUCH_LONGER
    {
        let what = format!(
            "every shard has {}; {} are enough for so many NIKs and this rate",
            HumanBytes(audit.shard_bytes),
            HumanBytes(plan.chosen.shard_bytes)
        );
        findings.push(Finding::new(&rules::LONGER_THAN_PLANNED, what));
    }
    if let Some(found) = audit.found
        && is_read_more_truly_than_planned(audit, dataset)
    {
        let what = format!(
            "of what somebody gets who tries everything plausible, {} is true by the bits; by the promised rate it would be {}",
            percent(found.true_share),
            percent(audit.promised.true_share)
        );
        findings.push(Finding::new(&rules::TRUE_SHARE_HIGHER, what));
    }
    if let Ok(plan) = expected::by_itself(dataset, POPULATION)
        && plan.chosen.prefix_bits < dataset.prefix_bits()
    {
        let what = format!(
            "its prefix has {} bits; cek-nik by itself would take {} for so many NIKs, with files of {}",
            audit.prefix_bits,
            plan.chosen.prefix_bits.get(),
            HumanBytes(plan.chosen.shard_bytes)
        );
        findings.push(Finding::new(&rules::NARROWER_THAN_PLANNED, what));
    }
    findings
}

/// Five of a hundred numbers that somebody gets are a difference that a publisher would have
/// weighed.
const CLEARLY_MORE: f64 = 0.05;

/// Whether an enumerator gets clearly more truth than was planned: there are less than half as many
/// false alarms, by more than chance.
fn is_read_more_truly_than_planned(audit: &DatasetAudit, dataset: &Dataset) -> bool {
    audit.found.is_some_and(|found| {
        let promised = audit.promised;
        let fewer = 2_f64.max(tolerance(dataset, audit.verified));
        found.false_positive_rate * fewer < promised.false_positive_rate
            && found.true_share > promised.true_share + CLEARLY_MORE
    })
}

/// Half of those who are told "in the list".
const LOWEST_DECENT_CERTAINTY: f64 = 0.5;

/// What the parameters do to people.
fn people(audit: &DatasetAudit, dataset: &Dataset) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(Risk::SmallCrowd {
        bits,
        people,
        nearby,
    }) = small_crowd(dataset.prefix_bits(), POPULATION)
    {
        let what = format!(
            "with {bits} prefix bits, {} people in the country share a prefix, and {nearby:.1} in the smallest regency",
            HumanCount(people as u64)
        );
        findings.push(Finding::new(&rules::SMALL_CROWD, what));
    }
    match audit.promised.certainty {
        None => {
            let what = format!(
                "{} different NIKs, and {} people",
                HumanCount(dataset.distinct()),
                HumanCount(POPULATION)
            );
            findings.push(Finding::new(&rules::EVERYBODY_LISTED, what));
        }
        Some(certainty) if certainty < LOWEST_DECENT_CERTAINTY => {
            let what = format!(
                "of 100 people told \"in the list\", {:.0} are in it, if everybody asks once",
                certainty * 100.0
            );
            findings.push(Finding::new(&rules::CERTAINTY_LOW, what));
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
