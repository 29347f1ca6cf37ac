use core::fmt;

use super::date::Date;
use super::warning::Warnings;

/// What a NIK claims: the place and the day of birth under which its bearer was first registered,
/// by PP 37/2007, articles 36 and 37.
///
/// It is what stands on the card, not what is true: the number stays when somebody moves, when a
/// date of birth is corrected, and when a province is divided. Hidden from [`fmt::Debug`], since
/// together it is the number.
#[derive(Clone, PartialEq, Eq)]
pub struct Reading {
    /// Where the number was issued (digits 1 to 6).
    pub place: Place,
    /// The date of birth (digits 7 to 12).
    pub birth: Birth,
    /// Man or woman (digits 7 and 8); `None` where these mean no day.
    pub sex: Option<Sex>,
    /// The serial among the people of the same district, date and sex, 0 to 9999 (digits 13 to 16).
    pub serial: u16,
    /// What makes a typing error likely.
    pub warnings: Warnings,
}

/// Where a NIK was issued.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In Indonesia.
    Region(Region),
    /// To a citizen abroad who never had a NIK: a NIT (*nomor identitas tunggal*), which begins
    /// with 99 (PP 40/2019, article 32).
    Abroad {
        /// The code of the country, 0 to 999.
        country: u16,
        /// The number of the mission in that country, 0 to 9.
        mission: u8,
    },
}

/// A district and what it lies in, by the codes of the Ministry of Home Affairs (Kemendagri).
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Region {
    /// The code of the province, 0 to 99.
    pub province: u8,
    /// Its name today; `None` where no province has that code.
    pub province_name: Option<&'static str>,
    /// The number of the regency or city in the province, 0 to 99.
    pub regency: u8,
    /// Which of the two it is, by its number; `None` where the number is neither's.
    pub kind: Option<RegencyKind>,
    /// Its name today, without the kind; `None` where nothing has that number, or where it is not
    /// known what had it.
    pub regency_name: Option<&'static str>,
    /// Where the number is a former one: what the regency has today.
    pub recoded: Option<Recoded>,
    /// The number of the district (*kecamatan*) in the regency or city, 0 to 99.
    pub district: u8,
    /// Whether the regency or city is known and its districts are or were numbered so far.
    pub district_known: bool,
}

/// The two kinds of what a province is divided into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize),
    serde(rename_all = "snake_case")
)]
pub enum RegencyKind {
    /// *Kabupaten*, numbers 01 to 69.
    Regency,
    /// *Kota*, numbers 71 to 99.
    City,
}

/// The code that a regency or city has today.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Recoded {
    /// The code of the province that it lies in today.
    pub province: u8,
    /// The name of that province.
    pub province_name: Option<&'static str>,
    /// Its number there.
    pub regency: u8,
}

/// Man or woman, as registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize),
    serde(rename_all = "snake_case")
)]
pub enum Sex {
    /// *Laki-laki*.
    Male,
    /// *Perempuan*: 40 is added to the day of birth.
    Female,
}

/// A date of birth, whose century the digits do not tell.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Birth {
    pub(super) in_1900s: Option<Date>,
    pub(super) in_2000s: Option<Date>,
}

impl Birth {
    /// The days that it can be, the earlier first: one, or two a century apart, or none where the
    /// digits are no date.
    pub fn dates(&self) -> impl Iterator<Item = Date> {
        self.in_1900s.into_iter().chain(self.in_2000s)
    }
}

impl fmt::Debug for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reading(hidden)")
    }
}
