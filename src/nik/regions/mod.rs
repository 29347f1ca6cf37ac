//! Regions: provinces, regencies and cities of today and before, and the highest district number of
//! each.
//!
//! A NIK keeps the codes of the day on which it was issued. So former codes are as valid as
//! today's: the regencies of Papua that were recoded in 2022, and the numbers that went to other
//! provinces before 2016, which are gaps today. Only the highest district number is known:
//! districts that went to a new regency left gaps as well.

mod table;

use table::{HIGHEST_DISTRICTS, NAMES, PROVINCES, RECODED};

/// The first number of a city. Lower numbers are regencies.
const FIRST_CITY: u8 = 71;

/// The name of a province; `None` if no province has that code.
pub(super) fn province(code: u8) -> Option<&'static str> {
    names(code)?.next()
}

/// The name of a regency or city, also by a former code; `None` if the number is free or its former
/// bearer unknown.
pub(super) fn regency(province: u8, number: u8) -> Option<&'static str> {
    let (province, number) = recoded(province, number).unwrap_or((province, number));
    let (kind, index) = index_of(number);
    let name = names(province)?
        .nth(kind + 1)?
        .split(',')
        .nth(usize::from(index))?;
    (!name.is_empty()).then_some(name)
}

/// Today's code for a former one: province and number.
pub(super) fn recoded(province: u8, number: u8) -> Option<(u8, u8)> {
    RECODED
        .iter()
        .find(|&&(old_province, old_number, ..)| (old_province, old_number) == (province, number))
        .map(|&(.., province, number)| (province, number))
}

/// Whether a province has that code.
#[inline]
pub(super) fn is_province(code: u8) -> bool {
    row(code).is_some()
}

/// The highest district number that a regency or city has or had; `None` if the number was never
/// given out.
#[inline]
pub(super) fn highest_district(province: u8, number: u8) -> Option<u8> {
    let &(_, regencies, cities, first) = PROVINCES.get(row(province)?)?;
    let (kind, index) = index_of(number);
    let (before, count) = if kind == 0 {
        (0, regencies)
    } else {
        (regencies, cities)
    };
    (index < count).then_some(())?;
    HIGHEST_DISTRICTS
        .get(usize::from(first) + usize::from(before) + usize::from(index))
        .copied()
}

/// The kind of a number (0: regency, 1: city), and its index among those of its kind. The index of
/// number 00 is beyond all others.
#[inline]
fn index_of(number: u8) -> (usize, u8) {
    let is_city = number >= FIRST_CITY;
    let first = if is_city { FIRST_CITY } else { 1 };
    (usize::from(is_city), number.wrapping_sub(first))
}

/// The name of a province, the list of its regencies, and that of its cities.
fn names(province: u8) -> Option<impl Iterator<Item = &'static str>> {
    Some(NAMES.split('\n').nth(row(province)?)?.split(';'))
}

#[inline]
fn row(province: u8) -> Option<usize> {
    let row = *ROWS.get(usize::from(province))?;
    (row != NO_ROW).then_some(usize::from(row))
}

/// The row of each province by its code. A binary search instead made the warnings of a row about a
/// fifth slower.
const ROWS: [u8; 100] = rows();

const NO_ROW: u8 = u8::MAX;

