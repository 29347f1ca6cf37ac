//! Groupings: the ways in which lists write the sixteen digits of a NIK.
//!
//! A list is read without anybody reading the numbers back, so a separator between digits counts
//! only where people put one. `320101410790900 1` is fifteen digits and a digit of the next column,
//! and `20260101 20260102` are two dates: neither is a NIK.
//!
//! | groups | example |
//! |---|---|
//! | 16 | `3201014107909001` |
//! | 6-6-4 | `320101 410790 9001` |
//! | 4-4-4-4 | `3201 0141 0790 9001` |
//! | 2-2-2-6-4 | `32.01.01.410790.9001`, as SIAK prints it |
//! | 4-2-6-4 | `3201.01.410790.9001` |
//! | 6-2-2-2-4 | `320101-41-07-90-9001` |
//! | 2-2-2-2-2-2-4 | `32.01.01.41.07.90.9001` |
//! | eight times 2 | `32 01 01 41 07 90 90 01` |
//! | sixteen times 1 | `3 2 0 1 0 1 4 1 0 7 9 0 9 0 0 1`, one digit a box |
//! | 1-3-3-3-3-3 | `3,201,014,107,909,001`, thousands; the same separator throughout |
//!
//! A group ends with one separator or a few. Around the number, blanks, invisible characters,
//! quotation marks, an apostrophe in front and Excel's `="..."` have no meaning. A fraction of
//! zeros (`3201014107909001.0`) and an exponent after all sixteen digits (`3.201014107909001E+15`)
//! lose nothing and are read.

use cek_nik::nik::{DIGITS, Kind, Nik, is_invisible, kind};
use zeroize::Zeroizing;

/// Why a field is not one number in a grouping that people write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupingError {
    /// Nothing, or nothing but separators.
    Empty,
    /// A number of another length.
    Length {
        /// How many digits there are.
        digits: usize,
    },
    /// Sixteen digits with separators where people put none.
    Glued,
    /// More than one number of sixteen digits.
    SeveralNumbers {
        /// How many of them.
        numbers: usize,
    },
    /// A number as a spreadsheet writes it after losing digits, such as `3.20101E+15`.
    LostDigits,
    /// Another character than digits and separators.
    NotDigits,
}

const GROUPINGS: [&[usize]; 9] = [
    &[16],
    &[6, 6, 4],
    &[4, 4, 4, 4],
    &[2, 2, 2, 6, 4],
    &[4, 2, 6, 4],
    &[6, 2, 2, 2, 4],
    &[2, 2, 2, 2, 2, 2, 4],
    &[2; 8],
    &[1; 16],
];
const THOUSANDS: [usize; 6] = [1, 3, 3, 3, 3, 3];

/// Separators in a row between two groups: ` - ` has three.
const LONGEST_GAP: usize = 3;

/// A byte-order mark that was read as Latin-1 and written as UTF-8.
pub(super) const MOJIBAKE_MARK: &str = "\u{ef}\u{bb}\u{bf}";

/// Reads the NIK that a field of a list holds.
///
/// # Errors
///
/// [`GroupingError`] unless the field holds exactly one number in one of the groupings above.
pub fn read(field: &str) -> Result<Nik, GroupingError> {
    if let Some(nik) = Nik::from_plain(field.as_bytes()) {
        return Ok(nik);
    }
    let text = bare(field);
    if let Some(nik) = Nik::from_plain(text.as_bytes()) {
        return Ok(nik);
    }
    one(text).map_err(|error| match several(text) {
        0 | 1 => error,
        numbers => GroupingError::SeveralNumbers { numbers },
    })
}

fn one(text: &str) -> Result<Nik, GroupingError> {
    // Before the groups: "320101410790900.0" has sixteen digits and is no NIK.
    match spreadsheet_number(text) {
        Some(number) => number,
        None => Groups::of(text)?.nik(),
    }
}

/// How many numbers a text holds, with characters between them that stand in no number.
fn several(text: &str) -> usize {
    if text.len() < 2 * DIGITS {
        return 0;
    }
    let parts = text.split([',', ';', '|', '&', '\t', '/', '+']);
    parts.filter(|part| one(bare(part)).is_ok()).count()
}

/// A field without what has no meaning around a number.
fn bare(field: &str) -> &str {
    let mut text = field.trim_matches(is_padding);
    if let Some(formula) = text.strip_prefix('=') {
        text = formula;
    }
    while let Some(rest) = text.strip_prefix(MOJIBAKE_MARK) {
        text = rest;
    }
    text.trim_matches(|character| is_padding(character) || is_quote(character))
}

