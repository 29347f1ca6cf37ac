//! Accuracy: the target precision, the false-positive rate that gives it, and what that rate gives
//! an enumerator, who tries all plausible NIKs.

use cek_nik::accuracy::certainty;

/// The default target precision: 99 of 100 "in the list" answers are true.
pub const DEFAULT_CERTAINTY: f64 = 0.99;

/// The highest false-positive rate that a plan derives.
pub const HIGHEST_RATE: f64 = 0.01;

/// The lowest false-positive rate that a plan derives: 2^-32.
pub const LOWEST_RATE: f64 = 1.0 / 4_294_967_296.0;

/// The number of plausible NIKs: 7,879 districts, old codes included, times 36,525 days of a
/// century, two sexes and ten serials.
pub const PLAUSIBLE_NIKS: u64 = 7_879 * 36_525 * 2 * 10;

/// How many first words of names an enumerator tries with each NIK, by default, if the name counts.
///
/// An assumption: nobody has published how frequent each first word is on identity cards. They are
/// unevenly distributed, so an enumerator who tries only common ones pays less, and finds only the
/// people with those names.
pub const DEFAULT_NAME_WORDS: u64 = 1_000;

/// The number of plausible pairs of a NIK and one of `words` first words.
pub fn plausible_pairs(words: u64) -> u64 {
    PLAUSIBLE_NIKS.saturating_mul(words)
}

/// The false-positive rate that gives a list of `distinct` NIKs the [`certainty`] among
/// `population` people, from [`LOWEST_RATE`] to [`HIGHEST_RATE`]. The highest if the list is as
/// large as the population.
pub fn false_positive_rate(distinct: u64, certainty: f64, population: u64) -> f64 {
    if distinct >= population {
        return HIGHEST_RATE;
    }
    let members = distinct as f64;
    let others = (population - distinct) as f64;
    let rate = members * (1.0 - certainty) / (certainty * others);
    rate.clamp(LOWEST_RATE, HIGHEST_RATE)
}

/// The share of true numbers in an enumerator's finds: n / (n + e (U - n)). It is [`certainty`]
/// among candidates instead of people.
pub fn enumerators_share(distinct: u64, false_positive_rate: f64, candidates: u64) -> f64 {
    certainty(distinct, false_positive_rate, candidates)
}

#[cfg(test)]
mod tests {
    use super::*;
    use cek_nik::accuracy::POPULATION;

    #[test]
    fn worked_examples() {
        // 1,000,000 rows: 1e6 * 0.01 / (0.99 * 287,315,089) = 3.5156e-5
        let rate = false_positive_rate(1_000_000, 0.99, POPULATION);
        assert!((rate / 3.5156e-5 - 1.0).abs() < 1e-4, "{rate}");
        assert!((certainty(1_000_000, rate, POPULATION) - 0.99).abs() < 1e-12);
    }

    #[test]
    fn stays_within_its_limits() {
        let rate = |distinct| false_positive_rate(distinct, 0.99, POPULATION);
        assert_eq!(rate(279_000_000), HIGHEST_RATE);
        assert_eq!(rate(POPULATION), HIGHEST_RATE);
        assert_eq!(rate(POPULATION + 1), HIGHEST_RATE);
        assert_eq!(rate(1), LOWEST_RATE);
    }

    #[test]
    fn plausible_niks_are_twenty_times_the_people() {
        assert_eq!(PLAUSIBLE_NIKS, 5_755_609_500);
        assert_eq!(PLAUSIBLE_NIKS.div_ceil(POPULATION), 20);
    }

    #[test]
    fn what_is_accurate_for_readers_is_accurate_for_the_enumerator() {
        for (certainty, share) in [(0.9, 31), (0.95, 49), (0.99, 83), (0.999, 98)] {
            let rate = false_positive_rate(1_000_000, certainty, POPULATION);
            let got = enumerators_share(1_000_000, rate, PLAUSIBLE_NIKS);
            assert_eq!((got * 100.0).round() as u32, share, "{certainty}");
        }
    }

    #[test]
    fn the_odds_of_both_are_tied_by_who_is_left() {
        let odds = |share: f64| share / (1.0 - share);
        for (distinct, tied) in [(1_000_000, 20), (279_000_000, 588)] {
            let reader = odds(certainty(distinct, HIGHEST_RATE, POPULATION));
            let enumerator = odds(enumerators_share(distinct, HIGHEST_RATE, PLAUSIBLE_NIKS));
            assert_eq!((reader / enumerator).round() as u32, tied);
        }
    }

    #[test]
    fn a_handful_gets_less_than_the_certainty() {
        let reached = |distinct| {
            let rate = false_positive_rate(distinct, 0.99, POPULATION);
            (certainty(distinct, rate, POPULATION) * 100.0).floor() as u32
        };
        assert_eq!([1, 2, 6].map(reached), [93, 96, 98]);
        assert!(false_positive_rate(7, 0.99, POPULATION) > LOWEST_RATE);
    }

    #[test]
    fn the_name_lock_takes_the_accuracy_away_too() {
        let rate = false_positive_rate(1_000_000, 0.99, POPULATION);
        let share = enumerators_share(1_000_000, rate, plausible_pairs(DEFAULT_NAME_WORDS));
        // 1e6 / (1e6 + 3.5156e-5 * 5.7556e12) = 1 / 203.3
        assert!((share * 203.3 - 1.0).abs() < 1e-3, "{share}");
    }
}
