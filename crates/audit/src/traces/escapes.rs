//! Characters that are written as numbers: one by one within a text, or all of them as a list.

use cek_nik::nik::{Kind, kind};

/// How a character is written as a number.
#[derive(Clone, Copy)]
pub struct Syntax {
    /// What it is called.
    pub name: &'static str,
    /// What it begins with.
    marker: u8,
    /// How many digits in a row show that it is used at all. Random bytes hold the shortest syntax here and there.
    enough: usize,
    /// The character's number and the length of the escape that bytes begin with.
    read: fn(&[u8]) -> Option<(u32, usize)>,
}

/// All that are undone.
pub const SYNTAXES: [Syntax; 3] = [
    Syntax {
        name: "percent-encoding",
        marker: b'%',
        enough: 2,
        read: percent,
    },
    Syntax {
        name: "escapes",
        marker: b'\\',
        enough: 1,
        read: backslash,
    },
    Syntax {
        name: "character references",
        marker: b'&',
        enough: 1,
        read: reference,
    },
];

fn percent(bytes: &[u8]) -> Option<(u32, usize)> {
    match bytes {
        [b'%', high, low, ..] => Some((number(&[*high, *low], 16)?, 3)),
        _ => None,
    }
}

/// Of JSON and of most programming languages.
fn backslash(bytes: &[u8]) -> Option<(u32, usize)> {
    match bytes {
        [b'\\', b'u', digits @ ..] => Some((number(digits.get(..4)?, 16)?, 6)),
        [b'\\', b'x', digits @ ..] => Some((number(digits.get(..2)?, 16)?, 4)),
        _ => None,
    }
}

/// Of HTML and XML.
fn reference(bytes: &[u8]) -> Option<(u32, usize)> {
    let (start, base) = match bytes {
        [b'&', b'#', b'x' | b'X', ..] => (3, 16),
        [b'&', b'#', ..] => (2, 10),
        _ => return None,
    };
    let rest = bytes.get(start..)?;
    let length = rest.iter().take(8).position(|byte| *byte == b';')?;
    Some((number(rest.get(..length)?, base)?, start + length + 1))
}

fn number(digits: &[u8], base: u32) -> Option<u32> {
    let values = digits.iter().map(|byte| char::from(*byte).to_digit(base));
    let number = values.reduce(|number, digit| Some(number? * base + digit?));
    number.flatten()
}

impl Syntax {
    /// The bytes with all escapes undone; `None` where none of them stands for digits.
    pub fn undone(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        let from = |place: usize| bytes.get(place..).unwrap_or_default();
        let is_used = memchr::memchr_iter(self.marker, bytes)
            .any(|place| self.begins_with_digits(from(place), self.enough));
        if !is_used {
            return None;
        }
        let mut undone = Vec::with_capacity(bytes.len());
        let mut rest = bytes;
        while let [first, others @ ..] = rest {
            match (self.read)(rest) {
                Some((number, length)) => {
                    push(&mut undone, number);
                    rest = rest.get(length..).unwrap_or_default();
                }
                None => {
                    undone.push(*first);
                    rest = others;
                }
            }
        }
        Some(undone)
    }

    fn begins_with_digits(&self, bytes: &[u8], count: usize) -> bool {
        count == 0
            || (self.read)(bytes).is_some_and(|(number, length)| {
                let is_digit = char::from_u32(number)
                    .is_some_and(|character| matches!(kind(character), Kind::Digit(_)));
                let rest = bytes.get(length..).unwrap_or_default();
                is_digit && self.begins_with_digits(rest, count - 1)
            })
    }
}

/// A byte, or a character beyond the bytes.
fn push(text: &mut Vec<u8>, number: u32) {
    match (u8::try_from(number), char::from_u32(number)) {
        (Ok(byte), _) => text.push(byte),
        (_, Some(character)) => text.extend(character.encode_utf8(&mut [0; 4]).bytes()),
        _ => text.push(b'?'),
    }
}

/// The longest that stands between two numbers of a list: `, 0x`.
const LONGEST_SEPARATOR: usize = 4;

