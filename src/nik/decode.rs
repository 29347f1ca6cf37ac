//! Decoding of a NIK: its groups of digits, and their meaning.

use super::date::Date;
use super::reading::{Birth, Place, Reading, Recoded, RegencyKind, Region, Sex};
use super::regions;
use super::warning::Warnings;
use super::{Nik, NikError};

/// Result of decoding a text: the reading of a NIK, or the reason why the text is not one.
/// `docs/NIK.md` describes its JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize),
    serde(rename_all = "snake_case")
)]
#[cfg_attr(feature = "browser", derive(tsify::Tsify), tsify(missing_as_null))]
pub enum Decoded {
    /// The text is a NIK.
    Reading(Reading),
    /// The text is not a NIK.
    Error(NikError),
}

impl Decoded {
    /// Decodes a text as it was typed. `today` decides which centuries are possible.
    pub fn of_text(text: &str, today: Date) -> Self {
        match Nik::parse(text) {
            Ok(nik) => Self::Reading(nik.decode(today)),
            Err(error) => Self::Error(error),
        }
    }
}

/// The province code of citizens abroad.
pub(super) const ABROAD: u8 = 99;

/// The number that is added to a woman's day of birth.
const WOMAN: u8 = 40;

impl Nik {
    /// Decodes the number. `today` decides which centuries are possible.
    pub fn decode(&self, today: Date) -> Reading {
        let fields = Fields::of(u128::from_be_bytes(self.0));
        Reading {
            place: fields.place(),
            birth: fields.birth(today),
            sex: fields.sex(),
            serial: fields.serial,
            warnings: fields.warnings(today),
        }
    }

    /// The warnings of [`Reading::warnings`] without the rest, for long lists.
    pub fn warnings(&self, today: Date) -> Warnings {
        Fields::of(u128::from_be_bytes(self.0)).warnings(today)
    }
}

/// The groups of digits as numbers. This code avoids branches on fields that differ from row to row
/// of a list, such as the sex: a processor mispredicts half of them.
pub(super) struct Fields {
    pub(super) province: u8,
    pub(super) regency: u8,
    pub(super) district: u8,
    pub(super) woman: bool,
    /// 1 to 31, or 0 if the digits are no day.
    pub(super) day: u8,
    /// 1 to 12, or 0 if the digits are no month.
    pub(super) month: u8,
    pub(super) year: u8,
    pub(super) serial: u16,
}

impl Fields {
    /// The groups of sixteen ASCII digits, the first in the most significant byte.
    #[inline]
    pub(super) fn of(digits: u128) -> Self {
        let [province, regency, district, day] = pairs((digits >> 64) as u64);
        let [month, year, high, low] = pairs(digits as u64);
        let woman = day > WOMAN;
        let day = day - if woman { WOMAN } else { 0 };
        Self {
            province,
            regency,
            district,
            woman,
            day: if day <= 31 { day } else { 0 },
            month: if month <= 12 { month } else { 0 },
            year,
            serial: 100 * u16::from(high) + u16::from(low),
        }
    }

    fn place(&self) -> Place {
        if self.province == ABROAD {
            return Place::Abroad {
                country: u16::from(self.regency) * 10 + u16::from(self.district / 10),
                mission: self.district % 10,
            };
        }
        Place::Region(Region {
            province: self.province,
            province_name: regions::province(self.province),
            regency: self.regency,
            kind: match self.regency {
                1..=69 => Some(RegencyKind::Regency),
                71..=99 => Some(RegencyKind::City),
                _ => None,
            },
            regency_name: regions::regency(self.province, self.regency),
            recoded: regions::recoded(self.province, self.regency).map(|(province, regency)| {
                Recoded {
                    province,
                    province_name: regions::province(province),
                    regency,
                }
            }),
            district: self.district,
            district_known: self.place_warnings().is_empty(),
        })
    }

    fn sex(&self) -> Option<Sex> {
        let sex = if self.woman { Sex::Female } else { Sex::Male };
        (self.day > 0).then_some(sex)
    }

    /// The day in a century, past or future.
    #[inline]
    pub(super) fn date_in(&self, century: u16) -> Option<Date> {
        Date::new(century + u16::from(self.year), self.month, self.day)
    }

    fn birth(&self, today: Date) -> Birth {
        let date_in = |century| self.date_in(century).filter(|&date| date <= today);
        Birth {
            in_1900s: date_in(1900),
            in_2000s: date_in(2000),
        }
    }
}

/// The numbers that eight ASCII digits make two by two, without a loop.
#[inline]
fn pairs(digits: u64) -> [u8; 4] {
    let digits = digits ^ u64::from_ne_bytes([b'0'; 8]);
    // Each byte is at most 99, so none carries into the next.
    let pairs = ((digits * 10) >> 8) + digits;
    let [_, first, _, second, _, third, _, fourth] = pairs.to_be_bytes();
    [first, second, third, fourth]
}
