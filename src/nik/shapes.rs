//! Shapes in which a reading is serialised, as `docs/NIK.md` describes it.

use serde::{Serialize, Serializer};
use zeroize::Zeroizing;

use super::reading::{Birth, RegencyKind, Sex};
use super::warning::{Severity, Warnings};

/// Reading of a NIK: where its bearer was first registered, and as whom.
#[derive(Serialize)]
#[cfg_attr(feature = "browser", derive(tsify::Tsify), tsify(missing_as_null))]
pub(super) struct Reading {
    pub(super) place: Place,
    /// `YYYY-MM-DD`: one, or two a century apart, the earlier first; none if no such day exists.
    #[cfg_attr(feature = "browser", tsify(type = "string[]"))]
    pub(super) birth_dates: Birth,
    pub(super) sex: Option<Sex>,
    /// The last four digits.
    #[cfg_attr(feature = "browser", tsify(type = "string"))]
    pub(super) serial: Text,
    #[cfg_attr(feature = "browser", tsify(type = "Warning[]"))]
    pub(super) warnings: Warnings,
}

/// Place of registration, by codes of the Ministry of Home Affairs such as 32, 32.01 and 32.01.01.
/// Names are today's; `null` if unknown. A number of a citizen abroad who never had a NIK has the
/// code of the country in three digits and the number of the mission in one.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[cfg_attr(feature = "browser", derive(tsify::Tsify))]
pub(super) enum Place {
    Region {
        province: Province,
        regency: Regency,
        district: District,
    },
    Abroad {
        #[cfg_attr(feature = "browser", tsify(type = "string"))]
        country: Text,
        #[cfg_attr(feature = "browser", tsify(type = "string"))]
        mission: Text,
    },
}

/// Province.
#[derive(Serialize)]
#[cfg_attr(feature = "browser", derive(tsify::Tsify), tsify(missing_as_null))]
pub(super) struct Province {
    #[cfg_attr(feature = "browser", tsify(type = "string"))]
    pub(super) code: Text,
    pub(super) name: Option<&'static str>,
}

/// Regency or city.
#[derive(Serialize)]
#[cfg_attr(feature = "browser", derive(tsify::Tsify), tsify(missing_as_null))]
pub(super) struct Regency {
    #[cfg_attr(feature = "browser", tsify(type = "string"))]
    pub(super) code: Text,
    pub(super) kind: Option<RegencyKind>,
    pub(super) name: Option<&'static str>,
    /// Only for a former code.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "browser", tsify(optional))]
    pub(super) now: Option<NewCode>,
}

/// Today's code of a regency or city with a former code, and the name of its province.
#[derive(Serialize)]
#[cfg_attr(feature = "browser", derive(tsify::Tsify), tsify(missing_as_null))]
pub(super) struct NewCode {
    #[cfg_attr(feature = "browser", tsify(type = "string"))]
    pub(super) code: Text,
    pub(super) province: Option<&'static str>,
}

/// District: `known` unless its number is 00 or beyond the highest of the regency.
#[derive(Serialize)]
#[cfg_attr(feature = "browser", derive(tsify::Tsify))]
pub(super) struct District {
    #[cfg_attr(feature = "browser", tsify(type = "string"))]
    pub(super) code: Text,
    pub(super) known: bool,
}

/// Sign of a typing error. A real NIK may have any. `positions` are digits, counted from 1.
#[derive(Serialize)]
#[cfg_attr(feature = "browser", derive(tsify::Tsify))]
pub(super) struct Warning {
    #[cfg_attr(feature = "browser", tsify(type = "WarningCode"))]
    pub(super) code: &'static str,
    pub(super) severity: Severity,
    #[cfg_attr(feature = "browser", tsify(type = "number[]"))]
    pub(super) positions: Positions,
}

/// Positions of a warning, one by one.
pub(super) struct Positions(pub(super) super::Warning);

impl Serialize for Positions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.positions())
    }
}

/// Text with digits of a NIK, of at most [`Text::LONGEST`] characters. It is wiped when dropped. A
/// serialiser that formats the number itself would leave copies in memory.
pub(super) struct Text {
    characters: Zeroizing<[u8; Self::LONGEST]>,
    length: usize,
}

impl Text {
    /// The length of a date.
    const LONGEST: usize = 10;

    /// The empty text.
    pub(super) fn new() -> Self {
        Self {
            characters: Zeroizing::new([0; Self::LONGEST]),
            length: 0,
        }
    }

    /// The text, and the last `count` digits of a number, with leading zeros.
    pub(super) fn digits(mut self, number: u16, count: u32) -> Self {
        for exponent in (0..count).rev() {
            let digit = number / 10u16.pow(exponent) % 10;
            self = self.character(b'0' + digit as u8);
        }
        self
    }

    /// The text, and one more character.
    pub(super) fn character(mut self, character: u8) -> Self {
        if let Some(slot) = self.characters.get_mut(self.length) {
            *slot = character;
            self.length += 1;
        }
        self
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let characters = self.characters.get(..self.length).unwrap_or_default();
        serializer.serialize_str(core::str::from_utf8(characters).unwrap_or_default())
    }
}