#[expect(
    clippy::indexing_slicing,
    reason = "evaluated when compiled, where a panic is an error"
)]
const fn rows() -> [u8; 100] {
    let mut rows = [NO_ROW; 100];
    let mut row = 0;
    while row < PROVINCES.len() {
        rows[PROVINCES[row].0 as usize] = row as u8;
        row += 1;
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes() -> impl Iterator<Item = (u8, u8)> {
        (0..100).flat_map(|province| (0..100).map(move |number| (province, number)))
    }

    fn today() -> impl Iterator<Item = (u8, u8)> {
        codes().filter(|&(province, number)| {
            recoded(province, number).is_none() && regency(province, number).is_some()
        })
    }

    /// Kepmendagri 300.2.2-2138 of 2025, amended by 300.2.2-2430 of 2025.
    #[test]
    fn counts_what_the_decree_counts() {
        assert_eq!((0..100).filter(|&code| is_province(code)).count(), 38);
        let cities = today().filter(|&(_, number)| number >= FIRST_CITY).count();
        assert_eq!((today().count() - cities, cities), (416, 98));
    }

    /// The decree numbers 7,285 districts and leaves 597 gaps. The former regencies of Papua had
    /// 668 numbers.
    #[test]
    fn counts_the_districts_of_the_decree_and_of_papua_before() {
        let numbers = |code: &(u8, u8)| highest_district(code.0, code.1).map_or(0, usize::from);
        assert_eq!(
            today().map(|code| numbers(&code)).sum::<usize>(),
            7_285 + 597
        );
        let papua = codes().filter(|&(province, number)| {
            recoded(province, number).is_some() && (province, number) != TARAKAN
        });
        assert_eq!(papua.map(|code| numbers(&code)).sum::<usize>(), 668);
    }

    #[test]
    fn no_known_district_draws_a_warning() {
        use crate::nik::{Date, Nik, Warning};
        let date = Date::new(2026, 11, 23).unwrap();
        for (province, number) in codes().filter(|&(p, n)| regency(p, n).is_some()) {
            for district in 1..=highest_district(province, number).unwrap() {
                let digits = format!("{province:02}{number:02}{district:02}0107909001");
                let warnings = Nik::parse(&digits).unwrap().warnings(date);
                assert!(
                    warnings.iter().eq([]) || warnings.iter().eq([Warning::SerialHigh]),
                    "{province:02}.{number:02}.{district:02}"
                );
            }
        }
    }

    /// The former code of Tarakan, recoded with its province in 2012: the only former code outside
    /// of Papua.
    const TARAKAN: (u8, u8) = (64, 73);

    #[test]
    fn knows_today_and_before() {
        assert_eq!(regency(32, 1), Some("Bogor"));
        assert_eq!(regency(32, 71), Some("Bogor"));
        assert_eq!(regency(31, 75), Some("Jakarta Timur"));
        assert_eq!(regency(94, 4), Some("Mimika"));
        assert_eq!(regency(91, 9), Some("Mimika"));
        assert_eq!(recoded(91, 9), Some((94, 4)));
        assert_eq!(regency(64, 73), Some("Tarakan"));
        let papua: Vec<_> = RECODED.iter().filter(|row| row.0 != 64).collect();
        assert_eq!(papua.len(), 26);
        for &&(province, number, ..) in &papua {
            assert!(highest_district(province, number).is_some());
        }
    }

    #[test]
    fn accepts_gaps_without_a_name() {
        for (province, number) in [(64, 4), (64, 10), (73, 20), (73, 25)] {
            assert_eq!(regency(province, number), None);
            assert_eq!(highest_district(province, number), Some(51));
        }
    }

    #[test]
    fn knows_nothing_beyond_the_highest_numbers() {
        for (province, number) in [
            (32, 0),
            (32, 19),
            (32, 70),
            (32, 80),
            (65, 72),
            (76, 71),
            (10, 1),
        ] {
            assert_eq!(regency(province, number), None);
            assert_eq!(highest_district(province, number), None);
        }
    }

    /// JSON holds them without escapes.
    #[test]
    fn names_are_plain() {
        let plain = |c: char| c.is_ascii_alphabetic() || " -.".contains(c);
        for name in NAMES.split([',', ';', '\n']) {
            assert!(name.chars().all(plain), "{name}");
        }
        assert_eq!(NAMES.split('\n').count(), PROVINCES.len());
        for (line, &(_, regencies, cities, _)) in NAMES.split('\n').zip(&PROVINCES) {
            for (list, count) in line.split(';').skip(1).zip([regencies, cities]) {
                // An empty list reads as one empty name, as does that of a province whose only city
                // was recoded.
                assert_eq!(list.split(',').count(), usize::from(count.max(1)), "{line}");
            }
        }
    }
}
