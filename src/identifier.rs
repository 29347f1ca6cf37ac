//! Identifiers: the bytes that the key is derived from.
//!
//! An identifier begins with a tag for its kind, so that one of another kind has another key.
//!
//! ```
//! use cek_nik::identifier::{IdentifierKind, NameMissing};
//! use cek_nik::name::NameWord;
//! use cek_nik::nik::Nik;
//!
//! let nik = Nik::parse("3201014107909001").unwrap();
//! let name = NameWord::parse("Siti Contoh").unwrap();
//! let identifier = IdentifierKind::NikAndName.identify(&nik, Some(&name));
//! assert_eq!(identifier.unwrap().as_bytes(), b"nik+nama:3201014107909001|SITI");
//! assert_eq!(IdentifierKind::NikAndName.identify(&nik, None).err(), Some(NameMissing));
//! ```

use alloc::vec::Vec;

use zeroize::Zeroizing;

use crate::name::NameWord;
use crate::nik::{DIGITS, Nik};

/// Kind of the identifiers of a catalogue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IdentifierKind {
    /// The NIK alone.
    #[default]
    Nik,
    /// The NIK and a word of the name: the catalogue is name-locked.
    NikAndName,
}

impl IdentifierKind {
    /// The name in the catalogue.
    pub fn name(self) -> &'static str {
        match self {
            Self::Nik => "nik",
            Self::NikAndName => "nik+nama",
        }
    }

    /// The kind by its name in a catalogue; `None` for a name that this version does not know.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "nik" => Some(Self::Nik),
            "nik+nama" => Some(Self::NikAndName),
            _ => None,
        }
    }

    /// The identifier of a person in a catalogue of this kind. [`Self::Nik`] ignores the name.
    ///
    /// # Errors
    ///
    /// [`NameMissing`] if the kind needs a name and there is none.
    pub fn identify(self, nik: &Nik, name: Option<&NameWord>) -> Result<Identifier, NameMissing> {
        match (self, name) {
            (Self::Nik, _) => Ok(Identifier::of_nik(nik)),
            (Self::NikAndName, Some(name)) => Ok(Identifier::of_nik_and_name(nik, name)),
            (Self::NikAndName, None) => Err(NameMissing),
        }
    }
}

/// Error: the catalogue is name-locked, and no name was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NameMissing;

/// Identifier of a person: `nik:` and the sixteen digits, or `nik+nama:`, the digits, `|` and the
/// word. Wiped from memory when dropped.
#[derive(Clone)]
pub struct Identifier(Text);

#[derive(Clone)]
enum Text {
    // A fixed length avoids an allocation for each of millions of rows.
    Nik(Zeroizing<[u8; NIK.len() + DIGITS]>),
    NikAndName(Zeroizing<Vec<u8>>),
}

pub(crate) const NIK: &[u8; 4] = b"nik:";
const NIK_AND_NAME: &[u8; 9] = b"nik+nama:";

impl Identifier {
    /// The identifier for catalogues of the kind [`IdentifierKind::Nik`].
    #[inline]
    pub fn of_nik(nik: &Nik) -> Self {
        let mut text = [0; NIK.len() + DIGITS];
        let (tag, digits) = text.split_at_mut(NIK.len());
        tag.copy_from_slice(NIK);
        digits.copy_from_slice(nik.as_bytes());
        Self(Text::Nik(Zeroizing::new(text)))
    }

    /// The identifier for catalogues of the kind [`IdentifierKind::NikAndName`].
    pub fn of_nik_and_name(nik: &Nik, name: &NameWord) -> Self {
        let word = name.letters().as_bytes();
        // The text never grows, which would leave a part of it behind in memory.
        let text = [NIK_AND_NAME, nik.as_bytes().as_slice(), b"|", word].concat();
        Self(Text::NikAndName(Zeroizing::new(text)))
    }

    /// Its kind.
    pub fn kind(&self) -> IdentifierKind {
        match self.0 {
            Text::Nik(_) => IdentifierKind::Nik,
            Text::NikAndName(_) => IdentifierKind::NikAndName,
        }
    }

    /// The bytes that are hashed.
    #[inline]
    pub fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Text::Nik(text) => text.as_slice(),
            Text::NikAndName(text) => text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nik() -> Nik {
        Nik::parse("3201014107909001").unwrap()
    }

    #[test]
    fn is_the_text_of_the_format() {
        let name = NameWord::parse("H. Nur'aini").unwrap();
        let of = |kind: IdentifierKind, name| {
            let identifier = kind.identify(&nik(), name)?;
            assert_eq!(identifier.kind(), kind);
            Ok(String::from_utf8(identifier.as_bytes().to_vec()).unwrap())
        };
        let alone = Ok("nik:3201014107909001".to_owned());
        assert_eq!(of(IdentifierKind::Nik, None), alone);
        assert_eq!(of(IdentifierKind::Nik, Some(&name)), alone);
        let both = Ok("nik+nama:3201014107909001|NURAINI".to_owned());
        assert_eq!(of(IdentifierKind::NikAndName, Some(&name)), both);
        assert_eq!(of(IdentifierKind::NikAndName, None), Err(NameMissing));
    }
}
