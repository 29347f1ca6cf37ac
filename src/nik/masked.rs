//! Masked messages: no long number of the input is repeated.

use alloc::string::String;

use super::characters::{Kind, kind};

/// The number of digits in a row, grouped or not, that reveals most of a NIK.
const TELLING: usize = 12;

/// Replaces the digits of long numbers by `#`: a message may repeat a NIK that somebody typed into
/// the wrong place, or that names a file.
pub fn masked(message: &str) -> String {
    let mut masked = String::with_capacity(message.len());
    let mut rest = message;
    while let Some(start) = rest.find(char::is_numeric) {
        let (before, run) = rest.split_at(start);
        let end = run
            .find(|c: char| !c.is_numeric() && !matches!(kind(c), Kind::Separator))
            .unwrap_or(run.len());
        let (run, after) = run.split_at(end);
        let telling = run.chars().filter(|c| c.is_numeric()).count() >= TELLING;
        masked.push_str(before);
        masked.extend(
            run.chars()
                .map(|c| if telling && c.is_numeric() { '#' } else { c }),
        );
        rest = after;
    }
    masked + rest
}

#[cfg(test)]
mod tests {
    use super::super::Nik;
    use super::*;

    #[test]
    fn a_number_is_masked_however_it_is_grouped() {
        assert_eq!(
            masked("unexpected argument '320101 410790 900' found, in line 12"),
            "unexpected argument '###### ###### ###' found, in line 12"
        );
        assert_eq!(masked("site 3201014107909001x"), "site ################x");
        for separator in ["\u{200b}", "–", "’", "\u{a0}", "\t"] {
            let number = ["320101", "410790", "9001"].join(separator);
            assert!(Nik::parse(&number).is_ok());
            let expected = ["######", "######", "####"].join(separator);
            assert_eq!(masked(&number), expected);
        }
        assert_eq!(masked("2021-05-12.csv: line 7"), "2021-05-12.csv: line 7");
    }
}
