//! The Merkle tree that binds every shard of a data set to one root in the catalogue.
//!
//! A perfect binary tree over the shards in the order of their prefixes, with the domain separation
//! of RFC 6962, section 2.1: a leaf can never be passed off as an inner node.

use sha2::{Digest, Sha256};

/// SHA-256, as everywhere in the tree.
pub type Hash = [u8; 32];

const LEAF: [u8; 1] = [0];
const NODE: [u8; 1] = [1];

/// The hash of a shard's header and filter, the bytes before its Merkle path, in one piece or in
/// several.
pub fn leaf(pieces: &[&[u8]]) -> Hash {
    pieces
        .iter()
        .fold(Sha256::new_with_prefix(LEAF), Digest::chain_update)
        .finalize()
        .into()
}

/// The hash of an inner node.
pub fn node(left: &Hash, right: &Hash) -> Hash {
    Sha256::new()
        .chain_update(NODE)
        .chain_update(left)
        .chain_update(right)
        .finalize()
        .into()
}

/// The root that follows from a leaf, its place in the row of leaves, and its siblings from the
/// bottom to the top.
pub fn root_from_path(leaf: Hash, place: u32, siblings: &[Hash]) -> Hash {
    let mut hash = leaf;
    let mut place = place;
    for sibling in siblings {
        hash = if place & 1 == 0 {
            node(&hash, sibling)
        } else {
            node(sibling, &hash)
        };
        place >>= 1;
    }
    hash
}
