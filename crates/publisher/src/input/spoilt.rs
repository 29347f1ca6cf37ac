//! Digits that other software has lost: statistics of a whole list.
//!
//! One number that ends in 0 is a number. A list in which a third of the numbers do is not a list
//! of NIKs any more. Three counts tell:
//!
//! | software | what it leaves | honest share, at most |
//! |---|---|---|
//! | a spreadsheet, which keeps 15 digits | the last digit is 0 | p = 1/10, if they were uniform |
//! | the same, for serials up to 0009 | the serial is 0000, which is never given out | p = 1/100 |
//! | a double-precision number, above 2^53 | the number is even | p = 1/2, if they were uniform |
//!
//! Real serials are small (most are 0001 to 0004) and odd more often than even, so the real shares
//! are below these bounds.
//!
//! A count of k among n numbers is a finding when the share k/n is above the bound by a margin
//! ([`Loss::least_share`]) and the chance of k or more in an honest list,
//!
//! P(X >= k) = sum over i from k to n of C(n, i) p^i (1 - p)^(n - i),
//!
//! is below 1 in 50,000. With three counts, fewer than 1 in 16,000 honest lists raise a false
//! alarm. Of 30 numbers of which a third are rounded, 12 or more end in 0 as a rule, which is a
//! finding.

use std::fmt;

use cek_nik::nik::Nik;

/// The chance at which a count becomes a finding.
const FALSE_ALARM: f64 = 1.0 / 50_000.0;

/// 2^53: a double-precision number holds every integer up to here.
const EXACT_DOUBLES: u128 = u128::from_be_bytes(*b"9007199254740992");

/// Counts by which lost digits show.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct DigitCounts {
    numbers: u64,
    last_zero: u64,
    serial_zero: u64,
    large: u64,
    large_even: u64,
}

/// How digits were lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// The serial has become 0000.
    SerialZero,
    /// The last digit has become 0.
    FifteenDigits,
    /// Numbers above 2^53 have become even.
    Even,
}

/// Lost digits in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LostDigits {
    /// How.
    pub loss: Loss,
    /// How many numbers look so.
    pub numbers: u64,
    /// Of how many that could.
    pub of: u64,
}

impl Loss {
    /// The largest share of an honest list.
    fn honest_share(self) -> f64 {
        match self {
            Self::SerialZero => 0.01,
            Self::FifteenDigits => 0.1,
            Self::Even => 0.5,
        }
    }

    /// The share above which a count can be a finding at all, however long the list.
    pub fn least_share(self) -> f64 {
        match self {
            Self::SerialZero => 0.05,
            Self::FifteenDigits => 0.2,
            Self::Even => 0.6,
        }
    }
}

impl fmt::Display for LostDigits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { numbers, of, .. } = self;
        match self.loss {
            Loss::SerialZero => write!(f, "{numbers} of {of} NIKs end in 0000"),
            Loss::FifteenDigits => write!(f, "{numbers} of {of} NIKs end in 0"),
            Loss::Even => write!(f, "{numbers} of {of} NIKs above 2^53 are even"),
        }
    }
}

impl DigitCounts {
    /// Counts a number.
    pub fn count(&mut self, nik: &Nik) {
        self.count_digits(u128::from_be_bytes(*nik.as_bytes()));
    }

    /// Counts a number by its ASCII digits, the first in the most significant byte. As one integer,
    /// they are compared without a loop. Their order is the numbers'.
    #[inline]
    pub fn count_digits(&mut self, digits: u128) {
        let is_large = digits > EXACT_DOUBLES;
        self.numbers += 1;
        self.last_zero += u64::from(digits as u8 == b'0');
        self.serial_zero += u64::from(digits as u32 == u32::from_be_bytes(*b"0000"));
        self.large += u64::from(is_large);
        self.large_even += u64::from(is_large & digits.is_multiple_of(2));
    }

    /// Adds other counts.
    pub fn add(&mut self, other: &Self) {
        self.numbers += other.numbers;
        self.last_zero += other.last_zero;
        self.serial_zero += other.serial_zero;
        self.large += other.large;
        self.large_even += other.large_even;
    }

