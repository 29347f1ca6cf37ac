//! What somebody who knows nothing but the rules would try: every district, every birthday of a century, both sexes, the first ten
//! serials.

use cek_nik::nik::{DIGITS, Date, Nik, districts};

/// All plausible NIKs, by their places.
pub struct Plausible {
    /// Digits 1 to 6.
    districts: Vec<[u8; 6]>,
    /// Digits 7 to 12, of men and of women.
    birthdays: Vec<[u8; 6]>,
}

/// Serials that are tried: nearly everybody has one of these.
const SERIALS: [&[u8; 4]; 10] = [
    b"0001", b"0002", b"0003", b"0004", b"0005", b"0006", b"0007", b"0008", b"0009", b"0010",
];

/// What is added to a woman's day of birth.
const WOMAN: u8 = 40;

impl Plausible {
    /// Lists districts and birthdays.
    pub fn all() -> Self {
        Self {
            districts: districts()
                .map(|d| digits([d.province, d.regency, d.district]))
                .collect(),
            birthdays: birthdays().collect(),
        }
    }

    /// How many there are. A few more than [`cek_nik_publisher::plan::accuracy::PLAUSIBLE_NIKS`]: see [`districts`].
    pub fn count(&self) -> u64 {
        self.pairs() * SERIALS.len() as u64
    }

    /// How many pairs there are of a district and a birthday: a tenth of [`Self::count`].
    pub fn pairs(&self) -> u64 {
        (self.districts.len() * self.birthdays.len()) as u64
    }

    /// All serials for the district and the birthday at a place, which is taken modulo the number of pairs.
    pub fn of_pair(&self, place: u64) -> impl Iterator<Item = Nik> + use<> {
        let place = (place % self.pairs()) as usize;
        let (district, birthday) = (place / self.birthdays.len(), place % self.birthdays.len());
        let mut digits = [0; DIGITS];
        let parts = self
            .districts
            .get(district)
            .zip(self.birthdays.get(birthday));
        let parts = parts
            .into_iter()
            .flat_map(|(district, birthday)| district.iter().chain(birthday));
        for (to, from) in digits.iter_mut().zip(parts) {
            *to = *from;
        }
        SERIALS.into_iter().filter_map(move |serial| {
            let (_, last) = digits.split_last_chunk_mut::<4>()?;
            *last = *serial;
            Nik::from_plain(&digits)
        })
    }
}

/// The digits of every day of a hundred years, once for each sex. Two digits of a year leave the century open, so that 29 February 00 is among
/// them.
fn birthdays() -> impl Iterator<Item = [u8; 6]> {
    let exists = |year: u16, month, day| {
        [1900, 2000]
            .into_iter()
            .any(|century| Date::new(century + year, month, day).is_some())
    };
    (0..100_u8).flat_map(move |year| {
        (1..=12).flat_map(move |month| {
            (1..=31)
                .filter(move |&day| exists(year.into(), month, day))
                .flat_map(move |day| [day, day + WOMAN].map(|day| digits([day, month, year])))
        })
    })
}

/// Three numbers below 100 as two digits each.
fn digits(numbers: [u8; 3]) -> [u8; 6] {
    let [a, b, c] = numbers.map(|number| [b'0' + number / 10, b'0' + number % 10]);
    let mut digits = [0; 6];
    for (to, from) in digits.iter_mut().zip([a, b, c].into_iter().flatten()) {
        *to = from;
    }
    digits
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::*;
    use cek_nik::nik::{Severity, Warning};
    use cek_nik_publisher::plan::accuracy::PLAUSIBLE_NIKS;

    static ALL: LazyLock<Plausible> = LazyLock::new(Plausible::all);

    #[test]
    fn there_are_as_many_as_the_plan_says_but_for_the_former_codes_that_were_never_in_use() {
        assert_eq!(ALL.birthdays.len(), 2 * 36_525);
        assert_eq!(ALL.count() - PLAUSIBLE_NIKS, (668 - 594) * 2 * 36_525 * 10);
    }

    #[test]
    fn none_is_there_twice() {
        let distinct = |parts: &[[u8; 6]]| parts.iter().collect::<HashSet<_>>().len();
        assert_eq!(distinct(&ALL.districts), ALL.districts.len());
        assert_eq!(distinct(&ALL.birthdays), ALL.birthdays.len());
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn each_follows_the_rules(place in any::<u64>()) {
            // A few birthdays of this century have not come yet, and are tried all the same.
            let today = Date::new(2099, 12, 31).expect("a day");
            let niks: Vec<Nik> = ALL.of_pair(place).collect();
            let different: HashSet<&[u8; DIGITS]> = niks.iter().map(Nik::as_bytes).collect();
            prop_assert_eq!(different.len(), 10);
            for nik in niks {
                let warnings = nik.warnings(today);
                prop_assert!(warnings.iter().all(|warning| warning.severity() == Severity::Soft), "{:?}", warnings);
                prop_assert!(!warnings.contains(Warning::SerialHigh) && !warnings.contains(Warning::DistrictUnknown));
            }
        }
    }
}
