//! Text in place of a name.

use cek_nik::identifier::{Identifier, IdentifierKind};
use cek_nik::name::{MOST_LETTERS, NameWord};
use cek_nik::nik::Nik;

/// Finds the word of a name, which must not depend on its case or on the text behind it.
pub fn run(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let Ok(word) = NameWord::parse(&text) else {
        return false;
    };
    let letters = word.letters();
    assert!((2..=MOST_LETTERS).contains(&letters.len()));
    assert!(letters.bytes().all(|letter| letter.is_ascii_uppercase()));
    for other in [
        letters.to_owned(),
        text.to_ascii_lowercase(),
        text.to_ascii_uppercase(),
        format!("{text} SITI"),
        format!("H. {text}"),
    ] {
        assert_eq!(NameWord::parse(&other).as_ref(), Ok(&word));
    }
    let nik = Nik::of_number(3_201_014_107_909_001);
    let identifier = Identifier::of_nik_and_name(&nik, &word);
    assert_eq!(identifier.kind(), IdentifierKind::NikAndName);
    assert!(identifier.as_bytes().ends_with(letters.as_bytes()));
    true
}
