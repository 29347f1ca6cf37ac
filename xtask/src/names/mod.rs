//! Study of spellings: the share that a name lock still matches (`make names`).
//!
//! It makes up names as on cards, writes each as a list may have it, and counts how often both give
//! the same word. The frequencies are assumptions, and are printed beside the result.
//! `docs/NAME.md` shows the results.

use cek_nik::accuracy::POPULATION;
use cek_nik::name::NameWord;
use cek_nik_publisher::plan::accuracy::{PLAUSIBLE_NIKS, enumerators_share, false_positive_rate};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

mod differences;
mod people;

use differences::{DIFFERENCES, LISTS};
use people::{Name, happens_to};

const PEOPLE: u32 = 200_000;
const SEED: u64 = 1;

pub fn run() {
    println!("{PEOPLE} made-up names, seed {SEED}\n");
    one_difference();
    whole_lists();
    common_words();
}

/// Each difference by itself, on the names that it can change.
fn one_difference() {
    println!(
        "| the list differs so | can happen to | still match | assumed, of 1,000: {} |",
        LISTS.join(", ")
    );
    println!("|---|---|---|---|");
    for difference in DIFFERENCES {
        let mut random = ChaCha8Rng::seed_from_u64(SEED);
        let (mut possible, mut matching) = (0, 0);
        for _ in 0..PEOPLE {
            let card = Name::draw(&mut random);
            let Some(listed) = (difference.make)(&card, &mut random) else {
                continue;
            };
            possible += 1;
            matching += u32::from(same_word(&card, &listed));
        }
        println!(
            "| {} | {} | {} | {} |",
            difference.name,
            percent(possible, PEOPLE),
            percent(matching, possible),
            difference
                .per_mille
                .map(|names| names.to_string())
                .join(", ")
        );
    }
}

/// All differences, each as often as assumed.
fn whole_lists() {
    println!("\n| list | written as on the card | no word: refused | another word | still match |");
    println!("|---|---|---|---|---|");
    for (index, list) in LISTS.iter().enumerate() {
        let mut random = ChaCha8Rng::seed_from_u64(SEED);
        let (mut unchanged, mut refused, mut other, mut matching) = (0, 0, 0, 0);
        for _ in 0..PEOPLE {
            let card = Name::draw(&mut random);
            let mut listed = card.clone();
            for difference in DIFFERENCES {
                let happens = happens_to(&mut random, difference.per_mille[index]);
                if let Some(changed) = (difference.make)(&listed, &mut random).filter(|_| happens) {
                    listed = changed;
                }
            }
            unchanged += u32::from(listed == card);
            if NameWord::parse(&listed.text()).is_err() {
                refused += 1;
            } else if same_word(&card, &listed) {
                matching += 1;
            } else {
                other += 1;
            }
        }
        let [unchanged, refused, other, matching] =
            [unchanged, refused, other, matching].map(|names| percent(names, PEOPLE));
        println!("| {list} | {unchanged} | {refused} | {other} | {matching} |");
    }
}

/// The gain of trying all numbers with one word, which costs as much as trying all numbers without
/// the lock.
fn common_words() {
    println!("\n| people with the word, and of the list found | true, of what is found |");
    println!("|---|---|");
    let rows: u64 = 1_000_000;
    let rate = false_positive_rate(rows, 0.99, POPULATION);
    for share in [0.0001, 0.001, 0.01, 0.03] {
        let with_word = (rows as f64 * share) as u64;
        let found = enumerators_share(with_word, rate, PLAUSIBLE_NIKS);
        println!("| {:.2} % | {:.2} % |", share * 100.0, found * 100.0);
    }
}

fn same_word(card: &Name, listed: &Name) -> bool {
    let word = |name: &Name| NameWord::parse(&name.text()).ok();
    word(card).is_some_and(|card| word(listed) == Some(card))
}

fn percent(part: u32, of: u32) -> String {
    format!("{:.1} %", f64::from(part) / f64::from(of.max(1)) * 100.0)
}
