//! Key derivation: from an identifier and a salt to the 32 bytes of a key.
//!
//! ```
//! use cek_nik::identifier::Identifier;
//! use cek_nik::key::{Kdf, KeyDeriver, Salt};
//! use cek_nik::nik::Nik;
//!
//! let salt = Salt::from_hex("00112233445566778899aabbccddeeff").unwrap();
//! let identifier = Identifier::of_nik(&Nik::parse("3201014107909001").unwrap());
//! let mut deriver = KeyDeriver::new(salt, Kdf::Sha256).unwrap();
//! let key = deriver.derive(&identifier).unwrap();
//! assert_eq!(key.as_bytes().len(), 32);
//! ```

use core::fmt;

use alloc::string::String;
use alloc::vec::Vec;

use argon2::{Algorithm, Argon2, Block, Params, Version};
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::filter::FilterHash;
use crate::identifier::{Identifier, NIK};
use crate::nik::{Nik, NikBatch};
use crate::sha256::{START_BYTES, digest_each};

/// Salt: sixteen public random bytes. Each catalogue has its own, so that a table computed for one
/// is useless for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Salt(pub [u8; 16]);

impl Salt {
    /// Parses 32 lower-case hexadecimal digits; `None` for anything else.
    pub fn from_hex(text: &str) -> Option<Self> {
        let mut bytes = [0; 16];
        let decoded = base16ct::lower::decode(text, &mut bytes).ok()?.len();
        (decoded == bytes.len()).then_some(Self(bytes))
    }

    /// The salt as 32 lower-case hexadecimal digits.
    pub fn to_hex(self) -> String {
        base16ct::lower::encode_string(&self.0)
    }
}

/// Key derivation function of a catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kdf {
    /// SHA-256 of salt and identifier. Anyone who has the site can try all plausible NIKs in
    /// minutes.
    Sha256,
    /// Argon2id, version 0x13 (RFC 9106): each trial costs memory and time.
    Argon2id(Argon2Cost),
}

/// The name, and the cost of Argon2id: `argon2id m=19456,t=2,p=1`.
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

/// Cost of one Argon2id derivation, within the limits that clients accept.
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

    /// The most memory that a client accepts, in KiB: 64 MiB. A catalogue that asks for more could
    /// crash the browser of a cheap phone.
    pub const MAX_MEMORY_KIB: u32 = 64 * 1024;
    /// The most passes that a client accepts.
    pub const MAX_ITERATIONS: u32 = 64;
    /// The most memory times passes that a client accepts, in KiB: 512 MiB. A cheap phone takes
    /// about 6 seconds for it.
    pub const MAX_WORK_KIB: u32 = 512 * 1024;
    /// The most lanes that a client accepts.
    pub const MAX_PARALLELISM: u32 = 16;

    /// A cost; `None` outside the limits: 8 KiB per lane to [`Self::MAX_MEMORY_KIB`] of memory, 1
    /// to [`Self::MAX_ITERATIONS`] passes, [`Self::MAX_WORK_KIB`] of memory times passes, 1 to
    /// [`Self::MAX_PARALLELISM`] lanes.
    pub fn new(memory_kib: u32, iterations: u32, parallelism: u32) -> Option<Self> {
        let accepted = (1..=Self::MAX_PARALLELISM).contains(&parallelism)
            && (1..=Self::MAX_ITERATIONS).contains(&iterations)
            && (8 * parallelism..=Self::MAX_MEMORY_KIB).contains(&memory_kib)
            && memory_kib * iterations <= Self::MAX_WORK_KIB;
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

    /// Lanes. They are computed one after the other, yet their number changes the key.
    pub fn parallelism(self) -> u32 {
        self.parallelism
    }
}

/// Error: the device lacks the memory that the derivation needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfMemory;

