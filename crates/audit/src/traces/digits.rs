//! Sixteen digits in a text, in one run or in the groups that people write.

use super::columns::Columns;
use super::reads_as_nik;
use cek_nik::nik::{DIGITS, Date, Kind, Nik, kind};

/// What one character of a text is to somebody who looks for numbers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Symbol {
    /// A digit with its value.
    Digit(u8),
    /// What people put between groups of digits.
    Separator(char),
    /// What also stands between numbers that have nothing to do with each other.
    Joint(char),
    /// The end of a line.
    LineEnd,
    /// Anything else.
    Other,
}

/// The symbols of a text, digits of all scripts among them.
pub fn of_text(text: &str) -> impl Iterator<Item = Symbol> {
    text.chars().map(|character| match character {
        '\n' => Symbol::LineEnd,
        '\r' => Symbol::Other,
        ',' | ':' | '_' => Symbol::Joint(character),
        _ => match kind(character) {
            Kind::Digit(value) => Symbol::Digit(value),
            Kind::Separator => Symbol::Separator(character),
            Kind::Other => Symbol::Other,
        },
    })
}

/// The symbols of bytes that are no text, as if they were ASCII.
pub fn of_bytes(bytes: &[u8]) -> impl Iterator<Item = Symbol> {
    bytes.iter().map(|byte| match byte {
        b'0'..=b'9' => Symbol::Digit(byte - b'0'),
        b'\n' => Symbol::LineEnd,
        b',' | b':' | b'_' => Symbol::Joint(char::from(*byte)),
        b' ' | b'\t' | b'.' | b'-' | b'/' | b'\'' => Symbol::Separator(char::from(*byte)),
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

/// As a number with its thousands marked.
const THOUSANDS: &[usize] = &[1, 3, 3, 3, 3, 3];

/// Lists of numbers that have nothing to do with each other have commas between them.
const BETWEEN_NUMBERS: char = ',';

/// As many characters as may stand between two groups.
const WIDEST_GAP: usize = 3;

/// Calls for each NIK with the number of its line, counted from 1.
pub fn find(symbols: impl Iterator<Item = Symbol>, today: Date, mut found: impl FnMut(u64)) {
    let mut stretch = Stretch::default();
    let mut columns = Columns::default();
    let mut line = 1;
    for symbol in symbols {
        columns.take(symbol, line, today, &mut found);
        if !stretch.takes(symbol) {
            stretch.end(today, || found(line));
        }
        line += u64::from(symbol == Symbol::LineEnd);
    }
    stretch.end(today, || found(line));
    columns.take(Symbol::LineEnd, line, today, found);
}

/// What stands between two groups: nothing before the first.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Gap {
    width: usize,
    first: Option<char>,
}

impl Gap {
    fn is(self, character: char) -> bool {
        self.width == 1 && self.first == Some(character)
    }
}

/// A group of digits.
struct Group {
    length: usize,
    /// What stands before it.
    gap: Gap,
}

/// Groups of digits with nothing but separators between them.
#[derive(Default)]
struct Stretch {
    digits: Vec<u8>,
    groups: Vec<Group>,
    /// What stands behind the last group.
    gap: Gap,
    /// Whether that is a joint: nothing else may stand beside it.
    is_joined: bool,
}

impl Stretch {
    /// Takes the next symbol, unless it ends the stretch.
    fn takes(&mut self, symbol: Symbol) -> bool {
        match symbol {
            Symbol::Digit(value) => {
                self.digits.push(value);
                match self.groups.last_mut() {
                    Some(group) if self.gap.width == 0 => group.length += 1,
                    _ => self.groups.push(Group {
                        length: 1,
                        gap: self.gap,
                    }),
                }
                self.gap = Gap::default();
                self.is_joined = false;
                true
            }
            Symbol::Separator(_) | Symbol::Joint(_) if self.groups.is_empty() => true,
            Symbol::Separator(character) => {
                self.gap.width += 1;
                self.gap.first = self.gap.first.or(Some(character));
                self.gap.width <= WIDEST_GAP && !self.is_joined
            }
            Symbol::Joint(character) => {
                let is_alone = self.gap.width == 0;
                self.is_joined = true;
                self.gap = Gap {
                    width: 1,
                    first: Some(character),
                };
                is_alone
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
                None => (first.length, others),
            };
            digits = digits.get(length..).unwrap_or_default();
            groups = rest;
        }
        self.digits.clear();
        self.groups.clear();
        self.gap = Gap::default();
        self.is_joined = false;
    }
}

/// The NIK that the first groups make, and how many groups these are.
fn nik(digits: &[u8], groups: &[Group]) -> Option<(Nik, usize)> {
    let count = GROUPINGS
        .into_iter()
        .find(|grouping| are_grouped(groups, grouping))
        .or_else(|| is_number(groups).then_some(THOUSANDS))?
        .len();
    let number = digits
        .get(..DIGITS)?
        .iter()
        .fold(0, |number, digit| number * 10 + u64::from(*digit));
    Some((Nik::of_number(number), count))
}

/// Whether the first groups are so long, with separators between them, or the same joint throughout.
fn are_grouped(groups: &[Group], grouping: &[usize]) -> bool {
    if !are_long(groups, grouping) {
        return false;
    }
    let gaps = || groups.iter().take(grouping.len()).skip(1).map(|g| g.gap);
    let are_all = |joint| gaps().all(|gap| gap.is(joint));
    let is_joint = |gap: Gap| {
        [BETWEEN_NUMBERS, ':', '_']
            .iter()
            .any(|joint| gap.is(*joint))
    };
    // Programmers write numbers of any base in fours, with underscores, and so are addresses of the internet written, with colons.
    let is_in_fours = grouping.iter().all(|length| *length == 4);
    !gaps().any(is_joint) || !is_in_fours && (are_all(':') || are_all('_'))
}

/// Whether the first groups are a number with its thousands marked, and nothing more of it stands before or behind them.
fn is_number(groups: &[Group]) -> bool {
    let [first, second, ..] = groups else {
        return false;
    };
    let Some(mark) = second.gap.first.filter(|mark| second.gap.is(*mark)) else {
        return false;
    };
    are_long(groups, THOUSANDS)
        && !first.gap.is(mark)
        && groups
            .iter()
            .take(THOUSANDS.len())
            .skip(1)
            .all(|group| group.gap.is(mark))
        && !groups
            .get(THOUSANDS.len())
            .is_some_and(|group| group.gap.is(mark))
}

fn are_long(groups: &[Group], lengths: &[usize]) -> bool {
    groups.len() >= lengths.len()
        && groups
            .iter()
            .zip(lengths)
            .all(|(group, length)| group.length == *length)
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
            "3.201.014.107.909.001",
            "Rp3,201,014,107,909,001;",
            "3 201 014 107 909 001",
            "3'201'014'107'909'001",
            "320101:410790:9001",
            "32_01_01_41_07_90_9001",
            "17,3201014107909001,17",
            "17:3201014107909001_17",
        ] {
            assert_eq!(lines(text), [1], "{text}");
        }
    }

    #[test]
    fn counts_lines_and_numbers() {
        let list = "3201014107909001\r\n3201014107909002\n\n3201014107909003 3201014107909004";
        assert_eq!(lines(list), [1, 2, 4, 4]);
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
            "1101,1102,1103,1104",
            "320101,410790,9001",
            "320101:410790_9001",
            "0x1111_1111_1111_1111",
            "2001:1111:1111:1111:1111::1",
            "320101, 410790, 9001",
            "17,3,201,014,107,909,001",
            "3,201,014,107,909,001,17",
            "3.201.014,107.909,001",
        ] {
            assert!(lines(text).is_empty(), "{text}");
        }
    }
}
