//! Fields of a NIK: its groups of digits, and their meaning.

use super::Nik;
use super::date::Date;
use super::reading::{Birth, Place, Recoded, RegencyKind, Region, Sex};
use super::regions;
use super::warning::{Warning, Warnings};

/// The province code of citizens abroad.
const ABROAD: u8 = 99;

/// The number that is added to a woman's day of birth.
const WOMAN: u8 = 40;

/// The first serial that draws a warning, except on dates that many people share. Even the largest
/// districts register few births of one sex a day.
const HIGH_SERIAL: u16 = 100;

/// The age of the oldest family cards, in years: their numbers are about as old as the register of
/// 2004.
const FAMILY_CARD_YEARS: u16 = 25;

/// The groups of digits as numbers. This code avoids branches on fields that differ from row to row
/// of a list, such as the sex: a processor mispredicts half of them.
pub(super) struct Fields {
    province: u8,
    regency: u8,
    district: u8,
    woman: bool,
    /// 1 to 31, or 0 if the digits are no day.
    day: u8,
    /// 1 to 12, or 0 if the digits are no month.
    month: u8,
    year: u8,
    pub(super) serial: u16,
}

impl Fields {
    pub(super) fn of(nik: &Nik) -> Self {
        let mut pairs = nik.as_bytes().chunks_exact(2).map(|pair| {
            pair.iter()
                .fold(0, |number, digit| number * 10 + (digit - b'0'))
        });
        let mut next = || pairs.next().unwrap_or(0);
        let [province, regency, district, day, month, year] = [(); 6].map(|()| next());
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
            serial: u16::from(next()) * 100 + u16::from(next()),
        }
    }

    pub(super) fn place(&self) -> Place {
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
            district_known: self.place_warning().is_none(),
        })
    }

    /// The warning about the first unknown code: the codes after it then mean nothing.
    fn place_warning(&self) -> Option<Warning> {
        if self.province == ABROAD {
            return None;
        }
        if !regions::is_province(self.province) {
            return Some(Warning::ProvinceUnknown);
        }
        match regions::highest_district(self.province, self.regency) {
            None => Some(Warning::RegencyUnknown),
            Some(_) if self.district == 0 => Some(Warning::DistrictZero),
            Some(highest) => (self.district > highest).then_some(Warning::DistrictUnknown),
        }
    }

    pub(super) fn sex(&self) -> Option<Sex> {
        let sex = if self.woman { Sex::Female } else { Sex::Male };
        (self.day > 0).then_some(sex)
    }

    /// The day in a century, past or future.
    fn date_in(&self, century: u16) -> Option<Date> {
        Date::new(century + u16::from(self.year), self.month, self.day)
    }

    pub(super) fn birth(&self, today: Date) -> Birth {
        let date_in = |century| self.date_in(century).filter(|&date| date <= today);
        Birth {
            in_1900s: date_in(1900),
            in_2000s: date_in(2000),
        }
    }

    pub(super) fn warnings(&self, birth: &Birth, today: Date) -> Warnings {
        let serial_zero = self.serial == 0;
        Warnings::none()
            .with_some(self.place_warning())
            .with(Warning::DayImpossible, self.day == 0)
            .with(Warning::MonthImpossible, self.month == 0)
            .with_some(self.date_warning(birth))
            .with(Warning::SerialZero, serial_zero)
            .with(
                Warning::SerialHigh,
                (self.serial >= HIGH_SERIAL) & !self.is_heaped(),
            )
            .with(Warning::FamilyCard, self.is_family_card(birth, today))
            // A spreadsheet keeps fifteen digits and turns the rest into zeros: nearly every serial
            // becomes 0000.
            .with(Warning::Rounded, serial_zero)
    }

    /// The warning about a day and a month that are each possible.
    fn date_warning(&self, birth: &Birth) -> Option<Warning> {
        if birth.in_1900s.is_some() | birth.in_2000s.is_some() | (self.day == 0) | (self.month == 0)
        {
            None
        } else if [1900, 2000].into_iter().any(|c| self.date_in(c).is_some()) {
            Some(Warning::DateInFuture)
        } else if (self.day, self.month) == (29, 2) {
            Some(Warning::LeapDayImpossible)
        } else {
            Some(Warning::DateImpossible)
        }
    }

    /// Whether the date was given to people with an unknown birthday: 31 December until 2004, 1
    /// July since, 1 January by custom, and the 15th if the month was known.
    fn is_heaped(&self) -> bool {
        let is = |day, month| (self.day == day) & (self.month == month);
        (self.day == 15) & (self.month > 0) | is(31, 12) | is(1, 7) | is(1, 1)
    }

    fn is_family_card(&self, birth: &Birth, today: Date) -> bool {
        let recent = birth
            .in_2000s
            .is_some_and(|date| date.reaches(today, FAMILY_CARD_YEARS));
        (self.province != ABROAD) & !self.woman & recent
    }
}
