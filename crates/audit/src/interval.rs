//! Intervals of counted rates: how far the true rate may be.

use serde::Serialize;

/// Counts of probes and finds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// The number of probes that were looked up.
    pub asked: u64,
    /// The number of them that were found.
    pub found: u64,
}

/// Counted rate with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Measured {
    /// The number of probes that were looked up.
    pub asked: u64,
    /// The number of them that were found.
    pub found: u64,
    /// The share that was found.
    pub rate: f64,
    /// The lowest rate of the interval.
    pub lowest: f64,
    /// The highest rate of the interval.
    pub highest: f64,
}

/// The number of standard deviations on either side, for 95 %.
const NINETY_FIVE: f64 = 1.959_963_984_540_054;

impl std::ops::AddAssign for Counted {
    fn add_assign(&mut self, other: Self) {
        self.asked += other.asked;
        self.found += other.found;
    }
}

impl Counted {
    /// Counts one more probe.
    pub fn count(&mut self, is_found: bool) {
        self.asked += 1;
        self.found += u64::from(is_found);
    }

    /// The rate with the score interval of Wilson (1927), which is also valid if nothing was found;
    /// `None` if no probe was looked up.
    pub fn measured(self) -> Option<Measured> {
        let Self { asked, found } = self;
        if asked == 0 {
            return None;
        }
        let n = asked as f64;
        let rate = found as f64 / n;
        let square = NINETY_FIVE * NINETY_FIVE;
        let middle = rate + square / (2.0 * n);
        let reach = NINETY_FIVE * (rate * (1.0 - rate) / n + square / (4.0 * n * n)).sqrt();
        let scale = 1.0 + square / n;
        let lowest = (middle - reach) / scale;
        let highest = (middle + reach) / scale;
        Some(Measured {
            asked,
            found,
            rate,
            lowest: if found == 0 { 0.0 } else { lowest },
            highest: if found == asked { 1.0 } else { highest },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worked_examples() {
        // Newcombe, "Two-sided confidence intervals for the single proportion" (1998), table I,
        // method 3.
        for ((found, asked), (low, high)) in [
            ((81, 263), (0.2553, 0.3662)),
            ((15, 148), (0.0624, 0.1605)),
            ((0, 20), (0.0, 0.1611)),
            ((1, 29), (0.0061, 0.1718)),
        ] {
            let measured = Counted { asked, found }.measured().unwrap();
            assert!((measured.lowest - low).abs() < 5e-5, "{measured:?}");
            assert!((measured.highest - high).abs() < 5e-5, "{measured:?}");
        }
    }

    #[test]
    fn of_nothing_asked_nothing_is_known() {
        assert_eq!(Counted { asked: 0, found: 0 }.measured(), None);
    }

    #[test]
    fn none_of_a_million_leaves_a_rate_below_four_in_a_million() {
        let counted = Counted {
            asked: 1_000_000,
            found: 0,
        };
        let measured = counted.measured().unwrap();
        assert_eq!(measured.lowest, 0.0);
        assert!((3.8e-6..3.9e-6).contains(&measured.highest), "{measured:?}");
    }
}
