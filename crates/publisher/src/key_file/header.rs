//! Key file header: everything that decides the keys, and which rows they belong to.

use super::error::Flaw;
use super::fit::TestKey;
use super::part::Part;
use crate::keys::Keys;
use cek_nik::identifier::IdentifierKind;
use cek_nik::key::{Argon2Cost, Kdf, Salt};

/// The first bytes of every key file. As in PNG, a byte above 127 and the line ends of two systems
/// reveal a transfer that converted the file as text.
pub const MAGIC: [u8; 8] = *b"\x8eCNY\r\n\x1a\n";
/// The version of the format that this code reads and writes.
pub const VERSION: u16 = 1;

const NIK: u8 = 0;
const NIK_AND_NAME: u8 = 1;
const SHA256: u8 = 0;
const ARGON2ID: u8 = 1;

/// Number of parts in the header of a batch.
const NO_PARTS: u32 = 0;

/// The rows that a key file is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// A part of a list.
    Part(Part),
    /// A batch of the rows of a stopped build, counted from 0. Says nothing of other rows.
    Batch(u32),
}

/// The header of a key file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Header {
    /// The parameters of the keys.
    pub keys: Keys,
    /// The rows.
    pub scope: Scope,
    /// The key of a fixed text, which shows that two computers derive the same keys.
    pub test_key: TestKey,
}

impl Header {
    /// The length of a header, in bytes.
    pub const BYTES: usize = 64;

    /// The bytes of the header.
    pub fn to_bytes(&self) -> [u8; Self::BYTES] {
        let identifier = match self.keys.identifier {
            IdentifierKind::Nik => NIK,
            IdentifierKind::NikAndName => NIK_AND_NAME,
        };
        let (kdf, cost) = match self.keys.kdf {
            Kdf::Sha256 => (SHA256, [0; 3]),
            Kdf::Argon2id(cost) => (
                ARGON2ID,
                [cost.memory_kib(), cost.iterations(), cost.parallelism()],
            ),
        };
        let [memory, iterations, parallelism] = cost.map(u32::to_le_bytes);
        let (number, of) = match self.scope {
            Scope::Part(part) => (part.number(), part.of()),
            Scope::Batch(number) => (number, NO_PARTS),
        };
        let fields: [&[u8]; 10] = [
            &MAGIC,
            &VERSION.to_le_bytes(),
            &[identifier, kdf],
            &memory,
            &iterations,
            &parallelism,
            &number.to_le_bytes(),
            &of.to_le_bytes(),
            &self.keys.salt.0,
            &self.test_key.0,
        ];
        let mut header = [0; Self::BYTES];
        for (to, from) in header.iter_mut().zip(fields.into_iter().flatten()) {
            *to = *from;
        }
        header
    }

    /// Reads the header at the beginning of a file.
    ///
    /// # Errors
    ///
    /// [`Flaw::NotAKeyFile`], [`Flaw::NewerVersion`], [`Flaw::WrongLength`] and [`Flaw::Damaged`],
    /// the first that applies, in this order.
    pub fn read(bytes: &[u8]) -> Result<Self, Flaw> {
        if !bytes.iter().zip(&MAGIC).all(|(a, b)| a == b) {
            return Err(Flaw::NotAKeyFile);
        }
        let rest = &mut bytes.get(MAGIC.len()..).unwrap_or_default();
        match u16::from_le_bytes(take(rest)?) {
            0 => return Err(Flaw::NotAKeyFile),
            VERSION => {}
            _ => return Err(Flaw::NewerVersion),
        }
        let [identifier, kdf] = take(rest)?;
        let mut number = || Ok(u32::from_le_bytes(take(rest)?));
        let [memory, iterations, parallelism] = [number()?, number()?, number()?];
        let scope = match (number()?, number()?) {
            (number, NO_PARTS) => Some(Scope::Batch(number)),
            (number, of) => Part::new(number, of).map(Scope::Part),
        };
        let salt = Salt(take(rest)?);
        let test_key = TestKey(take(rest)?);
        let identifier = match identifier {
            NIK => IdentifierKind::Nik,
            NIK_AND_NAME => IdentifierKind::NikAndName,
            _ => return Err(Flaw::Damaged),
        };
        let kdf = match (kdf, memory, iterations, parallelism) {
            (SHA256, 0, 0, 0) => Kdf::Sha256,
            (ARGON2ID, ..) => Argon2Cost::new(memory, iterations, parallelism)
                .map(Kdf::Argon2id)
                .ok_or(Flaw::Damaged)?,
            _ => return Err(Flaw::Damaged),
        };
        let keys = Keys {
            identifier,
            salt,
            kdf,
        };
        Ok(Self {
            keys,
            scope: scope.ok_or(Flaw::Damaged)?,
            test_key,
        })
    }
}

/// Whether bytes hold the header of a key file anywhere, or begin like a key file of any version.
pub fn is_in(bytes: &[u8]) -> bool {
    let is_header = |offset| Header::read(bytes.get(offset..).unwrap_or_default()).is_ok();
    bytes.starts_with(&MAGIC) || memchr::memmem::find_iter(bytes, &MAGIC).any(is_header)
}

/// Takes the first `N` bytes off.
pub(crate) fn take<const N: usize>(bytes: &mut &[u8]) -> Result<[u8; N], Flaw> {
    let (first, rest) = bytes.split_first_chunk().ok_or(Flaw::WrongLength)?;
    *bytes = rest;
    Ok(*first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(kdf: Kdf, identifier: IdentifierKind) -> Header {
        Header {
            keys: Keys {
                identifier,
                salt: Salt([7; 16]),
                kdf,
            },
            scope: Scope::Part(Part::new(2, 300).unwrap()),
            test_key: TestKey([9; 16]),
        }
    }

    #[test]
    fn is_read_as_it_was_written() {
        let argon2id = Kdf::Argon2id(Argon2Cost::new(64, 3, 2).unwrap());
        for kdf in [Kdf::Sha256, argon2id] {
            for identifier in [IdentifierKind::Nik, IdentifierKind::NikAndName] {
                let mut header = header(kdf, identifier);
                assert_eq!(Header::read(&header.to_bytes()), Ok(header));
                header.scope = Scope::Batch(u32::MAX);
                assert_eq!(Header::read(&header.to_bytes()), Ok(header));
            }
        }
    }

    #[test]
    fn a_header_is_found_anywhere_and_the_constant_of_a_program_is_not() {
        let header = header(Kdf::Sha256, IdentifierKind::Nik).to_bytes();
        assert!(is_in(&header));
        assert!(is_in(&[b"tar...", &header[..], b"more"].concat()));
        assert!(is_in(&MAGIC));
        assert!(!is_in(
            &[b"\x7fELF", &MAGIC[..], b"and other constants of it"].concat()
        ));
        assert!(!is_in(&[&header[1..], &header[..60]].concat()));
    }
}
