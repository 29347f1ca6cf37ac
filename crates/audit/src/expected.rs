//! Expectations: the consequences of the figures in a catalogue, and the plan for them.

use serde::Serialize;

use cek_nik::accuracy::certainty;
use cek_nik::catalogue::Dataset;
use cek_nik::identifier::IdentifierKind;
use cek_nik_publisher::plan::accuracy::{PLAUSIBLE_NIKS, enumerators_share, plausible_pairs};
use cek_nik_publisher::plan::choice::{Constraints, Plan, PlanError};

/// Consequences of a number of NIKs and of a false-positive rate.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Expected {
    /// Different NIKs.
    pub distinct: u64,
    /// The false-positive rate.
    pub false_positive_rate: f64,
    /// The share of true answers among those that say "in the list", if everybody asks once; `None`
    /// for a list of everybody.
    pub certainty: Option<f64>,
    /// The share of true numbers among those that an attacker finds by trying all plausible ones.
    pub true_share: f64,
}

impl Expected {
    /// Computes them for so many NIKs, a rate, a population, and the number of candidates that an
    /// attacker tries.
    pub fn of(distinct: u64, false_positive_rate: f64, population: u64, candidates: u64) -> Self {
        let certainty =
            (distinct < population).then(|| certainty(distinct, false_positive_rate, population));
        Self {
            distinct,
            false_positive_rate,
            certainty,
            true_share: enumerators_share(distinct, false_positive_rate, candidates),
        }
    }
}

/// The number of candidates that an attacker tries: plausible NIKs, each with so many first words
/// under a name lock.
pub fn candidates(identifier: IdentifierKind, name_words: u64) -> u64 {
    if identifier == IdentifierKind::Nik {
        PLAUSIBLE_NIKS
    } else {
        plausible_pairs(name_words)
    }
}

/// The plan for the figures of a data set, with its own prefix bits and rate.
///
/// # Errors
///
/// [`PlanError`] if cek-nik would not build such a data set.
pub fn as_it_is(dataset: &Dataset, population: u64) -> Result<Plan, PlanError> {
    let constraints = Constraints {
        prefix_bits: Some(dataset.prefix_bits()),
        false_positive_rate: Some(dataset.false_positive_rate()),
        population,
        ..Constraints::default()
    };
    Plan::new(dataset.distinct(), &constraints)
}

/// The plan that cek-nik would make by itself for as many NIKs, with the same rate.
///
/// # Errors
///
/// [`PlanError`].
pub fn by_itself(dataset: &Dataset, population: u64) -> Result<Plan, PlanError> {
    let constraints = Constraints {
        false_positive_rate: Some(dataset.false_positive_rate()),
        population,
        ..Constraints::default()
    };
    Plan::new(dataset.distinct(), &constraints)
}
