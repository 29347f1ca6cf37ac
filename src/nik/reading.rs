//! Types of a reading.

use core::fmt;

use super::date::Date;
use super::warning::Warnings;

/// Reading of a NIK: place, day of birth and sex under which its bearer was first registered (PP
/// 37/2007, articles 36 and 37).
///
/// It is what the card says, which need not be true today: the number stays when its bearer moves,
/// when a date of birth is corrected, and when a province is divided. Hidden from [`fmt::Debug`],
/// since its fields together are the number.
#[derive(Clone, PartialEq, Eq)]
pub struct Reading {
    /// The place of registration (digits 1 to 6).
    pub place: Place,
    /// The date of birth (digits 7 to 12).
    pub birth: Birth,
    /// The sex (digits 7 and 8); `None` if these are no day.
    pub sex: Option<Sex>,
    /// The serial among people with the same district, date and sex, 0 to 9999 (digits 13 to 16).
    pub serial: u16,
    /// Signs of a typing error.
    pub warnings: Warnings,
}

/// Place of registration.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A region of Indonesia.
    Region(Region),
    /// A mission abroad, for a citizen who never had a NIK: a NIT (*nomor identitas tunggal*),
    /// which begins with 99 (PP 40/2019, article 32).
    Abroad {
        /// The code of the country, 0 to 999.
        country: u16,
        /// The number of the mission in that country, 0 to 9.
        mission: u8,
    },
}

/// Region: a district with its regency or city and its province, by the codes of the Ministry of
/// Home Affairs (Kemendagri).
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Region {
    /// The code of the province, 0 to 99.
    pub province: u8,
    /// Its name today; `None` if no province has that code.
    pub province_name: Option<&'static str>,
    /// The number of the regency or city in the province, 0 to 99.
    pub regency: u8,
    /// Regency or city, by the number; `None` if the number is neither's.
    pub kind: Option<RegencyKind>,
    /// Its name today, without the kind; `None` if the number is free or its former bearer unknown.
    pub regency_name: Option<&'static str>,
    /// Today's code, if the number is a former one.
    pub recoded: Option<Recoded>,
    /// The number of the district (*kecamatan*) in the regency or city, 0 to 99.
    pub district: u8,
    /// Whether the regency or city is known, and the number is within its numbering.
    pub district_known: bool,
}

/// Kind of a part of a province.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize),
    serde(rename_all = "snake_case")
)]
#[cfg_attr(feature = "browser", derive(tsify::Tsify))]
pub enum RegencyKind {
    /// *Kabupaten*, numbers 01 to 69.
    Regency,
    /// *Kota*, numbers 71 to 99.
    City,
}

/// Today's code of a regency or city with a former code.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Recoded {
    /// The code of the province, today.
    pub province: u8,
    /// The name of that province.
    pub province_name: Option<&'static str>,
    /// The number of the regency or city in that province.
    pub regency: u8,
}

/// Sex, as registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize),
    serde(rename_all = "snake_case")
)]
#[cfg_attr(feature = "browser", derive(tsify::Tsify))]
pub enum Sex {
    /// *Laki-laki*.
    Male,
    /// *Perempuan*: 40 is added to the day of birth.
    Female,
}

/// Date of birth, without its century.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Birth {
    pub(super) in_1900s: Option<Date>,
    pub(super) in_2000s: Option<Date>,
}

impl Birth {
    /// The possible days, the earlier first: one, or two a century apart, or none if the digits are
    /// no date.
    pub fn dates(&self) -> impl Iterator<Item = Date> {
        self.in_1900s.into_iter().chain(self.in_2000s)
    }
}

impl fmt::Debug for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reading(hidden)")
    }
}
