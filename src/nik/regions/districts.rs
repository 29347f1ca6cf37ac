//! Every district whose code a NIK may carry, one by one.

use super::table::GAPS;
use super::{highest_district, regency};

/// A district by its code: province, regency or city, district, each 0 to 99.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct District {
    /// The code of the province.
    pub province: u8,
    /// The number of the regency or city in the province.
    pub regency: u8,
    /// The number of the district in it.
    pub district: u8,
}

/// The 7,285 districts of today, and those of Papua by the codes of before 2022, in the order of
/// their codes.
///
/// Of the former codes the table knows only how far districts were numbered: 668 numbers, of which
/// 594 were in use. Not among them are the numbers of regencies that went to other provinces before
/// 2016: nobody has noted how far their districts were numbered.
pub fn districts() -> impl Iterator<Item = District> {
    (0..100)
        .flat_map(|province| (0..100).map(move |number| (province, number)))
        .filter(|&(province, number)| is_listed(province, number))
        .flat_map(|(province, regency)| {
            let highest = highest_district(province, regency).unwrap_or(0);
            (1..=highest)
                .filter(move |&district| !is_gap(province, regency, district))
                .map(move |district| District {
                    province,
                    regency,
                    district,
                })
        })
}

/// The former code of Tarakan, which got a new one with its province in 2012: the only former code
/// outside of Papua.
const TARAKAN: (u8, u8) = (64, 73);

fn is_listed(province: u8, number: u8) -> bool {
    regency(province, number).is_some() && (province, number) != TARAKAN
}

fn is_gap(province: u8, regency: u8, district: u8) -> bool {
    GAPS.iter()
        .any(|(p, r, gaps)| (*p, *r) == (province, regency) && gaps.contains(&district))
}

#[cfg(test)]
mod tests {
    use super::super::recoded;
    use super::*;

    /// Kepmendagri 300.2.2-2138 of 2025, amended by 300.2.2-2430 of 2025, and the 26 regencies of
    /// Papua that were recoded in 2022.
    #[test]
    fn counts_the_districts_of_the_decree_and_of_papua_before() {
        let former = |d: &District| recoded(d.province, d.regency).is_some();
        assert_eq!(districts().filter(|d| !former(d)).count(), 7_285);
        assert_eq!(districts().filter(former).count(), 668);
        let gaps: usize = GAPS.iter().map(|(.., gaps)| gaps.len()).sum();
        assert_eq!((GAPS.len(), gaps), (70, 597));
    }

    #[test]
    fn no_district_draws_a_warning() {
        use crate::nik::{Date, Nik, Warning};
        let today = Date::new(2026, 11, 23).unwrap();
        for d in districts() {
            let digits = format!(
                "{:02}{:02}{:02}0107909001",
                d.province, d.regency, d.district
            );
            let warnings = Nik::parse(&digits).unwrap().warnings(today);
            assert!(
                warnings.iter().eq([]) || warnings.iter().eq([Warning::SerialHigh]),
                "{d:?}"
            );
        }
    }
}
