//! Prefix: the first bits of a key, the only part of it that leaves the device.
//!
//! ```
//! use cek_nik::prefix::PrefixBits;
//!
//! let prefix = PrefixBits::new(10).unwrap().prefix_of([0xff, 0xc0, 0, 0]);
//! assert_eq!(prefix.value(), 0b11_1111_1111);
//! assert_eq!(prefix.to_hex(), "03ff");
//! ```

use alloc::string::String;
use core::fmt;

/// Length of a prefix in bits, 0 to [`PrefixBits::MAX`]: how many bits of the key choose the shard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PrefixBits(u8);

impl PrefixBits {
    /// The most bits that a client accepts. With 14 bits and a population of 288 million, 17,600
    /// people share a prefix. More bits would shrink that anonymity set.
    pub const MAX: u8 = 14;

    /// No bits: the data set is one shard.
    pub const NONE: Self = Self(0);

    /// A length in bits; `None` above [`PrefixBits::MAX`].
    pub fn new(bits: u8) -> Option<Self> {
        (bits <= Self::MAX).then_some(Self(bits))
    }

    /// The number of bits.
    pub fn get(self) -> u8 {
        self.0
    }

    /// The number of shards of a data set: two to the power of the bits.
    pub fn shards(self) -> u32 {
        1 << self.0
    }

    /// The prefix of a key, by the key's first four bytes.
    pub fn prefix_of(self, key_head: [u8; 4]) -> Prefix {
        // In 64 bits: without prefix bits, the shift is by 32.
        let head = u64::from(u32::from_be_bytes(key_head));
        let value = (head >> (32 - self.0)) as u32;
        Prefix { bits: self, value }
    }

    /// Every prefix of this length, in order.
    pub fn all(self) -> impl Iterator<Item = Prefix> {
        (0..self.shards()).map(move |value| Prefix { bits: self, value })
    }
}

/// Prefix of a key: a number below two to the power of its length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prefix {
    bits: PrefixBits,
    value: u32,
}

impl Prefix {
    /// The length in bits.
    pub fn bits(self) -> PrefixBits {
        self.bits
    }

    /// The bits as a number.
    pub fn value(self) -> u32 {
        self.value
    }

    /// The prefix as in file names: four hexadecimal digits, so that all paths of a data set are
    /// equally long.
    pub fn to_hex(self) -> String {
        let [_, _, bytes @ ..] = self.value.to_be_bytes();
        base16ct::lower::encode_string(&bytes)
    }
}

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_hex())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_first_bits() {
        let head = [0b1010_0101, 0b1100_0011, 0xff, 0xff];
        let value = |bits| PrefixBits::new(bits).unwrap().prefix_of(head).value();
        assert_eq!(value(0), 0);
        assert_eq!(value(1), 1);
        assert_eq!(value(8), 0b1010_0101);
        assert_eq!(value(14), 0b10_1001_0111_0000);
    }

    #[test]
    fn prefixes_of_different_lengths_are_nested() {
        let head = [0x9c, 0x3a, 0x77, 0x01];
        let longest = PrefixBits::new(14).unwrap().prefix_of(head).value();
        for bits in 0..=14 {
            let shorter = PrefixBits::new(bits).unwrap().prefix_of(head).value();
            assert_eq!(shorter, longest >> (14 - bits));
        }
    }

    #[test]
    fn refuses_more_than_fourteen_bits() {
        assert!(PrefixBits::new(14).is_some());
        assert!(PrefixBits::new(15).is_none());
    }
}