/// Deriver of keys. It allocates its memory once, which saves a quarter of the time.
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
    /// Allocates the memory for a salt and a derivation.
    ///
    /// # Errors
    ///
    /// [`OutOfMemory`] if the memory for Argon2id cannot be allocated.
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
    /// [`OutOfMemory`] if Argon2id refuses the memory that [`KeyDeriver::new`] allocated.
    #[inline]
    pub fn derive(&mut self, identifier: &Identifier) -> Result<Key, OutOfMemory> {
        self.derive_from(identifier.as_bytes())
    }

    /// The key of any bytes, for checksums that must cost as much to try as an identifier.
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

    /// Calls a function with the key of each NIK, in their order. Many SHA-256 keys at once are
    /// several times as fast as one after the other.
    ///
    /// # Errors
    ///
    /// As [`KeyDeriver::derive`].
    pub fn derive_batch(
        &mut self,
        niks: &NikBatch,
        mut take: impl FnMut(BatchKey),
    ) -> Result<(), OutOfMemory> {
        if let Method::Sha256 = self.method {
            derive_sha256(self.salt, niks.digits(), take);
            return Ok(());
        }
        for digits in niks.digits() {
            let nik = Nik::from_digits(*digits);
            let key = self.derive(&Identifier::of_nik(&nik))?;
            let (words, _) = key.0.as_chunks();
            let mut words = words.iter().map(|word| u32::from_be_bytes(*word));
            take(BatchKey(core::array::from_fn(|_| {
                words.next().unwrap_or(0)
            })));
        }
        Ok(())
    }
}

/// SHA-256 of salt and identifier.
fn derive_sha256(salt: Salt, niks: &[u128], mut take: impl FnMut(BatchKey)) {
    let mut start = [0; START_BYTES];
    for (to, from) in start.iter_mut().zip(salt.0.into_iter().chain(*NIK)) {
        *to = from;
    }
    digest_each(&start, niks, |words| take(BatchKey(words)));
}

impl Drop for KeyDeriver {
    fn drop(&mut self) {
        if let Method::Argon2id { memory, .. } = &mut self.method {
            memory.zeroize();
        }
    }
}

/// Key of one identifier in one catalogue: 32 bytes. Wiped from memory when dropped.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Key([u8; Self::LENGTH]);

impl Key {
    /// The length of a key, in bytes.
    pub const LENGTH: usize = 32;

    /// Bytes 0 to 3, which hold the prefix.
    pub fn head(&self) -> [u8; 4] {
        let [a, b, c, d, ..] = self.0;
        [a, b, c, d]
    }

    /// Bytes 8 to 23, which only choose the bits in the filter.
    pub fn filter_hash(&self) -> FilterHash {
        let mut bytes = [0; 16];
        for (to, from) in bytes.iter_mut().zip(self.0.iter().skip(8)) {
            *to = *from;
        }
        FilterHash(bytes)
    }

    /// All bytes.
    pub fn as_bytes(&self) -> &[u8; Self::LENGTH] {
        &self.0
    }
}

/// Key of a NIK in a batch. Unlike a [`Key`], it is not wiped from memory: that takes longer than
/// SHA-256 itself.
#[derive(Clone, Copy)]
pub struct BatchKey([u32; 8]);

impl BatchKey {
    /// Bytes 0 to 3: those of [`Key::head`].
    #[inline]
    pub fn head(self) -> [u8; 4] {
        let [head, ..] = self.0;
        head.to_be_bytes()
    }

    /// Bytes 0 to 15.
    #[inline]
    pub fn first_half(self) -> [u8; 16] {
        let [a, b, c, d, ..] = self.0;
        bytes([a, b, c, d])
    }

    /// Bytes 8 to 23: those of [`Key::filter_hash`].
    #[inline]
    pub fn filter_hash(self) -> [u8; 16] {
        let [_, _, a, b, c, d, _, _] = self.0;
        bytes([a, b, c, d])
    }
}

#[inline]
fn bytes(words: [u32; 4]) -> [u8; 16] {
    let joined = |all: u128, word| all << u32::BITS | u128::from(word);
    words.into_iter().fold(0, joined).to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_has_the_keys_of_its_niks() {
        let mut batch = NikBatch::new();
        for number in (0..140).map(|index| index * 71_234_567_890_123) {
            assert!(batch.push(Nik::of_number(number).as_bytes()));
        }
        let cost = Argon2Cost::new(8, 1, 1).unwrap();
        for kdf in [Kdf::Sha256, Kdf::Argon2id(cost)] {
            let mut deriver = KeyDeriver::new(Salt([7; 16]), kdf).unwrap();
            let mut keys = Vec::new();
            deriver.derive_batch(&batch, |key| keys.push(key)).unwrap();
            assert_eq!(keys.len(), batch.len());
            for (digits, key) in batch.digits().iter().zip(keys) {
                let identifier = Identifier::of_nik(&Nik::from_digits(*digits));
                let expected = deriver.derive(&identifier).unwrap();
                assert_eq!(key.head(), expected.head());
                assert_eq!(key.filter_hash(), expected.filter_hash().0);
                assert_eq!(key.first_half(), expected.as_bytes()[..16]);
            }
        }
    }
}
