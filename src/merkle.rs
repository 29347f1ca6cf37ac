//! Merkle tree that binds every shard of a data set to one root in the catalogue.
//!
//! It is a perfect binary tree over the shards in the order of their prefixes, with the domain
//! separation of RFC 6962, section 2.1: a leaf can never be passed off as an inner node.
//!
//! ```
//! use cek_nik::merkle::{leaf, node, root_from_path};
//!
//! let (left, right) = (leaf(&[b"shard 0"]), leaf(&[b"shard 1"]));
//! let root = node(&left, &right);
//! assert_eq!(root_from_path(right, 1, &[left]), root);
//! ```

use sha2::{Digest, Sha256};

/// Hash of a leaf or a node: SHA-256.
pub type Hash = [u8; 32];

const LEAF: [u8; 1] = [0];
const NODE: [u8; 1] = [1];

/// Hash of a leaf: of a shard's header and filter, without its Merkle path. The bytes may come in
/// several pieces.
pub fn leaf(pieces: &[&[u8]]) -> Hash {
    pieces
        .iter()
        .fold(Sha256::new_with_prefix(LEAF), Digest::chain_update)
        .finalize()
        .into()
}

/// Hash of an inner node.
pub fn node(left: &Hash, right: &Hash) -> Hash {
    Sha256::new()
        .chain_update(NODE)
        .chain_update(left)
        .chain_update(right)
        .finalize()
        .into()
}

/// The root by a leaf, its index among the leaves, and its siblings from the bottom to the top.
pub fn root_from_path(leaf: Hash, index: u32, siblings: &[Hash]) -> Hash {
    let mut hash = leaf;
    let mut index = index;
    for sibling in siblings {
        hash = if index & 1 == 0 {
            node(&hash, sibling)
        } else {
            node(sibling, &hash)
        };
        index >>= 1;
    }
    hash
}
