//! Text from files and hosts, made fit for a terminal.

use std::path::Path;

use cek_nik::nik::masked;

/// Text without control characters, which could move the cursor or forge a line.
pub fn printable(text: &str) -> String {
    text.chars()
        .map(|character| {
            if character.is_control() {
                ' '
            } else {
                character
            }
        })
        .collect()
}

/// A path without control characters and with NIKs masked: a file name may contain one.
pub fn path(path: &Path) -> String {
    printable(&masked(&path.display().to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_moves_no_cursor_and_tells_no_number() {
        let name = Path::new("a\x1b[2J\n3201014107909001.csv");
        assert_eq!(path(name), "a [2J ################.csv");
    }
}
