//! Key derivation in a catalogue: its name and its cost.

use super::json_access::Json;
use super::{number, text};
use crate::key::{Argon2Cost, Kdf};
use crate::outcome::CatalogueError;

/// 0x13, the version of Argon2 that RFC 9106 describes.
pub const ARGON2_VERSION: u64 = 0x13;

pub(super) fn from_json(json: &impl Json) -> Result<Kdf, CatalogueError> {
    match text(json, "name").as_deref() {
        Some("sha256") => Ok(Kdf::Sha256),
        Some("argon2id") if number(json, "version") == Some(ARGON2_VERSION) => {
            let cost = || {
                Argon2Cost::new(
                    number(json, "memory_kib")?.try_into().ok()?,
                    number(json, "iterations")?.try_into().ok()?,
                    number(json, "parallelism")?.try_into().ok()?,
                )
            };
            cost()
                .map(Kdf::Argon2id)
                .ok_or(CatalogueError::UnsupportedKdf)
        }
        _ => Err(CatalogueError::UnsupportedKdf),
    }
}
