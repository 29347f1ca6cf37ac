//! What became of the rows: counted, with the numbers of the first lines that are refused, never with what they hold.

use super::reject_reason::RejectReason;
use cek_nik::nik::{Severity, Warning, Warnings};

/// How many rows were used and how many were not, and where.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stats {
    lists: Vec<OfList>,
    refused: [Count; RejectReason::ALL.len()],
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct OfList {
    accepted: Accepted,
    refused: u64,
    refused_for_name: u64,
}

/// NIKs, and how many of them draw which warning.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Accepted {
    rows: u64,
    against_the_rules: u64,
    warnings: [u64; Warning::ALL.len()],
}

/// Of fewer NIKs than these, most may have the same oddity by chance.
const FEW: u64 = 20;

impl Accepted {
    /// Counts one NIK.
    pub fn count(&mut self, warnings: Warnings) {
        self.rows += 1;
        let mut strong = false;
        for warning in warnings.iter() {
            strong |= warning.severity() == Severity::Strong;
            if let Some(rows) = self.warnings.get_mut(warning as usize) {
                *rows += 1;
            }
        }
        self.against_the_rules += u64::from(strong);
    }

    /// How many NIKs there are.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// How many of them break the rules by which NIKs are given out: those with a warning of [`Severity::Strong`].
    pub fn against_the_rules(&self) -> u64 {
        self.against_the_rules
    }

    /// How many of them draw a warning.
    pub fn drawing(&self, warning: Warning) -> u64 {
        self.warnings.get(warning as usize).copied().unwrap_or(0)
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
        for (rows, other) in self.warnings.iter_mut().zip(other.warnings) {
            *rows += other;
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Count {
    rows: u64,
    first: Vec<Place>,
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
const PLACES: usize = 5;

impl Stats {
    /// Rows of a list that are NIKs, with names where these are wanted.
    pub fn accept(&mut self, list: usize, accepted: &Accepted) {
        if let Some(of_list) = self.of_list(list) {
            of_list.accepted.add(accepted);
        }
    }

    fn of_list(&mut self, list: usize) -> Option<&mut OfList> {
        if self.lists.len() <= list {
            self.lists.resize(list + 1, OfList::default());
        }
        self.lists.get_mut(list)
    }

    /// A row that is refused.
    pub fn refuse(&mut self, refusal: RejectReason, place: Place) {
        if let Some(of_list) = self.of_list(place.list) {
            of_list.refused += 1;
            of_list.refused_for_name += u64::from(refusal.is_of_name());
        }
        if let Some(count) = self.refused.get_mut(refusal as usize) {
            count.rows += 1;
            count.keep(place);
        }
    }

    /// Adds what another thread has counted.
    pub fn add(&mut self, other: &Self) {
        for (list, other) in other.lists.iter().enumerate() {
            if let Some(of_list) = self.of_list(list) {
                of_list.accepted.add(&other.accepted);
                of_list.refused += other.refused;
                of_list.refused_for_name += other.refused_for_name;
            }
        }
        for (count, other) in self.refused.iter_mut().zip(&other.refused) {
            count.rows += other.rows;
            for &place in &other.first {
                count.keep(place);
            }
        }
    }

    /// Rows that are NIKs.
    pub fn accepted(&self) -> Accepted {
        let mut all = Accepted::default();
        for list in &self.lists {
            all.add(&list.accepted);
        }
        all
    }

    /// Rows that are refused.
    pub fn refused(&self) -> u64 {
        self.lists.iter().map(|list| list.refused).sum()
    }

    /// The first list, counted from 0, in which more rows are refused than accepted.
    pub fn mostly_refused(&self) -> Option<usize> {
        self.lists
            .iter()
            .position(|list| list.refused > list.accepted.rows)
    }

    /// Whether most of the rows of a list that are refused have a NIK, and no name to it.
    pub fn mostly_lacks_names(&self, list: usize) -> bool {
        self.lists
            .get(list)
            .is_some_and(|list| list.refused_for_name > list.refused / 2)
    }

    /// Rows that have a NIK and are refused for their name.
    pub fn lacking_names(&self) -> u64 {
        self.lists.iter().map(|list| list.refused_for_name).sum()
    }

    /// The first list, counted from 0, of whose NIKs more than half draw a warning.
    pub fn mostly_drawing(&self, warning: Warning) -> Option<usize> {
        self.lists().position(|list| list.mostly_draws(warning))
    }

    /// The NIKs of each list.
    pub fn lists(&self) -> impl Iterator<Item = &Accepted> {
        self.lists.iter().map(|list| &list.accepted)
    }

    /// All rows.
    pub fn rows(&self) -> u64 {
        self.accepted().rows + self.refused()
    }

    /// Each reason that occurred, with its number of rows and its first places.
    pub fn reasons(&self) -> impl Iterator<Item = (RejectReason, u64, &[Place])> {
        RejectReason::ALL
            .into_iter()
            .zip(&self.refused)
            .filter(|(_, count)| count.rows > 0)
            .map(|(refusal, count)| (refusal, count.rows, count.first.as_slice()))
    }
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
        for line in [90, 4, 30, 12, 7, 60] {
            a.refuse(RejectReason::Empty, place(line));
        }
        for line in [5, 100, 1] {
            b.refuse(RejectReason::Empty, place(line));
        }
        let (mut ab, mut ba) = (a.clone(), b.clone());
        ab.add(&b);
        ba.add(&a);
        assert_eq!(ab, ba);
        let (_, rows, places) = ab.reasons().next().unwrap();
        assert_eq!(rows, 9);
        assert_eq!(places, [1, 4, 5, 7, 12].map(place));
    }
}
