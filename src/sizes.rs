//! Length of a shard, by its filter and its prefix.
//!
//! ```
//! use cek_nik::filter::Bloom;
//! use cek_nik::sizes::{HEADER_BYTES, shard_bytes};
//!
//! let bloom = Bloom::new(9600, 7).unwrap();
//! // The Merkle path has a hash of 32 bytes for each bit of the prefix.
//! assert_eq!(shard_bytes(bloom, 2), HEADER_BYTES + 1200 + 2 * 32);
//! ```

use crate::filter::Bloom;

/// The length of a shard's header, in bytes.
pub const HEADER_BYTES: usize = 64;
/// The length of a hash in the Merkle tree, in bytes.
pub(crate) const HASH_BYTES: usize = 32;

/// The length of every shard of a data set with this filter and this many prefix bits, in bytes.
pub fn shard_bytes(filter: Bloom, prefix_bits: u8) -> usize {
    HEADER_BYTES + filter.bytes() + HASH_BYTES * usize::from(prefix_bits)
}

/// The length of a shard around a filter of any size, also one too large for clients, in bytes.
pub fn shard_bytes_around(filter_bytes: u64, prefix_bits: u8) -> u64 {
    let around = HEADER_BYTES + HASH_BYTES * usize::from(prefix_bits);
    filter_bytes.saturating_add(around as u64)
}
