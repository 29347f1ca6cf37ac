//! Whom a check is for: a NIK, and with it a name where the catalogue is name-locked.

use cek_nik::identifier::{Identifier, IdentifierKind};
use cek_nik::name::{NameError, NameWord};
use cek_nik::nik::{Nik, NikError};
use cek_nik_publisher::input::grouping::{self, GroupingError};
use zeroize::Zeroizing;

use crate::output::texts::Texts;
use crate::prompt::Prompt;

/// As given: not yet known to be a NIK, or to have a name in it.
pub struct Query {
    nik: Zeroizing<Vec<u8>>,
    name: Zeroizing<Vec<u8>>,
    /// Whether the line has more columns than the catalogue takes.
    has_extra_columns: bool,
    /// Whether nobody reads the number back: it must then be grouped as people write it.
    is_line: bool,
}

/// Why there is nobody to check.
#[derive(Clone, Copy)]
pub enum InvalidQuery {
    Nik(NikError),
    /// Nothing at all where a name is needed.
    NoName,
    Name(NameError),
    /// More columns than the catalogue takes: which of them to check is not for us to guess.
    ExtraColumns(IdentifierKind),
}

/// Column separators. None of them is ever part of a NIK.
const SEPARATORS: &[u8] = b",;|\t";

impl Query {
    /// Asks for what the catalogue needs, without showing it. One prompt asks for both, so that
    /// nothing is shown of a name that is typed before its question.
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

    /// Splits a line at its first separator: the NIK in front of it, the name behind it. Where no
    /// name is needed, the whole line is the NIK.
    ///
    /// No column is ever dropped. A name may contain a comma (SITI, S.Pd) unless the comma is also
    /// the separator; any other separator begins a further column, and [`Self::identify`] refuses
    /// the line.
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
    /// [`InvalidQuery`], with the columns of a line first: where there are too many, an error in one of
    /// them says little.
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
        let nik = Nik::parse(text)?;
        if self.is_line && matches!(grouping::read(text), Err(GroupingError::Glued)) {
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
