use core::fmt;

use super::Nik;
use super::date::Date;
use super::regions;
use super::warning::{Warning, Warnings};

/// What a NIK claims: the place and the day of birth under which its bearer was first registered, by PP 37/2007, articles 36 and 37.
///
/// It is what stands on the card, not what is true: the number stays when somebody moves, when a date of birth is corrected, and
/// when a province is divided. Hidden from [`fmt::Debug`], since together it is the number.
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
    /// To a citizen abroad who never had a NIK: a NIT (*nomor identitas tunggal*), which begins with 99 (PP 40/2019, article 32).
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
    /// Its name today, without the kind; `None` where nothing has that number, or where it is not known what had it.
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
pub enum Sex {
    /// *Laki-laki*.
    Male,
    /// *Perempuan*: 40 is added to the day of birth.
    Female,
}

/// A date of birth, whose century the digits do not tell.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Birth {
    in_1900s: Option<Date>,
    in_2000s: Option<Date>,
}

impl Birth {
    /// The days that it can be, the earlier first: one, or two a century apart, or none where the digits are no date.
    pub fn dates(&self) -> impl Iterator<Item = Date> {
        self.in_1900s.into_iter().chain(self.in_2000s)
    }
}

impl fmt::Debug for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reading(hidden)")
    }
}

impl Nik {
    /// Reads back what the number claims. `today` decides which centuries are possible.
    pub fn decode(&self, today: Date) -> Reading {
        let fields = Fields::of(self);
        let birth = fields.birth(today);
        Reading {
            place: fields.place(),
            sex: fields.sex(),
            serial: fields.serial,
            warnings: fields.warnings(&birth, today),
            birth,
        }
    }

    /// What makes a typing error likely: [`Reading::warnings`] without the rest, for long lists.
    pub fn warnings(&self, today: Date) -> Warnings {
        let fields = Fields::of(self);
        fields.warnings(&fields.birth(today), today)
    }
}

/// The province code of citizens abroad.
const ABROAD: u8 = 99;

/// What is added to a woman's day of birth.
const WOMAN: u8 = 40;

/// The first serial that calls for a look, where it does not stand beside a date that many share. Even the largest districts
/// register few births of one sex a day.
const HIGH_SERIAL: u16 = 100;

/// How many years ago a family card may have been recorded: the numbers are about as old as the register of 2004.
const FAMILY_CARD_YEARS: u16 = 25;

/// The groups of digits as numbers. No branch here or in what follows depends on what differs from row to row of a list, such as the
/// sex: half of such branches are guessed wrong, which would take longer than everything else.
struct Fields {
    province: u8,
    regency: u8,
    district: u8,
    woman: bool,
    /// 1 to 31, or 0 where the digits mean no day.
    day: u8,
    /// 1 to 12, or 0 where the digits mean no month.
    month: u8,
    year: u8,
    serial: u16,
}

impl Fields {
    fn of(nik: &Nik) -> Self {
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
            district_known: self.place_warning().is_none(),
        })
    }

    /// The first of the three codes that is not known: those behind it mean nothing then.
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

    fn sex(&self) -> Option<Sex> {
        let sex = if self.woman { Sex::Female } else { Sex::Male };
        (self.day > 0).then_some(sex)
    }

    /// The day in a century, whether it has come or not.
    fn date_in(&self, century: u16) -> Option<Date> {
        Date::new(century + u16::from(self.year), self.month, self.day)
    }

    fn birth(&self, today: Date) -> Birth {
        let date_in = |century| self.date_in(century).filter(|&date| date <= today);
        Birth {
            in_1900s: date_in(1900),
            in_2000s: date_in(2000),
        }
    }

    fn warnings(&self, birth: &Birth, today: Date) -> Warnings {
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
            // A spreadsheet keeps fifteen digits, and makes zeros of the rest: of nearly every serial, 0000.
            .with(Warning::Rounded, serial_zero)
    }

    /// What is wrong with a day and a month that are each possible.
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

    /// Whether people whose birthday nobody knows were given this date: 31 December until 2004, 1 July since, 1 January by custom, and
    /// the 15th where the month was known.
    fn is_heaped(&self) -> bool {
        (self.day == 15) & (self.month > 0)
            || matches!((self.day, self.month), (31, 12) | (1, 7) | (1, 1))
    }

    fn is_family_card(&self, birth: &Birth, today: Date) -> bool {
        let recent = birth
            .in_2000s
            .is_some_and(|date| date.reaches(today, FAMILY_CARD_YEARS));
        (self.province != ABROAD) & !self.woman & recent
    }
}
