//! Bloom filter: the bits that a key sets, and the test whether all of them are set.
//!
//! ```
//! use cek_nik::filter::{Bloom, FilterHash};
//!
//! let bloom = Bloom::new(64, 3).unwrap();
//! let hash = FilterHash([7; 16]);
//! let mut bits = [0_u8; 8];
//! assert!(!bloom.holds(&bits, &hash));
//! for place in bloom.places(&hash) {
//!     bits[place as usize / 8] |= 1 << (place % 8);
//! }
//! assert!(bloom.holds(&bits, &hash));
//! ```

use zeroize::{Zeroize, ZeroizeOnDrop};

/// Bytes 8 to 23 of a key, which choose its bits in a filter. Wiped from memory when dropped.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct FilterHash(pub [u8; 16]);

/// Size of a Bloom filter, and the number of bits that one key sets. All shards of a data set share
/// both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bloom {
    bits: u64,
    hashes: u8,
}

impl Bloom {
    /// The name of this kind of filter in the catalogue.
    pub const NAME: &str = "bloom";
    /// The number of this kind of filter in a shard's header.
    pub const KIND: u8 = 0;
    /// The largest filter that a client accepts, in bits: 64 MiB.
    pub const MAX_BITS: u64 = 64 << 23;
    /// The most bits that one key may set.
    pub const MAX_HASHES: u8 = 32;

    /// `None` unless `bits` is a multiple of 8 from 8 to [`Self::MAX_BITS`] and `hashes` is 1 to
    /// [`Self::MAX_HASHES`].
    pub fn new(bits: u64, hashes: u8) -> Option<Self> {
        let accepted = bits.is_multiple_of(8)
            && (8..=Self::MAX_BITS).contains(&bits)
            && (1..=Self::MAX_HASHES).contains(&hashes);
        accepted.then_some(Self { bits, hashes })
    }

    /// The size in bits.
    pub fn bits(self) -> u64 {
        self.bits
    }

    /// The size in bytes.
    pub fn bytes(self) -> usize {
        (self.bits / 8) as usize
    }

    /// The number of bits that one key sets.
    pub fn hashes(self) -> u8 {
        self.hashes
    }

    /// The bits of a key, each from 0 to [`Self::bits`] less 1. `docs/FORMAT.md` calls them places.
    ///
    /// This is enhanced double hashing (Dillinger and Manolios, "Bloom Filters in Probabilistic
    /// Verification", 2004) in 64-bit arithmetic. Each value is mixed before it is scaled to the
    /// size of the filter.
    ///
    /// The mixing keeps small lists accurate. The paper reduces the values to the size of the
    /// filter first. Two keys then share all their bits with probability 1/bits², which is far more
    /// often than the false-positive rate of a filter of a few thousand bits allows.
    /// `benches/filter.rs` measures both.
    #[inline]
    pub fn places(self, hash: &FilterHash) -> impl Iterator<Item = u64> + use<> {
        self.places_of(&hash.0)
    }

    /// [`Bloom::places`] of the bytes of a [`FilterHash`] alone: wiping one for each row of a list
    /// would cost more than setting its bits.
    #[inline]
    pub fn places_of(self, hash: &[u8; 16]) -> impl Iterator<Item = u64> + use<> {
        let [a, b] = halves(hash);
        let mut value = a;
        let mut step = b;
        // An exclusive range: it takes fewer instructions for each bit than an inclusive one.
        (0..u64::from(self.hashes)).map(move |round| {
            let place = scale(mix(value), self.bits);
            value = value.wrapping_add(step);
            step = step.wrapping_add(round + 1);
            place
        })
    }

    /// Whether every bit of a key is set. A bit outside of `filter`, which [`Bloom::places`] never
    /// gives, counts as not set.
    pub fn holds(self, filter: &[u8], hash: &FilterHash) -> bool {
        self.places(hash).all(|place| {
            filter
                .get((place / 8) as usize)
                .is_some_and(|byte| byte & (1 << (place % 8)) != 0)
        })
    }
}

fn halves(bytes: &[u8; 16]) -> [u64; 2] {
    let both = u128::from_le_bytes(*bytes);
    [both as u64, (both >> 64) as u64]
}

/// The finaliser of SplitMix64 (David Stafford's variant 13).
fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

/// Scales from 0..2^64 to 0..size, without a division.
fn scale(value: u64, size: u64) -> u64 {
    ((u128::from(value) * u128::from(size)) >> 64) as u64
}
