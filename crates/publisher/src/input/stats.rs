//! Statistics of lists: used rows, and rejected rows by reason, with line numbers. Never what the
//! rows hold.

use super::name_field::NameCounts;
use super::reject_reason::{RejectReason, Rejection};
use super::spoilt::{DigitCounts, LostDigits};
use cek_nik::nik::{Nik, NikBatch, Severity, Warning, WarningCache, Warnings};

/// How many rows were used and how many were not, and where.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stats {
    lists: Vec<ListStats>,
    rejected: [Count; RejectReason::ALL.len()],
}

/// The rows of one list.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ListStats {
    /// Rows that are used.
    pub accepted: Accepted,
    /// People in rows that cannot be used.
    pub lost: u64,
    /// Those of them whose row has a NIK and no name that can be used.
    pub lost_for_name: u64,
    /// Rows in which nobody stands: headings, titles, empty rows.
    pub set_aside: u64,
    /// What is odd about the names.
    pub names: NameCounts,
}

/// NIKs, and how many of them draw which warning.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Accepted {
    rows: u64,
    against_the_rules: u64,
    warnings: [u64; Warning::ALL.len()],
    digits: DigitCounts,
}

/// Of fewer NIKs than these, most may have the same oddity by chance.
const FEW: u64 = 20;

impl Accepted {
    /// Counts one NIK and its warnings.
    #[expect(clippy::indexing_slicing, reason = "there is a count for each warning")]
    pub fn count(&mut self, nik: &Nik, warnings: Warnings) {
        self.rows += 1;
        self.digits.count(nik);
        let mut strong = false;
        for warning in warnings.iter() {
            strong |= warning.severity() == Severity::Strong;
            self.warnings[warning as usize] += 1;
        }
        self.against_the_rules += u64::from(strong);
    }

    /// Counts all NIKs of a batch, as [`Accepted::count`] does.
    pub fn count_batch(&mut self, niks: &NikBatch, cache: &mut WarningCache) {
        const { assert!(NikBatch::CAPACITY <= u16::MAX as usize) };
        let strong = Warning::ALL
            .into_iter()
            .filter(|warning| warning.severity() == Severity::Strong)
            .fold(Warnings::none(), |all, one| all.with(one, true))
            .bits();
        // One counter for each bit of a set, all counted at once.
        let mut rows = [0_u16; u16::BITS as usize];
        for warnings in niks.warnings(cache) {
            let bits = warnings.bits();
            for (index, rows) in rows.iter_mut().enumerate() {
                *rows += u16::from(bits & 1 << index != 0);
            }
            self.against_the_rules += u64::from(bits & strong != 0);
        }
        for (all, rows) in self.warnings.iter_mut().zip(rows) {
            *all += u64::from(rows);
        }
        for &digits in niks.digits() {
            self.digits.count_digits(digits);
        }
        self.rows += niks.len() as u64;
    }

    /// How many NIKs there are.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// How many of them break the rules by which NIKs are given out: they have a warning of
    /// [`Severity::Strong`].
    pub fn against_the_rules(&self) -> u64 {
        self.against_the_rules
    }

    /// How many of them draw a warning.
    #[expect(clippy::indexing_slicing, reason = "there is a count for each warning")]
    pub fn drawing(&self, warning: Warning) -> u64 {
        self.warnings[warning as usize]
    }

    /// The digits that other software has lost, where the numbers show it.
    pub fn lost_digits(&self) -> Option<LostDigits> {
        self.digits.finding()
    }

    /// Whether more than half draw a warning.
    pub fn mostly_draws(&self, warning: Warning) -> bool {
        self.is_most(self.drawing(warning))
    }

    /// Whether more than half break the rules.
    pub fn is_mostly_against_the_rules(&self) -> bool {
        self.is_most(self.against_the_rules)
    }

    fn is_most(&self, rows: u64) -> bool {
        self.rows >= FEW && rows > self.rows / 2
    }

    fn add(&mut self, other: &Self) {
        self.rows += other.rows;
        self.against_the_rules += other.against_the_rules;
        self.digits.add(&other.digits);
        for (rows, other) in self.warnings.iter_mut().zip(other.warnings) {
            *rows += other;
        }
    }
}

/// A row: which list, counted from 0, and which line of it, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Which list.
    pub list: usize,
    /// Which line.
    pub line: u64,
}

/// How many line numbers are kept of each reason.
pub const PLACES: usize = 10_000;

impl Stats {
    /// Counts rows of a list that are used, and their names.
    pub fn accept(&mut self, list: usize, accepted: &Accepted, names: &NameCounts) {
        let of_list = self.of_list(list);
        of_list.accepted.add(accepted);
        of_list.names.add(names);
    }

    #[expect(clippy::indexing_slicing, reason = "it is made where it is missing")]
    fn of_list(&mut self, list: usize) -> &mut ListStats {
        if self.lists.len() <= list {
            self.lists.resize(list + 1, ListStats::default());
        }
        &mut self.lists[list]
    }

    /// Counts a rejected row.
    #[expect(clippy::indexing_slicing, reason = "there is a count for each reason")]
    pub fn reject(&mut self, rejection: Rejection, place: Place) {
        let Rejection { reason, people } = rejection;
        let of_list = self.of_list(place.list);
        of_list.lost += people;
        of_list.lost_for_name += if reason.is_of_name() { people } else { 0 };
        of_list.set_aside += u64::from(!reason.loses_somebody());
        let count = &mut self.rejected[reason as usize];
        count.rows += 1;
        count.people += people;
        count.keep(place);
    }

