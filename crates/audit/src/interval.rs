//! How far a counted rate may be from the true one.

/// Of 95 of 100 counts, the interval holds the true rate: 1.96 standard deviations.
const NINETY_FIVE: f64 = 1.959_963_984_540_054;

/// A rate that was counted, with its interval.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// How many were asked.
    pub asked: u64,
    /// How many of them were found.
    pub found: u64,
}

impl std::ops::AddAssign for Counted {
    fn add_assign(&mut self, other: Self) {
        self.asked += other.asked;
        self.found += other.found;
    }
}

impl Counted {
    /// Counts one more that was asked.
    pub fn count(&mut self, is_found: bool) {
        self.asked += 1;
        self.found += u64::from(is_found);
    }

    /// The share that was found; 0 where nothing was asked.
    pub fn rate(self) -> f64 {
        if self.asked == 0 {
            return 0.0;
        }
        self.found as f64 / self.asked as f64
    }

    /// The score interval of Wilson (1927) at 95 %, which holds also where nothing was found: lowest and highest rate.
    pub fn interval(self) -> (f64, f64) {
        if self.asked == 0 {
            return (0.0, 1.0);
        }
        let n = self.asked as f64;
        let rate = self.rate();
        let square = NINETY_FIVE * NINETY_FIVE;
        let middle = rate + square / (2.0 * n);
        let reach = NINETY_FIVE * (rate * (1.0 - rate) / n + square / (4.0 * n * n)).sqrt();
        let scale = 1.0 + square / n;
        let low = if self.found == 0 {
            0.0
        } else {
            (middle - reach) / scale
        };
        let high = if self.found == self.asked {
            1.0
        } else {
            (middle + reach) / scale
        };
        (low, high)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worked_examples() {
        // Newcombe, "Two-sided confidence intervals for the single proportion" (1998), table I, method 3.
        for ((found, asked), (low, high)) in [
            ((81, 263), (0.2553, 0.3662)),
            ((15, 148), (0.0624, 0.1605)),
            ((0, 20), (0.0, 0.1611)),
            ((1, 29), (0.0061, 0.1718)),
        ] {
            let interval = Counted { asked, found }.interval();
            assert!((interval.0 - low).abs() < 5e-5, "{found}: {interval:?}");
            assert!((interval.1 - high).abs() < 5e-5, "{found}: {interval:?}");
        }
    }

    #[test]
    fn of_nothing_asked_nothing_is_known() {
        assert_eq!(Counted { asked: 0, found: 0 }.interval(), (0.0, 1.0));
    }

    #[test]
    fn none_of_a_million_leaves_a_rate_below_four_in_a_million() {
        let (low, high) = Counted {
            asked: 1_000_000,
            found: 0,
        }
        .interval();
        assert_eq!(low, 0.0);
        assert!((3.8e-6..3.9e-6).contains(&high), "{high}");
    }
}
