//! What is not ours, on its way to a terminal.

use std::path::Path;

use cek_nik::nik::masked;

/// Text from a host or a directory may hold anything: nothing of it may move the cursor or begin a line of its own.
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

/// A path as it may be shown: somebody may have called a file by a NIK.
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