    /// Adds the counts of another thread.
    pub fn add(&mut self, other: &Self) {
        for (list, other) in other.lists.iter().enumerate() {
            let of_list = self.of_list(list);
            of_list.accepted.add(&other.accepted);
            of_list.lost += other.lost;
            of_list.lost_for_name += other.lost_for_name;
            of_list.set_aside += other.set_aside;
            of_list.names.add(&other.names);
        }
        for (count, other) in self.rejected.iter_mut().zip(&other.rejected) {
            count.rows += other.rows;
            count.people += other.people;
            for &place in &other.first {
                count.keep(place);
            }
        }
    }

    /// Rows that are used.
    pub fn accepted(&self) -> Accepted {
        let mut all = Accepted::default();
        for list in &self.lists {
            all.add(&list.accepted);
        }
        all
    }

    /// People in rows that cannot be used. A row with two numbers counts twice.
    pub fn lost(&self) -> u64 {
        self.lists.iter().map(|list| list.lost).sum()
    }

    /// Rows in which nobody stands: headings, titles, empty rows.
    pub fn set_aside(&self) -> u64 {
        self.lists.iter().map(|list| list.set_aside).sum()
    }

    /// The rows of each list.
    pub fn lists(&self) -> impl Iterator<Item = &ListStats> {
        self.lists.iter()
    }

    /// The lost digits of the first list that shows them, and its index.
    pub fn lost_digits(&self) -> Option<(usize, LostDigits)> {
        let mut lists = self.lists.iter().enumerate();
        lists.find_map(|(index, list)| Some((index, list.accepted.lost_digits()?)))
    }

    /// Each reason that occurred.
    pub fn reasons(&self) -> impl Iterator<Item = RejectedRows<'_>> {
        RejectReason::ALL
            .into_iter()
            .zip(&self.rejected)
            .filter(|(_, count)| count.rows > 0)
            .map(|(reason, count)| RejectedRows {
                reason,
                rows: count.rows,
                people: count.people,
                first: count.first.as_slice(),
            })
    }
}

/// Rows that are rejected for one reason.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RejectedRows<'a> {
    /// The reason.
    pub reason: RejectReason,
    /// How many rows.
    pub rows: u64,
    /// How many people are lost with them.
    pub people: u64,
    /// The first of them, at most [`PLACES`].
    pub first: &'a [Place],
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Count {
    rows: u64,
    people: u64,
    first: Vec<Place>,
}

impl Count {
    /// Keeps the first places, whichever thread saw them and when.
    fn keep(&mut self, place: Place) {
        if self.first.len() == PLACES && self.first.last().is_some_and(|&last| last <= place) {
            return;
        }
        let index = self.first.partition_point(|&kept| kept < place);
        self.first.insert(index, place);
        self.first.truncate(PLACES);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_first_places_in_any_order_of_threads() {
        let place = |line| Place { list: 0, line };
        let (mut a, mut b) = (Stats::default(), Stats::default());
        let reject = |stats: &mut Stats, lines: &[u64]| {
            let rejection = RejectReason::NoNumber.into();
            lines
                .iter()
                .for_each(|&line| stats.reject(rejection, place(line)));
        };
        let many: Vec<u64> = (1_000..1_000 + PLACES as u64).collect();
        reject(&mut a, &[90, 4, 30, 12, 7, 60]);
        reject(&mut b, &[5, 100, 1]);
        reject(&mut b, &many);
        let (mut ab, mut ba) = (a.clone(), b.clone());
        ab.add(&b);
        ba.add(&a);
        assert_eq!(ab, ba);
        let rows = ab.reasons().next().unwrap();
        assert_eq!(
            (rows.rows, rows.people),
            (9 + PLACES as u64, 9 + PLACES as u64)
        );
        assert_eq!(rows.first[..5], [1, 4, 5, 7, 12].map(place));
        assert_eq!(rows.first.len(), PLACES);
    }

    #[test]
    fn a_batch_is_counted_as_its_niks_are() {
        let today = "2026-11-23".parse().unwrap();
        let mut cache = WarningCache::new(today);
        let (mut together, mut apart) = (Accepted::default(), Accepted::default());
        let mut niks = NikBatch::new();
        let numbers = (0..10_000_000_000_000_000).step_by(161_803_398_875);
        for nik in numbers.map(Nik::of_number) {
            apart.count(&nik, nik.warnings(today));
            assert!(niks.push(nik.as_bytes()));
            if niks.is_full() {
                together.count_batch(&niks, &mut cache);
                niks.clear();
            }
        }
        together.count_batch(&niks, &mut cache);
        assert_eq!(together, apart);
        // No date of this century is in the future in both.
        let mut warnings = Warning::ALL.into_iter();
        let missing = warnings.find(|&w| apart.drawing(w) == 0 && w != Warning::DateInFuture);
        assert_eq!(missing, None);
    }

    #[test]
    fn nobody_is_lost_with_a_heading_and_two_with_two_numbers() {
        let mut stats = Stats::default();
        let place = Place { list: 1, line: 1 };
        stats.reject(RejectReason::RepeatedHeading.into(), place);
        stats.reject(RejectReason::EmptyRow.into(), place);
        let reason = RejectReason::SeveralNumbers;
        stats.reject(Rejection { reason, people: 2 }, place);
        assert_eq!((stats.lost(), stats.set_aside()), (2, 2));
    }
}
