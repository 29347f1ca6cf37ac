//! Encodings of text: plain, UTF-16 and base64, searched for NIKs.

use std::borrow::Cow;

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use cek_nik::nik::{DIGITS, Date};

use super::digits::{find, of_bytes, of_text};

/// Trace of a NIK, or of a number that reads as one, by its location.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trace {
    /// In a line of text, counted from 1.
    Line(u64),
    /// In text that is UTF-16.
    Utf16,
    /// In base64 of any text.
    Base64,
}

/// Finds all numbers that read as NIKs: in plain text, in UTF-16, and in one level of base64 of
/// both.
pub fn find_all(bytes: &[u8], today: Date) -> Vec<Trace> {
    let mut traces = in_text(bytes, today);
    for run in base64_runs(&unwrapped(bytes)) {
        // The encoded text may begin after the run does: one of four starts is the right one.
        for start in 0..4 {
            let (_, text) = run.split_at(start);
            let decoded = base64_decoded(text);
            traces.extend(in_text(&decoded, today).iter().map(|_| Trace::Base64));
        }
    }
    traces
}

fn in_text(bytes: &[u8], today: Date) -> Vec<Trace> {
    let mut traces = Vec::new();
    find_in(bytes, today, |line| traces.push(Trace::Line(line)));
    if let Some(narrow) = utf16_narrowed(bytes) {
        find_in(&narrow, today, |_| traces.push(Trace::Utf16));
    }
    traces
}

fn find_in(bytes: &[u8], today: Date, found: impl FnMut(u64)) {
    match std::str::from_utf8(bytes) {
        Ok(text) => find(of_text(text), today, found),
        Err(_) if has_digits(bytes) => find(of_bytes(bytes), today, found),
        Err(_) => {}
    }
}

/// Whether the bytes have four digits in a row, as every grouping of a NIK does. Random bytes
/// hardly ever do, which keeps an audit fast.
fn has_digits(bytes: &[u8]) -> bool {
    bytes
        .windows(4)
        .any(|four| four.iter().all(u8::is_ascii_digit))
}

/// The ASCII characters of UTF-16 in either byte order; `None` without two neighbouring digits.
fn utf16_narrowed(bytes: &[u8]) -> Option<Vec<u8>> {
    let is_wide = memchr::memchr_iter(0, bytes).any(|zero| {
        let (_, from) = bytes.split_at(zero.saturating_sub(1));
        matches!(from, [a, 0, b, 0, ..] if a.is_ascii_digit() && b.is_ascii_digit())
    });
    is_wide.then(|| bytes.iter().copied().filter(|byte| *byte != 0).collect())
}

/// The shortest line that counts as a part of longer base64. Encoders break lines after 64 or 76
/// characters.
const WRAPPED_FROM: usize = 60;

/// The bytes, with the lines of broken base64 joined.
fn unwrapped(bytes: &[u8]) -> Cow<'_, [u8]> {
    let lines = || bytes.split_inclusive(|byte| *byte == b'\n');
    if !lines().any(|line| wrapped(line).is_some()) {
        return Cow::Borrowed(bytes);
    }
    let unwrapped = lines().flat_map(|line| wrapped(line).unwrap_or(line));
    Cow::Owned(unwrapped.copied().collect())
}

/// A line of broken base64 without its end; `None` for any other line.
fn wrapped(line: &[u8]) -> Option<&[u8]> {
    let text = line.strip_suffix(b"\n")?;
    let text = text.strip_suffix(b"\r").unwrap_or(text);
    (text.len() >= WRAPPED_FROM && text.len() % 4 == 0 && text.iter().all(|byte| is_base64(*byte)))
        .then_some(text)
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+/-_".contains(&byte)
}

/// The length of the shortest base64 of a NIK.
const SHORTEST: usize = (DIGITS * 4).div_ceil(3);

fn base64_runs(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes
        .split(|byte| !is_base64(*byte))
        .filter(|run| run.len() >= SHORTEST)
}

