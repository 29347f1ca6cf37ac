//! From one knob, certainty, to every parameter of a data set, and what each of them costs whom.
//!
//! A filter that is accurate for readers is as accurate for somebody who tries all plausible NIKs. So the
//! publisher chooses how sure a reader who is told "in the list" may be, and no accuracy beyond that is given away.
//! `docs/PRIVACY.md` derives the formulas and names their sources.
//!
//! | module | subject |
//! |---|---|
//! | `accuracy` | certainty, false-positive rate, and the share of true numbers that an enumerator gets |
//! | `crowd` | how many people share a prefix |
//! | `size` | how large a filter is, and how full the fullest shard becomes |
//! | `choice` | from a number of NIKs to prefix bits and false-positive rate, with the reasons: used by `plan` and by `build` |
//! | `harm` | what a choice does to people, and is refused unless the publisher accepts it by name |
//! | `lost` | what leaving out rows for their names does to people: the same |
//! | `price` | what making keys costs the publisher and the enumerator |
//!
//! Only what this file holds is needed by the browser; the modules are native only.

#[cfg(not(target_arch = "wasm32"))]
pub mod accuracy;
#[cfg(not(target_arch = "wasm32"))]
pub mod choice;
#[cfg(not(target_arch = "wasm32"))]
pub mod crowd;
#[cfg(not(target_arch = "wasm32"))]
pub mod harm;
#[cfg(not(target_arch = "wasm32"))]
pub mod lost;
#[cfg(not(target_arch = "wasm32"))]
pub mod price;
#[cfg(not(target_arch = "wasm32"))]
pub mod size;

/// Indonesia's population on 31 December 2025 (Dukcapil).
pub const POPULATION: u64 = 288_315_089;

/// The share of the people told "in the list" who are in it, when each of `population` people asks once: n / (n + e (N - n)).
pub fn certainty(distinct: u64, false_positive_rate: f64, population: u64) -> f64 {
    let members = distinct as f64;
    let others = population.saturating_sub(distinct) as f64;
    members / (members + false_positive_rate * others)
}
