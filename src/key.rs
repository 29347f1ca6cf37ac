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
use sha2::block_api::compress256;
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::filter::FilterHash;
use crate::identifier::{Identifier, NIK};
use crate::nik::{DIGITS, Nik, NikBatch};

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

    /// Calls a function with the key of each NIK, in their order. It has one buffer for all keys,
    /// which is faster than [`KeyDeriver::derive`] with its wiping.
    ///
    /// # Errors
    ///
    /// As [`KeyDeriver::derive`].
    pub fn derive_batch(
        &mut self,
        niks: &NikBatch,
        mut take: impl FnMut(&Key),
    ) -> Result<(), OutOfMemory> {
        if let Method::Sha256 = self.method {
            derive_sha256(self.salt, niks.digits(), take);
            return Ok(());
        }
        for digits in niks.digits() {
            let nik = Nik::from_digits(*digits);
            take(&self.derive(&Identifier::of_nik(&nik))?);
        }
        Ok(())
    }
}

/// The first state of SHA-256 (FIPS 180-4, section 5.3.3).
const SHA256_STATE: [u32; 8] = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

/// SHA-256 of salt and identifier, which fit in one block: only the digits in it change.
fn derive_sha256(salt: Salt, niks: &[u128], mut take: impl FnMut(&Key)) {
    const SALT_END: usize = 16;
    const TAG_END: usize = SALT_END + NIK.len();
    const END: usize = TAG_END + DIGITS;
    let mut block = Zeroizing::new([0; 64]);
    let (message, padding) = block.split_at_mut(END);
    let (fixed, _) = message.split_at_mut(TAG_END);
    let (of_salt, tag) = fixed.split_at_mut(SALT_END);
    of_salt.copy_from_slice(&salt.0);
    tag.copy_from_slice(NIK);
    if let [first, .., high, low] = padding {
        *first = 0x80;
        [*high, *low] = (8 * END as u16).to_be_bytes();
    }
    let mut key = Key([0; Key::LENGTH]);
    for digits in niks {
        let (message, _) = block.split_at_mut(END);
        let (_, text) = message.split_at_mut(TAG_END);
        text.copy_from_slice(&digits.to_be_bytes());
        let mut state = SHA256_STATE;
        compress256(&mut state, core::slice::from_ref(&block));
        let (words, _) = key.0.as_chunks_mut();
        for (bytes, word) in words.iter_mut().zip(state) {
            *bytes = word.to_be_bytes();
        }
        take(&key);
    }
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
            deriver
                .derive_batch(&batch, |key| keys.push(*key.as_bytes()))
                .unwrap();
            assert_eq!(keys.len(), batch.len());
            for (digits, key) in batch.digits().iter().zip(keys) {
                let identifier = Identifier::of_nik(&Nik::from_digits(*digits));
                assert_eq!(*deriver.derive(&identifier).unwrap().as_bytes(), key);
            }
        }
    }
}
