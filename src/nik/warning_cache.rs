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
    use core::ops::Range;

    use super::super::{Nik, Warning};
    use super::*;

    /// The same cache for all numbers: what it has learnt from one must fit the others.
    #[test]
    fn warnings_are_those_of_each_nik() {
        let mut state = 0_u64;
        let mut draw = |range: Range<u64>| {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            range.start + (mixed >> 32) % (range.end - range.start)
        };
        for (year, month, day) in [(1990, 1, 1), (2026, 11, 30), (2059, 12, 28)] {
            let today = Date::new(year, month, day).unwrap();
            let mut cache = WarningCache::new(today);
            let mut seen = Warnings::none();
            for _ in 0..20_000 {
                let province = draw(10..100);
                let district = [draw(0..100), draw(0..100)];
                let birth = [draw(0..100), draw(0..14), draw(0..100)];
                let groups = district.into_iter().chain(birth).chain([0]);
                let number = groups.fold(province, |all, group| all * 100 + group);
                let nik = Nik::of_number(number + draw(0..200));
                let warnings = nik.warnings(today);
                let digits = u128::from_be_bytes(*nik.as_bytes());
                assert_eq!(cache.warnings(digits), warnings);
                assert_eq!(cache.warnings(digits), warnings);
                seen = seen.and(warnings);
            }
            assert!(seen.contains(Warning::DayImpossible));
        }
    }
}
