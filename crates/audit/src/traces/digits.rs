//! Digits in a text: sixteen of them in one run, or in the groups that people write.

use cek_nik::nik::{DIGITS, Date, Kind, Nik, kind};

use super::reads_as_nik;

/// Character of a text, as the search for numbers sees it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Symbol {
    /// A digit with its value.
    Digit(u8),
    /// A character that people put between groups of digits.
    Separator,
    /// A colon or an underscore, which also separates unrelated numbers.
    Joint(char),
    /// The end of a line.
    LineEnd,
    /// Any other character.
    Other,
}

/// The symbols of a text, with the digits of all scripts.
pub fn of_text(text: &str) -> impl Iterator<Item = Symbol> {
    text.chars().map(symbol)
}

/// The symbols of bytes that are not UTF-8, read as ASCII.
pub fn of_bytes(bytes: &[u8]) -> impl Iterator<Item = Symbol> {
    bytes.iter().map(|byte| {
        if byte.is_ascii() {
            symbol(char::from(*byte))
        } else {
            Symbol::Other
        }
    })
}

fn symbol(character: char) -> Symbol {
    match character {
        '\n' => Symbol::LineEnd,
        '\r' | ',' => Symbol::Other,
        ':' | '_' => Symbol::Joint(character),
        _ => match kind(character) {
            Kind::Digit(value) => Symbol::Digit(value),
            Kind::Separator => Symbol::Separator,
            Kind::Other => Symbol::Other,
        },
    }
}

/// The groups of digits in which people write a NIK. Groups of two throughout are not among them,
/// since drawings (SVG) are full of these.
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

/// The most separators between two groups.
const WIDEST_GAP: usize = 3;

/// Calls `found` for each NIK with the number of its line, counted from 1.
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

/// Characters between two groups of digits.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Gap {
    #[default]
    Nothing,
    Separators(usize),
    Joint(char),
}

/// Group of digits, and the gap before it.
struct Group {
    length: usize,
    gap: Gap,
}

/// Groups of digits with only gaps between them.
#[derive(Default)]
struct Stretch {
    digits: Vec<u8>,
    groups: Vec<Group>,
    /// The gap behind the last group.
    gap: Gap,
}

impl Stretch {
    /// Takes the next symbol, unless it ends the stretch.
    fn takes(&mut self, symbol: Symbol) -> bool {
        self.gap = match (symbol, self.gap) {
            (Symbol::Digit(value), gap) => {
                self.digits.push(value);
                match self.groups.last_mut() {
                    Some(group) if gap == Gap::Nothing => group.length += 1,
                    _ => self.groups.push(Group { length: 1, gap }),
                }
                Gap::Nothing
            }
            (Symbol::Separator | Symbol::Joint(_), gap) if self.groups.is_empty() => gap,
            (Symbol::Separator, Gap::Nothing) => Gap::Separators(1),
            (Symbol::Separator, Gap::Separators(width)) if width < WIDEST_GAP => {
                Gap::Separators(width + 1)
            }
            (Symbol::Joint(character), Gap::Nothing) => Gap::Joint(character),
            _ => return false,
        };
        true
    }

    /// Looks for NIKs in the groups so far, and forgets the groups.
    fn end(&mut self, today: Date, mut found: impl FnMut()) {
        let mut digits = self.digits.as_slice();
        let mut groups = self.groups.as_slice();
        while let [first, others @ ..] = groups {
            let taken = nik(digits, groups).filter(|(nik, ..)| reads_as_nik(nik, today));
            if taken.is_some() {
                found();
            }
            (digits, groups) = match taken {
                Some((_, digits, groups)) => (digits, groups),
                None => (digits.split_at(first.length).1, others),
            };
        }
        self.digits.clear();
        self.groups.clear();
        self.gap = Gap::Nothing;
    }
}

/// The NIK that the first groups make, with the digits and the groups behind it.
fn nik<'a>(digits: &'a [u8], groups: &'a [Group]) -> Option<(Nik, &'a [u8], &'a [Group])> {
    let grouping = GROUPINGS
        .into_iter()
        .find(|grouping| are_grouped(groups, grouping))?;
    let (_, others) = groups.split_at(grouping.len());
    let (digits, rest) = digits.split_at(DIGITS);
    let number = digits
        .iter()
        .fold(0, |number, digit| number * 10 + u64::from(*digit));
    Some((Nik::of_number(number), rest, others))
}

/// Whether the first groups have these lengths, with separators between them, or one joint
/// throughout.
fn are_grouped(groups: &[Group], grouping: &[usize]) -> bool {
    let Some(groups) = groups.get(..grouping.len()) else {
        return false;
    };
    let are_long = groups
        .iter()
        .zip(grouping)
        .all(|(group, length)| group.length == *length);
    let gaps = || groups.iter().skip(1).map(|group| group.gap);
    let are_all = |joint| gaps().all(|gap| gap == Gap::Joint(joint));
    // Programs write numbers of any base in fours with underscores, and IPv6 addresses with colons.
    let is_in_fours = grouping.iter().all(|length| *length == 4);
    let are_joined = !is_in_fours && (are_all(':') || are_all('_'));
    are_long && (are_joined || !gaps().any(|gap| matches!(gap, Gap::Joint(_))))
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
            "3.201.014.107.909.001",
            "3,201,014,107,909,001",
            "17,3,201,014,107,909,001",
            "3,201,014,107,909,001,17",
            "3.201.014,107.909,001",
        ] {
            assert!(lines(text).is_empty(), "{text}");
        }
    }
}
