//! What a choice does to people. `build` refuses it unless the publisher accepts it by name; `plan` warns.

use super::accuracy::PLAUSIBLE_NIKS;
use super::anonymity_set::{AnonymitySet, SMALL_CROWD};
use super::choice::Plan;
use super::cost::Rent;
use super::number_format;
use cek_nik::identifier::IdentifierKind;
use cek_nik::key::Kdf;
use cek_nik::prefix::PrefixBits;

/// With more rows than these in a catalogue, cheap keys are a harm: so few can be stretched on any computer.
pub const MOST_UNSTRETCHED: u64 = 10_000;

/// Keys are cheap where one rented graphics card tries all plausible NIKs in less time than this: about a tenth of what the default
/// cost takes.
const CHEAP_HOURS: f64 = 10.0;

/// Whether keys are made so cheaply, by `sha256` or a low cost of Argon2id, that trying out all plausible NIKs costs next to nothing.
pub fn is_cheap(kdf: Kdf) -> bool {
    Rent::of(PLAUSIBLE_NIKS, kdf).hours < CHEAP_HOURS
}

/// What a published site would do to people.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum Risk {
    /// Few people share a prefix, so that it tells much about the reader who sends it.
    #[error(
        "with {bits} prefix bits, only {people} people in the country share a prefix, and in the smallest regency {nearby:.1}: together \
         with the reader's region it would point at few (fewer than {limit} are too few). Give fewer prefix bits, or allow longer shards",
        people = number_format::number(*people as u64),
        limit = number_format::number(SMALL_CROWD as u64)
    )]
    SmallCrowd {
        /// The prefix bits.
        bits: u8,
        /// People who share a prefix, in the whole country.
        people: f64,
        /// The same in the smallest regency.
        nearby: f64,
    },
    /// The list can be read out of the site at once.
    #[error(
        "with {keys}, anyone who downloads the site can try all plausible NIKs within {time} on a rented graphics card, and so \
         get the list of {rows} people. Use argon2id at its default cost (a catalogue of more than {limit} NIKs needs it)",
        keys = kdf.to_string(), time = Rent::of(PLAUSIBLE_NIKS, *kdf).time(),
        rows = number_format::number(*rows), limit = number_format::number(MOST_UNSTRETCHED)
    )]
    Enumeration {
        /// How many NIKs the catalogue has.
        rows: u64,
        /// How keys are made.
        kdf: Kdf,
    },
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

/// Which harms the publisher has accepted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Accepted {
    /// [`Risk::SmallCrowd`].
    pub small_crowd: bool,
    /// [`Risk::Enumeration`].
    pub enumeration: bool,
    /// [`NewSalt`](crate::config::salt::NewSalt), which no plan can know of.
    pub new_salt: bool,
}

impl Accepted {
    fn covers(self, harm: Risk) -> bool {
        match harm {
            Risk::SmallCrowd { .. } => self.small_crowd,
            Risk::Enumeration { .. } => self.enumeration,
        }
    }

    /// # Errors
    ///
    /// The first of the harms that is not accepted.
    pub fn check(self, harms: impl IntoIterator<Item = Risk>) -> Result<(), Risk> {
        match harms.into_iter().find(|harm| !self.covers(*harm)) {
            Some(harm) => Err(harm),
            None => Ok(()),
        }
    }
}

/// The harms of a plan with a key derivation and what identifiers are made of, in a catalogue whose data sets have so many `rows` in
/// all: with one salt, whoever tries a NIK tries it against all of them.
pub fn harms(plan: &Plan, kdf: Kdf, identifier: IdentifierKind, rows: u64) -> Vec<Risk> {
    let small_crowd = small_crowd(plan.chosen.prefix_bits, plan.constraints.population);
    let can_be_enumerated = is_cheap(kdf) && identifier == IdentifierKind::Nik;
    let enumeration =
        (can_be_enumerated && rows > MOST_UNSTRETCHED).then_some(Risk::Enumeration { rows, kdf });
    small_crowd.into_iter().chain(enumeration).collect()
}

/// The harm of so many prefix bits in a country of so many people, whatever the list.
pub fn small_crowd(bits: PrefixBits, population: u64) -> Option<Risk> {
    let crowd = AnonymitySet::of(bits, population);
    crowd.is_small_behind(bits).then_some(Risk::SmallCrowd {
        bits: bits.get(),
        people: crowd.country.floor(),
        nearby: crowd.smallest_regency,
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
        harms(&plan, kdf, IdentifierKind::Nik, distinct)
            .into_iter()
            .map(Risk::code)
            .collect()
    }

    #[test]
    fn each_harm_has_its_limit() {
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
        let harms = [
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
            .check(harms)
            .map_err(Risk::code)
        };
        assert_eq!(accepted(false, true), Err("small_crowd"));
        assert_eq!(accepted(true, false), Err("enumeration"));
        assert_eq!(accepted(true, true), Ok(()));
    }
}
