//! Catalogues that the page holds: it saves them, or has saved them before.

use alloc::string::String;

use serde::Serialize;
use serde_wasm_bindgen::preserve;
use tsify::Tsify;
use wasm_bindgen::prelude::*;

use super::results::{Returned, value};
use super::trust::{Verify, trusted};
use crate::check::Reason;

/// Valid catalogue, or the reason why it is not valid.
#[derive(Serialize, Tsify)]
#[serde(untagged)]
pub enum CatalogueRead {
    Valid {
        #[serde(serialize_with = "preserve::serialize")]
        #[tsify(type = "Catalogue")]
        catalogue: JsValue,
    },
    Failed {
        reason: Reason,
    },
}

/// Validates the text of a catalogue. Unless `key` is empty, the publisher's key must have signed it:
/// `signature` is the text of the signature file. An edition that is older
/// than `newest`, the newest that the page has seen, or too old for `today` (`YYYY-MM-DD` in UTC) is
/// refused.
///
/// # Errors
///
/// Never throws.
#[wasm_bindgen]
pub async fn read_catalogue(
    text: String,
    signature: Option<String>,
    key: String,
    verify: Verify,
    today: String,
    newest: f64,
) -> Returned<CatalogueRead> {
    let signature = signature.as_deref().map(str::as_bytes);
    let read = async || {
        let trusted = trusted(text.as_bytes(), signature, &key, &verify, &today);
        let (json, catalogue) = trusted.await?;
        catalogue.refuse_older(newest as u64)?;
        Ok(json)
    };
    let read: Result<_, Reason> = read().await;
    value(&match read {
        Ok(catalogue) => CatalogueRead::Valid { catalogue },
        Err(reason) => CatalogueRead::Failed { reason },
    })
}
