//! Rows that are no NIK: counted by reason, with the numbers of the first lines, never with what they hold.

use std::fmt;

use crate::nik::{DIGITS, Nik, NikError};

/// Why a row is no NIK.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Nothing there.
    Empty,
    /// Fewer than 16 digits.
    TooFewDigits,
    /// More than 16 digits.
    TooManyDigits,
    /// A number as a spreadsheet writes large ones: its last digits may be lost.
    SpreadsheetNumber,
    /// Letters or other characters.
    NotDigits,
    /// Bytes that are no UTF-8.
    NotText,
    /// The row ends before the column.
    NoSuchColumn,
}

impl Refusal {
    /// All reasons, in the order in which they are reported.
    pub const ALL: [Self; 7] = [
        Self::Empty,
        Self::TooFewDigits,
        Self::TooManyDigits,
        Self::SpreadsheetNumber,
        Self::NotDigits,
        Self::NotText,
        Self::NoSuchColumn,
    ];
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "empty",
            Self::TooFewDigits => "fewer than 16 digits",
            Self::TooManyDigits => "more than 16 digits",
            Self::SpreadsheetNumber => {
                "a number as a spreadsheet writes it (3.2E+15): digits are lost, export the column as text"
            }
            Self::NotDigits => "other characters than digits",
            Self::NotText => "not readable as UTF-8",
            Self::NoSuchColumn => "the row ends before the NIK column",
        })
    }
}

/// Reads a field as a NIK.
///
/// # Errors
///
/// [`Refusal`].
pub fn nik(field: &[u8]) -> Result<Nik, Refusal> {
    if let Some(nik) = Nik::from_plain(field) {
        return Ok(nik);
    }
    let text = std::str::from_utf8(field).map_err(|_| Refusal::NotText)?;
    // First, since "320101410790900.0" has sixteen digits and is no NIK.
    if is_spreadsheet_number(text.trim()) {
        return Err(Refusal::SpreadsheetNumber);
    }
    Nik::parse(text).map_err(|error| match error {
        NikError::Empty => Refusal::Empty,
        NikError::Length { digits } if digits < DIGITS => Refusal::TooFewDigits,
        NikError::Length { .. } => Refusal::TooManyDigits,
        NikError::NotADigit { .. } => Refusal::NotDigits,
    })
}

/// `3.20101E+15`, `3,20101E+15`, `3201014107909001.0` or `3.201014107909001`.
fn is_spreadsheet_number(text: &str) -> bool {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let (whole, fraction) = match mantissa.split_once(['.', ',']) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let mantissa_fits = digits(whole) && fraction.is_none_or(digits);
    match exponent {
        Some(exponent) => mantissa_fits && digits(exponent.trim_start_matches(['+', '-'])),
        None => {
            let zeros = fraction.is_some_and(|f| f.bytes().all(|b| b == b'0'));
            mantissa_fits && fraction.is_some() && (zeros || whole.len() == 1)
        }
    }
}

/// How many rows were NIKs and how many were not, and where.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    lists: Vec<OfList>,
    refused: [Count; Refusal::ALL.len()],
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct OfList {
    accepted: u64,
    refused: u64,
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

impl Tally {
    /// So many rows of a list that are NIKs.
    pub fn accept(&mut self, list: usize, rows: u64) {
        if let Some(of_list) = self.of_list(list) {
            of_list.accepted += rows;
        }
    }

    fn of_list(&mut self, list: usize) -> Option<&mut OfList> {
        if self.lists.len() <= list {
            self.lists.resize(list + 1, OfList::default());
        }
        self.lists.get_mut(list)
    }

    /// A row that is none.
    pub fn refuse(&mut self, refusal: Refusal, place: Place) {
        if let Some(of_list) = self.of_list(place.list) {
            of_list.refused += 1;
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
                of_list.accepted += other.accepted;
                of_list.refused += other.refused;
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
    pub fn accepted(&self) -> u64 {
        self.lists.iter().map(|list| list.accepted).sum()
    }

    /// Rows that are none.
    pub fn refused(&self) -> u64 {
        self.lists.iter().map(|list| list.refused).sum()
    }

    /// The first list, counted from 0, in which more rows are refused than accepted.
    pub fn mostly_refused(&self) -> Option<usize> {
        self.lists
            .iter()
            .position(|list| list.refused > list.accepted)
    }

    /// All rows.
    pub fn rows(&self) -> u64 {
        self.accepted() + self.refused()
    }

    /// Each reason that occurred, with its number of rows and its first places.
    pub fn reasons(&self) -> impl Iterator<Item = (Refusal, u64, &[Place])> {
        Refusal::ALL
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
    fn tells_what_is_wrong_with_a_row() {
        let cases: [(&[u8], Refusal); 11] = [
            (b"320101410790900.0", Refusal::SpreadsheetNumber),
            (b"3.201014107909001", Refusal::SpreadsheetNumber),
            (b"", Refusal::Empty),
            (b" - ", Refusal::Empty),
            (b"320101410790900", Refusal::TooFewDigits),
            (b"32010141079090011", Refusal::TooManyDigits),
            (b"3.20101E+15", Refusal::SpreadsheetNumber),
            (b"3,20101e15", Refusal::SpreadsheetNumber),
            (b"3201014107909001.0", Refusal::SpreadsheetNumber),
            (b"tidak ada", Refusal::NotDigits),
            (b"\xff\xfe", Refusal::NotText),
        ];
        for (field, refusal) in cases {
            assert_eq!(nik(field), Err(refusal), "{}", field.escape_ascii());
        }
        assert!(nik(b"3201.0141.0790.9001").is_ok());
    }

    #[test]
    fn keeps_the_first_places_in_any_order_of_threads() {
        let place = |line| Place { list: 0, line };
        let (mut a, mut b) = (Tally::default(), Tally::default());
        for line in [90, 4, 30, 12, 7, 60] {
            a.refuse(Refusal::Empty, place(line));
        }
        for line in [5, 100, 1] {
            b.refuse(Refusal::Empty, place(line));
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
