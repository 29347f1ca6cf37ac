//! Batch of NIKs, side by side in one buffer, for the millions of rows of a list.

use alloc::vec::Vec;

use zeroize::Zeroizing;

use super::{DIGITS, WarningCache, Warnings};

/// NIKs of a list. One buffer holds them all and is wiped when dropped, which costs less than to
/// wipe each NIK.
///
/// ```
/// use cek_nik::nik::{Date, Nik, NikBatch, WarningCache};
///
/// let today = Date::new(2026, 11, 23).unwrap();
/// let mut batch = NikBatch::new();
/// assert!(batch.push(b"3201014107909001"));
/// assert!(!batch.push(b"320101-410790-9001"));
/// let nik = Nik::parse("3201014107909001").unwrap();
/// let mut cache = WarningCache::new(today);
/// assert!(batch.warnings(&mut cache).eq([nik.warnings(today)]));
/// ```
pub struct NikBatch(Zeroizing<Vec<u128>>);

impl NikBatch {
    /// The most NIKs of a batch.
    pub const CAPACITY: usize = 512;

    /// An empty batch.
    pub fn new() -> Self {
        // The buffer never grows, which would leave a copy of it behind in memory.
        Self(Zeroizing::new(Vec::with_capacity(Self::CAPACITY)))
    }

    /// Adds a NIK of sixteen ASCII digits. Returns `false` for any other text, and for a full
    /// batch.
    #[inline]
    pub fn push(&mut self, text: &[u8]) -> bool {
        let Ok(text) = <[u8; DIGITS]>::try_from(text) else {
            return false;
        };
        let digits = u128::from_be_bytes(text);
        let fits = are_digits(digits) && !self.is_full();
        if fits {
            self.0.push(digits);
        }
        fits
    }

    /// The number of NIKs.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no NIKs.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether there are [`Self::CAPACITY`] NIKs.
    #[inline]
    pub fn is_full(&self) -> bool {
        self.0.len() >= Self::CAPACITY
    }

    /// Empties the batch. Its buffer is overwritten by the next NIKs, and wiped when dropped.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// The digits of each NIK as one integer of sixteen ASCII bytes, most significant byte first.
    /// Its order is that of the numbers.
    #[inline]
    pub fn digits(&self) -> &[u128] {
        &self.0
    }

    /// The warnings of each NIK: those of [`Nik::warnings`](super::Nik::warnings).
    #[inline]
    pub fn warnings(&self, cache: &mut WarningCache) -> impl Iterator<Item = Warnings> {
        self.0.iter().map(|&digits| cache.warnings(digits))
    }
}

impl Default for NikBatch {
    fn default() -> Self {
        Self::new()
    }
}

/// Whether all bytes are ASCII digits.
#[inline]
fn are_digits(bytes: u128) -> bool {
    const HIGH: u128 = u128::from_ne_bytes([0xf0; DIGITS]);
    const ZEROS: u128 = u128::from_ne_bytes([b'0'; DIGITS]);
    // Above nine, this carries into the upper half of the byte.
    const SIXES: u128 = u128::from_ne_bytes([6; DIGITS]);
    (bytes & HIGH == ZEROS) & (bytes.wrapping_add(SIXES) & HIGH == ZEROS)
}

#[cfg(test)]
mod tests {
    use super::super::Nik;
    use super::*;

    #[test]
    fn takes_the_texts_that_are_plain_niks() {
        for position in 0..DIGITS {
            for byte in 0..=u8::MAX {
                let mut text = *b"3201014107909001";
                text[position] = byte;
                let is_plain = Nik::from_plain(&text).is_some();
                assert_eq!(NikBatch::new().push(&text), is_plain, "{position} {byte}");
            }
        }
        assert!(!NikBatch::new().push(b"320101410790900"));
        assert!(!NikBatch::new().push(b"32010141079090011"));
    }

    #[test]
    fn never_grows() {
        let mut batch = NikBatch::new();
        let room = batch.0.capacity();
        let pushed = (0..2 * NikBatch::CAPACITY).filter(|_| batch.push(b"3201014107909001"));
        assert_eq!(pushed.count(), NikBatch::CAPACITY);
        assert_eq!(batch.0.capacity(), room);
    }
}
