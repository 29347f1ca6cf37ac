//! Rejected rows: why a row gives no NIK, or no name where one is wanted.
//!
//! Rows are counted by reason, with the numbers of their lines, never with what they hold.

use std::fmt;

use cek_nik::nik::{DIGITS, Nik};

use super::grouping::{self, GroupingError};

/// Why a row is rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RejectReason {
    /// A row without any content.
    EmptyRow,
    /// A heading that is there once more.
    RepeatedHeading,
    /// A title between the rows.
    Title,
    /// No number in a row that holds something else.
    NoNumber,
    /// Fewer than 16 digits.
    TooFewDigits,
    /// More than 16 digits.
    TooManyDigits,
    /// Sixteen digits with separators where people put none.
    Glued,
    /// More than one number of sixteen digits.
    SeveralNumbers,
    /// A number as a spreadsheet writes it after losing digits.
    LostDigits,
    /// A number that fills a field, such as 1234567890123456.
    PlaceholderNumber,
    /// Letters or other characters.
    NotDigits,
    /// Bytes that are not UTF-8.
    NotText,
    /// More or fewer fields than the heading, or than most rows where there is no heading.
    FieldCount,
    /// As many fields as in other rows, in other columns.
    MovedFields,
    /// No name.
    NoName,
    /// A word that means that there is no name, such as NULL.
    NamePlaceholder,
    /// A name of nothing but titles and single letters.
    NoWord,
    /// A character that stands in no name on a card.
    NotLetters,
    /// A word of the name is too long.
    LongWord,
    /// The word of the name ends in `...`.
    NameCutOff,
    /// The bytes of the name are not UTF-8.
    NameNotText,
}

impl RejectReason {
    /// All reasons, in the order in which they are reported.
    pub const ALL: [Self; 21] = [
        Self::EmptyRow,
        Self::RepeatedHeading,
        Self::Title,
        Self::NoNumber,
        Self::TooFewDigits,
        Self::TooManyDigits,
        Self::Glued,
        Self::SeveralNumbers,
        Self::LostDigits,
        Self::PlaceholderNumber,
        Self::NotDigits,
        Self::NotText,
        Self::FieldCount,
        Self::MovedFields,
        Self::NoName,
        Self::NamePlaceholder,
        Self::NoWord,
        Self::NotLetters,
        Self::LongWord,
        Self::NameCutOff,
        Self::NameNotText,
    ];

    /// Whether somebody stands in such a row, and is lost with it.
    pub fn loses_somebody(self) -> bool {
        !matches!(self, Self::EmptyRow | Self::RepeatedHeading | Self::Title)
    }

    /// Whether the name is at fault.
    pub fn is_of_name(self) -> bool {
        matches!(
            self,
            Self::NoName
                | Self::NamePlaceholder
                | Self::NoWord
                | Self::NotLetters
                | Self::LongWord
                | Self::NameCutOff
                | Self::NameNotText
        )
    }

    /// The stable name, for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::EmptyRow => "empty_row",
            Self::RepeatedHeading => "repeated_heading",
            Self::Title => "title",
            Self::NoNumber => "no_number",
            Self::TooFewDigits => "too_few_digits",
            Self::TooManyDigits => "too_many_digits",
            Self::Glued => "glued",
            Self::SeveralNumbers => "several_numbers",
            Self::LostDigits => "lost_digits",
            Self::PlaceholderNumber => "placeholder_number",
            Self::NotDigits => "not_digits",
            Self::NotText => "not_text",
            Self::FieldCount => "field_count",
            Self::MovedFields => "moved_fields",
            Self::NoName => "no_name",
            Self::NamePlaceholder => "name_placeholder",
            Self::NoWord => "no_word",
            Self::NotLetters => "not_letters",
            Self::LongWord => "long_word",
            Self::NameCutOff => "name_cut_off",
            Self::NameNotText => "name_not_text",
        }
    }
}

impl fmt::Display for RejectReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::EmptyRow => "empty rows",
            Self::RepeatedHeading => "the heading once more",
            Self::Title => "a title between the rows",
            Self::NoNumber => "no number in the NIK column",
            Self::TooFewDigits => "fewer than 16 digits",
            Self::TooManyDigits => "more than 16 digits",
            Self::Glued => "16 digits with a blank or another separator in an unusual place",
            Self::SeveralNumbers => "several numbers of 16 digits",
            Self::LostDigits => {
                "a number as a spreadsheet writes it (3.2E+15): digits are lost, export the column \
                 as text"
            }
            Self::PlaceholderNumber => {
                "a number that only fills the field (sixteen equal digits, 1234567890123456)"
            }
            Self::NotDigits => "other characters than digits",
            Self::NotText => "not readable as UTF-8",
            Self::FieldCount => "the wrong number of fields",
            Self::MovedFields => {
                "fields in the wrong columns: a delimiter too many and a field too few, or columns \
                 that change places"
            }
            Self::NoName => "no name beside the NIK",
            Self::NamePlaceholder => "a word that means \"no name\", such as NULL",
            Self::NoWord => "a name of nothing but titles and single letters",
            Self::NotLetters => {
                "a name whose first word, or what stands before it, has a character other than A \
                 to Z"
            }
            Self::LongWord => "a word of more than 60 letters in the name",
            Self::NameCutOff => "a name whose first word is cut off (...)",
            Self::NameNotText => "a name that is not readable as UTF-8",
        })
    }
}

