//! Trust in a catalogue: its signature under a pinned key, and the age of its edition.

use alloc::string::String;

use js_sys::{Array, Function, Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::json::parse;
use crate::catalogue::Catalogue;
use crate::check::Reason;
use crate::edition::{Age, Validity};
use crate::nik::Date;
use crate::signature::{PublicKey, Signature, SignatureError};

#[wasm_bindgen]
extern "C" {
    /// Function of the worker that verifies Ed25519 signatures: those of two messages.
    #[wasm_bindgen(
        extends = Function,
        typescript_type = "Verify"
    )]
    pub type Verify;
}

/// The expiry of an edition, `YYYY-MM-DD`, if it has passed. `today` is the day in UTC. Any other
/// text is that of a clock beyond the year 9999, which tells nothing.
pub(super) fn expired(catalogue: &Catalogue, today: &str) -> Result<Option<String>, Reason> {
    let Ok(today) = today.parse::<Date>() else {
        return Ok(None);
    };
    let age = catalogue.usable_age(today)?;
    let validity = catalogue.validity().filter(|_| age == Age::Expired);
    Ok(validity.map(Validity::expires).map(Date::iso))
}

/// Decodes and validates a catalogue that a client may answer from on the day `today`. Unless `key`
/// is empty, its signature is verified first.
pub(super) async fn trusted(
    bytes: &[u8],
    signature: Option<&[u8]>,
    key: &str,
    verify: &Verify,
    today: &str,
) -> Result<(JsValue, Catalogue), Reason> {
    let signature = match key {
        "" => None,
        key => {
            let missing = Reason::Signature(SignatureError::Missing);
            let verified = verified(bytes, signature.ok_or(missing)?, key, verify).await;
            Some(verified.map_err(Reason::Signature)?)
        }
    };
    let (json, catalogue) = parse(bytes).map_err(Reason::Catalogue)?;
    if let Some(signature) = signature {
        let checked = signature.check_comment(&catalogue);
        checked.map_err(Reason::Signature)?;
    }
    expired(&catalogue, today)?;
    Ok((json, catalogue))
}

async fn verified(
    bytes: &[u8],
    file: &[u8],
    key: &str,
    verify: &Verify,
) -> Result<Signature, SignatureError> {
    let (signature, signed) = signed(bytes, file, key)?;
    let verified = verify.call1(&JsValue::UNDEFINED, &signed);
    let verified = verified.map_err(|_| SignatureError::Wrong)?;
    match JsFuture::from(Promise::resolve(&verified)).await {
        Ok(answer) if answer.is_truthy() => Ok(signature),
        _ => Err(SignatureError::Wrong),
    }
}

/// The signature of a file, and what is to be verified: the public key, then two messages, each with
/// its signature.
fn signed(bytes: &[u8], file: &[u8], key: &str) -> Result<(Signature, Array), SignatureError> {
    let signature = Signature::parse(file)?;
    // No signature is of a key that is none: two different ones that were pinned, or a typing error.
    let key = PublicKey::from_base64(key).map_err(|_| SignatureError::OtherKey)?;
    let parts = Array::new();
    parts.push(&Uint8Array::from(&key.ed25519()[..]));
    for signed in signature.signed(&key, bytes)? {
        parts.push(&Uint8Array::from(&signed.message[..]));
        parts.push(&Uint8Array::from(&signed.signature[..]));
    }
    Ok((signature, parts))
}
