//! Whom a check is for: a NIK, and with it a name where the catalogue is name-locked.

use cek_nik::identifier::{Identifier, IdentifierKind};
use cek_nik::name::{NameError, NameWord};
use cek_nik::nik::{Nik, NikError};
use zeroize::Zeroizing;

use crate::output::texts::Texts;
use crate::typed;

/// As given: not yet known to be a NIK, or to have a name in it.
pub struct Person {
    nik: Zeroizing<Vec<u8>>,
    name: Zeroizing<Vec<u8>>,
}

/// Why there is nobody to check.
#[derive(Clone, Copy)]
pub enum Nobody {
    Nik(NikError),
    /// Nothing at all where a name is needed.
    NoName,
    Name(NameError),
}

/// What stands between NIK and name. None of them is ever part of a NIK.
const SEPARATORS: &[u8] = b",;|\t";

impl Person {
    /// Asks for what the catalogue needs, without showing it.
    pub fn ask(texts: &Texts, identifier: IdentifierKind) -> anyhow::Result<Self> {
        let nik = typed::ask(texts.text("/cli/ask"))?;
        let name = match identifier {
            IdentifierKind::Nik => Zeroizing::default(),
            IdentifierKind::NikAndName => typed::ask(texts.text("/cli/ask_name"))?,
        };
        Ok(Self { nik, name })
    }

    /// Takes a line apart: a NIK, behind the first separator the name, and behind another such whatever else a list has, which is no part of the
    /// name. Where no name is needed, the whole line is the NIK.
    pub fn of_line(line: &[u8], identifier: IdentifierKind) -> Self {
        let separator = match identifier {
            IdentifierKind::Nik => None,
            IdentifierKind::NikAndName => line.iter().position(|byte| SEPARATORS.contains(byte)),
        };
        let (nik, name) = match separator {
            Some(place) => {
                let separator = line.get(place);
                let mut columns = line.split(|byte| Some(byte) == separator);
                (columns.next(), columns.next())
            }
            None => (Some(line), None),
        };
        let part = |part: Option<&[u8]>| Zeroizing::new(part.unwrap_or_default().to_vec());
        Self {
            nik: part(nik),
            name: part(name),
        }
    }

    pub fn identify(&self, identifier: IdentifierKind) -> Result<Identifier, Nobody> {
        let nik = std::str::from_utf8(&self.nik)
            .map_err(|_| NikError::NotADigit { position: 1 })
            .and_then(Nik::parse)
            .map_err(Nobody::Nik)?;
        match identifier {
            IdentifierKind::Nik => Ok(Identifier::of_nik(&nik)),
            IdentifierKind::NikAndName => Ok(Identifier::of_nik_and_name(&nik, &self.word()?)),
        }
    }

    fn word(&self) -> Result<NameWord, Nobody> {
        if self.name.trim_ascii().is_empty() {
            return Err(Nobody::NoName);
        }
        std::str::from_utf8(&self.name)
            .map_err(|_| NameError::NotALetter)
            .and_then(NameWord::parse)
            .map_err(Nobody::Name)
    }
}

impl Nobody {
    /// The stable name, for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::Nik(error) => error.code(),
            Self::NoName => "no_name",
            Self::Name(error) => error.code(),
        }
    }
}