fn is_padding(character: char) -> bool {
    character.is_whitespace() || character.is_control() || is_invisible(character)
}

fn is_quote(character: char) -> bool {
    matches!(
        character,
        '"' | '\'' | '`' | '\u{b4}' | '\u{2bc}' | '\u{2018}'..='\u{201f}' | '\u{ff07}' | '\u{ff02}'
    )
}

/// `3.20101E+15`, `3,20101E+15`, `3201014107909001.0`; `None` for anything else.
fn spreadsheet_number(text: &str) -> Option<Result<Nik, GroupingError>> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let (whole, fraction) = match mantissa.split_once(['.', ',']) {
        Some((whole, fraction)) => (whole, fraction),
        None if exponent.is_some() => (mantissa, ""),
        None => return None,
    };
    if !digits(whole) || !(fraction.is_empty() || digits(fraction)) {
        return None;
    }
    let zeros = fraction.bytes().all(|b| b == b'0');
    let lost = Some(Err(GroupingError::LostDigits));
    let Some(exponent) = exponent else {
        return match Nik::from_plain(whole.as_bytes()) {
            Some(nik) if zeros && !fraction.is_empty() => Some(Ok(nik)),
            _ if zeros && !fraction.is_empty() || whole.len() == 1 => lost,
            _ => None,
        };
    };
    let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
    if !digits(exponent.strip_prefix('-').unwrap_or(exponent)) {
        return None;
    }
    let all = Zeroizing::new([whole, fraction].concat());
    let is_whole = exponent.parse() == Ok(fraction.len());
    match Nik::from_plain(all.as_bytes()) {
        Some(nik) if is_whole => Some(Ok(nik)),
        _ => lost,
    }
}

/// The digits of a field, and how they are grouped.
struct Groups {
    digits: Zeroizing<String>,
    /// The lengths of runs of digits.
    lengths: Vec<usize>,
    gaps: Gaps,
}

#[derive(Default)]
struct Gaps {
    longest: usize,
    comma: bool,
    /// Every gap is the same single separator.
    alike: bool,
}

impl Groups {
    fn of(text: &str) -> Result<Self, GroupingError> {
        let mut groups = Self {
            // The text never grows, which would leave a part of it behind in memory.
            digits: Zeroizing::new(String::with_capacity(text.len())),
            lengths: Vec::new(),
            gaps: Gaps {
                alike: true,
                ..Gaps::default()
            },
        };
        let mut gap = 0;
        let mut separator = None;
        for character in text.chars() {
            match kind(character) {
                Kind::Digit(value) => {
                    if gap > 0 || groups.lengths.is_empty() {
                        groups.gaps.longest = groups.gaps.longest.max(gap);
                        groups.lengths.push(0);
                        gap = 0;
                    }
                    groups.digits.push(char::from(b'0' + value));
                    if let Some(length) = groups.lengths.last_mut() {
                        *length += 1;
                    }
                }
                // Not printed: no gap.
                Kind::Separator if is_padding(character) && !character.is_whitespace() => {}
                Kind::Separator => groups.separate(character, &mut gap, &mut separator),
                Kind::Other if matches!(character, ',' | ';' | '|' | '&') => {
                    groups.gaps.comma = true;
                    groups.separate(character, &mut gap, &mut separator);
                }
                Kind::Other => return Err(groups.with_other_characters(text)),
            }
        }
        Ok(groups)
    }

    fn separate(&mut self, character: char, gap: &mut usize, separator: &mut Option<char>) {
        if self.lengths.is_empty() {
            return;
        }
        *gap += 1;
        self.gaps.alike &= *gap == 1 && separator.is_none_or(|before| before == character);
        *separator = Some(character);
    }

    /// Two numbers with a word between them are two people.
    fn with_other_characters(&self, text: &str) -> GroupingError {
        match numbers_within(text) {
            0 | 1 => GroupingError::NotDigits,
            numbers => GroupingError::SeveralNumbers { numbers },
        }
    }

    fn nik(&self) -> Result<Nik, GroupingError> {
        let digits = self.digits.len();
        if digits == 0 {
            return Err(GroupingError::Empty);
        }
        let numbers = self.numbers();
        if numbers > 1 {
            return Err(GroupingError::SeveralNumbers { numbers });
        }
        let lengths = self.lengths.as_slice();
        let is_thousands = lengths == THOUSANDS && self.gaps.alike;
        let is_grouped =
            GROUPINGS.contains(&lengths) && self.gaps.longest <= LONGEST_GAP && !self.gaps.comma;
        match Nik::from_plain(self.digits.as_bytes()) {
            Some(nik) if is_thousands || is_grouped => Ok(nik),
            Some(_) => Err(GroupingError::Glued),
            None => Err(GroupingError::Length { digits }),
        }
    }

