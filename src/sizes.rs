//! Lengths that a shard and the catalogue's entry of its data set share.

use crate::filter::Bloom;

/// Bytes of the header of a shard.
pub const HEADER_BYTES: usize = 64;
/// Bytes of a hash of the Merkle tree.
pub(crate) const HASH_BYTES: usize = 32;

/// The length of every shard of a data set with this filter and this many prefix bits, in bytes.
pub fn shard_bytes(filter: Bloom, prefix_bits: u8) -> usize {
    HEADER_BYTES + filter.bytes() + HASH_BYTES * usize::from(prefix_bits)
}

/// The length that shards would have around filters that are too large for any client, in bytes.
pub fn shard_bytes_around(filter_bytes: u64, prefix_bits: u8) -> u64 {
    let around = HEADER_BYTES + HASH_BYTES * usize::from(prefix_bits);
    filter_bytes.saturating_add(around as u64)
}
