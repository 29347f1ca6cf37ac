//! Rules of the warnings: when each [`Warning`] applies.

use super::date::Date;
use super::decode::{ABROAD, Fields};
use super::regions;
use super::warning::{Warning, Warnings};

/// The first serial that draws a warning, except on dates that many people share. Even the largest
/// districts register few births of one sex a day.
const HIGH_SERIAL: u16 = 100;

/// The age of the oldest family cards, in years: their numbers are about as old as the register of
/// 2004.
const FAMILY_CARD_YEARS: u16 = 25;

/// The warnings that a group of digits draws, and those of other groups that it excuses.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Effect {
    draws: Warnings,
    excuses: Warnings,
}

impl Effect {
    /// The effects of both.
    #[inline]
    pub(super) fn and(self, other: Self) -> Self {
        Self {
            draws: self.draws.and(other.draws),
            excuses: self.excuses.and(other.excuses),
        }
    }

    /// The warnings of a NIK with these effects.
    #[inline]
    pub(super) fn warnings(self) -> Warnings {
        self.draws.without(self.excuses)
    }
}

// Without branches on what differs from row to row of a list: see [`Fields`].
impl Fields {
    #[inline]
    pub(super) fn warnings(&self, today: Date) -> Warnings {
        let place_and_date = self.place_effect().and(self.date_effect(today));
        let rest = self.sex_effect().and(self.serial_effect());
        place_and_date.and(rest).warnings()
    }

    #[inline]
    pub(super) fn place_effect(&self) -> Effect {
        let is_abroad = self.province == ABROAD;
        Effect {
            draws: self.place_warnings(),
            excuses: Warnings::none().with(Warning::FamilyCard, is_abroad),
        }
    }

    #[inline]
    pub(super) fn date_effect(&self, today: Date) -> Effect {
        Effect {
            draws: self
                .date_warnings(today)
                .with(Warning::DayImpossible, self.day == 0)
                .with(Warning::MonthImpossible, self.month == 0),
            excuses: Warnings::none().with(Warning::SerialHigh, self.is_heaped()),
        }
    }

    #[inline]
    pub(super) fn sex_effect(&self) -> Effect {
        Effect {
            draws: Warnings::none(),
            excuses: Warnings::none().with(Warning::FamilyCard, self.woman),
        }
    }

    #[inline]
    pub(super) fn serial_effect(&self) -> Effect {
        let is_zero = self.serial == 0;
        Effect {
            draws: Warnings::none()
                .with(Warning::SerialZero, is_zero)
                .with(Warning::SerialHigh, self.serial >= HIGH_SERIAL)
                // A spreadsheet keeps fifteen digits and turns the rest into zeros: nearly every
                // serial becomes 0000.
                .with(Warning::Rounded, is_zero),
            excuses: Warnings::none(),
        }
    }

    /// The warning about the first unknown code: the codes after it then mean nothing.
    #[inline]
    pub(super) fn place_warnings(&self) -> Warnings {
        let in_indonesia = self.province != ABROAD;
        let has_province = regions::is_province(self.province);
        let highest = regions::highest_district(self.province, self.regency);
        let has_regency = highest.is_some();
        Warnings::none()
            .with(Warning::ProvinceUnknown, in_indonesia & !has_province)
            .with(Warning::RegencyUnknown, has_province & !has_regency)
            .with(Warning::DistrictZero, has_regency & (self.district == 0))
            .with(
                Warning::DistrictUnknown,
                highest.is_some_and(|highest| self.district > highest),
            )
    }

    /// The warnings about a day and a month that are each possible, and about a recent date.
    #[inline]
    fn date_warnings(&self, today: Date) -> Warnings {
        let (in_1900s, in_2000s) = (self.date_in(1900), self.date_in(2000));
        let is_past = |date: Option<Date>| date.is_some_and(|date| date <= today);
        let exists = in_1900s.is_some() | in_2000s.is_some();
        let is_odd = (self.day > 0) & (self.month > 0) & !is_past(in_1900s) & !is_past(in_2000s);
        let is_leap_day = (self.day == 29) & (self.month == 2);
        let is_recent =
            is_past(in_2000s) & in_2000s.is_some_and(|date| date.reaches(today, FAMILY_CARD_YEARS));
        Warnings::none()
            .with(Warning::DateInFuture, is_odd & exists)
            .with(Warning::LeapDayImpossible, is_odd & !exists & is_leap_day)
            .with(Warning::DateImpossible, is_odd & !exists & !is_leap_day)
            .with(Warning::FamilyCard, is_recent)
    }

    /// Whether the date was given to people with an unknown birthday: 31 December until 2004, 1
    /// July since, 1 January by custom, and the 15th if the month was known.
    #[inline]
    fn is_heaped(&self) -> bool {
        let is = |day, month| (self.day == day) & (self.month == month);
        (self.day == 15) & (self.month > 0) | is(31, 12) | is(1, 7) | is(1, 1)
    }
}
