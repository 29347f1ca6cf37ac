//! From a NIK that is tried to the identifier that the catalogue's clients would make of it.

use crate::identifier::{Identifier, IdentifierKind};
use crate::nik::Nik;

/// The identifier of a NIK in a catalogue of this kind.
pub fn identifier(kind: IdentifierKind, nik: &Nik) -> Identifier {
    match kind {
        IdentifierKind::Nik => Identifier::of_nik(nik),
    }
}
