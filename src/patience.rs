//! Patience with a host: how long all requests of one check may wait together.
//!
//! Waiting uses it up, and what arrives renews it. A host that is silent, or sends a byte now and
//! then, uses it up once, however many files are asked of it. A slow line that keeps sending never
//! does.
//!
//! ```
//! use cek_nik::patience::Patience;
//!
//! let mut patience = Patience::new(20_000.0);
//! patience.spend(19_000.0, 1);
//! assert_eq!(patience.left(), 1_000.25);
//! patience.spend(1_000.0, 8_000);
//! assert_eq!(patience.left(), 2_000.25);
//! ```

/// The slowest host that is waited for, in bytes per millisecond: half of a slow phone line.
const SLOWEST: f64 = 4.0;

/// Patience with one host, in milliseconds.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    most: f64,
    left: f64,
}

impl Patience {
    /// The milliseconds that a page waits for a silent host.
    pub const OF_PAGES: f64 = 20_000.0;
    /// The bytes that an answer counts for besides its body: three seconds for its way.
    pub const ANSWER: usize = 12_000;

    /// Full patience of so many milliseconds.
    pub fn new(most: f64) -> Self {
        Self { most, left: most }
    }

    /// Takes the milliseconds that were waited, and renews the patience by the bytes that arrived:
    /// a quarter of a millisecond each, up to the full patience.
    pub fn spend(&mut self, waited: f64, received: usize) {
        let renewed = self.left - waited + received as f64 / SLOWEST;
        self.left = renewed.min(self.most);
    }

    /// The milliseconds left; none if this is not above zero.
    pub fn left(self) -> f64 {
        self.left
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The milliseconds until the patience is used up, or until the number of waits ends.
    fn waits(waits: usize, waited: f64, received: usize) -> Result<(), f64> {
        let mut patience = Patience::new(Patience::OF_PAGES);
        for wait in 0..waits {
            if patience.left() <= 0.0 {
                return Err(wait as f64 * waited);
            }
            patience.spend(waited, received);
        }
        Ok(())
    }

    #[test]
    fn a_host_that_drips_is_not_waited_for() {
        assert_eq!(waits(1_000, 19_000.0, 1), Err(38_000.0));
        assert_eq!(waits(1_000, 1_000.0, 1), Err(21_000.0));
        assert_eq!(waits(1_000, 1_000.0, 3_000), Err(80_000.0));
    }

    #[test]
    fn a_slow_line_is_waited_for() {
        // 8 kB a second, in pieces: the largest shard, and after a silence of 19 seconds.
        assert_eq!(waits((64 << 20) / 1_460, 182.5, 1_460), Ok(()));
        let mut patience = Patience::new(Patience::OF_PAGES);
        patience.spend(19_000.0, 0);
        for _ in 0..1_000 {
            patience.spend(500.0, 4_000);
            assert!(patience.left() > 0.0);
        }
        // Small files that take two seconds each.
        assert_eq!(waits(256, 2_000.0, Patience::ANSWER), Ok(()));
    }
}