    /// The lost digits that these counts show.
    pub fn finding(&self) -> Option<LostDigits> {
        [
            (Loss::SerialZero, self.serial_zero, self.numbers),
            (Loss::FifteenDigits, self.last_zero, self.numbers),
            (Loss::Even, self.large_even, self.large),
        ]
        .into_iter()
        .find(|&(loss, numbers, of)| {
            numbers as f64 > loss.least_share() * of as f64
                && tail(numbers, of, loss.honest_share()) < FALSE_ALARM
        })
        .map(|(loss, numbers, of)| LostDigits { loss, numbers, of })
    }
}

/// The chance of `k` or more successes in `n` trials of chance `p`, for `k` above `n * p`.
fn tail(k: u64, n: u64, p: f64) -> f64 {
    let ln_factorial = |n: u64| libm::lgamma(n as f64 + 1.0);
    let choose = ln_factorial(n) - ln_factorial(k) - ln_factorial(n - k);
    let mut term = (choose + k as f64 * p.ln() + (n - k) as f64 * (1.0 - p).ln()).exp();
    let mut sum = 0.0;
    let mut i = k;
    while term > sum * 1e-12 && term > 0.0 {
        sum += term;
        term *= (n - i) as f64 / (i + 1) as f64 * p / (1.0 - p);
        i += 1;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(numbers: impl Iterator<Item = u64>) -> Option<Loss> {
        let mut counts = DigitCounts::default();
        numbers.for_each(|number| counts.count(&Nik::of_number(number)));
        counts.finding().map(|lost| lost.loss)
    }

    #[test]
    fn the_tail_is_that_of_the_binomial_distribution() {
        assert!((tail(2, 2, 0.5) - 0.25).abs() < 1e-12);
        assert!((tail(3, 4, 0.5) - 5.0 / 16.0).abs() < 1e-12);
        // From a table: P(X >= 12), n = 30, p = 0.1.
        assert!(
            (tail(12, 30, 0.1) - 1.55e-5).abs() < 0.05e-5,
            "{}",
            tail(12, 30, 0.1)
        );
        assert_eq!(tail(900_000, 1_000_000, 0.1), 0.0);
    }

    #[test]
    fn numbers_as_they_are_given_out_raise_no_alarm() {
        for first in [3201014107900000, 9471014107900000] {
            for serials in [9000..9030, 9000..9100, 9000..9999, 1..5] {
                let base = first;
                assert_eq!(finding(serials.map(|serial| base + serial)), None, "{base}");
            }
        }
    }

    #[test]
    fn rounded_numbers_show_even_if_only_a_third_are() {
        for part in [1, 2, 3] {
            let round = |places: u64, part: u64| {
                move |index: u64| {
                    let number = 3201014107909000 + index;
                    let is_rounded = index.is_multiple_of(part);
                    if is_rounded {
                        number / places * places
                    } else {
                        number
                    }
                }
            };
            assert_eq!(
                finding((1..61).map(round(10, part))),
                Some(Loss::FifteenDigits),
                "{part}"
            );
            let serial = finding((1..31).map(round(10_000, part)));
            assert_eq!(serial, Some(Loss::SerialZero), "{part}");
            let even = |index: u64| {
                let number = 9471014107909000 + index;
                if (index / 2).is_multiple_of(part) {
                    number / 2 * 2
                } else {
                    number
                }
            };
            let numbers = if part == 1 { 30 } else { 600 };
            assert_eq!(finding((0..numbers).map(even)), Some(Loss::Even), "{part}");
        }
    }

    #[test]
    fn a_few_round_numbers_are_no_finding() {
        assert_eq!(
            finding((0..24).map(|i| if u64::is_multiple_of(i, 8) {
                3201014107900000
            } else {
                3201014107909001 + i
            })),
            None
        );
        assert_eq!(
            finding([3201014107909010, 3201014107909020].into_iter()),
            None
        );
    }
}
