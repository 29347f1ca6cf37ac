//! Certainty of the answer "in the list".
//!
//! A filter has false alarms. The certainty is the share of true answers among all answers "in the
//! list".
//!
//! ```
//! use cek_nik::accuracy::{POPULATION, certainty};
//!
//! // A million people are listed, and 1 of 30,000 others is told so by mistake.
//! let certainty = certainty(1_000_000, 1.0 / 30_000.0, POPULATION);
//! assert!((0.990..0.991).contains(&certainty));
//! ```

/// Indonesia's population on 31 December 2025 (Dukcapil).
pub const POPULATION: u64 = 288_315_089;

/// Share of true answers among those that say "in the list", from 0 to 1, when each of `population`
/// people asks once: n / (n + e (N - n)). `docs/PRIVACY.md` derives it.
pub fn certainty(distinct: u64, false_positive_rate: f64, population: u64) -> f64 {
    let members = distinct as f64;
    let others = population.saturating_sub(distinct) as f64;
    members / (members + false_positive_rate * others)
}
