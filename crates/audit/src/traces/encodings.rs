//! The texts that bytes may be an encoding of.

use std::borrow::Cow;

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::binary::Places;
use super::digits::{find, of_bytes, of_text};
use super::escapes::{self, lists};
use super::scientific::written_out;
use cek_nik::nik::{DIGITS, Date};

/// How often one encoding may be wrapped in another.
const DEPTH: usize = 2;

/// One NIK, or what reads as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// The line, where it stands as it is.
    pub line: Option<u64>,
    /// The encodings around it, the outermost first.
    pub encodings: Vec<&'static str>,
}

/// Finds what reads as a NIK, as it is or encoded.
pub fn find_all(bytes: &[u8], today: Date) -> Vec<Trace> {
    let mut traces = Vec::new();
    look(bytes, today, &mut Vec::new(), &mut traces);
    traces
}

fn look(bytes: &[u8], today: Date, encodings: &mut Vec<&'static str>, traces: &mut Vec<Trace>) {
    let found = |line| {
        traces.push(Trace {
            line: encodings.is_empty().then_some(line),
            encodings: encodings.clone(),
        });
    };
    match std::str::from_utf8(bytes) {
        Ok(text) => find(of_text(text), today, found),
        Err(_) if has_digits(bytes) => find(of_bytes(bytes), today, found),
        Err(_) => {}
    }
    if encodings.last() == Some(&BASE64) && Places::of(bytes, today).spell_numbers() {
        traces.push(Trace {
            line: None,
            encodings: [encodings.as_slice(), &["binary numbers"]].concat(),
        });
    }
    if encodings.len() < DEPTH {
        decodings(bytes, |name, decoded| {
            encodings.push(name);
            look(decoded, today, encodings, traces);
            encodings.pop();
        });
    }
}

/// What is made for bytes that are no text. Hexadecimal digits are read by people, who would see packed decimals in every long number.
const BASE64: &str = "base64";

/// Whether there are four digits in a row, as in every grouping of a NIK. In random bytes there hardly ever are: this decides how long an
/// audit takes.
fn has_digits(bytes: &[u8]) -> bool {
    bytes
        .windows(4)
        .any(|four| four.iter().all(u8::is_ascii_digit))
}

/// Calls for everything that the bytes, or a part of them, decode to and that is long enough for a NIK.
fn decodings(bytes: &[u8], mut decoded: impl FnMut(&'static str, &[u8])) {
    if let Some(text) = without_zeros(bytes) {
        decoded("UTF-16 or UTF-32", &text);
    }
    for syntax in escapes::SYNTAXES {
        if let Some(text) = syntax.undone(bytes) {
            decoded(syntax.name, &text);
        }
    }
    if let Some(numbers) = written_out(bytes) {
        decoded("scientific notation", &numbers);
    }
    lists(bytes, DIGITS, |text| decoded("a list of characters", text));
    for run in runs(&unwrapped(bytes), is_base64, (DIGITS * 4).div_ceil(3)) {
        // Where a run begins earlier than what is encoded, one of four starts is the right one; of hexadecimal, one of two.
        for start in 0..4 {
            decoded(BASE64, &base64(run.get(start..).unwrap_or_default()));
        }
        for run in runs(run, |byte| byte.is_ascii_hexdigit(), 2 * DIGITS) {
            for start in 0..2 {
                decoded(
                    "hexadecimal",
                    &hexadecimal(run.get(start..).unwrap_or_default()),
                );
            }
        }
    }
}

/// UTF-16 and UTF-32 of ASCII characters without their zeros, in either order of bytes.
fn without_zeros(bytes: &[u8]) -> Option<Vec<u8>> {
    let is_wide = memchr::memchr_iter(0, bytes).any(|zero| {
        let from = bytes.get(zero.saturating_sub(1)..).unwrap_or_default();
        let are_digits = |a: &u8, b: &u8| a.is_ascii_digit() && b.is_ascii_digit();
        matches!(from, [a, 0, b, 0, ..] if are_digits(a, b))
            || matches!(from, [a, 0, 0, 0, b, ..] if are_digits(a, b))
    });
    is_wide.then(|| bytes.iter().copied().filter(|byte| *byte != 0).collect())
}

/// Lines of base64 are broken behind 64 or 76 characters.
const WRAPPED_FROM: usize = 60;

/// The bytes without the ends of lines that are full of base64.
fn unwrapped(bytes: &[u8]) -> Cow<'_, [u8]> {
    let lines = || bytes.split_inclusive(|byte| *byte == b'\n');
    if !lines().any(|line| wrapped(line).is_some()) {
        return Cow::Borrowed(bytes);
    }
    let unwrapped = lines().flat_map(|line| wrapped(line).unwrap_or(line));
    Cow::Owned(unwrapped.copied().collect())
}

