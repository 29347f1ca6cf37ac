//! Findings about one data set.

use cek_nik::accuracy::POPULATION;
use cek_nik::catalogue::Dataset;
use cek_nik::check::Reason;
use cek_nik::prefix::Prefix;
use cek_nik_publisher::plan::risk::{Risk, small_crowd};
use cek_nik_publisher::plan::size;

use super::DatasetAudit;
use crate::contents::places;
use crate::expected;
use crate::fill::{Fill, deviation_of_log_rate};
use crate::finding::{Finding, Rule, first_few};
use crate::rules;
use crate::sentence::{Sentence, Value, say};
use crate::shards::Shards;

/// Findings about the shards of a data set, its filters, its figures and its parameters.
pub fn findings(audit: &DatasetAudit, dataset: &Dataset, shards: &Shards) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut add = |rule: &'static Rule, what: Sentence| {
        findings.push(Finding::new(rule, what).of_dataset(dataset.id()));
    };
    broken(dataset, shards, &mut add);
    filters(audit, dataset, shards, &mut add);
    figures(audit, dataset, &mut add);
    parameters(audit, dataset, &mut add);
    findings
}

/// The number of standard deviations that chance exceeds less often than once in a million.
const DEVIATIONS: f64 = 5.0;

/// The factor by which chance alone may raise the rate of so many shards above the promised one.
fn tolerance(dataset: &Dataset, shards: u64) -> f64 {
    let deviation = deviation_of_log_rate(dataset.filter(), dataset.false_positive_rate());
    (DEVIATIONS * deviation / (shards as f64).sqrt()).exp()
}

