//! Summary of a plan: three lines with what was chosen and why, and the warnings.

use cek_nik::identifier::IdentifierKind;
use cek_nik::key::Kdf;
use cek_nik_publisher::plan::accuracy::{DEFAULT_NAME_WORDS, enumerators_share, plausible_pairs};
use cek_nik_publisher::plan::choice::{BitsReason, Plan, RateReason};
use cek_nik_publisher::plan::cost::Rent;

use super::texts::Texts;

pub fn print(texts: Texts, dataset: &str, plan: &Plan, kdf: Kdf, identifier: IdentifierKind) {
    let different = different(texts, plan.distinct, identifier);
    let values = [("dataset", dataset), ("different", &different)];
    eprintln!("{}", texts.fill("/plan/for", &values));
    let words = name_words(identifier, DEFAULT_NAME_WORDS);
    for line in lines(texts, plan, kdf, words) {
        eprintln!("  {line}");
    }
    for warning in warnings(texts, plan, words) {
        eprintln!("  {}: {warning}", texts.warning());
    }
}

/// Three lines: what leaves the device, what readers are told, and what an enumerator finds. Under
/// the name lock, the enumerator tries `name_words` first names with each NIK.
pub fn lines(texts: Texts, plan: &Plan, kdf: Kdf, name_words: Option<u64>) -> [String; 3] {
    [
        bits(texts, plan),
        rate(texts, plan),
        enumerator(texts, plan, kdf, name_words),
    ]
}

/// The first names tried with each NIK; `None` without the name lock.
pub fn name_words(identifier: IdentifierKind, words: u64) -> Option<u64> {
    match identifier {
        IdentifierKind::Nik => None,
        IdentifierKind::NikAndName => Some(words),
    }
}

/// The number of different identifiers in a list.
pub fn different(texts: Texts, distinct: u64, identifier: IdentifierKind) -> String {
    match identifier {
        IdentifierKind::Nik => texts.count("different_nik", distinct),
        IdentifierKind::NikAndName => texts.count("different_pair", distinct),
    }
}

fn bits(texts: Texts, plan: &Plan) -> String {
    let bits = plan.chosen.prefix_bits;
    let size = texts.bytes(plan.chosen.shard_bytes);
    if bits.get() == 0 {
        let limit = texts.bytes(plan.constraints.max_whole_bytes);
        let why = match plan.bits_reason {
            BitsReason::Given => "/plan/why/given",
            BitsReason::WholeFits => "/plan/why/whole_fits",
            BitsReason::FewestThatFit | BitsReason::NoneFits => "/plan/why/whole_longer",
        };
        let why = texts.fill(why, &[("limit", &limit)]);
        return texts.fill("/plan/bits/whole", &[("size", &size), ("why", &why)]);
    }
    let limit = texts.bytes(plan.constraints.max_shard_bytes);
    let why = match plan.bits_reason {
        BitsReason::Given => "/plan/why/given",
        BitsReason::NoneFits => "/plan/why/none_fits",
        BitsReason::FewestThatFit | BitsReason::WholeFits => "/plan/why/fewest_that_fit",
    };
    let path = match bits.get() {
        1 => "/plan/bits/one",
        _ => "/plan/bits/many",
    };
    let values = [
        ("n", &*bits.get().to_string()),
        ("why", &*texts.fill(why, &[("limit", &limit)])),
        ("shards", &*texts.number(bits.shards().into())),
        ("size", &*size),
        (
            "people",
            &*texts.number(plan.chosen.anonymity_set.country as u64),
        ),
    ];
    texts.fill(path, &values)
}

fn rate(texts: Texts, plan: &Plan) -> String {
    let certainty = texts.percent(plan.constraints.certainty);
    let why = match plan.rate_reason {
        RateReason::Given => "/plan/why/given",
        RateReason::Certainty => "/plan/why/certainty",
        RateReason::Highest => "/plan/why/highest",
        RateReason::Lowest => "/plan/why/lowest",
        RateReason::EverybodyListed => "/plan/why/everybody_listed",
    };
    let values = [
        ("rate", &*texts.one_in(plan.false_positive_rate)),
        ("why", &*texts.fill(why, &[("certainty", &certainty)])),
        ("told", &*told(texts, plan.certainty())),
    ];
    texts.fill("/plan/rate", &values)
}

fn enumerator(texts: Texts, plan: &Plan, kdf: Kdf, name_words: Option<u64>) -> String {
    let candidates = plausible_pairs(name_words.unwrap_or(1));
    let words = name_words.map_or_else(String::new, |words| {
        texts.fill("/plan/first_names", &[("words", &texts.number(words))])
    });
    let share = plan.enumerators_share(candidates);
    let values = [
        ("kdf", &*kdf.to_string()),
        ("words", &*words),
        ("time", &*texts.rent_time(Rent::of(candidates, kdf).hours)),
        ("share", &*texts.percent(share)),
    ];
    texts.fill("/plan/enumerator", &values)
}

/// Properties of a plan that the publisher may not want.
pub fn warnings(texts: Texts, plan: &Plan, name_words: Option<u64>) -> Vec<&'static str> {
    let mut warnings = Vec::new();
    if plan.rate_reason == RateReason::EverybodyListed {
        warnings.push(texts.text("/plan/warning/everybody_listed"));
    }
    let is_low = |certainty| certainty < LOWEST_DECENT_CERTAINTY;
    if plan.certainty().is_some_and(is_low) {
        warnings.push(texts.text("/plan/warning/mostly_false"));
    }
    let candidates = plausible_pairs(name_words.unwrap_or(1));
    if enumerators_share(plan.distinct, plan.false_positive_rate, candidates) >= NEARLY_ALL {
        warnings.push(texts.text("/plan/warning/nearly_all"));
    } else if plan.enumerators_share(candidates) >= NEARLY_ALL {
        warnings.push(texts.text("/plan/warning/nearly_all_by_bits"));
    }
    warnings
}

/// The true share from which an enumerator hardly doubts anything.
const NEARLY_ALL: f64 = 0.95;

/// The certainty below which an alarm is more often false than true.
const LOWEST_DECENT_CERTAINTY: f64 = 0.5;

fn told(texts: Texts, certainty: Option<f64>) -> String {
    let Some(certainty) = certainty else {
        return texts.text("/plan/told/unknown").to_owned();
    };
    let path = if certainty < 0.01 {
        "/plan/told/less_than_one"
    } else if certainty >= 0.995 {
        "/plan/told/more_than_99"
    } else if (certainty * 100.0).round() == 1.0 {
        "/plan/told/one"
    } else {
        "/plan/told/many"
    };
    let many = format!("{:.0}", (certainty * 100.0).round());
    texts.fill(path, &[("n", &many)])
}