/// A line without its end, if it is full of base64.
fn wrapped(line: &[u8]) -> Option<&[u8]> {
    let text = line.strip_suffix(b"\n")?;
    let text = text.strip_suffix(b"\r").unwrap_or(text);
    (text.len() >= WRAPPED_FROM && text.len() % 4 == 0 && text.iter().all(|byte| is_base64(*byte)))
        .then_some(text)
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+/-_".contains(&byte)
}

/// Runs of bytes of a kind, at least so many.
fn runs(bytes: &[u8], is_kind: fn(u8) -> bool, least: usize) -> impl Iterator<Item = &[u8]> {
    bytes
        .split(move |byte| !is_kind(*byte))
        .filter(move |run| run.len() >= least)
}

fn hexadecimal(digits: &[u8]) -> Vec<u8> {
    let (pairs, _) = digits.as_chunks::<2>();
    pairs
        .iter()
        .filter_map(|pair| base16ct::mixed::decode_vec(pair).ok())
        .flatten()
        .collect()
}

/// Both alphabets, cut to whole groups of four.
fn base64(run: &[u8]) -> Vec<u8> {
    let plain: Vec<u8> = run
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
    let whole = plain.len() - usize::from(plain.len() % 4 == 1);
    engine
        .decode(plain.get(..whole).unwrap_or_default())
        .unwrap_or_default()
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

    const WIDE: &str = "UTF-16 or UTF-32";

    fn utf32(text: &str, bytes_of: fn(u32) -> [u8; 4]) -> Vec<u8> {
        text.chars().map(u32::from).flat_map(bytes_of).collect()
    }

    /// Every character as a number, in a way that is written as Rust does.
    fn each(way: &str) -> Vec<u8> {
        let written = NIK.bytes().map(|byte| {
            way.replace("{}", &byte.to_string())
                .replace("{:x}", &format!("{byte:x}"))
                .replace("{:04x}", &format!("{byte:04x}"))
        });
        written.collect::<String>().into_bytes()
    }

    fn numbers(bytes_of: fn(u64) -> [u8; 8]) -> Vec<u8> {
        let numbers = (0..40).map(|more| 3_201_014_107_909_001 + more);
        numbers.flat_map(bytes_of).collect()
    }

    #[test]
    fn finds_a_number_in_every_encoding() {
        let percents: String = NIK.bytes().map(|byte| format!("%{byte:02X}")).collect();
        for (encoded, encodings) in [
            (NIK.as_bytes().to_vec(), vec![]),
            (utf16(NIK, u16::to_le_bytes), vec![WIDE]),
            (utf16(NIK, u16::to_be_bytes), vec![WIDE]),
            (utf32(NIK, u32::to_le_bytes), vec![WIDE]),
            (utf32(NIK, u32::to_be_bytes), vec![WIDE]),
            (each("\\u{:04x}"), vec!["escapes"]),
            (each("&#{};"), vec!["character references"]),
            (each("{:x} "), vec!["a list of characters"]),
            (each("{}, "), vec!["a list of characters"]),
            (
                b"3.201014107909001e+15".to_vec(),
                vec!["scientific notation"],
            ),
            (
                STANDARD.encode(numbers(u64::to_le_bytes)).into_bytes(),
                vec!["base64", "binary numbers"],
            ),
            (percents.clone().into_bytes(), vec!["percent-encoding"]),
            (
                base16ct::lower::encode_string(NIK.as_bytes()).into_bytes(),
                vec!["hexadecimal"],
            ),
            (
                base16ct::upper::encode_string(format!("id={NIK}").as_bytes()).into_bytes(),
                vec!["hexadecimal"],
            ),
            (STANDARD.encode(NIK).into_bytes(), vec!["base64"]),
            (
                STANDARD_NO_PAD.encode(format!("x{NIK}")).into_bytes(),
                vec!["base64"],
            ),
            (
                URL_SAFE_NO_PAD
                    .encode(format!("\u{fb}\u{ff}{NIK}"))
                    .into_bytes(),
                vec!["base64"],
            ),
            (
                STANDARD.encode(STANDARD.encode(NIK)).into_bytes(),
                vec!["base64", "base64"],
            ),
            (
                STANDARD.encode(percents).into_bytes(),
                vec!["base64", "percent-encoding"],
            ),
        ] {
            let traces = find_all(&wrapped(&encoded), today());
            assert!(
                traces.iter().any(|trace| trace.encodings == encodings),
                "{encodings:?}: {traces:?}"
            );
        }
    }

    /// A line of MIME is broken behind 76 characters, wherever a number stands.
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
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn finds_a_number_wherever_it_stands_in_base64(before in vec(any::<u8>(), 0..40), after in vec(any::<u8>(), 0..40)) {
            // A digit beside it would make it another number.
            let bytes = [&before, &b" "[..], NIK.as_bytes(), b" ", &after].concat();
            for encoded in [STANDARD.encode(&bytes), URL_SAFE_NO_PAD.encode(&bytes), base16ct::lower::encode_string(&bytes)] {
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
            let text = format!("{before}{}", base16ct::lower::encode_string(NIK.as_bytes()));
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
