//! Fit: whether the keys of a file are those that a catalogue would have.

use crate::keys::Keys;
use cek_nik::identifier::IdentifierKind;
use cek_nik::key::{Kdf, KeyDeriver, OutOfMemory, Salt};

use super::header::Header;

/// The key of a fixed text, of which the first half is kept. A computer that derives other keys has
/// another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TestKey(pub [u8; 16]);

const TEST_TEXT: &[u8] = b"cek-nik test key";

impl TestKey {
    /// Derives the test key on this computer.
    ///
    /// # Errors
    ///
    /// [`OutOfMemory`].
    pub fn derive(salt: Salt, kdf: Kdf) -> Result<Self, OutOfMemory> {
        let key = KeyDeriver::new(salt, kdf)?.derive_from(TEST_TEXT)?;
        let [half @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] = *key.as_bytes();
        Ok(Self(half))
    }
}

/// The first difference between the keys of a file and those that are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "the messages name the fields")]
pub enum Unfit {
    /// Another kind of identifier.
    #[error(
        "the identifier is {of_file}, not {wanted}",
        of_file = .of_file.name(), wanted = .wanted.name()
    )]
    Identifier {
        of_file: IdentifierKind,
        wanted: IdentifierKind,
    },
    /// Another key derivation function.
    #[error("the key derivation is {of_file}, not {wanted}")]
    Kdf { of_file: Kdf, wanted: Kdf },
    /// Another cost of Argon2id.
    #[error("the cost is {of_file}, not {wanted}")]
    Cost { of_file: Kdf, wanted: Kdf },
    /// Another salt.
    #[error("they have another salt")]
    Salt,
    /// Another computer derives other keys.
    #[error(
        "the computer that made them derives other keys than this one, so one of the two is faulty"
    )]
    TestKey,
}

impl Unfit {
    /// The stable name, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Identifier { .. } => "key_file_identifier",
            Self::Kdf { .. } => "key_file_kdf",
            Self::Cost { .. } => "key_file_cost",
            Self::Salt => "key_file_salt",
            Self::TestKey => "key_file_test_key",
        }
    }
}

/// Checks that keys of a file are those that this computer would derive with the wanted parameters.
///
/// # Errors
///
/// [`Unfit`]: the first variant that applies, in their order.
pub fn check(header: &Header, wanted: Keys, test_key: TestKey) -> Result<(), Unfit> {
    let of_file = header.keys;
    if of_file.identifier != wanted.identifier {
        return Err(Unfit::Identifier {
            of_file: of_file.identifier,
            wanted: wanted.identifier,
        });
    }
    match (of_file.kdf, wanted.kdf) {
        (of_file, wanted) if of_file == wanted => {}
        (of_file @ Kdf::Argon2id(_), wanted @ Kdf::Argon2id(_)) => {
            return Err(Unfit::Cost { of_file, wanted });
        }
        (of_file, wanted) => return Err(Unfit::Kdf { of_file, wanted }),
    }
    if of_file.salt != wanted.salt {
        return Err(Unfit::Salt);
    }
    match header.test_key == test_key {
        true => Ok(()),
        false => Err(Unfit::TestKey),
    }
}
