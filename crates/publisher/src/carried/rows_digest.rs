//! Digest of the rows of a list: the same for the same identifiers in any order, in any number of
//! files, in any format.
//!
//! It is the sum of the keyed hashes of all identifiers, modulo 2^256. The key is random and
//! private: without it, nobody can compose another list with the same sum. Repeated rows count.
//!
//! The sum itself is never stored. Someone who knows all rows but one could find that one for a
//! hash per guess. What is stored is its [`RowsVerifier`], a key of the catalogue's key derivation,
//! so that each guess costs as much as against the site.

use sha2::{Digest, Sha256};

use crate::job::NoRandomNumbers;
use crate::keys::derive_keys::{Keys, stretch};
use cek_nik::identifier::Identifier;
use cek_nik::key::{Key, KeyDeriver, OutOfMemory};

/// Key of a digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DigestKey(pub [u8; 32]);

impl DigestKey {
    /// A new key.
    ///
    /// # Errors
    ///
    /// An operating system without random numbers.
    pub fn random() -> Result<Self, NoRandomNumbers> {
        let mut key = [0; 32];
        getrandom::fill(&mut key).map_err(|error| NoRandomNumbers(error.to_string()))?;
        Ok(Self(key))
    }
}

/// Digest of the rows that were added so far.
#[derive(Clone)]
pub struct RowsDigest {
    key: DigestKey,
    keyed: Sha256,
    low: u128,
    high: u128,
}

impl RowsDigest {
    /// The digest of no rows.
    pub fn new(key: DigestKey) -> Self {
        Self {
            key,
            keyed: Sha256::new_with_prefix(key.0),
            low: 0,
            high: 0,
        }
    }

    /// Adds the identifier of a row.
    pub fn add(&mut self, identifier: &Identifier) {
        let hash = self.keyed.clone().chain_update(identifier.as_bytes());
        let hash: [u8; 32] = hash.finalize().into();
        let (halves, _) = hash.as_chunks();
        let [low, high] = halves else {
            unreachable!("32 bytes are two halves of 16");
        };
        self.add_sum(u128::from_le_bytes(*low), u128::from_le_bytes(*high));
    }

    /// Adds the rows of another digest with the same key.
    pub fn add_all(&mut self, other: &Self) {
        self.add_sum(other.low, other.high);
    }

    fn add_sum(&mut self, low: u128, high: u128) {
        let (sum, carry) = self.low.overflowing_add(low);
        self.low = sum;
        self.high = self.high.wrapping_add(high).wrapping_add(carry.into());
    }

    /// The verifier of all rows.
    ///
    /// # Errors
    ///
    /// Not enough memory for the key derivation.
    pub fn verifier(&self, keys: Keys) -> Result<RowsVerifier, OutOfMemory> {
        let sum = Sha256::new()
            .chain_update(self.low.to_le_bytes())
            .chain_update(self.high.to_le_bytes());
        Ok(RowsVerifier {
            key: self.key,
            value: *stretch(sum, &mut KeyDeriver::new(keys.salt, keys.kdf)?)?.as_bytes(),
        })
    }
}

/// Verifier of the rows of a list, under the salt and the key derivation of a catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowsVerifier {
    /// The key of the digest.
    pub key: DigestKey,
    /// The derived key of the digest.
    pub value: [u8; Key::LENGTH],
}

#[cfg(test)]
mod tests {
    use super::*;
    use cek_nik::identifier::IdentifierKind;
    use cek_nik::key::{Argon2Cost, Kdf, Salt};
    use cek_nik::nik::Nik;

    const KEY: DigestKey = DigestKey([5; 32]);

    fn keys(salt: u8, kdf: Kdf) -> Keys {
        Keys {
            identifier: IdentifierKind::Nik,
            salt: Salt([salt; 16]),
            kdf,
        }
    }

    fn digest(key: DigestKey, serials: &[u32]) -> RowsDigest {
        let mut digest = RowsDigest::new(key);
        for serial in serials {
            let nik = Nik::parse(&format!("320101410790{serial}")).unwrap();
            digest.add(&Identifier::of_nik(&nik));
        }
        digest
    }

    fn value(key: DigestKey, serials: &[u32]) -> [u8; 32] {
        let keys = keys(7, Kdf::Sha256);
        digest(key, serials).verifier(keys).unwrap().value
    }

    #[test]
    fn the_same_rows_have_the_same_verifier_in_any_order_and_in_parts() {
        let whole = value(KEY, &[9001, 9002, 9003]);
        assert_eq!(whole, value(KEY, &[9003, 9001, 9002]));
        let mut parts = digest(KEY, &[9002]);
        parts.add_all(&digest(KEY, &[9003, 9001]));
        assert_eq!(whole, parts.verifier(keys(7, Kdf::Sha256)).unwrap().value);
    }

    #[test]
    fn other_rows_keys_salts_and_costs_have_another_verifier() {
        let whole = value(KEY, &[9001, 9002, 9003]);
        for other in [
            &[][..],
            &[9001, 9002],
            &[9001, 9002, 9004],
            &[9001, 9002, 9003, 9003],
            &[9001, 9001, 9002, 9002, 9003, 9003],
        ] {
            assert_ne!(whole, value(KEY, other), "{other:?}");
        }
        assert_ne!(whole, value(DigestKey([6; 32]), &[9001, 9002, 9003]));
        let stretched = Kdf::Argon2id(Argon2Cost::new(8, 1, 1).unwrap());
        for keys in [keys(8, Kdf::Sha256), keys(7, stretched)] {
            let other = digest(KEY, &[9001, 9002, 9003]).verifier(keys).unwrap();
            assert_ne!(whole, other.value);
        }
    }

    #[test]
    fn a_sum_carries_from_its_low_half_to_its_high_half() {
        let mut digest = RowsDigest::new(KEY);
        digest.add_sum(u128::MAX, 1);
        digest.add_sum(1, u128::MAX);
        assert_eq!((digest.low, digest.high), (0, 1));
    }
}
