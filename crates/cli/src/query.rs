//! Query of a check: a NIK, and a name if the catalogue is name-locked.

use cek_nik::identifier::{Identifier, IdentifierKind};
use cek_nik::name::{NameError, NameWord};
use cek_nik::nik::{DIGITS, Nik, NikError};
use cek_nik_publisher::input::grouping::{self, GroupingError};
use zeroize::Zeroizing;

use crate::output::texts::Texts;
use crate::prompt::Prompt;

/// A query as typed, not yet parsed.
pub struct Query {
    nik: Zeroizing<Vec<u8>>,
    name: Zeroizing<Vec<u8>>,
    /// Whether the line has more columns than the catalogue uses.
    has_extra_columns: bool,
    /// Whether nobody reads the number back: it must then be grouped as people write it.
    is_line: bool,
}

/// Why the input is not a valid query.
#[derive(Clone, Copy)]
pub enum InvalidQuery {
    Nik(NikError),
    /// The name is missing.
    NoName,
    Name(NameError),
    /// More columns than the catalogue uses. Which to check would be a guess.
    ExtraColumns(IdentifierKind),
}

/// Column separators. None of them is ever part of a NIK.
const SEPARATORS: &[u8] = b",;|\t";

impl Query {
    /// Asks for the NIK, and for the name if the catalogue needs it, without showing them. One
    /// prompt asks for both, so that a name typed early is not shown either.
    pub fn ask(texts: &Texts, identifier: IdentifierKind) -> anyhow::Result<Self> {
        let prompt = Prompt::open()?;
        let nik = prompt.ask(texts.text("/cli/ask"))?;
        let name = match identifier {
            IdentifierKind::Nik => Zeroizing::default(),
            IdentifierKind::NikAndName => prompt.ask(texts.text("/cli/ask_name"))?,
        };
        Ok(Self {
            nik,
            name,
            has_extra_columns: false,
            is_line: false,
        })
    }

    /// Splits a line at its first separator into NIK and name. If the catalogue needs no name, the
    /// whole line is the NIK.
    ///
    /// No column is dropped. A name may contain a comma (SITI, S.Pd) unless the comma is also the
    /// separator. Any other separator starts another column, and [`Self::identify`] refuses the
    /// line.
    pub fn of_line(line: &[u8], identifier: IdentifierKind) -> Self {
        let line = line.trim_ascii();
        let is_separator = |byte: &u8| SEPARATORS.contains(byte);
        let first = line.iter().position(is_separator);
        let (nik, name, has_extra_columns) = match (identifier, first) {
            (IdentifierKind::Nik, first) => (line, &[][..], first.is_some()),
            (IdentifierKind::NikAndName, None) => (line, &[][..], false),
            (IdentifierKind::NikAndName, Some(index)) => {
                let (nik, rest) = line.split_at(index);
                let (separator, name) = rest.split_at(1);
                let in_name = |byte: &u8| *byte == b',' && separator != b",";
                let extra = name.iter().any(|byte| is_separator(byte) && !in_name(byte));
                (nik, name, extra)
            }
        };
        Self {
            nik: Zeroizing::new(nik.to_vec()),
            name: Zeroizing::new(name.to_vec()),
            has_extra_columns,
            is_line: true,
        }
    }

    /// The identifier to check.
    ///
    /// # Errors
    ///
    /// [`InvalidQuery`]. Too many columns are reported before errors in one of them.
    pub fn identify(&self, identifier: IdentifierKind) -> Result<Identifier, InvalidQuery> {
        if self.has_extra_columns {
            return Err(InvalidQuery::ExtraColumns(identifier));
        }
        let nik = std::str::from_utf8(&self.nik)
            .map_err(|_| NikError::NotADigit { position: 1 })
            .and_then(|text| self.nik(text))
            .map_err(InvalidQuery::Nik)?;
        match identifier {
            IdentifierKind::Nik => Ok(Identifier::of_nik(&nik)),
            IdentifierKind::NikAndName => Ok(Identifier::of_nik_and_name(&nik, &self.word()?)),
        }
    }

