//! Formats that are not lists of text.

/// The name of a format that is not read; `None` for text.
pub(super) fn foreign(sample: &[u8]) -> Option<&'static str> {
    match sample {
        [b'P', b'K', 3, 4, ..] => Some("a spreadsheet or ZIP file"),
        [0xd0, 0xcf, 0x11, 0xe0, ..] => Some("an old spreadsheet file"),
        [b'%', b'P', b'D', b'F', ..] => Some("a PDF"),
        _ if sample.contains(&0) => Some("a binary file"),
        _ => None,
    }
}
