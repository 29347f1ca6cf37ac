//! Rules of the warnings: when each [`Warning`] applies.

use super::date::Date;
use super::decode::{ABROAD, Fields};
use super::reading::Birth;
use super::regions;
use super::warning::{Warning, Warnings};

/// The first serial that draws a warning, except on dates that many people share. Even the largest
/// districts register few births of one sex a day.
const HIGH_SERIAL: u16 = 100;

/// The age of the oldest family cards, in years: their numbers are about as old as the register of
/// 2004.
const FAMILY_CARD_YEARS: u16 = 25;

impl Fields {
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

    /// The warning about the first unknown code: the codes after it then mean nothing.
    pub(super) fn place_warning(&self) -> Option<Warning> {
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
