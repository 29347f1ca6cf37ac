//! Signature of a catalogue, in the format of minisign (`docs/FORMAT.md`, 5.4).
//!
//! This module reads keys and signatures, and says what has to be verified. The Ed25519 step is the
//! caller's: a browser has one of its own, and `cek-nik-reader` brings one for everything else.
//!
//! ```
//! use cek_nik::signature::{PublicKey, Signature, SignatureError};
//!
//! /// Verifies `catalogue.json` before it is read. `ed25519` is the caller's verification of a
//! /// message by a signature and a public key.
//! fn verify(
//!     key: &PublicKey,
//!     signature_file: &[u8],
//!     catalogue: &[u8],
//!     ed25519: impl Fn(&[u8], &[u8; 64], &[u8; 32]) -> bool,
//! ) -> Result<Signature, SignatureError> {
//!     let signature = Signature::parse(signature_file)?;
//!     for signed in signature.signed(key, catalogue)? {
//!         if !ed25519(&signed.message, &signed.signature, key.ed25519()) {
//!             return Err(SignatureError::Wrong);
//!         }
//!     }
//!     Ok(signature)
//! }
//! ```

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use base64ct::{Base64, Encoding};
use blake2::{Blake2b512, Digest};

use crate::catalogue::{Catalogue, decimal};
pub use crate::outcome::SignatureError;

/// The file name of the signature, beside the catalogue.
pub const FILE_NAME: &str = "catalogue.json.minisig";
/// The longest signature file, in bytes: 16 KiB.
pub const MAX_BYTES: usize = 16 << 10;

/// The algorithm of a public key, and of a signature of the file itself.
const PLAIN: [u8; 2] = *b"Ed";
/// The algorithm of a signature of the file's BLAKE2b-512.
const PREHASHED: [u8; 2] = *b"ED";

const UNTRUSTED: &str = "untrusted comment: ";
const TRUSTED: &str = "trusted comment: ";

/// The beginning of trusted comments that cek-nik writes and reads.
const COMMENT: &str = "cek-nik ";

type KeyId = [u8; 8];

/// Public key of a publisher.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PublicKey {
    id: KeyId,
    ed25519: [u8; 32],
}

/// Error: a text is not a public key of minisign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidPublicKey;

impl fmt::Display for InvalidPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a public key of minisign: it has 56 characters and starts with RW")
    }
}

impl core::error::Error for InvalidPublicKey {}

impl PublicKey {
    /// Reads the 56 characters of a key, or a whole `.pub` file.
    ///
    /// # Errors
    ///
    /// [`InvalidPublicKey`].
    pub fn parse(text: &str) -> Result<Self, InvalidPublicKey> {
        let mut lines = text.trim().lines();
        let mut line = lines.next().unwrap_or_default();
        if line.starts_with(UNTRUSTED) {
            line = lines.next().unwrap_or_default();
        }
        match lines.next() {
            None => Self::from_base64(line),
            Some(_) => Err(InvalidPublicKey),
        }
    }

    /// Reads the 56 characters of a key.
    ///
    /// # Errors
    ///
    /// [`InvalidPublicKey`].
    pub fn from_base64(text: &str) -> Result<Self, InvalidPublicKey> {
        let key = || {
            let mut bytes = [0; 42];
            decode(text, &mut bytes)?;
            let mut rest = Reader(&bytes);
            let is_one = rest.array()? == PLAIN;
            let (id, ed25519) = (rest.array()?, rest.array()?);
            is_one.then_some(Self { id, ed25519 })
        };
        key().ok_or(InvalidPublicKey)
    }

    /// The 32 bytes of the Ed25519 key.
    pub fn ed25519(&self) -> &[u8; 32] {
        &self.ed25519
    }
}

/// The 56 characters of the key.
impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [&PLAIN[..], &self.id, &self.ed25519].concat();
        f.write_str(&Base64::encode_string(&bytes))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Signature of a catalogue, not yet verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    key_id: KeyId,
    signature: [u8; 64],
    trusted_comment: String,
    global_signature: [u8; 64],
}

/// Message, and the Ed25519 signature that it must have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// The message.
    pub message: Vec<u8>,
    /// The signature.
    pub signature: [u8; 64],
}