    /// Numbers of sixteen digits: a run of 32 digits is two of them without a separator, and so are
    /// two in groups.
    fn numbers(&self) -> usize {
        let digits = self.digits.len();
        if digits >= 2 * DIGITS && digits.is_multiple_of(DIGITS) {
            return digits / DIGITS;
        }
        self.lengths.iter().map(|&length| whole(length)).sum()
    }
}

fn whole(run: usize) -> usize {
    if run.is_multiple_of(DIGITS) {
        run / DIGITS
    } else {
        0
    }
}

/// How many numbers of sixteen digits a text holds, each a run of its own or run together.
pub fn numbers_within(text: &str) -> usize {
    let is_digit = |character: char| matches!(kind(character), Kind::Digit(_));
    text.split(|character| !is_digit(character))
        .map(|run| whole(run.chars().count()))
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: &str = "3201014107909001";

    #[test]
    fn reads_the_groupings_that_people_write() {
        for written in [
            PLAIN,
            "320101 410790 9001",
            "320101-410790-9001",
            "320101 - 410790 - 9001",
            "3201 0141 0790 9001",
            "32.01.01.410790.9001",
            "3201.01.410790.9001",
            "320101-41-07-90-9001",
            "32.01.01.41.07.90.9001",
            "32 01 01 41 07 90 90 01",
            "3 2 0 1 0 1 4 1 0 7 9 0 9 0 0 1",
            "3,201,014,107,909,001",
            "3.201.014.107.909.001",
            "3 201 014 107 909 001",
            "'3201014107909001",
            "\u{2018}3201014107909001",
            "\t3201014107909001",
            "\u{1f}3201014107909001",
            "=\"3201014107909001\"",
            "= '3201014107909001'",
            "\"3201014107909001\"",
            "\u{feff}\u{feff}3201014107909001\u{200b}",
            "\u{ef}\u{bb}\u{bf}3201014107909001",
            "320101\u{200b}4107909001",
            "3201014107909001\u{a0}",
            "3201014107909001.0",
            "3201014107909001,00",
            "3.201014107909001E+15",
            "3,201014107909001e15",
            "3201014107909001E+0",
            "３２０１０１４１０７９０９００１",
            "٣٢٠١٠١٤١٠٧٩٠٩٠٠١",
        ] {
            let nik = read(written).unwrap_or_else(|error| panic!("{written:?}: {error:?}"));
            assert_eq!(nik.digits(), PLAIN, "{written:?}");
        }
    }

    #[test]
    fn refuses_digits_that_are_glued() {
        for written in [
            "320101410790900 1",
            "1 320101410790900",
            "32010141079090 01",
            "320101410790 9001",
            "3201014 107909001",
            "20260101 20260102",
            "081234567890 2026",
            "320101  410790   90  01",
            "320101 410790     9001",
            "3,201.014,107.909,001",
            "320101,410790,9001",
        ] {
            assert_eq!(read(written), Err(GroupingError::Glued), "{written:?}");
        }
    }

    #[test]
    fn counts_the_numbers_of_a_field() {
        for (written, numbers) in [
            ("32010141079090013201014107909002", 2),
            ("3201014107909001 3201014107909002", 2),
            ("3201014107909001,3201014107909002;3201014107909003", 3),
            ("3201014107909001 dan 3201014107909002", 2),
            ("320101 410790 9001 / 320101 410790 9002", 2),
            ("320101 410790 9001 3201014107909002", 2),
            ("3201014107909001.0,320101 410790 9002", 2),
        ] {
            let several = Err(GroupingError::SeveralNumbers { numbers });
            assert_eq!(read(written), several, "{written:?}");
        }
    }

    #[test]
    fn says_what_is_wrong() {
        for (written, error) in [
            ("", GroupingError::Empty),
            (" - ", GroupingError::Empty),
            ("320101410790900", GroupingError::Length { digits: 15 }),
            ("32010141079090011", GroupingError::Length { digits: 17 }),
            ("3.20101E+15", GroupingError::LostDigits),
            ("3,20101E+15", GroupingError::LostDigits),
            ("3.20101410790900E+15", GroupingError::LostDigits),
            ("3.201014107909001", GroupingError::LostDigits),
            ("3.201014107909001E+16", GroupingError::LostDigits),
            ("320101410790900.0", GroupingError::LostDigits),
            ("320101O107909001", GroupingError::NotDigits),
            ("3201014107909001 BUDI", GroupingError::NotDigits),
        ] {
            assert_eq!(read(written), Err(error), "{written:?}");
        }
    }
}
