//! From a NIK that is tried to the identifier that the catalogue's clients would make of it.

use std::sync::LazyLock;

use cek_nik::identifier::{Identifier, IdentifierKind};
use cek_nik::name::NameWord;
use cek_nik::nik::Nik;

/// The word that is tried with every NIK under a name lock: one that many people have. Any other costs as much.
pub const FIRST_WORD: &str = "SITI";

#[expect(clippy::expect_used, reason = "it is a word, whatever is audited")]
static WORD: LazyLock<NameWord> = LazyLock::new(|| NameWord::parse(FIRST_WORD).expect("a word"));

/// The identifier of a NIK in a catalogue of this kind.
pub fn identifier(kind: IdentifierKind, nik: &Nik) -> Identifier {
    match kind {
        IdentifierKind::Nik => Identifier::of_nik(nik),
        IdentifierKind::NikAndName => Identifier::of_nik_and_name(nik, &WORD),
    }
}
