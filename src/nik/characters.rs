//! Characters of numbers: digits of all scripts, and separators.
//!
//! The result is that of NFKC normalisation and decimal values, for every character that means
//! exactly one digit, without the tables of a Unicode library, which are too large for the
//! browser's module. `tests/unicode.rs` compares every character of Unicode with a complete
//! implementation.

/// Kind of a character in a number.
pub enum Kind {
    /// A digit with its value, 0 to 9.
    Digit(u8),
    /// A character that people put between digits, or an invisible one.
    Separator,
    /// Any other character.
    Other,
}

/// The zero of each script with decimal digits of its own (Unicode 16, general category Nd). The
/// nine characters after it mean one to nine.
const ZEROS: [u32; 76] = [
    0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66,
    0xde6, 0xe50, 0xed0, 0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90,
    0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10,
    0x104a0, 0x10d30, 0x10d40, 0x11066, 0x110f0, 0x11136, 0x111d0, 0x112f0, 0x11450, 0x114d0,
    0x11650, 0x116c0, 0x116d0, 0x116da, 0x11730, 0x118e0, 0x11950, 0x11bf0, 0x11c50, 0x11d50,
    0x11da0, 0x11f50, 0x16130, 0x16a60, 0x16ac0, 0x16b50, 0x16d70, 0x1ccf0, 0x1d7ce, 0x1d7d8,
    0x1d7e2, 0x1d7ec, 0x1d7f6, 0x1e140, 0x1e2f0, 0x1e4f0, 0x1e5f1, 0x1e950, 0x1fbf0,
];

/// The kind of a character in a number.
pub fn kind(character: char) -> Kind {
    if let Some(value) = character.to_digit(10) {
        return Kind::Digit(value as u8);
    }
    if is_separator(character) {
        return Kind::Separator;
    }
    match decimal(character as u32) {
        Some(value) => Kind::Digit(value as u8),
        None => Kind::Other,
    }
}

fn decimal(code: u32) -> Option<u32> {
    match code {
        // Superscripts, subscripts and circled digits: NFKC turns each into a plain digit.
        0xb2 | 0xb3 => Some(code - 0xb0),
        0xb9 => Some(1),
        0x2070 | 0x2074..=0x2079 => Some(code - 0x2070),
        0x2080..=0x2089 => Some(code - 0x2080),
        0x2460..=0x2468 => Some(code - 0x245f),
        0x24ea => Some(0),
        _ => ZEROS
            .iter()
            .map(|&zero| code.wrapping_sub(zero))
            .find(|&value| value < 10),
    }
}

fn is_separator(character: char) -> bool {
    character.is_whitespace()
        || matches!(
            character,
            '.' | '-' | '/' | '\''
                // The same four in other widths, and the substitutes of word processors.
                | '\u{2024}' | '\u{fe52}' | '\u{ff0e}'
                | '\u{2010}'
                ..='\u{2015}'
                    | '\u{2212}'
                    | '\u{fe58}'
                    | '\u{fe63}'
                    | '\u{ff0d}'
                    | '\u{2044}'
                    | '\u{2215}'
                    | '\u{ff0f}'
                    | '`'
                    | '\u{b4}'
                    | '\u{2bc}'
                    | '\u{2018}'
                    | '\u{2019}'
                    | '\u{ff07}'
        )
        || is_invisible(character)
}

/// Whether a character is not printed: soft hyphen, zero-width characters, marks of writing
/// direction, byte-order mark.
pub fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{feff}'
    )
}
