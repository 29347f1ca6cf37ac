//! Eight bytes that are a number. In random bytes, and the bits of a filter are such, about one of three million places reads as a NIK by
//! chance; so what is counted is compared with what chance gives.
//!
//! A filter knows nothing of bytes: its bits are set one by one, anywhere. So what reads as a NIK by chance does so as often from a place
//! between two bytes as from the beginning of one; who writes numbers writes them at bytes.

use cek_nik::nik::{Date, Nik};

use super::reads_as_nik;

/// How many places read as a NIK in one of five ways: as an integer with the lowest or the highest byte first, as a floating-point
/// number (IEEE 754, 64 bits) with the lowest first, as packed decimals (BCD) with the first digit in the upper or in the lower half of each byte.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// From the beginnings of bytes.
    pub at_bytes: u64,
    /// From three bits behind: by chance.
    pub between_bytes: u64,
}

/// Chance gives such a difference less often than once in a million.
const IMPROBABLE: f64 = 1e-6;

impl Places {
    /// Looks at all places.
    pub fn of(bytes: &[u8], today: Date) -> Self {
        Self {
            at_bytes: count(bytes.iter().copied(), today),
            between_bytes: count(shifted(bytes), today),
        }
    }

    /// Whether there are more at bytes than chance gives: if both numbers come from chance, each place that was found is as likely to be of one
    /// kind as of the other.
    pub fn spell_numbers(self) -> bool {
        probability_of_at_least(self.at_bytes, self.at_bytes + self.between_bytes) < IMPROBABLE
    }

    /// How many numbers would have to be written into such bytes to be noticed for certain, about.
    pub fn noticed_from(self) -> u64 {
        let chance = self.between_bytes;
        (chance..)
            .map(|more| more - chance + 1)
            .find(|hidden| {
                probability_of_at_least(chance + hidden, 2 * chance + hidden) < IMPROBABLE
            })
            .unwrap_or(u64::MAX)
    }
}

impl std::ops::AddAssign for Places {
    fn add_assign(&mut self, other: Self) {
        self.at_bytes += other.at_bytes;
        self.between_bytes += other.between_bytes;
    }
}

/// The probability that of so many tosses of a coin at least so many are heads.
fn probability_of_at_least(heads: u64, tosses: u64) -> f64 {
    let (n, first) = (tosses as f64, heads as f64);
    let ways = libm::lgamma(n + 1.0) - libm::lgamma(first + 1.0) - libm::lgamma(n - first + 1.0);
    let mut term = libm::exp(ways - n * std::f64::consts::LN_2);
    let mut sum = 0.0;
    let mut k = first;
    while k <= n && term > sum * f64::EPSILON {
        sum += term;
        term *= (n - k) / (k + 1.0);
        k += 1.0;
    }
    sum
}

/// The same bits, read from three bits behind the first.
fn shifted(bytes: &[u8]) -> impl Iterator<Item = u8> {
    bytes
        .iter()
        .zip(bytes.iter().skip(1))
        .map(|(byte, next)| byte >> 3 | next << 5)
}

fn count(bytes: impl Iterator<Item = u8>, today: Date) -> u64 {
    let mut window = 0_u64;
    let mut found = 0;
    for (place, byte) in bytes.enumerate() {
        window = window << 8 | u64::from(byte);
        if place >= 7 && is_readable(window) {
            found += readings(window)
                .into_iter()
                .flatten()
                .filter(|number| reads_as_nik(&Nik::of_number(*number), today))
                .count() as u64;
        }
    }
    found
}

/// Whether eight bytes are a number of sixteen digits in any way. Few are: this decides how long an audit takes.
fn is_readable(window: u64) -> bool {
    SIXTEEN_DIGITS.contains(&window)
        | SIXTEEN_DIGITS.contains(&window.swap_bytes())
        | is_of_that_size(window.swap_bytes())
        | are_decimals(window)
}

/// The numbers of sixteen digits that eight bytes may be.
fn readings(window: u64) -> [Option<u64>; 5] {
    [
        integer(window),
        integer(window.swap_bytes()),
        floating(window.swap_bytes()),
        decimals(window),
        decimals(swapped_halves(window)),
    ]
}

/// No NIK begins with less than 11.
const SIXTEEN_DIGITS: std::ops::Range<u64> = 1_100_000_000_000_000..10_000_000_000_000_000;

fn integer(number: u64) -> Option<u64> {
    SIXTEEN_DIGITS.contains(&number).then_some(number)
}

