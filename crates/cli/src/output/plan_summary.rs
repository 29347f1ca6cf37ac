//! What was chosen for a data set and why, in three lines, and what the publisher should know about it.

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

/// Three: what leaves the device, what a reader is told, what an enumerator gets, who under a name lock tries so many words with each
/// NIK.
pub fn lines(plan: &Plan, kdf: Kdf, name_words: Option<u64>) -> [String; 3] {
    [bits(plan), rate(plan), enumerator(plan, kdf, name_words)]
}

/// How many first words are tried with each NIK; none without the name lock.
pub fn name_words(identifier: IdentifierKind, words: u64) -> Option<u64> {
    match identifier {
        IdentifierKind::Nik => None,
        IdentifierKind::NikAndName => Some(words),
    }
}

/// How many different identifiers a list has.
pub fn different(distinct: u64, identifier: IdentifierKind) -> String {
    match identifier {
        IdentifierKind::Nik => count(distinct, "different NIK", "different NIKs"),
        IdentifierKind::NikAndName => count(
            distinct,
            "different pair of NIK and first word",
            "different pairs of NIK and first word",
        ),
    }
}

fn bits(plan: &Plan) -> String {
    let bits = plan.chosen.prefix_bits;
    let bytes = number_format::bytes(plan.chosen.shard_bytes);
    if bits.get() == 0 {
        let limit = number_format::bytes(plan.constraints.max_whole_bytes);
        let why = match plan.bits_reason {
            BitsReason::Given => "as asked".to_owned(),
            BitsReason::WholeFits => format!("since it fits in {limit}"),
            BitsReason::FewestThatFit | BitsReason::NoneFits => {
                format!("though longer than {limit}, since in pieces some would be empty")
            }
        };
        return format!(
            "the whole set as one shard of {bytes}, {why}: no bit of the key leaves a reader's device"
        );
    }
    let limit = number_format::bytes(plan.constraints.max_shard_bytes);
    let why = match plan.bits_reason {
        BitsReason::Given => "as asked".to_owned(),
        BitsReason::NoneFits => {
            format!(
                "the most that browsers send and that leave no shard empty, though shards are longer than {limit}"
            )
        }
        BitsReason::FewestThatFit | BitsReason::WholeFits => {
            format!("the fewest whose shards stay within {limit}")
        }
    };
    format!(
        "{bits} of the key {leave} a reader's device, {why}: {shards} shards of at most {bytes}; {people} people in the country share \
         {them}",
        bits = count(bits.get().into(), "bit", "bits"),
        leave = if bits.get() == 1 { "leaves" } else { "leave" },
        shards = number(bits.shards().into()),
        people = number(plan.chosen.anonymity_set.country as u64),
        them = if bits.get() == 1 { "it" } else { "them" },
    )
}

fn rate(plan: &Plan) -> String {
    let why = match plan.rate_reason {
        RateReason::Given => "as asked".to_owned(),
        RateReason::Certainty => format!("for a certainty of {}", percent(plan.constraints.certainty)),
        RateReason::Highest => "the highest that is chosen by itself".to_owned(),
        RateReason::Lowest => "the lowest that is chosen by itself".to_owned(),
        RateReason::EverybodyListed => {
            "the highest that is chosen by itself, as the list has no fewer NIKs than there are people".to_owned()
        }
    };
    let told = match plan.certainty() {
        Some(certainty) => format!(
            "of 100 people told \"in the list\", {} really in it",
            of_a_hundred(certainty)
        ),
        None => {
            "how many of the people told \"in the list\" are in it cannot be computed".to_owned()
        }
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
        format!(" with {} first words each", number(words))
    });
    format!(
        "keys by {}: whoever has the site can try out all 5.8 billion plausible NIKs{words} within {} of a rented graphics card, and {} of \
         what they find is true",
        kdf,
        Rent::of(candidates, kdf).time(),
        percent(share)
    )
}

/// What the publisher should know, and may not want.
pub fn warnings(plan: &Plan, name_words: Option<u64>) -> Vec<&'static str> {
    let mut warnings = Vec::new();
    if plan.rate_reason == RateReason::EverybodyListed {
        warnings.push(
            "the list has at least as many different NIKs as there are people: some of them are not those of living people",
        );
    }
    let is_low = |certainty| certainty < LOWEST_DECENT_CERTAINTY;
    if plan.certainty().is_some_and(is_low) {
        warnings.push(
            "most people who are told \"in the list\" will be frightened for nothing: give a higher certainty, or a lower \
             false-positive rate",
        );
    }
    let candidates = plausible_pairs(name_words.unwrap_or(1));
    if enumerators_share(plan.distinct, plan.false_positive_rate, candidates) >= NEARLY_ALL {
        warnings.push(
            "nearly everything is true of what somebody finds who tries all numbers: a lower certainty would tell them less",
        );
    } else if plan.enumerators_share(candidates) >= NEARLY_ALL {
        warnings.push(
            "nearly everything is true of what somebody finds who tries all numbers, since shards of so few NIKs are mostly much emptier \
             than the fullest, and as long: fewer prefix bits would tell them less",
        );
    }
    warnings
}

/// From it on, an enumerator hardly needs to doubt anything.
const NEARLY_ALL: f64 = 0.95;

/// Below it, an alarm is more often false than true.
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
