//! From one knob, certainty, to the false-positive rate: how accurate a published filter should be.
//!
//! A filter that is accurate for readers is as accurate for somebody who tries all plausible NIKs. So the
//! publisher chooses how sure a reader who is told "in the list" may be, and no accuracy beyond that is given away.

/// Indonesia's population on 31 December 2025 (Dukcapil).
pub const POPULATION: u64 = 288_315_089;

/// The default certainty: of 100 readers who are told that they are in the list, 99 are.
pub const DEFAULT_CERTAINTY: f64 = 0.99;

/// The highest false-positive rate that is derived.
pub const HIGHEST_RATE: f64 = 0.01;

/// The lowest false-positive rate: 2^-32.
pub const LOWEST_RATE: f64 = 1.0 / 4_294_967_296.0;

/// The share of the people told "in the list" who are in it, when each of `population` people asks once: n / (n + e (N - n)).
pub fn certainty(distinct: u64, false_positive_rate: f64, population: u64) -> f64 {
    let members = distinct as f64;
    let others = population.saturating_sub(distinct) as f64;
    members / (members + false_positive_rate * others)
}

/// The false-positive rate with which a list of `distinct` NIKs gives that [`certainty`], within [`LOWEST_RATE`] to
/// [`HIGHEST_RATE`]; the highest where the list is as large as the population.
pub fn false_positive_rate(distinct: u64, certainty: f64, population: u64) -> f64 {
    if distinct >= population {
        return HIGHEST_RATE;
    }
    let members = distinct as f64;
    let others = (population - distinct) as f64;
    let rate = members * (1.0 - certainty) / (certainty * others);
    rate.clamp(LOWEST_RATE, HIGHEST_RATE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worked_examples() {
        // 1,000,000 rows: 1e6 * 0.01 / (0.99 * 287,315,089) = 3.5156e-5
        let rate = false_positive_rate(1_000_000, 0.99, POPULATION);
        assert!((rate / 3.5156e-5 - 1.0).abs() < 1e-4, "{rate}");
        assert!((certainty(1_000_000, rate, POPULATION) - 0.99).abs() < 1e-12);
    }

    #[test]
    fn stays_within_its_limits() {
        assert_eq!(
            false_positive_rate(279_000_000, 0.99, POPULATION),
            HIGHEST_RATE
        );
        assert_eq!(
            false_positive_rate(POPULATION, 0.99, POPULATION),
            HIGHEST_RATE
        );
        assert_eq!(false_positive_rate(1, 0.99, POPULATION), LOWEST_RATE);
    }
}
