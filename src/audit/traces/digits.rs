//! Sixteen digits in a text, in one run or in the groups that people write.

use super::reads_as_nik;
use crate::nik::{DIGITS, Date, Kind, Nik, kind};

/// What one character of a text is to somebody who looks for numbers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Symbol {
    /// A digit with its value.
    Digit(u8),
    /// What people put between groups of digits.
    Separator,
    /// The end of a line.
    LineEnd,
    /// Anything else.
    Other,
}

/// The symbols of a text, digits of all scripts among them.
pub fn of_text(text: &str) -> impl Iterator<Item = Symbol> {
    text.chars().map(|character| match character {
        '\n' | '\r' => Symbol::LineEnd,
        _ => match kind(character) {
            Kind::Digit(value) => Symbol::Digit(value),
            Kind::Separator => Symbol::Separator,
            Kind::Other => Symbol::Other,
        },
    })
}

/// The symbols of bytes that are no text, as if they were ASCII.
pub fn of_bytes(bytes: &[u8]) -> impl Iterator<Item = Symbol> {
    bytes.iter().map(|byte| match byte {
        b'0'..=b'9' => Symbol::Digit(byte - b'0'),
        b'\n' | b'\r' => Symbol::LineEnd,
        b' ' | b'\t' | b'.' | b'-' | b'/' | b'\'' => Symbol::Separator,
        _ => Symbol::Other,
    })
}

/// How the sixteen digits are grouped where they are. Groups of two throughout are not among them: drawings (SVG) are full of such.
const GROUPINGS: [&[usize]; 9] = [
    &[16],
    &[6, 6, 4],
    &[4, 4, 4, 4],
    &[6, 10],
    &[12, 4],
    &[8, 8],
    &[2, 2, 2, 6, 4],
    &[6, 2, 2, 2, 4],
    &[2, 2, 2, 2, 2, 2, 4],
];

/// As many characters as may stand between two groups.
const WIDEST_GAP: usize = 3;

/// Calls for each NIK with the number of its line, counted from 1.
pub fn find(symbols: impl Iterator<Item = Symbol>, today: Date, mut found: impl FnMut(u64)) {
    let mut stretch = Stretch::default();
    let mut line = 1;
    for symbol in symbols {
        if !stretch.takes(symbol) {
            stretch.end(today, || found(line));
        }
        line += u64::from(symbol == Symbol::LineEnd);
    }
    stretch.end(today, || found(line));
}

/// Groups of digits with nothing but separators between them.
#[derive(Default)]
struct Stretch {
    digits: Vec<u8>,
    /// How long each group is.
    groups: Vec<usize>,
    /// How many separators stand behind the last group.
    gap: usize,
}

impl Stretch {
    /// Takes the next symbol, unless it ends the stretch.
    fn takes(&mut self, symbol: Symbol) -> bool {
        match symbol {
            Symbol::Digit(value) => {
                self.digits.push(value);
                match self.groups.last_mut() {
                    Some(group) if self.gap == 0 => *group += 1,
                    _ => self.groups.push(1),
                }
                self.gap = 0;
                true
            }
            Symbol::Separator if self.groups.is_empty() => true,
            Symbol::Separator => {
                self.gap += 1;
                self.gap <= WIDEST_GAP
            }
            Symbol::LineEnd | Symbol::Other => false,
        }
    }

    /// Looks for NIKs in what was taken, and forgets it.
    fn end(&mut self, today: Date, mut found: impl FnMut()) {
        let mut digits = self.digits.as_slice();
        let mut groups = self.groups.as_slice();
        while let [first, others @ ..] = groups {
            let taken = nik(digits, groups).filter(|(nik, _)| reads_as_nik(nik, today));
            if taken.is_some() {
                found();
            }
            let (length, rest) = match taken {
                Some((_, count)) => (DIGITS, groups.get(count..).unwrap_or_default()),
                None => (*first, others),
            };
            digits = digits.get(length..).unwrap_or_default();
            groups = rest;
        }
        self.digits.clear();
        self.groups.clear();
        self.gap = 0;
    }
}

/// The NIK that the first groups make, and how many groups these are.
fn nik(digits: &[u8], groups: &[usize]) -> Option<(Nik, usize)> {
    let grouping = GROUPINGS
        .into_iter()
        .find(|grouping| groups.starts_with(grouping))?;
    let number = digits
        .get(..DIGITS)?
        .iter()
        .fold(0, |number, digit| number * 10 + u64::from(*digit));
    Some((Nik::of_number(number), grouping.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<u64> {
        let today = Date::new(2026, 11, 23).unwrap();
        let mut lines = Vec::new();
        find(of_text(text), today, |line| lines.push(line));
        if text.is_ascii() {
            let mut again = Vec::new();
            find(of_bytes(text.as_bytes()), today, |line| again.push(line));
            assert_eq!(lines, again, "{text}");
        }
        lines
    }

    #[test]
    fn finds_what_people_write() {
        for text in [
            "3201014107909001",
            "NIK:3201014107909001;",
            "320101 410790 9001",
            "32.01.01.410790.9001",
            "32.01.01.41.07.90.9001",
            "3201-0141-0790-9001",
            "320101 - 410790 - 9001",
            "\"3201014107909001\",\"17\"",
            "17 3201014107909001 17",
            "３２０１０１４１０７９０９００１",
            "3201014107900000",
        ] {
            assert_eq!(lines(text), [1], "{text}");
        }
    }

    #[test]
    fn counts_lines_and_numbers() {
        let list = "3201014107909001\r\n3201014107909002\n\n3201014107909003 3201014107909004";
        assert_eq!(lines(list).len(), 4);
        assert_eq!(lines("a\n\n3201014107909001\n"), [3]);
    }

    #[test]
    fn leaves_other_numbers_alone() {
        for text in [
            "9007199254740991",
            "0000351561234567",
            "32010141079090011",
            "320101410790900",
            "3201014107909x001",
            "320101\n410790\n9001",
            "320101     410790 9001",
            "+62 812-3456-7890",
            "M12 01 01 41 07 90 90 01",
            "2021-05-12 2021-05-13",
        ] {
            assert!(lines(text).is_empty(), "{text}");
        }
    }
}