/// Shards that were lost or changed.
fn broken(dataset: &Dataset, shards: &Shards, add: &mut impl FnMut(&'static Rule, Sentence)) {
    let mut add = |rule: &'static Rule, prefixes: &[Prefix], what: Sentence| {
        if !prefixes.is_empty() {
            add(rule, of_shards(prefixes, dataset, what));
        }
    };
    add(&rules::SHARD_MISSING, &shards.missing, say!("not there"));
    add(
        &rules::FILE_UNREADABLE,
        &shards.unreadable,
        say!("not readable"),
    );
    let mut refused: Vec<(&'static str, Vec<Prefix>)> = Vec::new();
    for (prefix, error) in &shards.refused {
        let code = Reason::Shard(*error).code();
        match refused.iter_mut().find(|(other, _)| *other == code) {
            Some((_, prefixes)) => prefixes.push(*prefix),
            None => refused.push((code, vec![*prefix])),
        }
    }
    for (code, prefixes) in refused {
        let what = say!("refused by clients ({code})", code = code);
        add(&rules::SHARD_REFUSED, &prefixes, what);
    }
}

/// Filters that are empty, too full, or no result of hashing.
fn filters(
    audit: &DatasetAudit,
    dataset: &Dataset,
    shards: &Shards,
    add: &mut impl FnMut(&'static Rule, Sentence),
) {
    let promised = audit.promised.false_positive_rate;
    let such = |is_such: &dyn Fn(Fill) -> bool| -> Vec<Prefix> {
        let such = shards.verified.iter().filter(|(_, fill)| is_such(*fill));
        such.map(|(prefix, _)| *prefix).collect()
    };
    let empty = such(&Fill::is_empty);
    if !empty.is_empty() {
        add(
            &rules::SHARD_EMPTY,
            of_shards(&empty, dataset, say!("empty")),
        );
    }
    if let Some(bits) = &audit.bits {
        let highest = promised * tolerance(dataset, 1);
        let overfull = such(&|fill| fill.false_positive_rate() > highest);
        if !overfull.is_empty() {
            let what = say!(
                "{shards}. Up to {share} % of the bits are set, so that up to {told}",
                shards = of_shards(&overfull, dataset, say!("overfull")),
                share = Value::Decimal(format!("{:.3}", bits.set_in_fullest * 100.0)),
                told = told_wrongly(bits.false_positive_rate_of_fullest, promised),
            );
            add(&rules::SHARD_OVERFULL, what);
        }
        if bits.false_positive_rate > promised * tolerance(dataset, audit.verified) {
            let what = told_wrongly(bits.false_positive_rate, promised);
            add(&rules::RATE_WORSE, what);
        }
    }
    if shards.texts > 0 {
        let places = places(shards.texts);
        let what = say!("in the bits of its filters, {places}", places = places);
        add(&rules::NUMBERS_IN_BITS, what);
    }
}

fn told_wrongly(rate: f64, promised: f64) -> Sentence {
    say!(
        "1 in {rate} of those who are not in the list are told that they are; promised is 1 in \
         {promised}",
        rate = one_in(rate),
        promised = one_in(promised),
    )
}

/// The factor above which shards are longer than their fullest one needs. It covers rounding.
const MUCH_LONGER: f64 = 1.02;

/// How much longer than planned the shards of an honest site may be. The plan is short for one salt
/// in a hundred; this bound, for one in a million.
fn honest_length(dataset: &Dataset) -> f64 {
    let (distinct, bits) = (dataset.distinct(), dataset.prefix_bits());
    let planned = size::fullest(distinct, bits).max(1) as f64;
    MUCH_LONGER * size::almost_certain_fullest(distinct, bits) as f64 / planned
}

/// Figures that contradict each other.
fn figures(audit: &DatasetAudit, dataset: &Dataset, add: &mut impl FnMut(&'static Rule, Sentence)) {
    let claimed = dataset.distinct();
    if let Some(bits) = audit.bits.as_ref().filter(|_| audit.found.is_some())
        && let (Some(distinct), Some(deviation)) = (bits.distinct, bits.distinct_deviation)
    {
        // Rounding may hide half a row.
        let allowed = DEVIATIONS * deviation + 0.5;
        if (distinct - claimed as f64).abs() > allowed {
            let what = say!(
                "the catalogue says {claimed} different NIKs; by the bits that are set there are \
                 {distinct}, give or take {allowed}",
                claimed = Value::Number(claimed),
                distinct = Value::Number(distinct.round() as u64),
                allowed = Value::Number(allowed.ceil() as u64),
            );
            add(&rules::DISTINCT_DIFFERS, what);
        }
    }
    if let Ok(plan) = expected::as_it_is(dataset, POPULATION)
        && audit.shard_bytes as f64 > plan.chosen.shard_bytes as f64 * honest_length(dataset)
    {
        let what = say!(
            "every shard has {size}; {enough} are enough for so many NIKs and this rate",
            size = Value::Bytes(audit.shard_bytes),
            enough = Value::Bytes(plan.chosen.shard_bytes),
        );
        add(&rules::LONGER_THAN_PLANNED, what);
    }
    if let Some(found) = audit.found
        && found.false_positive_rate * tolerance(dataset, audit.verified).max(2.0)
            < audit.promised.false_positive_rate
        && found.true_share > audit.promised.true_share + CLEARLY_MORE
    {
        let what = say!(
            "of the numbers that an attacker finds by trying all plausible ones, {found} are true \
             by the bits; by the promised rate it would be {promised}",
            found = percent(found.true_share),
            promised = percent(audit.promised.true_share),
        );
        add(&rules::TRUE_SHARE_HIGHER, what);
    }
    if let Ok(plan) = expected::by_itself(dataset, POPULATION)
        && plan.chosen.prefix_bits < dataset.prefix_bits()
    {
        let what = say!(
            "its prefix has {bits} bits; cek-nik by itself would choose {chosen} for so many \
             NIKs, with files of {size}",
            bits = audit.prefix_bits.to_string(),
            chosen = plan.chosen.prefix_bits.get().to_string(),
            size = Value::Bytes(plan.chosen.shard_bytes),
        );
        add(&rules::NARROWER_THAN_PLANNED, what);
    }
}

/// The difference between true shares that a publisher would have weighed: 5 of 100 numbers.
const CLEARLY_MORE: f64 = 0.05;

/// The certainty below which most answers "in the list" are false.
const LOWEST_DECENT_CERTAINTY: f64 = 0.5;

/// Parameters that harm people.
fn parameters(
    audit: &DatasetAudit,
    dataset: &Dataset,
    add: &mut impl FnMut(&'static Rule, Sentence),
) {
    if let Some(Risk::SmallCrowd {
        bits,
        people,
        nearby,
    }) = small_crowd(dataset.prefix_bits(), POPULATION)
    {
        let what = say!(
            "with {bits} prefix bits, {people} people in the country share a prefix, and {nearby} \
             in the smallest regency",
            bits = bits.to_string(),
            people = Value::Number(people as u64),
            nearby = Value::Decimal(format!("{nearby:.1}")),
        );
        add(&rules::SMALL_CROWD, what);
    }
    match audit.promised.certainty {
        None => {
            let what = say!(
                "{distinct} different NIKs, and {people} people",
                distinct = Value::Number(dataset.distinct()),
                people = Value::Number(POPULATION),
            );
            add(&rules::EVERYBODY_LISTED, what);
        }
        Some(certainty) if certainty < LOWEST_DECENT_CERTAINTY => {
            let what = say!(
                "of 100 people told \"in the list\", {share} are in it, if everybody asks once",
                share = format!("{:.0}", certainty * 100.0),
            );
            add(&rules::CERTAINTY_LOW, what);
        }
        Some(_) => {}
    }
}

/// How many of all shards are so, and the first few of their names.
fn of_shards(prefixes: &[Prefix], dataset: &Dataset, what: Sentence) -> Sentence {
    let names: Vec<String> = prefixes.iter().map(|p| format!("{p}.cnk")).collect();
    let count = names.len().to_string();
    let all = dataset.prefix_bits().shards().to_string();
    let names = first_few(&names);
    match prefixes.len() {
        1 => say!(
            "1 of {all} shards is {what}: {names}",
            all = all,
            what = what,
            names = names
        ),
        _ => say!(
            "{count} of {all} shards are {what}: {names}",
            count = count,
            all = all,
            what = what,
            names = names,
        ),
    }
}

fn percent(share: f64) -> Value {
    Value::Decimal(format!("{:.1} %", share * 100.0))
}

fn one_in(rate: f64) -> Value {
    let one_in = 1.0 / rate;
    if one_in < 10.0 {
        Value::Decimal(format!("{one_in:.1}"))
    } else {
        Value::Number(one_in.round() as u64)
    }
}
