//! Secret keys: made, read, unlocked with their password, and used.

use std::fs::File;
use std::io::{Cursor, ErrorKind, Write};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use minisign::{KeyPair, SecretKeyBox};
use zeroize::Zeroizing;

use super::error::SigningError;
use crate::io_action::{IoAction, OnPath};
use cek_nik::catalogue;
use cek_nik::signature::PublicKey;
use cek_nik_reader::regular_file::read_regular;

/// The longest key file that is read, in bytes: 16 KiB.
const MOST_BYTES: u64 = 16 << 10;

/// The first bytes of a key: its algorithm, and the function that its password goes through.
const ENCRYPTED: &[u8] = b"EdSc";
const UNENCRYPTED: &[u8] = b"Ed\0\0";

/// A secret key that is ready to sign.
pub struct SecretKey(minisign::SecretKey);

/// A file with a secret key.
pub struct KeyFile {
    path: PathBuf,
    text: Zeroizing<String>,
    /// The same, decoded.
    bytes: Zeroizing<Vec<u8>>,
}

/// Makes a key pair: the secret key, which only its owner can read, and beside it the public key,
/// whose file name has `.pub` added.
///
/// # Errors
///
/// [`SigningError`]: an existing file of one of the two names, a directory inside a site, or an
/// empty password.
pub fn create(path: &Path, password: &str) -> Result<PublicKey, SigningError> {
    check_new(path)?;
    if password.is_empty() {
        return Err(SigningError::NoPassword);
    }
    let KeyPair { pk, sk } = KeyPair::generate_encrypted_keypair(Some(password.to_owned()))?;
    let secret = Zeroizing::new(sk.to_box(Some("cek-nik secret key"))?.into_string());
    write_new(path, &secret, 0o600)?;
    write_new(&public_path(path), &pk.to_box()?.into_string(), 0o666)?;
    parse(&pk)
}

/// Refuses a path for a new key before a password is asked for.
///
/// # Errors
///
/// [`SigningError::Exists`] or [`SigningError::InSite`].
pub fn check_new(path: &Path) -> Result<(), SigningError> {
    let absolute = std::path::absolute(path).on_path(IoAction::Read, path)?;
    let parent = absolute.parent().unwrap_or(&absolute);
    // Behind links, a directory can be inside a site.
    let resolved = parent.canonicalize().on_path(IoAction::WriteIn, parent)?;
    let mut directories = resolved.ancestors();
    if let Some(site) = directories.find(|directory| directory.join(catalogue::FILE_NAME).exists())
    {
        return Err(SigningError::InSite {
            path: path.to_owned(),
            site: site.to_owned(),
        });
    }
    for path in [path, &public_path(path)] {
        if path.symlink_metadata().is_ok() {
            return Err(SigningError::Exists(path.to_owned()));
        }
    }
    Ok(())
}

/// The path of the public key for that of the secret key.
pub fn public_path(path: &Path) -> PathBuf {
    let mut public = path.as_os_str().to_owned();
    public.push(".pub");
    public.into()
}

#[cfg_attr(not(unix), expect(unused_variables, reason = "there are no modes"))]
fn write_new(path: &Path, text: &str, mode: u32) -> Result<(), SigningError> {
    let write = || {
        let mut options = File::options();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
        let mut file = options.open(path)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()
    };
    match write() {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            Err(SigningError::Exists(path.to_owned()))
        }
        written => Ok(written.on_path(IoAction::Write, path)?),
    }
}

impl KeyFile {
    /// Reads a secret key, still locked.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, or [`SigningError::NotAKey`].
    pub fn read(path: &Path) -> Result<Self, SigningError> {
        let bytes = read_regular(path, MOST_BYTES).on_path(IoAction::Read, path)?;
        let bytes = Zeroizing::new(bytes);
        let not_a_key = || SigningError::NotAKey(path.to_owned());
        let text = str::from_utf8(&bytes).map_err(|_| not_a_key())?;
        let key = text.lines().nth(1).unwrap_or_default();
        let key = STANDARD.decode(key).map(Zeroizing::new);
        let key = key.map_err(|_| not_a_key())?;
        if !key.starts_with(ENCRYPTED) && !key.starts_with(UNENCRYPTED) {
            return Err(not_a_key());
        }
        Ok(Self {
            path: path.to_owned(),
            text: Zeroizing::new(text.to_owned()),
            bytes: key,
        })
    }

    /// Whether the key has a password. `minisign -W` makes keys without one.
    pub fn is_encrypted(&self) -> bool {
        self.bytes.starts_with(ENCRYPTED)
    }

    /// Unlocks the key. The password of a key without one does not matter.
    ///
    /// # Errors
    ///
    /// [`SigningError::WrongPassword`], also for a damaged key.
    pub fn unlock(&self, password: &str) -> Result<SecretKey, SigningError> {
        let key = match self.is_encrypted() {
            true => {
                SecretKeyBox::from_string(&self.text)?.into_secret_key(Some(password.to_owned()))
            }
            // Without a password, the tool writes no checksum, which the library wants for a box.
            false => minisign::SecretKey::from_bytes(&self.bytes),
        };
        let wrong = |_| SigningError::WrongPassword(self.path.clone());
        key.map(SecretKey).map_err(wrong)
    }
}

impl SecretKey {
    /// The public key.
    ///
    /// # Errors
    ///
    /// [`SigningError::Minisign`], which no key that was unlocked has given.
    pub fn public_key(&self) -> Result<PublicKey, SigningError> {
        parse(&minisign::PublicKey::from_secret_key(&self.0)?)
    }

    /// The text of a signature file for some bytes, with a trusted comment.
    pub(super) fn sign(&self, bytes: &[u8], comment: &str) -> Result<String, SigningError> {
        let untrusted = "signature of catalogue.json by cek-nik";
        let bytes = Cursor::new(bytes);
        let signature = minisign::sign(None, &self.0, bytes, Some(comment), Some(untrusted))?;
        Ok(signature.into_string())
    }
}

fn parse(key: &minisign::PublicKey) -> Result<PublicKey, SigningError> {
    let text = key.to_base64();
    PublicKey::parse(&text).map_err(|error| SigningError::Minisign(error.to_string()))
}
