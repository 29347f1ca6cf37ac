//! Summary of a plan: three lines with what was chosen and why, and the warnings.

use cek_nik::identifier::IdentifierKind;
use cek_nik::key::Kdf;
use cek_nik_publisher::plan::accuracy::{DEFAULT_NAME_WORDS, enumerators_share, plausible_pairs};
use cek_nik_publisher::plan::choice::{BitsReason, Plan, RateReason};
use cek_nik_publisher::plan::cost::Rent;

use super::number_format::{self, count, number, one_in, percent};

pub fn print(dataset: &str, plan: &Plan, kdf: Kdf, identifier: IdentifierKind) {
    eprintln!(
        "Plan for \"{dataset}\", {}",
        different(plan.distinct, identifier)
    );
    let words = name_words(identifier, DEFAULT_NAME_WORDS);
    for line in lines(plan, kdf, words) {
        eprintln!("  {line}");
    }
    for warning in warnings(plan, words) {
        eprintln!("  warning: {warning}");
    }
}

/// Three lines: what leaves the device, what readers are told, and what an enumerator finds. Under
/// the name lock, the enumerator tries `name_words` first names with each NIK.
pub fn lines(plan: &Plan, kdf: Kdf, name_words: Option<u64>) -> [String; 3] {
    [bits(plan), rate(plan), enumerator(plan, kdf, name_words)]
}

/// The first names tried with each NIK; `None` without the name lock.
pub fn name_words(identifier: IdentifierKind, words: u64) -> Option<u64> {
    match identifier {
        IdentifierKind::Nik => None,
        IdentifierKind::NikAndName => Some(words),
    }
}

/// The number of different identifiers in a list.
pub fn different(distinct: u64, identifier: IdentifierKind) -> String {
    match identifier {
        IdentifierKind::Nik => count(distinct, "different NIK", "different NIKs"),
        IdentifierKind::NikAndName => count(
            distinct,
            "different pair of NIK and first name",
            "different pairs of NIK and first name",
        ),
    }
}

fn bits(plan: &Plan) -> String {
    let bits = plan.chosen.prefix_bits;
    let bytes = number_format::bytes(plan.chosen.shard_bytes);
    if bits.get() == 0 {
        let limit = number_format::bytes(plan.constraints.max_whole_bytes);
        let why = match plan.bits_reason {
            BitsReason::Given => "as requested".to_owned(),
            BitsReason::WholeFits => format!("which fits in {limit}"),
            BitsReason::FewestThatFit | BitsReason::NoneFits => {
                format!("longer than {limit}, because splitting it would leave some shards empty")
            }
        };
        return format!(
            "one shard of {bytes} with the whole list, {why}: no bit of the key leaves a reader's \
             device"
        );
    }
    let limit = number_format::bytes(plan.constraints.max_shard_bytes);
    let why = match plan.bits_reason {
        BitsReason::Given => "as requested".to_owned(),
        BitsReason::NoneFits => {
            format!(
                "the most that browsers send without leaving a shard empty, although shards are \
                 longer than {limit}"
            )
        }
        BitsReason::FewestThatFit | BitsReason::WholeFits => {
            format!("the fewest that keep shards within {limit}")
        }
    };
    format!(
        "{bits} of the key {leave} a reader's device, {why}: {shards} shards of at most {bytes}; \
         {people} people in the country share {them}",
        bits = count(bits.get().into(), "bit", "bits"),
        leave = if bits.get() == 1 { "leaves" } else { "leave" },
        shards = number(bits.shards().into()),
        people = number(plan.chosen.anonymity_set.country as u64),
        them = if bits.get() == 1 { "it" } else { "them" },
    )
}

fn rate(plan: &Plan) -> String {
    let why = match plan.rate_reason {
        RateReason::Given => "as requested".to_owned(),
        RateReason::Certainty => {
            format!("for a certainty of {}", percent(plan.constraints.certainty))
        }
        RateReason::Highest => "the highest rate chosen automatically".to_owned(),
        RateReason::Lowest => "the lowest rate chosen automatically".to_owned(),
        RateReason::EverybodyListed => {
            "the highest rate chosen automatically, because the list has as many NIKs as there are \
             people"
                .to_owned()
        }
    };
    let told = match plan.certainty() {
        Some(certainty) => format!(
            "of 100 people told \"in the list\", {} in it",
            of_a_hundred(certainty)
        ),
        None => "the share of \"in the list\" answers that are true cannot be computed".to_owned(),
    };
    format!(
        "false-positive rate {}, {why}: {told}",
        one_in(plan.false_positive_rate)
    )
}

fn enumerator(plan: &Plan, kdf: Kdf, name_words: Option<u64>) -> String {
    let candidates = plausible_pairs(name_words.unwrap_or(1));
    let share = plan.enumerators_share(candidates);
    let words = name_words.map_or_else(String::new, |words| {
        format!(" with {} first names each", number(words))
    });
    format!(
        "keys by {}: anyone with the site can try all 5.8 billion plausible NIKs{words} in {} on a \
         rented graphics card, and {} of what they find is true",
        kdf,
        Rent::of(candidates, kdf).time(),
        percent(share)
    )
}

/// Properties of a plan that the publisher may not want.
pub fn warnings(plan: &Plan, name_words: Option<u64>) -> Vec<&'static str> {
    let mut warnings = Vec::new();
    if plan.rate_reason == RateReason::EverybodyListed {
        warnings.push(
            "the list has at least as many different NIKs as there are people, so some do not \
             belong to living people",
        );
    }
    let is_low = |certainty| certainty < LOWEST_DECENT_CERTAINTY;
    if plan.certainty().is_some_and(is_low) {
        warnings.push(
            "most people told \"in the list\" are not in it: lower the false-positive rate, or \
             leave it out",
        );
    }
    let candidates = plausible_pairs(name_words.unwrap_or(1));
    if enumerators_share(plan.distinct, plan.false_positive_rate, candidates) >= NEARLY_ALL {
        warnings.push(
            "nearly everything that an attacker finds by trying all numbers is true: a lower \
             certainty would tell them less",
        );
    } else if plan.enumerators_share(candidates) >= NEARLY_ALL {
        warnings.push(
            "nearly everything that an attacker finds by trying all numbers is true, because \
             shards of so few NIKs are mostly much emptier than the fullest: fewer prefix bits \
             would tell them less",
        );
    }
    warnings
}

/// The true share from which an enumerator hardly doubts anything.
const NEARLY_ALL: f64 = 0.95;

/// The certainty below which an alarm is more often false than true.
const LOWEST_DECENT_CERTAINTY: f64 = 0.5;

fn of_a_hundred(certainty: f64) -> String {
    if certainty < 0.01 {
        "less than one is".to_owned()
    } else if certainty >= 0.995 {
        "more than 99 are".to_owned()
    } else {
        match (certainty * 100.0).round() {
            1.0 => "about one is".to_owned(),
            many => format!("about {many} are"),
        }
    }
}