    /// The number of a line, or the number that was typed and is read back to its bearer.
    fn nik(&self, text: &str) -> Result<Nik, NikError> {
        let (nik, number) = pasted(text)?;
        if self.is_line && matches!(grouping::read(number), Err(GroupingError::Glued)) {
            let gap = text.trim_start().find(|c: char| !c.is_numeric());
            let position = gap.map_or(1, |gap| gap + 1);
            return Err(NikError::NotADigit { position });
        }
        Ok(nik)
    }

    fn word(&self) -> Result<NameWord, InvalidQuery> {
        if self.name.trim_ascii().is_empty() {
            return Err(InvalidQuery::NoName);
        }
        std::str::from_utf8(&self.name)
            .map_err(|_| NameError::NotALetter)
            .and_then(NameWord::parse)
            .map_err(InvalidQuery::Name)
    }
}

/// Reads a NIK, also out of a text with other words, such as `NIK: 3201 0141 0790 9001`.
///
/// # Errors
///
/// What [`Nik::parse`] reports, unless the text has exactly one number of 16 digits, set apart from
/// its words.
pub fn pasted_nik(text: &str) -> Result<Nik, NikError> {
    pasted(text).map(|(nik, _)| nik)
}

/// The NIK, and the part of the text that it was read from.
fn pasted(text: &str) -> Result<(Nik, &str), NikError> {
    match Nik::parse(text) {
        Ok(nik) => Ok((nik, text)),
        Err(error @ NikError::NotADigit { .. }) => only_nik(text).ok_or(error),
        Err(error) => Err(error),
    }
}

fn only_nik(text: &str) -> Option<(Nik, &str)> {
    let is_word = |c: char| {
        let parsed = Nik::parse(c.encode_utf8(&mut [0; 4]));
        matches!(parsed, Err(NikError::NotADigit { .. }))
    };
    let mut found = None;
    let mut start = 0;
    for number in text.split(is_word) {
        let (before, rest) = text.split_at(start);
        let (_, after) = rest.split_at(number.len());
        match Nik::parse(number) {
            Ok(nik) => {
                let is_glued = number.starts_with(char::is_numeric)
                    && before.ends_with(char::is_alphanumeric)
                    || number.ends_with(char::is_numeric)
                        && after.starts_with(char::is_alphanumeric);
                if is_glued || found.replace((nik, number)).is_some() {
                    return None;
                }
            }
            Err(NikError::Length { digits }) if digits > DIGITS => return None,
            Err(_) => {}
        }
        start = text.len() - after.len() + after.chars().next().map_or(0, char::len_utf8);
    }
    found
}

impl InvalidQuery {
    /// The stable name, for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::Nik(error) => error.code(),
            Self::NoName => "no_name",
            Self::Name(error) => error.code(),
            Self::ExtraColumns(_) => "extra_columns",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_of_sixteen_digits_is_found_among_words() {
        for text in [
            "NIK: 3201014107909001",
            "NIK 3201 0141 0790 9001",
            "nik=320101-410790-9001;",
            "NIK (16 digit): 3201014107909001 (KTP)",
            "\u{feff}No. KTP : 3201014107909001\r",
        ] {
            let nik = pasted_nik(text).map(|nik| *nik.as_bytes());
            assert_eq!(nik, Ok(*b"3201014107909001"), "{text}");
        }
    }

    #[test]
    fn no_number_is_guessed() {
        for text in [
            "NIK: 320101410790900",
            "NIK: 3201014107909001 9",
            "NIK: 32010141079090019",
            "3201014107909001x",
            "NIK3201014107909001",
            "320101410790900l",
            "NIK: 3201014107909001 KK: 3201014107909002",
            "NIK: 3201014107909001 HP: 32010141079090029",
            "NIK:",
        ] {
            assert!(pasted_nik(text).is_err(), "{text}");
        }
    }
}
