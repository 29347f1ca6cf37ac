//! The exact bytes that are hashed: what is known about a person, behind a tag that says which kind it is.

use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::nik::{DIGITS, Nik};

/// What the identifiers of a catalogue are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdentifierKind {
    /// The NIK alone.
    Nik,
}

impl IdentifierKind {
    /// The name in the catalogue.
    pub fn name(self) -> &'static str {
        match self {
            Self::Nik => "nik",
        }
    }

    /// The kind of that name; `None` for one that this version does not know.
    pub fn from_name(name: &str) -> Option<Self> {
        (name == Self::Nik.name()).then_some(Self::Nik)
    }
}

const TAG: &[u8; 4] = b"nik:";

/// `nik:` and the sixteen digits. Wiped from memory when dropped.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Identifier([u8; TAG.len() + DIGITS]);

impl Identifier {
    /// The identifier of a catalogue whose kind is [`IdentifierKind::Nik`].
    #[inline]
    pub fn of_nik(nik: &Nik) -> Self {
        let mut bytes = [0; TAG.len() + DIGITS];
        let (tag, digits) = bytes.split_at_mut(TAG.len());
        tag.copy_from_slice(TAG);
        digits.copy_from_slice(nik.as_bytes());
        Self(bytes)
    }

    /// The bytes that are hashed.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}
