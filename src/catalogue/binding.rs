//! Binding of shards to their data set.

use alloc::borrow::ToOwned;

use sha2::{Digest, Sha256};

use super::decimal;
use crate::identifier::IdentifierKind;
use crate::key::{Kdf, Salt};

/// Binding of a shard to its data set: a hash over everything that decides the key of an
/// identifier, and over the id. With a wrong salt or cost in the catalogue, every shard is refused,
/// instead of holding nobody.
pub fn binding(identifier: IdentifierKind, kdf: Kdf, salt: Salt, id: &str) -> [u8; 16] {
    let kdf = match kdf {
        Kdf::Sha256 => "sha256".to_owned(),
        Kdf::Argon2id(cost) => [
            "argon2id v=19 m=",
            &decimal(cost.memory_kib().into()),
            " t=",
            &decimal(cost.iterations().into()),
            " p=",
            &decimal(cost.parallelism().into()),
        ]
        .concat(),
    };
    // `format!` would bring all of `core::fmt` into the browser's module for this text alone.
    let text = [
        "cek-nik binding 1\nidentifier ",
        identifier.name(),
        "\nkdf ",
        &kdf,
        "\nsalt ",
        &salt.to_hex(),
        "\ndataset ",
        id,
        "\n",
    ]
    .concat();
    let hash = Sha256::digest(text);
    let mut binding = [0; 16];
    for (to, from) in binding.iter_mut().zip(hash) {
        *to = from;
    }
    binding
}