/// Calls for each list of two-digit numbers, at least so many, with the characters that they are in hexadecimal, and with those that they are in
/// decimal: `33 32`, `0x33, 0x32`, `51,50`.
pub fn lists(bytes: &[u8], least: usize, mut list: impl FnMut(&[u8])) {
    let mut place = 0;
    let mut is_inside = false;
    while let Some(rest) = bytes.get(place..).filter(|rest| rest.len() > 2 * least) {
        // Of 0x1000, the last two digits are no number.
        let longest = if is_inside || !is_number(rest) {
            0
        } else {
            LONGEST_SEPARATOR
        };
        let list_of = |separator| (length(rest, 2 + separator), 2 + separator);
        let Some((length, period)) = (1..=longest)
            .map(list_of)
            .find(|(length, _)| *length >= least)
        else {
            is_inside = rest.first().is_some_and(u8::is_ascii_hexdigit);
            place += 1;
            continue;
        };
        let pairs = || {
            rest.chunks(period)
                .take(length)
                .filter_map(|chunk| chunk.get(..2))
        };
        for base in [16, 10] {
            let mut characters = Vec::new();
            for pair in pairs() {
                push(&mut characters, number(pair, base).unwrap_or(0));
            }
            list(&characters);
        }
        place += length * period;
    }
}

/// Whether bytes begin with a number of two digits, hexadecimal ones among them.
fn is_number(bytes: &[u8]) -> bool {
    let is_digit = |place: usize| bytes.get(place).is_some_and(u8::is_ascii_hexdigit);
    is_digit(0) && is_digit(1) && !is_digit(2)
}

/// How many numbers bytes begin with, each as far behind the one before, and the same between them but for the ends of lines.
fn length(bytes: &[u8], period: usize) -> usize {
    let separator = bytes.get(2..period).unwrap_or_default();
    if separator.last().is_none_or(u8::is_ascii_hexdigit) {
        return 0;
    }
    let is_same = |chunk: &[u8]| {
        // The last number of a list may have anything behind it.
        chunk.get(2..period).is_some_and(|other| {
            other.iter().zip(separator).all(|(one, other)| {
                one == other || one.is_ascii_whitespace() && other.is_ascii_whitespace()
            })
        })
    };
    let mut numbers = 0;
    for chunk in bytes.chunks(period) {
        numbers += usize::from(is_number(chunk));
        if !is_number(chunk) || !is_same(chunk) {
            break;
        }
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    fn undone(text: &str) -> Option<String> {
        let undone = SYNTAXES
            .iter()
            .find_map(|syntax| syntax.undone(text.as_bytes()));
        undone.map(|bytes| String::from_utf8(bytes).unwrap())
    }

    fn listed(text: &str) -> Vec<Vec<u8>> {
        let mut found = Vec::new();
        lists(text.as_bytes(), 4, |list| found.push(list.to_vec()));
        found
    }

    #[test]
    fn escapes_are_undone_where_they_stand_for_digits() {
        for (text, expected) in [
            ("a%33%32b%2", "a32b%2"),
            (r"3\u0032\u002f\n", "32/\\n"),
            (r"\x33\x3", "3\\x3"),
            ("&#51;&#x32;&#;&amp;", "32&#;&amp;"),
            (r"\uff13", "３"),
        ] {
            assert_eq!(undone(text).as_deref(), Some(expected), "{text}");
        }
        for text in ["100%33", r"\u00e9", "&#169;", "a&b", r"\\\\"] {
            assert_eq!(undone(text), None, "{text}");
        }
    }

    #[test]
    fn lists_of_numbers_are_read_as_characters() {
        for text in [
            "33 32 30 31",
            "(33:32:30:31)",
            "0x33,0x32,0x30,0x31",
            "x 33, 32,\n30, 31;",
        ] {
            assert_eq!(
                listed(text).first().map(Vec::as_slice),
                Some(&b"3201"[..]),
                "{text}"
            );
        }
        assert_eq!(listed("[51,50,48,49]")[1], b"3201");
        for text in [
            "33323031",
            "33 32 30",
            "33 32-30 31",
            "33, 32 30, 31",
            "0x1133,0x1132,0x1130,0x1131",
        ] {
            assert!(listed(text).is_empty(), "{text}");
        }
    }
}