/// Whether a floating-point number is positive and its exponent that of a number of sixteen digits: 2^50 to 2^53. Its highest bytes are
/// then those of a capital C and of a character before it.
fn is_of_that_size(number: u64) -> bool {
    (0x431..=0x434).contains(&(number >> 52))
}

fn floating(number: u64) -> Option<u64> {
    let value = f64::from_bits(number);
    let is_text = number
        .to_be_bytes()
        .iter()
        .all(|byte| *byte == 0 || byte.is_ascii_graphic() || byte.is_ascii_whitespace());
    (is_of_that_size(number) && !is_text && value.fract() == 0.0)
        .then_some(value as u64)
        .and_then(integer)
}

fn decimals(window: u64) -> Option<u64> {
    let digits = (0..16).rev().map(|place| window >> (4 * place) & 15);
    are_decimals(window)
        .then(|| digits.fold(0, |number, digit| number * 10 + digit))
        .and_then(integer)
}

/// Whether all sixteen half bytes are digits. Above nine are those whose highest bit is set together with one of the next two.
fn are_decimals(window: u64) -> bool {
    let eights = window & 0x8888_8888_8888_8888;
    let fours = (window & 0x4444_4444_4444_4444) << 1;
    let twos = (window & 0x2222_2222_2222_2222) << 2;
    eights & (fours | twos) == 0
}

fn swapped_halves(window: u64) -> u64 {
    (window & 0x0f0f_0f0f_0f0f_0f0f) << 4 | window >> 4 & 0x0f0f_0f0f_0f0f_0f0f
}

#[cfg(test)]
mod tests {
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::{Rng, SeedableRng};

    use super::*;

    const NUMBER: u64 = 3_201_014_107_909_001;

    fn today() -> Date {
        Date::new(2026, 11, 23).unwrap()
    }

    fn random_bytes(length: usize, seed: u64) -> Vec<u8> {
        let mut bytes = vec![0; length];
        ChaCha8Rng::seed_from_u64(seed).fill_bytes(&mut bytes);
        bytes
    }

    #[test]
    fn reads_a_number_in_five_ways() {
        let packed = 0x3201_0141_0790_9001_u64;
        let swapped = 0x2310_1014_7009_0910_u64;
        for bytes in [
            NUMBER.to_le_bytes(),
            NUMBER.to_be_bytes(),
            (NUMBER as f64).to_le_bytes(),
            packed.to_be_bytes(),
            swapped.to_be_bytes(),
        ] {
            let bytes = [&[0xff; 5][..], &bytes, &[0xff; 5]].concat();
            assert_eq!(Places::of(&bytes, today()).at_bytes, 1, "{bytes:x?}");
        }
    }

    #[test]
    fn eleven_in_half_a_byte_is_no_digit() {
        for place in 0..16 {
            for value in 0..16 {
                let window = 0x3201_0141_0790_9001 & !(15 << (4 * place)) | value << (4 * place);
                assert_eq!(are_decimals(window), value < 10, "{window:x}");
            }
        }
    }

    #[test]
    fn chance_alone_is_no_finding_whatever_the_share_of_set_bits() {
        for seed in 0..4 {
            let mut bytes = random_bytes(512 << 10, seed);
            if seed % 2 == 1 {
                let others = random_bytes(512 << 10, seed + 100);
                bytes
                    .iter_mut()
                    .zip(others)
                    .for_each(|(byte, other)| *byte &= other);
            }
            let places = Places::of(&bytes, today());
            assert!(!places.spell_numbers(), "{places:?}");
        }
    }

    #[test]
    fn as_many_numbers_as_are_said_are_noticed() {
        let mut bytes = random_bytes(1 << 20, 9);
        let chance = Places::of(&bytes, today());
        let enough = chance.noticed_from() + 2 * chance.at_bytes.abs_diff(chance.between_bytes);
        for (place, number) in (0..enough).enumerate() {
            let at = 1_000 + 64 * place;
            bytes[at..at + 8].copy_from_slice(&(NUMBER + number % 900).to_le_bytes());
        }
        assert!(Places::of(&bytes, today()).spell_numbers());
    }

    #[test]
    fn twenty_of_twenty_are_improbable_and_nineteen_are_not() {
        assert!((probability_of_at_least(20, 20) - 0.5_f64.powi(20)).abs() < 1e-15);
        assert!((probability_of_at_least(6, 10) - 386.0 / 1_024.0).abs() < 1e-12);
        let places = |at_bytes| Places {
            at_bytes,
            between_bytes: 0,
        };
        assert!(places(20).spell_numbers());
        assert!(!places(19).spell_numbers());
        assert_eq!(places(0).noticed_from(), 20);
    }
}
