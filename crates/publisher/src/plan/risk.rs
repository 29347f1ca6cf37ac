//! Risks of a plan for readers and for the people in a list. A build refuses those that the
//! publisher has not accepted.

use super::accuracy::PLAUSIBLE_NIKS;
use super::anonymity_set::{AnonymitySet, SMALL_CROWD};
use super::choice::Plan;
use super::cost::Rent;
use super::number_format;
use cek_nik::identifier::IdentifierKind;
use cek_nik::key::Kdf;
use cek_nik::prefix::PrefixBits;

/// The most rows of a catalogue with cheap keys. So few can be stretched on any computer.
pub const MOST_UNSTRETCHED: u64 = 10_000;

/// Keys are cheap if a rented graphics card tries all plausible NIKs in less time than this, about
/// a tenth of what the default cost takes.
const CHEAP_HOURS: f64 = 10.0;

/// Whether trying all plausible NIKs is cheap, with SHA-256 or a low cost of Argon2id.
pub fn is_cheap(kdf: Kdf) -> bool {
    Rent::of(PLAUSIBLE_NIKS, kdf).hours < CHEAP_HOURS
}

/// A risk of a published site.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[allow(missing_docs, reason = "the messages name the fields")]
pub enum Risk {
    /// Few people share a prefix, so it tells much about the reader who sends it. `nearby` counts
    /// those of the smallest regency.
    #[error(
        "with {bits} prefix bits, only {people} people in the country share a prefix, and in the \
         smallest regency {nearby:.1}: together with the reader's region it would point at few \
         (fewer than {limit} are too few). Give fewer prefix bits, or allow longer shards",
        people = number_format::number(*people as u64),
        limit = number_format::number(SMALL_CROWD as u64)
    )]
    SmallCrowd { bits: u8, people: f64, nearby: f64 },
    /// An enumerator can extract the list at little cost.
    #[error(
        "with {keys}, anyone who downloads the site can try all plausible NIKs within {time} on a \
         rented graphics card, and so get the list of {rows} people. Use argon2id at its default \
         cost (a catalogue of more than {limit} NIKs needs it)",
        keys = kdf.to_string(), time = Rent::of(PLAUSIBLE_NIKS, *kdf).time(),
        rows = number_format::number(*rows), limit = number_format::number(MOST_UNSTRETCHED)
    )]
    Enumeration { rows: u64, kdf: Kdf },
}

impl Risk {
    /// The stable name, for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::SmallCrowd { .. } => "small_crowd",
            Self::Enumeration { .. } => "enumeration",
        }
    }
}

/// The risks that the publisher has accepted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Accepted {
    /// [`Risk::SmallCrowd`].
    pub small_crowd: bool,
    /// [`Risk::Enumeration`].
    pub enumeration: bool,
    /// [`NewSalt`](crate::config::salt::NewSalt), which is not a risk of a plan.
    pub new_salt: bool,
}

impl Accepted {
    fn covers(self, risk: Risk) -> bool {
        match risk {
            Risk::SmallCrowd { .. } => self.small_crowd,
            Risk::Enumeration { .. } => self.enumeration,
        }
    }

    /// Refuses risks that are not accepted.
    ///
    /// # Errors
    ///
    /// The first of them.
    pub fn check(self, risks: impl IntoIterator<Item = Risk>) -> Result<(), Risk> {
        let mut risks = risks.into_iter();
        risks.find(|risk| !self.covers(*risk)).map_or(Ok(()), Err)
    }
}

/// The risks of a plan in a catalogue with `rows` rows in all its data sets: they share a salt, so
/// an enumerator tries each NIK against all of them at once.
pub fn risks(plan: &Plan, kdf: Kdf, identifier: IdentifierKind, rows: u64) -> Vec<Risk> {
    let small_crowd = small_crowd(plan.chosen.prefix_bits, plan.constraints.population);
    let can_be_enumerated = is_cheap(kdf) && identifier == IdentifierKind::Nik;
    let enumeration =
        (can_be_enumerated && rows > MOST_UNSTRETCHED).then_some(Risk::Enumeration { rows, kdf });
    small_crowd.into_iter().chain(enumeration).collect()
}

/// The risk of a number of prefix bits in a country of `population` people, for any list.
pub fn small_crowd(bits: PrefixBits, population: u64) -> Option<Risk> {
    let set = AnonymitySet::of(bits, population);
    set.is_small_behind(bits).then_some(Risk::SmallCrowd {
        bits: bits.get(),
        people: set.country.floor(),
        nearby: set.smallest_regency,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::choice::Constraints;
    use cek_nik::key::Argon2Cost;
    use cek_nik::prefix::PrefixBits;

    fn found(distinct: u64, bits: u8, kdf: Kdf) -> Vec<&'static str> {
        let constraints = Constraints {
            prefix_bits: PrefixBits::new(bits),
            ..Constraints::default()
        };
        let plan = Plan::new(distinct, &constraints).unwrap();
        risks(&plan, kdf, IdentifierKind::Nik, distinct)
            .into_iter()
            .map(Risk::code)
            .collect()
    }

    #[test]
    fn each_risk_has_its_limit() {
        let argon2 = Kdf::Argon2id(Argon2Cost::OWASP);
        assert!(found(10_000, 12, Kdf::Sha256).is_empty());
        assert_eq!(found(10_001, 12, Kdf::Sha256), ["enumeration"]);
        assert!(found(10_001, 12, argon2).is_empty());
        let cheap = |memory, passes| Kdf::Argon2id(Argon2Cost::new(memory, passes, 1).unwrap());
        assert_eq!(found(10_001, 12, cheap(8, 1)), ["enumeration"]);
        assert_eq!(found(10_001, 12, cheap(1_000, 3)), ["enumeration"]);
        assert!(found(10_001, 12, cheap(7_168, 5)).is_empty());
        assert_eq!(found(10_000, 13, argon2), ["small_crowd"]);
        assert_eq!(
            found(10_001, 13, Kdf::Sha256),
            ["small_crowd", "enumeration"]
        );
    }

    #[test]
    fn only_what_is_accepted_passes() {
        let risks = [
            Risk::SmallCrowd {
                bits: 13,
                people: 35_195.0,
                nearby: 3.5,
            },
            Risk::Enumeration {
                rows: 10_001,
                kdf: Kdf::Sha256,
            },
        ];
        let accepted = |small_crowd, enumeration| {
            Accepted {
                small_crowd,
                enumeration,
                ..Accepted::default()
            }
            .check(risks)
            .map_err(Risk::code)
        };
        assert_eq!(accepted(false, true), Err("small_crowd"));
        assert_eq!(accepted(true, false), Err("enumeration"));
        assert_eq!(accepted(true, true), Ok(()));
    }
}