/// Decodes a run of either alphabet.
fn base64_decoded(run: &[u8]) -> Vec<u8> {
    let mut plain: Vec<u8> = run
        .iter()
        .map(|byte| match byte {
            b'-' => b'+',
            b'_' => b'/',
            other => *other,
        })
        .collect();
    let lax = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let engine = GeneralPurpose::new(&alphabet::STANDARD, lax);
    // One character beyond whole groups of four encodes nothing.
    plain.truncate(plain.len() - usize::from(plain.len() % 4 == 1));
    let Ok(decoded) = engine.decode(&plain) else {
        unreachable!("base64 characters decode, unless one is left over");
    };
    decoded
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    const NIK: &str = "3201014107909001";

    fn today() -> Date {
        Date::new(2026, 11, 23).unwrap()
    }

    fn wrapped(bytes: &[u8]) -> Vec<u8> {
        [b"<!-- x=\"", bytes, b"\" -->"].concat()
    }

    fn utf16(text: &str, bytes_of: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes_of).collect()
    }

    #[test]
    fn finds_a_number_in_every_encoding() {
        let little = utf16(NIK, u16::to_le_bytes);
        let url_safe = URL_SAFE_NO_PAD.encode(format!("\u{fb}\u{ff}{NIK}"));
        for (encoded, trace) in [
            (NIK.as_bytes().to_vec(), Trace::Line(1)),
            (little.clone(), Trace::Utf16),
            (utf16(NIK, u16::to_be_bytes), Trace::Utf16),
            (STANDARD.encode(NIK).into_bytes(), Trace::Base64),
            (
                STANDARD_NO_PAD.encode(format!("x{NIK}")).into_bytes(),
                Trace::Base64,
            ),
            (url_safe.into_bytes(), Trace::Base64),
            (STANDARD.encode(little).into_bytes(), Trace::Base64),
        ] {
            let traces = find_all(&wrapped(&encoded), today());
            assert_eq!(traces, [trace]);
        }
    }

    /// MIME breaks lines after 76 characters, also within a number.
    #[test]
    fn finds_a_number_across_lines_of_base64_once() {
        for before in 30..60 {
            let text = format!("{}{NIK} {}", "x".repeat(before), "y".repeat(90));
            let encoded = STANDARD.encode(text);
            for end in ["\n", "\r\n"] {
                let (first, rest) = encoded.split_at(76);
                let (second, third) = rest.split_at(76);
                let broken = format!("MIME\n\n{first}{end}{second}{end}{third}{end}");
                let traces = find_all(broken.as_bytes(), today());
                assert_eq!(traces.len(), 1, "{before}: {traces:?}");
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            failure_persistence: None,
            ..ProptestConfig::default()
        })]

        #[test]
        fn finds_a_number_anywhere_in_base64(
            before in vec(any::<u8>(), 0..40),
            after in vec(any::<u8>(), 0..40),
        ) {
            // A digit beside it would make it another number.
            let bytes = [&before, &b" "[..], NIK.as_bytes(), b" ", &after].concat();
            for encoded in [STANDARD.encode(&bytes), URL_SAFE_NO_PAD.encode(&bytes)] {
                prop_assert!(!find_all(encoded.as_bytes(), today()).is_empty());
            }
        }

        #[test]
        fn any_bytes_are_read_without_a_panic(bytes in vec(any::<u8>(), 0..300)) {
            find_all(&bytes, today());
        }
    }

    #[test]
    fn finds_a_number_in_base64_behind_other_characters_of_its_alphabet() {
        for before in ["", "a", "ab", "abc"] {
            let text = format!("{before}{}", STANDARD.encode(NIK));
            assert!(!find_all(text.as_bytes(), today()).is_empty(), "{before}");
        }
    }

    #[test]
    fn random_bytes_hold_no_number() {
        use rand_chacha::ChaCha8Rng;
        use rand_chacha::rand_core::{Rng, SeedableRng};
        let mut bytes = vec![0; 512 << 10];
        ChaCha8Rng::seed_from_u64(1).fill_bytes(&mut bytes);
        assert_eq!(find_all(&bytes, today()), []);
    }
}
