//! Signing of a finished site, with keys and signatures in the format of minisign.
//!
//! ```
//! use cek_nik_publisher::signing::secret_key;
//!
//! let directory = tempfile::tempdir()?;
//! let path = directory.path().join("publisher.key");
//! let public = secret_key::create(&path, "a long password")?;
//! let key = secret_key::KeyFile::read(&path)?.unlock("a long password")?;
//! assert_eq!(key.public_key()?, public);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod error;
pub mod secret_key;

use std::path::Path;

use crate::edit;
use crate::job::Job;
use cek_nik::signature::{self, PublicKey};
use cek_nik_reader::signed;
use error::SigningError;
use secret_key::SecretKey;

/// A signature that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// The trusted comment: edition and expiry.
    pub comment: String,
    /// The key that verifies the signature.
    pub key: PublicKey,
    /// The number of shards that were verified before.
    pub shards: u64,
}

/// Verifies all shards of a site, signs its catalogue, and writes the signature beside it at once.
///
/// # Errors
///
/// [`SigningError`]. The site is then as it was.
pub fn sign(site: &Path, key: &SecretKey, job: &Job) -> Result<Signed, SigningError> {
    let (staging, existing) = edit::open(site)?;
    let public = key.public_key()?;
    if let Some(pinned) = existing.pinned_key()?.filter(|pinned| *pinned != public) {
        return Err(SigningError::OtherPinnedKey(pinned));
    }
    let shards = edit::verify_all(&existing, job)?;
    let catalogue = existing.text().as_bytes();
    let comment = signature::comment_for(existing.catalogue());
    let file = key.sign(catalogue, &comment)?;
    signed::verify(file.as_bytes(), &public, catalogue).map_err(|_| SigningError::Unverified)?;
    job.check_cancelled().map_err(|_| SigningError::Cancelled)?;
    staging.replace_file(signature::FILE_NAME, file.as_bytes())?;
    Ok(Signed {
        comment,
        key: public,
        shards,
    })
}