impl Signature {
    /// Reads a signature file.
    ///
    /// # Errors
    ///
    /// [`SignatureError::Invalid`] or [`SignatureError::UnsupportedAlgorithm`].
    pub fn parse(file: &[u8]) -> Result<Self, SignatureError> {
        let (algorithm, signature) = Self::of_file(file).ok_or(SignatureError::Invalid)?;
        if algorithm != PREHASHED {
            return Err(SignatureError::UnsupportedAlgorithm);
        }
        Ok(signature)
    }

    fn of_file(file: &[u8]) -> Option<([u8; 2], Self)> {
        let file = Some(file).filter(|file| file.len() <= MAX_BYTES)?;
        let text = core::str::from_utf8(file).ok()?;
        let mut lines = text.strip_suffix('\n').unwrap_or(text).split('\n');
        let mut line = || {
            lines
                .next()
                .map(|line| line.strip_suffix('\r').unwrap_or(line))
        };
        line()?.strip_prefix(UNTRUSTED)?;
        let mut first = [0; 74];
        decode(line()?, &mut first)?;
        let trusted_comment = line()?.strip_prefix(TRUSTED)?.to_owned();
        let mut global_signature = [0; 64];
        decode(line()?, &mut global_signature)?;
        let mut first = Reader(&first);
        let algorithm = first.array()?;
        let signature = Self {
            key_id: first.array()?,
            signature: first.array()?,
            trusted_comment,
            global_signature,
        };
        line().is_none().then_some((algorithm, signature))
    }

    /// The two messages to verify: the BLAKE2b-512 of the catalogue, and the trusted comment behind
    /// the signature of the first. The signature is good only if both are.
    ///
    /// # Errors
    ///
    /// [`SignatureError::OtherKey`].
    pub fn signed(&self, key: &PublicKey, catalogue: &[u8]) -> Result<[Signed; 2], SignatureError> {
        if self.key_id != key.id {
            return Err(SignatureError::OtherKey);
        }
        let comment = self.trusted_comment.as_bytes();
        Ok([
            Signed {
                message: Blake2b512::digest(catalogue).to_vec(),
                signature: self.signature,
            },
            Signed {
                message: [&self.signature, comment].concat(),
                signature: self.global_signature,
            },
        ])
    }

    /// The trusted comment. Anybody may have written it until [`Self::signed`] is verified.
    pub fn trusted_comment(&self) -> &str {
        &self.trusted_comment
    }

    /// Compares a comment that cek-nik wrote with the catalogue. Other comments are accepted.
    ///
    /// # Errors
    ///
    /// [`SignatureError::OtherEdition`].
    pub fn check_comment(&self, catalogue: &Catalogue) -> Result<(), SignatureError> {
        let comment = &self.trusted_comment;
        if comment.starts_with(COMMENT) && *comment != comment_for(catalogue) {
            return Err(SignatureError::OtherEdition);
        }
        Ok(())
    }
}

/// The trusted comment for a catalogue: `cek-nik edition 7, expires 2027-03-01`, or without the
/// expiry.
pub fn comment_for(catalogue: &Catalogue) -> String {
    let edition = decimal(catalogue.edition());
    let mut comment = [COMMENT, "edition ", &edition].concat();
    if let Some(validity) = catalogue.validity() {
        comment.push_str(", expires ");
        comment.push_str(&validity.expires().iso());
    }
    comment
}

/// Decodes base64 of exactly as many bytes as there is room for.
///
/// [`Base64::decode`] takes the same time for all texts, which costs a kilobyte in the browser's
/// module. Keys and signatures are public.
fn decode(text: &str, bytes: &mut [u8]) -> Option<()> {
    let padding = (3 - bytes.len() % 3) % 3;
    let characters = text.as_bytes();
    let (digits, end) = characters.split_at_checked(characters.len().checked_sub(padding)?)?;
    let mut bits = 0;
    let mut held = 0;
    let mut room = bytes.iter_mut();
    for digit in digits {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            *room.next()? = (bits >> held) as u8;
        }
    }
    let is_whole = room.next().is_none() && bits & ((1 << held) - 1) == 0;
    (is_whole && held < 6 && end.iter().all(|&byte| byte == b'=')).then_some(())
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*taken)
    }
}
