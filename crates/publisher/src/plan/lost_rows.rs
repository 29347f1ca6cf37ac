//! Lost rows: rows that cannot be used, and the people in them. `build` refuses a list that loses
//! more than 1 in 100 unless the publisher accepts it by name; `plan` warns.

use super::number_format;
use crate::input::stats::{ListStats, Stats};

/// Of so many rows, one may be lost.
const ROWS_TO_ONE_LOST: u64 = 100;

/// People of a list cannot be found in the site, since their rows cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", describe(self))]
pub struct LostRows {
    /// The index of the list.
    pub list: usize,
    /// How many people are lost; a row with two numbers counts twice.
    pub lost: u64,
    /// How many of them stand in a row with a NIK and no name that can be used.
    pub lost_for_name: u64,
    /// How many people the list has.
    pub rows: u64,
}

impl LostRows {
    /// The stable name, for programs.
    pub const CODE: &'static str = "lost_rows";

    /// The harm in the first list of which more than one row in a hundred is lost.
    pub fn of(stats: &Stats) -> Option<Self> {
        let mut lists = stats.lists().enumerate();
        lists.find_map(|(index, list)| Self::of_list(index, list))
    }

    fn of_list(index: usize, list: &ListStats) -> Option<Self> {
        // A few people are called Nan; many fields that read so are no names.
        let nan = Some(list.names.nan).filter(|&nan| nan > 1 && nan > list.names.names / 100);
        let lost = list.lost + nan.unwrap_or(0);
        let rows = list.accepted.rows() + list.lost;
        is_too_many(lost, rows).then_some(Self {
            list: index,
            lost,
            lost_for_name: list.lost_for_name + nan.unwrap_or(0),
            rows,
        })
    }

    /// Whether more people are lost than found.
    pub fn is_most(&self) -> bool {
        self.lost > self.rows / 2
    }

    /// Whether most of them are lost for their name.
    pub fn is_mostly_for_names(&self) -> bool {
        self.lost_for_name > self.lost / 2
    }
}

/// Whether too many people are lost of so many rows.
pub(crate) fn is_too_many(lost: u64, rows: u64) -> bool {
    lost > rows / ROWS_TO_ONE_LOST
}

fn describe(lost: &LostRows) -> String {
    let numbers = [lost.lost, lost.rows].map(number_format::number);
    let [lost_rows, rows] = &numbers;
    let limit = ROWS_TO_ONE_LOST;
    if lost.lost == lost.lost_for_name {
        return format!(
            "{lost_rows} of the {rows} rows with a NIK have no name that can be used (more than 1 \
             in {limit}): people in these rows would be told \"not in this list\". Mend the names \
             in the list, name another column, or build without the name lock"
        );
    }
    format!(
        "{lost_rows} of the {rows} rows cannot be used (more than 1 in {limit}): people in these \
         rows would be told \"not in this list\". Mend the rows in the list, or export it anew"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::reject_reason::{RejectReason, Rejection};
    use crate::input::stats::{Accepted, Place};
    use cek_nik::nik::{Date, Nik};

    fn lost(niks: u64, rejected: &[(RejectReason, u64)]) -> Option<LostRows> {
        let nik = Nik::parse("3201014107909001").unwrap();
        let warnings = nik.warnings(Date::new(2026, 11, 23).unwrap());
        let mut accepted = Accepted::default();
        (0..niks).for_each(|_| accepted.count(&nik, warnings));
        let mut stats = Stats::default();
        stats.accept(0, &accepted, &Default::default());
        let place = Place { list: 0, line: 1 };
        for &(reason, rows) in rejected {
            (0..rows).for_each(|_| stats.reject(reason.into(), place));
        }
        LostRows::of(&stats)
    }

    #[test]
    fn one_row_in_a_hundred_may_be_lost() {
        for reason in [RejectReason::NotLetters, RejectReason::TooFewDigits] {
            assert_eq!(lost(990, &[(reason, 10)]), None);
            let harm = lost(989, &[(reason, 11)]).unwrap();
            assert_eq!((harm.lost, harm.rows), (11, 1_000));
            assert_eq!(harm.is_mostly_for_names(), reason.is_of_name());
            assert_eq!(lost(9, &[]), None);
            assert_eq!(lost(9, &[(reason, 1)]).unwrap().rows, 10);
        }
    }

    #[test]
    fn headings_titles_and_empty_rows_lose_nobody() {
        let rows = [
            RejectReason::EmptyRow,
            RejectReason::RepeatedHeading,
            RejectReason::Title,
        ];
        assert_eq!(lost(9, &rows.map(|reason| (reason, 200))), None);
    }

    #[test]
    fn two_numbers_on_a_line_are_two_people() {
        let mut stats = Stats::default();
        let reason = RejectReason::SeveralNumbers;
        stats.reject(Rejection { reason, people: 2 }, Place { list: 0, line: 1 });
        let harm = LostRows::of(&stats).unwrap();
        assert_eq!((harm.lost, harm.rows, harm.is_most()), (2, 2, true));
    }
}
