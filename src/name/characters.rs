//! Characters of names: letters, marks, boundaries between words.

pub(super) enum Kind {
    /// A letter A to Z, upper or lower case.
    Letter,
    /// A mark that NFKD takes off a letter.
    Mark,
    /// Ignored: the letters around it belong to one word.
    Ignored,
    /// A boundary between words.
    Boundary,
    /// A character of no name. It often shows a defect of the list: `MA?RUF`, `NUR&#39;AINI`,
    /// `BU**`.
    Other,
}

/// The kind of a character of a text in NFKD. Part of the format, unlike the separators of a NIK.
pub(super) fn kind(character: char) -> Kind {
    match character {
        'A'..='Z' | 'a'..='z' => Kind::Letter,
        '\u{300}'..='\u{36f}' => Kind::Mark,
        // Apostrophes, their substitutes, and the characters that databases put in front of them.
        '\'' | '"' | '\\' | '`' | '\u{2b9}'..='\u{2bf}' | '\u{2018}'..='\u{201f}' | '\u{2032}' => {
            Kind::Ignored
        }
        // Not printed: soft hyphen, zero-width characters, marks of writing direction, byte-order
        // mark.
        '\u{ad}'
        | '\u{61c}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'
        | '\u{2066}'..='\u{2069}'
        | '\u{feff}' => Kind::Ignored,
        // Spaces, round brackets, comma, hyphen, dot, slash, semicolon, dashes, minus sign.
        '\t'..='\r' | ' ' | '(' | ')' | ','..='/' | ';' | '\u{2010}'..='\u{2015}' | '\u{2212}' => {
            Kind::Boundary
        }
        _ => Kind::Other,
    }
}
