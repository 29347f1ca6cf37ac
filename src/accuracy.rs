//! How far an answer can be trusted: the certainty of "in the list".

/// Indonesia's population on 31 December 2025 (Dukcapil).
pub const POPULATION: u64 = 288_315_089;

/// Share of the people told "in the list" who are in it, when each of `population` people asks
/// once: n / (n + e (N - n)). `docs/PRIVACY.md` derives it.
pub fn certainty(distinct: u64, false_positive_rate: f64, population: u64) -> f64 {
    let members = distinct as f64;
    let others = population.saturating_sub(distinct) as f64;
    members / (members + false_positive_rate * others)
}