/// A rejected row: why, and how many people are lost with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// Why.
    pub reason: RejectReason,
    /// How many people: 0 for a heading, 2 for two numbers on a line.
    pub people: u64,
}

impl From<RejectReason> for Rejection {
    fn from(reason: RejectReason) -> Self {
        Self {
            reason,
            people: u64::from(reason.loses_somebody()),
        }
    }
}

/// Reads a field as a NIK.
///
/// # Errors
///
/// [`Rejection`].
pub fn nik(field: &[u8]) -> Result<Nik, Rejection> {
    let nik = match Nik::from_plain(field) {
        Some(nik) => nik,
        None => grouped(field)?,
    };
    if is_placeholder(nik.as_bytes()) {
        return Err(RejectReason::PlaceholderNumber.into());
    }
    Ok(nik)
}

fn grouped(field: &[u8]) -> Result<Nik, Rejection> {
    let text = match std::str::from_utf8(field) {
        Ok(text) => text,
        Err(_) => {
            std::str::from_utf8(without_latin1_spaces(field)).map_err(|_| RejectReason::NotText)?
        }
    };
    grouping::read(text).map_err(|error| {
        let reason = match error {
            GroupingError::Empty => RejectReason::NoNumber,
            GroupingError::Length { digits } if digits < DIGITS => RejectReason::TooFewDigits,
            GroupingError::Length { .. } => RejectReason::TooManyDigits,
            GroupingError::Glued => RejectReason::Glued,
            GroupingError::LostDigits => RejectReason::LostDigits,
            GroupingError::NotDigits => RejectReason::NotDigits,
            GroupingError::SeveralNumbers { numbers } => {
                return Rejection {
                    reason: RejectReason::SeveralNumbers,
                    people: numbers as u64,
                };
            }
        };
        reason.into()
    })
}

/// A field without the no-break spaces of Latin-1 around it, which are not UTF-8.
fn without_latin1_spaces(mut field: &[u8]) -> &[u8] {
    let is_space = |byte: &u8| *byte == 0xa0 || byte.is_ascii_whitespace();
    while let [first, rest @ ..] = field
        && is_space(first)
    {
        field = rest;
    }
    while let [rest @ .., last] = field
        && is_space(last)
    {
        field = rest;
    }
    field
}

/// Sixteen equal digits, and 1234567890123456.
#[inline]
pub(crate) fn is_placeholder(digits: &[u8; DIGITS]) -> bool {
    let number = u128::from_be_bytes(*digits);
    number == number.rotate_left(8) || digits == b"1234567890123456"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_what_is_wrong_with_a_row() {
        let cases: [(&[u8], RejectReason, u64); 14] = [
            (b"320101410790900.0", RejectReason::LostDigits, 1),
            (b"3.201014107909001", RejectReason::LostDigits, 1),
            (b"3.20101E+15", RejectReason::LostDigits, 1),
            (b"", RejectReason::NoNumber, 1),
            (b" - ", RejectReason::NoNumber, 1),
            (b"320101410790900", RejectReason::TooFewDigits, 1),
            (b"32010141079090011", RejectReason::TooManyDigits, 1),
            (b"320101410790900 1", RejectReason::Glued, 1),
            (b"1111111111111111", RejectReason::PlaceholderNumber, 1),
            (b"1234567890123456", RejectReason::PlaceholderNumber, 1),
            (b"123456 789012 3456", RejectReason::PlaceholderNumber, 1),
            (
                b"32010141079090013201014107909002",
                RejectReason::SeveralNumbers,
                2,
            ),
            (b"tidak ada", RejectReason::NotDigits, 1),
            (b"\xff\xfe", RejectReason::NotText, 1),
        ];
        for (field, reason, people) in cases {
            let rejection = Rejection { reason, people };
            assert_eq!(nik(field), Err(rejection), "{}", field.escape_ascii());
        }
        assert!(nik(b"3201014107909001.0").is_ok());
        assert!(nik(b"3201014107909001\xa0").is_ok());
        assert!(nik(b"\xa0 3201014107909001").is_ok());
    }

    #[test]
    fn all_lists_every_reason_at_its_own_index() {
        for (index, reason) in RejectReason::ALL.into_iter().enumerate() {
            assert_eq!(reason as usize, index);
        }
    }
}
