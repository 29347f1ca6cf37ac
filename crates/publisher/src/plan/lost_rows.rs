//! What leaving out rows for their names does to people. `build` refuses it unless the publisher accepts it by name; `plan` warns.

use super::number_format;
use crate::input::stats::Stats;

/// Of so many rows with a NIK, one may have a name that cannot be used.
const ROWS_TO_ONE_LOST: u64 = 100;

/// People of the list cannot be found in the site, since their rows have no name that can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{lost} of the {rows} rows with a NIK have no name that can be used (more than 1 in {limit}): people in these rows would be told \
     \"not in this list\". Mend the names in the list, name another column, or build without the name lock",
    lost = number_format::number(*lost), rows = number_format::number(*rows),
    limit = ROWS_TO_ONE_LOST
)]
pub struct LostRows {
    /// How many rows have a NIK, and no name that can be used.
    pub lost: u64,
    /// How many rows have a NIK.
    pub rows: u64,
}

impl LostRows {
    /// The stable name, for programs.
    pub const CODE: &'static str = "lost_rows";

    /// The harm, where more than one row in a hundred is left out. Without a name lock none is left out for its name.
    pub fn of(stats: &Stats) -> Option<Self> {
        let lost = stats.lacking_names();
        let rows = stats.accepted().rows() + lost;
        (lost > rows / ROWS_TO_ONE_LOST).then_some(Self { lost, rows })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::reject_reason::RejectReason;
    use crate::input::stats::{Accepted, Place};
    use cek_nik::nik::{Date, Nik};

    fn lost(niks: u64, without_name: u64) -> Option<LostRows> {
        let warnings = Nik::parse("3201014107909001")
            .unwrap()
            .decode(Date::new(2026, 11, 23).unwrap())
            .warnings;
        let mut accepted = Accepted::default();
        (0..niks).for_each(|_| accepted.count(warnings));
        let mut stats = Stats::default();
        stats.accept(0, &accepted);
        let place = |line| Place { list: 0, line };
        (1..=without_name).for_each(|line| stats.refuse(RejectReason::NotLetters, place(line)));
        // Without a NIK, nobody is told anything.
        stats.refuse(RejectReason::Empty, place(0));
        LostRows::of(&stats)
    }

    #[test]
    fn one_row_in_a_hundred_may_lack_its_name() {
        assert_eq!(lost(990, 10), None);
        let rows = 1_000;
        assert_eq!(lost(989, 11), Some(LostRows { lost: 11, rows }));
        assert_eq!(lost(9, 0), None);
        assert_eq!(lost(9, 1), Some(LostRows { lost: 1, rows: 10 }));
    }
}
