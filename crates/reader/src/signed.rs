//! Verification of a signed catalogue: the Ed25519 step for [`cek_nik::signature`].

use cek_nik::signature::{PublicKey, Signature, SignatureError};

/// Verifies the bytes of a signature file and of a catalogue. The trusted comment is then the
/// signer's; [`Signature::check_comment`] compares it with the catalogue.
///
/// # Errors
///
/// [`SignatureError`], never [`SignatureError::Missing`] and [`SignatureError::OtherEdition`].
pub fn verify(
    signature_file: &[u8],
    key: &PublicKey,
    catalogue: &[u8],
) -> Result<Signature, SignatureError> {
    let signature = Signature::parse(signature_file)?;
    let ed25519 = ed25519_compact::PublicKey::new(*key.ed25519());
    for signed in signature.signed(key, catalogue)? {
        ed25519
            .verify(
                &signed.message,
                &ed25519_compact::Signature::new(signed.signature),
            )
            .map_err(|_| SignatureError::Wrong)?;
    }
    Ok(signature)
}
