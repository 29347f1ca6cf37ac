//! Rows that are no NIK, or have no name where one is wanted: counted by reason, with the numbers of the first lines, never with what they hold.

use std::fmt;

use cek_nik::name::{NameError, NameWord};
use cek_nik::nik::{DIGITS, Nik, NikError};

/// Why a row is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RejectReason {
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
    /// The row ends before the column with the name.
    NoNameColumn,
    /// There is no name.
    NoName,
    /// The name is nothing but titles and single letters.
    NoWord,
    /// The name has a character that no name on a card has.
    NotLetters,
    /// The word of the name is too long.
    LongWord,
    /// The bytes of the name are no UTF-8.
    NameNotText,
}

impl RejectReason {
    /// All reasons, in the order in which they are reported.
    pub const ALL: [Self; 13] = [
        Self::Empty,
        Self::TooFewDigits,
        Self::TooManyDigits,
        Self::SpreadsheetNumber,
        Self::NotDigits,
        Self::NotText,
        Self::NoSuchColumn,
        Self::NoNameColumn,
        Self::NoName,
        Self::NoWord,
        Self::NotLetters,
        Self::LongWord,
        Self::NameNotText,
    ];

    /// Whether it is the name that is at fault.
    pub fn is_of_name(self) -> bool {
        matches!(
            self,
            Self::NoNameColumn
                | Self::NoName
                | Self::NoWord
                | Self::NotLetters
                | Self::LongWord
                | Self::NameNotText
        )
    }
}

impl fmt::Display for RejectReason {
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
            Self::NoNameColumn => "the row ends before the column with the name",
            Self::NoName => "no name beside the NIK",
            Self::NoWord => "a name of nothing but titles and single letters",
            Self::NotLetters => "a character in the name, up to the end of its first word, that is no letter A to Z, such as a digit",
            Self::LongWord => "a word of more than 60 letters in the name",
            Self::NameNotText => "a name that is not readable as UTF-8",
        })
    }
}

/// Reads a field as a NIK.
///
/// # Errors
///
/// [`RejectReason`].
pub fn nik(field: &[u8]) -> Result<Nik, RejectReason> {
    if let Some(nik) = Nik::from_plain(field) {
        return Ok(nik);
    }
    let text = std::str::from_utf8(field).map_err(|_| RejectReason::NotText)?;
    // First, since "320101410790900.0" has sixteen digits and is no NIK.
    if is_spreadsheet_number(text.trim()) {
        return Err(RejectReason::SpreadsheetNumber);
    }
    Nik::parse(text).map_err(|error| match error {
        NikError::Empty => RejectReason::Empty,
        NikError::Length { digits } if digits < DIGITS => RejectReason::TooFewDigits,
        NikError::Length { .. } => RejectReason::TooManyDigits,
        NikError::NotADigit { .. } => RejectReason::NotDigits,
    })
}

/// Finds the word in a field with a name.
///
/// # Errors
///
/// [`RejectReason`].
pub fn name(field: &[u8]) -> Result<NameWord, RejectReason> {
    let text = std::str::from_utf8(field).map_err(|_| RejectReason::NameNotText)?;
    NameWord::parse(text).map_err(|error| match error {
        NameError::NoWord if text.trim().is_empty() => RejectReason::NoName,
        NameError::NoWord => RejectReason::NoWord,
        NameError::NotALetter => RejectReason::NotLetters,
        NameError::TooLong => RejectReason::LongWord,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_what_is_wrong_with_a_row() {
        let cases: [(&[u8], RejectReason); 11] = [
            (b"320101410790900.0", RejectReason::SpreadsheetNumber),
            (b"3.201014107909001", RejectReason::SpreadsheetNumber),
            (b"", RejectReason::Empty),
            (b" - ", RejectReason::Empty),
            (b"320101410790900", RejectReason::TooFewDigits),
            (b"32010141079090011", RejectReason::TooManyDigits),
            (b"3.20101E+15", RejectReason::SpreadsheetNumber),
            (b"3,20101e15", RejectReason::SpreadsheetNumber),
            (b"3201014107909001.0", RejectReason::SpreadsheetNumber),
            (b"tidak ada", RejectReason::NotDigits),
            (b"\xff\xfe", RejectReason::NotText),
        ];
        for (field, refusal) in cases {
            assert_eq!(nik(field), Err(refusal), "{}", field.escape_ascii());
        }
        assert!(nik(b"3201.0141.0790.9001").is_ok());
    }

    #[test]
    fn tells_what_is_wrong_with_a_name() {
        let long = "A".repeat(61);
        let cases: [(&[u8], RejectReason); 6] = [
            (b" ", RejectReason::NoName),
            (b"H. M.", RejectReason::NoWord),
            (b"BUD1", RejectReason::NotLetters),
            (b"3201014107909001", RejectReason::NotLetters),
            (long.as_bytes(), RejectReason::LongWord),
            (b"BUDI \xff", RejectReason::NameNotText),
        ];
        for (field, refusal) in cases {
            assert_eq!(name(field), Err(refusal), "{}", field.escape_ascii());
            assert!(refusal.is_of_name());
        }
        assert!(name(b"H. BUDI").is_ok());
    }
}
