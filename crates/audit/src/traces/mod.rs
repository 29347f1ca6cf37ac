//! Traces of NIKs in bytes: as people write them, and in the usual encodings of text.
//!
//! | module | subject |
//! |---|---|
//! | [`digits`] | sixteen digits in a text, grouped or not |
//! | [`encodings`] | text, UTF-16 and base64 |

pub mod digits;
pub mod encodings;

use cek_nik::nik::{DIGITS, Date, Nik, Warning};

/// The first digits of the numbers of citizens abroad.
const ABROAD: &[u8] = b"99";

/// A number that files of programs are full of. It follows the rules, as no other number of one
/// repeated digit does, so that somebody may have it.
const FILLING: &[u8; DIGITS] = b"1111111111111111";

/// Whether a number reads as a NIK: its district is known, and it breaks no rule except that of the
/// serial, since spreadsheets replace the last digits by zeros. Less than one of a thousand random
/// numbers does. Numbers of citizens abroad do not count: they have no districts, and would double
/// that share.
pub fn reads_as_nik(nik: &Nik, today: Date) -> bool {
    !nik.as_bytes().starts_with(ABROAD)
        && nik.as_bytes() != FILLING
        && nik.warnings(today).iter().all(|warning| {
            matches!(
                warning,
                Warning::SerialHigh | Warning::SerialZero | Warning::Rounded | Warning::FamilyCard
            )
        })
}

#[cfg(test)]
mod tests {
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::{Rng, SeedableRng};

    use super::*;

    #[test]
    fn of_the_numbers_that_repeat_one_digit_none_reads_as_a_nik() {
        let today = Date::new(2026, 11, 23).unwrap();
        for digit in 0..10 {
            let number = digit * 1_111_111_111_111_111;
            assert!(!reads_as_nik(&Nik::of_number(number), today), "{number}");
        }
    }

    /// docs/AUDIT.md says so.
    #[test]
    fn of_about_1500_random_numbers_one_reads_as_a_nik() {
        let mut random = ChaCha8Rng::seed_from_u64(1);
        let today = Date::new(2026, 11, 23).unwrap();
        let rounds = 400_000;
        let read = (0..rounds)
            .filter(|_| {
                reads_as_nik(
                    &Nik::of_number(random.next_u64() % 10_000_000_000_000_000),
                    today,
                )
            })
            .count();
        let one_in = f64::from(rounds) / read as f64;
        assert!((1_250.0..1_800.0).contains(&one_in), "{one_in}");
    }
}
