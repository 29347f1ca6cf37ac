//! NIK (*nomor induk kependudukan*): sixteen digits, read however people write them, and decoded.
//!
//! A NIK has no check digit. So [`Nik::decode`] reads it back, for the bearer to compare with the
//! card, and [`Warning`]s name signs of a typing error. A real number may have any of them: see
//! `docs/NIK.md`.
//!
//! ```
//! use cek_nik::nik::{Date, Nik, Sex, Warning};
//!
//! let today = Date::new(2026, 11, 23).unwrap();
//! let reading = Nik::parse("320101 570845 9001").unwrap().decode(today);
//! assert_eq!(reading.sex, Some(Sex::Female));
//! assert!(reading.birth.dates().eq(Date::new(1945, 8, 17)));
//! assert!(reading.warnings.iter().eq([Warning::SerialHigh]));
//! ```

use alloc::string::String;
use core::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

mod batch;
mod characters;
mod date;
mod decode;
mod masked;
mod reading;
mod regions;
mod rules;
#[cfg(feature = "serde")]
mod serialize;
#[cfg(feature = "serde")]
mod shapes;
mod warning;
mod warning_cache;

pub use batch::NikBatch;
pub use characters::{Kind, is_invisible, kind};
pub use date::{Date, InvalidDate};
pub use decode::Decoded;
pub use masked::masked;
pub use reading::{Birth, Place, Reading, Recoded, RegencyKind, Region, Sex};
pub use warning::{Severity, Warning, Warnings};
pub use warning_cache::WarningCache;

/// The number of digits of a NIK (PP 40/2019).
pub const DIGITS: usize = 16;

/// NIK: sixteen digits. A `Nik` need not be a number that was ever issued.
///
/// It is text, since numbers from Papua (91 to 96) and of citizens abroad (99) are above 2^53,
/// where a floating-point number loses the last digit. Wiped from memory when dropped, and never
/// printed by [`fmt::Debug`].
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Nik([u8; DIGITS]);

/// Reason why a text is not a NIK. No variant carries the typed text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize),
    serde(tag = "code", rename_all = "snake_case")
)]
#[cfg_attr(feature = "browser", derive(tsify::Tsify))]
pub enum NikError {
    /// The text is empty, or has only separators.
    Empty,
    /// It has digits, but not sixteen.
    Length {
        /// The number of digits.
        #[cfg_attr(feature = "serde", serde(serialize_with = "serialize::count"))]
        digits: usize,
    },
    /// It has a character that is neither a digit nor a separator.
    NotADigit {
        /// The position of the character in the text, counted from 1, separators included.
        #[cfg_attr(feature = "serde", serde(serialize_with = "serialize::count"))]
        position: usize,
    },
}

impl NikError {
    /// The stable name of the error, for programs and for the text files.
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Length { .. } => "length",
            Self::NotADigit { .. } => "not_a_digit",
        }
    }
}

impl fmt::Display for NikError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => write!(f, "no digits: a NIK has 16"),
            Self::Length { digits } => write!(f, "{digits} digits: a NIK has 16"),
            Self::NotADigit { position } => {
                write!(
                    f,
                    "character {position} is not a digit: a NIK has 16 digits"
                )
            }
        }
    }
}

impl core::error::Error for NikError {}

impl Nik {
    /// Parses a NIK as people write it: grouped by spaces, dots, hyphens, slashes or apostrophes,
    /// with a byte-order mark or other invisible characters, in full-width, Arabic or any other
    /// decimal digits of Unicode.
    ///
    /// # Errors
    ///
    /// [`NikError`] unless the text has exactly sixteen digits, and otherwise only separators.
    pub fn parse(text: &str) -> Result<Self, NikError> {
        if let Some(nik) = Self::from_plain(text.as_bytes()) {
            return Ok(nik);
        }
        let mut nik = Self([0; DIGITS]);
        let mut digits = 0;
        for (index, character) in text.chars().enumerate() {
            match kind(character) {
                Kind::Digit(value) => {
                    if let Some(digit) = nik.0.get_mut(digits) {
                        *digit = b'0' + value;
                    }
                    digits += 1;
                }
                Kind::Separator => {}
                Kind::Other => {
                    return Err(NikError::NotADigit {
                        position: index + 1,
                    });
                }
            }
        }
        match digits {
            0 => Err(NikError::Empty),
            DIGITS => Ok(nik),
            _ => Err(NikError::Length { digits }),
        }
    }

    /// Parses sixteen ASCII digits; `None` for anything else. Nearly all rows of lists are so
    /// plain, and need no look at each character.
    #[inline]
    pub fn from_plain(text: &[u8]) -> Option<Self> {
        let digits = <[u8; DIGITS]>::try_from(text).ok()?;
        digits
            .iter()
            .all(u8::is_ascii_digit)
            .then_some(Self(digits))
    }

    /// The NIK of sixteen ASCII digits, the first in the most significant byte.
    pub(crate) fn from_digits(digits: u128) -> Self {
        Self(digits.to_be_bytes())
    }

    /// The NIK of the last sixteen digits of a number, with leading zeros.
    pub fn of_number(number: u64) -> Self {
        let mut digits = [0; DIGITS];
        let mut rest = number;
        for digit in digits.iter_mut().rev() {
            *digit = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        Self(digits)
    }

    /// The sixteen digits as ASCII bytes.
    pub fn as_bytes(&self) -> &[u8; DIGITS] {
        &self.0
    }

    /// The sixteen digits as text. The caller must wipe the copy.
    pub fn digits(&self) -> String {
        self.0.iter().map(|&digit| char::from(digit)).collect()
    }
}

impl fmt::Debug for Nik {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Nik(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_people_write() {
        let plain = "9471014107909001";
        for written in [
            "9471014107909001",
            " 947101 410790 9001\r",
            "\u{feff}94.71.01.410790.9001",
            "947101-410790-9001",
            "94/71/01/410790/9001",
            "'9471014107909001",
            "947101\u{a0}410790\u{202f}9001",
            "９４７１０１４１０７９０９００１",
            "٩٤٧١٠١٤١٠٧٩٠٩٠٠١",
            "۹۴۷۱۰۱۴۱۰۷۹۰۹۰۰۱",
            "\u{200e}9471014107909001\u{200f}",
        ] {
            assert_eq!(Nik::parse(written).unwrap().digits(), plain, "{written:?}");
        }
    }

    #[test]
    fn says_what_is_wrong_and_where() {
        let cases = [
            ("", NikError::Empty),
            (" - \u{feff}", NikError::Empty),
            ("947101410790900", NikError::Length { digits: 15 }),
            ("94710141079090011", NikError::Length { digits: 17 }),
            ("947101 41O790 9001", NikError::NotADigit { position: 10 }),
            ("9.47101410790900E+15", NikError::NotADigit { position: 17 }),
            ("+9471014107909001", NikError::NotADigit { position: 1 }),
        ];
        for (written, error) in cases {
            assert_eq!(Nik::parse(written), Err(error), "{written:?}");
        }
    }

    #[test]
    fn debug_output_hides_the_number() {
        let nik = Nik::parse("9471014107909001").unwrap();
        assert!(!format!("{nik:?}").contains(|c: char| c.is_ascii_digit()));
    }
}
