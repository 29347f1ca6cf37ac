//! Cache of warnings, for the millions of rows of a list.

use alloc::vec;
use alloc::vec::Vec;

use super::Date;
use super::decode::Fields;
use super::rules::Effect;
use super::warning::Warnings;

/// Effects of places and dates on the warnings of NIKs. A list has few of either, so nearly all of
/// its NIKs need two look-ups instead of the rules.
///
/// The cache holds no NIK. Its megabyte takes memory as far as a list has places.
pub struct WarningCache {
    today: Date,
    /// By province, regency and district.
    places: Table,
    /// By year, month and day.
    dates: Table,
}

const PLACES: usize = 100 * 100 * 100;
const MONTHS: usize = 13;
const DAYS: usize = 32;
const DATES: usize = 100 * MONTHS * DAYS;

impl WarningCache {
    /// An empty cache. `today` decides which centuries are possible.
    pub fn new(today: Date) -> Self {
        Self {
            today,
            places: Table::new(PLACES),
            dates: Table::new(DATES),
        }
    }

    /// The warnings of sixteen ASCII digits: those of [`Nik::warnings`](super::Nik::warnings).
    #[inline]
    pub(super) fn warnings(&mut self, digits: u128) -> Warnings {
        let fields = Fields::of(digits);
        let [province, regency, district] =
            [fields.province, fields.regency, fields.district].map(usize::from);
        let place = (province * 100 + regency) * 100 + district;
        let place = self.places.effect(place, || fields.place_effect());
        let [year, month, day] = [fields.year, fields.month, fields.day].map(usize::from);
        let date = (year * MONTHS + month) * DAYS + day;
        let date = self.dates.effect(date, || fields.date_effect(self.today));
        let rest = fields.sex_effect().and(fields.serial_effect());
        place.and(date).and(rest).warnings()
    }
}

/// Effects by index. Few are different, so a byte tells which: a larger table would not stay in the
/// cache of the processor.
struct Table {
    /// Numbers of effects, counted from 1; 0 where the effect is not known yet.
    numbers: Vec<u8>,
    different: Vec<Effect>,
}

impl Table {
    fn new(length: usize) -> Self {
        Self {
            numbers: vec![0; length],
            different: Vec::new(),
        }
    }

    #[inline]
    fn effect(&mut self, index: usize, effect: impl FnOnce() -> Effect) -> Effect {
        let number = self.numbers.get(index).copied().map_or(0, usize::from);
        match self.different.get(number.wrapping_sub(1)) {
            Some(known) => *known,
            None => self.add(index, effect()),
        }
    }

    #[cold]
    fn add(&mut self, index: usize, effect: Effect) -> Effect {
        let found = self.different.iter().position(|known| *known == effect);
        let number = found.unwrap_or_else(|| {
            self.different.push(effect);
            self.different.len() - 1
        });
        if let (Some(slot), Ok(number)) = (self.numbers.get_mut(index), u8::try_from(number + 1)) {
            *slot = number;
        }
        effect
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Nik, Warning};
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// The same cache for all numbers: what it has learnt from one must fit the others.
        #[test]
        fn warnings_are_those_of_each_nik(
            today in (1990..2060_u16, 1..=12_u8, 1..=28_u8),
            groups in prop::collection::vec(
                (10..100_u64, 0..100_u64, 0..100_u64, 0..100_u64, 0..14_u64, 0..100_u64, 0..200_u64),
                200,
            ),
        ) {
            let today = Date::new(today.0, today.1, today.2).unwrap();
            let mut cache = WarningCache::new(today);
            let mut seen = Warnings::none();
            for (province, regency, district, day, month, year, serial) in groups {
                let groups = [regency, district, day, month, year, 0];
                let number = groups.into_iter().fold(province, |all, group| all * 100 + group);
                let nik = Nik::of_number(number + serial);
                let warnings = nik.warnings(today);
                let digits = u128::from_be_bytes(*nik.as_bytes());
                prop_assert_eq!(cache.warnings(digits), warnings);
                prop_assert_eq!(cache.warnings(digits), warnings);
                seen = seen.and(warnings);
            }
            prop_assert!(seen.contains(Warning::DayImpossible));
        }
    }
}
