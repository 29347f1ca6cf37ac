//! From an identifier to its key: the salt, the two key derivations, and the 32 bytes that come
//! out.

use core::fmt;

use alloc::string::String;
use alloc::vec::Vec;

use argon2::{Algorithm, Argon2, Block, Params, Version};
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::filter::FilterHash;
use crate::identifier::Identifier;

/// Sixteen public random bytes, one value per catalogue, so that no table computed for one
/// catalogue serves for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Salt(pub [u8; 16]);

impl Salt {
    /// Thirty-two lower-case hexadecimal digits; `None` for anything else.
    pub fn from_hex(text: &str) -> Option<Self> {
        let mut bytes = [0; 16];
        let decoded = base16ct::lower::decode(text, &mut bytes).ok()?.len();
        (decoded == bytes.len()).then_some(Self(bytes))
    }

    /// Thirty-two lower-case hexadecimal digits.
    pub fn to_hex(self) -> String {
        base16ct::lower::encode_string(&self.0)
    }
}

/// How an identifier is turned into a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kdf {
    /// SHA-256 of salt and identifier. Whoever has the site can try all plausible NIKs in minutes.
    Sha256,
    /// Argon2id, version 0x13 (RFC 9106), which makes each trial cost memory and time.
    Argon2id(Argon2Cost),
}

/// Its name, and of Argon2id the cost: `argon2id m=19456,t=2,p=1`.
impl fmt::Display for Kdf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sha256 => f.write_str("sha256"),
            Self::Argon2id(cost) => write!(
                f,
                "argon2id m={},t={},p={}",
                cost.memory_kib(),
                cost.iterations(),
                cost.parallelism()
            ),
        }
    }
}

/// What one Argon2id derivation costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Argon2Cost {
    memory_kib: u32,
    iterations: u32,
    parallelism: u32,
}

impl Argon2Cost {
    /// 19 MiB, two passes, one lane: the OWASP Password Storage Cheat Sheet's setting.
    pub const OWASP: Self = Self {
        memory_kib: 19456,
        iterations: 2,
        parallelism: 1,
    };

    /// The most memory that a client accepts, in KiB: 256 MiB. A catalogue that asks for more would
    /// only crash the browsers of those who ask.
    pub const MAX_MEMORY_KIB: u32 = 256 * 1024;
    /// The most passes that a client accepts.
    pub const MAX_ITERATIONS: u32 = 64;
    /// The most lanes that a client accepts.
    pub const MAX_PARALLELISM: u32 = 16;

    /// `None` outside the limits: memory 8 KiB per lane to [`Self::MAX_MEMORY_KIB`], one to
    /// [`Self::MAX_ITERATIONS`] passes, one to [`Self::MAX_PARALLELISM`] lanes.
    pub fn new(memory_kib: u32, iterations: u32, parallelism: u32) -> Option<Self> {
        let accepted = (1..=Self::MAX_PARALLELISM).contains(&parallelism)
            && (1..=Self::MAX_ITERATIONS).contains(&iterations)
            && (8 * parallelism..=Self::MAX_MEMORY_KIB).contains(&memory_kib);
        accepted.then_some(Self {
            memory_kib,
            iterations,
            parallelism,
        })
    }

    /// Memory in KiB.
    pub fn memory_kib(self) -> u32 {
        self.memory_kib
    }

    /// Passes over the memory.
    pub fn iterations(self) -> u32 {
        self.iterations
    }

    /// Lanes. They are computed one after the other; the number changes the key all the same.
    pub fn parallelism(self) -> u32 {
        self.parallelism
    }
}

/// The derivation could not run: the device does not have the memory that the catalogue asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfMemory;

/// Derives keys, one after the other, in memory that is allocated once: that saves a quarter of the
/// time.
pub struct KeyDeriver {
    salt: Salt,
    method: Method,
}

enum Method {
    Sha256,
    Argon2id {
        argon2: Argon2<'static>,
        memory: Vec<Block>,
    },
}

impl KeyDeriver {
    /// Prepares for one catalogue's salt and derivation.
    ///
    /// # Errors
    ///
    /// [`OutOfMemory`] when the memory of Argon2id cannot be had.
    pub fn new(salt: Salt, kdf: Kdf) -> Result<Self, OutOfMemory> {
        let method = match kdf {
            Kdf::Sha256 => Method::Sha256,
            Kdf::Argon2id(cost) => {
                let params = Params::new(
                    cost.memory_kib,
                    cost.iterations,
                    cost.parallelism,
                    Some(Key::LENGTH),
                )
                .map_err(|_| OutOfMemory)?;
                let blocks = params.block_count();
                let mut memory = Vec::new();
                memory.try_reserve_exact(blocks).map_err(|_| OutOfMemory)?;
                memory.resize(blocks, Block::new());
                Method::Argon2id {
                    argon2: Argon2::new(Algorithm::Argon2id, Version::V0x13, params),
                    memory,
                }
            }
        };
        Ok(Self { salt, method })
    }

    /// The key of an identifier.
    ///
    /// # Errors
    ///
    /// [`OutOfMemory`] when Argon2id refuses the memory that [`KeyDeriver::new`] prepared.
    #[inline]
    pub fn derive(&mut self, identifier: &Identifier) -> Result<Key, OutOfMemory> {
        self.derive_from(identifier.as_bytes())
    }

    /// The key of any bytes, for what must be as expensive to try out as an identifier.
    ///
    /// # Errors
    ///
    /// As [`KeyDeriver::derive`].
    #[inline]
    pub fn derive_from(&mut self, bytes: &[u8]) -> Result<Key, OutOfMemory> {
        let mut key = Key([0; Key::LENGTH]);
        match &mut self.method {
            Method::Sha256 => Sha256::new()
                .chain_update(self.salt.0)
                .chain_update(bytes)
                .finalize_into((&mut key.0).into()),
            Method::Argon2id { argon2, memory } => argon2
                .hash_password_into_with_memory(bytes, &self.salt.0, &mut key.0, memory)
                .map_err(|_| OutOfMemory)?,
        }
        Ok(key)
    }
}

impl Drop for KeyDeriver {
    fn drop(&mut self) {
        if let Method::Argon2id { memory, .. } = &mut self.method {
            memory.zeroize();
        }
    }
}

/// The 32 bytes that stand for one identifier in one catalogue. Wiped from memory when dropped.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Key([u8; Self::LENGTH]);

impl Key {
    /// Bytes of a key.
    pub const LENGTH: usize = 32;

    /// Bytes 0 to 3, which hold the prefix.
    pub fn head(&self) -> [u8; 4] {
        let [a, b, c, d, ..] = self.0;
        [a, b, c, d]
    }

    /// Bytes 8 to 23, which give the places in the filter and nothing else.
    pub fn filter_hash(&self) -> FilterHash {
        let mut bytes = [0; 16];
        for (to, from) in bytes.iter_mut().zip(self.0.iter().skip(8)) {
            *to = *from;
        }
        FilterHash(bytes)
    }

    /// All bytes, for test vectors.
    pub fn as_bytes(&self) -> &[u8; Self::LENGTH] {
        &self.0
    }
}
