//! Tables of the core, compared with a complete Unicode library for every character.

use cek_nik::nik::{Nik, NikError};
use unicode_normalization::UnicodeNormalization;

/// Kind of a character for the core, seen from outside: as the first of sixteen.
#[derive(Debug, PartialEq)]
enum Kind {
    Digit(char),
    Separator,
    Other,
}

fn kind(character: char) -> Kind {
    match Nik::parse(&format!("{character}201014107909001")) {
        Ok(nik) => Kind::Digit(char::from(nik.as_bytes()[0])),
        Err(NikError::Length { digits: 15 }) => Kind::Separator,
        Err(NikError::NotADigit { position: 1 }) => Kind::Other,
        Err(error) => panic!("{character:?}: {error}"),
    }
}

fn only_character(text: impl Iterator<Item = char>) -> Option<char> {
    let mut text = text;
    text.next().filter(|_| text.next().is_none())
}

#[test]
fn agrees_with_nfkc_on_every_character() {
    for character in '\0'..=char::MAX {
        let Some(plain) = only_character(character.nfkc()) else {
            continue;
        };
        match plain {
            '0'..='9' => assert_eq!(kind(character), Kind::Digit(plain), "{character:?}"),
            ' ' | '.' | '-' | '/' | '\'' | '\u{feff}' => {
                assert_eq!(kind(character), Kind::Separator, "{character:?}");
            }
            letter if letter.is_ascii_alphabetic() => {
                assert_eq!(kind(character), Kind::Other, "{character:?}");
            }
            _ => {}
        }
    }
}

#[test]
fn reads_the_digits_of_every_script() {
    // Rust's standard library knows numeric characters, but not their values. Ten numeric
    // characters in a row that the core reads as digits must be 0 to 9 in order.
    let mut scripts = 0;
    for code in 0x80..=0x1_ffff {
        let Some(zero) = char::from_u32(code) else {
            continue;
        };
        let starts = kind(zero) == Kind::Digit('0') && only_character(zero.nfkc()) == Some(zero);
        if !starts {
            continue;
        }
        scripts += 1;
        for (value, expected) in ('0'..='9').enumerate() {
            let digit = char::from_u32(code + value as u32).expect("a character");
            assert!(digit.is_numeric(), "{digit:?}");
            assert_eq!(kind(digit), Kind::Digit(expected), "{digit:?}");
        }
    }
    assert!(scripts >= 60, "{scripts} scripts");
}
