//! The texts that bytes may be an encoding of.

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::digits::{find, of_bytes, of_text};
use crate::nik::{DIGITS, Date};

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
    if encodings.len() < DEPTH {
        decodings(bytes, |name, decoded| {
            encodings.push(name);
            look(decoded, today, encodings, traces);
            encodings.pop();
        });
    }
}

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
        decoded("UTF-16", &text);
    }
    if let Some(text) = without_percents(bytes) {
        decoded("percent-encoding", &text);
    }
    for run in runs(bytes, is_base64, (DIGITS * 4).div_ceil(3)) {
        // Where a run begins earlier than what is encoded, one of four starts is the right one; of hexadecimal, one of two.
        for start in 0..4 {
            decoded("base64", &base64(run.get(start..).unwrap_or_default()));
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

/// UTF-16 of ASCII characters without its zeros, in either order of bytes.
fn without_zeros(bytes: &[u8]) -> Option<Vec<u8>> {
    let is_wide = memchr::memchr_iter(0, bytes).any(|zero| {
        let around = bytes.get(zero.saturating_sub(1)..zero + 3);
        matches!(around, Some([a, 0, b, 0]) if a.is_ascii_digit() && b.is_ascii_digit())
    });
    is_wide.then(|| bytes.iter().copied().filter(|byte| *byte != 0).collect())
}

/// Percent-encoding undone, where it stands for two digits in a row.
fn without_percents(bytes: &[u8]) -> Option<Vec<u8>> {
    let is_encoded = memchr::memchr_iter(b'%', bytes).any(|percent| {
        let from = bytes.get(percent..percent + 6);
        matches!(from, Some([b'%', b'3', a, b'%', b'3', b]) if a.is_ascii_digit() && b.is_ascii_digit())
    });
    if !is_encoded {
        return None;
    }
    let mut decoded = Vec::new();
    let mut rest = bytes;
    while let [first, others @ ..] = rest {
        match rest {
            [b'%', high, low, after @ ..]
                if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() =>
            {
                decoded.extend(hexadecimal(&[*high, *low]));
                rest = after;
            }
            _ => {
                decoded.push(*first);
                rest = others;
            }
        }
    }
    Some(decoded)
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

    #[test]
    fn finds_a_number_in_every_encoding() {
        let percents: String = NIK.bytes().map(|byte| format!("%{byte:02X}")).collect();
        for (encoded, encodings) in [
            (NIK.as_bytes().to_vec(), vec![]),
            (utf16(NIK, u16::to_le_bytes), vec!["UTF-16"]),
            (utf16(NIK, u16::to_be_bytes), vec!["UTF-16"]),
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
